"""What a path begins with."""

from __future__ import annotations

from fundsim.core.compile import kernel

__all__ = ["reset"]


@kernel
def open_books(tables, state):
    """Count the opening stock by segment and facility."""
    classes = tables.classes
    for c in range(classes.size):
        n = 0
        for slot in range(classes[c].first_slot, classes[c].first_slot + classes[c].term):
            n += tables.opening_loans[slot]
        state.active[classes[c].segment] += n
        state.lending[classes[c].facility].performing += n * classes[c].principal


@kernel
def reset(tables, state):
    """Put a thread's memory back to the morning of month 0."""
    for j in range(state.zeroed.size):
        state.zeroed[j] = 0.0
    for j in range(state.totals.size):
        state.totals[j] = tables.opening_totals[j]
    for j in range(state.volume.size):
        state.volume[j] = tables.opening_volume[j]
    for j in range(state.ages.size):
        state.ages[j] = tables.population_ages[j].opening
    open_books(tables, state)
