"""New lending written down for other runs, or given by one: ``docs/definitions.md``, "Lending held"."""

from __future__ import annotations

from fundsim.core.machine.decorators import outlined

__all__ = ["note_lending", "take_lending"]


@outlined
def note_lending(tables, state, month):
    """Write down what is about to be granted, and on which facilities breakers have stopped renewals."""
    held = state.held
    row = held.row[0]
    for c in range(tables.classes.size):
        held.granted[row, month, c] = state.classes[c].wanted
    for f in range(tables.facilities.size):
        held.stopped[row, month, f] = state.lending[f].no_renewal


@outlined
def take_lending(tables, state, month):
    """Want the loans that are given, and stop renewals where the other run stopped them."""
    held = state.held
    row = held.row[0]
    for f in range(tables.facilities.size):
        state.lending[f].no_renewal = held.stopped[row, month, f]
        asked = 0.0
        for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
            state.classes[c].wanted = held.granted[row, month, c]
            asked += state.classes[c].wanted * tables.classes[c].principal
        state.facilities[f].demand += asked
