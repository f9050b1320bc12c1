"""How sure figures are when both chance and the assumptions are in doubt.

Level one draws all assumptions at once, level two simulates each draw on the same paths.  What comes out is a
figure over both levels, how far it ranges over the assumptions alone, and which of them drive it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import rankdata

from fundsim.decide.doubt.first_order import Shares, first_order_shares
from fundsim.decide.doubt.plausible import Plausible, plausible, scores
from fundsim.decide.doubt.two_way import Components, components
from fundsim.decide.machine import Effort, Machine, Progress
from fundsim.decide.measure import Measure, default_measures, read_measures
from fundsim.decide.measured import Measured, influence, measured
from fundsim.decide.variants import Columns, Variants
from fundsim.decide.wholes import Whole, completed, wholes_of
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.need import check_need
from fundsim.results.plan import Plan
from fundsim.results.statistics import Floats, empirical_quantile, order_statistic_ranks
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Joined, assumptions, joined

__all__ = ["DoubtData", "Doubted", "Inquiry", "doubt_scenario", "inquire"]

FEWEST = 2
"""Draws that make a doubt."""
RANGE = ("0.05", "0.95")
"""Levels of the range over level one."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked."""

    measures: tuple[Measure, ...]
    assumptions: tuple[Plausible, ...]
    joined: tuple[Joined, ...]
    wholes: tuple[Whole, ...]
    """Shares of one whole, of which some are in doubt: they are divided by their sum in each draw."""
    draws: int
    paths: int
    seed: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A quantile over the draws with its 95 % interval."""

    value: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Doubted:
    """A figure in doubt."""

    measure: Measure
    plugged_in: Measured
    """With every assumption at its value, on the same paths."""
    predictive: float
    """The figure over the paths of all draws together."""
    predictive_se: float
    """Its standard error, of draws and paths together; NaN where it is not known."""
    by_draw: Floats
    """The figure of each draw that could be run, shape (draws,); NaN where no path has a value."""
    low: Bound
    """5 % quantile over the draws."""
    median: Bound
    high: Bound
    """95 % quantile over the draws."""
    parts: Components | None
    """What draws and paths do to the outcome; None where that is not known."""
    shares: Shares | None
    """What each assumption explains of the figure's variance between draws."""
    rank_shares: Shares | None
    """The same of the figure's rank among the draws: a few extreme draws do not decide it."""

    @property
    def from_assumptions(self) -> float:
        """Share of the variance of an outcome that the assumptions explain; NaN of what is no mean."""
        if self.parts is None or self.measure.figure not in ("mean", "probability"):
            return math.nan
        return self.parts.share

    @property
    def noise(self) -> float:
        """Share of the variance between draws that is the chance of their paths."""
        return math.nan if self.parts is None else self.parts.noise


@dataclass(frozen=True, eq=False, kw_only=True)
class DoubtData:
    """Figures in doubt, and what drives them."""

    scenario: Scenario
    inquiry: Inquiry
    figures: tuple[Doubted, ...]
    scores: Floats
    """Scores of the assumptions, shape (draws, assumptions), draws that could not be run included."""
    refused: Mapping[int, ScenarioError]
    """Draws at which the scenario is not sound, with its faults."""
    simulated: int
    engine: str

    @property
    def kept(self) -> list[int]:
        """Draws that could be run."""
        return [at for at in range(self.inquiry.draws) if at not in self.refused]


def inquire(
    scenario: Scenario,
    *,
    metrics: Sequence[str] | None = None,
    draws: int = 200,
    paths: int = 5_000,
    seed: int | None = None,
) -> Inquiry:
    """Read a question about a scenario.

    Args:
        scenario: the scenario.
        metrics: figures such as ``P(pool.depleted)``; headline events and fiscal cost unless given.
        draws: draws of the assumptions.
        paths: paths for each of them.
        seed: seed of draws and paths; the scenario's unless given.

    Raises:
        ScenarioError: the scenario can't be lowered, has no assumption, or joins what can't be joined.
        UsageError: a figure can't be read, or there is not enough memory.
    """
    plan = Plan(lower(scenario))
    measures = default_measures(plan) if metrics is None else read_measures(metrics, plan)
    found = assumptions(scenario)
    if not found:
        raise ScenarioError(
            "no assumption carries low and high, so there is nothing to doubt; write them beside the values, "
            "such as pd: {value: 4%, low: 2%, high: 6%, source: assumption}",
            "没有任何假设写明 low 与 high，无从考察；请写在数值旁，如 "
            "pd: {value: 4%, low: 2%, high: 6%, source: assumption}",
        )
    pairs = joined(scenario)
    check_need(draws * paths, len({key for measure in measures for key in measure.columns}))
    settled = scenario.terms.run.seed if seed is None else seed
    laws = tuple(plausible(scenario, one) for one in found)
    return Inquiry(measures, laws, pairs, wholes_of(scenario, found), draws, paths, settled)


