"""Step 5: sound firms that are short of cash when their loan falls due."""

from __future__ import annotations

from fundsim.core.bridge.draws import block_of, day_in_month, days_of, probability_of_score, size_of
from fundsim.core.bridge.lists import free_slot, push
from fundsim.core.bridge.outcomes import Pass, end_unserved
from fundsim.core.draws.binomial import binomial
from fundsim.core.draws.streams import CREDIT, unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["be_short", "draw_short"]


@outlined
def draw_short(tables, state, s, month, n):
    """Draw how many of n sound loans of a segment that fall due are short."""
    x = state.economy[month, s].index
    score = tables.bridges.short_scores[month // 12, s] - tables.bridges.shortages[s].sensitivity * x
    return binomial(state.stream[CREDIT], state.key, n, probability_of_score(score))


@kernel
def size_class(tables, fund, amount):
    """Return the row of the report's sizes that an amount belongs to."""
    k = fund.first_size
    while amount > tables.bridges.sizes[k].up_to:
        k += 1
    return k


@kernel
def private_law(tables, s, fund):
    """Return the law of the days of a private bridge: the segment's own, or the fund's."""
    own = tables.bridges.shortages[s].private_law
    return own if own >= 0 else tables.bridges.funds[fund].law


@outlined
def ask_fund(tables, state, c, column, month, number):
    """Put the request of a loan on its fund's list for the month; an ineligible firm is unserved at once."""
    loans = tables.classes[c]
    bridged = tables.bridges.classes[c]
    fund = tables.bridges.funds[bridged.fund]
    memory = state.bridge
    day, size, days, relend = block_of(state.key, loans.entity, month, 2 * number)
    wanted = size_of(bridged, loans.principal, size)
    amount = min(wanted * fund.share, fund.cap)
    figures = state.bridges[bridged.fund]
    if wanted - amount > fund.own_money * wanted + HALF_A_FEN:
        figures.n_ineligible += 1
        figures.ineligible += amount
        law = private_law(tables, loans.segment, bridged.fund)
        end_unserved(tables, state, c, column, month, number, law, amount, Pass.ALL)
        return
    slot = free_slot(memory, bridged.fund)
    if memory.full[0] == 1:
        return
    request = memory.requests[bridged.fund, slot]
    request.origin = c
    request.column = column
    request.size = size_class(tables, fund, amount)
    request.number = number
    request.month = month
    in_month = day_in_month(fund, tables.bridges.first_calendar, month, unit_interval(day))
    request.due = month * DAYS_PER_MONTH + in_month
    request.deadline = request.due + fund.deadline
    request.amount = amount
    request.days = days_of(tables.bridges.laws, tables.bridges.points, fund.law, days)
    request.relend = unit_interval(relend)
    work = memory.work[bridged.fund]
    push(memory.arrivals[bridged.fund], work.n_arrivals, request.due, slot)
    work.n_arrivals += 1


@kernel
def be_short(tables, state, c, column, month, n, in_window):
    """Let n sound loans of a class be short: they ask the fund, or nobody serves them.

    After the window there is no bridge: those that don't default repay.
    """
    loans = tables.classes[c]
    book = state.books[loans.book]
    book.n_short += n
    book.short += n * loans.principal
    fund = tables.bridges.classes[c].fund
    private = tables.bridges.shortages[loans.segment].private_law
    for number in range(n):
        if fund >= 0 and in_window:
            ask_fund(tables, state, c, column, month, number)
        elif in_window:
            end_unserved(tables, state, c, column, month, number, private, loans.principal, Pass.ALL)
        else:
            end_after_window(tables, state, c, column, month, number)


@kernel
def end_after_window(tables, state, c, column, month, number):
    """Decide what becomes of a loan whose firm is short after the window: default, or repayment."""
    loans = tables.classes[c]
    word, _, _, _ = block_of(state.key, loans.entity, month, 2 * number + 1)
    if unit_interval(word) < tables.bridges.shortages[loans.segment].default_if_unserved:
        state.bridge.lost[column] += 1
    else:
        state.bridge.repaid[c] += 1
