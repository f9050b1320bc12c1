"""Each assumption at its low and at its high, all others at their values, on the same paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from fundsim.arguments import refused
from fundsim.decide.kept import is_of, metrics_of, plan_keeping
from fundsim.decide.machine import Effort, Machine, Progress
from fundsim.decide.measure import Measure, default_measures, read_measures
from fundsim.decide.measured import Measured, measured, paired
from fundsim.decide.paired import NONE
from fundsim.decide.together import End, Values, as_many_as_go_together, is_sound
from fundsim.decide.tornado.swings import ENDS, Bar, Effect, Outcome, Side, Swing, Together, TornadoData
from fundsim.decide.variants import Columns, Make, Variants
from fundsim.decide.wholes import Whole, completed, wholes_of
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption, assumptions
from fundsim.scenario.numbers import NumberAt, number_at
from fundsim.scheme import Aggregate, LawFigure, Metric

__all__ = ["MOST_PATHS", "tornado_scenario"]

MOST_PATHS = 10_000
"""Paths of each variant, unless the scenario has fewer or another number is asked for."""


def tornado_scenario(
    scenario: Scenario,
    metrics: Sequence[str] | None = None,
    *,
    paths: int | None = None,
    seed: int | None = None,
    machine: Machine | None = None,
    progress: Progress | None = None,
) -> TornadoData:
    """Put each assumption at its low and at its high, and all together by their effects on the first figure.

    Args:
        scenario: the scenario.
        metrics: figures such as ``P(pool.depleted)``; the headline events and the fiscal cost unless given.
        paths: paths of each variant; the scenario's, at most 10,000, unless given.
        seed: the scenario's unless given.
        machine: what simulates.
        progress: called with paths done and paths expected in all.

    Raises:
        ScenarioError: the scenario can't be lowered.
        UsageError: it states no assumption, or a figure can't be read.
    """
    plan = Plan(lower(scenario))
    measures = _measures(metrics, plan)
    found = assumptions(scenario)
    if not found:
        raise refused("scenario", scenario.name, (
            "it has no assumption with a low and a high, so there is nothing to vary",
            "write a value as { value: 3%, low: 2%, high: 5%, source: assumption }",
            "情景没有带上下限的假设，没有可变动的数值",
            "请把数值写成 { value: 3%, low: 2%, high: 5%, source: assumption }",
        ))  # fmt: skip
    run = scenario.terms.run
    variants = Variants(
        measures,
        min(run.paths, MOST_PATHS) if paths is None else paths,
        run.seed if seed is None else seed,
        machine or Machine(),
        Effort(progress),
    )
    return _Tornado(scenario, variants).data(found, tuple(_described(m, plan) for m in measures))


def _measures(metrics: Sequence[str] | None, plan: Plan) -> tuple[Measure, ...]:
    found = default_measures(plan) if metrics is None else read_measures(metrics, plan)
    if not found:
        raise refused("metric", None, (
            "the scenario has neither an event in its headline nor a fiscal cost",
            "name a figure, such as mean(pool.claims_paid)",
            "情景既没有主要事件，也没有财政成本", "请写出指标，如 mean(pool.claims_paid)",
        ))  # fmt: skip
    return found


def _described(measure: Measure, plan: Plan) -> Metric | Aggregate | LawFigure:
    own = [metric for metric in plan.scheme.metrics if is_of(metric.name, measure)]
    return max(own, key=lambda metric: len(metric.name))


class _Tornado:
    """Simulates the variants of one scenario."""

    def __init__(self, scenario: Scenario, variants: Variants) -> None:
        self.scenario = scenario
        self.variants = variants
        self.measures = variants.measures
        self.wholes: tuple[Whole, ...] = ()
        self.columns: Columns = {}
        self.base: tuple[Measured, ...] = ()

    def data(
        self, found: Sequence[Assumption], described: tuple[Metric | Aggregate | LawFigure, ...]
    ) -> TornadoData:
        """Simulate all and gather what was found."""
        variants = self.variants
        self.wholes = wholes_of(self.scenario, found)
        numbers = [tuple(number_at(self.scenario, key) for key, _ in one.at("low")) for one in found]
        ends = [(one, end) for one in found for end in ENDS]
        as_is = [_is_as_is(n, one.at(end)) for one, n in zip(found, numbers, strict=True) for end in ENDS]
        n_variants = 1 + as_is.count(False)
        variants.effort.reserve({"ends": n_variants * variants.paths, "together": 2 * variants.paths})
        variants.effort.enter("ends")
        self.columns = variants.columns(self.scenario)
        self.base = tuple(measured(m, self.columns) for m in self.measures)
        sides = list(self._sides(ends, as_is))
        swings = tuple(
            Swing(one, n, *sides[2 * at : 2 * at + 2])
            for at, (one, n) in enumerate(zip(found, numbers, strict=True))
        )
        variants.effort.enter("together")
        return TornadoData(
            scenario=self.scenario,
            measures=tuple(self.measures),
            described=described,
            base=self.base,
            swings=swings,
            together=tuple(self._together([Bar(s, s.low.outcomes[0], s.high.outcomes[0]) for s in swings])),
            paths=variants.paths,
            seed=variants.seed,
            engine=variants.machine.engine,
            simulated=variants.effort.paths,
        )

    def _sides(self, ends: Sequence[tuple[Assumption, End]], as_is: Sequence[bool]) -> Iterator[Side]:
        makes = [self._make(one.at(end)) for one, end in ends]
        outcomes = self._outcomes([make for make, same in zip(makes, as_is, strict=True) if not same])
        for (_, end), same in zip(ends, as_is, strict=True):
            yield Side(end, same, self._unchanged() if same else next(outcomes))

    def _make(self, values: Values) -> Make:
        return partial(self.scenario.set_all, completed(values, self.wholes))

    def _is_sound(self, values: Values) -> bool:
        return is_sound(self.scenario, completed(values, self.wholes))

    def _unchanged(self) -> tuple[Outcome, ...]:
        return tuple(Effect(figure, NONE) for figure in self.base)

    def _outcomes(self, makes: Sequence[Make]) -> Iterator[tuple[Outcome, ...]]:
        for make, found in zip(makes, self.variants.each(makes), strict=True):
            if isinstance(found, ScenarioError):
                yield tuple(self._alone(make, found))
            else:
                yield tuple(self._effect(measure, found) for measure in self.measures)

    def _alone(self, make: Make, error: ScenarioError) -> Iterator[Outcome]:
        """Yield what a variant does to each figure, which it may lack without lacking the others."""
        lacks = _lacks(make, self.measures, error)
        own = [m for m, lack in zip(self.measures, lacks, strict=True) if lack is None]
        columns: Columns = {}
        if own:
            variants = self.variants
            alone = Variants(own, variants.paths, variants.seed, variants.machine, variants.effort)
            columns = alone.columns(make())
        for measure, lack in zip(self.measures, lacks, strict=True):
            yield self._effect(measure, columns) if lack is None else lack

    def _effect(self, measure: Measure, columns: Columns) -> Effect:
        return Effect(measured(measure, columns), paired(measure, self.columns, columns))

    def _together(self, bars: Sequence[Bar]) -> Iterator[Together]:
        """Yield all assumptions at the ends that lower the first figure, then at those that raise it."""
        strongest = sorted((bar for bar in bars if bar.seen), key=lambda bar: -bar.size)
        if not strongest:
            return
        plans = [self._planned(strongest, raises) for raises in (False, True)]
        outcomes = self._outcomes([self._make(_values(plan.at)) for plan in plans if plan.at])
        for plan in plans:
            found = next(outcomes) if plan.at else self._unchanged()
            yield Together(plan.raises, plan.at, plan.kept, plan.left_out, plan.fault, found)

    def _planned(self, strongest: Sequence[Bar], raises: bool) -> Together:
        """Return which assumptions stand at which ends, as many as go together."""
        ends = [(bar.swing.assumption, bar.end_that(raises)) for bar in strongest]
        kept = tuple(one for one, end in ends if end is None)
        wanted = tuple((one, end) for one, end in ends if end is not None)
        fault = _fault(self._make(_values(wanted)))
        left_out: tuple[Assumption, ...] = ()
        if fault is not None:
            _, left_out = as_many_as_go_together(wanted, self._is_sound)
            wanted = tuple((one, end) for one, end in wanted if one not in left_out)
        return Together(raises, wanted, kept, left_out, fault, ())


def _values(at: Sequence[tuple[Assumption, End]]) -> Values:
    return tuple(pair for one, end in at for pair in one.at(end))


def _fault(make: Callable[[], Scenario]) -> ScenarioError | None:
    """Return why a variant can't be run; None where it can."""
    try:
        lower(make())
    except ScenarioError as error:
        return error
    return None


def _lacks(make: Make, measures: Sequence[Measure], error: ScenarioError) -> tuple[ScenarioError | None, ...]:
    """Return why a variant has no value of each figure; None where it has one.

    Args:
        make: makes the variant.
        measures: the figures.
        error: why it has not all of them.
    """
    try:
        scheme = lower(make())
    except ScenarioError:
        return tuple(error for _ in measures)

    def lack(measure: Measure) -> ScenarioError | None:
        try:
            plan_keeping(metrics_of(scheme, [measure]), [measure])
        except ScenarioError as missing:
            return missing
        return None

    return tuple(lack(measure) for measure in measures)


def _is_as_is(numbers: Sequence[NumberAt], values: Values) -> bool:
    """Return whether an end is what the scenario has anyway."""
    return all(number.value == value for number, (_, value) in zip(numbers, values, strict=True))
