"""Steps 4 and 5, credit: defaults during life, and what happens to loans at maturity.

Loans of one class are alike, so counts are enough.  The economy of a path is known before its first
month and nothing else moves a default during life, so the life of a vintage is drawn whole when it
begins (``lives``): here those defaults only happen.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws.binomial import binomial, binomial_of_hazard, binomial_of_small
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.streams import CREDIT, LOSS, normal, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.amortising import age_of, cohort_of_vintage, column_of_vintage, owed_at_maturity
from fundsim.core.month.guarantors import note_default, note_principal

__all__ = [
    "AT_MATURITY",
    "LOSS_PURPOSE",
    "beta_quantile",
    "default_in_life",
    "hazards_of_renewal",
    "mature",
    "take_off",
]

MATURITY_PURPOSE, LOSS_PURPOSE = 3, 4
AT_MATURITY = 1 << 40
"""First draw of the losses at maturity: far behind those of the same month's defaults in life."""

LGD_NODES_PER_UNIT = 32.0
LGD_LIMIT = 8.5
"""Normal scores beyond ±8.5 have probability 1e-17; the table of BetaInv(Φ(z)) ends there."""


@kernel
def beta_quantile(nodes, table, z):
    """Return BetaInv(Φ(z)) by cubic Hermite interpolation (error below 1e-7)."""
    z = min(max(z, -LGD_LIMIT), LGD_LIMIT)
    position = (z + LGD_LIMIT) * LGD_NODES_PER_UNIT
    node = min(np.int64(position), nodes.shape[1] - 2)
    u = position - node
    step = 1.0 / LGD_NODES_PER_UNIT
    rest = 1.0 - u
    value = (
        nodes.value[table, node] * (1.0 + 2.0 * u) * rest * rest
        + nodes.value[table, node + 1] * u * u * (3.0 - 2.0 * u)
        + step * nodes.slope[table, node] * u * rest * rest
        - step * nodes.slope[table, node + 1] * u * u * rest
    )
    return min(max(value, 0.0), 1.0)


@outlined
def lgd_of_score(nodes, table, z):
    """Return BetaInv(Φ(z)), out of line: most classes have few defaults in a month."""
    return beta_quantile(nodes, table, z)


@kernel
def recovery_rates(tables, state, s, month, n):
    """Return Σ (1 − LGD) over n defaults of a segment in a month."""
    segment = tables.segments[s]
    if segment.lgd_table < 0:
        return n * (1.0 - segment.lgd_mean)
    total = 0.0
    systematic = segment.lgd_loading * state.economy[month, s].index
    for _ in range(n):
        eta = normal(state.stream[LOSS], state.key)
        score = segment.lgd_noise * eta - systematic
        total += 1.0 - lgd_of_score(tables.lgd_nodes, segment.lgd_table, score)
    return total


@kernel
def take_off(tables, state, f, b, n, amount):
    """Take n loans of a facility's book out of the performing stock, to the last yuan."""
    book = state.books[b]
    lending = state.lending[f]
    book.n_performing -= n
    book.performing -= amount
    lending.performing -= amount
    if book.n_performing == 0.0:
        # What floating-point sums leave behind would be a rate's whole denominator.
        book.performing = 0.0
        lending.performing = 0.0
        for other in range(tables.facilities[f].first_book, tables.facilities[f].end_book):
            lending.performing += state.books[other].performing


@kernel
def take_off_the_books(tables, state, c, n, amount):
    """Take n loans of a class out of the performing stock."""
    loans = tables.classes[c]
    state.active[loans.segment] -= n
    note_principal(tables, state, c, -n, -amount)
    take_off(tables, state, loans.facility, loans.book, n, amount)


@kernel
def book_defaults(tables, state, c, month, column, n):
    """Move n defaults of a class's cohort or vintage from the performing book to the month's batch."""
    loans = tables.classes[c]
    cohort = column - loans.first_column
    share = 1.0
    if loans.first_share >= 0:
        age = age_of(loans, month, column)
        cohort = cohort_of_vintage(tables, loans, month - age)
        share = tables.shares[loans.first_share + age - 1]
        state.alive[column] -= n
    batch = tables.facilities[loans.facility].first_batch + cohort
    loan = share * loans.principal
    amount = n * loan
    recoverable = loan * recovery_rates(tables, state, loans.segment, month, n)
    state.insured[month, batch].loss += amount
    lender = state.lenders[month, batch]
    lender.interest_loss += n * (share * loans.interest_monthly)
    lender.recoverable += recoverable
    if state.n_lost.size > 0:
        state.n_lost[month, column] += n
    state.defaulted[month, loans.facility] += amount
    note_default(tables, state, c, month, amount)
    book = state.books[loans.book]
    book.n_defaulted += n
    book.defaulted += amount
    book.recoverable += recoverable
    state.facilities[loans.facility].overdue += amount
    take_off_the_books(tables, state, c, n, amount)


