"""Stated 95 % intervals on a number of defaults, and on the mean of the worst 1 %, cover the truth.

A discrete figure has quantiles that many paths share, so that an interval between two order statistics can
hold the truth far more often than 95 %; it must not do so less often than 93 %.
"""

from collections import Counter

import numpy as np
import pytest

from fundsim.results.statistics import ES_LEVELS, QUANTILE_LEVELS, Estimate, describe
from fundsim.verify.closed_forms import VasicekLimit, conditional_pd, finite_pool

REPETITIONS = 1000
PATHS = 10_000
LAW = finite_pool(100, 0.02, 0.15)
LIMIT = VasicekLimit(0.03, 0.12)


def holds(estimate: Estimate, truth: float) -> bool:
    return abs(estimate.value - truth) <= 1.959964 * estimate.se


@pytest.fixture(scope="module")
def covered():
    """How often each figure's interval held the truth, for defaults among a hundred loans."""
    rng, held = np.random.default_rng(20150302), Counter()
    for _ in range(REPETITIONS):
        law = describe(np.searchsorted(LAW.cdf, rng.random(PATHS)).astype(np.float64))
        held["mean"] += holds(law.mean, LAW.mean)
        held["sd"] += holds(law.sd, LAW.sd)
        for level, quantile in law.quantiles.items():
            held[f"q{level}"] += quantile.ci95[0] <= LAW.quantile(float(level)) <= quantile.ci95[1]
        for level, es in law.es.items():
            held[f"es{level}"] += holds(es, LAW.expected_shortfall(float(level)))
    return {name: count / REPETITIONS for name, count in held.items()}


@pytest.mark.parametrize("figure", ["mean", "sd"])
def test_intervals_of_a_number_of_defaults_cover_its_mean_and_spread(covered, figure):
    assert 0.93 <= covered[figure] <= 0.98


@pytest.mark.parametrize("level", QUANTILE_LEVELS)
def test_intervals_of_a_number_of_defaults_cover_its_quantiles(covered, level):
    assert covered[f"q{level}"] >= 0.93


@pytest.mark.parametrize("level", [level for level in ES_LEVELS if PATHS * (1.0 - float(level)) > 99.0])
def test_intervals_of_a_shortfall_on_a_hundred_paths_cover_the_truth(covered, level):
    """Fewer paths than a hundred in the tail leave the error of its mean too small."""
    assert 0.925 <= covered[f"es{level}"] <= 0.98


def test_intervals_of_the_worst_one_per_cent_of_a_loss_rate_cover_the_truth():
    rng, held = np.random.default_rng(20150303), 0
    for _ in range(REPETITIONS):
        rates = conditional_pd(LIMIT.pd, LIMIT.rho, rng.standard_normal(PATHS))
        held += holds(describe(rates).es["0.99"], LIMIT.expected_shortfall(0.99))
    assert 0.925 <= held / REPETITIONS <= 0.98
