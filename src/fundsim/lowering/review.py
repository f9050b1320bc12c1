"""What the lowering has to say of a scenario that is sound by its terms."""

from __future__ import annotations

from collections.abc import Mapping

from fundsim.errors import Fault, ScenarioError
from fundsim.instruments import KINDS, Kind
from fundsim.lowering.scheme import lower
from fundsim.lowering.surprises import surprises
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import joined

__all__ = ["review"]


def review(scenario: Scenario, kinds: Mapping[str, Kind] = KINDS) -> tuple[Fault, ...]:
    """Return why a scenario can't be lowered, or, if it can, warnings of what is surprising in it."""
    try:
        scheme = lower(scenario, kinds)
        joined(scenario)
    except ScenarioError as error:
        return error.faults
    return surprises(scenario, scheme)
