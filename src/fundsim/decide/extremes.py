"""All assumptions at their better ends, and all at their worse: which is which, by its effect on a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fundsim.decide.shape import part_of_each_path
from fundsim.decide.target import Target
from fundsim.decide.trials import Effort, Machine, plan_of
from fundsim.errors import ScenarioError
from fundsim.results.statistics import Floats, expected
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption, assumptions
from fundsim.simulation import simulate_part

__all__ = ["EFFECT_PATHS", "Ends", "find_ends"]

EFFECT_PATHS = 1024
"""Paths on which the effect of an assumption is seen."""
End = Literal["low", "high"]


@dataclass(frozen=True, slots=True)
class Ends:
    """Which end of each assumption is the better one for a target."""

    better: tuple[tuple[Assumption, End], ...]
    """Assumptions that move the figure, each with the end that moves it towards the target."""
    without_effect: tuple[Assumption, ...]
    """Assumptions of which no path shows an effect: they keep their value."""
    refused: tuple[tuple[Assumption, ScenarioError], ...]
    """Assumptions at whose upper end the scenario is not sound: they keep their value."""

    def values(self, worse: bool) -> tuple[tuple[str, float], ...]:
        """Return keys and values with all assumptions at their better ends, or at their worse ones."""
        ends = ((one, _other(end) if worse else end) for one, end in self.better)
        return tuple(pair for one, end in ends for pair in one.at(end))


def _other(end: End) -> End:
    return "low" if end == "high" else "high"


def find_ends(
    scenario: Scenario,
    targets: Sequence[Target],
    instrument: str,
    *,
    apart_from: str,
    seed: int,
    machine: Machine,
    effort: Effort,
) -> Ends:
    """Find the better end of each assumption, by its upper end's effect on the first target.

    Args:
        scenario: the scenario at the answer.
        targets: the first of them decides.
        instrument: instrument of the key that is varied.
        apart_from: key that is varied, no assumption therefore.
        seed: seed of all runs, so that they differ path by path.
        machine: what simulates.
        effort: counts paths.
    """
    target = targets[0]
    found = assumptions(scenario, apart_from=apart_from)
    effort.expect(EFFECT_PATHS * (1 + len(found)))

    def simulate(variant: Scenario) -> Floats:
        plan = plan_of(variant, (target,), instrument)
        part = simulate_part(
            plan, first=0, paths=EFFECT_PATHS, seed=seed, engine=machine.engine,
            executor=machine.executor, workers=machine.workers,
        )  # fmt: skip
        effort.spend(EFFECT_PATHS)
        return part_of_each_path(target, {name: part.columns.read(name) for name in plan.column_names})

    base = simulate(scenario) if found else np.zeros(0)
    better: list[tuple[Assumption, End]] = []
    idle, refused = [], []
    for one in found:
        try:
            effect = expected(simulate(scenario.set_all(one.at("high"))) - base).value
        except ScenarioError as error:
            refused.append((one, error))
            continue
        if not effect or np.isnan(effect):
            idle.append(one)
            continue
        better.append((one, "low" if _is_worse(target, effect) else "high"))
    return Ends(tuple(better), tuple(idle), tuple(refused))


def _is_worse(target: Target, effect: float) -> bool:
    """Return whether a change of the figure leads away from the target.

    What is taken of each path of a quantile is whether it lies beyond the bound, which moves as the figure.
    """
    return (effect > 0.0) == target.at_most
