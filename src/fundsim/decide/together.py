"""Assumptions at ends of theirs, all at once: as many of them as go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption

__all__ = ["End", "Values", "as_many_as_go_together", "is_sound"]

End = Literal["low", "high"]
Values = tuple[tuple[str, float], ...]
"""Keys and values."""


def as_many_as_go_together(
    wanted: Sequence[tuple[Assumption, End]], sound: Callable[[Values], bool]
) -> tuple[Values, tuple[Assumption, ...]]:
    """Return keys and values of as many assumptions as go together, and the assumptions left out.

    Assumptions are taken one after the other; one that makes the scenario impossible beside those before it
    is left out.

    Args:
        wanted: the assumptions, each with the end that is wanted, those with the largest effects first.
        sound: whether the scenario is sound with keys at values.
    """
    values: Values = ()
    left_out = []
    for one, end in wanted:
        if sound((*values, *one.at(end))):
            values += one.at(end)
        else:
            left_out.append(one)
    return values, tuple(left_out)


def is_sound(scenario: Scenario, values: Values) -> bool:
    """Return whether a scenario can be run with keys at values."""
    try:
        lower(scenario.set_all(values))
    except ScenarioError:
        return False
    return True
