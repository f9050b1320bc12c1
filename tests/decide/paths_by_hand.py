"""Trials whose paths are given: figures by path as a function of the value, without an engine."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from fundsim.decide.machine import Effort, Machine
from fundsim.decide.size.target import Target
from fundsim.decide.size.trials import Trials
from fundsim.decide.variation import Variation
from fundsim.scenario.anatomy import Bounds
from fundsim.scenario.numbers import NumberAt
from fundsim.units import COUNT, MONEY

EVENT, AMOUNT = "event", "amount"


def varied(low, high, value=None, *, whole=False):
    number = NumberAt(
        "instruments.pool.opening", low if value is None else value, COUNT if whole else MONEY,
        Bounds(), None, None, "", "", "pool", "pool.opening",
    )  # fmt: skip
    return Variation(number, float(low), float(high))


def event_at_most(bound):
    return Target("probability", "", "pool.depleted", "run_off", "share", (EVENT,), bound=bound)


def mean_at_most(bound):
    return Target("mean", "", "pool.claims_paid", "run_off", "yuan", (AMOUNT,), bound=bound)


class GivenTrials(Trials):
    """``paths(value)`` gives the columns of all paths at a value."""

    def __init__(self, vary, targets, paths, ladder):
        super().__init__(
            SimpleNamespace(), vary, targets, seed=1, ladder=ladder, machine=Machine(), effort=Effort()
        )
        self._given = paths

    def plan(self, value):
        return SimpleNamespace(column_names=tuple(self._given(value)))

    def _extend(self, value, paths):
        if self.known(value) < paths:
            whole = self._given(value)
            self._columns[value] = {name: [np.asarray(v[:paths], dtype=float)] for name, v in whole.items()}
            self.effort.spend(paths - self.known(value))
            self._paths[value] = paths


def thresholds(needed):
    """Return paths on each of which the event happens below a value of its own."""
    return lambda value: {EVENT: (value < needed).astype(float)}
