"""The Poisson draws have exactly the Poisson law, whichever of the two ways makes them."""

import math

import numba
import numpy as np
import pytest
from scipy.stats import chi2, poisson

from fundsim.core.draws.poisson import FEW
from fundsim.core.draws.poisson import poisson as draw_poisson
from fundsim.core.draws.streams import STREAM_LENGTH, open_stream

compiled = numba.njit(error_model="numpy", _nrt=False)

ALPHA = 1e-6
"""False alarms of one test; there are 10 of them, at fixed seeds."""
DRAWS = 200_000
MEANS = [0.001, 0.3, 2.5, 11.99, 12.01, 25.0, 775.0, 5_000.0, 1e6]


@compiled
def draw(stream, key, mean, counts):
    open_stream(stream, np.uint64(7), 3, 7, 0)
    for j in range(counts.size):
        counts[j] = draw_poisson(stream, key, mean)


def sample(mean, size=DRAWS):
    stream, key = np.zeros(STREAM_LENGTH, dtype=np.uint64), np.array([2026, 5], dtype=np.uint64)
    counts = np.zeros(size, dtype=np.int64)
    draw(stream, key, mean, counts)
    return counts


def ends_of_bins(mean, size):
    """Return upper ends of bins in which at least ten draws are expected each."""
    if mean > 400.0:
        return np.unique(poisson.ppf(np.arange(1, 200) / 200, mean).astype(np.int64))
    k = np.arange(int(poisson.isf(1e-12, mean)) + 2)
    ends, mass = [], 0.0
    for one, probability in zip(k, poisson.pmf(k, mean), strict=True):
        mass += probability
        if mass * size >= 10.0 and poisson.sf(one, mean) * size >= 10.0:
            ends.append(one)
            mass = 0.0
    return np.array(ends, dtype=np.int64)


def p_value(counts, mean):
    """p-value of Pearson's chi-square of the counts against Poisson(mean)."""
    ends = ends_of_bins(mean, counts.size)
    expected = np.diff(np.concatenate([[0.0], poisson.cdf(ends, mean), [1.0]])) * counts.size
    observed = np.bincount(np.searchsorted(ends, counts, side="left"), minlength=expected.size)
    return float(chi2.sf(((observed - expected) ** 2 / expected).sum(), expected.size - 1))


@pytest.mark.parametrize("mean", MEANS)
def test_counts_have_the_poisson_law(mean):
    counts = sample(mean)
    assert counts.min() >= 0
    probability = p_value(counts, mean)
    assert probability > ALPHA, f"p-value {probability:.2g}"
    assert abs(counts.mean() - mean) < 4.9 * math.sqrt(mean / DRAWS)


def test_the_comparison_would_notice_a_mean_that_is_two_percent_too_high():
    assert p_value(sample(2.55), 2.5) < ALPHA
    assert p_value(sample(25.5), 25.0) < ALPHA


def test_the_means_tried_are_drawn_in_both_ways():
    assert 2 < sum(mean <= FEW for mean in MEANS) < len(MEANS) - 2


def test_a_mean_of_zero_gives_nothing():
    assert sample(0.0, 100).max() == 0
