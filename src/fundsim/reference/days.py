"""Days: the clock of a bridge fund, and the laws of what is counted in days."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from enum import IntEnum

import simpy
from numpy.random import Generator
from simpy.events import EventPriority

from fundsim.reference.clock import Process
from fundsim.scheme import DaysLaw, FeeTier
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["DayClock", "DaysOfMonth", "Turn", "draw_days", "fee_per_yuan", "first_day_of"]

LAST_OF_QUARTERS = (3, 6, 9, 12)


class Turn(IntEnum):
    """The order of what happens at one instant; what an event sets off at once comes before the next turn."""

    RECOVERIES = 2
    RETURNS = 3
    INJECTIONS = 4
    SERVICE = 5
    EXPIRY = 6
    ARRIVAL = 7


class _Moment(simpy.Event):
    """An event in so many days that takes its turn among those of its instant."""

    def __init__(self, environment: simpy.Environment, days: float, turn: Turn) -> None:
        super().__init__(environment)
        self._ok = True
        self._value = None
        environment.schedule(self, EventPriority(turn), days)


class DayClock:
    """A SimPy environment whose time is days from the window's start, lived through month by month.

    Args:
        first_day: the day on which it begins; below 0 for a time before the window.
    """

    def __init__(self, first_day: float = 0.0) -> None:
        self.environment = simpy.Environment(initial_time=first_day)
        self.month = math.floor(first_day / DAYS_PER_MONTH + 1e-9)
        """The month that is being lived through."""
        self._beginnings: dict[int, simpy.Event] = defaultdict(self.environment.event)

    @property
    def now(self) -> float:
        """The present day."""
        return float(self.environment.now)

    def at(self, day: float, turn: Turn) -> simpy.Event:
        """Return the event of a turn on a day, which is not past."""
        return self.after(max(0.0, day - self.now), turn)

    def after(self, days: float, turn: Turn) -> simpy.Event:
        """Return the event of a turn in so many days."""
        return _Moment(self.environment, days, turn)

    def now_in(self, turn: Turn) -> simpy.Event:
        """Return the event of a turn of the present instant."""
        return self.after(0.0, turn)

    def beginning_of(self, month: int) -> simpy.Event:
        """Return the event with which a coming month begins."""
        return self._beginnings[month]

    def begin_month(self) -> None:
        """Wake what waits for the beginning of the present month."""
        self._beginnings[self.month].succeed()

    def start(self, process: Process) -> None:
        """Start a process now."""
        self.environment.process(process)

    def live_through(self, month: int) -> None:
        """Live through what is left of a month; what happens at its last instant belongs to the next."""
        self.month = month
        self.environment.run(until=first_day_of(month + 1))


def first_day_of(month: int) -> float:
    """Return the day on which a month begins; month t covers days [t, t + 1) × 365/12.

    >>> first_day_of(12)
    365.0
    """
    return month * DAYS_PER_MONTH


class DaysOfMonth:
    """On which days of a month loans fall due: evenly, or with more at the ends of quarters.

    Args:
        last_days: how many days of March, June, September and December are its end.
        times: how many times as dense they are as the days before.
    """

    def __init__(self, last_days: float, times: float) -> None:
        self._before = DAYS_PER_MONTH - min(last_days, DAYS_PER_MONTH)
        self._times = times
        self._weight = self._before + times * (DAYS_PER_MONTH - self._before)
        """Days of a quarter's last month, those of its end counted so many times."""

    def density(self, calendar_month: int, day: float) -> float:
        """Return the density on a day of a month (1 … 12), as a multiple of an even one."""
        if calendar_month not in LAST_OF_QUARTERS:
            return 1.0
        return (1.0 if day < self._before else self._times) * DAYS_PER_MONTH / self._weight

    def greatest_density(self) -> float:
        """Return the greatest density on any day of the year."""
        of_its_end = self.density(3, self._before) if self._before < DAYS_PER_MONTH else 1.0
        return max(1.0, self.density(3, 0.0), of_its_end)

    def draw(self, calendar_month: int, random: Generator) -> float:
        """Return a day of a month, 0 … 365/12."""
        u = random.random()
        if calendar_month not in LAST_OF_QUARTERS:
            return u * DAYS_PER_MONTH
        passed = u * self._weight
        return passed if passed < self._before else self._before + (passed - self._before) / self._times


def draw_days(law: DaysLaw, random: Generator) -> float:
    """Return the days that a bridge takes: a draw, cut at the longest.

    Args:
        law: its law.
        random: generator of the draw.

    >>> from numpy.random import PCG64
    >>> draw_days(DaysLaw(law="fixed", mean=10.0, longest=8.0), Generator(PCG64(1)))
    8.0
    """
    if law.law == "fixed":
        days = law.mean
    elif law.law == "exponential":
        days = law.mean * random.standard_exponential()
    elif law.law == "lognormal":
        variance = math.log1p(law.cv * law.cv)
        days = law.mean * math.exp(math.sqrt(variance) * random.standard_normal() - variance / 2.0)
    else:
        days = float(random.choice(law.days, p=law.probabilities))
    return min(days, law.longest)


def fee_per_yuan(tiers: Sequence[FeeTier], free_days: float, days: float) -> float:
    """Return the fee on a yuan for days of use: each tier's rate on the days that lie in it and are not free.

    Args:
        tiers: ascending; each begins where the one before it ends.
        free_days: the first days of any use.
        days: of use, not rounded.

    >>> tiers = (FeeTier(to_days=5.0, per_day=0.001), FeeTier(to_days=math.inf, per_day=0.002))
    >>> round(fee_per_yuan(tiers, 2.0, 7.0), 6)
    0.007
    """
    fee, begins = 0.0, 0.0
    for tier in tiers:
        fee += tier.per_day * max(0.0, min(days, tier.to_days) - max(free_days, begins))
        begins = tier.to_days
    return fee
