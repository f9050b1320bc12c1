"""Steps 4 and 8: what falls due on the payments of the lines, by their bases and caps."""

from __future__ import annotations

import math

from fundsim.core.budget.appropriations import YEAR
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.budget_tables import PayBasis
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["accrue", "fall_due", "granted_to_date", "happened_to_date"]


@outlined
def accrue(tables, state):
    """Step 4, after defaults in life: what is paid on the principal that performs in this month."""
    budget = tables.budget
    for p in range(budget.payments.size):
        if budget.payments[p].basis == PayBasis.PERFORMING:
            total = 0.0
            for r in range(budget.payments[p].first_rate, budget.payments[p].end_rate):
                total += budget.rates[r].per_yuan * state.books[budget.rates[r].book].performing
            state.budget.payments[p].accrued = total


@kernel
def granted_to_date(tables, state, p, r):
    """Return the principal granted on a payment's book of loans to date, renewals if they count [yuan]."""
    book = state.books[tables.budget.rates[r].book]
    if tables.budget.payments[p].on_renewal == 1:
        return book.lent_new + book.lent_renewed
    return book.lent_new


@kernel
def due_on_grants(tables, state, p):
    """Return rate × what was granted since the month before."""
    total = 0.0
    for r in range(tables.budget.payments[p].first_rate, tables.budget.payments[p].end_rate):
        granted = granted_to_date(tables, state, p, r)
        total += tables.budget.rates[r].per_yuan * (granted - state.budget.lent[r])
        state.budget.lent[r] = granted
    return total


@kernel
def happened_to_date(tables, state, p):
    """Return the number of a payment's events to date."""
    total = 0.0
    for e in range(tables.budget.payments[p].first_event, tables.budget.payments[p].end_event):
        total += state.totals[tables.budget.events[e]]
    return total


@kernel
def due_on_events(tables, state, p):
    """Return amount × the events since the month before."""
    work = state.budget.payments[p]
    total = happened_to_date(tables, state, p)
    n = total - work.counted
    work.counted = total
    return n * tables.budget.payments[p].amount


@kernel
def uncapped(tables, state, p, month):
    """Return what a month asks for by the base of a payment [yuan]."""
    terms = tables.budget.payments[p]
    if terms.basis == PayBasis.PERFORMING:
        return state.budget.payments[p].accrued
    if terms.basis == PayBasis.GRANTED:
        return due_on_grants(tables, state, p)
    if terms.basis == PayBasis.COUNTED:
        return due_on_events(tables, state, p)
    if terms.basis == PayBasis.FIXED:
        return terms.monthly
    if terms.basis == PayBasis.DATED:
        return tables.budget.dated[terms.dated, month]
    return terms.book_rate * state.budget.bank_books[terms.book].increase


@kernel
def within_caps(terms, asked, left):
    """Return what of an amount a cap leaves, in whole awards where they are."""
    if asked <= left:
        return asked
    if terms.whole == 1:
        return min(asked, math.floor((max(0.0, left) + HALF_A_FEN) / terms.amount) * terms.amount)
    return max(0.0, left)


@kernel
def fall_due(tables, state, p, month):
    """Let what a month asks for fall due, cut by what the year's cap and the whole cap leave."""
    terms = tables.budget.payments[p]
    figures, work = state.line_payments[p], state.budget.payments[p]
    asked = uncapped(tables, state, p, month)
    due = within_caps(terms, asked, min(terms.cap_year - work.due_year, terms.cap_total - figures.due))
    figures.due += due
    figures.capped += asked - due
    work.due_year += due
    if terms.waits == 1:
        state.budget.waiting[p, month // YEAR] += due
    else:
        work.ready += due
