"""``fundsim.doubt``: how sure figures are when the assumptions are in doubt too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fundsim import arguments
from fundsim.api.saving import Decision, Draw
from fundsim.api.workers import crew
from fundsim.decide.doubt.doubting import DoubtData, doubt_scenario, inquire
from fundsim.decide.machine import Machine
from fundsim.results.folder import Target
from fundsim.results.in_doubt import InDoubt, in_doubt
from fundsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.report.doubt.plot import DoubtPlots
    from fundsim.report.pages import Pages

__all__ = ["Doubt", "doubt"]


class Doubt(Decision, DoubtData):
    """Figures over draws of all assumptions and paths.  In a notebook it is a table.

    ``save`` writes a folder of ``doubt.json``, ``doubt.csv`` (the figures), ``drivers.csv``, ``draws.csv``
    (every draw), pictures and a manifest with the scenario as resolved.
    """

    def __init__(self, data: DoubtData) -> None:
        super().__init__(**{field.name: getattr(data, field.name) for field in fields(data)})

    @property
    def table(self) -> pd.DataFrame:
        """The figures, one row each, in base units.

        Columns: ``metric``, ``unit``; ``plugged_in`` with every assumption at its value, and ``predictive``
        over draws and paths, each with ``_se``; ``p5``, ``median``, ``p95`` over the draws, the outer two
        with the 95 % interval ``_low``, ``_high``; ``from_assumptions`` and ``from_chance``, shares of the
        variance of an outcome; ``noise``, the share of the variance between draws that is the chance of
        their paths.
        """
        import pandas as pd  # noqa: PLC0415  (half a second that a plain doubt doesn't pay)

        from fundsim.decide.doubt.plain import FIGURES, figure_rows  # noqa: PLC0415

        return pd.DataFrame(list(figure_rows(self)), columns=list(FIGURES))

    @property
    def drivers(self) -> pd.DataFrame:
        """What each assumption explains by itself, one row a figure and assumption, largest first.

        Columns: ``metric``, ``assumption``, ``low``, ``value``, ``high``, ``unit``, whether the figure
        ``raises`` with it; ``rank_share`` of the figure's rank among the draws and ``share`` of its variance,
        each with a 95 % interval, and whether it is within the noise (``rank_noise``, ``noise``).
        """
        import pandas as pd  # noqa: PLC0415

        from fundsim.decide.doubt.plain import DRIVERS, driver_rows  # noqa: PLC0415

        return pd.DataFrame(list(driver_rows(self)), columns=list(DRIVERS))

    @property
    def draws(self) -> pd.DataFrame:
        """Every draw: whether it ``can_be_run``, its figures, and the score ``z …`` of each assumption."""
        import pandas as pd  # noqa: PLC0415

        from fundsim.decide.doubt.plain import draw_columns, draw_rows  # noqa: PLC0415

        return pd.DataFrame(list(draw_rows(self)), columns=draw_columns(self))

    @property
    def plot(self) -> DoubtPlots:
        """Pictures: ``plot.range()``, ``plot.drivers()``, each with the figure's number, from 0 on."""
        from fundsim.report.doubt.plot import DoubtPlots  # noqa: PLC0415  (matplotlib)

        return DoubtPlots(self)

    @property
    def summary(self) -> InDoubt:
        """What it says of means and probabilities, as ``Results.with_doubt`` takes it."""
        return in_doubt(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; what does not exist is null."""
        from fundsim.decide.doubt.plain import as_plain  # noqa: PLC0415

        return as_plain(self)

    def _pictures(self) -> DoubtPlots:
        return self.plot

    def _pages(self, lang: Literal["en", "zh"]) -> Pages:
        from fundsim.report.doubt.pages import pages_of  # noqa: PLC0415

        return pages_of(self, lang)

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.decide.doubt.folder import save  # noqa: PLC0415

        return save(self, target, draw=draw)

    def __repr__(self) -> str:
        asked = self.inquiry
        return f"<Doubt of {self.scenario.name}: {asked.draws:,} draws x {asked.paths:,} paths>"

    def _repr_html_(self) -> str:
        from fundsim.report.doubt.tables import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def doubt(
    scenario: Scenario,
    *,
    draws: int = 200,
    paths: int = 5_000,
    metrics: str | Sequence[str] | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Doubt:
    """Draw all assumptions at once, simulate each draw on the same paths, and show chance and doubt apart.

    An assumption is a value that carries low and high and is no plan's.  Its median is the value, one draw in
    twenty lies below low and one above high.

    Args:
        scenario: what ``load`` returned.
        draws: draws of the assumptions.
        paths: paths for each draw.
        metrics: figures such as ``"P(pool.depleted)"``, ``"mean(pool.claims_paid)"``,
            ``"q99(pool.claims_due)"``; headline events and fiscal cost unless given.
        seed: seed of draws and paths, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        progress: called with (paths done, paths in all).
        executor: takes the work instead of threads of this process, see ``simulate``.

    Returns:
        The doubt: ``.table``, ``.drivers``, ``.draws``, ``.plot.range()``, ``.save(folder)``.

    Raises:
        ScenarioError: the scenario has no assumption, can't be lowered, or too few draws can be run.
        UsageError: an argument is out of its range, or a figure can't be read.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    arguments.function("progress", progress)
    with crew(executor, threads) as (chosen_executor, workers):
        inquiry = inquire(
            scenario,
            metrics=None if metrics is None else arguments.texts("metrics", metrics, "P(pool.depleted)"),
            draws=arguments.number_of_draws(draws),
            paths=arguments.number_of_paths(paths, least=2),
            seed=None if seed is None else arguments.seed(seed),
        )
        data = doubt_scenario(
            scenario, inquiry, machine=Machine("core", chosen_executor, workers), progress=progress
        )
    return Doubt(data)
