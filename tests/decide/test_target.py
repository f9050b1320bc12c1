"""Targets: how they are written, what they are measured on, and when they are met, possible and sure."""

import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.decide.size.judged import judge, least_paths
from fundsim.decide.size.target import read_target, refuse_contradictions
from fundsim.errors import UsageError
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.results.statistics import clopper_pearson, describe


@pytest.fixture(scope="module")
def plan():
    return Plan(lower(fs.load("minimal")))


@pytest.mark.parametrize(
    ("text", "measured", "bound", "columns"),
    [
        ("P(pool.depleted) <= 5%", "P(pool.depleted)", 0.05, ("pool.depleted@run_off",)),
        ("p( pool.depleted@window )≤0.05", "P(pool.depleted@window)", 0.05, ("pool.depleted@window",)),
        ("pool.depleted <= 0.05", "P(pool.depleted)", 0.05, ("pool.depleted@run_off",)),
        ("P（pool.depleted）＜= 5%", "P(pool.depleted)", 0.05, ("pool.depleted@run_off",)),
        ("mean(pool.capacity_used) <= 120%", "mean(pool.capacity_used)", 1.2,
         ("pool.capacity_used@run_off",)),
        ("mean(scheme.fiscal_cost) <= -1万", "mean(scheme.fiscal_cost)", -1e4,
         ("scheme.fiscal_cost@run_off",)),
        ("mean(pool.claims_paid) <= 300万", "mean(pool.claims_paid)", 3e6, ("pool.claims_paid@run_off",)),
        ("pool.claims_paid <= 0.03亿", "mean(pool.claims_paid)", 3e6, ("pool.claims_paid@run_off",)),
        ("q99.5(pool.claims_due) <= 1亿", "q99.5(pool.claims_due)", 1e8, ("pool.claims_due@run_off",)),
        ("es99(pool.claims_due) <= 1亿", "es99(pool.claims_due)", 1e8, ("pool.claims_due@run_off",)),
        ("q05(pool.claims_coverage) >= 0.9", "q5(pool.claims_coverage)", 0.9,
         ("pool.claims_coverage@run_off",)),
        ("mean(pool.lent.2026) >= 2亿", "mean(pool.lent.2026@window)", 2e8, ("pool.lent.2026@window",)),
        (
            "pool.claims_coverage_aggregate >= 99%",
            "pool.claims_coverage_aggregate",
            0.99,
            tuple(f"/{part}/pool.claims_coverage_aggregate@run_off" for part in ("numerator", "denominator")),
        ),
    ],
)  # fmt: skip
def test_a_target_names_a_figure_and_a_bound_in_the_metrics_unit(plan, text, measured, bound, columns):
    target = read_target(text, plan)
    assert (target.measured, target.bound, target.columns) == (measured, bound, columns)
    assert target.at_most == ("<" in text or "≤" in text or "＜" in text)
    assert read_target(target.text, plan) == target


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pool.depleted", "a target has a figure, <= or >=, and a value; write such as P(pool.depleted)"),
        ("P(pool.depleted) < 0.05", "< can't be answered with an interval; write <= or >="),
        ("mean(pool.depleted) <= 0.05", "an event, which has a probability only; write P(pool.depleted)"),
        ("P(pool.lent) <= 0.05", "no event, so it has no probability; write mean(pool.lent)"),
        ("mean99(pool.lent) <= 5", "there is no figure mean99"),
        ("q(pool.lent) <= 5", "there is no figure q"),
        ("q100(pool.lent) <= 5", "a level lies between 0 and 100 per cent"),
        ("var99(pool.lent) <= 5", "there is no figure var99"),
        ("mean(pool.claims_coverage_aggregate) >= 1", "one figure of all paths"),
        ("P(pool.depletd) <= 5%", "did you mean pool.depleted?"),
        ("P(pool.depleted@end) <= 5%", "the horizon after '@' is window or run_off"),
        ("P(pool.depleted) <= five", "a share is expected, not text"),
        ("mean(pool.lent) <= 3 dollars", "not text|currency"),
        ("P(pool.depleted) <=", "there is no value after <=; write such as P(pool.depleted)"),
        ("P(pool.depleted) => 5%", "there is no sign =>; did you mean >=?"),
        ("P(pool.depleted) =< 5%", "there is no sign =<; did you mean <=?"),
        ("P(pool.depleted) <= 5", 'a share lies in 0 … 1; write 0.05 or "5%"'),
        ("P(pool.depleted) <= 500%", "a share lies in 0 … 1"),
        ("mean(pool.lent) >= 400m", "did you mean 4亿?"),
        ("P(pool.depleted) >= -5%", "a share lies in 0 … 1"),
        ("pool.claims_coverage_aggregate >= 99", 'a share lies in 0 … 1; write 0.99 or "99%"'),
        ("mean(pool.claims_coverage) >= 99", "a share lies in 0 … 1"),
    ],
)  # fmt: skip
def test_what_is_no_target_is_refused_in_words(plan, text, problem):
    with pytest.raises(UsageError) as caught:
        read_target(text, plan)
    assert any(part in str(caught.value) for part in problem.split("|")), str(caught.value)
    assert not caught.value.text("zh").isascii()


def read(text):
    return read_target(text, Plan(lower(fs.load("minimal"))))


