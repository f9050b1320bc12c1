"""The budget in the calendar: how a path begins, and what a month does at its steps 1, 2 and 8."""

from __future__ import annotations

from fundsim.core.budget.appropriations import YEAR, appropriate_to_line, draw_shares, year_after
from fundsim.core.budget.bank_books import grow_books, open_books
from fundsim.core.budget.dues import fall_due, happened_to_date
from fundsim.core.budget.happenings import happen
from fundsim.core.budget.ladder import open_ladders, recognise
from fundsim.core.budget.lapse import lapse
from fundsim.core.budget.paying import pay_what_is_owed
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.vectors import fill
from fundsim.core.pack.budget_tables import PayBasis

__all__ = ["appropriate_to_lines", "move_events", "open_budget", "pay_lines"]


@outlined
def open_budget(tables, state):
    """Begin a path, when its loans are on the books."""
    fill(state.budget.vector, 0.0)
    open_ladders(tables, state)
    open_books(tables, state)
    for p in range(tables.budget.payments.size):
        state.budget.payments[p].counted = happened_to_date(tables, state, p)


@outlined
def move_events(tables, state, month):
    """Step 1: what happens in a month, and the ladders in their months of recognition."""
    for h in range(tables.budget.happenings.size):
        happen(tables, state, h, month)
    recognise(tables, state, month)


@outlined
def appropriate_to_lines(tables, state, month):
    """Step 2: in a budget year's first month its shares are known; then levels pay into the lines."""
    if month < tables.window.months and month % YEAR == 0:
        draw_shares(tables, state, month)
    for j in range(tables.budget.lines.size):
        appropriate_to_line(tables, state, j, month)


@kernel
def release(tables, state, line, month):
    """Let what has waited be paid, in the month that has come for its year."""
    year = year_after(month, line.paid_after)
    if 0 <= year < tables.budget.amounts.shape[1]:
        for k in range(line.first_payment, line.end_payment):
            p = tables.budget.payments_of[k]
            if tables.budget.payments[p].waits == 1:
                state.budget.payments[p].ready += state.budget.waiting[p, year]
                state.budget.waiting[p, year] = 0.0


@kernel
def note_owed(tables, state, line):
    """Write down what each payment of a line is owed: arrears, and what waits."""
    for k in range(line.first_payment, line.end_payment):
        p = tables.budget.payments_of[k]
        total = state.budget.payments[p].arrears
        if tables.budget.payments[p].waits == 1:
            for year in range(state.budget.waiting.shape[1]):
                total += state.budget.waiting[p, year]
        state.line_payments[p].owed = total


@kernel
def let_fall_due(tables, state, month):
    """Let fall due what a month of the window asks for; on banks' increments in a year's last month."""
    year_ends = (month + 1) % YEAR == 0 or month + 1 == tables.window.months
    if year_ends:
        grow_books(tables, state, month)
    for p in range(tables.budget.payments.size):
        if month % YEAR == 0:
            state.budget.payments[p].due_year = 0.0
        if year_ends or tables.budget.payments[p].basis != PayBasis.INCREMENT:
            fall_due(tables, state, p, month)


@outlined
def pay_lines(tables, state, month):
    """Step 8, after new lending: what falls due; then each line pays, and what it does not spend lapses."""
    budget = tables.budget
    if month < tables.window.months:
        let_fall_due(tables, state, month)
    for j in range(budget.lines.size):
        line = budget.lines[j]
        if month <= line.last_month:
            release(tables, state, line, month)
            pay_what_is_owed(tables, state, line)
            note_owed(tables, state, line)
            lapse(tables, state, j, month)
