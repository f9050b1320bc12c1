"""Whether a figure keeps its bound, and how surely: its 95 % interval and its distance in errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundsim.decide.paired import NORMAL_95
from fundsim.decide.target import Target
from fundsim.results.statistics import (
    Estimate,
    Floats,
    clopper_pearson,
    empirical_quantile,
    expected,
    expected_shortfall,
    order_statistic_ranks,
    ratio_of_sums,
    unexpected,
)

__all__ = ["FAR", "Judged", "Verdict", "judge", "verdict"]

FAR = 1e6
"""Distance of a figure without an error from its bound [standard errors]."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure of one value of the key, beside its target."""

    value: float
    """NaN where no path has a value; then the target is not met."""
    ci95: tuple[float, float]
    score: float
    """How far on the good side of the bound it is [standard errors at the bound]; negative on the bad."""
    n: int
    """Paths."""
    met: bool
    """The figure keeps its bound."""
    possible: bool
    """Its interval reaches the good side."""
    sure: bool
    """Its whole interval lies on the good side."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All targets at one value of the key: they must all be met."""

    figures: tuple[Judged, ...]

    @property
    def score(self) -> float:
        """The least distance of any of them."""
        return min(figure.score for figure in self.figures)

    @property
    def n(self) -> int:
        """Paths."""
        return self.figures[0].n

    @property
    def met(self) -> bool:
        """Whether every figure keeps its bound."""
        return all(figure.met for figure in self.figures)

    @property
    def possible(self) -> bool:
        """Whether none is surely on the wrong side."""
        return all(figure.possible for figure in self.figures)

    @property
    def sure(self) -> bool:
        """Whether all are surely on the good side."""
        return all(figure.sure for figure in self.figures)


def verdict(targets: Sequence[Target], columns: Mapping[str, Floats]) -> Verdict:
    """Judge all targets on the same paths."""
    return Verdict(tuple(judge(target, columns) for target in targets))


def judge(target: Target, columns: Mapping[str, Floats]) -> Judged:
    """Return a figure with its 95 % interval, and on which side of its bound both are.

    The interval of a probability is Clopper's and Pearson's, that of a quantile lies between two order
    statistics, others are ± 1.96 standard errors.

    Args:
        target: figure and bound.
        columns: name of a column → one value a path, shape (paths,); NaN where a path has none.
    """
    if target.figure == "ratio":
        numerator, denominator = (columns[key] for key in target.columns)
        return _by_error(target, ratio_of_sums(numerator, denominator), len(numerator))
    values = columns[target.columns[0]]
    present = values[~np.isnan(values)]
    n = len(present)
    if not n:
        return Judged(math.nan, (math.nan, math.nan), -FAR, 0, False, False, False)
    if target.figure == "probability":
        return _by_count(target, int(np.count_nonzero(present == 1.0)), n)
    if target.figure == "quantile":
        return _quantile(target, np.sort(present))
    return _by_error(target, _estimate(target, present), n)


def _estimate(target: Target, present: Floats) -> Estimate:
    if target.figure == "mean":
        return expected(present)
    if target.figure == "unexpected":
        return unexpected(present)
    return expected_shortfall(np.sort(present), target.level)


def _sides(target: Target, value: float, ends: tuple[float, float]) -> tuple[bool, bool, bool]:
    low, high = ends
    if target.at_most:
        return value <= target.bound, low <= target.bound, high <= target.bound
    return value >= target.bound, high >= target.bound, low >= target.bound


def _by_count(target: Target, k: int, n: int) -> Judged:
    p, ends = k / n, clopper_pearson(k, n)
    margin = target.bound - p if target.at_most else p - target.bound
    return Judged(p, ends, _distance(margin, target.bound, n), n, *_sides(target, p, ends))


def _distance(margin: float, p: float, n: int) -> float:
    """Return a margin of a share in standard errors of a share p of n paths."""
    variance = p * (1.0 - p) / n
    if variance > 0.0:
        return min(FAR, max(-FAR, margin / math.sqrt(variance)))
    return 0.0 if margin == 0.0 else math.copysign(FAR, margin)


def _by_error(target: Target, figure: Estimate, n: int) -> Judged:
    value, se = figure.value, figure.se
    if math.isnan(value):
        return Judged(math.nan, (math.nan, math.nan), -FAR, n, False, False, False)
    margin = target.bound - value if target.at_most else value - target.bound
    if math.isnan(se):  # too few paths for an error: nothing is sure, and nothing is excluded
        return Judged(value, (-math.inf, math.inf), 0.0, n, margin >= 0.0, True, False)
    ends = (value - NORMAL_95 * se, value + NORMAL_95 * se)
    score = min(FAR, max(-FAR, margin / se)) if se > 0.0 else math.copysign(FAR, margin) if margin else 0.0
    return Judged(value, ends, score, n, *_sides(target, value, ends))


def _quantile(target: Target, ascending: Floats) -> Judged:
    """Judge a quantile q_a: ``q_a <= b`` is ``P(X > b) <= 1 − a``, ``q_a >= b`` is ``P(X < b) <= a``."""
    n, level = len(ascending), target.level
    value = empirical_quantile(ascending, level)
    lower, upper = order_statistic_ranks(n, level)
    ends = (
        float(ascending[lower - 1]) if lower >= 1 else -math.inf,
        float(ascending[upper - 1]) if upper <= n else math.inf,
    )
    share = float(Fraction(level))
    if target.at_most:
        beyond, allowed = n - int(np.searchsorted(ascending, target.bound, side="right")), 1.0 - share
    else:
        beyond, allowed = int(np.searchsorted(ascending, target.bound, side="left")), share
    score = _distance(allowed - beyond / n, allowed, n)
    return Judged(value, ends, score, n, *_sides(target, value, ends))
