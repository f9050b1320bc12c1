"""Step 5, maturity: the same short chain for bullet loans, amortising loans and the loans of a tape.

1. *default*: the defaults that were held back for maturity;
   of the sound ones, those that are short of cash leave the chain here (``bridge.shortage``): what becomes of
   them is settled when a month's bridges have ended (``bridge.settle``);
2. *ask*: of the other sound loans, those that ask to be renewed;
3. *answer*: of those that asked, so many are renewed and so many default for lack of it (``answer_of``);
4. *settle*: what defaults, what is renewed and what is repaid goes through the books (``loan_books``).

Between asking and settling a loan is only a count: what stands in between takes the number that asked
and gives back how many are renewed and how many default; the others repay.  Here the chain is walked by
classes, where counts are all there is; ``tape.loans`` walks it by vintages, and picks the loans.
"""

from __future__ import annotations

import math
from enum import IntEnum

from fundsim.core.bridge.shortage import be_short, draw_short
from fundsim.core.draws import purposes
from fundsim.core.draws.binomial import binomial, binomial_of_hazard, binomial_of_small
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.streams import CREDIT, LOSS, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.amortising import column_of_vintage, owed_at_maturity
from fundsim.core.month.credit import book_defaults, take_off_class
from fundsim.core.month.guarantors import note_principal
from fundsim.core.month.loan_books import book_default_for_lack, book_renewal, book_repayment

__all__ = ["AT_MATURITY", "Answer", "answer_of", "hazards_of_renewal", "mature", "renew", "repay"]

AT_MATURITY = 1 << 40
"""First draw of the losses at maturity: far behind those of the same month's defaults in life."""


class Answer(IntEnum):
    """What a facility answers those that ask to be renewed."""

    NOT_ASKED = 0
    """Renewals have ended in good order: no loan asks, all sound ones repay."""
    RENEWED = 1
    REFUSED = 2
    """Some of those that asked can't repay without it."""


@kernel
def answer_of(tables, state, f, month):
    """Return a facility's answer of a month, an ``Answer``."""
    if month < tables.window.months:
        return Answer.REFUSED if state.lending[f].no_renewal == 1 else Answer.RENEWED
    return Answer.REFUSED if tables.facilities[f].cliff == 1 else Answer.NOT_ASKED


@kernel
def default_at_maturity(tables, state, c, month, n):
    """Draw the defaults that were held back for maturity: ``1 − exp(−m (H(t) − H(t₀)))``."""
    s = tables.classes[c].segment
    held_back = tables.segments[s].maturity_share
    if held_back == 0.0:
        return 0
    before = month + 1 - tables.classes[c].term
    hazard = state.economy[month + 1, s].cumulative
    if before >= 0:
        hazard -= state.economy[before, s].cumulative
    else:
        hazard -= before * tables.segments[s].hazard
    # Survival below 1e-304 is none; its odds would not be a usable number.
    exponent = min(held_back * hazard, 700.0)
    return binomial_of_hazard(state.stream[CREDIT], state.key, n, exponent)


@kernel
def hazards_of_renewal(segment, state, s, month):
    """Return −ln(1 − p) and −ln p, p the probability of renewal at the index of a month.

    ``p = Φ((Φ⁻¹(r) + sqrt(ρ) X)/sqrt(1 − ρ))``: better times renew more.
    """
    score = segment.renew_threshold + segment.renew_sensitivity * state.economy[month, s].index
    return normal_hazard(score), normal_hazard(-score)


@outlined
def draw_moving_requests(segment, state, s, month, n):
    """Draw how many of n sound loans are ask to be renewed, where that moves with the economy."""
    to_renew, _ = hazards_of_renewal(segment, state, s, month)
    return binomial(state.stream[CREDIT], state.key, n, -math.expm1(-to_renew))


