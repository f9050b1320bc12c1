"""Which figures are bad on the same paths: how two of them correlate, and how often both are at their worst.

The figures say themselves which end of them is bad (``Metric.bad``), so that an instrument joins by declaring
one.  All is worked out from the values by path of the whole run, as quantiles are: how a run was split leaves
no trace.  docs/definitions.md, "Dependence", has the rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fundsim.results.columns import Columns
from fundsim.results.selection import Column, Horizon
from fundsim.results.statistics import (
    CHUNK,
    Estimate,
    Floats,
    Probability,
    clopper_pearson,
    fixed_order_sum,
)
from fundsim.scheme.metrics import BadEnd

__all__ = ["HORIZON", "INDEPENDENT", "Dependence", "dependence_of", "pairs_of"]

HORIZON: Horizon = "run_off"
TENTHS = 10
INDEPENDENT = 1.0 / TENTHS**2
"""P(both in their worst tenth) of figures that have nothing to do with each other."""
NONE = Estimate(math.nan, math.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """How two figures go together over the paths that have both."""

    first: str
    """Name of a metric; its value at the end of the run-off is meant."""
    first_bad: BadEnd
    second: str
    second_bad: BadEnd
    n: int
    """Paths that have both."""
    correlation: Estimate
    joint: Probability
    """P(both in their worst tenth)."""

    @property
    def joint_se(self) -> float:
        """Binomial standard error of the probability."""
        return math.sqrt(self.joint.p * (1.0 - self.joint.p) / self.n) if self.n else math.nan


def pairs_of(columns: Iterable[Column]) -> list[tuple[Column, Column]]:
    """Return every two figures of different instruments that have a bad end, among the columns of a run.

    There is none where all that have one are called the same, as the claims of several pools.
    """
    found = [
        column
        for column in columns
        if column.metric.bad is not None and column.horizon == HORIZON and column.year is None
    ]
    if len({column.metric.own_name for column in found}) < 2:
        return []
    return [(a, b) for a, b in combinations(found, 2) if a.metric.instrument != b.metric.instrument]


def dependence_of(columns: Columns, pairs: Sequence[tuple[Column, Column]]) -> tuple[Dependence, ...]:
    """Return the dependence of pairs of figures, from the values by path."""
    return tuple(_dependence(columns, *pair) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Margin:
    """What one figure is by itself."""

    mean: float
    sd: float
    """With the divisor n."""
    edge: float
    """The value with which its worst tenth ends."""
    weight: float
    """Part of a path with this value that belongs to the tenth."""
    bad: BadEnd

    def standard(self, values: Floats) -> Floats:
        return (values - self.mean) / self.sd

    def worst(self, values: Floats) -> Floats:
        """Return the part of each path that belongs to the worst tenth, 0 … 1."""
        beyond = values > self.edge if self.bad == "high" else values < self.edge
        return np.where(values == self.edge, self.weight, beyond.astype(np.float64))


def _margin(values: Floats, bad: BadEnd) -> _Margin:
    """Return what a sample of at least one value is by itself."""
    n = len(values)
    start = float(values[0])
    mean = start + fixed_order_sum(values - start) / n
    sd = math.sqrt(fixed_order_sum(np.square(values - mean)) / n)
    rank = -(-n // TENTHS)
    place = n - rank if bad == "high" else rank - 1
    edge = float(np.partition(values, place)[place])
    beyond = np.count_nonzero(values > edge if bad == "high" else values < edge)
    weight = (n / TENTHS - beyond) / np.count_nonzero(values == edge)
    return _Margin(mean, 0.0 if values.min() == values.max() else sd, edge, float(weight), bad)


def _dependence(columns: Columns, one: Column, other: Column) -> Dependence:
    first_bad, second_bad = _end_of(one), _end_of(other)
    first = _margin_of(columns, one.key, other.key, first_bad)
    second = _margin_of(columns, other.key, one.key, second_bad)
    x, y = _present(columns, one.key, other.key), _present(columns, other.key, one.key)
    missing = 1.0 - len(x) / columns.n_paths
    correlation, joint = NONE, Probability(math.nan, (math.nan, math.nan), len(x), missing)
    if first is not None and second is not None and first.sd > 0.0 and second.sd > 0.0:
        correlation = _correlation(x, y, first, second)
        joint = _joint(x, y, first, second, missing)
    return Dependence(
        first=one.name,
        first_bad=first_bad,
        second=other.name,
        second_bad=second_bad,
        n=len(x),
        correlation=correlation,
        joint=joint,
    )


def _end_of(column: Column) -> BadEnd:
    bad = column.metric.bad
    if bad is None:
        raise ValueError(f"{column.key} has no bad end")
    return bad


def _present(columns: Columns, key: str, other: str) -> Floats:
    """Return a column on the paths that have a value in both, shape (n,)."""
    values = columns.read(key)
    there = ~np.isnan(values)
    there &= ~np.isnan(columns.read(other))
    return values if there.all() else values[there]


def _margin_of(columns: Columns, key: str, other: str, bad: BadEnd) -> _Margin | None:
    values = _present(columns, key, other)
    return _margin(values, bad) if len(values) else None


def _sum(x: Floats, y: Floats, term: Callable[[Floats, Floats], Floats]) -> float:
    """Return the sum of a term over the paths, chunk by chunk as ``fixed_order_sum`` adds them."""
    chunks = [slice(start, start + CHUNK) for start in range(0, len(x), CHUNK)]
    return math.fsum(float(np.add.reduce(term(x[chunk], y[chunk]))) for chunk in chunks)


def _correlation(x: Floats, y: Floats, first: _Margin, second: _Margin) -> Estimate:
    """Return the correlation, with the error by its influence function (Devlin and others 1975)."""
    n = len(x)
    r = _sum(x, y, lambda a, b: first.standard(a) * second.standard(b)) / n

    def squared_influence(a: Floats, b: Floats) -> Floats:
        one, other = first.standard(a), second.standard(b)
        return np.square(one * other - 0.5 * r * (np.square(one) + np.square(other)))

    return Estimate(r, math.sqrt(_sum(x, y, squared_influence) / n / (n - 1)))


def _joint(x: Floats, y: Floats, first: _Margin, second: _Margin, missing: float) -> Probability:
    n = len(x)
    both = _sum(x, y, lambda a, b: first.worst(a) * second.worst(b))
    return Probability(both / n, clopper_pearson(both, n), n, missing)
