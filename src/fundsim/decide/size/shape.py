"""Whether figures rise and fall over a range, by paired differences of neighbouring values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from fundsim.decide.size.target import Target
from fundsim.decide.size.trials import Trials
from fundsim.results.statistics import Floats, expected

__all__ = ["is_monotone", "part_of_each_path"]

SURELY = 3.0
"""Errors by which a figure must move between two neighbours to be said to move."""


def is_monotone(trials: Trials, scanned: Sequence[float]) -> bool:
    """Return whether no target's figure surely rises between two values of a scan and falls between others.

    Neighbours are compared on the paths that all of them have, path by path.
    """
    paths = min(trials.known(value) for value in scanned)
    for target in trials.targets:
        parts = [part_of_each_path(target, trials.columns(value, paths)) for value in scanned]
        moves = [_errors(other - one) for one, other in pairwise(parts)]
        if max(moves, default=0.0) > SURELY and min(moves, default=0.0) < -SURELY:
            return False
    return True


def part_of_each_path(target: Target, columns: Mapping[str, Floats]) -> Floats:
    """Return what each path adds to a mean that moves as the figure does, shape (paths,).

    Of a quantile that is whether the path lies beyond the bound, of a ratio of sums N − bound × D.
    """
    if target.figure == "ratio":
        numerator, denominator = (columns[key] for key in target.columns)
        return np.asarray(numerator - target.bound * denominator)
    values = columns[target.columns[0]]
    if target.figure == "quantile":
        return np.where(np.isnan(values), np.nan, (values > target.bound).astype(float))
    return values


def _errors(differences: Floats) -> float:
    """Return a mean difference in its standard errors; 0 where nothing is known of it."""
    found = expected(differences)
    if math.isnan(found.value) or math.isnan(found.se) or found.value == 0.0:
        return 0.0
    return found.value / found.se if found.se > 0.0 else math.copysign(math.inf, found.value)
