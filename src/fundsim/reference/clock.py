"""The calendar of the engine: a SimPy clock whose ticks are the stages of the months.

A month has eighteen ticks.  What happens "at step 6 of month 14" is an event at one exact time of the
SimPy environment, so the order inside a month never depends on the order in which processes were
started.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any

import simpy

__all__ = ["Clock", "Process", "Stage"]

Process = Generator[simpy.Event, Any, None]


class Stage(IntEnum):
    """Ticks of a month in order; the numbers in brackets are the steps of the model's month.

    The factors of step 1 need no tick: they depend on nothing that happens in a path.
    """

    POPULATION = 0
    """[1] Firms enter, grow older and leave; events happen; tiers of firms are reviewed and move."""
    TREASURIES = 1
    """[2] Levels of government pay into budget lines."""
    APPROPRIATIONS = 2
    """[2] Injections and top-ups."""
    RECOVERIES = 3
    """[3] Recovery processes wake."""
    DEFAULTS = 4
    """[4] Loans that fail in this month of their life wake."""
    PERFORMING = 5
    """[4] Defaults in life are complete: what still performs is read."""
    MATURITIES = 6
    """[5] Instalments; loans that mature wake: default, renewal or repayment."""
    BRIDGES = 7
    """[5] Bridge funds live through the days of the month; the loans that wait for them hear their fate."""
    REFUNDS = 8
    """[5] The month's defaults are complete: batches open, margins are refunded."""
    CLAIMS = 9
    """[6] Claims that fall due wake and lie on the desk."""
    SETTLEMENT = 10
    """[6] The desk settles them."""
    PARENT_FUNDS = 11
    """[7] Equity funds that commit to other funds: closings and fees, before their sub-funds call."""
    EQUITY = 12
    """[7] Equity funds: closings, fees, new deals and their calls, grants."""
    DEAL_ENDS = 13
    """[7] Deals that fail or are sold wake."""
    DISTRIBUTIONS = 14
    """[7] Equity funds distribute, cede, and give back what they need no more."""
    PARENT_DISTRIBUTIONS = 15
    """[7] Funds of funds do so with what their sub-funds have distributed."""
    INCOME = 16
    """[7] Payments: fees on renewals, interest, running costs."""
    LENDING = 17
    """[8] Breakers, capacity, new loans."""
    LINES = 18
    """[8] New loans are on the books: banks' books move at a year's end, and budget lines pay."""
    MONTH_END = 19
    """[9] Records."""


class Clock:
    """Turns (month, stage) into the time of a SimPy environment.

    Args:
        environment: the environment.
        life: months of lending; after them loans, claims, recoveries and firms stand still.
    """

    def __init__(self, environment: simpy.Environment, life: float = math.inf) -> None:
        self.environment = environment
        self.life = life

    @property
    def month(self) -> int:
        """Month of the present tick; 0 before the first."""
        return int(self.environment.now) // len(Stage)

    def until(self, month: int, stage: Stage) -> simpy.Event:
        """Return the event of that stage of that month; one that never comes once lending is over.

        Raises:
            ValueError: the stage is over.
        """
        return self.tick(month, stage) if month < self.life else self.environment.event()

    def tick(self, month: int, stage: Stage) -> simpy.Event:
        """Return the event of that stage of that month, whether lending is over by then or not.

        Raises:
            ValueError: the stage is over.
        """
        return self.environment.timeout(month * len(Stage) + stage - int(self.environment.now))

    def start(self, process: Process) -> None:
        """Start a process now."""
        self.environment.process(process)

    def run(self, months: int, acts: dict[Stage, Callable[[int], None]]) -> None:
        """Run ``months`` months; ``acts`` are what is done once at a stage of every month."""
        self.start(self._round(months, acts))
        self.environment.run(until=months * len(Stage))

    def _round(self, months: int, acts: dict[Stage, Callable[[int], None]]) -> Process:
        for month in range(months):
            for stage in sorted(acts):
                yield self.tick(month, stage)
                acts[stage](month)
