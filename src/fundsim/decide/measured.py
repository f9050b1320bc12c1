"""A figure of all paths: its value with its error, what each path adds to it, and its paired difference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundsim.decide.measure import Measure
from fundsim.decide.paired import (
    NORMAL_95,
    Difference,
    paired_mean,
    paired_probability,
    paired_ratio,
)
from fundsim.results.statistics import (
    Estimate,
    Floats,
    clopper_pearson,
    empirical_quantile,
    expected,
    expected_shortfall,
    fixed_order_sum,
    order_statistic_ranks,
    quantile_rank,
    ratio_of_sums,
    unexpected,
)

__all__ = ["Measured", "influence", "measured", "paired"]

UNEXPECTED_LEVEL = "0.99"
Columns = Mapping[str, Floats]
"""Name of a column → one value a path, shape (paths,); NaN where a path has none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of some paths."""

    value: float
    """NaN where no path has a value."""
    se: float
    """Standard error; NaN where it is not known."""
    ci95: tuple[float, float]
    """95 % interval of simulation error; an end is infinite where nothing bounds it."""
    n: int
    """Paths that have a value."""


NOTHING = Measured(math.nan, math.nan, (math.nan, math.nan), 0)


def measured(measure: Measure, columns: Columns) -> Measured:
    """Return a figure with its error: the same bits as a run's summary has.

    The interval of a probability is Clopper's and Pearson's, that of a quantile lies between two order
    statistics, others are ± 1.96 standard errors.  The standard error of a quantile is that of the mean of
    its ``influence``.

    Args:
        measure: the figure.
        columns: name of a column → one value a path.
    """
    if measure.figure == "ratio":
        numerator, denominator = (columns[key] for key in measure.columns)
        return _by_error(ratio_of_sums(numerator, denominator), len(numerator))
    values = columns[measure.columns[0]]
    present = values[~np.isnan(values)]
    n = len(present)
    if not n:
        return NOTHING
    if measure.figure == "probability":
        k = int(np.count_nonzero(present == 1.0))
        p = k / n
        return Measured(p, math.sqrt(p * (1.0 - p) / n), clopper_pearson(k, n), n)
    if measure.figure == "quantile":
        return _quantile(measure, columns, np.sort(present))
    if measure.figure == "shortfall":
        return _by_error(expected_shortfall(np.sort(present), measure.level), n)
    return _by_error(expected(values) if measure.figure == "mean" else unexpected(values), n)


def _by_error(figure: Estimate, n: int) -> Measured:
    value, se = figure.value, figure.se
    if math.isnan(value):
        return NOTHING
    if math.isnan(se):
        return Measured(value, se, (-math.inf, math.inf), n)
    return Measured(value, se, (value - NORMAL_95 * se, value + NORMAL_95 * se), n)


def _quantile(measure: Measure, columns: Columns, ascending: Floats) -> Measured:
    n = len(ascending)
    lower, upper = order_statistic_ranks(n, measure.level)
    ends = (
        float(ascending[lower - 1]) if lower >= 1 else -math.inf,
        float(ascending[upper - 1]) if upper <= n else math.inf,
    )
    value = empirical_quantile(ascending, measure.level)
    return Measured(value, _error_of_mean(influence(measure, columns)), ends, n)


def influence(measure: Measure, columns: Columns) -> Floats:
    """Return what each path adds to the error of a figure, shape (paths,): its influence function.

    The figure's standard error is that of their mean, and the error of a difference of two figures on the
    same paths that of the mean of the differences.  With N paths, n of them with a value, m their mean, q the
    a-quantile and s the slope of the empirical quantile function between the order statistics that hold it
    with 95 %:

    * mean, probability: ``(x − m)·N/n``;
    * ratio of sums: ``(N − R D)/mean(D)``;
    * quantile: ``s·(1{x > q} − (1 − a))·N/n``;
    * expected shortfall: ``(max(x − q, 0)/(1 − a) − mean of that)·N/n``;
    * unexpected: the quantile's less the mean's.

    A path without a value adds 0.  NaN everywhere where nothing is known of the error.

    Args:
        measure: the figure.
        columns: name of a column → one value a path.
    """
    if measure.figure == "ratio":
        numerator, denominator = (columns[key] for key in measure.columns)
        mean = fixed_order_sum(denominator) / len(denominator)
        if mean == 0.0:
            return np.full(len(denominator), math.nan)
        ratio = ratio_of_sums(numerator, denominator).value
        return np.asarray((numerator - ratio * denominator) / mean)
    values = columns[measure.columns[0]]
    present = ~np.isnan(values)
    n = int(np.count_nonzero(present))
    if not n:
        return np.full(len(values), math.nan)
    found = np.zeros(len(values))
    found[present] = _of_present(measure, values[present]) * (len(values) / n)
    return found


def _of_present(measure: Measure, values: Floats) -> Floats:
    if measure.figure in ("mean", "probability"):
        return values - expected(values).value
    if measure.figure == "quantile":
        return _of_quantile(values, measure.level)
    if measure.figure == "unexpected":
        return _of_quantile(values, UNEXPECTED_LEVEL) - (values - expected(values).value)
    ascending = np.sort(values)
    if math.isnan(expected_shortfall(ascending, measure.level).se):
        return np.full(len(values), math.nan)
    tail = float(1 - Fraction(measure.level))
    excess = np.maximum(values - empirical_quantile(ascending, measure.level), 0.0) / tail
    return np.asarray(excess - fixed_order_sum(excess) / len(excess))


def _of_quantile(values: Floats, level: str) -> Floats:
    ascending = np.sort(values)
    n = len(ascending)
    lower, upper = order_statistic_ranks(n, level)
    if lower < 1 or upper > n:
        return np.full(n, math.nan)
    slope = n * float(ascending[upper - 1] - ascending[lower - 1]) / (upper - lower)
    beyond = (values > ascending[quantile_rank(n, level) - 1]).astype(float)
    return np.asarray(slope * (beyond - fixed_order_sum(beyond) / n))


def _error_of_mean(influences: Floats) -> float:
    n = len(influences)
    if n < 2:
        return math.nan
    return math.sqrt(fixed_order_sum(np.square(influences)) / (n - 1) / n)


def paired(measure: Measure, first: Columns, other: Columns) -> Difference:
    """Return a figure less the first scenario's, on the same paths.

    Args:
        measure: the figure.
        first: the columns of the first scenario.
        other: those of the other one, on the same paths.
    """
    mine, theirs = ([columns[key] for key in measure.columns] for columns in (first, other))
    if measure.figure == "ratio":
        return paired_ratio((mine[0], mine[1]), (theirs[0], theirs[1]))
    if measure.figure == "mean":
        return paired_mean(mine[0], theirs[0])
    if measure.figure == "probability":
        return paired_probability(mine[0], theirs[0])
    value = measured(measure, other).value - measured(measure, first).value
    se = _error_of_mean(influence(measure, other) - influence(measure, first))
    return Difference(value, se, (value - NORMAL_95 * se, value + NORMAL_95 * se))
