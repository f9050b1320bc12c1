"""PD, ρ and persistence of a factor's step: a simulated year is the stated one."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import t as student

import fundsim as fs
from fundsim.lowering import implied_pd, lower
from fundsim.lowering.economy import StepLaw, factors_of, step_persistence
from fundsim.lowering.factor_year import FactorYear
from fundsim.verify.closed_forms import joint_default_probability, student_t_pool
from fundsim.verify.stated_years import ADJACENT, cells, year_figures

STEPS = {"month": 12, "quarter": 4}


# Persistence


@pytest.mark.parametrize("steps", [4, 12])
@pytest.mark.parametrize("yearly", [0.1, 0.5, 0.9, 0.99])
def test_averages_of_a_factor_over_adjacent_years_correlate_as_stated(yearly, steps):
    """By the covariance matrix of two years' steps, written out."""
    step = step_persistence(yearly, steps)
    position = np.arange(2 * steps)
    covariance = step ** np.abs(position[:, None] - position[None, :]).astype(float)
    first, second = np.repeat([1.0, 0.0], steps), np.repeat([0.0, 1.0], steps)
    assert first @ covariance @ second / (first @ covariance @ first) == pytest.approx(yearly, rel=1e-12)


def test_a_persistence_of_a_half_is_0_909_a_month():
    assert step_persistence(0.5, 12) == pytest.approx(0.909, abs=5e-4)
    assert step_persistence(0.5, 1) == 0.5
    assert step_persistence(0.0, 12) == 0.0


