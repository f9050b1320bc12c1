"""Intervals of paired differences hold the truth in 92.5–98 % of 1,000 repetitions, on pools with known laws.

The band leaves an honest interval of 95 % alone: see ``tests/statistical/test_intervals.py``.  The interval
of a probability is exact in its parts and may hold more often.
"""

import numpy as np
import pytest

import fundsim as fs
from fundsim.decide.paired import paired_mean, paired_probability
from fundsim.verify.closed_forms import finite_pool

REPETITIONS, PATHS = 1000, 500
METRICS = ("pool.claims_due", "pool.depleted")
LOANS, RHO, OPENING = 100, 0.15, 6


def pool(pd, opening=OPENING):
    return fs.load("textbook/vasicek_100").set("firms.pd", pd).set("pool.opening", opening)


def law(pd):
    return finite_pool(LOANS, pd, RHO)


@pytest.fixture(scope="module")
def columns():
    """Return values by path of claims and depletion, a row a repetition, of three pools on the same paths."""
    found = {}
    for name, scenario in {
        "base": pool(0.02),
        "worse": pool(0.03),
        "larger": pool(0.02, OPENING + 3),
    }.items():
        results = fs.simulate(scenario, paths=REPETITIONS * PATHS, seed=20150301, metrics=METRICS, threads=1)
        found[name] = [results.values(metric).reshape(REPETITIONS, PATHS) for metric in METRICS]
    return found


def coverage(call, first, other, truth):
    found = [call(one, two) for one, two in zip(first, other, strict=True)]
    return np.mean([one.ci95[0] <= truth <= one.ci95[1] for one in found])


@pytest.mark.long
def test_the_interval_of_a_difference_of_means_covers_it(columns):
    truth = LOANS * (0.03 - 0.02)
    assert 0.925 <= coverage(paired_mean, columns["base"][0], columns["worse"][0], truth) <= 0.98


@pytest.mark.long
def test_the_interval_of_a_difference_of_probabilities_covers_it(columns):
    truth = law(0.03).tail(OPENING) - law(0.02).tail(OPENING)
    assert 0.925 <= coverage(paired_probability, columns["base"][1], columns["worse"][1], truth) <= 0.98


@pytest.mark.long
def test_the_interval_covers_where_one_pool_always_fares_better(columns):
    truth = law(0.02).tail(OPENING + 3) - law(0.02).tail(OPENING)
    assert 0.925 <= coverage(paired_probability, columns["base"][1], columns["larger"][1], truth) <= 0.99


@pytest.mark.long
def test_two_runs_apart_would_have_given_a_far_wider_interval(columns):
    apart = [
        np.hypot(one.std(), two.std())
        for one, two in zip(columns["base"][0], columns["worse"][0], strict=True)
    ]
    paired = [
        paired_mean(one, two).se for one, two in zip(columns["base"][0], columns["worse"][0], strict=True)
    ]
    assert np.mean(paired) < 0.6 * np.mean(apart) / PATHS**0.5
