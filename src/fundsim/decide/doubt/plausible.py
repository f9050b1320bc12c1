"""Plausible values of assumptions: a law through low, value and high, and draws from it.

A score z from the standard normal law stands for all values of one assumption.  Its median is the value,
5 % lie below low and 5 % above high: ``value + (value − low)·z/z₉₅`` for z < 0 and
``value + (high − value)·z/z₉₅`` above, cut off at the term's bounds, whole where the term is a count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from fundsim.results.statistics import Floats
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption, Joined
from fundsim.scenario.numbers import NumberAt, number_at

__all__ = ["Z95", "Plausible", "Range", "plausible", "scores"]

Z95 = 1.6448536269514722
"""Quantile of the normal law at 95 %."""
INSIDE = 1e-3
"""How near to a bound that itself is not allowed values go, as a part of the distance from the value."""


@dataclass(frozen=True, slots=True)
class Range:
    """The plausible values of one key."""

    number: NumberAt
    low: float
    high: float

    def at(self, score: float) -> float | int:
        """Return the value at a score."""
        number = self.number
        value = float(number.value)
        reach = value - self.low if score < 0.0 else self.high - value
        drawn = self._within(value + reach * score / Z95)
        return round(drawn) if number.quantity.integer else drawn

    def _within(self, drawn: float) -> float:
        """Return a value moved into what the term allows."""
        bounds, quantity, value = self.number.bounds, self.number.quantity, float(self.number.value)
        low, high = quantity.low, quantity.high
        if bounds.low is not None:
            low = max(low, bounds.low + (INSIDE * abs(value - bounds.low) if bounds.low_open else 0.0))
        if bounds.high is not None:
            high = min(high, bounds.high - (INSIDE * abs(bounds.high - value) if bounds.high_open else 0.0))
        return min(high, max(low, drawn))


@dataclass(frozen=True, slots=True)
class Plausible:
    """An assumption with the plausible values of its keys."""

    assumption: Assumption
    ranges: tuple[Range, ...]

    @property
    def name(self) -> str:
        """Its key, with ``*`` for the name where several segments or instruments share it."""
        return self.assumption.name

    @property
    def short(self) -> str:
        """The same as users write it."""
        return self.assumption.short

    def at(self, score: float) -> tuple[tuple[str, float | int], ...]:
        """Return keys and values at a score."""
        return tuple((one.number.key, one.at(score)) for one in self.ranges)


def plausible(scenario: Scenario, assumption: Assumption) -> Plausible:
    """Return an assumption with what its scenario says of each key."""
    ranges = (Range(number_at(scenario, key), low, high) for key, low, high in assumption.members)
    return Plausible(assumption, tuple(ranges))


def scores(names: Sequence[str], draws: int, seed: int, joined: Sequence[Joined] = ()) -> Floats:
    """Return scores of assumptions, shape (draws, assumptions).

    Each assumption has its own random numbers, by its name: draw i of an assumption is the same whatever
    other assumptions there are and however many draws.  Joined ones are mixed by the Cholesky factor of their
    correlations, so that an assumption keeps its own numbers unless an earlier one is joined to it.

    Args:
        names: names of the assumptions.
        draws: number of draws.
        seed: seed of all of them.
        joined: which of them go together.
    """
    if not names:
        return np.zeros((draws, 0))
    own = np.column_stack([_normal(name, draws, seed) for name in names])
    if not joined:
        return own
    matrix = np.eye(len(names))
    for pair in joined:
        matrix[pair.first, pair.second] = matrix[pair.second, pair.first] = pair.rho
    return own @ np.linalg.cholesky(matrix).T


def _normal(name: str, draws: int, seed: int) -> Floats:
    """Return normal numbers of a name, by the inverse of the normal law at uniform numbers of Philox."""
    digest = hashlib.sha256(f"doubt/{seed}/{name}".encode()).digest()
    generator = np.random.Philox(key=int.from_bytes(digest[:16], "little"))
    return np.asarray(ndtri(uniform(generator, draws)))


def uniform(generator: np.random.Philox, count: int) -> Floats:
    """Return numbers in (0, 1) from the words of a generator, which NumPy promises to keep."""
    words = np.asarray(generator.random_raw(count), dtype=np.uint64)
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