def test_simulated_years_of_a_monthly_factor_correlate_as_stated():
    random = np.random.default_rng(11)
    phi, paths = step_persistence(0.5, 12), 200_000
    z = random.standard_normal(paths)
    sums = np.zeros((2, paths))
    for month in range(24):
        sums[month // 12] += z
        z = phi * z + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
    score = np.arctanh(np.corrcoef(sums)[0, 1]) - np.arctanh(0.5)
    assert abs(score) * math.sqrt(paths - 3) < 4.9


# Threshold and ρ


def test_a_year_of_finer_steps_is_the_stated_year():
    """PD to 0.1 %, pairs to 0.5 %, a year apart to 3 % or listed; by another quadrature."""
    found = list(cells(on_tape=False))
    reached = {cell.label: cell.ratios for cell in found if cell.ratios is not None}
    assert len(found) == 96
    assert max(abs(ratio[0] - 1.0) for ratio in reached.values()) < 1e-5
    assert max(abs(ratio[1] - 1.0) for ratio in reached.values()) < 1e-4
    refused = {cell.label for cell in found if cell.ratios is None}
    assert refused == {f"{step}, t with 6 degrees, PD 0.3, ρ 0.02" for step in STEPS}
    far = {label for label, ratio in reached.items() if abs(ratio[2] - 1.0) > ADJACENT}
    assert {label for label in far if "Gaussian" in label} == {
        f"{step}, Gaussian, PD 0.005, ρ 0.5" for step in STEPS
    }
    assert max(abs(ratio[2] - 1.0) for ratio in reached.values()) < 0.1


@pytest.mark.long
def test_a_year_of_loans_from_a_tape_is_the_stated_year():
    found = [cell.ratios for cell in cells(on_tape=True) if cell.ratios is not None]
    assert len(found) == 94
    assert max(abs(ratio[0] - 1.0) for ratio in found) < 1e-3
    assert max(abs(ratio[1] - 1.0) for ratio in found) < 5e-3


@pytest.mark.parametrize("step", ["month", "quarter"])
@pytest.mark.parametrize(("pd", "rho"), [(0.03, 0.08), (0.10, 0.24)])
def test_the_quadrature_is_what_simulated_factor_paths_give(pd, rho, step):
    factors = factors_of(step, 0.5, None, "year")
    law = factors.law(pd, rho)
    mean, se, pair = by_simulation(law, factors.persistence, factors.steps)
    odds = factors.year.odds(law)
    assert abs(odds.default - mean) < 4.9 * se
    assert odds.both_default == pytest.approx(pair, rel=0.03)
    assert abs(pd - mean) < 4.9 * se
    assert joint_default_probability(pd, pd, rho) == pytest.approx(pair, rel=0.03)


def by_simulation(law, phi, steps, degrees=None, paths=400_000):
    """One-year PD with its error, and the probability that both of a pair default, over AR(1) paths."""
    random = np.random.default_rng(5)
    z = random.standard_normal(paths)
    survival = np.ones(paths)
    for step in range(steps):
        if step:
            z = phi * z + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        root = 1.0 if degrees is None else np.sqrt(random.chisquare(degrees, paths) / degrees)
        survival *= ndtr(-(law.threshold * root - math.sqrt(law.rho) * z) / math.sqrt(1.0 - law.rho))
    lost = 1.0 - survival
    return lost.mean(), lost.std() / math.sqrt(paths), (lost**2).mean()


@pytest.mark.parametrize("pd", [1e-12, 1e-9, 0.3, 0.999, 1.0 - 1e-13])
@pytest.mark.parametrize("persistence", [0.0, 0.9])
def test_no_gaussian_case_is_refused(pd, persistence):
    factors = factors_of("quarter", persistence, None, "year")
    for rho in (0.0, 1e-9, 0.3, 0.9):
        law = factors.law(pd, rho)
        assert math.isfinite(law.threshold)
        assert 0.0 <= law.rho < 1.0
        if 1e-9 <= pd <= 0.999:
            assert factors.year.odds(law).default == pytest.approx(pd, rel=1e-8)


def test_a_pd_of_twenty_per_cent_with_a_rho_of_a_half_is_kept():
    """Solving ρ alone made 16.2 % of it."""
    factors = factors_of("month", 0.5, None, "year")
    assert year_figures(factors.law(0.2, 0.5), factors.persistence, 12, None)[0] == pytest.approx(
        0.2, rel=1e-9
    )


def test_a_yearly_factor_keeps_rho_and_pd():
    scenario = fs.load("minimal")
    (segment,) = lower(scenario.set("economy.step", "year")).segments
    stated = scenario.terms.segments["small_firms"]
    assert (segment.rho, segment.pd_annual, segment.threshold) == (stated.rho, stated.pd, None)


def test_a_static_factor_keeps_rho_and_pd():
    (segment,) = lower(fs.load("textbook/t_pool_static")).segments
    stated = next(iter(fs.load("textbook/t_pool_static").terms.segments.values()))
    assert (segment.rho, segment.pd_annual, segment.threshold) == (stated.rho, stated.pd, None)


def test_independent_firms_stay_independent():
    law = factors_of("month", 0.5, None, "year").law(0.03, 0.0)
    assert law.rho == 0.0
    assert 1.0 - (1.0 - ndtr(law.threshold)) ** 12 == pytest.approx(0.03, rel=1e-12)


# Loans of a tape


def test_a_rho_that_rounding_cant_tell_from_0_is_0():
    factors = factors_of("month", 0.5, None, "year")
    assert factors.law(0.03, 1e-300) == StepLaw(factors.natural_threshold(0.03), 0.0)


@pytest.mark.parametrize("rho", ["0.999999", "0.9999999999999999"])
def test_a_rho_next_to_1_needs_no_more_memory_than_there_is(rho):
    """Seen from two yearly steps its firms default together; a year of one step keeps the stated PD."""
    scenario = fs.load("textbook/revolving_pool", overrides=[f"segments.firms.rho={rho}"])
    implied = implied_pd(lower(scenario))["firms"]
    stated = scenario.terms.segments["firms"].pd
    assert implied.mean == pytest.approx(stated, rel=1e-4)
    assert stated < implied.straddling < 2.0 * stated


def test_a_tapes_pds_map_to_the_steps_law_monotonically_and_whatever_their_neighbours_are():
    factors = factors_of("month", 0.5, None, "year")
    pds = np.array([0.001, 0.004, 0.017, 0.05, 0.12, 0.2, 0.35, 0.6])
    threshold, rho = factors.laws(pds, 0.12)
    assert (np.diff(threshold / np.sqrt(1.0 - rho)) > 0.0).all()
    alone, own = factors.laws(np.array([0.2]), 0.12)
    assert (alone[0], own[0]) == (threshold[5], rho[5])
    assert threshold[5] == pytest.approx(factors.law(0.2, 0.12).threshold, abs=1e-6)
    for pd, law in zip(pds, map(StepLaw, threshold.tolist(), rho.tolist()), strict=True):
        assert year_figures(law, factors.persistence, 12, None)[0] == pytest.approx(pd, rel=1e-4)


# What a run reports


def test_a_start_and_a_stress_change_the_pd_on_purpose_and_the_factors_are_simulated():
    scenario = (
        fs.load("minimal")
        .set("economy.start", -1.5)
        .set(
            "economy.stress",
            [
                {"from": "2024-06", "to": "2024-09", "fix": -2.0},
                {"from": "2025-01", "to": "2025-03", "shift": -1.0},
            ],
        )
    )
    scheme = lower(scenario)
    implied = implied_pd(scheme)["small_firms"]
    (segment,) = scheme.segments
    random = np.random.default_rng(3)
    paths, phi = 200_000, scheme.economy.persistence
    z = np.full(paths, -1.5)
    w = random.standard_normal(paths)
    survival = np.ones((3, paths))
    for month in range(36):
        if month:
            z = phi * z + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
            w = phi * w + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        city = np.full(paths, -2.0) if 5 <= month <= 8 else z - (12 <= month <= 14)
        x = math.sqrt(segment.city_weight) * city + math.sqrt(1.0 - segment.city_weight) * w
        survival[month // 12] *= ndtr(
            -(segment.threshold - math.sqrt(segment.rho) * x) / math.sqrt(1.0 - segment.rho)
        )
    lost = 1.0 - survival
    z_scores = (lost.mean(axis=1) - implied.by_year) / (lost.std(axis=1) / math.sqrt(paths))
    assert np.abs(z_scores).max() < 4.9
    assert implied.by_year[0] > 1.5 * segment.pd_annual


@pytest.mark.parametrize(
    ("step", "rho", "pd", "excess"), [("year", 0.08, 0.03, 0.002), ("year", 0.5, 0.2, 0.058)]
)
def test_loans_that_straddle_two_steps_are_reported(step, rho, pd, excess):
    """About +0.2 % of the PD at 3 % and ρ 0.08, +5.8 % at 20 % and 0.5; none by month."""
    scenario = fs.load("minimal").set("segments.small_firms.rho", rho).set("segments.small_firms.pd", pd)
    straddling = implied_pd(lower(scenario.set("economy.step", step)))["small_firms"].straddling
    assert straddling / pd - 1.0 == pytest.approx(excess, rel=0.4)
    assert implied_pd(lower(scenario))["small_firms"].straddling == pytest.approx(pd, rel=1e-9)


def test_rho_horizon_step_leaves_rho_as_it_is_written():
    scenario = fs.load("minimal")
    written = scenario.terms.segments["small_firms"].rho
    (solved,) = lower(scenario).segments
    (kept,) = lower(scenario.set("economy.rho_horizon", "step")).segments
    assert kept.rho == written
    assert kept.threshold is None
    assert (solved.threshold, solved.rho) == factors_of("month", 0.5, None, "year").law(
        solved.pd_annual, written
    )
    assert solved.rho < written
    assert implied_pd(lower(scenario))["small_firms"].mean == pytest.approx(solved.pd_annual, rel=1e-9)
    assert lower(scenario.set("economy.rho_horizon", "step")).economy.persistence == 0.5 ** (1.0 / 12.0)


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


@pytest.mark.parametrize("step", ["month", "quarter"])
@pytest.mark.parametrize(("pd", "rho", "degrees"), [(0.03, 0.08, 6.0), (0.01, 0.15, 4.0)])
def test_pd_and_pairs_of_a_year_are_kept_under_a_t_copula(pd, rho, degrees, step):
    """The yearly law by a third quadrature: the probability of two defaults among two loans."""
    factors = factors_of(step, 0.5, degrees, "year")
    odds = factors.year.odds(factors.law(pd, rho))
    assert odds.default == pytest.approx(pd, rel=1e-8)
    assert odds.both_default == pytest.approx(student_t_pool(2, pd, rho, degrees).probabilities[2], rel=1e-6)


def test_the_quadrature_over_mixing_variables_is_what_simulation_gives():
    factors = factors_of("quarter", 0.5, 5.0, "year")
    law = factors.law(0.03, 0.1)
    mean, se, pair = by_simulation(law, factors.persistence, 4, 5.0)
    assert abs(mean - 0.03) < 4.9 * se
    assert factors.year.odds(law).both_default == pytest.approx(pair, rel=0.03)


def test_an_unsolved_threshold_is_the_quantile_of_the_steps_pd():
    factors = factors_of("quarter", 0.5, 5.0, "step")
    assert factors.law(0.03, 0.1) == (pytest.approx(student.ppf(1.0 - 0.97**0.25, 5.0), rel=1e-9), 0.1)
    plain = factors_of("quarter", 0.5, None, "step")
    assert plain.law(0.03, 0.1).threshold == pytest.approx(ndtri(1.0 - 0.97**0.25), rel=1e-12)


def test_many_degrees_of_freedom_are_the_gaussian_rho():
    many = factors_of("month", 0.5, 1e6, "year").law(0.03, 0.08)
    assert many.rho == pytest.approx(factors_of("month", 0.5, None, "year").law(0.03, 0.08).rho, rel=1e-3)


def test_a_mixing_variable_that_correlates_more_than_wanted_leaves_no_rho():
    with pytest.raises(ValueError, match="degrees of freedom"):
        factors_of("month", 0.5, 3.0, "year").law(0.08, 0.03)


def test_one_step_a_year_is_vasiceks_pair():
    odds = FactorYear(0.0, 1).odds(StepLaw(float(ndtri(0.03)), 0.15))
    assert odds.both_default == pytest.approx(joint_default_probability(0.03, 0.03, 0.15), rel=1e-10)
    assert odds.default + odds.alive == pytest.approx(1.0, abs=1e-14)
