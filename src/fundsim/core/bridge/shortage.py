"""Step 5: sound firms that are short of cash when their loan falls due."""

from __future__ import annotations

from fundsim.core.bridge.at_work import fund_of, private_law
from fundsim.core.bridge.draws import block_of, day_in_month, days_of, probability_of_score, size_of
from fundsim.core.bridge.lists import free_slot, push
from fundsim.core.bridge.outcomes import (
    Pass,
    defaults_unserved,
    end_unserved,
    end_unserved_on_tape,
    note_tape,
    origin_of,
)
from fundsim.core.draws.binomial import binomial
from fundsim.core.draws.streams import CREDIT, unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.tape_tables import Ended
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["be_short", "be_short_on_tape", "draw_short", "score_of_short"]


@kernel
def score_of_short(tables, state, s, month):
    """Return the score below which a sound firm of a segment is short in a month."""
    x = state.economy[month, s].index
    return tables.bridges.short_scores[month // 12, s] - tables.bridges.shortages[s].sensitivity * x


@outlined
def draw_short(tables, state, s, month, n):
    """Draw how many of n sound loans of a segment that fall due are short."""
    probability = probability_of_score(score_of_short(tables, state, s, month))
    return binomial(state.stream[CREDIT], state.key, n, probability)


@kernel
def size_class(tables, fund, amount):
    """Return the row of the report's sizes that an amount belongs to."""
    k = fund.first_size
    while amount > tables.bridges.sizes[k].up_to:
        k += 1
    return k


@kernel
def put_request(tables, fund, request, month, draws):
    """Fill a request's day, days of use and fate from its block of draws."""
    terms = fund.terms[0]
    day, _, days, relend = draws
    part = day_in_month(terms, tables.bridges.first_calendar, month, unit_interval(day))
    request.month = month
    request.due = month * DAYS_PER_MONTH + part
    request.deadline = request.due + terms.deadline
    request.days = days_of(tables.bridges.laws, tables.bridges.points, terms.law, days)
    request.relend = unit_interval(relend)
    request.size = size_class(tables, terms, request.amount)


@kernel
def ask_fund(tables, state, fund, origin, column, month, number, wanted, draws):
    """Put the request of a loan on its fund's list for the month; return whether it may, and the amount.

    Args:
        tables: the tables.
        state: the state of the thread.
        fund: the ``Fund``.
        origin: as in ``REQUEST``.
        column: as in ``REQUEST``.
        month: month of maturity.
        number: number of its draws in that month.
        wanted: size of the loan [yuan].
        draws: words of its first block.
    """
    terms = fund.terms[0]
    amount = min(wanted * terms.share, terms.cap)
    if wanted - amount > terms.own_money * wanted + HALF_A_FEN:
        fund.figures[0].n_ineligible += 1
        fund.figures[0].ineligible += amount
        return False, amount
    slot = free_slot(fund)
    if fund.full[0] == 0:
        request = fund.requests[slot]
        request.origin = origin
        request.column = column
        request.number = number
        request.amount = amount
        put_request(tables, fund, request, month, draws)
        push(fund.arrivals, fund.work[0].n_arrivals, request.due, slot)
        fund.work[0].n_arrivals += 1
    return True, amount


@outlined
def ask_for_class(tables, state, c, column, month, number):
    """Ask the fund for a loan of a class; an ineligible firm is unserved at once."""
    loans = tables.classes[c]
    bridged = tables.bridges.classes[c]
    fund = fund_of(tables, state, bridged.fund)
    draws = block_of(state.key, loans.entity, month, 2 * number)
    wanted = size_of(bridged, loans.principal, draws[1])
    eligible, amount = ask_fund(tables, state, fund, c, column, month, number, wanted, draws)
    if not eligible:
        law = private_law(tables, loans.segment, bridged.fund)
        end_unserved(tables, state, c, column, month, number, law, amount, Pass.ALL)


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
        if not in_window:
            end_after_window(tables, state, c, column, month, number)
        elif fund >= 0:
            ask_for_class(tables, state, c, column, month, number)
        else:
            end_unserved(tables, state, c, column, month, number, private, loans.principal, Pass.ALL)


@kernel
def end_after_window(tables, state, c, column, month, number):
    """Decide what becomes of a loan whose firm is short after the window: default, or repayment."""
    loans = tables.classes[c]
    if defaults_unserved(tables, state, loans.segment, loans.entity, month, number):
        state.bridge.lost[column] += 1
    else:
        state.bridge.repaid[c] += 1


@outlined
def be_short_on_tape(tables, state, k, i, month, in_window):
    """Let the firm of loan i of book k of a tape be short: it asks the fund, or nobody serves it."""
    loans = tables.tape.books[k]
    principal = tables.tape.loans[i].principal
    book = state.books[loans.book]
    book.n_short += 1
    book.short += principal
    if not in_window:
        lost = defaults_unserved(tables, state, loans.segment, loans.entity, month, i)
        note_tape(state, k, i, Ended.LOST if lost else Ended.REPAID)
        return
    law = tables.bridges.shortages[loans.segment].private_law
    amount = principal
    if loans.fund >= 0:
        fund = fund_of(tables, state, loans.fund)
        draws = block_of(state.key, loans.entity, month, 2 * i)
        origin = origin_of(i)
        eligible, amount = ask_fund(tables, state, fund, origin, k, month, i, principal, draws)
        if eligible:
            return
        law = private_law(tables, loans.segment, loans.fund)
    end_unserved_on_tape(tables, state, k, i, month, law, amount, Pass.ALL)
