"""Trials: one key at several values, each simulated on the same paths as far as anyone has asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fundsim.decide.kept import metrics_of, plan_keeping
from fundsim.decide.machine import Effort, Machine
from fundsim.decide.measure import FISCAL_COST
from fundsim.decide.size.held import BaseLending, same_loans
from fundsim.decide.size.judged import Verdict, verdict
from fundsim.decide.size.target import Target
from fundsim.decide.variation import Variation
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.metrics.cuts import LENDING_COLUMNS, with_lending_figures
from fundsim.results.part import PART_STEP
from fundsim.results.plan import Plan
from fundsim.results.statistics import Floats
from fundsim.scenario import Scenario
from fundsim.simulation import simulate_part

__all__ = ["Trials", "plan_of", "rungs"]

COST_COLUMN = f"{FISCAL_COST}@run_off"


def rungs(least: int, most: int) -> tuple[int, ...]:
    """Return the numbers of paths that are simulated at once: each about half as many again as the last.

    All but the last are multiples of 1,024, at which a part of a run may begin.

    >>> rungs(2048, 9000)
    (2048, 3072, 4096, 6144, 8192, 9000)
    """
    found = [min(least, most)]
    while found[-1] < most:
        power = 1 << (found[-1].bit_length() - 1)
        step = power // 2 if found[-1] == power else power * 2 - found[-1]
        found.append(min(most, found[-1] + max(step, PART_STEP)))
    return tuple(found)


class Trials:
    """The values of one key, each simulated on the first paths of one seed.

    Args:
        scenario: the scenario; each value makes a scenario of its own of it.
        vary: the key.
        targets: what is judged.
        seed: seed of all trials.
        ladder: numbers of paths that can be asked for, in ascending order.
        machine: what simulates.
        effort: counts paths.
        lending: new lending that all trials are given; None lets each decide on its own.
    """

    def __init__(
        self,
        scenario: Scenario,
        vary: Variation,
        targets: Sequence[Target],
        *,
        seed: int,
        ladder: Sequence[int],
        machine: Machine,
        effort: Effort,
        lending: BaseLending | None = None,
    ) -> None:
        self.scenario = scenario
        self.vary = vary
        self.targets = tuple(targets)
        self.seed = seed
        self.ladder = tuple(ladder)
        self.machine = machine
        self.effort = effort
        self.lending = lending
        self.refused: dict[float, ScenarioError] = {}
        """Values at which the scenario is not sound, with its faults."""
        self._plans: dict[float, Plan] = {}
        self._columns: dict[float, dict[str, list[Floats]]] = {}
        self._paths: dict[float, int] = {}
        self._verdicts: dict[tuple[float, int], Verdict] = {}

    def plan(self, value: float) -> Plan:
        """Return what is simulated at a value.

        Raises:
            ScenarioError: the scenario is not sound there, or its loans are others than those held.
        """
        if value not in self._plans:
            plan = plan_of(self.vary.set(self.scenario, value), self.targets, self.vary.number.instrument)
            if self.lending is not None and not same_loans(self.lending.scheme, plan.scheme):
                raise OtherLoansError(self.vary.number.key)
            self._plans[value] = plan
        return self._plans[value]

    def is_sound(self, value: float) -> bool:
        """Return whether the scenario can be simulated at a value; its faults are kept if not."""
        if value in self.refused:
            return False
        try:
            self.plan(value)
        except OtherLoansError:
            raise
        except ScenarioError as error:
            self.refused[value] = error
            return False
        return True

    def known(self, value: float) -> int:
        """Return how many paths of a value are simulated."""
        return self._paths.get(value, 0)

    def columns(self, value: float, paths: int) -> Mapping[str, Floats]:
        """Return the columns of a value on the first so many paths, simulated as far as they are not yet."""
        self._extend(value, paths)
        found = self._columns[value]
        for name, pieces in found.items():
            if len(pieces) > 1:
                found[name] = [np.concatenate(pieces)]
        return {name: pieces[0][:paths] for name, pieces in found.items()}

    def verdict(self, value: float, paths: int) -> Verdict:
        """Judge the targets at a value on the first so many paths."""
        if (value, paths) not in self._verdicts:
            self._verdicts[value, paths] = verdict(self.targets, self.columns(value, paths))
        return self._verdicts[value, paths]

    def latest(self, value: float) -> Verdict | None:
        """Return the verdict on all paths of a value that are simulated."""
        return self.verdict(value, self.known(value)) if self.known(value) else None

    @property
    def values(self) -> tuple[float, ...]:
        """All values that were simulated, in ascending order."""
        return tuple(sorted(self._columns))

    def _extend(self, value: float, paths: int) -> None:
        plan = self.plan(value)
        held = self._columns.setdefault(value, {name: [] for name in plan.column_names})
        for start, end in self._steps(self.known(value), paths):
            part = simulate_part(
                plan, first=start, paths=end - start, seed=self.seed, engine=self.machine.engine,
                executor=self.machine.executor, workers=self.machine.workers, lending=self.lending,
            )  # fmt: skip
            for name in plan.column_names:
                held[name].append(part.columns.read(name))
            self._paths[value] = end
            self.effort.spend(end - start)

    def _steps(self, known: int, wanted: int) -> Iterable[tuple[int, int]]:
        """Yield the stretches of the ladder from ``known`` to ``wanted``."""
        # Always the same stretches, so that lending that is held is simulated once for all values.
        for start, end in zip((0, *self.ladder), self.ladder, strict=False):
            if start >= known and start < wanted:
                yield start, end


class OtherLoansError(ScenarioError):
    """A value changes the loans themselves, so that lending can't be held."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"lending can't be held: {key} changes which loans there are; ask without holding it",
            f"无法固定放贷：{key} 会改变贷款本身；请不要求固定放贷",
        )


def plan_of(scenario: Scenario, targets: Sequence[Target], instrument: str) -> Plan:
    """Return a plan that keeps what targets are measured on, fiscal cost, and the figures of lending."""
    scheme = with_lending_figures(metrics_of(lower(scenario), targets, (FISCAL_COST,)), instrument)
    return plan_keeping(scheme, targets, (COST_COLUMN, *LENDING_COLUMNS))
