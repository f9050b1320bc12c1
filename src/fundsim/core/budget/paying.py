"""Step 8: how a line pays what is asked of it, arrears first, in listed order or pro rata."""

from __future__ import annotations

import math

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.ledger import affordable, transfer
from fundsim.core.pack.budget_tables import PayBasis
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["pay_what_is_owed"]


@kernel
def pay(tables, state, p, amount):
    """Make a payment of a line, of what it asks for."""
    terms = tables.budget.payments[p]
    figures = state.line_payments[p]
    transfer(tables.lines, state, terms.line, amount)
    figures.paid += amount
    if terms.basis == PayBasis.COUNTED:
        n = amount / terms.amount
        figures.n_paid += math.floor(n + 0.5) if terms.whole == 1 else n
    state.budget.payments[p].asked -= amount


@kernel
def money_of(state, line):
    """Return what a line holds; a treasury has no limit."""
    return state.parties[line.account].balance if line.limited == 1 else math.inf


@kernel
def awards_within(terms, held, asked):
    """Return the whole awards that a line can pay of those that are asked for [yuan]."""
    if held < HALF_A_FEN:
        return 0.0
    if asked <= held + HALF_A_FEN:
        return asked
    return math.floor((held + HALF_A_FEN) / terms.amount) * terms.amount


@kernel
def pay_in_order(tables, state, line):
    """Pay what is asked for, payment after payment, as far as the money goes."""
    for k in range(line.first_payment, line.end_payment):
        p = tables.budget.payments_of[k]
        asked = state.budget.payments[p].asked
        held = money_of(state, line)
        if tables.budget.payments[p].whole == 1:
            amount = awards_within(tables.budget.payments[p], held, asked)
        else:
            amount = affordable(held, asked)
        if amount > 0.0:
            pay(tables, state, p, amount)


@kernel
def pay_pro_rata(tables, state, line):
    """Pay each payment the same share of what it asks for."""
    total = 0.0
    for k in range(line.first_payment, line.end_payment):
        total += state.budget.payments[tables.budget.payments_of[k]].asked
    can = affordable(money_of(state, line), total)
    if can <= 0.0:
        return
    for k in range(line.first_payment, line.end_payment):
        p = tables.budget.payments_of[k]
        asked = state.budget.payments[p].asked
        amount = asked if can == total else asked * (can / total)
        if amount > 0.0:
            pay(tables, state, p, amount)


@outlined
def share_out(tables, state, line):
    """Pay what the payments of a line ask for, as far as its money goes."""
    if line.pro_rata == 1:
        pay_pro_rata(tables, state, line)
    else:
        pay_in_order(tables, state, line)


@kernel
def keep_or_refuse(tables, state, p):
    """Put what a line could not pay of this month's amount to the arrears, or refuse it for good."""
    terms = tables.budget.payments[p]
    figures, work = state.line_payments[p], state.budget.payments[p]
    if work.asked > 0.0:
        if terms.carries == 1:
            work.arrears += work.asked
        else:
            figures.refused += work.asked
            if terms.basis == PayBasis.COUNTED:
                n = work.asked / terms.amount
                figures.n_refused += math.floor(n + 0.5) if terms.whole == 1 else n
    work.asked = 0.0


@kernel
def pay_what_is_owed(tables, state, line):
    """Pay the arrears of a line, then what is to be paid in this month."""
    for k in range(line.first_payment, line.end_payment):
        work = state.budget.payments[tables.budget.payments_of[k]]
        work.asked = work.arrears
    share_out(tables, state, line)
    for k in range(line.first_payment, line.end_payment):
        work = state.budget.payments[tables.budget.payments_of[k]]
        work.arrears = work.asked
        work.asked = work.ready
        work.ready = 0.0
    share_out(tables, state, line)
    for k in range(line.first_payment, line.end_payment):
        keep_or_refuse(tables, state, tables.budget.payments_of[k])
