"""Figures of a Monte Carlo sample, each with its own error.

All sums run over fixed chunks in path order and are then added exactly, so that a figure depends on
the sample alone: not on threads, blocks or the order in which they arrived.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv

__all__ = [
    "CHUNK",
    "ENOUGH_IN_THE_TAIL",
    "ES_LEVELS",
    "QUANTILE_LEVELS",
    "Distribution",
    "Estimate",
    "Floats",
    "Probability",
    "Quantile",
    "clopper_pearson",
    "describe",
    "empirical_quantile",
    "expected",
    "expected_shortfall",
    "fixed_order_sum",
    "order_statistic_ranks",
    "probability",
    "quantile_rank",
    "ratio_of_sums",
    "unexpected",
]

Floats = NDArray[np.float64]

QUANTILE_LEVELS = (
    "0.001",
    "0.01",
    "0.05",
    "0.1",
    "0.25",
    "0.5",
    "0.75",
    "0.9",
    "0.95",
    "0.99",
    "0.995",
    "0.999",
)
"""Levels of the reported quantiles, as they are written in summaries."""
ES_LEVELS = ("0.95", "0.99", "0.995", "0.999")
"""Levels of the reported expected shortfalls (upper tail)."""

ENOUGH_IN_THE_TAIL = 100
"""Paths beyond a level from which on the error of an expected shortfall is stated."""

CONFIDENCE = 0.95
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its Monte Carlo standard error, in the figure's unit."""

    value: float
    se: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile and its 95 % interval between two order statistics.

    An end is infinite when there are too few paths to bound the quantile on that side.
    """

    value: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Probability:
    """A share of paths and its 95 % interval [share of paths]."""

    p: float
    ci95: tuple[float, float]
    n: int
    """Paths that count: those on which the event is defined."""
    missing: float
    """Share of paths left out because they have no value."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The law of one metric over the paths that have a value."""

    n: int
    missing: float
    """Share of paths left out because they have no value."""
    mean: Estimate
    sd: Estimate
    quantiles: Mapping[str, Quantile]
    es: Mapping[str, Estimate]


def fixed_order_sum(values: Floats) -> float:
    """Return the sum of finite values, shape (n,), over fixed chunks in order.

    >>> fixed_order_sum(np.array([1e16, 1.0, -1e16])) in (0.0, 1.0)
    True
    """
    chunks = range(0, len(values), CHUNK)
    return math.fsum(float(np.add.reduce(values[start : start + CHUNK])) for start in chunks)


def _mean(values: Floats) -> float:
    # Summing differences from the first value makes the mean of a constant that constant exactly.
    start = float(values[0])
    return start + fixed_order_sum(values - start) / len(values)


def _mean_with_error(values: Floats) -> tuple[Estimate, Estimate]:
    """Return the mean and the standard deviation, each with its standard error.

    ``se(mean) = s/√n``; ``se(s) = √((m₄ − s⁴ (n−3)/(n−1))/n) / (2s)`` (Cramér 1946, §27.4, by the
    delta method), with m₄ the fourth central moment: right for skewed and heavy-tailed laws too.
    """
    n = len(values)
    mean = _mean(values)
    if n == 1:
        return Estimate(mean, math.nan), Estimate(math.nan, math.nan)
    squares = values - mean
    squares *= squares
    variance = fixed_order_sum(squares) / (n - 1)
    sd = math.sqrt(variance)
    squares *= squares
    fourth = fixed_order_sum(squares) / n
    spread = max(0.0, fourth - variance * variance * (n - 3) / (n - 1)) / n
    sd_error = math.sqrt(spread) / (2.0 * sd) if sd > 0.0 else 0.0
    return Estimate(mean, sd / math.sqrt(n)), Estimate(sd, sd_error)


@lru_cache(maxsize=4096)
def quantile_rank(n: int, level: str) -> int:
    """Return the rank ⌈n · level⌉ (1 … n) of the inverse empirical distribution.

    The level is taken as the decimal fraction that is written, since 0.07 × 100 is a little more
    than 7 in floating point.

    >>> quantile_rank(100, "0.07"), quantile_rank(100, "0.071"), quantile_rank(5, "0.001")
    (7, 8, 1)
    """
    return max(1, math.ceil(n * Fraction(level)))


