"""Loose loans: those of a tape that a shortage of cash has taken out of their vintage.

A bridge may end in another month than the vintage's maturity, so the loan's next life has a calendar of its
own.  From then on it is followed by itself: on a list of the month in which it defaults, or of the one in
which it matures.  There are few.
"""

from __future__ import annotations

import math

from fundsim.core.bridge.draws import block_of, probability_of_score
from fundsim.core.bridge.outcomes import number_on_tape
from fundsim.core.bridge.shortage import be_short_on_tape, score_of_short
from fundsim.core.draws import purposes
from fundsim.core.draws.streams import LOSS, open_stream, unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.loan_books import book_default_for_lack, book_renewal
from fundsim.core.month.maturity import Answer, answer_of, hazards_of_renewal
from fundsim.core.pack.tape_tables import Ended
from fundsim.core.tape.lives import month_of_default
from fundsim.core.tape.loans import book_tape_defaults, cohort_of_grant, repay

__all__ = ["default_loose_loans", "mature_loose_loans", "settle_tape_bridges"]

LOOSE = 1 << 40
"""First block of what a loose loan decides and of the clock of its life, by its number."""
AT_LOOSE = 1 << 42
"""First draw of the losses of loose loans: far behind those of vintages."""
LOOSE_SPACING = 8
"""Draws that the losses of one loose loan may take."""
NO_VINTAGE = -1


@kernel
def put(state, heads, month, k, i):
    """Put a loan on a list of a month."""
    state.tape_next[i] = heads[month, k]
    heads[month, k] = i + 1


@kernel
def take(state, heads, month, k):
    """Take the first loan, from 1, off a list; 0 when it is empty."""
    head = heads[month, k]
    if head > 0:
        heads[month, k] = state.tape_next[head - 1]
        state.tape_next[head - 1] = 0
    return head


@kernel
def begin_loose_life(tables, state, k, i, granted):
    """Draw the life of a loan that is granted again at the end of a month."""
    book = tables.tape.books[k]
    state.tape_granted[i] = granted
    first = granted + 1
    if first >= tables.window.lending:
        return
    word, _, _, _ = block_of(state.key, book.entity, granted, LOOSE + 2 * number_on_tape(tables, k, i) + 1)
    clock = -math.log(unit_interval(word))
    after = month_of_default(tables, state, k, i, first, book.term, clock)
    if 0 <= after < book.term:
        put(state, state.loose_falling, first + after, k, i)
    elif granted + book.term < tables.window.lending:
        heads = state.loose_striking if after == book.term else state.loose_maturing
        put(state, heads, granted + book.term, k, i)


@kernel
def cohort_of_loose(tables, state, k, i):
    """Return the cohort of a loose loan's present life."""
    granted = state.tape_granted[i]
    if granted < 0:
        return 0
    return cohort_of_grant(tables.facilities[tables.tape.books[k].facility], granted)


@kernel
def lose(tables, state, k, i, month):
    """Book the default of one loose loan; return its principal."""
    entity = tables.tape.books[k].entity
    first = AT_LOOSE + LOOSE_SPACING * number_on_tape(tables, k, i)
    open_stream(state.stream[LOSS], entity, month, purposes.LGD, first)
    state.tape_next[i] = 0
    return book_tape_defaults(
        tables, state, k, NO_VINTAGE, cohort_of_loose(tables, state, k, i), month, i + 1
    )


@kernel
def grant_again(tables, state, k, i, month):
    """Renew one loose loan: the same firm, a new term."""
    book = tables.tape.books[k]
    principal = tables.tape.loans[i].principal
    book_renewal(state, book, 1, principal, book.term)
    state.books[book.book].matured += principal
    begin_loose_life(tables, state, k, i, month)


@outlined
def settle_tape_bridges(tables, state, month):
    """Step 5: put the loans of tapes whose bridges have ended through the books."""
    for k in range(tables.tape.books.size):
        book = state.books[tables.tape.books[k].book]
        head = take(state, state.tape_ended, Ended.LOST, k)
        while head > 0:
            book.n_defaulted_unserved += 1
            book.defaulted_unserved += lose(tables, state, k, head - 1, month)
            head = take(state, state.tape_ended, Ended.LOST, k)
        head = take(state, state.tape_ended, Ended.PRIVATE, k)
        while head > 0:
            book.n_private += 1
            grant_again(tables, state, k, head - 1, month)
            head = take(state, state.tape_ended, Ended.PRIVATE, k)
        head = take(state, state.tape_ended, Ended.RELENT, k)
        while head > 0:
            book.n_bridged += 1
            grant_again(tables, state, k, head - 1, month)
            head = take(state, state.tape_ended, Ended.RELENT, k)
        head = take(state, state.tape_ended, Ended.REPAID, k)
        while head > 0:
            repay(tables, state, k, NO_VINTAGE, 1, tables.tape.loans[head - 1].principal)
            head = take(state, state.tape_ended, Ended.REPAID, k)


@outlined
def default_loose_loans(tables, state, month):
    """Step 4: the loose loans whose clock runs out in this month."""
    for k in range(tables.tape.books.size):
        head = take(state, state.loose_falling, month, k)
        while head > 0:
            lose(tables, state, k, head - 1, month)
            head = take(state, state.loose_falling, month, k)


@kernel
def mature_loose(tables, state, k, i, month):
    """Step 5 of a sound loose loan, the chain of ``maturity``: short, renewed, refused or repaid."""
    book = tables.tape.books[k]
    segment = tables.segments[book.segment]
    principal = tables.tape.loans[i].principal
    answer = answer_of(tables, state, book.facility, month)
    short, renew, lack, _ = block_of(state.key, book.entity, month, LOOSE + 2 * number_on_tape(tables, k, i))
    if answer != Answer.REFUSED:
        score = score_of_short(tables, state, book.segment, month)
        if unit_interval(short) < probability_of_score(score):
            be_short_on_tape(tables, state, k, i, month, answer == Answer.RENEWED)
            return
    asks = unit_interval(renew) < renewal_probability(segment, state, book.segment, month)
    if asks and answer == Answer.RENEWED:
        grant_again(tables, state, k, i, month)
    elif asks and answer == Answer.REFUSED and unit_interval(lack) < segment.default_if_not_renewed:
        book_default_for_lack(tables, state, book, month, lose(tables, state, k, i, month))
    else:
        repay(tables, state, k, NO_VINTAGE, 1, principal)


@kernel
def renewal_probability(segment, state, s, month):
    """Return the probability that a sound loan asks to be renewed in a month."""
    if segment.renewals_move == 0:
        return segment.renew
    to_renew, _ = hazards_of_renewal(segment, state, s, month)
    return -math.expm1(-to_renew)


@outlined
def mature_loose_loans(tables, state, month):
    """Step 5: the loose loans that mature in this month."""
    for k in range(tables.tape.books.size):
        head = take(state, state.loose_striking, month, k)
        while head > 0:
            lose(tables, state, k, head - 1, month)
            head = take(state, state.loose_striking, month, k)
        head = take(state, state.loose_maturing, month, k)
        while head > 0:
            mature_loose(tables, state, k, head - 1, month)
            head = take(state, state.loose_maturing, month, k)
