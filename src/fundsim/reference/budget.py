"""Budget lines: levels pay into them at step 2, and they pay after new lending, at step 8."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fundsim.reference.budget_bases import Bases
from fundsim.reference.budget_levels import PaidShares, Promise
from fundsim.reference.budget_line import LineAccount
from fundsim.reference.budget_payment import Owing
from fundsim.reference.clock import Stage
from fundsim.scheme import BudgetLine, Level, LinePayment
from fundsim.scheme.noun import Noun

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["BudgetDesk"]


class BudgetDesk:
    """All levels, lines and payments of a path."""

    def __init__(self, city: City) -> None:
        scheme = self._scheme = city.scheme
        self._injections = city.injections
        self._shares = {
            level.name: PaidShares(level, scheme.window, city.factors.city, city.seed, city.path)
            for level in scheme.levels
        }
        self._payments = [Owing(terms) for terms in scheme.line_payments]
        self._bases = Bases(city, scheme.line_payments)
        self._lines = [self._line(terms, city) for terms in scheme.budget_lines]

    def _line(self, terms: BudgetLine, city: City) -> LineAccount:
        window, ledger = city.scheme.window, city.ledger
        promises = [
            Promise(one, self._shares[one.level], terms, window, ledger) for one in terms.appropriations
        ]
        own = [payment for payment in self._payments if payment.terms.line == terms.name]
        return LineAccount(terms, promises, own, city.scheme, ledger)

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {
            Stage.TREASURIES: self._appropriate,
            Stage.PERFORMING: self._bases.see_performing,
            Stage.LINES: self._pay,
        }

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        found: dict[str, Callable[[], float]] = {}
        for name, shares in self._shares.items():
            found |= _gauges(Level, name, shares)
        for line in self._lines:
            found |= _gauges(BudgetLine, line.terms.name, line, but="unfunded")
            found[BudgetLine.record(line.terms.name, "unfunded")] = self._unfunded(line.terms.party)
        for payment in self._payments:
            found |= _gauges(LinePayment, payment.terms.name, payment)
        return found

    def _unfunded(self, party: str) -> Callable[[], float]:
        return lambda: self._injections.unfunded[party]

    def _appropriate(self, month: int) -> None:
        """Step 2, before injections: levels find their shares and pay, line by line."""
        for shares in self._shares.values():
            shares.begin_month(month)
        for line in self._lines:
            for promise in line.promises:
                promise.begin_month(month)

    def _pay(self, month: int) -> None:
        """Step 8, after lending: what falls due in the window, then what the lines pay."""
        if month < self._scheme.window.months:
            self._let_fall_due(month)
        for line in self._lines:
            line.pay_out(month)

    def _let_fall_due(self, month: int) -> None:
        gained = self._bases.gains()
        for line in self._lines:
            pays_in = line.terms.pays_in(month // 12, self._scheme)
            for payment in line.payments:
                waits = line.terms.after_acceptance or payment.terms.base == "increment"
                amount = self._bases.of(payment.terms, month, gained)
                payment.fall_due(amount, month, pays_in if waits else month)


def _gauges(noun: type[Noun], subject: str, owner: object, but: str = "") -> dict[str, Callable[[], float]]:
    """Return what reads the records of an object, which are attributes of those names."""

    def gauge(what: str) -> Callable[[], float]:
        return lambda: float(getattr(owner, what))

    names = (record.name for record in noun.records)
    return {noun.record(subject, what): gauge(what) for what in names if what != but}