def empirical_quantile(ascending: Floats, level: str) -> float:
    """Return the smallest value whose empirical distribution function reaches the level.

    >>> empirical_quantile(np.array([1.0, 2.0, 3.0, 4.0]), "0.5")
    2.0
    """
    return float(ascending[quantile_rank(len(ascending), level) - 1])


@lru_cache(maxsize=4096)
def order_statistic_ranks(n: int, level: str) -> tuple[int, int]:
    """Return the ranks (l, u) of the order statistics that hold a quantile with 95 %.

    With B ~ Binomial(n, level), the number of values at or below the quantile of a continuous law,
    l is the largest rank with ``P(B < l) ≤ 2.5 %`` and u the smallest with ``P(B ≥ u) ≤ 2.5 %``
    (David & Nagaraja 2003, §7.1).  l = 0 or u = n + 1 say that no order statistic serves.

    >>> order_statistic_ranks(100, "0.5")
    (40, 61)
    """
    tail = (1.0 - CONFIDENCE) / 2.0
    return _binomial_quantile(n, float(level), tail), _binomial_quantile(n, float(level), 1.0 - tail) + 1


def _binomial_quantile(n: int, p: float, alpha: float) -> int:
    """Return the smallest k with P(Binomial(n, p) ≤ k) ≥ alpha, by bisection."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if bdtr(middle, n, p) >= alpha:
            high = middle
        else:
            low = middle + 1
    return low


def _quantile(ascending: Floats, level: str) -> Quantile:
    n = len(ascending)
    lower, upper = order_statistic_ranks(n, level)
    ends = (
        float(ascending[lower - 1]) if lower >= 1 else -math.inf,
        float(ascending[upper - 1]) if upper <= n else math.inf,
    )
    return Quantile(empirical_quantile(ascending, level), ends)


def expected_shortfall(ascending: Floats, level: str) -> Estimate:
    """Return the expected shortfall of the upper tail with its standard error.

    ``ES_a = (1/(1−a)) ∫ₐ¹ VaR_u du`` on the empirical law, exactly: the order statistic at which a
    falls counts with the part of its step above a (Acerbi & Tasche 2002).  The error is that of the
    mean of ``max(X − VaR_a, 0)/(1−a)``, the influence function; with fewer than a hundred paths in
    the tail it would be too small, since the tail's own spread is then hardly seen: it is NaN.

    Args:
        ascending: Values in ascending order, shape (n,), n ≥ 1.
        level: a, as a decimal fraction in (0, 1).

    >>> expected_shortfall(np.array([1.0, 2.0, 3.0, 4.0]), "0.5").value
    3.5
    """
    n = len(ascending)
    rank = quantile_rank(n, level)
    value_at_risk = float(ascending[rank - 1])
    tail = float(1 - Fraction(level))
    excess = (ascending[rank:] - value_at_risk) / tail
    mean = fixed_order_sum(excess) / n
    if n * (1 - Fraction(level)) < ENOUGH_IN_THE_TAIL:
        return Estimate(value_at_risk + mean, math.nan)
    squares = fixed_order_sum(np.square(excess - mean)) + rank * mean * mean
    return Estimate(value_at_risk + mean, math.sqrt(squares / (n - 1) / n))


def expected(values: Floats) -> Estimate:
    """Return the mean of a sample, shape (n,), NaN left out, with its standard error; NaN of nothing."""
    present = values[~np.isnan(values)]
    return _mean_with_error(present)[0] if len(present) else Estimate(math.nan, math.nan)


def unexpected(values: Floats, level: str = "0.99") -> Estimate:
    """Return what a quantile lies above the mean: the unexpected part of a loss, VaR − mean.

    The error is that of the mean of the influence function ``(1{X > q} − (1 − a))/f(q) − (X − mean)``, so
    that what quantile and mean have in common counts once.  ``1/f(q)`` is the slope of the empirical
    quantile function between the two order statistics that hold the quantile with 95 % (Bloch & Gastwirth
    1968, with the width of Woodruff 1952).

    Args:
        values: Values, shape (n,), finite or NaN; NaN is left out.
        level: a, as a decimal fraction in (0, 1).

    Returns:
        The figure; its error is NaN with too few paths to bound the quantile on both sides (368 at 99 %).

    >>> unexpected(np.arange(1.0, 1001.0)).value
    489.5
    """
    ascending = np.sort(values[~np.isnan(values)])
    n = len(ascending)
    if not n:
        return Estimate(math.nan, math.nan)
    rank = quantile_rank(n, level)
    deviations = ascending - _mean(ascending)
    excess = float(deviations[rank - 1])
    lower, upper = order_statistic_ranks(n, level)
    if lower < 1 or upper > n:
        return Estimate(excess, math.nan)
    slope = n * float(ascending[upper - 1] - ascending[lower - 1]) / (upper - lower)
    influence = -deviations - slope * float(1 - Fraction(level))
    influence[rank:] += slope
    influence -= fixed_order_sum(influence) / n
    return Estimate(excess, math.sqrt(fixed_order_sum(np.square(influence)) / (n - 1) / n))


def describe(values: Floats) -> Distribution:
    """Return the law of a sample, NaN left out, with an error on every figure.

    Args:
        values: One value a path, shape (n,); finite or NaN.

    Returns:
        The distribution; every figure is NaN when no path has a value.
    """
    present = values[~np.isnan(values)]
    missing = (len(values) - len(present)) / len(values) if len(values) else math.nan
    if not len(present):
        none = Estimate(math.nan, math.nan)
        no_quantile = Quantile(math.nan, (math.nan, math.nan))
        return Distribution(
            0,
            missing,
            none,
            none,
            dict.fromkeys(QUANTILE_LEVELS, no_quantile),
            dict.fromkeys(ES_LEVELS, none),
        )
    mean, sd = _mean_with_error(present)
    present.sort()
    return Distribution(
        n=len(present),
        missing=missing,
        mean=mean,
        sd=sd,
        quantiles={level: _quantile(present, level) for level in QUANTILE_LEVELS},
        es={level: expected_shortfall(present, level) for level in ES_LEVELS},
    )


def clopper_pearson(successes: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a probability from ``successes`` out of n.

    Clopper & Pearson (1934): it covers at least 95 % for every p and n.  Wilson's interval, shorter
    on average, covers as little as 84 % for rare events, and a rarely depleted pool is one.  Successes may be
    counted in parts.

    >>> clopper_pearson(0, 100)
    (0.0, 0.0362...)
    """
    tail = (1.0 - CONFIDENCE) / 2.0
    lower = float(betaincinv(successes, n - successes + 1, tail)) if successes > 0 else 0.0
    upper = float(betaincinv(successes + 1, n - successes, 1.0 - tail)) if successes < n else 1.0
    return lower, upper


