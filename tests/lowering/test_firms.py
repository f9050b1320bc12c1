"""Screening and populations: the PD of those accepted, firms by age, and how both reach the scheme."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

import fundsim as fs
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.lowering.firms import accepted_pd, lower_population
from fundsim.scenario.terms import Population
from fundsim.scheme import Population as PopulationOfScheme

SAIC = ("1.6%", "6.3%", "9.5%", "8%", "8%", "8%", "8%", "6%")
"""Exit rates by age: peak in the third year, 8 % to the seventh, less then."""


def test_a_score_without_information_and_a_screening_that_refuses_nobody_leave_the_pd():
    assert accepted_pd(0.03, 0.0, 0.4) == 0.03
    assert accepted_pd(0.03, 0.6, 0.0) == 0.03


@pytest.mark.parametrize(("pd", "ratio", "rejected"), [(0.03, 0.5, 0.2), (0.08, 0.75, 0.5), (0.01, 0.2, 0.9)])
def test_the_pd_of_those_accepted_is_that_of_two_normal_laws_of_scores(pd, ratio, rejected):
    """Densities integrated over all scores above the cutoff; d by the area under the ROC curve."""

    def curve(d):
        area, _ = quad(lambda x: norm.pdf(x, loc=-d) * norm.sf(x), -12.0 - d, 12.0)
        return 2.0 * area - 1.0

    distance = brentq(lambda d: curve(d) - ratio, 0.0, 4.0, xtol=1e-9)
    scores = np.linspace(-14.0, 12.0, 260_001)
    bad = pd * np.exp(-0.5 * (scores + distance) ** 2)
    density = (bad + (1.0 - pd) * np.exp(-0.5 * scores**2)) * (scores[1] - scores[0]) / math.sqrt(2 * math.pi)
    below = np.cumsum(density)
    cut = np.searchsorted(below, rejected)
    kept = (bad[cut:] * (scores[1] - scores[0]) / math.sqrt(2 * math.pi)).sum() / density[cut:].sum()
    assert accepted_pd(pd, ratio, rejected) == pytest.approx(kept, rel=2e-4)


def test_a_better_score_and_a_stricter_cutoff_accept_better_firms():
    by_ratio = [accepted_pd(0.03, ratio, 0.2) for ratio in (0.1, 0.5, 0.9, 0.999999)]
    by_share = [accepted_pd(0.03, 0.5, rejected) for rejected in (0.01, 0.1, 0.5, 0.99)]
    assert by_ratio == sorted(by_ratio, reverse=True)
    assert by_share == sorted(by_share, reverse=True)
    assert by_ratio[-1] > 0.0
    assert by_share[0] < 0.03


def test_the_segment_has_the_pd_of_those_accepted_and_its_rho_is_solved_at_it():
    scenario = fs.load("minimal").set(
        "segments.small_firms.screening", {"accuracy_ratio": 0.5, "rejected": "20%"}
    )
    (screened,) = lower(scenario).segments
    pd = accepted_pd(scenario.terms.segments["small_firms"].pd, 0.5, 0.2)
    (stated,) = lower(fs.load("minimal").set("segments.small_firms.pd", pd)).segments
    assert screened.pd_annual == pd
    assert screened == stated


def test_the_run_shows_the_pd_stated_accepted_and_implied():
    scenario = fs.load("minimal").set(
        "segments.small_firms.screening", {"accuracy_ratio": 0.5, "rejected": "20%"}
    )
    reported = fs.simulate(scenario, paths=4, threads=1).manifest["pd_annual"]["small_firms"]
    assert reported["stated"] == scenario.terms.segments["small_firms"].pd
    assert reported["accepted"] == accepted_pd(reported["stated"], 0.5, 0.2)
    assert reported["implied"] == pytest.approx(reported["accepted"], rel=1e-9)


def test_taiyuans_firms_leave_as_often_as_the_plan_says():
    """67,699 firms, 9,300 new ones a year, 3,000 exits: the exit rates by age scaled to it."""
    terms = Population.model_validate(
        {"opening": 67699, "entry_annual": 9300, "exit_annual": SAIC, "exits_first_year": 3000}
    )
    population = lower_population(terms)
    assert sum(population.opening) == 67699
    assert population.entry_annual == 9300.0
    rates = np.array(population.exit_annual)
    assert rates / rates[0] == pytest.approx(np.array([1.6, 6.3, 9.5, 8, 8, 8, 8, 6]) / 1.6)
    assert rates @ np.array(population.opening) == pytest.approx(3000.0, abs=0.5)


def test_opening_ages_left_out_are_those_of_a_steady_state():
    """Exit 1/2 at age 0, 1/4 from then on: of 4 entrants 4, then 2, which stay 4 years each: 4 to 8."""
    terms = Population.model_validate({"opening": 300, "entry_annual": 0, "exit_annual": (0.5, 0.25)})
    assert terms.age_shares == pytest.approx((1 / 3, 2 / 3))
    assert lower_population(terms).opening == (100, 200)


def test_opening_firms_of_all_ages_sum_to_the_opening_whatever_the_rounding():
    terms = Population.model_validate(
        {"opening": 10, "entry_annual": 0, "exit_annual": (0.1,) * 3, "ages": (1 / 3,) * 3}
    )
    assert lower_population(terms).opening == (3, 4, 3)


def test_a_population_reaches_the_scheme_and_its_metrics():
    population = {"opening": 500, "entry_annual": 60, "exit_annual": ["10%"]}
    scenario = fs.load("minimal").set("segments.small_firms.firms", None)
    scheme = lower(scenario.set("segments.small_firms.population", population))
    (segment,) = scheme.segments
    assert segment.population == PopulationOfScheme(opening=(500,), entry_annual=60.0, exit_annual=(0.1,))
    assert segment.firms is None
    names = {metric.name for metric in scheme.metrics}
    assert {f"scheme.small_firms.{what}" for what in ("population", "firms_entered", "firms_exited")} <= names
    assert not any("population" in metric.name for metric in lower(fs.load("minimal")).metrics)


FAULTS = [
    (
        {"opening": 5, "entry_annual": 0, "exit_annual": [0.1], "ages": [0.5, 0.5]},
        "has 2 ages, exit_annual has 1",
    ),
    (
        {"opening": 5, "entry_annual": 0, "exit_annual": [0.1, 0.1], "ages": [0.5, 0.4]},
        "the shares sum to 0.9",
    ),
    ({"opening": 5, "entry_annual": 0, "exit_annual": [0.1, 0]}, "nobody leaves at the last age"),
    (
        {"opening": 100, "entry_annual": 0, "exit_annual": [0.1, 0.2], "exits_first_year": 99},
        "no multiple of the exit rates lets so many firms leave",
    ),
]


@pytest.mark.parametrize(("population", "reported"), FAULTS)
def test_a_population_that_cannot_be_is_refused(population, reported):
    with pytest.raises(ScenarioError, match=reported):
        fs.load("minimal").set("segments.small_firms.population", population)


def test_firms_are_a_number_or_a_population_and_not_both():
    population = {"opening": 500, "entry_annual": 60, "exit_annual": [0.1]}
    scenario = fs.load("minimal").set("segments.small_firms.population", population)
    with pytest.raises(ScenarioError, match="either a fixed number or a population"):
        scenario.set("segments.small_firms.firms", 40)


def test_degrees_of_freedom_reach_the_economy_and_must_exceed_two():
    scenario = fs.load("minimal").set("economy.t_degrees", 6)
    assert lower(scenario).economy.t_degrees == 6.0
    assert lower(fs.load("minimal")).economy.t_degrees is None
    with pytest.raises(ScenarioError, match="t_degrees"):
        fs.load("minimal").set("economy.t_degrees", 2)


def test_degrees_too_few_for_the_horizon_are_an_error_that_says_what_to_do():
    """At PD 8 % and ρ 0.03 three degrees of freedom a month correlate a year's defaults too much."""
    scenario = fs.load("minimal").set("economy.t_degrees", 3).set("segments.small_firms.pd", 0.08)
    scenario = scenario.set("segments.small_firms.rho", 0.03)
    with pytest.raises(ScenarioError, match="rho_horizon: step"):
        lower(scenario)
    assert lower(scenario.set("economy.rho_horizon", "step")).segments[0].rho == 0.03
    assert lower(scenario.set("economy.step", "year")).segments[0].rho == 0.03
