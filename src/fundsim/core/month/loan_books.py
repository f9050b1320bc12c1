"""What a default, a renewal and a repayment do to the books, whatever kind of loans they are.

``loans`` is a row of ``classes`` or of ``tape.books``: both name a facility, a segment and a book.
"""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel

__all__ = ["book_default", "book_default_for_lack", "book_renewal", "book_repayment", "take_off"]


@kernel
def take_off(tables, state, loans, n, amount):
    """Take n loans out of the performing stock, to the last yuan."""
    book = state.books[loans.book]
    lending = state.lending[loans.facility]
    state.active[loans.borrowers] -= n
    book.n_performing -= n
    book.performing -= amount
    lending.performing -= amount
    if book.n_performing == 0.0:
        # What floating-point sums leave behind would be a rate's whole denominator.
        book.performing = 0.0
        lending.performing = 0.0
        facility = tables.facilities[loans.facility]
        for other in range(facility.first_book, facility.end_book):
            lending.performing += state.books[other].performing


@kernel
def book_default(state, loans, month, batch, n, amount, recoverable):
    """Count n defaults of an amount [yuan]: in a lender's batch, in the flows, in the overdue stock."""
    state.insured[month, batch].loss += amount
    state.lenders[month, batch].recoverable += recoverable
    state.defaulted[month, loans.facility] += amount
    book = state.books[loans.book]
    book.n_defaulted += n
    book.defaulted += amount
    book.recoverable += recoverable
    state.facilities[loans.facility].overdue += amount


@kernel
def book_default_for_lack(tables, state, loans, month, amount):
    """Count an amount [yuan] that defaults because a renewal is refused: at a stop, or after the window."""
    if month < tables.window.months:
        state.books[loans.book].defaulted_at_stop += amount
    else:
        state.books[loans.book].defaulted_at_cliff += amount


@kernel
def book_renewal(state, loans, n, amount, months):
    """Count n loans that are granted again; each yuan of them is outstanding for so many months of a term."""
    book = state.books[loans.book]
    lending = state.lending[loans.facility]
    book.n_renewed += n
    book.lent_renewed += amount
    lending.renewed += amount
    lending.renewed_years += amount * months / 12.0


@kernel
def book_repayment(state, loans, owed, granted):
    """Count loans that are repaid for good: what they owed, and their principal as granted [yuan]."""
    state.books[loans.book].matured += owed
    state.lending[loans.facility].repaid += owed
    state.lending[loans.facility].released += granted
