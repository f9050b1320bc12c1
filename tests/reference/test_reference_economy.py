"""The economy of the SimPy engine: shared factors, and the risk that loans feel."""

import math

import numpy as np
import pytest
from numpy.random import Philox
from scipy import stats
from scipy.special import ndtr, ndtri

from fundsim.reference import engine
from fundsim.reference.economy import draw_factors, segment_risk, shared_normal, shared_uniform
from fundsim.reference.loan import loss_given_default
from fundsim.scheme import Economy, Lgd, Purpose, entity, record_names
from fundsim.scheme.draws import CITY, sector_entity
from fundsim.verify.closed_forms import finite_pool, vintage_default_moments
from fundsim.verify.schemes import capped_pool, segment, static_pool

Z_LIMIT = 4.9
"""Two-sided false alarm of one comparison: 1e-6."""


def test_innovation_is_word_zero_of_the_block_at_its_counter():
    number = entity(CITY)
    # The word that numpy's stream gives after one step from the block before.
    words = Philox(
        key=np.array([7, 11], dtype=np.uint64), counter=(5 << 128) + (number << 64) - 1 + (1 << 192)
    )
    word = int(words.random_raw(4)[0])
    expected = float(ndtri(((word >> 12) + 0.5) / 2.0**52))
    assert Purpose.FACTOR == 1
    assert shared_normal(7, 11, number, 5) == expected


def test_innovations_of_paths_months_and_factors_are_independent_standard_normals():
    draws = [
        [shared_normal(1, path, number, month) for number in (entity(CITY), sector_entity("trade"))]
        + [shared_normal(1, path, entity(CITY), month + 12), shared_normal(2, path, entity(CITY), month)]
        for path in range(500)
        for month in (0, 12)
    ]
    table = np.array(draws)
    n = len(table)
    assert np.abs(table.mean(axis=0)).max() < Z_LIMIT / math.sqrt(n)
    assert np.abs(table.var(axis=0) - 1.0).max() < Z_LIMIT * math.sqrt(2.0 / n)
    correlation = np.corrcoef(table[::2], rowvar=False) - np.eye(4)
    assert np.abs(correlation).max() < Z_LIMIT / math.sqrt(n / 2)


def test_factor_keeps_its_value_through_a_step_and_follows_the_recursion():
    economy = Economy(step_months=3, persistence=0.5)
    z = draw_factors(economy, 12, seed=1, path=4).city
    phi = 0.5
    epsilon = [shared_normal(1, 4, entity(CITY), month) for month in (0, 3, 6, 9)]
    expected = epsilon[:1]
    for innovation in epsilon[1:]:
        expected.append(phi * expected[-1] + math.sqrt(1.0 - phi * phi) * innovation)
    assert z == [value for value in expected for _ in range(3)]


def test_start_shift_and_fixed_months_overlay_the_city_factor_only():
    plain = Economy(
        step_months=1, persistence=0.6, sectors=("a", "b"), sector_correlation=((1.0, 0.3), (0.3, 1.0))
    )
    stressed = Economy(
        step_months=1,
        persistence=0.6,
        sectors=("a", "b"),
        sector_correlation=((1.0, 0.3), (0.3, 1.0)),
        shift=(0.0, -2.0, -2.0),
        fixed=(math.nan, math.nan, -3.0),
    )
    before, after = draw_factors(plain, 6, 1, 0), draw_factors(stressed, 6, 1, 0)
    assert after.sectors == before.sectors
    assert after.city[1] == before.city[1] - 2.0
    assert after.city[2] == -3.0
    assert (after.city[0], after.city[3:]) == (before.city[0], before.city[3:])


def test_given_start_replaces_the_first_step_and_is_then_forgotten():
    start = Economy(step_months=12, persistence=0.5, start=-1.5)
    free = Economy(step_months=12, persistence=0.5)
    started, drawn = draw_factors(start, 36, 1, 0).city, draw_factors(free, 36, 1, 0).city
    assert started[:12] == [-1.5] * 12
    assert drawn[12] - started[12] == pytest.approx(0.5 * (drawn[0] + 1.5))


