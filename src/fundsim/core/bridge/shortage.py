"""Step 5: sound firms that are short of cash when their loan falls due."""

from __future__ import annotations

from fundsim.core.bridge.at_work import fund_of, private_law
from fundsim.core.bridge.calendar import push
from fundsim.core.bridge.draws import block_of, day_in_month, days_of, probability_of_score, size_of
from fundsim.core.bridge.lists import free_slot
from fundsim.core.bridge.outcomes import (
    Pass,
    ShortLoan,
    defaults_unserved,
    end_unserved,
    entity_of,
    loan_of,
    note_tape,
    number_on_tape,
    segment_of,
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
    while amount > tables.bridges.sizes[k].up_to + HALF_A_FEN:
        k += 1
    return k


@kernel
def fill_request(tables, terms, request, draws):
    """Give a request its day, its days of use, its fate and its size of the report."""
    day, _, days, relend = draws
    part = day_in_month(terms, tables.bridges.first_calendar, request.month, unit_interval(day))
    request.due = request.month * DAYS_PER_MONTH + part
    request.deadline = request.due + terms.deadline
    request.days = days_of(tables.bridges.laws, tables.bridges.points, terms.law, unit_interval(days))
    request.relend = unit_interval(relend)
    request.size_row = size_class(tables, terms, request.amount)


@kernel
def ask_fund(tables, fund, loan, wanted, draws):
    """Put the request of a loan on its fund's list for the month; return whether it may, and the amount.

    Args:
        tables: the tables.
        fund: the ``Fund``.
        loan: the ``ShortLoan``.
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
        request.origin = loan.origin
        request.column = loan.column
        request.month = loan.month
        request.number = loan.number
        request.amount = amount
        fund.work[0].n_serials += 1
        request.serial = fund.work[0].n_serials
        fill_request(tables, terms, request, draws)
        push(fund.arrivals, slot, request.due)
    return True, amount


@outlined
def look_for_a_bridge(tables, state, loan, j, principal):
    """Let the firm of a loan ask its fund, if there is one that it may ask; else it is unserved at once.

    Args:
        tables: the tables.
        state: the state of the thread.
        loan: the ``ShortLoan``.
        j: the fund, or −1.
        principal: what the loan owes [yuan].
    """
    if j < 0:
        law = tables.bridges.shortages[segment_of(tables, loan)].private_law
        end_unserved(tables, state, loan, law, principal, Pass.ALL)
        return
    fund = fund_of(tables, state, j)
    draws = block_of(state.key, entity_of(tables, loan), loan.month, 2 * loan.number)
    wanted = principal
    if loan.origin >= 0:
        wanted = size_of(tables.bridges.classes[loan.origin], principal, draws[1])
    eligible, amount = ask_fund(tables, fund, loan, wanted, draws)
    if not eligible:
        law = private_law(tables, segment_of(tables, loan), j)
        end_unserved(tables, state, loan, law, amount, Pass.ALL)


@kernel
def be_short(tables, state, c, column, month, n, in_window):
    """Let n sound loans of a class be short: they look for a bridge.

    After the window there is none, and those that don't default repay.
    """
    loans = tables.classes[c]
    book = state.books[loans.book]
    book.n_short += n
    book.short += n * loans.principal
    for number in range(n):
        loan = ShortLoan(c, column, month, number)
        if in_window:
            look_for_a_bridge(tables, state, loan, tables.bridges.classes[c].fund, loans.principal)
        elif defaults_unserved(tables, state, loan):
            state.bridge.lost[column] += 1
        else:
            state.bridge.repaid[c] += 1


@outlined
def be_short_on_tape(tables, state, k, i, month, in_window):
    """The same for loan i of book k of a tape, whose draws have its own number."""
    principal = tables.tape.loans[i].principal
    book = state.books[tables.tape.books[k].book]
    book.n_short += 1
    book.short += principal
    loan = ShortLoan(loan_of(i), k, month, number_on_tape(tables, k, i))
    if in_window:
        look_for_a_bridge(tables, state, loan, tables.tape.books[k].fund, principal)
    else:
        lost = defaults_unserved(tables, state, loan)
        note_tape(state, loan, Ended.LOST if lost else Ended.REPAID)
