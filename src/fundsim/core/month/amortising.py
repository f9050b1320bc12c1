"""Amortising loans: a class keeps its vintages apart, because they owe different parts of the principal.

A vintage that was granted at the end of month g lives in months g + 1 … g + term, so of all vintages
with one g mod term only one is alive in a month: a class has ``term`` columns, and a column and a month
say the age.  An opening loan with r months left counts as granted at the end of month r − 1 − term.
"""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.guarantors import note_principal

__all__ = ["age_of", "cohort_of_vintage", "collect_instalments", "column_of_vintage", "owed_at_maturity"]


@kernel
def column_of_vintage(loans, month):
    """Return the column of a vintage that is granted, or matures, at the end of a month."""
    return loans.first_column + month % loans.term


@kernel
def age_of(loans, month, column):
    """Return the age in a month of the vintage in a column: 1 in its first month, ``term`` in its last."""
    return 1 + (month + loans.term - 1 - (column - loans.first_column)) % loans.term


@kernel
def cohort_of_vintage(tables, loans, granted):
    """Return the cohort of the loans granted at the end of a month, negative for the opening stock."""
    facility = tables.facilities[loans.facility]
    if granted < 0 or facility.end_batch - facility.first_batch == 1:
        return 0
    return 1 + granted // 12


@kernel
def owed_at_maturity(tables, loans):
    """Return what one loan of a class owes in the last month of its life [yuan]."""
    if loans.first_share < 0:
        return loans.principal
    return loans.principal * tables.shares[loans.first_share + loans.term - 1]


@outlined
def collect_instalments(tables, state, c, month):
    """Step 5 of an amortising class: every sound loan before its last month repays P (s_a − s_{a+1})."""
    loans = tables.classes[c]
    book = state.books[loans.book]
    lending = state.lending[loans.facility]
    for column in range(loans.first_column, loans.end_column):
        n = state.alive[column]
        if n > 0:
            share = loans.first_share + age_of(loans, month, column) - 1
            amount = n * loans.principal * (tables.shares[share] - tables.shares[share + 1])
            book.matured += amount
            book.performing -= amount
            lending.performing -= amount
            note_principal(tables, state, c, 0, -amount)
            lending.repaid += amount
            lending.amortised += n * loans.principal * (1.0 - tables.shares[share + 1])
