"""Step 8, last: what a line does not spend goes back to the levels that paid it in."""

from __future__ import annotations

from fundsim.core.budget.appropriations import YEAR, year_after
from fundsim.core.machine.decorators import kernel
from fundsim.core.month.ledger import transfer
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["lapse"]


@kernel
def closes(tables, line, month):
    """Return whether unspent money of a year lapses in a month: the year's last, or in which it was paid."""
    if line.waits == 1:
        return 0 <= year_after(month, line.paid_after) < tables.budget.amounts.shape[1]
    return month < tables.window.months and ((month + 1) % YEAR == 0 or month + 1 == tables.window.months)


@kernel
def owed_by(tables, state, line):
    """Return what a line owes: its arrears, and what has fallen due and waits [yuan]."""
    total = 0.0
    for k in range(line.first_payment, line.end_payment):
        total += state.line_payments[tables.budget.payments_of[k]].owed
    return total


@kernel
def give_back(tables, state, j, amount):
    """Give unspent money back to the levels in proportion to what each has paid in to date."""
    line = tables.budget.lines[j]
    left = 0.0
    for a in range(line.first_appropriation, line.end_appropriation):
        left += state.budget.appropriations[a].paid
    if left <= 0.0:
        return
    state.budget_lines[j].lapsed += amount
    for a in range(line.first_appropriation, line.end_appropriation):
        paid = state.budget.appropriations[a].paid
        if paid > 0.0:
            part = amount * min(1.0, paid / left)
            transfer(tables.lines, state, tables.budget.appropriations[a].back_line, part)
            amount -= part
            left -= paid


@kernel
def lapse(tables, state, j, month):
    """Let a line's unspent money lapse at the end of its year, and all of it at the end of its life."""
    line = tables.budget.lines[j]
    unspent = state.parties[line.account].balance
    if month < line.last_month:
        if line.carry_over == 1 or not closes(tables, line, month):
            return
        unspent -= owed_by(tables, state, line)
    if unspent >= HALF_A_FEN:
        give_back(tables, state, j, unspent)
