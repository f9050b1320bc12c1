"""Steps 4 and 5 for the loans of a tape: defaults during life, and what happens at maturity.

What one loan does is looked up only when it does something; what all others do, they do together, by
vintage: the sums that are known before the path, less those who have left.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.bridge.shortage import be_short_on_tape, score_of_short
from fundsim.core.draws import purposes
from fundsim.core.draws.batches import exponential, fill_with_uniforms, open_exponentials
from fundsim.core.draws.normal import normal_quantiles
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.streams import LOSS, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.credit import beta_quantile
from fundsim.core.month.loan_books import (
    book_default,
    book_default_for_lack,
    book_renewal,
    book_repayment,
    take_off,
)
from fundsim.core.month.maturity import AT_MATURITY, Answer, answer_of, hazards_of_renewal

__all__ = [
    "book_tape_defaults",
    "cohort_of_grant",
    "default_tape_loans",
    "mature_tapes",
    "repay",
]

RENEWAL = 1 << 40
"""First draw of who is not renewed in a month."""
SHORTAGE = 3 << 40
"""First draw of whose firm is short in a month."""


@kernel
def fixed_recoveries(tables, state, count):
    """Return Σ principal × (1 − LGD) over the loans found, whose LGD is fixed."""
    total = 0.0
    for c in range(count):
        i = state.tape_found[c].loan
        total += tables.tape.loans[i].principal * tables.tape.terms[i].recovery
    return total


@kernel
def random_recoveries(tables, state, s, month, count):
    """Return Σ principal × (1 − LGD) over the loans found, each LGD drawn from the loan's own law.

    Plain loops rather than one, so that blocks, normals and losses each overlap in the processor.
    """
    segment = tables.segments[s]
    systematic = segment.lgd_loading * state.economy[month, s].index
    fill_with_uniforms(state, count)
    normal_quantiles(state.tape_uniforms, state.tape_normals, state.tape_tails, count)
    total = 0.0
    for c in range(count):
        loan = tables.tape.loans[state.tape_found[c].loan]
        score = segment.lgd_noise * state.tape_normals[c] - systematic
        lgd = beta_quantile(tables.tape.lgd_nodes, loan.lgd_table, score)
        total += loan.principal * (1.0 - lgd)
    return total


@kernel
def leave_vintage(state, v, n, amount):
    """Take loans out of their vintage; loose ones are in none (v = −1)."""
    if v >= 0:
        vintage = state.tape_vintages[v]
        vintage.n -= n
        vintage.principal = vintage.principal - amount if vintage.n > 0 else 0.0


@kernel
def leave(tables, state, k, v, n, amount):
    """Take loans out of their vintage and off the books."""
    leave_vintage(state, v, n, amount)
    take_off(tables, state, tables.tape.books[k], n, amount)


@kernel
def keep_for_layers(tables, state, i, month, batch):
    """Put a defaulted loan on the list of its batch, for contracts with a layer per loan."""
    state.tape_next[i] = state.tape_lost[month, batch]
    state.tape_lost[month, batch] = i + 1


@kernel
def note_loan(tables, state, k, i, month, batch):
    """Remember that a loan has left, where that is asked for later."""
    if tables.tape.books[k].renews == 1:
        state.tape_gone[i] = state.tape_stamp[0]
    if state.tape_lost.size > 0:
        keep_for_layers(tables, state, i, month, batch)


@kernel
def book_tape_defaults(tables, state, k, v, cohort, month, head):
    """Move the loans of a list from the performing book to the month's batch; return their principal.

    Args:
        tables: the tables.
        state: the state of the thread.
        k: their book.
        v: their vintage, −1 for loose loans.
        cohort: their cohort.
        month: month of their default.
        head: first loan of the list, from 1.
    """
    book = tables.tape.books[k]
    batch = tables.facilities[book.facility].first_batch + cohort
    amount = 0.0
    while head > 0:
        count = 0
        part = 0.0
        while head > 0 and count < state.tape_found.size:
            i = head - 1
            head = state.tape_next[i]
            state.tape_found[count].loan = i
            part += tables.tape.loans[i].principal
            note_loan(tables, state, k, i, month, batch)
            count += 1
        amount += part
        if book.random_lgd == 1:
            recoverable = random_recoveries(tables, state, book.segment, month, count)
        else:
            recoverable = fixed_recoveries(tables, state, count)
        state.lenders[month, batch].interest_loss += part * book.interest_monthly
        book_default(state, book, month, batch, count, part, recoverable)
        leave(tables, state, k, v, count, part)
    return amount


@outlined
def default_tape_loans(tables, state, month):
    """Step 4: the loans of tapes whose clock runs out in this month."""
    for k in range(tables.tape.books.size):
        book = tables.tape.books[k]
        if book.random_lgd == 1:
            open_stream(state.stream[LOSS], book.entity, month, purposes.LGD, 0)
        for v in range(book.first_vintage, book.first_vintage + book.term):
            head = state.tape_falling[month, v]
            if head > 0:
                state.tape_falling[month, v] = 0
                book_tape_defaults(tables, state, k, v, state.tape_vintages[v].cohort, month, head)


@kernel
def next_of(state, i, end, inverse):
    """Return the next loan after i that an event of like probability meets, or ``end``.

    ``inverse`` is −1/ln(1 − p): the gap is geometric.
    """
    gap = exponential(state) * inverse
    return i + 1 + np.int64(gap) if gap < end - i - 1 else end


@kernel
def stay_inverse_of(tables, state, k, month):
    """Return −1/ln p, p the probability of renewal of a book's loans in a month."""
    book = tables.tape.books[k]
    segment = tables.segments[book.segment]
    if segment.renewals_move == 0:
        return book.stay_inverse
    _, to_drop = hazards_of_renewal(segment, state, book.segment, month)
    return 1.0 / to_drop if to_drop > 0.0 else math.inf


