"""Whether a figure keeps its bound, and how surely: its 95 % interval and its distance in errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fundsim.decide.paired import NORMAL_95
from fundsim.decide.size.target import Target
from fundsim.results.statistics import (
    ENOUGH_IN_THE_TAIL,
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

__all__ = ["FAR", "Judged", "Verdict", "judge", "least_paths", "verdict"]

FAR = 1e6
"""Distance of a figure without an error from its bound [standard errors]."""
TAIL = 0.025
UNEXPECTED_LEVEL = 0.99
"""Level of the quantile in ``unexpected``."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure of one value of the key, beside its target."""

    value: float
    """NaN where no path has a value; then the target is neither met nor missed."""
    ci95: tuple[float, float]
    score: float
    """How far on the good side of the bound it is [standard errors at the bound]; negative on the bad."""
    n: int
    """Paths that have a value."""
    met: bool
    """The figure keeps its bound."""
    possible: bool
    """Its interval reaches the good side."""
    sure: bool
    """Its whole interval lies on the good side."""
    paths: int
    """All paths."""

    @property
    def error_known(self) -> bool:
        """Whether anything is known of its error: an interval that ends on one side at least."""
        return self.n > 0 and any(map(math.isfinite, self.ci95))


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
        return self.figures[0].paths

    @property
    def empty(self) -> bool:
        """Whether a figure has no value on any path: its target is neither met nor missed then."""
        return any(math.isnan(figure.value) for figure in self.figures)

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
        return _none(0, len(values))
    if target.figure == "probability":
        found = _by_count(target, int(np.count_nonzero(present == 1.0)), n)
    elif target.figure == "quantile":
        found = _quantile(target, np.sort(present))
    else:
        found = _by_error(target, _estimate(target, present), n)
    return replace(found, paths=len(values))


def least_paths(target: Target) -> int:
    """Return from how many paths on the error of a figure is known, and a target can be surely met.

    Of an event that happens on no path the Clopper–Pearson interval ends at 1 − 0.025^(1/n); a quantile has
    an order statistic beyond it from the n on at which a^n ≤ 0.025; ``expected_shortfall`` and
    ``unexpected`` say from when on they have an error.  0 where no number of paths is enough.

    >>> from fundsim.decide.size.target import Target
    >>> least_paths(Target("shortfall", "0.99", "pool.lent", "run_off", "yuan", ("x",), bound=1.0))
    10000
    >>> least_paths(Target("probability", "", "pool.depleted", "run_off", "share", ("x",), bound=0.05))
    72
    """
    if target.never_sure:
        return 0
    if target.figure == "shortfall":
        return math.ceil(ENOUGH_IN_THE_TAIL / (1 - Fraction(target.level)))
    if target.figure == "probability":
        return _least(1.0 - target.bound if target.at_most else target.bound)
    if target.figure in ("quantile", "unexpected"):
        share = float(target.level) if target.level else UNEXPECTED_LEVEL
        return _least(share if target.at_most or target.figure == "unexpected" else 1.0 - share)
    return 2


def _least(share: float) -> int:
    """Return the least n with share^n ≤ 2.5 %."""
    return 1 if share <= 0.0 else math.ceil(math.log(TAIL) / math.log(share)) if share < 1.0 else 0


def _none(n: int, paths: int) -> Judged:
    return Judged(math.nan, (math.nan, math.nan), -FAR, n, False, False, False, paths)


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
    return Judged(p, ends, _distance(margin, target.bound, n), n, *_sides(target, p, ends), n)


def _distance(margin: float, p: float, n: int) -> float:
    """Return a margin of a share in standard errors of a share p of n paths."""
    variance = p * (1.0 - p) / n
    if variance > 0.0:
        return min(FAR, max(-FAR, margin / math.sqrt(variance)))
    return 0.0 if margin == 0.0 else math.copysign(FAR, margin)


def _by_error(target: Target, figure: Estimate, n: int) -> Judged:
    value, se = figure.value, figure.se
    if math.isnan(value):
        return _none(n, n)
    margin = target.bound - value if target.at_most else value - target.bound
    if math.isnan(se):  # too few paths for an error: nothing is sure, and nothing is excluded
        return Judged(value, (-math.inf, math.inf), 0.0, n, margin >= 0.0, True, False, n)
    ends = (value - NORMAL_95 * se, value + NORMAL_95 * se)
    score = min(FAR, max(-FAR, margin / se)) if se > 0.0 else math.copysign(FAR, margin) if margin else 0.0
    return Judged(value, ends, score, n, *_sides(target, value, ends), n)


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
    return Judged(value, ends, score, n, *_sides(target, value, ends), n)
