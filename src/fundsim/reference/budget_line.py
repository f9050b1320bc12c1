"""A budget line on one path: its account, whom it pays first, and what becomes of unspent money."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.reference.budget_levels import Promise, last_of_year, years_of
from fundsim.reference.budget_payment import Owing
from fundsim.reference.ledger import Ledger
from fundsim.reference.part_paid import part_paid
from fundsim.scheme import BudgetLine, Scheme
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["LineAccount"]


class LineAccount:
    """A budget line.

    Args:
        terms: its rules.
        promises: what levels are to pay into it.
        payments: what it pays, in listed order.
        scheme: the scheme, for the line's life.
        ledger: the path's ledger.
    """

    def __init__(
        self,
        terms: BudgetLine,
        promises: Sequence[Promise],
        payments: Sequence[Owing],
        scheme: Scheme,
        ledger: Ledger,
    ) -> None:
        self.terms = terms
        self.promises = promises
        self.payments = payments
        self.lapsed = 0.0
        self._ledger = ledger
        self._end = terms.end(scheme)
        years = years_of(scheme.window)
        if terms.after_acceptance:
            self._closings = {terms.pays_in(year, scheme) for year in years}
        else:
            self._closings = {last_of_year(year, scheme.window) for year in years}

    @property
    def due(self) -> float:
        """Appropriations planned for it in the years begun [yuan]."""
        return sum(promise.due for promise in self.promises)

    @property
    def lost(self) -> float:
        """Appropriations that will never be paid [yuan]."""
        return sum(promise.lost for promise in self.promises)

    @property
    def _held(self) -> float:
        return self._ledger.payable(self.terms.party)

    def pay_out(self, month: int) -> None:
        """Pay arrears, then what has fallen due and waits no more; then let unspent money lapse."""
        if month > self._end:
            return
        arrears = [payment.arrears for payment in self.payments]
        for payment, before, paid in zip(self.payments, arrears, self._pay(arrears), strict=True):
            payment.arrears = before - paid
        fallen_due = [payment.payable(month) for payment in self.payments]
        for payment, wanted, paid in zip(self.payments, fallen_due, self._pay(fallen_due), strict=True):
            payment.leave(wanted - paid)
        if month == self._end:
            self._lapse(self._held)
        elif month in self._closings and not self.terms.carry_over:
            self._lapse(max(0.0, self._held - sum(payment.owed for payment in self.payments)))

    def _pay(self, wanted: Sequence[float]) -> list[float]:
        """Pay what is wanted, payment by payment, as far as the line's money goes [yuan].

        Args:
            wanted: for each payment, in listed order [yuan].

        Returns:
            What is settled of each: what is paid, or whole awards of which half a fen may be missing [yuan].
        """
        ratio = part_paid(self._held, sum(wanted))
        settled = []
        for payment, amount in zip(self.payments, wanted, strict=True):
            part = ratio * amount if self.terms.pro_rata else payment.wanted_of(amount, self._held)
            paid = self._ledger.transfer(self.terms.party, payment.terms.payee, payment.terms.kind, part)
            payment.note_paid(paid, part)
            settled.append(part)
        return settled

    def _lapse(self, amount: float) -> None:
        """Give money back to the levels, in proportion to what they have paid in to date [yuan]."""
        paid_in = sum(promise.paid for promise in self.promises)
        if amount < HALF_A_FEN or paid_in <= 0.0:
            return
        for promise in self.promises:
            part = amount * promise.paid / paid_in
            self.lapsed += self._ledger.transfer(self.terms.party, promise.level.name, "lapse", part)
