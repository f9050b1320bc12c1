"""Every figure by hand arithmetic."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fundsim.results.statistics import (
    CHUNK,
    ES_LEVELS,
    QUANTILE_LEVELS,
    Estimate,
    clopper_pearson,
    describe,
    empirical_quantile,
    expected_shortfall,
    fixed_order_sum,
    order_statistic_ranks,
    probability,
    quantile_rank,
    ratio_of_sums,
    unexpected,
)

samples = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=60).map(np.array)


def test_mean_and_sd_of_four_values_are_the_textbook_ones():
    law = describe(np.array([2.0, 4.0, 4.0, 6.0]))
    assert law.mean.value == 4.0
    assert law.sd.value == pytest.approx(math.sqrt(8 / 3), rel=1e-15)
    assert law.mean.se == pytest.approx(math.sqrt(8 / 3) / 2, rel=1e-15)


def test_standard_error_of_the_sd_follows_the_fourth_moment():
    # m4 = (16 + 0 + 0 + 16)/4 = 8, s² = 8/3: var(s²) = (8 − (64/9)(1/3))/4, se(s) = √var/(2s)
    law = describe(np.array([2.0, 4.0, 4.0, 6.0]))
    assert law.sd.se == pytest.approx(math.sqrt((8 - 64 / 27) / 4) / (2 * math.sqrt(8 / 3)), rel=1e-14)


def test_standard_error_of_the_sd_is_the_normal_one_for_a_normal_sample():
    values = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    law = describe(values)
    assert law.sd.se == pytest.approx(law.sd.value / math.sqrt(2 * len(values)), rel=2e-3)


@given(st.floats(-1e12, 1e12), st.integers(2, 500) | st.integers(100_000, 101_000))
def test_a_constant_has_itself_as_every_figure_and_no_error(value, n):
    law = describe(np.full(n, value))
    assert (law.mean.value, law.mean.se, law.sd.value, law.sd.se) == (value, 0.0, 0.0, 0.0)
    assert {q.value for q in law.quantiles.values()} == {value}
    assert {es.value for es in law.es.values()} == {value}
    # A shortfall states none on fewer than a hundred paths in the tail.
    assert all(es.se == 0.0 if n >= 100_000 else math.isnan(es.se) for es in law.es.values())


@given(samples, st.sampled_from(QUANTILE_LEVELS))
def test_a_quantile_is_the_smallest_value_that_reaches_its_level(values, level):
    ascending = np.sort(values)
    quantile = empirical_quantile(ascending, level)
    reached = Fraction(int(np.count_nonzero(values <= quantile)), len(values))
    below = Fraction(int(np.count_nonzero(values < quantile)), len(values))
    assert below < Fraction(level) <= reached


def test_ranks_are_exact_where_floating_point_is_not():
    assert 0.07 * 100 > 7
    assert quantile_rank(100, "0.07") == 7
    assert quantile_rank(1000, "0.995") == 995
    assert quantile_rank(10, "0.001") == 1


@pytest.mark.parametrize("level", ES_LEVELS)
def test_expected_shortfall_is_the_mean_of_the_tail_where_the_tail_is_whole(level):
    ascending = np.arange(1.0, 2001.0) ** 2
    tail = ascending[int(Fraction(level) * 2000) :]
    assert expected_shortfall(ascending, level).value == pytest.approx(tail.mean(), rel=1e-14)


def test_expected_shortfall_splits_the_value_at_its_level():
    # n = 30, a = 0.95: 1.5 paths are in the tail, the largest whole and half of the second
    ascending = np.arange(1.0, 31.0)
    assert expected_shortfall(ascending, "0.95").value == pytest.approx((30 + 0.5 * 29) / 1.5, rel=1e-14)


@given(samples, st.sampled_from(ES_LEVELS))
def test_expected_shortfall_is_the_integral_of_the_quantiles(values, level):
    ascending = np.sort(values)
    n, a = len(ascending), Fraction(level)
    weights = [max(Fraction(0), Fraction(i + 1, n) - max(a, Fraction(i, n))) for i in range(n)]
    integral = math.fsum(float(w) * x for w, x in zip(weights, ascending, strict=True)) / float(1 - a)
    scale = max(1.0, float(np.abs(values).max()))
    assert expected_shortfall(ascending, level).value == pytest.approx(integral, abs=1e-11 * scale)


def test_error_of_the_expected_shortfall_is_that_of_the_excess_mean():
    ascending = np.sort(np.random.default_rng(1).exponential(size=2000))
    excess = np.maximum(ascending - empirical_quantile(ascending, "0.95"), 0.0) / 0.05
    expected = excess.std(ddof=1) / math.sqrt(2000)
    assert expected_shortfall(ascending, "0.95").se == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("level", "enough"), [("0.95", 2000), ("0.99", 10_000), ("0.999", 100_000)])
def test_an_expected_shortfall_on_fewer_than_a_hundred_paths_states_no_error(level, enough):
    ascending = np.linspace(0.0, 1.0, enough)
    assert expected_shortfall(ascending, level).se > 0.0
    assert math.isnan(expected_shortfall(ascending[1:], level).se)
    assert expected_shortfall(ascending[1:], level).value == pytest.approx((1.0 + float(level)) / 2, abs=1e-3)


@pytest.mark.parametrize("n", [10, 137, 1000, 65_536])
@pytest.mark.parametrize("level", QUANTILE_LEVELS)
def test_order_statistics_hold_the_quantile_with_95_per_cent_and_no_narrower_pair_of_tails_does(n, level):
    lower, upper = order_statistic_ranks(n, level)
    law = stats.binom(n, float(level))
    assert law.cdf(lower - 1) <= 0.025 < law.cdf(lower)
    assert law.sf(upper - 1) <= 0.025 < law.sf(upper - 2)


@pytest.mark.parametrize("n", [10_000, 100_000, 1_000_000, 10_000_000])
@pytest.mark.parametrize("level", QUANTILE_LEVELS)
def test_from_ten_thousand_paths_on_a_quantile_interval_covers_95_to_98_per_cent(n, level):
    lower, upper = order_statistic_ranks(n, level)
    law = stats.binom(n, float(level))
    assert 0.95 <= law.cdf(upper - 1) - law.cdf(lower - 1) <= 0.98


def test_a_quantile_that_too_few_paths_can_bound_has_an_infinite_end():
    quantile = describe(np.arange(100.0)).quantiles["0.999"]
    assert quantile.ci95[1] == math.inf
    assert math.isfinite(quantile.ci95[0])


def test_the_unexpected_part_of_a_loss_is_its_99_per_cent_quantile_less_its_mean():
    # The 990th of 1,000 is 990 and the mean 500.5; of 4 values the quantile is the largest.
    assert unexpected(np.arange(1.0, 1001.0)[::-1]).value == 990 - 500.5
    assert unexpected(np.array([8.0, np.nan, 0.0, 1.0, 3.0])).value == 8 - 3
    assert math.isnan(unexpected(np.array([np.nan])).value)


def test_error_of_the_unexpected_part_is_that_of_quantile_and_mean_together():
    n = 1000
    values = np.arange(1.0, n + 1.0) ** 2
    lower, upper = order_statistic_ranks(n, "0.99")
    slope = n * (lower + upper)  # of i² between two ranks, a path being 1/n
    beyond = slope * (np.arange(1, n + 1) > 990)
    covariance = np.cov(values, beyond)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert unexpected(values).se == pytest.approx(math.sqrt(variance / n), rel=1e-12)


def test_the_unexpected_part_has_no_error_where_too_few_paths_bound_the_quantile():
    assert math.isnan(unexpected(np.arange(367.0)).se)
    assert math.isfinite(unexpected(np.arange(368.0)).se)
    assert unexpected(np.full(1000, 7.5)) == Estimate(0.0, 0.0)


def test_values_that_are_missing_are_left_out_and_reported():
    law = describe(np.array([np.nan, 1.0, 3.0, np.nan]))
    assert (law.n, law.missing, law.mean.value) == (2, 0.5, 2.0)


def test_a_metric_that_no_path_has_is_not_a_number():
    law = describe(np.full(3, np.nan))
    assert (law.n, law.missing) == (0, 1.0)
    assert math.isnan(law.mean.value)
    assert math.isnan(law.quantiles["0.5"].value)


def test_one_path_has_a_mean_without_an_error():
    law = describe(np.array([5.0]))
    assert law.mean.value == 5.0
    assert math.isnan(law.mean.se)
    assert law.es["0.99"].value == 5.0


def test_clopper_pearson_gives_published_bounds():
    # 0 of 20 and 5 of 20: exact binomial tables (Clopper & Pearson 1934)
    assert clopper_pearson(0, 20) == pytest.approx((0.0, 0.168433), abs=5e-7)
    assert clopper_pearson(5, 20) == pytest.approx((0.0865715, 0.4910459), abs=5e-7)
    assert clopper_pearson(20, 20) == pytest.approx((1 - 0.168433, 1.0), abs=5e-7)


def test_probability_counts_ones_among_the_paths_that_have_a_value():
    event = probability(np.array([1.0, 0.0, np.nan, 1.0, 0.0]))
    assert (event.p, event.n, event.missing) == (0.5, 4, 0.2)
    assert event.ci95 == clopper_pearson(2, 4)


def test_ratio_of_sums_and_its_delta_error_by_hand():
    # R = 6/12; residuals N − R D = (0, −1, 1): s² = 1, se = 1/(√3 · 4)
    ratio = ratio_of_sums(np.array([1.0, 1.0, 4.0]), np.array([2.0, 4.0, 6.0]))
    assert ratio.value == 0.5
    assert ratio.se == pytest.approx(1 / (math.sqrt(3) * 4), rel=1e-14)


def test_ratio_of_sums_without_a_denominator_is_not_a_number():
    assert math.isnan(ratio_of_sums(np.zeros(3), np.zeros(3)).value)


def test_a_sum_over_many_chunks_is_the_exact_sum_to_the_last_digits():
    values = np.random.default_rng(2).uniform(-1e8, 1e8, 3 * CHUNK + 17)
    assert fixed_order_sum(values) == pytest.approx(math.fsum(values), rel=1e-15, abs=1e-4)