def probability(values: Floats) -> Probability:
    """Return the share of ones among zeros and ones, shape (n,), NaN left out."""
    n = int(np.count_nonzero(~np.isnan(values)))
    missing = (len(values) - n) / len(values) if len(values) else math.nan
    if n == 0:
        return Probability(math.nan, (math.nan, math.nan), 0, missing)
    successes = int(np.count_nonzero(values == 1.0))
    return Probability(successes / n, clopper_pearson(successes, n), n, missing)


def ratio_of_sums(numerator: Floats, denominator: Floats) -> Estimate:
    """Return Σ numerator ÷ Σ denominator over the paths, both of shape (n,).

    The error is the delta method's: ``se(R) = sd(N − R D) / (√n · mean(D))`` (Cochran 1977, §6.3).
    NaN when the denominator's sum is 0.
    """
    n = len(numerator)
    total = fixed_order_sum(denominator)
    if n == 0 or total == 0.0:
        return Estimate(math.nan, math.nan)
    ratio = fixed_order_sum(numerator) / total
    if n == 1:
        return Estimate(ratio, math.nan)
    residuals = numerator - ratio * denominator
    variance = fixed_order_sum(np.square(residuals)) / (n - 1)
    return Estimate(ratio, math.sqrt(variance / n) * n / abs(total))
