"""The binomial draws have exactly the binomial law, whichever of the two ways makes them."""

import math

import numba
import numpy as np
import pytest
from scipy.stats import binom, chi2

from fundsim.core.draws.binomial import (
    FEW,
    binomial,
    binomial_of_hazard,
    binomial_of_odds,
    stirling_tail,
)
from fundsim.core.draws.streams import STREAM_LENGTH, open_stream

compiled = numba.njit(error_model="numpy", _nrt=False)

ALPHA = 1e-6
"""False alarms of one test; there are 60 of them, at fixed seeds."""
DRAWS = 200_000

LAWS = [
    (1, 0.3),
    (2, 0.5),
    (12, 0.999),
    (6, 0.03),  # nearly all of them 0 without an exponential
    (40, 0.02),
    (60, 0.0099),
    (1000, 0.0119),  # inversion with the most expected events
    (24, 0.5),
    (1000, 0.0121),  # rejection with the fewest
    (25, 0.5),
    (100, 0.3),
    (200, 0.93),
    (5000, 0.5),
    (5000, 0.02),
    (100_000, 0.001),
    (2000, 0.9999),
    (10**6, 0.3),
    (10**9, 1e-6),  # exp(n log(1 − p)) would underflow
    (10**9, 0.37),
]


BY_P, BY_ODDS, BY_HAZARD = 0, 1, 2
WAYS = pytest.mark.parametrize("way", [BY_P, BY_ODDS, BY_HAZARD], ids=["by p", "by odds", "by hazard"])


@compiled
def draw(stream, key, n, p, way, counts):
    log_survival = math.log1p(-p)
    odds = p / (1.0 - p)
    open_stream(stream, np.uint64(99), 3, 2, 0)
    for j in range(counts.size):
        if way == BY_ODDS:
            counts[j] = binomial_of_odds(stream, key, n, log_survival, odds)
        elif way == BY_HAZARD:
            counts[j] = binomial_of_hazard(stream, key, n, -log_survival)
        else:
            counts[j] = binomial(stream, key, n, p)


def sample(n, p, way, size=DRAWS):
    stream, key = np.zeros(STREAM_LENGTH, dtype=np.uint64), np.array([2026, n], dtype=np.uint64)
    counts = np.zeros(size, dtype=np.int64)
    draw(stream, key, n, p, way, counts)
    return counts


def bins_of(n, p, size):
    """Return upper ends of bins in which at least ten draws are expected each."""
    if n * p * (1.0 - p) > 400.0:
        quantiles = np.arange(1, 200) / 200
        return np.unique(binom.ppf(quantiles, n, p).astype(np.int64))
    probability = binom.pmf(np.arange(n + 1), n, p)
    ends, mass = [], 0.0
    for k, one in enumerate(probability):
        mass += one
        if mass * size >= 10.0 and (probability[k + 1 :].sum() * size >= 10.0):
            ends.append(k)
            mass = 0.0
    return np.array(ends, dtype=np.int64)


def p_value(counts, n, p):
    """p-value of Pearson's chi-square of the counts against Binomial(n, p)."""
    ends = bins_of(n, p, counts.size)
    below = np.concatenate([[0.0], binom.cdf(ends, n, p), [1.0]])
    expected = np.diff(below) * counts.size
    observed = np.bincount(np.searchsorted(ends, counts, side="left"), minlength=expected.size)
    if expected.size == 1:
        return 1.0
    return float(chi2.sf(((observed - expected) ** 2 / expected).sum(), expected.size - 1))


@WAYS
@pytest.mark.parametrize(("n", "p"), LAWS)
def test_counts_have_the_binomial_law(n, p, way):
    counts = sample(n, p, way)
    assert counts.min() >= 0
    assert counts.max() <= n
    probability = p_value(counts, n, p)
    assert probability > ALPHA, f"p-value {probability:.2g}"
    z = (counts.mean() - n * p) / math.sqrt(n * p * (1.0 - p) / counts.size)
    assert abs(z) < 4.9


def test_the_comparison_would_notice_a_pd_that_is_two_percent_too_high():
    assert p_value(sample(1000, 0.0119 * 1.02, BY_P), 1000, 0.0119) < ALPHA
    assert p_value(sample(5000, 0.02 * 1.02, BY_P), 5000, 0.02) < ALPHA


def test_the_laws_tried_are_drawn_in_both_ways():
    few = [n * min(p, 1 - p) <= FEW for n, p in LAWS]
    assert 5 < sum(few) < len(LAWS) - 5


@WAYS
def test_no_loans_and_no_risk_give_no_default(way):
    assert sample(0, 0.3, way, 100).max() == 0
    assert sample(50, 0.0, way, 100).max() == 0


def test_certain_defaults_are_certain():
    stream, key = np.zeros(STREAM_LENGTH, dtype=np.uint64), np.zeros(2, dtype=np.uint64)
    counts = np.zeros(100, dtype=np.int64)
    certain(stream, key, counts)
    assert (counts == 17).all()


@compiled
def certain(stream, key, counts):
    open_stream(stream, np.uint64(1), 0, 2, 0)
    for j in range(counts.size):
        counts[j] = binomial(stream, key, 17, 1.0)


@compiled
def tails(values):
    for k in range(values.size):
        values[k] = stirling_tail(k)


def test_the_remainder_of_stirlings_formula_is_that_of_the_factorial():
    tails(got := np.zeros(200))
    exact = [
        math.lgamma(k + 1) - (0.5 * math.log(2 * math.pi) + (k + 0.5) * math.log(k + 1) - (k + 1))
        for k in range(got.size)
    ]
    # The first term that the series leaves out is 1/(1680 (k + 1)⁷), k ≥ 10.
    assert np.allclose(got, exact, rtol=0.0, atol=4e-11)
