"""Figures of variants: what each path adds to their error, and paired differences of all kinds of them."""

import math

import numpy as np
import pytest
from scipy import stats

from fundsim.decide.measure import Measure, default_measures, read_measure
from fundsim.decide.measured import influence, measured, paired
from fundsim.errors import UsageError
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.scenario import load

X, Y = "pool.x@run_off", "pool.y@run_off"


def measure(figure, level="", columns=(X,)):
    return Measure(figure, level, "pool.x", "run_off", "yuan", columns)


KINDS_OF_FIGURE = [
    measure("mean"),
    measure("quantile", "0.9"),
    measure("shortfall", "0.9"),
    measure("unexpected"),
    measure("ratio", columns=(X, Y)),
]


@pytest.fixture(scope="module")
def plan():
    return Plan(lower(load("minimal", kinds=KINDS)))


def test_a_figure_by_hand():
    values = {X: np.array([1.0, 2.0, 3.0, 6.0, math.nan]), Y: np.array([2.0, 2.0, 2.0, 2.0, 2.0])}
    mean = measured(measure("mean"), values)
    assert (mean.value, mean.n) == (3.0, 4)
    assert mean.se == pytest.approx(math.sqrt((4 + 1 + 0 + 9) / 3 / 4))
    # Each path with a value counts five quarters: four of five have one.
    assert list(influence(measure("mean"), values)) == [-2.5, -1.25, 0.0, 3.75, 0.0]
    event = measured(measure("probability"), {X: np.array([0.0, 1.0, 1.0, 0.0, math.nan])})
    assert (event.value, event.se) == (0.5, 0.25)
    median = measured(measure("quantile", "0.5"), values)
    assert (median.value, median.ci95) == (2.0, (-math.inf, math.inf))
    assert math.isnan(median.se)
    assert measured(measure("mean"), {X: np.full(3, math.nan)}).n == 0


@pytest.mark.parametrize("one", KINDS_OF_FIGURE, ids=lambda one: one.figure)
def test_the_error_is_that_of_repeated_samples(one):
    rng = np.random.default_rng(5)
    values, errors = [], []
    for _ in range(400):
        found = measured(one, {X: rng.gamma(2.0, 1.0, 2000), Y: rng.gamma(3.0, 1.0, 2000)})
        values.append(found.value)
        errors.append(found.se)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.12)


@pytest.mark.parametrize("one", KINDS_OF_FIGURE, ids=lambda one: one.figure)
def test_the_error_of_a_difference_is_that_of_repeated_pairs(one):
    rng = np.random.default_rng(6)
    differences, errors, apart = [], [], []
    for _ in range(300):
        x, y = rng.gamma(2.0, 1.0, 8000), rng.gamma(3.0, 1.0, 8000)
        other = {X: 1.1 * x + 0.05 * rng.standard_normal(8000), Y: y}
        found = paired(one, {X: x, Y: y}, other)
        differences.append(found.value)
        errors.append(found.se)
        apart.append(math.hypot(measured(one, other).se, measured(one, {X: x, Y: y}).se))
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.12)
    assert np.mean(errors) < 0.35 * np.mean(apart)


def test_a_figure_that_no_path_changes_differs_by_nothing_but_another_seed_might():
    rare = np.zeros(1000)
    rare[0] = 1.0
    found = paired(measure("probability"), {X: rare}, {X: rare.copy()})
    assert (found.value, found.se) == (0.0, 0.0)
    assert found.ci95[1] == pytest.approx(stats.beta.ppf(0.975, 1, 1000), rel=1e-6)
    same = paired(measure("mean"), {X: rare}, {X: rare.copy()})
    assert (same.value, same.se, same.ci95) == (0.0, 0.0, (0.0, 0.0))


def test_figures_are_read_as_they_are_written(plan):
    for text, written in (
        ("pool.depleted", "P(pool.depleted)"),
        ("P（pool.depleted）", "P(pool.depleted)"),
        ("q99.5(pool.claims_due＠window)", "q99.5(pool.claims_due@window)"),
        ("es99(pool.claims_due)", "es99(pool.claims_due)"),
        ("pool.claims_coverage_aggregate", "pool.claims_coverage_aggregate"),
        ("mean(pool.claims_paid.2024)", "mean(pool.claims_paid.2024@window)"),
    ):
        assert read_measure(text, plan).measured == written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("P(pool.claims_due)", "pool.claims_due is no event"),
        ("mean(pool.depleted)", "is an event, which has a probability only"),
        ("q(pool.claims_due)", "there is no figure q"),
        ("q100(pool.claims_due)", "a level lies between 0 and 100"),
        ("mean pool.claims_due", "that is no figure"),
        ("mean(pool.claim_due)", "did you mean pool.claims_due"),
        ("q99(pool.claims_coverage_aggregate)", "one figure of all paths"),
    ],
)
def test_what_is_no_figure_is_refused_with_a_way_to_write_it(plan, text, fault):
    with pytest.raises(UsageError, match=fault):
        read_measure(text, plan)


def test_unless_named_figures_are_what_may_go_wrong_and_what_all_costs(plan):
    assert [one.measured for one in default_measures(plan)] == [
        "P(pool.depleted)",
        "mean(scheme.fiscal_cost)",
    ]
