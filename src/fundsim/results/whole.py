"""From the part that holds every path of a run to the run's data."""

from __future__ import annotations

from fundsim.errors import EngineError
from fundsim.results.identity import RunIdentity
from fundsim.results.manifest import Run, manifest
from fundsim.results.part import Part
from fundsim.results.plan import Plan
from fundsim.results.run_data import RunData
from fundsim.results.series import fan_of
from fundsim.results.summary import summarise

__all__ = ["run_data"]


def run_data(plan: Plan, whole: Part, run: Run) -> RunData:
    """Return the data of a run, with every figure and its error.

    Args:
        plan: What the run keeps.
        whole: All its paths, collected at once or merged from parts.
        run: The facts of the run.

    Raises:
        EngineError: The first paths are missing, or the part is one of another run or plan.
    """
    if whole.first:
        raise EngineError(f"the paths before {whole.first} are missing")
    expected = RunIdentity.of(plan.digest, run.seed, run.engine)
    difference = expected.difference(whole.identity)
    if difference is not None:
        raise EngineError(f"the part is of another run: {difference}")
    names, series = plan.column_names, {metric.name for metric in plan.series}
    if list(whole.columns.names) != names or whole.series.keys() != series:
        raise EngineError("the part keeps other metrics than the run")
    return RunData(
        manifest=manifest(run, plan.scheme, whole.n_paths, plan.keep),
        summary=summarise(plan, whole.columns),
        columns=whole.columns,
        column_keys=tuple(c.key for c in plan.columns),
        fans={name: fan_of(part) for name, part in whole.series.items()},
        tape_folders=run.tape_folders,
    )