@kernel
def want_inverse_of(tables, state, k, month):
    """Return −1/ln(1 − p d), d the probability to default for lack of the renewal."""
    book = tables.tape.books[k]
    segment = tables.segments[book.segment]
    if segment.renewals_move == 0:
        return book.want_inverse
    to_renew, _ = hazards_of_renewal(segment, state, book.segment, month)
    wants = -math.expm1(-to_renew) * segment.default_if_not_renewed
    if wants >= 1.0:
        return 0.0
    return -1.0 / math.log1p(-wants) if wants > 0.0 else math.inf


@kernel
def drop_out(tables, state, k, v, month):
    """Step 5: sound loans of a vintage that don't ask to be renewed repay."""
    inverse = stay_inverse_of(tables, state, k, month)
    end = tables.tape.vintages[v].end_loan
    n = 0
    amount = 0.0
    i = next_of(state, tables.tape.vintages[v].first_loan - 1, end, inverse)
    while i < end:
        if state.tape_gone[i] != state.tape_stamp[0]:
            state.tape_gone[i] = state.tape_stamp[0]
            n += 1
            amount += tables.tape.loans[i].principal
        i = next_of(state, i, end, inverse)
    repay(tables, state, k, v, n, amount)


@outlined
def be_short_of_cash(tables, state, k, v, month, in_window):
    """Step 5: sound loans of a vintage whose firms are short leave it for good, and are loose from now on."""
    to_be_short = normal_hazard(score_of_short(tables, state, tables.tape.books[k].segment, month))
    inverse = 1.0 / to_be_short if to_be_short > 0.0 else math.inf
    open_exponentials(state, tables.tape.books[k].entity, month, SHORTAGE)
    end = tables.tape.vintages[v].end_loan
    i = next_of(state, tables.tape.vintages[v].first_loan - 1, end, inverse)
    while i < end:
        if state.tape_gone[i] != state.tape_stamp[0]:
            state.tape_gone[i] = state.tape_stamp[0]
            # Its present life was granted a term ago.
            state.tape_granted[i] = month - tables.tape.books[k].term
            leave_vintage(state, v, 1, tables.tape.loans[i].principal)
            be_short_on_tape(tables, state, k, i, month, in_window)
        i = next_of(state, i, end, inverse)


@kernel
def default_for_lack(tables, state, k, v, month):
    """Of the sound loans of a vintage that ask in vain: those that default for lack of it."""
    end = tables.tape.vintages[v].end_loan
    inverse = want_inverse_of(tables, state, k, month)
    head = 0
    i = next_of(state, tables.tape.vintages[v].first_loan - 1, end, inverse)
    while i < end:
        if state.tape_gone[i] != state.tape_stamp[0]:
            state.tape_next[i] = head
            head = i + 1
        i = next_of(state, i, end, inverse)
    if head == 0:
        return
    lost = book_tape_defaults(tables, state, k, v, state.tape_vintages[v].cohort, month, head)
    book_default_for_lack(tables, state, tables.tape.books[k], month, lost)


@kernel
def repay(tables, state, k, v, n, amount):
    """Take loans of a vintage off the books: repaid for good."""
    book_repayment(state, tables.tape.books[k], amount, amount)
    leave(tables, state, k, v, n, amount)


@kernel
def cohort_of_grant(facility, month):
    """Return the cohort of loans that are granted in a month, where cohorts are apart."""
    return 0 if facility.end_batch - facility.first_batch == 1 else 1 + month // 12


@kernel
def renew_vintage(tables, state, k, v, month):
    """Grant what is left of a vintage again: the same firms, the same risk, a new term."""
    book = tables.tape.books[k]
    facility = tables.facilities[book.facility]
    vintage = state.tape_vintages[v]
    book_renewal(state, book, vintage.n, vintage.principal, book.term)
    state.books[book.book].matured += vintage.principal
    vintage.fresh = 1
    vintage.cohort = cohort_of_grant(facility, month)


@kernel
def mature_vintage(tables, state, k, v, month):
    """Step 5 of a vintage, the chain of ``maturity``: its loans default, are renewed, or repay.

    What few loans do is drawn loan by loan: those that don't ask, where they would be renewed, and those
    that default, where they would not.
    """
    book = tables.tape.books[k]
    open_stream(state.stream[LOSS], book.entity, month, purposes.LGD, AT_MATURITY)
    head = state.tape_vintages[v].struck
    if head > 0:
        state.tape_vintages[v].struck = 0
        book_tape_defaults(tables, state, k, v, state.tape_vintages[v].cohort, month, head)
    answer = answer_of(tables, state, book.facility, month)
    if book.shorts == 1 and answer != Answer.REFUSED:
        be_short_of_cash(tables, state, k, v, month, answer == Answer.RENEWED)
    if book.renews == 1 and answer != Answer.NOT_ASKED:
        open_exponentials(state, book.entity, month, RENEWAL)
        if answer == Answer.RENEWED:
            drop_out(tables, state, k, v, month)
            if state.tape_vintages[v].n > 0:
                renew_vintage(tables, state, k, v, month)
            return
        default_for_lack(tables, state, k, v, month)
    if state.tape_vintages[v].n > 0:
        repay(tables, state, k, v, state.tape_vintages[v].n, state.tape_vintages[v].principal)


@outlined
def mature_tapes(tables, state, month):
    """Step 5: of every book the one vintage that matures in this month."""
    for k in range(tables.tape.books.size):
        v = tables.tape.books[k].first_vintage + month % tables.tape.books[k].term
        if state.tape_vintages[v].n > 0:
            mature_vintage(tables, state, k, v, month)
