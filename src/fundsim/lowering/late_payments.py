"""What budget lines pay after the policy window, and which metrics leave it out at the window's end."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.scheme import BudgetLine, Level, Metric, Scheme
from fundsim.scheme.line_payments import LinePayment
from fundsim.scheme.records import ledger_lines, payment_record

__all__ = ["left_out_at_window"]

PAID = ("paid", "n_paid")
"""Records of a payment that grow when it is made."""


def left_out_at_window(metric: Metric, scheme: Scheme) -> tuple[str, ...]:
    """Return the budget lines of whose payments a metric counts only those made by the window's end.

    Without a budget, the instruments that are paid later.  A metric that counts no payments, such as a
    balance or what is owed, leaves nothing out.
    """
    read = set(metric.formula.records)
    late: dict[str, None] = {}
    for line in scheme.budget_lines:
        for name, records in _late(line, scheme):
            if read & records:
                late[name] = None
    return tuple(late)


def _late(line: BudgetLine, scheme: Scheme) -> Iterator[tuple[str, set[str]]]:
    """Yield what pays after the window, and the records that grow by it."""
    payments = [one for one in scheme.line_payments if one.line == line.name]
    if line.after_acceptance and _has_late_money(line, scheme):
        moved = (flow for flow in ledger_lines(scheme) if line.party in (flow.source, flow.target))
        grows = {flow.record for flow in moved if flow.kind != "lapse"}
        yield line.name, grows | _records(payments)
        return
    for one in payments:
        # An increase of a bank's book is known at the year's end and paid in the next year, from any line.
        if one.base == "increment":
            flows = (flow for flow in ledger_lines(scheme) if flow.source == line.party)
            grows = {flow.record for flow in flows if (flow.target, flow.kind) == (one.payee, one.kind)}
            yield (line.name if line.appropriations else _instrument(one, scheme)), grows | _records([one])


def _instrument(payment: LinePayment, scheme: Scheme) -> str:
    """Return the instrument that reports a payment as paid."""
    record = payment_record(payment.name, "paid")
    metrics = (one for one in scheme.metrics if isinstance(one, Metric) and one.own_name == "paid")
    return next((one.instrument for one in metrics if record in one.formula.records), payment.name)


def _records(payments: list[LinePayment]) -> set[str]:
    return {payment_record(one.name, what) for one in payments for what in PAID}


def _has_late_money(line: BudgetLine, scheme: Scheme) -> bool:
    """Return whether a line that pays after acceptance has, or may have, money after the window.

    That of its last years; and of any year where what is unspent stays, or what is unpaid comes next year.
    """
    levels = {level.name: level for level in scheme.levels}
    months = scheme.window.months
    for one in line.appropriations:
        later = [amount for year, amount in enumerate(one.amounts) if line.pays_in(year, scheme) >= months]
        stays = line.carry_over or _may_come_next_year(levels[one.level])
        if any(one.amounts if stays else later):
            return True
    return False


def _may_come_next_year(level: Level) -> bool:
    return level.unpaid == "next_year" and level.paid.mean < 1.0