@kernel
def default_in_life(tables, state, c, month):
    """Step 4 of a class: the defaults that its vintages meet in this month.

    The cohorts share one stream of losses, so that keeping them apart moves no draw.
    """
    loans = tables.classes[c]
    if tables.segments[loans.segment].lgd_table >= 0:
        open_stream(state.stream[LOSS], loans.entity, month, LOSS_PURPOSE, 0)
    for column in range(loans.first_column, loans.end_column):
        n = state.falling[month, column]
        if n > 0:
            book_defaults(tables, state, c, month, column, n)


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
def draw_moving_renewals(segment, state, s, month, n):
    """Draw how many of n sound loans are renewed, or would be, where that moves with the economy."""
    to_renew, _ = hazards_of_renewal(segment, state, s, month)
    return binomial(state.stream[CREDIT], state.key, n, -math.expm1(-to_renew))


@kernel
def draw_renewals(segment, state, s, month, n):
    """Draw how many of n sound loans are renewed; what a fixed probability needs for it is in the table."""
    if segment.renewals_move == 1:
        return draw_moving_renewals(segment, state, s, month, n)
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
def default_for_want_of_renewal(tables, state, c, month, n):
    """Of n sound loans: those that would have been renewed may default, the others repay."""
    loans = tables.classes[c]
    segment = tables.segments[loans.segment]
    book = state.books[loans.book]
    if segment.renewals_move == 1:
        hoped = draw_moving_renewals(segment, state, loans.segment, month, n)
    else:
        hoped = binomial(state.stream[CREDIT], state.key, n, segment.renew)
    lost = binomial(state.stream[CREDIT], state.key, hoped, segment.default_if_not_renewed)
    if month < tables.window.months:
        book.defaulted_at_stop += lost * owed_at_maturity(tables, loans)
    else:
        book.defaulted_at_cliff += lost * owed_at_maturity(tables, loans)
    return lost


@kernel
def renew(tables, state, c, n):
    """Grant n loans of a class again: the same firms, the same risk, a new term.

    Amortising loans first pay their last instalment, then take up the whole principal in cash.
    """
    loans = tables.classes[c]
    book = state.books[loans.book]
    lending = state.lending[loans.facility]
    amount = n * loans.principal
    state.classes[c].fresh += n
    book.n_renewed += n
    book.lent_renewed += amount
    lending.renewed += amount
    lending.renewed_years += amount * loans.loan_months / 12.0
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
    amount = n * owed_at_maturity(tables, loans)
    state.books[loans.book].matured += amount
    state.lending[loans.facility].repaid += amount
    state.lending[loans.facility].released += n * loans.principal
    take_off_the_books(tables, state, c, n, amount)


@kernel
def column_of_maturity(loans, month):
    """Return the column of the loans of a class that mature now: the opening stock's, then by year."""
    if loans.first_share >= 0:
        return column_of_vintage(loans, month)
    if loans.end_column - loans.first_column == 1 or month < loans.term:
        return loans.first_column
    return loans.first_column + 1 + (month - loans.term) // 12


@kernel
def mature(tables, state, c, month):
    """Step 5 of a class: loans that mature default, are renewed, or are repaid."""
    n = state.maturing[month, c]
    if n == 0:
        return
    loans = tables.classes[c]
    if tables.segments[loans.segment].chance_at_maturity == 1:
        open_stream(state.stream[CREDIT], loans.entity, month, MATURITY_PURPOSE, 0)
    lost = default_at_maturity(tables, state, c, month, n)
    sound = n - lost
    in_window = month < tables.window.months
    renewed = 0
    if in_window and state.lending[loans.facility].no_renewal == 0:
        renewed = draw_renewals(tables.segments[loans.segment], state, loans.segment, month, sound)
    elif in_window or tables.facilities[loans.facility].cliff == 1:
        lost += default_for_want_of_renewal(tables, state, c, month, sound)
    if lost > 0:
        column = column_of_maturity(loans, month)
        open_stream(state.stream[LOSS], loans.entity, month, LOSS_PURPOSE, AT_MATURITY)
        book_defaults(tables, state, c, month, column, lost)
    if renewed > 0:
        renew(tables, state, c, renewed)
    if n - lost - renewed > 0:
        repay(tables, state, c, n - lost - renewed)
    if loans.first_share >= 0:
        state.alive[column_of_vintage(loans, month)] = 0
