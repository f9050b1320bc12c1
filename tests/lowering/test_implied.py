"""The PDs that a start and a stress imply, over the whole range that scenarios may state."""

import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import t as student

import fundsim as fs
from fundsim.lowering import implied_pd, lower

EXTREMES = (-100.0, -36.0, -20.0, -12.0, 12.0, 15.0, 20.0, 36.0, 99.0, 100.0)
PD, RHO, WEIGHT = 0.03, 0.1, 0.6


def scenario_of(step="year", rho=RHO, persistence=0.5, **economy):
    """Return a scenario of one segment with a city factor and a sector's."""
    scenario = fs.load("minimal").set("economy.step", step).set("economy.persistence", persistence)
    for key, value in economy.items():
        scenario = scenario.set(f"economy.{key}", value)
    for key, value in {"pd": PD, "rho": rho, "sector": "trade", "city_weight": WEIGHT}.items():
        scenario = scenario.set(f"segments.small_firms.{key}", value)
    return scenario


def implied(scenario):
    """Return the PDs of the policy years."""
    return implied_pd(lower(scenario))["small_firms"].by_year


def given_city(mean, variance, rho):
    """Return the PD where the city factor is normal with a mean and a variance: Vasicek's, integrated."""
    threshold = float(student.ppf(PD, math.inf))
    spread = 1.0 - rho * WEIGHT * (1.0 - variance)
    return float(ndtr((threshold - math.sqrt(rho * WEIGHT) * mean) / math.sqrt(spread)))


@pytest.mark.parametrize("start", EXTREMES)
@pytest.mark.parametrize(("rho", "persistence"), [(0.0005, 0.5), (RHO, 0.9), (RHO, 0.99)])
def test_with_a_yearly_step_the_pd_after_a_start_has_a_closed_form(rho, persistence, start):
    """Z in year k is N(φᵏ start, 1 − φ²ᵏ), and the normal integral of a normal law is one."""
    found = implied(scenario_of(rho=rho, persistence=persistence, start=start))
    wanted = [
        given_city(persistence**k * start, 1.0 - persistence ** (2 * k), rho) for k in range(len(found))
    ]
    assert found == pytest.approx(wanted, rel=1e-3, abs=1e-12)


def test_the_extreme_starts_are_tested_where_the_pd_is_neither_0_nor_1():
    """With ρ 0.0005 a start of ±100 is a bad or a good year, and not more."""
    assert 1e-4 < given_city(100.0, 0.0, 0.0005) < 0.01
    assert 0.3 < given_city(-100.0, 0.0, 0.0005) < 0.5


