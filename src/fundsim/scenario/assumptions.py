"""What a scenario is not sure of: its values that carry a low and a high, those of one meaning together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fundsim.scenario.scenario import Scenario

__all__ = ["Assumption", "assumptions"]

PLAN = "plan"
"""Source of the values that the plan itself lays down: they are decided, not assumed."""
NAMED = ("segments", "instruments")
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value with a low and a high, or one key of several segments or instruments, which move together."""

    name: str
    """Its key, with ``*`` for the name where several have it: ``segments.*.pd``."""
    members: tuple[tuple[str, float, float], ...]
    """Key, low and high of each."""

    def at(self, end: str) -> tuple[tuple[str, float], ...]:
        """Return keys and values at the end ``low`` or ``high``."""
        return tuple((key, high if end == "high" else low) for key, low, high in self.members)


def assumptions(scenario: Scenario, *, apart_from: str = "") -> tuple[Assumption, ...]:
    """Return the assumptions of a scenario in the order of its terms.

    A value is one if it carries a low and a high and its source is not the plan.  The same key of several
    segments, or of several instruments, is one assumption.

    Args:
        scenario: the scenario.
        apart_from: key that is no assumption, because it is varied.
    """
    groups: dict[tuple[str, ...], list[tuple[str, float, float]]] = {}
    for key, low, high in _ranges(scenario):
        if key != apart_from:
            steps = tuple(key.split("."))
            kin = (steps[0], EVERY, *steps[2:]) if steps[0] in NAMED else steps
            groups.setdefault(kin, []).append((key, low, high))
    return tuple(
        Assumption(".".join(kin) if len(found) > 1 else found[0][0], tuple(found))
        for kin, found in groups.items()
    )


def _ranges(scenario: Scenario) -> Iterator[tuple[str, float, float]]:
    for key, origin in scenario.origins.items():
        if origin.low is not None and origin.high is not None and PLAN not in origin.source:
            yield key, origin.low, origin.high
