"""Plain spending from a budget line (支出): space rents, public services, programmes without a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundsim.instruments.lending import DatedAmount, faults_of_dates
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.spending import Spending, facts_of
from fundsim.metrics.budget import payment_metrics
from fundsim.scenario.term import TermFault, exactly_one, term
from fundsim.scheme import LinePayment
from fundsim.scheme.surroundings import OUTSIDE
from fundsim.units import Money

__all__ = ["KIND", "Expense"]


class Expense(Spending):
    """Money that is spent as planned, by month or evenly over the year (财政支出)."""

    payments: tuple[DatedAmount, ...] = term((), max_length=600, meaning="Amounts by month", zh="逐月支出")
    annual: Money | None = term(
        None, gt=0, unit="yuan a year", meaning="Amount a year, by twelfths", zh="年度支出"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require one way to say it, and months of the window."""
        given = {"payments": bool(self.payments), "annual": self.annual is not None}
        yield from exactly_one("an expense", "支出", given)

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Check the dates."""
        yield from faults_of_dates(self.payments, "payments", context)


def lower(name: str, terms: Expense, context: Context) -> Part:
    """Lower it: one payment from the line to the outside world."""
    start = context.window.start
    payment = LinePayment(
        name=name,
        line=terms.line_name,
        payee=OUTSIDE,
        kind="expense",
        base="fixed" if terms.annual is not None else "dated",
        amount=terms.annual or 0.0,
        dates=tuple((item.date.months_since(start), item.amount) for item in terms.payments),
        cap_year=terms.cap_of_year,
        cap_total=terms.cap_in_all,
        arrears=terms.unpaid == "arrears",
    )
    facts = facts_of(name, terms, (payment,), "Expenses", "支出")
    return Part(line_payments=(payment,), metrics=tuple(payment_metrics(facts)))


KIND = Kind(
    name="expense",
    meaning="Spending as planned, from a budget line",
    meaning_zh="财政支出",
    terms=Expense,
    lower=lower,
)
