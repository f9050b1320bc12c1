"""Steps 4 and 5, credit: what is lost when loans default, and the defaults of classes during life.

Loans of one class are alike, so counts are enough.  The economy of a path is known before its first
month and nothing else moves a default during life, so the life of a vintage is drawn whole when it
begins (``lives``): here those defaults only happen.
"""

from __future__ import annotations

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.streams import LOSS, normal, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.amortising import age_of, cohort_of_vintage
from fundsim.core.month.guarantors import note_default, note_principal
from fundsim.core.month.loan_books import book_default, take_off

__all__ = ["beta_quantile", "book_defaults", "default_in_life", "take_off_class"]

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
def take_off_class(tables, state, c, n, amount):
    """Take n loans of a class out of the performing stock, and out of guarantors' books."""
    note_principal(tables, state, c, -n, -amount)
    take_off(tables, state, tables.classes[c], n, amount)


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
    state.lenders[month, batch].interest_loss += n * (share * loans.interest_monthly)
    if state.n_lost.size > 0:
        state.n_lost[month, column] += n
    book_default(state, loans, month, batch, n, amount, recoverable)
    if loans.segment != loans.borrowers:
        # The life that follows a bridge.
        state.books[loans.book].n_defaulted_after_bridge += n
        state.books[loans.book].defaulted_after_bridge += amount
    note_default(tables, state, c, month, amount)
    take_off_class(tables, state, c, n, amount)


@kernel
def default_in_life(tables, state, c, month):
    """Step 4 of a class: the defaults that its vintages meet in this month.

    The cohorts share one stream of losses, so that keeping them apart moves no draw.
    """
    loans = tables.classes[c]
    if tables.segments[loans.segment].lgd_table >= 0:
        open_stream(state.stream[LOSS], loans.entity, month, purposes.LGD, 0)
    for column in range(loans.first_column, loans.end_column):
        n = state.falling[month, column]
        if n > 0:
            book_defaults(tables, state, c, month, column, n)
