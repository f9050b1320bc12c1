"""The life of a vintage, drawn whole when it begins.

A default during life depends on the factors of the path and on nothing that the scheme does, and the
factors are known.  So the number of defaults among n like loans over their whole life is one
Binomial(n, 1 − S), S the survival over the life, and each default falls in month t with probability
proportional to the survival lost in t.  This has exactly the law of a Binomial draw in every month of
life for every vintage, for a tenth of the draws.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.binomial import binomial, binomial_of_odds
from fundsim.core.draws.streams import BLOCK, CREDIT, POSITION, next_block, open_stream, unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.amortising import column_of_vintage

__all__ = ["begin_lives", "open_lives"]

VANISHED = 1e-200
"""Survival since month 0 under which a vintage's own survival is no longer read off as a ratio."""


@outlined
def spread_by_month(state, s, row, column, month, months, lost):
    """Share many defaults out over the months of life, a conditional binomial for each month.

    Args:
        state: the state of the thread.
        s: segment.
        row: row of ``state.economy.survival`` at which the life begins.
        column: column of ``state.falling``.
        month: first month of exposure.
        months: months of exposure.
        lost: number of defaults.
    """
    end = state.economy[row + months, s].survival
    for j in range(months):
        if lost == 0:
            return
        now = state.economy[row + j, s].survival
        share = (now - state.economy[row + j + 1, s].survival) / (now - end)
        n = lost if j == months - 1 else binomial(state.stream[CREDIT], state.key, lost, min(share, 1.0))
        state.falling[month + j, column] += n
        lost -= n


@kernel
def spread_by_loan(state, s, row, column, month, months, lost):
    """Draw the month of each default: where the survival falls below a uniform of (S, 1)."""
    begin = state.economy[row, s].survival
    width = begin - state.economy[row + months, s].survival
    stream = state.stream[CREDIT]
    position = np.int64(stream[POSITION])
    for _ in range(lost):
        if position == BLOCK:
            next_block(stream, state.key)
            position = 0
        level = begin - unit_interval(stream[position]) * width
        position += 1
        # Counting all months rather than searching: there is no branch for the processor to guess wrong.
        j = 0
        for i in range(1, months):
            j += np.int64(state.economy[row + i, s].survival > level)
        state.falling[month + j, column] += 1
    stream[POSITION] = np.uint64(position)


@outlined
def draw_month(tables, state, s, row, n):
    """Draw the defaults of n loans in one month, where the survival since month 0 has no digits left."""
    hazard = state.economy[row + 1, s].cumulative - state.economy[row, s].cumulative
    in_life = 1.0 - tables.segments[s].maturity_share
    return binomial(state.stream[CREDIT], state.key, n, -math.expm1(-in_life * hazard))


@kernel
def draw_life(tables, state, c, column, month, months, n):
    """Draw the defaults of n loans of a class over ``months`` months from ``month`` on.

    The survivors are booked to mature in the last of these months.  What lies behind the last
    simulated month is not drawn.
    """
    if tables.classes[c].first_share >= 0:
        state.alive[column] += n
    s = tables.classes[c].segment
    seen = min(months, tables.window.lending - month)
    if seen <= 0:
        return
    # Static factor: the survival curve runs over the loan's age, else over the calendar.
    row = tables.classes[c].term - months if tables.window.static == 1 else month
    begin = state.economy[row, s]
    end = state.economy[row + seen, s]
    if begin.survival < VANISHED:
        for j in range(seen):
            fallen = draw_month(tables, state, s, row + j, n)
            state.falling[month + j, column] += fallen
            n -= fallen
        if seen == months:
            state.maturing[month + months - 1, c] += n
        return
    in_life = (1.0 - tables.segments[s].maturity_share) * (end.cumulative - begin.cumulative)
    lost = n
    if end.survival > 1e-300:  # below it the odds would be infinite
        odds = (begin.survival - end.survival) / end.survival
        lost = binomial_of_odds(state.stream[CREDIT], state.key, n, -in_life, odds)
    if lost > 0:
        if lost > 4 * seen:
            spread_by_month(state, s, row, column, month, seen, lost)
        else:
            spread_by_loan(state, s, row, column, month, seen, lost)
    if seen == months:
        state.maturing[month + months - 1, c] += n - lost


@kernel
def open_lives(tables, state):
    """Draw the lives of the opening stock, by class and months left."""
    for c in range(tables.classes.size):
        loans = tables.classes[c]
        open_stream(state.stream[CREDIT], loans.entity, 0, purposes.OPENING, 0)
        for left in range(1, loans.term + 1):
            n = tables.opening_loans[loans.first_slot + left - 1]
            if n > 0:
                column = loans.first_column
                if loans.first_share >= 0:
                    column = column_of_vintage(loans, left - 1)
                draw_life(tables, state, c, column, 0, left, n)


@kernel
def column_of_grant(loans, month):
    """Return the column of the loans of a class that are granted now."""
    if loans.first_share >= 0:
        return column_of_vintage(loans, month)
    if loans.end_column - loans.first_column == 1:
        return loans.first_column
    return loans.first_column + 1 + month // 12


@kernel
def begin_lives(tables, state, month):
    """Draw the lives of the loans granted or renewed at the end of this month."""
    for c in range(tables.classes.size):
        n = state.classes[c].fresh
        if n > 0:
            state.classes[c].fresh = 0
            loans = tables.classes[c]
            column = column_of_grant(loans, month)
            open_stream(state.stream[CREDIT], loans.entity, month, purposes.LIFE, 0)
            draw_life(tables, state, c, column, month + 1, loans.term, n)
