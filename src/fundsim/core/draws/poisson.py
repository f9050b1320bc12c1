"""Exact Poisson draws: sequential inversion for few expected events, rejection for many.

Rejection is transformed rejection with squeeze (PTRS) of Hörmann, Insurance: Mathematics and Economics
12 (1993), 39–45.  Which of the two serves depends on the mean alone.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws.binomial import stirling_tail
from fundsim.core.draws.streams import uniform
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["poisson"]

FEW = 12.0
"""Expected events up to which inversion is the faster way; rejection needs at least 10."""
LAST = 200
"""A mean of 12 is passed by this many with probability below 1e-160: the walk can't run away."""


@kernel
def by_inversion(u, mean):
    """Walk the distribution function from 0 upwards until it passes u."""
    probability = math.exp(-mean)
    k = 0
    while u > probability and k < LAST:
        u -= probability
        k += 1
        probability *= mean / k
    return k


@kernel
def log_probability(k, mean):
    """Return ln(mean^k e^−mean / k!), by Stirling's formula with its remainder."""
    above = k + 1.0
    return (
        k * math.log(mean / above)
        + above
        - mean
        - 0.5 * math.log(2.0 * math.pi * above)
        - stirling_tail(np.int64(k))
    )


@outlined
def by_rejection(stream, key, mean):
    """PTRS for mean ≥ 10."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    while True:
        u = uniform(stream, key) - 0.5
        v = uniform(stream, key)
        distance = 0.5 - abs(u)
        k = math.floor((2.0 * a / distance + b) * u + mean + 0.43)
        if distance >= 0.07 and v <= squeeze:
            return np.int64(k)
        if k < 0 or (distance < 0.013 and v > distance):
            continue
        if math.log(v * inverse_alpha / (a / (distance * distance) + b)) <= log_probability(k, mean):
            return np.int64(k)


@outlined
def poisson(stream, key, mean):
    """Draw Poisson(mean) for any mean ≥ 0."""
    if mean <= 0.0:
        return 0
    if mean <= FEW:
        return by_inversion(uniform(stream, key), mean)
    return by_rejection(stream, key, mean)
