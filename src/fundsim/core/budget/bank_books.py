"""Step 8, at a budget year's end: banks' loans to small firms, and their increase."""

from __future__ import annotations

from fundsim.core.budget.draws import normal_of
from fundsim.core.machine.decorators import kernel

__all__ = ["grow_books", "open_books"]


@kernel
def open_books(tables, state):
    """Note what banks have lent before month 0, of their own and under the scheme."""
    budget = tables.budget
    for k in range(budget.bank_books.size):
        total = state.bank_books[k].own
        for m in range(budget.bank_books[k].first_facility, budget.bank_books[k].end_facility):
            total += state.lending[budget.book_facilities[m]].performing
        state.budget.bank_books[k].before = total


@kernel
def grow_books(tables, state, month):
    """Let the own books grow by g + sd (√ρ Z + √(1 − ρ) ε), and note by how much all loans have."""
    budget = tables.budget
    for k in range(budget.bank_books.size):
        terms, figures, work = budget.bank_books[k], state.bank_books[k], state.budget.bank_books[k]
        growth = terms.growth
        if terms.loading > 0.0 or terms.noise > 0.0:
            growth += terms.loading * state.factors[month, 0]
            growth += terms.noise * normal_of(state.key, terms.entity, month)
        figures.own = max(0.0, figures.own * (1.0 + growth))
        total = figures.own
        for m in range(terms.first_facility, terms.end_facility):
            total += state.facilities[budget.book_facilities[m]].outstanding
        work.increase = max(0.0, total - work.before)
        figures.increase += work.increase
        work.before = total
