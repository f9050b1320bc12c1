"""ρ at the one-year horizon, and the yearly PD that a finer step implies."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import t as student

import fundsim as fs
from fundsim.lowering import implied_pd, lower
from fundsim.lowering.economy import default_correlation, implied_annual_pd, one_year_correlation, step_rho
from fundsim.verify.closed_forms import joint_default_probability, student_t_pool


@pytest.mark.parametrize(("yearly", "monthly"), [(0.03, 0.0205), (0.08, 0.055), (0.15, 0.103)])
def test_monthly_correlations_are_those_of_the_definitions(yearly, monthly):
    """At PD 3 % and φ = 0.5: about 0.0205, 0.055 and 0.103."""
    assert step_rho(0.03, yearly, 1, 0.5) == pytest.approx(monthly, rel=0.015)


@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize(("pd", "rho"), [(0.03, 0.03), (0.03, 0.15), (0.10, 0.2), (0.005, 0.1)])
def test_the_one_year_default_correlation_of_a_pair_is_kept(pd, rho, step):
    solved = step_rho(pd, rho, step, 0.5)
    joint = joint_default_probability(pd, pd, rho)
    wanted = (joint - pd * pd) / (pd * (1.0 - pd))
    assert default_correlation(pd, rho) == pytest.approx(wanted, rel=1e-9)
    assert one_year_correlation(pd, solved, step, 0.5) == pytest.approx(wanted, rel=1e-7)


def by_simulation(pd, rho, step, persistence, paths=400_000):
    """One-year PD and default correlation of a pair over AR(1) paths of the factor."""
    random = np.random.default_rng(5)
    phi = persistence ** (step / 12)
    q = 1.0 - (1.0 - pd) ** (step / 12)
    z = random.standard_normal(paths)
    survival = np.ones(paths)
    for j in range(12 // step):
        if j:
            z = phi * z + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        survival *= 1.0 - ndtr((ndtri(q) - math.sqrt(rho) * z) / math.sqrt(1.0 - rho))
    lost = 1.0 - survival
    mean = lost.mean()
    return mean, lost.std() / math.sqrt(paths), (lost.var()) / (mean * (1.0 - mean))


@pytest.mark.parametrize("step", [1, 3])
def test_the_quadrature_over_factor_paths_is_what_simulation_gives(step):
    mean, se, correlation = by_simulation(0.03, 0.1, step, 0.5)
    assert abs(implied_annual_pd(0.03, 0.1, step, 0.5) - mean) < 4.9 * se
    assert one_year_correlation(0.03, 0.1, step, 0.5) == pytest.approx(correlation, rel=0.02)


@pytest.mark.parametrize(("rho", "least", "most"), [(0.03, 0.0015, 0.0025), (0.15, 0.012, 0.0145)])
def test_the_one_year_pd_of_monthly_factors_is_a_little_lower(rho, least, most):
    """0.2 … 1.4 % in relative terms over ρ = 0.03 … 0.15."""
    solved = step_rho(0.03, rho, 1, 0.5)
    shortfall = 1.0 - implied_annual_pd(0.03, solved, 1, 0.5) / 0.03
    assert least < shortfall < most


@pytest.mark.parametrize("step", [0, 12])
def test_a_yearly_and_a_static_factor_keep_rho_and_pd(step):
    assert step_rho(0.03, 0.12, step, 0.5) == 0.12
    assert implied_annual_pd(0.03, 0.12, step, 0.5) == 0.03


def test_independent_firms_stay_independent():
    assert step_rho(0.03, 0.0, 1, 0.5) == 0.0
    assert implied_annual_pd(0.03, 0.0, 1, 0.5) == pytest.approx(0.03, rel=1e-12)


def test_rho_horizon_step_leaves_rho_as_it_is_written():
    scenario = fs.load("minimal")
    written = scenario.terms.segments["small_firms"].rho
    (solved,) = lower(scenario).segments
    (kept,) = lower(scenario.set("economy.rho_horizon", "step")).segments
    assert kept.rho == written
    assert solved.rho == step_rho(solved.pd_annual, written, 1, 0.5) < written
    assert implied_pd(lower(scenario))["small_firms"] < solved.pd_annual


def test_stresses_become_shifts_and_fixed_values_by_month():
    scenario = fs.load("minimal").set(
        "economy.stress",
        [
            {"from": "2024-03", "to": "2024-05", "shift": -1.0},
            {"from": "2024-05", "to": "2024-06", "shift": -0.5},
            {"from": "2026-12", "to": "2035-01", "fix": -2.0},
        ],
    )
    scheme = lower(scenario)
    shift, fixed = scheme.economy.shift, scheme.economy.fixed
    assert len(shift) == len(fixed) == scheme.window.total
    assert shift[:8] == (0.0, 0.0, -1.0, -1.0, -1.5, -0.5, 0.0, 0.0)
    assert [month for month, value in enumerate(fixed) if not math.isnan(value)] == list(
        range(35, scheme.window.total)
    )
    assert lower(fs.load("minimal")).economy.shift == ()


# The same under a Student-t copula


@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize(("pd", "rho", "degrees"), [(0.03, 0.08, 6.0), (0.03, 0.0, 10.0), (0.01, 0.15, 4.0)])
def test_the_one_year_default_correlation_is_kept_under_a_t_copula(pd, rho, degrees, step):
    """The yearly law by its own quadrature: the variance of two defaults among two loans."""
    pair = student_t_pool(2, pd, rho, degrees).probabilities
    wanted = (pair[2] - pd * pd) / (pd * (1.0 - pd))
    solved = step_rho(pd, rho, step, 0.5, degrees)
    assert default_correlation(pd, rho, degrees) == pytest.approx(wanted, rel=1e-8)
    assert one_year_correlation(pd, solved, step, 0.5, degrees) == pytest.approx(wanted, rel=1e-7)


def test_the_quadrature_over_mixing_variables_is_what_simulation_gives():
    random = np.random.default_rng(6)
    paths, degrees, rho = 400_000, 5.0, 0.1
    phi = 0.5**0.25
    threshold = student.ppf(1.0 - 0.97**0.25, degrees)
    z = random.standard_normal(paths)
    survival = np.ones(paths)
    for quarter in range(4):
        if quarter:
            z = phi * z + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        root = np.sqrt(random.chisquare(degrees, paths) / degrees)
        survival *= 1.0 - ndtr((threshold * root - math.sqrt(rho) * z) / math.sqrt(1.0 - rho))
    lost = 1.0 - survival
    mean = lost.mean()
    assert abs(implied_annual_pd(0.03, rho, 3, 0.5, degrees) - mean) < 4.9 * lost.std() / math.sqrt(paths)
    correlation = lost.var() / (mean * (1.0 - mean))
    assert one_year_correlation(0.03, rho, 3, 0.5, degrees) == pytest.approx(correlation, rel=0.02)


def test_many_degrees_of_freedom_are_the_gaussian_rho():
    assert step_rho(0.03, 0.08, 1, 0.5, 1e6) == pytest.approx(step_rho(0.03, 0.08, 1, 0.5), rel=1e-3)


def test_a_mixing_variable_that_correlates_more_than_wanted_leaves_no_rho():
    with pytest.raises(ValueError, match="degrees of freedom"):
        step_rho(0.08, 0.03, 1, 0.5, 3.0)
