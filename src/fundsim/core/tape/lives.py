"""The lives of the loans of a tape: a clock for each loan, of which only the early ones are looked at.

A loan defaults when the hazard that it has borne reaches an exponential clock of its own.  Of a stratum
of n loans none bears more than the bound B, the hazard of its riskiest loan.  So the clocks below B are
the points of a Poisson process of rate 1 on n intervals of length B laid end to end: the first point of
an interval, counted from its beginning, is the clock of its loan, and an interval without a point is a
loan that lives.  That is exact for independent loans, each with a hazard of its own, and costs an
exponential for each such loan rather than a draw for each.  Thinning: Lewis and Shedler, Naval Res.
Logist. 26 (1979).

The clock decides default at maturity too, which bears the share of the hazard held back for it.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws.batches import exponential, open_exponentials
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.economy import hazard_of_step

__all__ = ["begin_tape_lives", "month_of_default", "open_tapes"]

RENEWED_LIFE = 1 << 41
"""First draw of the lives that begin at a renewal: far behind those of the opening stock in month 0."""
MARGIN = 1.0 + 1e-9
"""A bound above the hazard of every loan of a stratum, whatever the last digits of the hazards are."""


@kernel
def root_of_mixing_in(state, month):
    """Return sqrt(g) of a month, 1 where the copula is Gaussian."""
    return state.root_mixing[month] if state.root_mixing.size > 0 else 1.0


@kernel
def bound_hazards(tables, state):
    """Accumulate by month a hazard that no loan of a bin exceeds.

    The largest threshold beside the sensitivity that is worse at the index of the month: loans of one bin
    differ little in both, since their PDs do.
    """
    per_month = 1.0 / tables.economy.step_months
    for b in range(tables.tape.bins.size):
        riskiest = tables.tape.bins[b]
        s = riskiest.segment
        before = root_before = math.nan
        hazard = 0.0
        total = 0.0
        for month in range(riskiest.months):
            x = state.economy[month, s].index
            root = root_of_mixing_in(state, month)
            if x != before or root != root_before:
                sensitivity = riskiest.sensitivity if x < 0.0 else riskiest.least_sensitivity
                hazard = hazard_of_step(riskiest.threshold * root, sensitivity, x) * per_month
                before, root_before = x, root
            total += hazard
            state.tape_bounds[month + 1, b] = total


@kernel
def month_of_default(tables, state, k, i, month, months, clock):
    """Return after how many months of a life a loan defaults: ``months`` at maturity, −1 not at all."""
    s = tables.tape.books[k].segment
    threshold = tables.tape.risks[i].threshold
    sensitivity = tables.tape.risks[i].sensitivity
    held_back = tables.segments[s].maturity_share
    per_month = 1.0 / tables.economy.step_months
    before = root_before = math.nan
    hazard = 0.0
    total = 0.0
    seen = min(months, tables.window.lending - month)
    for j in range(seen):
        x = state.economy[month + j, s].index
        root = root_of_mixing_in(state, month + j)
        if x != before or root != root_before:
            hazard = hazard_of_step(threshold * root, sensitivity, x) * per_month
            before, root_before = x, root
        total += hazard
        if (1.0 - held_back) * total > clock:
            return j
    if seen < months:
        return -1
    # What an opening loan bore before month 0 was borne at the unconditional PD.
    past = (tables.tape.books[k].term - months) * tables.tape.terms[i].hazard
    return months if total + held_back * past > clock else -1


@kernel
def book_fate(tables, state, v, i, month, months, after):
    """Put a loan on the list of the defaults of a month, or of those at its vintage's maturity."""
    if after < 0:
        return
    if after < months:
        state.tape_next[i] = state.tape_falling[month + after, v]
        state.tape_falling[month + after, v] = i + 1
    else:
        state.tape_next[i] = state.tape_vintages[v].struck
        state.tape_vintages[v].struck = i + 1


@kernel
def bound_of_life(tables, state, k, b, month, months):
    """Return the hazard that no loan of a bin exceeds in a life, that held back for maturity included."""
    seen = min(months, tables.window.lending - month)
    held_back = tables.segments[tables.tape.books[k].segment].maturity_share
    borne = state.tape_bounds[month + seen, b] - state.tape_bounds[month, b]
    if seen < months:
        return (1.0 - held_back) * borne * MARGIN
    past = (tables.tape.books[k].term - months) * tables.tape.bins[b].hazard
    return (borne + held_back * past) * MARGIN


