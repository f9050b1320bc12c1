"""All assumptions at their better ends, and all at their worse: which is which, by its effect on a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from fundsim.decide.kept import is_of
from fundsim.decide.machine import Effort, Machine
from fundsim.decide.size.held import BaseLending, same_loans
from fundsim.decide.size.shape import part_of_each_path
from fundsim.decide.size.target import Target
from fundsim.decide.together import End, Values, as_many_as_go_together
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.results.statistics import Floats, expected
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption, assumptions
from fundsim.simulation import simulate_part

__all__ = ["EFFECT_PATHS", "Ends", "find_ends"]

EFFECT_PATHS = 1024
"""Paths on which the effect of an assumption is seen."""
FIRST_PATHS = 32
"""Paths that show whether it reaches the instrument of the target at all."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Which end of each assumption is the better one for a target."""

    better: tuple[tuple[Assumption, End], ...]
    """Assumptions that move the figure, each with the end that moves it towards the target."""
    effects: tuple[float, ...]
    """Of each of them, what its upper end adds to the figure, in the figure's unit or that of its parts."""
    without_effect: tuple[Assumption, ...]
    """Assumptions of which no path shows an effect: they keep their value."""
    refused: tuple[tuple[Assumption, ScenarioError], ...]
    """Assumptions at whose upper end the scenario is not sound: they keep their value."""

    def values(self, worse: bool) -> Values:
        """Return keys and values with all assumptions at their better ends, or at their worse ones."""
        return tuple(pair for one, end in self._at(worse) for pair in one.at(end))

    def _at(self, worse: bool) -> tuple[tuple[Assumption, End], ...]:
        return tuple((one, _other(end) if worse else end) for one, end in self.better)

    def sound_values(
        self, worse: bool, sound: Callable[[Values], bool]
    ) -> tuple[Values, tuple[Assumption, ...]]:
        """Return keys and values of as many assumptions as go together, and the assumptions left out.

        Those with the largest effects come first.

        Args:
            worse: whether the worse ends are wanted.
            sound: whether the scenario is sound with keys at values.
        """
        strongest = sorted(zip(self._at(worse), self.effects, strict=True), key=lambda pair: -abs(pair[1]))
        return as_many_as_go_together([one for one, _ in strongest], sound)


def _other(end: End) -> End:
    return "low" if end == "high" else "high"


def find_ends(
    scenario: Scenario,
    target: Target,
    *,
    apart_from: str,
    seed: int,
    machine: Machine,
    effort: Effort,
    lending: BaseLending | None = None,
) -> Ends:
    """Find the better end of each assumption, by its upper end's effect on a target's figure.

    Args:
        scenario: the scenario at the answer.
        target: what decides.
        apart_from: key that is varied, no assumption therefore.
        seed: seed of all runs, so that they differ path by path.
        machine: what simulates.
        effort: counts paths.
        lending: new lending that is held, as far as an assumption leaves the loans as they are.
    """
    runs = _Effects(target, seed, machine, effort, lending)
    found = assumptions(scenario, apart_from=apart_from)
    base = runs.columns(scenario, EFFECT_PATHS) if found else {}
    better: list[tuple[Assumption, End]] = []
    effects: list[float] = []
    idle, refused = [], []
    for one in found:
        try:
            effect = runs.effect(scenario.set_all(one.at("high")), base)
        except ScenarioError as error:
            refused.append((one, error))
            continue
        if effect:
            better.append((one, "low" if (effect > 0.0) == target.at_most else "high"))
            effects.append(effect)
        else:
            idle.append(one)
    return Ends(tuple(better), tuple(effects), tuple(idle), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Effects:
    target: Target
    seed: int
    machine: Machine
    effort: Effort
    lending: BaseLending | None

    def effect(self, variant: Scenario, base: Mapping[str, Floats]) -> float:
        """Return what a variant adds to the target's figure; 0 where no path shows anything.

        First few paths: what changes none of the instrument's figures on them does not reach it.
        """
        few = self.columns(variant, FIRST_PATHS)
        if all(_same(few[key], base[key][:FIRST_PATHS]) for key in few if key in base):
            return 0.0
        change = part_of_each_path(self.target, self.columns(variant, EFFECT_PATHS))
        effect = expected(change - part_of_each_path(self.target, base)).value
        return 0.0 if np.isnan(effect) else effect

    def columns(self, scenario: Scenario, paths: int) -> Mapping[str, Floats]:
        """Return all figures of the target's instrument by path, with the target's own."""
        plan = self._plan(scenario)
        held = self.lending is not None and same_loans(self.lending.scheme, plan.scheme)
        part = simulate_part(
            plan,
            first=0,
            paths=paths,
            seed=self.seed,
            engine=self.machine.engine,
            executor=self.machine.executor,
            workers=self.machine.workers,
            lending=self.lending if held else None,
        )
        self.effort.spend(paths)
        return {name: part.columns.read(name) for name in plan.column_names}

    def _plan(self, scenario: Scenario) -> Plan:
        """Return a plan that keeps the instrument of the target's metric, or all where it is the scheme's."""
        scheme = lower(scenario)
        own = [m for m in scheme.metrics if is_of(m.name, self.target)]
        instrument = max(own, key=lambda m: len(m.name)).instrument
        # Named figures of laws have no column of their own, and their metrics are here too.
        metrics = tuple(m for m in scheme.metrics if m.instrument == instrument)
        return Plan(replace(scheme, metrics=metrics))


def _same(one: Floats, other: Floats) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))
