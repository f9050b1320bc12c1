"""Exact binomial draws: sequential inversion for few expected events, rejection for many.

Which of the two serves depends on n and p alone, so that a path never depends on its neighbours.
Rejection is transformed rejection with squeeze (BTRS) of Hörmann, J. Stat. Comput. Simul. 46 (1993).
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws.streams import uniform
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["binomial", "binomial_of_hazard", "binomial_of_odds", "binomial_of_small"]

FEW = 12.0
"""Expected events up to which inversion is the faster way; rejection needs at least 10."""

STIRLING_TAIL = np.array(
    [
        0.08106146679532726,
        0.04134069595540929,
        0.02767792568499834,
        0.02079067210376509,
        0.01664469118982119,
        0.01387612882307075,
        0.01189670994589177,
        0.01041126526197209,
        0.009255462182712733,
        0.008330563433362871,
    ]
)
"""ln k! − [½ ln 2π + (k + ½) ln(k + 1) − (k + 1)] for k = 0 … 9."""


N_RECIPROCALS = 64
RECIPROCAL = np.array([0.0, *(1.0 / k for k in range(1, N_RECIPROCALS))])
"""1/k: a division would be the slowest step of the walk."""


@kernel
def stirling_tail(k):
    """Return the remainder of Stirling's formula for ln k!."""
    if k <= 9:
        return STIRLING_TAIL[k]
    inverse = 1.0 / (k + 1.0)
    square = inverse * inverse
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 * square) * square) * inverse


@kernel
def by_inversion(u, n, log_survival, odds):
    """Walk the distribution function from 0 upwards until it passes u."""
    if u <= 1.0 + n * log_survival:  # exp(x) ≥ 1 + x: with few events expected, most draws end here
        return 0
    probability = math.exp(n * log_survival)
    k = 0
    while u > probability and k < n:
        u -= probability
        k += 1
        probability *= odds * (n - k + 1) * (RECIPROCAL[k] if k < N_RECIPROCALS else 1.0 / k)
    return k


@outlined
def by_rejection(stream, key, n, p):
    """BTRS for p ≤ ½ and n·p ≥ 10."""
    spread = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre = n * p + 0.5
    squeeze = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    odds = p / (1.0 - p)
    mode = math.floor((n + 1) * p)
    while True:
        u = uniform(stream, key) - 0.5
        v = uniform(stream, key)
        distance = 0.5 - abs(u)
        k = math.floor((2.0 * a / distance + b) * u + centre)
        if distance >= 0.07 and v <= squeeze:
            return np.int64(k)
        if k < 0 or k > n:
            continue
        accept = math.log(v * alpha / (a / (distance * distance) + b))
        bound = (
            (mode + 0.5) * math.log((mode + 1.0) / (odds * (n - mode + 1.0)))
            + (n + 1.0) * math.log((n - mode + 1.0) / (n - k + 1.0))
            + (k + 0.5) * math.log(odds * (n - k + 1.0) / (k + 1.0))
            + stirling_tail(np.int64(mode))
            + stirling_tail(n - np.int64(mode))
            - stirling_tail(np.int64(k))
            - stirling_tail(n - np.int64(k))
        )
        if accept <= bound:
            return np.int64(k)


@kernel
def binomial_of_odds(stream, key, n, log_survival, odds):
    """Draw Binomial(n, p) where p is given by ln(1 − p) and p/(1 − p), which cost nothing here."""
    if n == 0 or odds == 0.0:
        return 0
    if n * odds <= FEW * (1.0 + odds):
        return by_inversion(uniform(stream, key), n, log_survival, odds)
    return binomial(stream, key, n, odds / (1.0 + odds))


@kernel
def binomial_of_hazard(stream, key, n, hazard):
    """Draw Binomial(n, 1 − exp(−hazard)).

    No default has the probability exp(−n·hazard) ≥ 1 − n·hazard, which settles most draws of few loans.
    """
    if n == 0 or hazard <= 0.0:
        return 0
    least = 1.0 - n * hazard
    if least > 0.0:
        u = uniform(stream, key)
        return 0 if u <= least else by_inversion(u, n, -hazard, math.expm1(hazard))
    return binomial_of_odds(stream, key, n, -hazard, math.expm1(hazard))


@kernel
def binomial_of_small(stream, key, n, p, log_survival, odds):
    """Draw Binomial(n, p), 0 < p ≤ ½, where ln(1 − p) and p/(1 − p) are at hand."""
    if n * p <= FEW:
        return by_inversion(uniform(stream, key), n, log_survival, odds)
    return by_rejection(stream, key, n, p)


@kernel
def binomial(stream, key, n, p):
    """Draw Binomial(n, p) for any n ≥ 0 and 0 ≤ p ≤ 1."""
    if n == 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    small = min(p, 1.0 - p)
    k = binomial_of_small(stream, key, n, small, math.log1p(-small), small / (1.0 - small))
    return k if p <= 0.5 else n - k