@kernel
def ask_to_renew(tables, state, s, month, n):
    """Draw how many of n sound loans ask to be renewed; what a fixed probability needs is in the table."""
    segment = tables.segments[s]
    if segment.renewals_move == 1:
        return draw_moving_requests(segment, state, s, month, n)
    if n == 0 or segment.renew_minor == 0.0:
        return n if segment.renew > 0.5 else 0
    minor = binomial_of_small(
        state.stream[CREDIT],
        state.key,
        n,
        segment.renew_minor,
        segment.renew_log_major,
        segment.renew_odds,
    )
    return minor if segment.renew <= 0.5 else n - minor


@outlined
def default_for_lack(tables, state, c, month, asked):
    """Draw how many default of the loans of a class that asked in vain; the others repay."""
    loans = tables.classes[c]
    defaults = tables.segments[loans.segment].default_if_not_renewed
    lost = binomial(state.stream[CREDIT], state.key, asked, defaults)
    book_default_for_lack(tables, state, loans, month, lost * owed_at_maturity(tables, loans))
    return lost


@kernel
def renew(tables, state, c, n, into):
    """Grant n loans of a class again: the same firms, a new term, as loans of the class ``into``.

    That is their own class, but for the life that follows a bridge.  Amortising loans first pay their last
    instalment, then take up the whole principal in cash.
    """
    loans = tables.classes[c]
    book = state.books[loans.book]
    lending = state.lending[loans.facility]
    amount = n * loans.principal
    state.classes[into].fresh += n
    book_renewal(state, loans, n, amount, loans.loan_months)
    if loans.first_share < 0:
        book.matured += amount
        return
    last = n * owed_at_maturity(tables, loans)
    book.matured += last
    book.performing += amount - last
    lending.performing += amount - last
    note_principal(tables, state, c, 0, amount - last)
    lending.repaid += last
    lending.relent += amount


@kernel
def repay(tables, state, c, n):
    """Take n loans of a class off the books: repaid for good."""
    loans = tables.classes[c]
    owed = n * owed_at_maturity(tables, loans)
    book_repayment(state, loans, owed, n * loans.principal)
    take_off_class(tables, state, c, n, owed)


@kernel
def column_of_maturity(loans, month):
    """Return the column of the loans of a class that mature now: the opening stock's, then by year."""
    if loans.first_share >= 0:
        return column_of_vintage(loans, month)
    if loans.end_column - loans.first_column == 1 or month < loans.term:
        return loans.first_column
    return loans.first_column + 1 + (month - loans.term) // 12


@kernel
def settle(tables, state, c, month, lost, renewed, repaid):
    """Put so many defaults, renewals and repayments of a class at maturity through the books."""
    loans = tables.classes[c]
    if lost > 0:
        open_stream(state.stream[LOSS], loans.entity, month, purposes.LGD, AT_MATURITY)
        book_defaults(tables, state, c, month, column_of_maturity(loans, month), lost)
    if renewed > 0:
        renew(tables, state, c, renewed, loans.plain)
    if repaid > 0:
        repay(tables, state, c, repaid)
    if loans.first_share >= 0:
        state.alive[column_of_vintage(loans, month)] = 0


@kernel
def mature(tables, state, c, month):
    """Step 5 of a class: loans that mature default, are renewed, or are repaid."""
    n = state.maturing[month, c]
    if n == 0:
        return
    loans = tables.classes[c]
    if tables.segments[loans.segment].chance_at_maturity == 1:
        open_stream(state.stream[CREDIT], loans.entity, month, purposes.MATURITY, 0)
    lost = default_at_maturity(tables, state, c, month, n)
    answer = answer_of(tables, state, loans.facility, month)
    short = 0
    if answer != Answer.REFUSED and tables.bridges.classes.shortage[c] == 1:
        short = draw_short(tables, state, loans.segment, month, n - lost)
        column = column_of_maturity(loans, month)
        be_short(tables, state, c, column, month, short, answer == Answer.RENEWED)
    asked = 0
    if answer != Answer.NOT_ASKED:
        asked = ask_to_renew(tables, state, loans.segment, month, n - lost - short)
    renewed = 0
    if answer == Answer.RENEWED:
        renewed = asked
    elif asked > 0:
        lost += default_for_lack(tables, state, c, month, asked)
    settle(tables, state, c, month, lost, renewed, n - lost - short - renewed)