def test_sector_factors_have_the_given_correlation():
    matrix = ((1.0, 0.6), (0.6, 1.0))
    economy = Economy(step_months=12, persistence=0.5, sectors=("a", "b"), sector_correlation=matrix)
    n = 3000
    last = np.array(
        [[w[-1] for w in draw_factors(economy, 24, 1, path).sectors.values()] for path in range(n)]
    )
    score = np.arctanh(np.corrcoef(last, rowvar=False)[0, 1]) - np.arctanh(0.6)
    assert abs(score) * math.sqrt(n - 3) < Z_LIMIT


def test_hazard_of_a_step_is_vasiceks_conditional_pd_spread_over_its_months():
    firms = segment(pd_annual=0.03, rho=0.12, principal=1.0, lgd=1.0)
    economy = Economy(step_months=3, persistence=0.5)
    factors = draw_factors(economy, 12, 1, 0)
    risk = segment_risk(firms, economy, factors, 12)
    q = 1.0 - 0.97**0.25
    conditional = ndtr((ndtri(q) - math.sqrt(0.12) * factors.city[3]) / math.sqrt(0.88))
    assert math.exp(-(risk.cumulative[6] - risk.cumulative[3])) == pytest.approx(1.0 - conditional, rel=1e-13)
    assert risk.past_monthly == pytest.approx(-math.log(0.97) / 12.0)


def test_static_economy_joins_default_times_by_age():
    firms = segment(pd_annual=0.03, rho=0.12, principal=1.0, lgd=1.0)
    economy = Economy(step_months=0, persistence=0.0)
    factors = draw_factors(economy, 24, 1, 0)
    risk = segment_risk(firms, economy, factors, 24)
    by_eighteen_months = 1.0 - 0.97**1.5
    expected = ndtr((ndtri(by_eighteen_months) - math.sqrt(0.12) * factors.city[0]) / math.sqrt(0.88))
    assert -math.expm1(-risk.cumulative[18]) == pytest.approx(expected, rel=1e-12)
    assert factors.city == [factors.city[0]] * 24


def test_a_loan_fails_where_its_clock_runs_out():
    firms = segment(pd_annual=0.03, rho=0.0, principal=1.0, lgd=1.0)
    economy = Economy(step_months=12, persistence=0.0)
    risk = segment_risk(firms, economy, draw_factors(economy, 24, 1, 0), 24)
    month = -math.log(0.97) / 12.0
    # Granted at the end of month 4: months 5, 6, 7 carry three months of hazard.
    assert risk.months_survived(4, 0, 0.5 * month) == 1
    assert risk.months_survived(4, 0, 2.5 * month) == 3
    assert risk.months_survived(-1, 6, 2.5 * month) == 3
    assert risk.hazard(-1, 6, 2) == pytest.approx(9.0 * month)


def test_beta_lgd_keeps_its_law_and_is_worse_in_bad_years():
    law = Lgd(mean=0.45, sd=0.2, factor_correlation=0.3)
    random = np.random.default_rng(5)
    n = 4000
    index = random.standard_normal(n)
    lgd = np.array([loss_given_default(law, float(x), random) for x in index])
    a, b = 0.45 * (0.45 * 0.55 / 0.04 - 1.0), 0.55 * (0.45 * 0.55 / 0.04 - 1.0)
    assert stats.kstest(lgd, stats.beta(a, b).cdf).pvalue > 1e-6
    scores = ndtri(stats.beta(a, b).cdf(lgd))
    slope = -(scores * index).mean()
    assert abs(slope - math.sqrt(0.3)) < Z_LIMIT * 1.4 / math.sqrt(n)


@pytest.mark.parametrize(("n_loans", "pd", "rho"), [(10, 0.1, 0.2), (100, 0.02, 0.15)])
def test_defaults_of_one_year_have_vasiceks_finite_pool_law(n_loans, pd, rho):
    scheme = static_pool(n_loans=n_loans, pd_annual=pd, rho=rho)
    n = 6000 if n_loans == 10 else 1500
    block = engine(scheme, ()).run(20150101, 0, n)
    defaults = block.snapshots[:, -1, record_names(scheme).all.index("book/loans/firms/n_defaulted")]
    law = finite_pool(n_loans, pd, rho)
    assert abs(defaults.mean() - law.mean) < Z_LIMIT * law.sd / math.sqrt(n)
    for level in (0, law.quantile(0.9) - 1):
        p = law.cdf[level]
        assert abs((defaults <= level).mean() - p) < Z_LIMIT * math.sqrt(p * (1.0 - p) / n)


