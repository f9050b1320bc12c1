"""How large must it be: the smallest value of a key, or the largest, that meets targets, with its error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from fundsim.decide.machine import Effort, Machine, Progress
from fundsim.decide.size.extremes import EFFECT_PATHS, Ends, find_ends
from fundsim.decide.size.held import BaseLending
from fundsim.decide.size.judged import Verdict
from fundsim.decide.size.search import SCAN, Found, glance, search
from fundsim.decide.size.target import Target, read_target, refuse_contradictions
from fundsim.decide.size.trials import COST_COLUMN, OtherLoansError, Trials, plan_of, rungs
from fundsim.decide.together import is_sound
from fundsim.decide.variation import Variation, variation
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.metrics.cuts import ASKED, CUT_MONTHS, LENT, REFUSED, n_facilities_of
from fundsim.results.plan import Plan
from fundsim.results.statistics import Estimate, expected, fixed_order_sum, ratio_of_sums
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import assumptions

__all__ = ["Extreme", "LendingAt", "Marginal", "Question", "Reading", "SizeData", "ask", "size_scenario"]

SCAN_PATHS = 2048
CONFIRMED = 8192
"""Paths on which an answer is confirmed at least, if the budget has so many."""
ENDS_SCAN, ENDS_LADDER, ENDS_PRECISION = 5, (1024, 2048), 0.02
"""Values of the scan with all assumptions at an end; paths for it and for the answer; how near that is."""
SURELY = 3.0
"""Errors by which more must be lent for a cost of one more yuan lent."""
SEEDS = 2**64


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    vary: Variation
    targets: tuple[Target, ...]
    largest: bool
    precision: float
    """Half of the interval, as a part of the answer."""
    paths: int
    """Most paths for each value."""
    seed: int

    @property
    def other_seed(self) -> int:
        """Seed of the paths that confirm an answer."""
        return (self.seed + 1) % SEEDS


@dataclass(frozen=True, slots=True)
class LendingAt:
    """Lending at a value, of the key's instrument or else of all."""

    lent: Estimate
    """Principal lent until the end of the run-off, renewals included [yuan]."""
    refused_share: float
    """New loans that lending limits refused ÷ new loans applied for, over all paths; NaN if none were."""
    cut_months: float
    """Share of the months, of all facilities and paths, in which a lending limit refused a loan."""