def by_simulation(scenario, paths=50_000):
    """Return mean one-year PDs of the policy years over AR(1) paths, and their standard errors."""
    scheme = lower(scenario)
    economy, (segment,) = scheme.economy, scheme.segments
    random, phi, n = np.random.default_rng(17), economy.persistence, economy.step_months
    months = scheme.window.months
    city = random.standard_normal(paths) if economy.start is None else np.full(paths, economy.start)
    sector = random.standard_normal(paths)
    survival = np.ones((months // 12, paths))
    for month in range(months):
        if month and month % n == 0:
            city = phi * city + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
            sector = phi * sector + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        if month % n == 0:
            degrees = economy.t_degrees
            root = 1.0 if degrees is None else np.sqrt(random.chisquare(degrees, paths) / degrees)
        z = city + (economy.shift[month] if economy.shift else 0.0)
        if economy.fixed and not math.isnan(economy.fixed[month]):
            z = np.full(paths, economy.fixed[month])
        x = math.sqrt(WEIGHT) * z + math.sqrt(1.0 - WEIGHT) * sector
        score = (segment.threshold * root - math.sqrt(segment.rho) * x) / math.sqrt(1.0 - segment.rho)
        survival[month // 12] *= ndtr(-score) ** (1.0 / n)
    lost = 1.0 - survival
    return lost.mean(axis=1), lost.std(axis=1) / math.sqrt(paths)


@pytest.mark.parametrize(
    ("step", "rho", "persistence", "start", "degrees"),
    [
        ("month", 0.0005, 0.5, -100.0, None),
        ("month", 0.0005, 0.99, 100.0, None),
        ("month", 0.02, 0.5, -36.0, None),
        ("month", RHO, 0.9, -12.0, None),
        ("month", RHO, 0.99, -15.0, None),
        ("quarter", 0.01, 0.9, -20.0, None),
        ("quarter", 0.02, 0.5, -36.0, 200.0),
    ],
)
def test_with_a_finer_step_it_is_what_simulated_factors_give(step, rho, persistence, start, degrees):
    scenario = scenario_of(step, rho, persistence, start=start, t_degrees=degrees)
    mean, se = by_simulation(scenario)
    assert np.all(np.abs(implied(scenario) - mean) < 4.9 * se + 1e-4 * mean)


@pytest.mark.parametrize("value", [-100.0, -60.0, 60.0, 100.0])
@pytest.mark.parametrize("rho", [0.0005, 0.005])
def test_a_stress_far_from_0_counts_in_full(rho, value):
    """A year at a fixed factor, and a year shifted: beyond 40 survival was that at 40."""
    fixed = [{"from": "2024-01", "to": "2024-12", "fix": value}]
    shifted = [{"from": "2024-01", "to": "2024-12", "shift": value}]
    assert implied(scenario_of(rho=rho, stress=fixed))[0] == pytest.approx(
        given_city(value, 0.0, rho), rel=1e-3
    )
    assert implied(scenario_of(rho=rho, stress=shifted))[0] == pytest.approx(
        given_city(value, 1.0, rho), rel=1e-3
    )


def test_shifts_add_up_beyond_the_range_of_one():
    both = [{"from": "2024-01", "to": "2024-12", "shift": 100.0}] * 3
    found = implied(scenario_of(rho=0.0005, stress=both))[0]
    assert found == pytest.approx(given_city(300.0, 1.0, 0.0005), rel=1e-3)


@pytest.mark.parametrize("degrees", [None, 200.0])
def test_months_of_a_step_that_a_stress_treats_differently(degrees):
    stress = [
        {"from": "2024-03", "to": "2024-08", "fix": -70.0},
        {"from": "2025-02", "to": "2025-03", "shift": -50.0},
        {"from": "2025-03", "to": "2025-05", "shift": -50.0},
    ]
    scenario = scenario_of("quarter", 0.005, 0.5, stress=stress, t_degrees=degrees)
    mean, se = by_simulation(scenario)
    assert np.all(np.abs(implied(scenario) - mean) < 4.9 * se + 1e-4 * mean)


@pytest.mark.parametrize("start", [None, -2.0, 50.0])
def test_a_static_factor_has_the_index_of_its_first_month(start):
    """For the whole path: also its start and its stress are those of month 0."""
    scenario = fs.load("textbook/t_pool_static").set("economy.t_degrees", None).set("economy.start", start)
    (name,) = scenario.terms.segments
    rho = 0.002
    for key, value in {"pd": PD, "rho": rho, "sector": "trade", "city_weight": WEIGHT}.items():
        scenario = scenario.set(f"{name}.{key}", value)
    first = scenario.terms.window.start
    mean, variance = (0.0, 1.0) if start is None else (start, 0.0)
    for stress, wanted in (
        ([], given_city(mean, variance, rho)),
        ([{"from": first, "to": first, "shift": -30.0}], given_city(mean - 30.0, variance, rho)),
        ([{"from": first, "to": first, "fix": 30.0}], given_city(30.0, 0.0, rho)),
    ):
        found = implied_pd(lower(scenario.set("economy.stress", stress)))[name]
        assert found.by_year[0] == pytest.approx(wanted, rel=1e-3)
        assert found.straddling == PD


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("step", ["month", "quarter", "year"])
def test_no_start_and_no_stress_of_the_documented_range_gives_no_number(step, persistence):
    for value in (-100.0, 15.0):
        stress = [{"from": "2024-02", "to": "2025-01", "shift": value}]
        for economy in ({"start": value}, {"start": -value, "stress": stress}):
            found = implied(scenario_of(step, persistence=persistence, **economy))
            assert all(0.0 <= pd <= 1.0 for pd in found), (value, economy)
