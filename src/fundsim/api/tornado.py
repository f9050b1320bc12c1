"""``fundsim.tornado``: what each assumption does to figures, at its low and at its high."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fundsim import arguments
from fundsim.api.saving import Decision, Draw
from fundsim.api.workers import crew
from fundsim.decide.machine import Machine
from fundsim.decide.tornado.swings import TornadoData
from fundsim.decide.tornado.tornado import tornado_scenario
from fundsim.results.folder import Target
from fundsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.report.pages import Pages
    from fundsim.report.tornado.plot import TornadoPlots

__all__ = ["Tornado", "tornado"]


class Tornado(Decision, TornadoData):
    """What each assumption does to figures, at its low and at its high.  In a notebook it is a table.

    All variants are simulated on the same random numbers; each difference to the scenario as it is has an
    error of its own.  Errors cover Monte Carlo error only.

    ``save`` writes a folder of ``tornado.json`` (all figures), ``tornado.csv`` (the table), a picture for
    each figure and a manifest with the scenario as resolved.
    """

    def __init__(self, data: TornadoData) -> None:
        super().__init__(**{field.name: getattr(data, field.name) for field in fields(data)})

    @property
    def table(self) -> pd.DataFrame:
        """What each assumption does: one row a figure, assumption and end.

        Columns: ``metric`` with its ``unit``; ``base``, the figure with all assumptions at their values;
        ``rank`` by the larger effect, missing where none is seen; ``assumption``, ``end`` (low, high) and its
        input from ``input_from`` to ``input_to`` in ``input_unit``, which differ where segments or
        instruments have different ones; ``value`` with ``se`` and its 95 % interval ``low``, ``high``;
        ``difference`` to the base with ``difference_se``, ``difference_low`` and ``difference_high``;
        ``paths`` that have a value; and the ``fault`` that keeps the end from being run.
        """
        from fundsim.decide.tornado.plain import COLUMNS, table_rows  # noqa: PLC0415

        return _frame(table_rows(self), COLUMNS)

    @property
    def ends(self) -> pd.DataFrame:
        """All assumptions together: one row a figure, at the ends that lower the first, or raise it.

        Columns: ``metric``, ``unit``, ``base``, whether the ends are those that raise the first figure
        (``raises``), then as in ``table``.  ``.together`` has which assumption stands at which end.
        """
        from fundsim.decide.tornado.plain import TOGETHER_COLUMNS, together_rows  # noqa: PLC0415

        return _frame(together_rows(self), TOGETHER_COLUMNS)

    @property
    def plot(self) -> TornadoPlots:
        """Pictures: ``plot.tornado()``, or ``plot.tornado("mean(pool.claims_paid)")`` of another figure."""
        from fundsim.report.tornado.plot import TornadoPlots  # noqa: PLC0415  (matplotlib)

        return TornadoPlots(self)

    def to_json(self) -> dict[str, Any]:
        """Return the tornado as plain data; what does not exist is null."""
        from fundsim.decide.tornado.plain import as_plain  # noqa: PLC0415

        return as_plain(self)

    def _pictures(self) -> TornadoPlots:
        return self.plot

    def _pages(self, lang: Literal["en", "zh"]) -> Pages:
        from fundsim.report.tornado.pages import pages_of  # noqa: PLC0415

        return pages_of(self, lang)

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.decide.tornado.folder import save  # noqa: PLC0415

        return save(self, target, draw=draw)

    def __repr__(self) -> str:
        names = ", ".join(measure.measured for measure in self.measures)
        return f"<Tornado of {names}: {len(self.swings)} assumptions, {self.paths:,} paths each>"

    def _repr_html_(self) -> str:
        from fundsim.report.tornado.tables import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def _frame(rows: Iterable[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame whose columns have the same types, whatever is missing."""
    import pandas as pd  # noqa: PLC0415  (half a second that a plain tornado doesn't pay)

    texts = ("metric", "unit", "assumption", "end", "input_unit", "fault")
    types = {"rank": "Int64", "paths": "Int64", "raises": "bool", **dict.fromkeys(texts, "string")}
    found = pd.DataFrame(list(rows), columns=list(columns))
    return found.astype({name: types.get(name, "float64") for name in columns})


def tornado(
    scenario: Scenario,
    metrics: str | Sequence[str] | None = None,
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Tornado:
    """Simulate a scenario with each assumption at its low and at its high, all others at their values.

    Assumptions are the values with a low and a high that are not the plan's own.  The same key of several
    segments or instruments moves together.  Then all assumptions stand together at the ends that lower the
    first figure, and at those that raise it.

    Args:
        scenario: what ``load`` returned.
        metrics: Figures: ``P(event)``, ``mean(m)``, ``q99(m)``, ``es99(m)`` or a metric's name, with
            ``@window`` for the window's end.  The probabilities of the headline events and the mean fiscal
            cost unless given.
        paths: Paths of each variant; the scenario's number, 10,000 at most, unless given.
        seed: seed, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        progress: called with (paths done, paths expected in all).
        executor: takes the work instead of threads of this process, see ``simulate``.

    Returns:
        The tornado: ``.table``, ``.ends``, ``.plot.tornado()``.

    Raises:
        ScenarioError: the scenario can't be simulated.
        UsageError: an argument is out of its range, a figure can't be read, or there is no assumption.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    chosen = None if metrics is None else arguments.texts("metrics", metrics, "P(pool.depleted)")
    with crew(executor, threads) as (chosen_executor, workers):
        data = tornado_scenario(
            scenario,
            chosen,
            paths=None if paths is None else arguments.number_of_paths(paths, least=2),
            seed=None if seed is None else arguments.seed(seed),
            machine=Machine("core", chosen_executor, workers),
            progress=arguments.function("progress", progress),
        )
    return Tornado(data)
