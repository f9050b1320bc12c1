"""What a path begins with."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel
from fundsim.core.month.guarantors import note_principal
from fundsim.core.month.vectors import copy, fill

__all__ = ["reset"]


@kernel
def opening_principal(tables, loans, n):
    """Return what the n opening loans of a class owe before month 0 [yuan]."""
    if loans.first_share < 0:
        return n * loans.principal
    owed = 0.0
    for age in range(1, loans.term + 1):
        share = tables.shares[loans.first_share + age - 1]
        owed += tables.opening_loans[loans.first_slot + loans.term - age] * loans.principal * share
    return owed


@kernel
def open_books(tables, state):
    """Count the opening stock by segment and facility."""
    classes = tables.classes
    for c in range(classes.size):
        loans = classes[c]
        n = 0
        for slot in range(loans.first_slot, loans.first_slot + loans.term):
            n += tables.opening_loans[slot]
        amount = opening_principal(tables, loans, n)
        state.active[loans.borrowers] += n
        state.lending[loans.facility].performing += amount
        note_principal(tables, state, c, n, amount)


@kernel
def reset(tables, state):
    """Put a thread's memory back to the morning of month 0."""
    fill(state.zeroed, 0.0)
    copy(tables.opening_totals, state.totals)
    copy(tables.opening_volume, state.volume)
    for j in range(state.ages.size):
        state.ages[j] = tables.population_ages[j].opening
    open_books(tables, state)
