"""Shares of one whole: where some of them move, all are divided by their sum.

A scenario whose shares do not sum to 1 is refused: were one of them moved alone, every value but its own
would be impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fundsim.errors import ScenarioError
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption
from fundsim.scenario.explain import flat_values, key_steps

__all__ = ["Values", "Whole", "completed", "wholes_of"]

Values = tuple[tuple[str, float], ...]
"""Keys and values."""
CLOSE = 1e-9
MOVED = 0.999
"""A share is moved to this part of itself to see whether the scenario minds."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Shares that sum to 1: key and value of each."""

    shares: Values


def wholes_of(scenario: Scenario, found: Iterable[Assumption]) -> tuple[Whole, ...]:
    """Return the wholes of which some assumption is a share.

    Numbers are shares of a whole if they stand side by side, sum to 1, and the scenario is refused where one
    of them alone is another.
    """
    values = dict(flat_values(scenario.resolved()))
    moving = {key for one in found for key, _, _ in one.members}
    wholes: dict[Values, Whole] = {}
    for key in moving:
        for shares in _beside(key, values):
            whole = abs(sum(value for _, value in shares) - 1.0) < CLOSE
            if shares not in wholes and whole and _is_refused(scenario, key, dict(shares)[key]):
                wholes[shares] = Whole(shares)
    return tuple(wholes.values())


def _beside(key: str, values: Mapping[str, Any]) -> Iterator[Values]:
    """Yield the numbers that stand beside one in a list of blocks, or in a block."""
    for pattern in _patterns(key):
        shares = tuple((k, float(v)) for k, v in values.items() if pattern in _patterns(k) and _is_share(v))
        if len(shares) > 1:
            yield shares


def _patterns(key: str) -> list[tuple[str, ...]]:
    """Return where a key stands: in its block, and by its own name in blocks that stand side by side."""
    steps = key_steps(key)
    return [(*steps[:-1], "*"), (*steps[:-2], "*", steps[-1])] if len(steps) > 1 else []


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value <= 1.0


def _is_refused(scenario: Scenario, key: str, value: float) -> bool:
    try:
        scenario.set(key, value * MOVED)
    except ScenarioError:
        return True
    return False


def completed(values: Iterable[tuple[str, float]], wholes: Iterable[Whole]) -> Values:
    """Return keys and values with the shares of every whole that is touched divided by their sum.

    Args:
        values: what moves.
        wholes: the wholes of the scenario.
    """
    moved = dict(values)
    for whole in wholes:
        if any(key in moved for key, _ in whole.shares):
            own = {key: moved.get(key, value) for key, value in whole.shares}
            total = sum(own.values())
            if total > 0.0:
                moved |= {key: value / total for key, value in own.items()}
    return tuple(moved.items())
