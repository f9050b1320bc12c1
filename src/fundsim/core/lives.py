"""The life of a vintage, drawn whole when it begins.

A default during life depends on the factors of the path and on nothing that the scheme does, and the
factors are known.  So the number of defaults among n like loans over their whole life is one
Binomial(n, 1 − S), S the survival over the life, and each default falls in month t with probability
proportional to the survival lost in t.  This has exactly the law of a Binomial draw in every month of
life for every vintage, for a tenth of the draws.
"""

from __future__ import annotations

import math

from fundsim.core.binomial import binomial, binomial_of_odds
from fundsim.core.compile import kernel
from fundsim.core.streams import CREDIT, open_stream, uniform

__all__ = ["begin_lives", "open_lives"]

LIFE_PURPOSE, OPENING_PURPOSE = 2, 5


@kernel
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
    end = state.economy.survival[row + months, s]
    for j in range(months):
        if lost == 0:
            return
        now = state.economy.survival[row + j, s]
        share = (now - state.economy.survival[row + j + 1, s]) / (now - end)
        n = lost if j == months - 1 else binomial(state.stream[CREDIT], state.key, lost, min(share, 1.0))
        state.falling[month + j, column] += n
        lost -= n


@kernel
def spread_by_loan(state, s, row, column, month, months, lost):
    """Draw the month of each default: where the survival falls below a uniform of (S, 1)."""
    begin = state.economy.survival[row, s]
    width = begin - state.economy.survival[row + months, s]
    for _ in range(lost):
        level = begin - uniform(state.stream[CREDIT], state.key) * width
        j = 0
        while j < months - 1 and state.economy.survival[row + j + 1, s] > level:
            j += 1
        state.falling[month + j, column] += 1


@kernel
def draw_life(tables, state, c, cohort, month, months, n):
    """Draw the defaults of n loans of a class over ``months`` months from ``month`` on.

    The survivors are booked to mature in the last of these months.  What lies behind the last
    simulated month is not drawn.
    """
    s = tables.classes.segment[c]
    seen = min(months, tables.window.total - month)
    if seen <= 0:
        return
    # Static factor: the survival curve runs over the loan's age, else over the calendar.
    row = tables.classes.term[c] - months if tables.window.static == 1 else month
    hazard = state.economy.cumulative[row + seen, s] - state.economy.cumulative[row, s]
    in_life = (1.0 - tables.segments.maturity_share[s]) * hazard
    lost = binomial_of_odds(state.stream[CREDIT], state.key, n, -in_life, math.expm1(in_life))
    if lost > 0:
        column = tables.classes.first_column[c] + cohort
        if lost > 4 * seen:
            spread_by_month(state, s, row, column, month, seen, lost)
        else:
            spread_by_loan(state, s, row, column, month, seen, lost)
    if seen == months:
        state.maturing[month + months - 1, c] += n - lost


@kernel
def open_lives(tables, state):
    """Draw the lives of the opening stock, by class and months left."""
    classes = tables.classes
    for c in range(classes.size):
        term = classes.term[c]
        open_stream(state.stream[CREDIT], classes.entity[c], 0, OPENING_PURPOSE, 0)
        for left in range(1, term + 1):
            n = tables.opening_loans[classes.first_slot[c] + left - 1]
            if n > 0:
                draw_life(tables, state, c, 0, 0, left, n)


@kernel
def begin_lives(tables, state, month):
    """Draw the lives of the loans granted or renewed at the end of this month."""
    classes = tables.classes
    for c in range(classes.size):
        n = state.classes.fresh[c]
        if n > 0:
            state.classes.fresh[c] = 0
            one_cohort = classes.end_column[c] - classes.first_column[c] == 1
            cohort = 0 if one_cohort else 1 + month // 12
            open_stream(state.stream[CREDIT], classes.entity[c], month, LIFE_PURPOSE, 0)
            draw_life(tables, state, c, cohort, month + 1, classes.term[c], n)