def test_claims_of_three_yearly_vintages_have_their_exact_moments():
    scheme = capped_pool(share=0.5, pd_annual=0.05, rho=0.15, n_loans=60)
    n = 1500
    block = engine(scheme, ()).run(7, 0, n)
    due = block.snapshots[:, -1, record_names(scheme).all.index("contract/pool/due")] / 5.0
    mean, sd = vintage_default_moments(n_loans=60, n_vintages=3, pd=0.05, rho=0.15, persistence=0.5)
    assert abs(due.mean() - mean) < Z_LIMIT * sd / math.sqrt(n)
    squares = (due - mean) ** 2
    assert abs(squares.mean() - sd * sd) < Z_LIMIT * squares.std() / math.sqrt(n)


def test_mixing_variable_of_a_step_is_chi_squared_by_inversion_at_its_own_counter():
    economy = Economy(step_months=3, persistence=0.5, t_degrees=4.0)
    mixing = draw_factors(economy, 12, seed=1, path=4).mixing
    for month in (0, 3, 6, 9):
        u = shared_uniform(1, 4, Purpose.MIXING, entity("economy.mixing"), month)
        assert mixing[month : month + 3] == [pytest.approx(stats.chi2(4.0).ppf(u) / 4.0, rel=1e-12)] * 3
    # It moves no factor.
    plain = draw_factors(Economy(step_months=3, persistence=0.5), 12, seed=1, path=4)
    assert draw_factors(economy, 12, seed=1, path=4).city == plain.city
    assert plain.mixing == [1.0] * 12


def test_hazard_under_a_t_copula_is_the_mixtures_conditional_pd():
    firms = segment(pd_annual=0.03, rho=0.12, principal=1.0, lgd=1.0)
    economy = Economy(step_months=12, persistence=0.5, t_degrees=5.0)
    factors = draw_factors(economy, 24, 1, 0)
    risk = segment_risk(firms, economy, factors, 24)
    threshold = stats.t(5.0).ppf(0.03) * math.sqrt(factors.mixing[12])
    conditional = ndtr((threshold - math.sqrt(0.12) * factors.city[12]) / math.sqrt(0.88))
    assert -math.expm1(-(risk.cumulative[24] - risk.cumulative[12])) == pytest.approx(conditional, rel=1e-12)
    assert risk.past_monthly == pytest.approx(-math.log(0.97) / 12.0)


@pytest.mark.parametrize("degrees", [None, 4.0])
def test_firms_without_risk_have_no_hazard_under_any_copula(degrees):
    firms = segment(pd_annual=0.0, rho=0.12, principal=1.0, lgd=1.0)
    economy = Economy(step_months=12, persistence=0.5, t_degrees=degrees)
    assert segment_risk(firms, economy, draw_factors(economy, 24, 1, 0), 24).cumulative[-1] == 0.0


def test_t_copula_keeps_the_unconditional_pd():
    firms = segment(pd_annual=0.05, rho=0.2, principal=1.0, lgd=1.0)
    economy = Economy(step_months=12, persistence=0.0, t_degrees=4.0)
    n = 4000
    defaults = []
    for path in range(n):
        risk = segment_risk(firms, economy, draw_factors(economy, 12, 3, path), 12)
        defaults.append(-math.expm1(-risk.cumulative[12]))
    assert abs(np.mean(defaults) - 0.05) < Z_LIMIT * np.std(defaults) / math.sqrt(n)


def test_static_t_copula_joins_default_times_by_age_under_one_mixing_variable():
    firms = segment(pd_annual=0.03, rho=0.12, principal=1.0, lgd=1.0)
    economy = Economy(step_months=0, persistence=0.0, t_degrees=4.0)
    factors = draw_factors(economy, 24, 1, 0)
    risk = segment_risk(firms, economy, factors, 24)
    threshold = stats.t(4.0).ppf(1.0 - 0.97**1.5) * math.sqrt(factors.mixing[0])
    expected = ndtr((threshold - math.sqrt(0.12) * factors.city[0]) / math.sqrt(0.88))
    assert -math.expm1(-risk.cumulative[18]) == pytest.approx(expected, rel=1e-12)
    assert len(set(factors.mixing)) == 1