def doubt_scenario(
    scenario: Scenario, inquiry: Inquiry, *, machine: Machine | None = None, progress: Progress | None = None
) -> DoubtData:
    """Draw the assumptions, simulate every draw on the same paths, and take all figures from them.

    Args:
        scenario: the scenario.
        inquiry: what is asked of it.
        machine: what simulates; figures do not depend on it.
        progress: called with paths done and paths expected in all.

    Raises:
        ScenarioError: fewer than two draws can be run; with the faults of the first.
    """
    machine, effort = machine or Machine(), Effort(progress)
    effort.reserve({"all": (inquiry.draws + 1) * inquiry.paths})
    effort.enter("all")
    names = [one.name for one in inquiry.assumptions]
    drawn = scores(names, inquiry.draws, inquiry.seed, inquiry.joined)
    variants = Variants(inquiry.measures, inquiry.paths, inquiry.seed, machine, effort)
    base = variants.columns(scenario)
    tables, refused = _simulated(scenario, inquiry, variants, drawn)
    kept = [at for at in range(inquiry.draws) if at not in refused]
    figures = tuple(
        _doubted(measure, base, tables, drawn[kept], inquiry.seed) for measure in inquiry.measures
    )
    return DoubtData(
        scenario=scenario,
        inquiry=inquiry,
        figures=figures,
        scores=drawn,
        refused=refused,
        simulated=effort.paths,
        engine=machine.engine,
    )


def _simulated(
    scenario: Scenario, inquiry: Inquiry, variants: Variants, drawn: Floats
) -> tuple[Columns, dict[int, ScenarioError]]:
    """Return each column of all draws that can be run, shape (draws, paths), and the faults of the others."""
    keys = dict.fromkeys(key for measure in inquiry.measures for key in measure.columns)
    tables = {key: np.empty((inquiry.draws, inquiry.paths)) for key in keys}
    refused: dict[int, ScenarioError] = {}
    row = 0
    makes = [partial(_at, scenario, inquiry, score) for score in drawn]
    for at, found in enumerate(variants.each(makes)):
        if isinstance(found, ScenarioError):
            refused[at] = found
            continue
        for key in keys:
            tables[key][row] = found[key]
        row += 1
    if row < FEWEST:
        raise _too_few(row, inquiry.draws, refused)
    return {key: table[:row] for key, table in tables.items()}, refused


def _too_few(left: int, draws: int, refused: dict[int, ScenarioError]) -> ScenarioError:
    """Return the error of a doubt of which hardly a draw can be run."""
    first = min(refused)
    fault = refused[first].faults[0]
    return ScenarioError(
        f"only {left} of {draws} draws can be run, so nothing is known of doubt; draw {first}: "
        f"{fault.text('en')}",
        f"{draws} 次抽取中只有 {left} 次可以运行，无从考察；第 {first} 次：{fault.text('zh')}",
    )


def _at(scenario: Scenario, inquiry: Inquiry, drawn: Floats) -> Scenario:
    """Return the scenario with all assumptions at their scores."""
    known = zip(inquiry.assumptions, drawn, strict=True)
    pairs = (pair for one, score in known for pair in one.at(float(score)))
    return scenario.set_all(completed(pairs, inquiry.wholes))


def _doubted(measure: Measure, base: Columns, tables: Columns, drawn: Floats, seed: int) -> Doubted:
    own = {key: tables[key] for key in measure.columns}
    rows = ({key: table[row] for key, table in own.items()} for row in range(len(drawn)))
    by_draw = np.array([measured(measure, row).value for row in rows])
    pooled = {key: table.ravel() for key, table in own.items()}
    cells = influence(measure, pooled).reshape(len(drawn), -1)
    parts = components(cells) if bool(np.isfinite(cells).all()) else None
    present = ~np.isnan(by_draw)
    ascending = np.sort(by_draw[present])
    low, median, high = (_bound(ascending, level) for level in (RANGE[0], "0.5", RANGE[1]))
    return Doubted(
        measure=measure,
        plugged_in=measured(measure, base),
        predictive=measured(measure, pooled).value,
        predictive_se=math.nan if parts is None else parts.error,
        by_draw=by_draw,
        low=low,
        median=median,
        high=high,
        parts=parts,
        shares=first_order_shares(drawn[present], by_draw[present], seed),
        rank_shares=first_order_shares(drawn[present], rankdata(by_draw[present]), seed),
    )


def _bound(ascending: Floats, level: str) -> Bound:
    n = len(ascending)
    if not n:
        return Bound(math.nan, (math.nan, math.nan))
    lower, upper = order_statistic_ranks(n, level)
    ends = (
        float(ascending[lower - 1]) if lower >= 1 else -math.inf,
        float(ascending[upper - 1]) if upper <= n else math.inf,
    )
    return Bound(empirical_quantile(ascending, level), ends)
