"""Differences of two scenarios' figures on the same paths, each with its own error.

The errors are those of the differences path by path, so that the chance that both scenarios share counts
once: ``docs/definitions.md``, "Comparison".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fundsim.results.statistics import (
    Estimate,
    Floats,
    clopper_pearson,
    expected,
    fixed_order_sum,
    ratio_of_sums,
)

__all__ = ["NORMAL_95", "Difference", "paired_mean", "paired_probability", "paired_ratio"]

NORMAL_95 = 1.959963984540054
"""Quantile of the normal law at 97.5 %."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure less the first scenario's, in the figure's unit."""

    value: float
    se: float
    """Standard error, from the differences path by path."""
    ci95: tuple[float, float]
    """95 % interval of simulation error."""


NONE = Difference(0.0, 0.0, (0.0, 0.0))
"""The difference of a scenario to itself."""


def _normal(value: float, se: float) -> Difference:
    return Difference(value, se, (value - NORMAL_95 * se, value + NORMAL_95 * se))


def paired_mean(first: Floats, other: Floats) -> Difference:
    """Return the mean of a metric less the first scenario's, on the same paths.

    Where both scenarios have a value on the same paths, the figure is the mean of the differences d and the
    error sd(d)/√n.  Else the means are those of the paths that have a value in each, and the error is that
    of the mean over all N paths of the influence ``1{value}(x − mean)·N/n``, the other's less the first's
    (delta method).

    Args:
        first: one value a path of the first scenario, shape (paths,); NaN where a path has none.
        other: the same of the other scenario.

    Returns:
        The difference; NaN where a scenario has no value on any path, or the error of one path is asked for.
    """
    has_first, has_other = ~np.isnan(first), ~np.isnan(other)
    if np.array_equal(has_first, has_other):
        found = expected(other - first)
        return _normal(found.value, found.se)
    value = expected(other).value - expected(first).value
    if math.isnan(value):
        return _normal(math.nan, math.nan)
    return _normal(value, _error_of_mean(_influence(other, has_other) - _influence(first, has_first)))


def _influence(values: Floats, present: np.ndarray) -> Floats:
    """Return what each path adds to the error of a mean over the paths that have a value."""
    weight = len(values) / int(np.count_nonzero(present))
    return np.where(present, (values - expected(values).value) * weight, 0.0)


def _error_of_mean(deviations: Floats) -> float:
    """Return the standard error of a mean from the deviations of its paths."""
    n = len(deviations)
    return math.sqrt(fixed_order_sum(np.square(deviations)) / (n - 1) / n) if n > 1 else math.nan


def paired_probability(first: Floats, other: Floats) -> Difference:
    """Return the probability of an event less the first scenario's, on the same paths.

    With g paths on which the event happens in the other scenario only, l on which it happens in the first
    only, and n paths: ``(g − l)/n`` with the error ``√(g + l − (g − l)²/n)/n`` (McNemar 1947).  The interval
    joins the exact intervals of g/n and l/n (Clopper & Pearson 1934) with their multinomial correlation, as
    Zou & Donner (2008) do: unlike ±1.96 errors it holds where few paths or none differ.

    Args:
        first: 0, 1 or NaN (no value) a path of the first scenario, shape (paths,).
        other: the same of the other scenario.

    Returns:
        The difference [share of paths].  Where the event is defined on different paths, error and interval
        are those of ``paired_mean``.
    """
    present = ~np.isnan(first)
    if not np.array_equal(present, ~np.isnan(other)):
        return paired_mean(first, other)
    n = int(np.count_nonzero(present))
    if not n:
        return _normal(math.nan, math.nan)
    gained = int(np.count_nonzero((first == 0.0) & (other == 1.0)))
    lost = int(np.count_nonzero((first == 1.0) & (other == 0.0)))
    net = gained - lost
    se = math.sqrt(max(0.0, gained + lost - net * net / n)) / n
    return Difference(net / n, se, _joined(gained, lost, n))


def _joined(gained: int, lost: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two shares of the same n paths, ``gained − lost``."""
    up, down = gained / n, lost / n
    (up_low, up_high), (down_low, down_high) = clopper_pearson(gained, n), clopper_pearson(lost, n)
    rest = (1.0 - up) * (1.0 - down)
    common = math.sqrt(up * down / rest) if rest > 0.0 else 0.0

    def length(one: float, two: float) -> float:
        return math.sqrt(one * one + two * two + 2.0 * common * one * two)

    value = up - down
    lower = value - length(up - up_low, down_high - down)
    upper = value + length(up_high - up, down - down_low)
    return max(-1.0, lower), min(1.0, upper)


def paired_ratio(first: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Difference:
    """Return a ratio of sums over all paths less the first scenario's.

    The error is the delta method's (Cochran 1977, §6.3) of both ratios together: that of the mean over the
    paths of ``(N − R D)/mean(D)``, the other's less the first's.

    Args:
        first: numerator and denominator of the first scenario, each one finite value a path.
        other: the same of the other scenario.

    Returns:
        The difference; NaN where a denominator's sum is 0.
    """
    ratios = [ratio_of_sums(*sums) for sums in (first, other)]
    value = ratios[1].value - ratios[0].value
    if math.isnan(value):
        return _normal(math.nan, math.nan)
    residuals = [_residuals(sums, ratio) for sums, ratio in zip((first, other), ratios, strict=True)]
    return _normal(value, _error_of_mean(residuals[1] - residuals[0]))


def _residuals(sums: tuple[Floats, Floats], ratio: Estimate) -> Floats:
    numerator, denominator = sums
    mean = fixed_order_sum(denominator) / len(denominator)
    return np.asarray((numerator - ratio.value * denominator) / mean)
