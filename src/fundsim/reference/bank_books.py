"""Books of small-firm loans that banks have beside the scheme."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scipy.special import ndtri

from fundsim.reference.budget_levels import last_of_year
from fundsim.reference.clock import Stage
from fundsim.reference.economy import shared_uniform
from fundsim.scheme import BankBook, Purpose, entity

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["BookDesk"]


class OwnBook:
    """A bank's book on one path; attributes with the name of a record are that record [yuan].

    Args:
        terms: its growth.
        city: the path.
    """

    def __init__(self, terms: BankBook, city: City) -> None:
        self.terms = terms
        self._city = city
        self.own = terms.opening
        self.increase = 0.0
        self._year_before = terms.opening
        """Own and scheme loans at the end of the year before."""

    def open(self) -> None:
        """Before month 0, add the scheme's opening loans to the year before."""
        self._year_before = self.own + self._of_scheme(-1)

    def end_year(self, month: int) -> None:
        """Let the own book grow by a year, and see by how much all loans of the bank have."""
        terms, city = self.terms, self._city
        number = entity(f"book.{terms.name}")
        epsilon = float(ndtri(shared_uniform(city.seed, city.path, Purpose.BUDGET, number, month)))
        z = city.factors.city[month]
        spread = math.sqrt(terms.rho) * z + math.sqrt(1.0 - terms.rho) * epsilon
        self.own = max(0.0, self.own * (1.0 + terms.growth + terms.sd * spread))
        now = self.own + self._of_scheme(month)
        self.increase += max(0.0, now - self._year_before)
        self._year_before = now

    def _of_scheme(self, month: int) -> float:
        return sum(self._city.portfolios[name].outstanding(month) for name in self.terms.facilities)


class BookDesk:
    """All books of a path, which move in the last month of each budget year, after lending."""

    def __init__(self, city: City) -> None:
        self._window = city.scheme.window
        self._books = [OwnBook(terms, city) for terms in city.scheme.bank_books]

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {Stage.POPULATION: self._open, Stage.LINES: self._end_year}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        return {
            BankBook.record(book.terms.name, record.name): self._gauge(book, record.name)
            for book in self._books
            for record in BankBook.records
        }

    def _gauge(self, book: OwnBook, what: str) -> Callable[[], float]:
        return lambda: float(getattr(book, what))

    def _open(self, month: int) -> None:
        if month == 0:
            for book in self._books:
                book.open()

    def _end_year(self, month: int) -> None:
        if month == last_of_year(month // 12, self._window):
            for book in self._books:
                book.end_year(month)
