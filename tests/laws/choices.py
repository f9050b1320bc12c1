"""Choices that make a random scheme: from a seed, or by hypothesis, which knows how to shrink them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from hypothesis import strategies as st

T = TypeVar("T")


class Choices(Protocol):
    """Where a random scheme takes its numbers from."""

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        ...


class Seeded:
    """Choices from a seed: the same seed, the same scheme, in any process."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))

    def whole(self, low: int, high: int) -> int:
        return int(self._random.integers(low, high + 1))


class Drawn:
    """Choices that hypothesis makes, and makes simpler when a law fails."""

    def __init__(self, draw) -> None:
        self._draw = draw

    def whole(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))


def chance(choose: Choices, percent: int) -> bool:
    """Return True in so many cases of a hundred; the simplest choice is False."""
    return choose.whole(0, 99) >= 100 - percent


def amount(choose: Choices, low: float, high: float) -> float:
    """Return an amount to the fen [yuan]."""
    return choose.whole(round(100 * low), round(100 * high)) / 100


def share(choose: Choices, low: float = 0.0, high: float = 1.0) -> float:
    """Return a share to a thousandth."""
    return choose.whole(round(1000 * low), round(1000 * high)) / 1000


def pick(choose: Choices, options: Sequence[T]) -> T:
    """Return one of the options; the first is the simplest."""
    return options[choose.whole(0, len(options) - 1)]
