"""How probable it is that targets are met: each by itself, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fundsim.results.columns import Columns
from fundsim.results.selection import Column, Horizon
from fundsim.results.statistics import Estimate, Probability, describe, probability
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.targets import Target

__all__ = ["Met", "all_met", "columns_of_targets", "kept_on", "met_targets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A target: what is planned, what is expected, and how probable it is that it is met."""

    name: str
    """Of the target; empty for all of them together."""
    metric: str
    """With its year, if it is one year's."""
    horizon: Horizon
    unit: str
    heading: str
    at_least: bool
    bound: float
    expected: Estimate
    """Mean of the metric over the paths that have a value."""
    p: Probability
    """That it is met.  A path without a value does not meet it."""
    left_out: tuple[str, ...] = ()
    """Budget lines, or instruments, of which it leaves out what they pay after the window."""


def columns_of_targets(
    targets: Sequence[Target], candidates: Sequence[Column]
) -> list[tuple[Target, Column]]:
    """Return each target with the column of one value a path on which it is judged.

    Targets of a scheme that was cut down to a few metrics are left out with theirs.
    """
    dates = {(c.metric.name, c.horizon): c for c in candidates if c.year is None}
    years = {(c.metric.name, c.year): c for c in candidates if c.year is not None}
    found = (
        (one, dates.get((one.metric, one.horizon)) if one.year is None else years.get((one.metric, one.year)))
        for one in targets
    )
    return [(one, column) for one, column in found if column is not None]


def met_targets(columns: Columns, targets: Sequence[tuple[Target, Column]]) -> tuple[Met, ...]:
    """Return the targets with their probabilities; where there are several, all together come last."""
    every = np.ones(columns.n_paths, dtype=np.bool_)
    found = []
    for target, column in targets:
        values = columns.read(column.key)
        kept = kept_on(values, column.metric.unit, at_least=target.at_least, bound=target.bound)
        every &= kept
        found.append(
            Met(
                name=target.name,
                metric=column.name,
                horizon=column.horizon,
                unit=column.metric.unit,
                heading=target.heading,
                at_least=target.at_least,
                bound=target.bound,
                expected=describe(values).mean,
                p=_probability(kept, float(np.isnan(values).mean())),
                left_out=target.left_out,
            )
        )
    if len(found) > 1:
        found.append(all_met(_probability(every, 0.0)))
    return tuple(found)


def kept_on(values: NDArray[np.float64], unit: str, *, at_least: bool, bound: float) -> NDArray[np.bool_]:
    """Return whether each path keeps a bound; amounts that differ by half a fen are the same."""
    slack = HALF_A_FEN if unit == "yuan" else 1e-12 * max(1.0, abs(bound))
    with np.errstate(invalid="ignore"):
        if at_least:
            return np.asarray(values >= bound - slack)
        return np.asarray(values <= bound + slack)


def _probability(kept: NDArray[np.bool_], missing: float) -> Probability:
    found = probability(kept.astype(np.float64))
    return Probability(found.p, found.ci95, found.n, missing)


def all_met(p: Probability) -> Met:
    """Return the entry of all targets together."""
    return Met(
        name="",
        metric="",
        horizon="run_off",
        unit="yes/no",
        heading="",
        at_least=True,
        bound=1.0,
        expected=Estimate(math.nan, math.nan),
        p=p,
    )
