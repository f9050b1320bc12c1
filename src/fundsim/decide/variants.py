"""Variants of a scenario on the same paths: each is a scenario of its own, simulated as ``run`` does it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from fundsim.decide.kept import metrics_of, plan_keeping
from fundsim.decide.machine import Effort, Machine
from fundsim.decide.measure import Measure
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.results.statistics import Floats
from fundsim.scenario import Scenario
from fundsim.simulation import simulate_part

__all__ = ["Columns", "Make", "Variants"]

Columns = Mapping[str, Floats]
"""Name of a column → one value a path, shape (paths,)."""
Make = Callable[[], Scenario]
"""Makes a variant; it may find that there is none, with its faults."""


@dataclass(frozen=True, slots=True)
class Variants:
    """Simulates scenarios on the same paths and keeps what some figures are taken from."""

    measures: Sequence[Measure]
    paths: int
    seed: int
    machine: Machine
    effort: Effort

    def columns(self, scenario: Scenario) -> Columns:
        """Return the columns of one scenario.

        Raises:
            ScenarioError: it can't be lowered.
        """
        return self._simulate(self._plan(scenario))

    def each(self, makes: Iterable[Make]) -> Iterator[Columns | ScenarioError]:
        """Yield the columns of each variant in order, or the faults that keep it from being run.

        Threads share the paths of one variant.  Workers in other processes take several variants at a time,
        so that none of them waits for the last stretch of another's.  Neither changes a figure.
        """
        executor = self.machine.executor
        if executor is None or isinstance(executor, ThreadPoolExecutor):
            yield from (self._attempt(make) for make in makes)
            return
        waiting: deque[Future[Columns | ScenarioError]] = deque()
        with ThreadPoolExecutor(max(1, self.machine.workers)) as senders:
            try:
                for make in makes:
                    waiting.append(senders.submit(self._attempt, make))
                    if len(waiting) > self.machine.workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _attempt(self, make: Make) -> Columns | ScenarioError:
        try:
            plan = self._plan(make())
        except ScenarioError as error:
            self.effort.spend(self.paths)  # it was expected
            return error
        return self._simulate(plan)

    def _plan(self, scenario: Scenario) -> Plan:
        return plan_keeping(metrics_of(lower(scenario), self.measures), self.measures)

    def _simulate(self, plan: Plan) -> Columns:
        spent = 0

        def advance(done: int, _total: int) -> None:
            nonlocal spent
            if done > spent:
                self.effort.spend(done - spent)
                spent = done

        part = simulate_part(
            plan,
            first=0,
            paths=self.paths,
            seed=self.seed,
            engine=self.machine.engine,
            executor=self.machine.executor,
            workers=self.machine.workers,
            progress=advance,
        )
        return {key: part.columns.read(key) for measure in self.measures for key in measure.columns}
