"""What payments from budget lines are reckoned on, month by month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fundsim.reference.recorder import gauges
from fundsim.scheme import BankBook, LinePayment, LineRate, Segment
from fundsim.scheme.records import book_record

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["Bases"]


class Bases:
    """Finds what falls due on each payment in a month.

    Args:
        city: the path.
        payments: all of a scheme.
    """

    def __init__(self, city: City, payments: tuple[LinePayment, ...]) -> None:
        self._city = city
        self._read: dict[str, Callable[[], float]] = {}
        self._before: dict[str, float] = {}
        self._watched = {name for payment in payments for name in _records(payment)}
        self._performing: dict[tuple[str, str], float] = {}
        """(Facility, segment) → principal that performs after the month's defaults in life [yuan]."""

    def see_performing(self, _month: int) -> None:
        """Note what performs, before anything of it matures."""
        self._performing = {
            (name, segment): book.performing
            for name, portfolio in self._city.portfolios.items()
            for segment, book in portfolio.books.items()
        }

    def gains(self) -> dict[str, float]:
        """Return record → what it has gained since it was last asked for, at first since month 0."""
        if not self._read and self._watched:
            known = gauges(self._city)
            self._read = {name: known[name] for name in sorted(self._watched)}
        now = {name: read() for name, read in self._read.items()}
        gained = {name: value - self._before.get(name, 0.0) for name, value in now.items()}
        self._before = now
        return gained

    def of(self, payment: LinePayment, month: int, gained: dict[str, float]) -> float:
        """Return what a payment's base makes of a month, before any cap [yuan].

        Args:
            payment: the payment.
            month: a month of the window.
            gained: record → what it has gained in the month.
        """
        if payment.base == "performing":
            return sum(
                rate.rate_annual / 12.0 * self._performing[rate.facility, rate.segment]
                for rate in payment.rates
            )
        if payment.base == "granted":
            return sum(self._on_grants(payment, rate, gained) for rate in payment.rates)
        if payment.base == "counted":
            return payment.amount * sum(gained[name] for name in payment.events)
        if payment.base == "increment":
            return payment.book_rate * gained[BankBook.record(payment.book, "increase")]
        if payment.base == "fixed":
            return payment.amount / 12.0
        return sum(amount for when, amount in payment.dates if when == month)

    def _on_grants(self, payment: LinePayment, rate: LineRate, gained: dict[str, float]) -> float:
        """Return principal × (rate + rate a year × Σ_a s_a/12), of new loans or renewals too [yuan]."""
        granted = gained[book_record(rate.facility, rate.segment, "lent_new")]
        if payment.on_renewal:
            granted += gained[book_record(rate.facility, rate.segment, "lent_renewed")]
        segment = self._city.portfolios[rate.facility].books[rate.segment].segment
        return granted * (rate.rate + rate.rate_annual * _months_outstanding(segment) / 12.0)


def _months_outstanding(segment: Segment) -> float:
    """Return Σ_a s_a over a term; a bullet loan owes all of it to the end."""
    return sum(segment.outstanding_share) if segment.outstanding_share else float(segment.term_months)


def _records(payment: LinePayment) -> set[str]:
    """Return the cumulative records of which a payment needs what they gain in a month."""
    if payment.base == "granted":
        granted = ("lent_new", "lent_renewed")
        return {book_record(rate.facility, rate.segment, what) for rate in payment.rates for what in granted}
    if payment.base == "increment":
        return {BankBook.record(payment.book, "increase")}
    return set(payment.events)
