"""``fundsim.compare``: several scenarios in, their differences on the same paths out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fundsim import arguments
from fundsim.api.results import Results
from fundsim.api.saving import Decision, Draw
from fundsim.api.workers import crew
from fundsim.decide.compare.comparison import ComparisonData, compare_sources
from fundsim.decide.compare.sources import Source
from fundsim.results.folder import Target
from fundsim.results.run_data import RunData
from fundsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.report.compare.plot import ComparisonPlots
    from fundsim.report.pages import Pages

__all__ = ["Comparison", "compare", "compare_all"]


class Comparison(Decision, ComparisonData):
    """Scenarios compared on the same paths: what was changed, and what it did.  In a notebook it is a table.

    The first scenario is called A; the others, B, C, …, are compared with it.  Money is in yuan, rates are
    fractions.  Errors and intervals cover simulation error only.

    ``save`` writes a folder of ``comparison.csv`` (the table), ``targets.csv`` where there are targets,
    ``comparison.json``, pictures of the differences and a manifest with every scenario as resolved.  One path
    has no errors: then there are no pictures.
    """

    def __init__(self, data: ComparisonData) -> None:
        self.__dict__.update(data.__dict__)

    @property
    def table(self) -> pd.DataFrame:
        """Every figure, one row a metric, horizon and scenario.

        Columns: ``name``, ``horizon``, ``unit``, ``side`` (A, B, …), ``scenario``, ``value`` with ``se``, of
        probabilities the 95 % interval ``low``, ``high``; the ``difference`` to A with ``difference_se`` and
        the 95 % interval ``difference_low``, ``difference_high``; and in ``lack`` why a value or a
        difference is missing.
        """
        import pandas as pd  # noqa: PLC0415  (half a second that a plain comparison doesn't pay)

        from fundsim.decide.compare.folder import COLUMNS, table_rows  # noqa: PLC0415

        table = pd.DataFrame(list(table_rows(self)), columns=list(COLUMNS))
        numbers = list(COLUMNS[5:13])
        return table.astype(dict.fromkeys(numbers, "float64"))

    @property
    def targets(self) -> pd.DataFrame:
        """How probable it is that targets are met, one row a target and scenario.

        Columns: ``what`` (target; all, for all of a scenario's targets together; number, for the mean number
        of them that are met), ``name``, ``metric``, ``horizon``, ``unit``, ``side``, ``scenario``,
        ``at_least`` or ``at_most`` (the scenario's own bound), the probability or number as ``value`` with
        ``se``, ``low``, ``high``; the ``difference`` to A as in ``table``, and ``lack``.
        """
        import pandas as pd  # noqa: PLC0415

        from fundsim.decide.compare.folder import TARGET_COLUMNS, target_rows  # noqa: PLC0415

        table = pd.DataFrame(list(target_rows(self)), columns=list(TARGET_COLUMNS))
        return table.astype(dict.fromkeys(TARGET_COLUMNS[7:17], "float64"))

    @property
    def inputs(self) -> pd.DataFrame:
        """The inputs in which a scenario differs from A.

        Columns: ``side``, ``key``, ``A`` and ``other`` (the values; None where a scenario lacks the key),
        ``A_source`` and ``other_source`` (where they came from).  Paths and seed are left out.
        """
        import pandas as pd  # noqa: PLC0415

        from fundsim.scenario.explain import origin_text  # noqa: PLC0415

        rows = [
            (
                side.letter,
                change.key,
                *(line and line.value for line in (change.left, change.right)),
                *(line and origin_text(line.origin) for line in (change.left, change.right)),
            )
            for side, found in zip(self.sides[1:], self.changes, strict=True)
            for change in found
        ]
        return pd.DataFrame(rows, columns=["side", "key", "A", "other", "A_source", "other_source"])

    @property
    def plot(self) -> ComparisonPlots:
        """Pictures: ``plot.differences()``, or ``plot.differences("yuan")`` of the metrics of one unit."""
        from fundsim.report.compare.plot import ComparisonPlots  # noqa: PLC0415  (matplotlib)

        return ComparisonPlots(self)

    def _pictures(self) -> ComparisonPlots | None:
        return self.plot if self.common.paths > 1 else None

    def _pages(self, lang: Literal["en", "zh"]) -> Pages:
        from fundsim.report.compare.pages import pages_of  # noqa: PLC0415

        return pages_of(self, lang)

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.decide.compare.folder import save  # noqa: PLC0415

        return save(self, target, draw=draw)

    def __repr__(self) -> str:
        names = ", ".join(f"{side.letter} {side.name}" for side in self.sides)
        return f"<Comparison of {names}: {self.common.paths:,} paths, seed {self.common.seed}>"

    def _repr_html_(self) -> str:
        from fundsim.report.compare.tables import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def compare(
    first: Scenario | Results,
    second: Scenario | Results,
    *more: Scenario | Results,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    metrics: str | Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Compare scenarios, or results, with the first on the same random numbers.

    Every difference has the error of the differences path by path, which is far smaller than that of two
    runs apart; identical scenarios differ by exactly 0.  Results keep their paths: they can be compared with
    each other, or with a scenario, which is then simulated with their paths and seed.

    Args:
        first: what ``load``, ``simulate`` or ``open`` returned; the others are compared with it.
        second: another.
        more: more of them.
        paths: number of paths; that of the results, or of the first scenario, unless given.
        seed: seed, 0 … 2⁶⁴ − 1; that of the results, or of the first scenario, unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        metrics: glob patterns of the metrics to compare, such as ``"*.claims_paid"``; the headline figures
            unless given.
        progress: called with (paths done, paths in all) of all scenarios together.
        executor: takes the work instead of threads of this process, see ``simulate``.

    Returns:
        The comparison: ``.table``, ``.targets``, ``.inputs``, ``.plot.differences()``, ``.save(folder)``.

    Raises:
        ScenarioError: a scenario can't be lowered.
        UsageError: an argument is out of its range, a pattern of ``metrics`` names no metric of any scenario,
            or results have other paths than each other.
    """
    names = ("first", "second", *(f"more[{position}]" for position in range(len(more))))
    sources = [_source(name, value) for name, value in zip(names, (first, second, *more), strict=True)]
    return compare_all(
        sources,
        paths=paths,
        seed=seed,
        threads=threads,
        metrics=metrics,
        progress=progress,
        executor=executor,
    )


def compare_all(
    sources: Sequence[Source],
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    metrics: str | Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Compare what the command line named; see ``compare``."""
    n_paths = None if paths is None else arguments.number_of_paths(paths)
    chosen = None if seed is None else arguments.seed(seed)
    patterns = arguments.patterns("metrics", metrics)
    arguments.function("progress", progress)
    with crew(executor, threads) as (chosen_executor, workers):
        data = compare_sources(
            sources,
            paths=n_paths,
            seed=chosen,
            patterns=patterns,
            executor=chosen_executor,
            workers=workers,
            progress=progress,
        )
    return Comparison(data)


def _source(name: str, value: Any) -> Source:
    if isinstance(value, RunData):
        return Source(value.manifest["scenario"]["name"], None, value)
    scenario = arguments.instance(
        name, value, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    return Source(scenario.name, scenario, None)
