"""Paired differences by hand arithmetic: means, events, ratios, and paths without a value."""

import math

import numpy as np
import pytest

from fundsim.decide.paired import NORMAL_95, paired_mean, paired_probability, paired_ratio
from fundsim.results.statistics import clopper_pearson, expected, ratio_of_sums

NAN = math.nan


def array(*values):
    return np.array(values, dtype=np.float64)


def test_the_error_of_a_mean_is_that_of_the_differences_path_by_path():
    found = paired_mean(array(1.0, 10.0, 100.0, 1000.0), array(2.0, 13.0, 102.0, 1002.0))
    # differences 1, 3, 2, 2: mean 2, variance (1 + 1 + 0 + 0)/3
    assert found.value == 2.0
    assert found.se == pytest.approx(math.sqrt(2.0 / 3.0 / 4.0), rel=1e-14)
    assert found.ci95 == pytest.approx((2.0 - NORMAL_95 * found.se, 2.0 + NORMAL_95 * found.se))


def test_a_shift_has_no_error():
    values = np.random.default_rng(1).normal(5.0, 3.0, 500).round(3)
    found = paired_mean(values, values + 8.0)
    assert found.value == pytest.approx(8.0, rel=1e-14)
    assert found.se < 1e-14


def test_paths_without_a_value_on_both_sides_are_left_out():
    found = paired_mean(array(NAN, 1.0, 2.0, NAN), array(NAN, 2.0, 5.0, NAN))
    assert (found.value, found.se) == (2.0, pytest.approx(1.0))


def test_where_values_are_missing_on_other_paths_the_means_are_those_of_each():
    first, other = array(1.0, 3.0, NAN, 5.0), array(2.0, NAN, 4.0, 9.0)
    found = paired_mean(first, other)
    assert found.value == 5.0 - 3.0
    # influences: other (−3, 0, −1, 4)·4/3, first (−2, 0, 0, 2)·4/3; their differences (−1, 0, −1, 2)·4/3
    squares = (1.0 + 0.0 + 1.0 + 4.0) * 16.0 / 9.0
    assert found.se == pytest.approx(math.sqrt(squares / 3.0 / 4.0), rel=1e-14)


def test_the_error_with_missing_values_is_right():
    """Against the spread of the figure itself over many samples of a law."""
    rng, found = np.random.default_rng(7), []
    for _ in range(2000):
        shared = rng.normal(size=200)
        first, other = shared + rng.normal(size=200), 2.0 * shared + rng.normal(size=200)
        first[rng.random(200) < 0.2] = NAN
        other[shared < -1.0] = NAN
        found.append(paired_mean(first, other))
    spread = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.05)


def test_an_event_counts_the_paths_on_which_it_happens_in_one_scenario_only():
    first = array(*[1.0] * 30, *[0.0] * 70)
    other = array(*[0.0] * 4, *[1.0] * 26, *[1.0] * 12, *[0.0] * 58)
    found = paired_probability(first, other)
    assert found.value == pytest.approx(0.08)
    assert found.se == pytest.approx(math.sqrt(16 - 64 / 100) / 100)
    assert found.ci95[0] < found.value - 1.5 * found.se
    assert found.ci95[1] > found.value + 1.5 * found.se


def test_the_interval_of_an_event_joins_two_exact_ones():
    """One scenario never spares a path of the other: up to 0 of 50 are lost, 5 of 50 gained."""
    first, other = array(*[0.0] * 50), array(*[1.0] * 5, *[0.0] * 45)
    up, down = clopper_pearson(5, 50), clopper_pearson(0, 50)
    low = 0.1 - math.hypot(0.1 - up[0], down[1])
    assert paired_probability(first, other).ci95 == pytest.approx((low, up[1]))


def test_no_path_that_differs_is_no_proof_that_none_would():
    same = array(*[0.0] * 90, *[1.0] * 10)
    found = paired_probability(same, same)
    assert (found.value, found.se) == (0.0, 0.0)
    assert found.ci95 == pytest.approx((-clopper_pearson(0, 100)[1], clopper_pearson(0, 100)[1]))


def test_events_that_are_opposite_stay_within_the_bounds():
    found = paired_probability(array(0.0, 0.0, 0.0), array(1.0, 1.0, 1.0))
    assert (found.value, found.se, found.ci95[1]) == (1.0, 0.0, 1.0)


def test_events_defined_on_other_paths_have_the_error_of_means():
    first, other = array(1.0, 0.0, NAN, 0.0), array(1.0, NAN, 1.0, 0.0)
    assert paired_probability(first, other) == paired_mean(first, other)


def test_a_ratio_has_the_error_of_both_ratios_together():
    first, other = (array(1.0, 2.0, 3.0), array(2.0, 4.0, 4.0)), (array(2.0, 2.0, 4.0), array(2.0, 4.0, 4.0))
    found = paired_ratio(first, other)
    assert found.value == pytest.approx(0.8 - 0.6)
    # residuals (N − R D)/mean D: first (−.2, −.4, .6), other (.4, −1.2, .8), each by 10/3
    differences = np.array([0.6, -0.8, 0.2]) * 3.0 / 10.0
    assert found.se == pytest.approx(math.sqrt((differences**2).sum() / 2.0 / 3.0))


def test_a_ratio_to_a_constant_one_has_its_own_error():
    rng = np.random.default_rng(3)
    sums = rng.random(400), rng.random(400) + 1.0
    constant = np.ones(400), np.ones(400)
    found = paired_ratio(constant, sums)
    assert found.value == ratio_of_sums(*sums).value - 1.0
    assert found.se == pytest.approx(ratio_of_sums(*sums).se, rel=1e-12)


@pytest.mark.parametrize("call", [paired_mean, paired_probability])
def test_nothing_and_one_path_have_no_error(call):
    nothing = call(array(NAN, NAN), array(NAN, NAN))
    assert math.isnan(nothing.value)
    assert math.isnan(paired_mean(array(1.0), array(3.0)).se)
    assert paired_mean(array(1.0), array(3.0)).value == 2.0
    assert math.isnan(paired_mean(array(1.0, 2.0), array(NAN, NAN)).value)
    assert math.isnan(paired_ratio((array(1.0), array(0.0)), (array(1.0), array(1.0))).value)


def test_pairing_beats_two_runs_apart():
    shared = np.random.default_rng(5).normal(size=1000)
    first, other = shared, 1.1 * shared + 0.5
    apart = math.hypot(expected(first).se, expected(other).se)
    assert paired_mean(first, other).se == pytest.approx(0.1 * expected(first).se, rel=1e-9)
    assert paired_mean(first, other).se < 0.1 * apart