def test_a_probability_is_judged_by_its_exact_interval():
    events = np.zeros(400)
    events[:12] = 1.0
    found = judge(read("P(pool.depleted) <= 0.05"), {"pool.depleted@run_off": events})
    assert (found.value, found.ci95, found.n) == (0.03, clopper_pearson(12, 400), 400)
    assert (found.met, found.possible, found.sure) == (True, True, False)  # the interval ends at 5.2 %
    assert found.score == pytest.approx(0.02 / math.sqrt(0.05 * 0.95 / 400))
    wrong = judge(read("P(pool.depleted) >= 0.05"), {"pool.depleted@run_off": events})
    assert (wrong.met, wrong.possible, wrong.sure, wrong.score) == (False, True, False, -found.score)


def test_a_quantile_keeps_its_bound_as_the_share_beyond_it_does():
    """Of 1 … 1000 the 99 % quantile is 990, between the 983rd and the 997th value; ten lie beyond."""
    values = np.arange(1.0, 1001.0)
    column = "pool.claims_due@run_off"
    law = describe(values.copy()).quantiles["0.99"]
    for bound, expected in ((990.0, (True, True, False)), (989.0, (False, True, False)),
                            (982.0, (False, False, False)), (998.0, (True, True, True))):  # fmt: skip
        found = judge(read(f"q99(pool.claims_due) <= {bound}"), {column: values})
        assert (found.value, found.ci95) == (law.value, law.ci95)
        assert (found.met, found.possible, found.sure) == expected
        assert found.score == pytest.approx((10 - (1000 - bound)) / 1000 / math.sqrt(0.0099 / 1000))
    low = judge(read("q05(pool.claims_due) >= 40"), {column: values})
    assert (low.value, low.met) == (50.0, True)
    assert low.score == pytest.approx((50 - 39) / 1000 / math.sqrt(0.05 * 0.95 / 1000))


def test_means_ratios_and_shortfalls_are_judged_by_their_errors():
    values = np.tile([0.0, 2.0], 5000)
    found = judge(read("mean(pool.lent) <= 1.019"), {"pool.lent@run_off": values})
    assert found.score == pytest.approx(1.9, abs=0.01)
    assert (found.met, found.possible, found.sure) == (True, True, False)
    keys = read("pool.claims_coverage_aggregate >= 0.5").columns
    ratio = judge(
        read("pool.claims_coverage_aggregate >= 0.5"), {keys[0]: values, keys[1]: values * 0.0 + 2.0}
    )
    assert (ratio.value, ratio.met) == (0.5, True)
    tail = judge(read("es99(pool.lent) <= 2"), {"pool.lent@run_off": values})
    assert (tail.value, tail.met) == (2.0, True)


def test_a_figure_without_error_is_surely_on_one_side_or_on_the_bound():
    same = np.full(10, 7.0)
    for bound, expected in ((7, (True, True, True)), (6, (False, False, False)), (8, (True, True, True))):
        found = judge(read(f"mean(pool.lent) <= {bound}"), {"pool.lent@run_off": same})
        assert (found.met, found.possible, found.sure) == expected


def test_paths_without_a_value_are_left_out_and_none_at_all_meets_nothing():
    values = np.array([math.nan, 1.0, 0.0, 0.0])
    assert judge(read("P(pool.depleted) <= 0.4"), {"pool.depleted@run_off": values}).n == 3
    none = judge(read("P(pool.depleted) <= 0.4"), {"pool.depleted@run_off": values * math.nan})
    assert (none.met, none.possible, none.sure) == (False, False, False)
    assert math.isnan(none.value)


def test_bounds_of_one_figure_that_exclude_each_other_are_refused():
    least, most = read("mean(pool.lent) >= 5亿"), read("mean(pool.lent) <= 3亿")
    with pytest.raises(UsageError, match=r"no value can keep mean\(pool.lent\) >= 500000000 as well"):
        refuse_contradictions([least, most])
    refuse_contradictions([read("mean(pool.lent) >= 3亿"), read("mean(pool.lent) <= 5亿")])
    refuse_contradictions([read("mean(pool.lent@window) >= 5亿"), most])


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("P(pool.depleted) <= 5%", 72),
        ("P(pool.depleted) >= 95%", 72),
        ("q99(pool.lent) <= 5", 368),
        ("q1(pool.lent) >= 5", 368),
        ("es99(pool.lent) <= 5", 10_000),
        ("es99.9(pool.lent) <= 5", 100_000),
        ("mean(pool.lent) <= 5", 2),
        ("P(pool.depleted) <= 0", 0),
        ("P(pool.depleted) >= 100%", 0),
    ],
)
def test_from_so_many_paths_on_a_target_can_be_surely_met_and_not_from_fewer(text, needed):
    target = read(text)
    assert least_paths(target) == needed
    assert target.never_sure == (needed == 0)
    if not needed:
        return
    best = np.full(needed, 0.0 if target.at_most else 1.0 if target.unit == "share" else 9.0)
    columns = {target.columns[0]: best}
    assert judge(target, columns).sure
    if target.figure != "mean":  # of one path it has a value and no error
        assert not judge(target, {target.columns[0]: best[1:]}).sure


def test_a_figure_says_how_many_paths_have_a_value_and_whether_its_error_is_known():
    values = np.array([math.nan, 30.0, 40.0, math.nan])
    found = judge(read("mean(pool.depletion_month) >= 30"), {"pool.depletion_month@run_off": values})
    assert (found.n, found.paths, found.error_known, found.met) == (2, 4, True, True)
    tail = judge(read("es99(pool.lent) <= 5"), {"pool.lent@run_off": np.arange(100.0)})
    assert (tail.error_known, tail.possible, tail.sure) == (False, True, False)
    none = judge(
        read("mean(pool.depletion_month) >= 30"), {"pool.depletion_month@run_off": values * math.nan}
    )
    assert (none.n, none.paths, none.error_known) == (0, 4, False)
