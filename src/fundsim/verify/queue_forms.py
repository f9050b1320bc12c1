"""Exact results on queues: what a bridge fund refuses, how much of it is out, and when.

Notation: λ requests a day, E[D] mean days of use, a = λ E[D] the load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from fundsim.scheme import DaysLaw
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["erlang_b", "kaufman_roberts", "mean_out", "mean_up_to", "refused_after_patience"]


def erlang_b(places: int, load: float) -> float:
    """Return the part of equal requests that find all places taken, for any law of days (Erlang 1917).

    By B(c) = a B(c − 1)/(c + a B(c − 1)), B(0) = 1.

    Args:
        places: number of places c.
        load: a, requests a day × mean days.

    >>> erlang_b(1, 1.0)
    0.5
    """
    blocked = 1.0
    for c in range(1, places + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked


def kaufman_roberts(
    capacity: int, units: Sequence[int], loads: Sequence[float]
) -> tuple[NDArray[np.float64], float]:
    """Return the part refused of the requests of each size, and the mean units out, for any law of days.

    The probability q(n) of n units out follows n q(n) = Σ_k a_k b_k q(n − b_k) (Kaufman 1981, Roberts 1981).

    Args:
        capacity: units of money.
        units: size b_k of the requests of each kind [units].
        loads: a_k of each kind.

    >>> refused, out = kaufman_roberts(1, [1], [1.0])
    >>> float(refused[0]), out
    (0.5, 0.5)
    """
    q = np.zeros(capacity + 1)
    q[0] = 1.0
    for n in range(1, capacity + 1):
        q[n] = sum(a * b * q[n - b] for a, b in zip(loads, units, strict=True) if b <= n) / n
    q /= q.sum()
    refused = np.array([q[capacity - b + 1 :].sum() for b in units])
    return refused, float(np.arange(capacity + 1) @ q)


def refused_after_patience(
    places: int, per_day: float, mean_days: float, patience: float
) -> tuple[float, float]:
    """Return the part of equal requests that leave unserved, and the part that are not served at once.

    Exponential days, first come first served, all wait for the same time at most: M/M/c+D (Barrer 1957;
    Zeltyn and Mandelbaum 2005).  With J = ∫₀^∞ exp(λ min(x, τ) − c x/E[D]) dx and E = 1/B(c − 1),
    P(leaves) = (1 + (λ − c/E[D]) J)/(E + λ J) and P(not at once) = λ J/(E + λ J).

    Args:
        places: number of places c.
        per_day: λ.
        mean_days: E[D].
        patience: τ [days].
    """
    ended = places / mean_days
    surplus = (per_day - ended) * patience
    # Up to the patience, where the exponent may be 0, and beyond it.
    before = patience * (math.expm1(surplus) / surplus if surplus else 1.0)
    integral = before + math.exp(surplus) / ended
    whole = 1.0 / erlang_b(places - 1, per_day * mean_days) + per_day * integral
    return (1.0 + (per_day - ended) * integral) / whole, per_day * integral / whole


def mean_up_to(law: DaysLaw, x: float) -> float:
    """Return E[min(D, x)] = ∫₀^x P(D > s) ds of a law of days [days].

    Args:
        law: the law; its cut at ``longest`` counts.
        x: 0 or more [days].

    >>> mean_up_to(DaysLaw(law="fixed", mean=10.0), 4.0)
    4.0
    """
    x = min(x, law.longest)
    if x <= 0.0:
        return 0.0
    if law.law == "exponential":
        return -law.mean * math.expm1(-x / law.mean)
    if law.law == "lognormal":
        variance = math.log1p(law.cv * law.cv)
        score = (math.log(x / law.mean) + 0.5 * variance) / math.sqrt(variance)
        below = float(ndtr(score - math.sqrt(variance)))
        return law.mean * below + x * float(ndtr(-score))
    values = law.days or (law.mean,)
    return math.fsum(p * min(d, x) for d, p in zip(values, law.probabilities or (1.0,), strict=True))


def mean_out(
    time: float, law: DaysLaw, rates: Sequence[float], quarter_end: tuple[float, float] = (0.0, 1.0)
) -> float:
    """Return the mean number of uses that run at a time, where everybody is served at once.

    m(t) = ∫₀^∞ λ(t − s) P(D > s) ds; the number has a Poisson law of that mean (Eick, Massey and Whitt
    1993).

    Args:
        time: days from the start of a January; what comes before one of ``longest`` or 40 years ago is left
            out.
        law: law of days.
        rates: mean requests of a calendar month, by the day, from January on, shape (12,).
        quarter_end: days at the end of each quarter in which requests come more densely, and how many
            times as dense they are.
    """
    days, times = quarter_end
    months = range(math.floor(time / DAYS_PER_MONTH) - 480, math.floor(time / DAYS_PER_MONTH) + 1)
    total = 0.0
    for month in months:
        rate, begin = rates[month % 12], month * DAYS_PER_MONTH
        late = begin + DAYS_PER_MONTH - days
        pieces = [(begin, begin + DAYS_PER_MONTH, rate)]
        if month % 3 == 2 and days > 0.0:
            early = rate * DAYS_PER_MONTH / (DAYS_PER_MONTH + (times - 1.0) * days)
            pieces = [(begin, late, early), (late, begin + DAYS_PER_MONTH, times * early)]
        for a, b, per_day in pieces:
            total += per_day * (mean_up_to(law, time - a) - mean_up_to(law, time - b))
    return total