@dataclass(frozen=True, slots=True)
class Marginal:
    """What one more yuan lent costs the public, between two values of the key on the same paths."""

    cost: Estimate
    """Additional fiscal cost ÷ additional lending."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """The answer with all assumptions at one end."""

    worse: bool
    found: Found | None
    """None where the scenario is not sound there, whatever is left out."""
    refused: ScenarioError | None = None
    """Why not all assumptions can stand at that end."""
    left_out: tuple[str, ...] = ()
    """Assumptions that keep their value, so that the scenario can be run."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer in one of the two readings of the question."""

    held: bool
    """Whether each path's new loans stay those of the scenario as it is; else lending follows the key."""
    found: Found
    fresh: Verdict
    """The figures at the value on paths of another seed."""
    lending: LendingAt | None
    """None where nobody lends."""
    marginal: Marginal | None
    extremes: tuple[Extreme, ...]
    idle: bool
    """Whether the key changes the targets' figures on no path at any value of the scan."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SizeData:
    """The answer, in the readings in which it differs."""

    scenario: Scenario
    """The scenario as it is."""
    question: Question
    readings: tuple[Reading, ...]
    """Lending as it follows from the key, lending held, or both where they differ."""
    both: bool
    """Whether both readings were looked at; they agree then if there is only one."""
    same_lending: bool
    """Whether both were looked at and lend the same, path by path, at every value of the scan."""
    present: Verdict
    """The figures at the key's present value, on the scan's paths."""
    lending_now: LendingAt | None
    """Lending at the present value; None where nobody lends."""
    ends: Ends | None
    """Which end of each assumption is the better one; None where that was not asked for."""
    refused: Mapping[float, ScenarioError]
    """Values of the scan at which the scenario is not sound, with its faults."""
    simulated: int
    """Paths that were simulated in all."""
    engine: str


def ask(
    scenario: Scenario,
    key: str,
    targets: Sequence[str],
    *,
    largest: bool = False,
    within: str | tuple[float, float] | None = None,
    precision: float = 0.02,
    paths: int | None = None,
    seed: int | None = None,
) -> Question:
    """Read a question about a scenario.

    Args:
        scenario: the scenario.
        key: dotted key of a number.
        targets: such as ``P(pool.depleted) <= 0.05``.
        largest: whether the largest value is wanted.
        within: range to look in, ``LO:HI``; see ``variation``.
        precision: half of the interval, as a part of the answer.
        paths: most paths for each value; the scenario's unless given.
        seed: the scenario's unless given.

    Raises:
        ScenarioError: there is no such key, or the scenario can't be lowered.
        UsageError: a target or the range can't be read.
    """
    run = scenario.terms.run
    vary = variation(scenario, key, within)
    whole = Plan(lower(scenario))
    wanted = tuple(read_target(text, whole) for text in targets)
    refuse_contradictions(wanted)
    return Question(vary, wanted, largest, precision, paths or run.paths, run.seed if seed is None else seed)


def size_scenario(
    scenario: Scenario,
    question: Question,
    *,
    hold_lending: bool = False,
    extremes: bool = True,
    machine: Machine | None = None,
    progress: Progress | None = None,
) -> SizeData:
    """Find the smallest value of a key, or the largest, that meets all targets.

    Args:
        scenario: the scenario.
        question: what is asked of it.
        hold_lending: whether only the reading with lending held is looked at.
        extremes: whether the answers with all assumptions at their ends are looked for.
        machine: what simulates.
        progress: called with paths done and paths expected in all.

    Raises:
        ScenarioError: the scenario is not sound at any two values, or its lending can't be held.
    """
    return _Sizer(scenario, question, machine or Machine(), Effort(progress)).answer(hold_lending, extremes)


class _Sizer:
    """Answers one question."""

    def __init__(self, scenario: Scenario, question: Question, machine: Machine, effort: Effort) -> None:
        self.scenario = scenario
        self.question = question
        self.machine = machine
        self.effort = effort
        self.refused: dict[float, ScenarioError] = {}
        self.same_lending = False
        self.ladder = rungs(SCAN_PATHS, question.paths)
        self.plan = plan_of(scenario, question.targets, question.vary.number.instrument)
        self.base = BaseLending(self.plan.scheme, machine.engine)

    def answer(self, hold_lending: bool, extremes: bool) -> SizeData:
        """Search in the readings that are asked for, and gather all that stands beside the answers."""
        self._reserve(hold_lending, extremes)
        lends = bool(self.plan.scheme.facilities)
        free = None if hold_lending and lends else self._trials(self.scenario)
        grid = self._grid(free or self._trials(self.scenario))
        held, both = self._held(grid, free, needed=hold_lending and lends)
        self.effort.enter("search")
        found = [
            (trials, search(trials, grid, largest=self.question.largest, precision=self.question.precision,
                            ladder=self.ladder))
            for trials in (free, held) if trials is not None
        ]  # fmt: skip
        self.effort.enter("effects")
        ends = self._ends(*min(found, key=_distance)) if extremes else None
        self.effort.enter("beside")
        readings = [self._reading(trials, one, ends) for trials, one in found]
        first = found[0][0]
        now = float(self.question.vary.number.value)
        return SizeData(
            scenario=self.scenario,
            question=self.question,
            readings=tuple(readings),
            both=both,
            same_lending=self.same_lending,
            present=first.verdict(now, self.ladder[0]),
            lending_now=self._lending(first, now),
            ends=ends,
            refused=self.refused,
            simulated=self.effort.paths,
            engine=self.machine.engine,
        )

    def _reserve(self, hold_lending: bool, extremes: bool) -> None:
        """Say about how many paths all takes."""
        readings = 1 if hold_lending or not self.plan.scheme.facilities else 2
        number = len(assumptions(self.scenario, apart_from=self.question.vary.number.key))
        n_ends = 2 * readings if extremes and number else 0
        least, most = ENDS_LADDER
        self.effort.reserve(
            {
                "scan": readings * SCAN * self.ladder[0],
                "search": readings * 8 * self.ladder[0],
                "effects": number * EFFECT_PATHS // 2 if extremes else 0,
                "beside": readings * CONFIRMED + n_ends * (ENDS_SCAN * least + 4 * most),
            }
        )
        self.effort.enter("scan")

    def _trials(
        self, scenario: Scenario, lending: BaseLending | None = None, seed: int | None = None
    ) -> Trials:
        question = self.question
        return Trials(
            scenario,
            question.vary,
            question.targets,
            seed=question.seed if seed is None else seed,
            ladder=self.ladder,
            machine=self.machine,
            effort=self.effort,
            lending=lending,
        )

    def _grid(self, trials: Trials) -> tuple[float, ...]:
        """Return the values of the scan at which the scenario is sound, two at least."""
        values = self.question.vary.values(SCAN)
        grid = tuple(value for value in values if trials.is_sound(value))
        self.refused = dict(trials.refused)
        if len(grid) < 2:
            value, error = next(iter(trials.refused.items()))
            raise _at_value(self.question.vary.number.short, value, error)
        return grid

    def _held(
        self, grid: Sequence[float], free: Trials | None, *, needed: bool
    ) -> tuple[Trials | None, bool]:
        """Return the trials with lending held if they differ from the free ones, and whether they exist."""
        if not self.plan.scheme.facilities:
            return None, False
        held = self._trials(self.scenario, self.base)
        try:
            for value in grid:
                held.plan(value)
        except OtherLoansError:
            if needed:
                raise
            return None, False
        figures = [key for target in self.question.targets for key in target.columns]
        if free is not None and all(self._agree(free, held, value, figures) for value in grid):
            self.same_lending = all(self._agree(free, held, value, [LENT]) for value in grid)
            return None, True
        return held, True

    def _agree(self, free: Trials, held: Trials, value: float, keys: Sequence[str]) -> bool:
        """Return whether both readings have the same columns at a value, path by path."""
        one, other = (trials.columns(value, self.ladder[0]) for trials in (free, held))
        return all(np.array_equal(one[key], other[key], equal_nan=True) for key in keys)

    def _reading(self, trials: Trials, found: Found, ends: Ends | None) -> Reading:
        question, held = self.question, trials.lending is not None
        paths = next((n for n in self.ladder if n >= max(found.paths, CONFIRMED)), self.ladder[-1])
        fresh = self._trials(self.scenario, trials.lending, question.other_seed)
        return Reading(
            held=held,
            found=found,
            fresh=fresh.verdict(found.value, paths),
            lending=self._lending(trials, found.value),
            marginal=None if held else self._marginal(trials, found),
            extremes=() if ends is None else tuple(self._extremes(held, ends)),
            idle=self._is_idle(trials, found),
        )

    def _is_idle(self, trials: Trials, found: Found) -> bool:
        first, *others = (trials.columns(value, self.ladder[0]) for value in found.scanned)
        keys = {key for target in self.question.targets for key in target.columns}
        return all(np.array_equal(first[k], other[k], equal_nan=True) for other in others for k in keys)

    def _lending(self, trials: Trials, value: float) -> LendingAt | None:
        if not self.plan.scheme.facilities:
            return None
        columns = trials.columns(value, max(self.ladder[0], trials.known(value)))
        asked, n = fixed_order_sum(columns[ASKED]), len(columns[ASKED])
        facilities = n_facilities_of(self.plan.scheme, self.question.vary.number.instrument)
        months = self.plan.scheme.window.months * facilities * n
        return LendingAt(
            lent=expected(columns[LENT]),
            refused_share=fixed_order_sum(columns[REFUSED]) / asked if asked else math.nan,
            cut_months=fixed_order_sum(columns[CUT_MONTHS]) / months,
        )

    def _marginal(self, trials: Trials, found: Found) -> Marginal | None:
        """Compare the answer with the next value of the scan above it, or below it at the top.

        Only where the key is money or a limit of an instrument, and more of it surely lends more: a cost of
        lending is what that change costs then, and nothing else.
        """
        if not self.question.vary.lends:
            return None
        above = [value for value in found.scanned if value > found.value]
        other = min(above) if above else max(value for value in found.scanned if value < found.value)
        low, high = sorted((found.value, other))
        paths = min(trials.known(low), trials.known(high))
        less, more = (trials.columns(value, paths) for value in (low, high))
        if COST_COLUMN not in more or LENT not in more:
            return None
        lent = more[LENT] - less[LENT]
        extra = expected(lent)
        if not extra.value > SURELY * (0.0 if math.isnan(extra.se) else extra.se):
            return None
        return Marginal(ratio_of_sums(more[COST_COLUMN] - less[COST_COLUMN], lent), low, high)

    def _ends(self, trials: Trials, found: Found) -> Ends:
        vary = self.question.vary
        return find_ends(
            vary.set(self.scenario, found.value),
            self.question.targets[0],
            apart_from=vary.number.key,
            seed=self.question.seed,
            machine=self.machine,
            effort=self.effort,
            lending=trials.lending,
        )

    def _extremes(self, held: bool, ends: Ends) -> Sequence[Extreme]:
        if not ends.better:
            return ()
        return [self._extreme(held, ends, worse) for worse in (False, True)]

    def _extreme(self, held: bool, ends: Ends, worse: bool) -> Extreme:
        try:
            return Extreme(worse, self._at_end(held, ends.values(worse)))
        except ScenarioError as error:
            refused = error
        values, left_out = ends.sound_values(worse, partial(is_sound, self.scenario))
        names = tuple(one.name for one in left_out)
        try:
            return Extreme(worse, self._at_end(held, values) if values else None, refused, names)
        except ScenarioError:
            return Extreme(worse, None, refused)

    def _at_end(self, held: bool, values: Sequence[tuple[str, float]]) -> Found:
        """Search with assumptions at values.

        Raises:
            ScenarioError: the scenario is not sound at two values of the varied key.
        """
        question = self.question
        ladder = tuple(min(paths, question.paths) for paths in ENDS_LADDER)
        scenario = self.scenario.set_all(values)
        lending = None
        if held:
            plan = plan_of(scenario, question.targets, question.vary.number.instrument)
            lending = BaseLending(plan.scheme, self.machine.engine)
        trials = Trials(
            scenario,
            question.vary,
            question.targets,
            seed=question.seed,
            ladder=ladder,
            machine=self.machine,
            effort=self.effort,
            lending=lending,
        )
        grid = tuple(value for value in question.vary.values(ENDS_SCAN) if trials.is_sound(value))
        if len(grid) < 2:
            raise next(iter(trials.refused.values()))
        return glance(trials, grid, largest=question.largest, precision=ENDS_PRECISION, ladder=ladder)


def _at_value(key: str, value: float, error: ScenarioError) -> ScenarioError:
    """Return the error of a value that was tried, with the value named."""
    shown = f"{value:.6g}"
    faults = [
        replace(
            fault,
            problem=f"with {key} at {shown}: {fault.problem}",
            problem_zh=f"{key} 取 {shown} 时：{fault.problem_zh}",
        )
        for fault in error.faults
    ]
    return ScenarioError(faults)


def _distance(one: tuple[Trials, Found]) -> float:
    """Return how far the figures at an answer are from their bounds [standard errors]."""
    return abs(one[1].verdict.score)
