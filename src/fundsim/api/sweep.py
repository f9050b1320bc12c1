"""``fundsim.sweep``: figures at all values of one key, or of two, on the same paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fundsim import arguments
from fundsim.api.saving import Decision, Draw
from fundsim.api.workers import crew
from fundsim.decide.machine import Machine
from fundsim.decide.sweep.axes import read_axes
from fundsim.decide.sweep.sweeping import SweepData, ask_sweep, sweep_scenario
from fundsim.results.folder import Target
from fundsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.report.pages import Pages
    from fundsim.report.sweep.plot import SweepPlots

__all__ = ["Sweep", "sweep", "sweep_pairs"]

Values = str | Iterable[float | str]


class Sweep(Decision, SweepData):
    """Figures at all values of one key, or of two, on the same paths.  In a notebook it is a table.

    Errors and intervals cover simulation error only.

    ``save`` writes a folder of ``sweep.json``, ``sweep.csv`` (one row a cell and metric), pictures and a
    manifest with the scenario as resolved.
    """

    def __init__(self, data: SweepData) -> None:
        super().__init__(**{field.name: getattr(data, field.name) for field in fields(data)})

    @property
    def table(self) -> pd.DataFrame:
        """Every figure, one row a cell and metric.

        Columns: one a key with its value; ``metric``, ``unit``; the ``value`` with ``se``, the 95 % interval
        ``low``, ``high`` and the ``paths`` that have a value; the ``difference`` to the first sound cell with
        ``difference_se``, ``difference_low``, ``difference_high``; where the cell stands (``frontier``: on
        the frontier, dominated, undecided) and ``dominated_by``, the values of a cell that dominates it; and
        the ``fault`` of a cell at which the scenario is not sound.
        """
        import pandas as pd  # noqa: PLC0415  (half a second that a plain sweep doesn't pay)

        from fundsim.decide.sweep.plain import columns_of, table_rows  # noqa: PLC0415

        columns = columns_of(self)
        table = pd.DataFrame(list(table_rows(self)), columns=list(columns))
        at = len(self.question.axes)
        return table.astype(dict.fromkeys([*columns[at + 2 : at + 6], *columns[at + 7 : at + 11]], "float64"))

    @property
    def plot(self) -> SweepPlots:
        """Pictures: ``plot.line(metric)`` of one key, ``plot.heat(metric)`` of two, ``plot.frontier()``."""
        from fundsim.report.sweep.plot import SweepPlots  # noqa: PLC0415  (matplotlib)

        return SweepPlots(self)

    def to_json(self) -> dict[str, Any]:
        """Return the sweep as plain data; what does not exist is null."""
        from fundsim.decide.sweep.plain import as_plain  # noqa: PLC0415

        return as_plain(self)

    def _pictures(self) -> SweepPlots:
        return self.plot

    def _pages(self, lang: Literal["en", "zh"]) -> Pages:
        from fundsim.report.sweep.pages import pages_of  # noqa: PLC0415

        return pages_of(self, lang)

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.decide.sweep.folder import save  # noqa: PLC0415

        return save(self, target, draw=draw)

    def __repr__(self) -> str:
        keys = " × ".join(f"{axis.number.short} ({len(axis.values)})" for axis in self.question.axes)
        return f"<Sweep of {keys}: {len(self.question.measures)} metrics, {self.question.paths} paths>"

    def _repr_html_(self) -> str:
        from fundsim.report.sweep.tables import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def sweep(  # noqa: PLR0913  (all but two are options, by keyword)
    scenario: Scenario,
    vary: Mapping[str, Values],
    *,
    metrics: str | Sequence[str] | None = None,
    frontier: tuple[str, str] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Sweep:
    """Simulate a scenario at all values of one key, or of two, on the same paths.

    Args:
        scenario: what ``load`` returned.
        vary: one key or two with their values: ``{"pool.multiple": [5, 8, 10]}``, or a text ``"5:15:6"`` of
            low end, high end and number of values, in equal steps.
        metrics: such as ``"P(pool.depleted)"``, ``"mean(m)"``, ``"q99(m)"``, ``"es99(m)"`` or a metric's
            name, with ``@window`` for the window's end; the probabilities of the headline events and the
            fiscal cost unless given.
        frontier: two metrics that are to be small, or large with ``max`` before them: which cells no other
            improves on is worked out.
        paths: paths of each cell; the scenario's number unless given.
        seed: seed, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        progress: called with (paths done, paths in all).
        executor: takes the work instead of threads of this process, see ``simulate``.

    Returns:
        The sweep: ``.table``, ``.plot``, ``.cells``, ``.frontier``.

    Raises:
        ScenarioError: there is no such key, or the scenario is sound in no cell.
        UsageError: an argument is out of its range, or a metric can't be read.
    """
    if not isinstance(vary, Mapping):
        raise arguments.refused("vary", vary, (
            "a key and its values are expected", 'write {"pool.multiple": [5, 8, 10]}',
            "此处应为键及其取值", '请写 {"pool.multiple": [5, 8, 10]}',
        ))  # fmt: skip
    return sweep_pairs(
        scenario,
        list(vary.items()),
        metrics=metrics,
        frontier=frontier,
        paths=paths,
        seed=seed,
        threads=threads,
        progress=progress,
        executor=executor,
    )


def sweep_pairs(  # noqa: PLR0913  (all but two are options, by keyword)
    scenario: Scenario,
    vary: Sequence[tuple[str, Values]],
    *,
    metrics: str | Sequence[str] | None = None,
    frontier: Sequence[str] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Sweep:
    """Sweep pairs of a key and its values, as a command line may name the same key twice; see ``sweep``."""
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    named = [(arguments.text("vary", key, "a key such as pool.opening", "如 pool.opening 的键"), values)
             for key, values in vary]  # fmt: skip
    arguments.function("progress", progress)
    with crew(executor, threads) as (chosen_executor, workers):
        question = ask_sweep(
            scenario,
            read_axes(scenario, named),
            metrics=None if metrics is None else arguments.texts("metrics", metrics, "P(pool.depleted)"),
            frontier=None if frontier is None else arguments.texts("frontier", frontier, "P(pool.depleted)"),
            paths=None if paths is None else arguments.number_of_paths(paths),
            seed=None if seed is None else arguments.seed(seed),
        )
        data = sweep_scenario(
            scenario, question, machine=Machine("core", chosen_executor, workers), progress=progress
        )
    return Sweep(data)