@kernel
def judge_one_month(tables, state, k, v, month, count):
    """Check clocks against the hazards of a single month, as ``judge`` does for a life.

    No branch waits for a hazard, so that the hazards of several loans overlap in the processor.
    """
    s = tables.tape.books[k].segment
    x = state.economy[month, s].index
    root = root_of_mixing_in(state, month)
    per_month = 1.0 / tables.economy.step_months
    kept = 0
    for c in range(count):
        i = state.tape_found[c].loan
        clock = state.tape_found[c].clock
        risk = tables.tape.risks[i]
        hazard = normal_hazard(risk.threshold * root - risk.sensitivity * x) * per_month
        state.tape_found[kept].loan = i
        kept += np.int64(hazard > clock)
    head = state.tape_falling[month, v]
    for c in range(kept):
        i = state.tape_found[c].loan
        state.tape_next[i] = head
        head = i + 1
    state.tape_falling[month, v] = head


@kernel
def judge(tables, state, k, v, month, months, count):
    """Check the clocks that were found against the hazards of their loans."""
    if months == 1 and tables.tape.books[k].simple == 1:
        judge_one_month(tables, state, k, v, month, count)
        return
    alive = tables.tape.books[k].renews == 0
    for c in range(count):
        i = state.tape_found[c].loan
        if alive or state.tape_gone[i] != state.tape_stamp[0]:
            after = month_of_default(tables, state, k, i, month, months, state.tape_found[c].clock)
            book_fate(tables, state, v, i, month, months, after)


@kernel
def draw_lives(tables, state, k, v, month, months, ahead):
    """Draw the lives of a vintage that begin in a month.

    Args:
        tables: the tables.
        state: the state of the thread.
        k: book of the tape.
        v: its vintage.
        month: first month of exposure.
        months: months of exposure.
        ahead: hazard up to the next point of the process; what is left of it is returned.
    """
    count = 0
    for stratum in range(tables.tape.vintages[v].first_stratum, tables.tape.vintages[v].end_stratum):
        bound = bound_of_life(tables, state, k, tables.tape.strata[stratum].bin, month, months)
        first = tables.tape.strata[stratum].first_loan
        n = tables.tape.strata[stratum].end_loan - first
        width = n * bound
        per_hazard = 1.0 / bound if bound > 0.0 else 0.0
        last = -1
        while ahead < width:
            j = min(np.int64(ahead * per_hazard), n - 1)
            if j == last:
                # A loan's clock is its first point, and a hazard of thousands would have as many: on to the
                # next loan, for a clock has no memory.
                ahead = (j + 1) * bound + exponential(state)
                continue
            if count == state.tape_found.size:
                judge(tables, state, k, v, month, months, count)
                count = 0
            state.tape_found[count].loan = first + j
            state.tape_found[count].clock = ahead - j * bound
            count += 1
            last = j
            # Not from the loan's end on: the next point then waits for nothing but its exponential.
            ahead += exponential(state)
        ahead -= width
    judge(tables, state, k, v, month, months, count)
    return ahead


@outlined
def open_tapes(tables, state):
    """Put the loans of the tapes on the books before month 0 and draw their lives."""
    bound_hazards(tables, state)
    # A path's own mark on the loans that leave: clearing a million marks would cost more than the path.
    state.tape_stamp[0] += 1
    for k in range(tables.tape.books.size):
        book = tables.tape.books[k]
        open_exponentials(state, book.entity, 0, 0)
        ahead = exponential(state)
        for left in range(1, book.term + 1):
            v = book.first_vintage + left - 1
            vintage = tables.tape.vintages[v]
            n = vintage.end_loan - vintage.first_loan
            state.tape_vintages[v].n = n
            state.tape_vintages[v].principal = vintage.principal
            state.active[book.borrowers] += n
            state.lending[book.facility].performing += vintage.principal
            if n > 0:
                ahead = draw_lives(tables, state, k, v, 0, left, ahead)


@outlined
def begin_tape_lives(tables, state, month):
    """Draw the lives of the loans of tapes that were renewed in this month."""
    for k in range(tables.tape.books.size):
        book = tables.tape.books[k]
        v = book.first_vintage + month % book.term
        if state.tape_vintages[v].fresh == 1:
            state.tape_vintages[v].fresh = 0
            if month + 1 < tables.window.lending:
                open_exponentials(state, book.entity, month, RENEWED_LIFE)
                draw_lives(tables, state, k, v, month + 1, book.term, exponential(state))
