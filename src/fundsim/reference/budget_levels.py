"""Levels of government: what they are to pay into a budget line, what part of it comes, and when."""

from __future__ import annotations

import math
from collections import defaultdict

from scipy.special import ndtr, ndtri

from fundsim.reference.economy import shared_uniform
from fundsim.reference.equity_draws import beta_value
from fundsim.reference.ledger import Ledger
from fundsim.scheme import Appropriation, BudgetLine, Level, Purpose, entity
from fundsim.scheme.budget import acceptance
from fundsim.scheme.economy import Window

__all__ = ["MONTHS", "PaidShares", "Promise", "last_of_year", "years_of"]

MONTHS = 12


def years_of(window: Window) -> range:
    """Return the budget years of a window, the last of which it may cut short."""
    return range(-(-window.months // MONTHS))


def last_of_year(year: int, window: Window) -> int:
    """Return the last month of a budget year: the window's own, if it ends inside the year."""
    return min(MONTHS * year + MONTHS, window.months) - 1


class PaidShares:
    """The share that a level pays of what is due, one draw a budget year.

    Args:
        level: its law.
        window: the scheme's.
        city: Z in each month.
        seed: seed of the run.
        path: number of the path.
    """

    def __init__(self, level: Level, window: Window, city: list[float], seed: int, path: int) -> None:
        self.level = level
        self.of_year: list[float] = []
        number = entity(f"appropriation.{level.drawn_as or level.name}")
        for year in years_of(window):
            u = shared_uniform(seed, path, Purpose.BUDGET, number, MONTHS * year)
            score = math.sqrt(level.rho) * city[MONTHS * year] + math.sqrt(1.0 - level.rho) * float(ndtri(u))
            self.of_year.append(beta_value(level.paid, float(ndtr(score))))
        self.paid_share = 1.0
        """Of the present budget year."""

    def begin_month(self, month: int) -> None:
        """In the first month of a budget year, find its share."""
        year, months_into = divmod(month, MONTHS)
        if months_into == 0 and year < len(self.of_year):
            self.paid_share = self.of_year[year]


class Promise:
    """What one level is to pay into one line [yuan].

    A year's money is decided on in one month: the first of the year, or that of the acceptance after it.
    What comes of it then comes ``delay_months`` later; what never will is lost at once.

    Args:
        terms: the amounts by budget year.
        shares: what the level pays of them.
        line: the line.
        window: the scheme's.
        ledger: the path's ledger.
    """

    def __init__(
        self, terms: Appropriation, shares: PaidShares, line: BudgetLine, window: Window, ledger: Ledger
    ) -> None:
        self.level = shares.level
        self._amounts = terms.amounts
        self._shares = shares
        self._line = line
        self._window = window
        self._ledger = ledger
        self._left = 0.0
        """Unpaid of earlier years, and due with the next."""
        self._coming: dict[int, float] = defaultdict(float)
        """Month → what is paid in it."""
        self._decided = {self._month_of(year): year for year in years_of(window)}
        self.due = 0.0
        self.lost = 0.0
        self.paid = 0.0

    def _month_of(self, year: int) -> int:
        return acceptance(year) if self._line.after_acceptance else MONTHS * year

    def begin_month(self, month: int) -> None:
        """Decide on a year's money, if this is its month, and pay what comes in this month."""
        if month in self._decided:
            self._decide(month, self._decided[month])
        if month in self._coming:
            amount = self._coming.pop(month)
            self.paid += self._ledger.transfer(self.level.name, self._line.party, "appropriation", amount)

    def _decide(self, month: int, year: int) -> None:
        self.due += self._amounts[year]
        wanted = self._amounts[year] + self._left
        self._left = 0.0
        comes_in = month + self.level.delay_months
        if comes_in >= self._window.months and not self._line.after_acceptance:
            self.lost += wanted
            return
        share = self._shares.of_year[year]
        self._coming[comes_in] += share * wanted
        unpaid = wanted - share * wanted
        if self.level.unpaid == "next_year" and year + 1 < len(self._amounts):
            self._left = unpaid
        else:
            self.lost += unpaid
