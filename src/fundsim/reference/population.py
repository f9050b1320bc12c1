"""Step 1 of the month: eligible firms enter, grow older and leave."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numpy.random import Generator

from fundsim.reference.clock import Clock, Process, Stage
from fundsim.scheme import Population

__all__ = ["Firms", "come_and_go"]


class Firms:
    """The eligible firms of a segment on one path.

    Args:
        terms: the segment's population.
    """

    def __init__(self, terms: Population) -> None:
        self.terms = terms
        self.by_age = list(terms.opening)
        """Firms of age 0, 1, 2 … whole years; the last entry is that age and older."""
        self.entered = 0
        self.exited = 0

    @property
    def population(self) -> int:
        """Firms that may borrow now."""
        return sum(self.by_age)

    def grow_older(self) -> None:
        """Make every firm a year older."""
        *younger, last_but_one, last = [0, *self.by_age]
        self.by_age = [*younger, last_but_one + last]

    def leave(self, leavers: Sequence[int]) -> None:
        """Let so many firms of each age leave."""
        self.by_age = [n - gone for n, gone in zip(self.by_age, leavers, strict=True)]
        self.exited += sum(leavers)

    def enter(self, entrants: int) -> None:
        """Let so many new firms enter."""
        self.by_age[0] += entrants
        self.entered += entrants


def come_and_go(firms: Firms, clock: Clock, random: Generator) -> Process:
    """Let firms come and go month by month, for as long as the clock runs.

    Of n firms of age a a Binomial(n, 1 − (1 − exit_annual[a])^(1/12)) leave in a month, and
    Poisson(entry_annual/12) enter.  Leaving touches no loan.
    """
    terms = firms.terms
    monthly = [
        -math.expm1(math.log1p(-exit_annual) / 12.0) if exit_annual < 1.0 else 1.0
        for exit_annual in terms.exit_annual
    ]
    month = 0
    while True:
        yield clock.until(month, Stage.POPULATION)
        if month % 12 == 0 and month > 0:
            firms.grow_older()
        firms.leave([int(random.binomial(n, p)) for n, p in zip(firms.by_age, monthly, strict=True)])
        firms.enter(int(random.poisson(terms.entry_annual / 12.0)))
        month += 1
