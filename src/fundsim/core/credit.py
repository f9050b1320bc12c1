"""Steps 4 and 5, credit: defaults during life, and what happens to loans at maturity.

Loans of one class are alike, so counts are enough.  The economy of a path is known before its first
month and nothing else moves a default during life, so the life of a vintage is drawn whole when it
begins (``lives``): here those defaults only happen.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.binomial import binomial, binomial_of_odds
from fundsim.core.compile import kernel
from fundsim.core.streams import CREDIT, LOSS, normal, open_stream

__all__ = ["default_in_life", "mature"]

MATURITY_PURPOSE, LOSS_PURPOSE = 3, 4
AT_MATURITY = 1 << 40
"""First draw of the losses at maturity: far behind those of the same month's defaults in life."""

LGD_NODES_PER_UNIT = 32.0
LGD_LIMIT = 8.5
"""Normal scores beyond ±8.5 have probability 1e-17; the table of BetaInv(Φ(z)) ends there."""


@kernel
def lgd_of_score(nodes, table, z):
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


@kernel
def recovery_rates(tables, state, s, month, n):
    """Return Σ (1 − LGD) over n defaults of a segment in a month."""
    segments = tables.segments
    table = segments.lgd_table[s]
    if table < 0:
        return n * (1.0 - segments.lgd_mean[s])
    total = 0.0
    systematic = segments.lgd_loading[s] * state.economy.index[month, s]
    for _ in range(n):
        eta = normal(state.stream[LOSS], state.key)
        total += 1.0 - lgd_of_score(tables.lgd_nodes, table, segments.lgd_noise[s] * eta - systematic)
    return total


@kernel
def take_off_the_books(tables, state, c, n, amount):
    """Take n loans of a class out of the performing stock, to the last yuan."""
    f = tables.classes.facility[c]
    b = tables.classes.book[c]
    state.active[tables.classes.segment[c]] -= n
    state.books.n_performing[b] -= n
    state.books.performing[b] -= amount
    state.lending.performing[f] -= amount
    if state.books.n_performing[b] == 0.0:
        # What floating-point sums leave behind would be a rate's whole denominator.
        state.lending.performing[f] -= state.books.performing[b]
        state.books.performing[b] = 0.0


@kernel
def book_defaults(tables, state, c, month, cohort, n):
    """Move n defaults of a class from the performing book to the month's batch of their cohort."""
    classes = tables.classes
    f = classes.facility[c]
    b = classes.book[c]
    amount = n * classes.principal[c]
    recoverable = classes.principal[c] * recovery_rates(tables, state, classes.segment[c], month, n)
    batch = tables.facilities.first_batch[f] + cohort
    state.insured.loss[month, batch] += amount
    state.lenders.interest_loss[month, batch] += n * classes.interest_monthly[c]
    state.lenders.recoverable[month, batch] += recoverable
    if state.n_lost.size > 0:
        state.n_lost[month, classes.first_column[c] + cohort] += n
    state.defaulted[month, f] += amount
    state.books.n_defaulted[b] += n
    state.books.defaulted[b] += amount
    state.books.recoverable[b] += recoverable
    state.facilities.overdue[f] += amount
    take_off_the_books(tables, state, c, n, amount)


@kernel
def default_in_life(tables, state, c, month):
    """Step 4 of a class: the defaults that its vintages meet in this month."""
    first = tables.classes.first_column[c]
    for column in range(first, tables.classes.end_column[c]):
        n = state.falling[month, column]
        if n > 0:
            if tables.segments.lgd_table[tables.classes.segment[c]] >= 0:
                open_stream(state.stream[LOSS], tables.classes.entity[c], month, LOSS_PURPOSE, column - first)
            book_defaults(tables, state, c, month, column - first, n)


@kernel
def default_at_maturity(tables, state, c, month, n):
    """Draw the defaults that were held back for maturity: ``1 − exp(−m (H(t) − H(t₀)))``."""
    s = tables.classes.segment[c]
    held_back = tables.segments.maturity_share[s]
    if held_back == 0.0:
        return 0
    before = month + 1 - tables.classes.term[c]
    hazard = state.economy.cumulative[month + 1, s]
    if before >= 0:
        hazard -= state.economy.cumulative[before, s]
    else:
        hazard -= before * tables.segments.hazard[s]
    return binomial_of_odds(
        state.stream[CREDIT], state.key, n, -held_back * hazard, math.expm1(held_back * hazard)
    )


@kernel
def default_for_want_of_renewal(tables, state, c, month, n):
    """Of n sound loans: those that would have been renewed may default, the others repay."""
    s = tables.classes.segment[c]
    b = tables.classes.book[c]
    hoped = binomial(state.stream[CREDIT], state.key, n, tables.segments.renew[s])
    lost = binomial(state.stream[CREDIT], state.key, hoped, tables.segments.default_if_not_renewed[s])
    amount = lost * tables.classes.principal[c]
    if month < tables.window.months:
        state.books.defaulted_at_stop[b] += amount
    else:
        state.books.defaulted_at_cliff[b] += amount
    return lost


@kernel
def renew(tables, state, c, n):
    """Grant n loans of a class again: the same firms, the same risk, a new term."""
    f = tables.classes.facility[c]
    b = tables.classes.book[c]
    amount = n * tables.classes.principal[c]
    state.classes.fresh[c] += n
    state.books.n_renewed[b] += n
    state.books.lent_renewed[b] += amount
    state.books.matured[b] += amount
    state.lending.renewed[f] += amount
    state.lending.renewed_years[f] += amount * tables.classes.term[c] / 12.0


@kernel
def repay(tables, state, c, n):
    """Take n loans of a class off the books: repaid for good."""
    f = tables.classes.facility[c]
    b = tables.classes.book[c]
    amount = n * tables.classes.principal[c]
    state.books.matured[b] += amount
    state.lending.repaid[f] += amount
    take_off_the_books(tables, state, c, n, amount)


@kernel
def cohort_of_maturity(tables, c, month):
    """Return the cohort of the loans of a class that mature now: 0 the opening stock, then by year."""
    if tables.classes.end_column[c] - tables.classes.first_column[c] == 1:
        return 0
    granted = month - tables.classes.term[c]
    return 0 if granted < 0 else 1 + granted // 12


@kernel
def mature(tables, state, c, month):
    """Step 5 of a class: loans that mature default, are renewed, or are repaid."""
    n = state.maturing[month, c]
    if n == 0:
        return
    f = tables.classes.facility[c]
    s = tables.classes.segment[c]
    open_stream(state.stream[CREDIT], tables.classes.entity[c], month, MATURITY_PURPOSE, 0)
    lost = default_at_maturity(tables, state, c, month, n)
    sound = n - lost
    in_window = month < tables.window.months
    renewed = 0
    if in_window and state.lending.no_renewal[f] == 0:
        renewed = binomial(state.stream[CREDIT], state.key, sound, tables.segments.renew[s])
    elif in_window or tables.facilities.cliff[f] == 1:
        lost += default_for_want_of_renewal(tables, state, c, month, sound)
    if lost > 0:
        cohort = cohort_of_maturity(tables, c, month)
        open_stream(state.stream[LOSS], tables.classes.entity[c], month, LOSS_PURPOSE, AT_MATURITY)
        book_defaults(tables, state, c, month, cohort, lost)
    if renewed > 0:
        renew(tables, state, c, renewed)
    if n - lost - renewed > 0:
        repay(tables, state, c, n - lost - renewed)
