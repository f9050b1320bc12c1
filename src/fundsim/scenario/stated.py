"""What a scenario states, for its readers: every value that has a source, with range, unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fundsim.errors import ScenarioError
from fundsim.scenario.assumptions import PLAN
from fundsim.scenario.explain import lines
from fundsim.scenario.numbers import number_at
from fundsim.scenario.scenario import Scenario

__all__ = ["has_assumptions", "stated"]

TITLES = (".title", ".title_zh")
"""Ends of keys that are words for readers."""


def stated(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the values that a scenario states with a source, a low or a high, in the order of its terms.

    Each has ``key``, ``value``, ``unit``, ``meaning``, ``meaning_zh``, ``low``, ``high``, ``source`` (a list)
    and ``note``; what does not exist is None, or empty.
    """
    return [
        {
            "key": line.key,
            "value": line.value,
            **_about(scenario, line.key, line.value),
            "low": line.origin.low,
            "high": line.origin.high,
            "source": list(line.origin.source),
            "note": line.origin.note,
        }
        for line in lines(scenario)
        if not line.key.endswith(TITLES)
        if line.origin.source or line.origin.low is not None or line.origin.high is not None
    ]


def has_assumptions(inputs: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether some of the values that a scenario states carry low and high, and are no plan's."""
    return any(
        one["low"] is not None and one["high"] is not None and PLAN not in one["source"] for one in inputs
    )


def _about(scenario: Scenario, key: str, value: Any) -> dict[str, str]:
    """Return unit and meaning of a number; both are empty of anything else."""
    nothing = {"unit": "", "meaning": "", "meaning_zh": ""}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return nothing
    try:
        number = number_at(scenario, key)
    except ScenarioError:
        return nothing
    return {"unit": number.unit, "meaning": number.meaning, "meaning_zh": number.meaning_zh}
