"""Formulas against figures that were printed, or derived by somebody else's program."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

from fundsim.verify import cases
from fundsim.verify.cash_forms import pool_depletion, ruin_probability
from fundsim.verify.closed_forms import (
    LossLaw,
    VasicekLimit,
    basel_risk_weight,
    bivariate_normal_cdf,
    capped_guarantee_payout,
    conditional_pd,
    finite_pool,
    heterogeneous_pool,
    joint_default_probability,
    student_t_pool,
    vintage_default_moments,
    worst_case_default_rate,
)

EXACT = 1e-12


@pytest.mark.parametrize(("key", "rows"), cases.VASICEK_TABLE.items())
def test_quantiles_in_standard_deviations_are_those_of_vasiceks_table(key, rows):
    pd, rho = key
    printed, exact = rows
    limit = VasicekLimit(pd, rho)
    got = [(limit.quantile(level) - pd) / limit.sd for level in cases.VASICEK_TABLE_LEVELS]
    assert got == pytest.approx(exact, rel=EXACT)
    assert got[0] == pytest.approx(printed[0], abs=0.01)
    assert got[1:] == pytest.approx(printed[1:], abs=0.1)


@pytest.mark.parametrize(("key", "figures"), cases.LIMIT_LAWS.items())
def test_limit_law_has_the_derived_deviation_and_quantiles(key, figures):
    limit = VasicekLimit(*key)
    got = [limit.sd, *(limit.quantile(level) for level in (0.95, 0.99, 0.995, 0.999, 0.9999))]
    assert got == pytest.approx(figures, abs=EXACT)
    assert limit.mean == key[0]
    for level in (0.5, 0.99, 0.9999):
        assert limit.cdf(limit.quantile(level)) == pytest.approx(level, abs=EXACT)


def test_worst_case_default_rate_is_hulls():
    assert round(worst_case_default_rate(0.02, 0.1, 0.999), 3) == 0.128


@pytest.mark.parametrize("column", cases.BASEL_RISK_WEIGHTS, ids=lambda c: f"{c.exposure}-{c.lgd}")
def test_risk_weights_are_those_of_basel_ii_annex_5(column):
    for pd, printed in zip(cases.BASEL_PDS, column.risk_weights_percent, strict=True):
        got = basel_risk_weight(pd, column.lgd, column.exposure, turnover_million=column.turnover_million)
        assert got == pytest.approx(printed, abs=0.006)


def test_the_annex_has_ninety_six_entries():
    assert sum(len(column.risk_weights_percent) for column in cases.BASEL_RISK_WEIGHTS) == 96


@pytest.mark.parametrize("pool", cases.FINITE_POOLS, ids=lambda pool: f"n={pool.n_loans}")
def test_finite_pool_is_the_exact_mixture_of_binomials(pool):
    law = finite_pool(pool.n_loans, pool.pd, pool.rho)
    assert law.mean == pytest.approx(pool.n_loans * pool.pd, rel=EXACT)
    assert law.sd == pytest.approx(pool.sd, rel=EXACT)
    assert (law.quantile(0.99), law.quantile(0.999)) == (pool.q99, pool.q999)
    assert law.expected_shortfall(0.99) == pytest.approx(pool.es99, rel=EXACT)
    assert law.probabilities[0] == pytest.approx(pool.p_none, rel=EXACT)
    assert law.cdf[pool.q99] == pytest.approx(pool.cdf_at_q99, abs=EXACT)
    assert law.cdf[pool.q99 - 1] == pytest.approx(pool.cdf_below_q99, abs=EXACT)


def test_student_t_pool_is_the_two_dimensional_quadrature():
    case = cases.STUDENT_POOL
    law = student_t_pool(case.n_loans, case.pd, case.rho, case.degrees)
    assert (law.quantile(0.99), law.quantile(0.999)) == (case.q99, case.q999)
    got = (law.sd, law.expected_shortfall(0.99), law.probabilities[0], law.cdf[case.q99])
    expected = (case.sd, case.es99, case.p_none, case.cdf_at_q99)
    assert got == pytest.approx(expected, rel=1e-9)
    # The law of the marginal is ours to a finer tolerance than that quadrature's.
    assert law.mean == pytest.approx(case.n_loans * case.pd, rel=EXACT)


def test_heterogeneous_pool_is_the_recursion_of_andersen_sidenius_and_basu():
    case = cases.HETEROGENEOUS
    numbers = range(1, 101)
    pds = [0.01 * (1.0 + math.sin(16.0 * math.pi * k / 100.0)) for k in numbers]
    units = [math.ceil(5 * k / 100) ** 2 for k in numbers]
    law = heterogeneous_pool(pds, units, case.rho)
    assert law.probabilities.size == 1101
    assert (law.mean, law.sd) == pytest.approx((case.mean, case.sd), rel=EXACT)
    assert (law.quantile(0.99), law.quantile(0.999)) == (case.q99, case.q999)
    for level, probability in case.beyond.items():
        assert law.tail(level) == pytest.approx(probability, abs=EXACT)
    for (attach, detach), expected in case.tranches.items():
        assert law.tranche(attach, detach) == pytest.approx(expected, rel=EXACT)


def test_the_recursion_reduces_to_the_binomial_mixture_for_equal_loans():
    recursion = heterogeneous_pool([0.02] * 40, [1] * 40, 0.15).probabilities
    assert recursion == pytest.approx(finite_pool(40, 0.02, 0.15).probabilities, abs=EXACT)


@pytest.mark.parametrize(("key", "expected"), cases.JOINT_DEFAULTS.items())
def test_joint_default_probability_is_the_bivariate_normal(key, expected):
    assert joint_default_probability(*key) == pytest.approx(expected, rel=EXACT)


def test_pool_depletion_is_the_dynamic_programmes():
    got = pool_depletion(n_loans=100, monthly_pd=0.01, opening=30, months=36, injections={12: 10, 24: 10})
    expected = cases.POOL_DEPLETION
    assert got == pytest.approx(
        (expected["p_depleted"], expected["unpaid"], expected["end_balance"]), rel=EXACT
    )


@pytest.mark.parametrize(("key", "expected"), cases.RUIN.items())
def test_ruin_probability_is_asmussens(key, expected):
    got = [ruin_probability(*key, horizon) for horizon in cases.RUIN_HORIZONS]
    assert got == pytest.approx(expected, abs=EXACT)


def _expectation(function):
    """E[f(X)] of a standard normal X, by a trapezoid written here."""
    nodes = np.linspace(-12.0, 12.0, 200_001)
    return float(np.exp(-0.5 * nodes**2) @ function(nodes) * (nodes[1] - nodes[0]) / math.sqrt(2.0 * math.pi))


@pytest.mark.parametrize(("share", "cap", "lgd"), [(0.5, 0.2, 1.0), (0.8, 0.05, 0.6), (0.7, 0.65, 0.6)])
def test_capped_guarantee_payout_is_the_integral_of_its_definition(share, cap, lgd):
    got = capped_guarantee_payout(share, cap, 0.03, 0.12, lgd)
    by_definition = _expectation(lambda x: share * np.minimum(lgd * conditional_pd(0.03, 0.12, x), cap))
    assert got == pytest.approx(by_definition, abs=1e-9)


def test_expected_shortfall_of_the_limit_is_the_mean_of_its_quantiles():
    limit = VasicekLimit(0.03, 0.12)
    levels = 0.99 + 0.01 * (np.arange(100_000) + 0.5) / 100_000
    quantiles = conditional_pd(0.03, 0.12, -ndtri(levels))
    assert limit.expected_shortfall(0.99) == pytest.approx(quantiles.mean(), rel=1e-6)


def test_expected_shortfall_of_two_fair_coins_by_hand():
    law = LossLaw(np.array([0.25, 0.5, 0.25]))
    # The worst 40 %: 25 points at 2 and 15 points at 1.
    assert law.expected_shortfall(0.6) == pytest.approx((0.25 * 2 + 0.15 * 1) / 0.4, abs=EXACT)
    assert law.quantile(0.6) == 1


def test_bivariate_normal_has_its_known_values():
    assert bivariate_normal_cdf(0.0, 0.0, 0.5) == pytest.approx(1.0 / 3.0, abs=EXACT)
    assert bivariate_normal_cdf(-1.0, 0.7, 0.0) == pytest.approx(
        0.5 * math.erfc(1.0 / math.sqrt(2.0)) * 0.5 * math.erfc(-0.7 / math.sqrt(2.0)), abs=EXACT
    )


def test_one_vintage_has_the_moments_of_the_finite_pool():
    mean, sd = vintage_default_moments(n_loans=100, n_vintages=1, pd=0.02, rho=0.15, persistence=0.5)
    law = finite_pool(100, 0.02, 0.15)
    assert (mean, sd) == pytest.approx((law.mean / 100, law.sd / 100), rel=EXACT)


def test_vintages_of_a_frozen_factor_are_one_larger_vintage():
    three = vintage_default_moments(n_loans=10**9, n_vintages=3, pd=0.03, rho=0.08, persistence=1.0)
    limit = VasicekLimit(0.03, 0.08)
    assert three == pytest.approx((3 * limit.mean, 3 * limit.sd), rel=1e-7)


@pytest.mark.parametrize("cell", cases.FIFTEEN_CELLS, ids=lambda c: f"{c.share}-{c.pd}-{c.rho}")
def test_mean_of_the_sizing_table_is_three_pd_leverage_share(cell):
    mean, _ = vintage_default_moments(n_loans=3000, n_vintages=3, pd=cell.pd, rho=cell.rho, persistence=0.5)
    assert round(10.0 * cell.share * mean, 3) == cell.mean
