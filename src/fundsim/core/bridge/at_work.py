"""A fund at work, and the law of the days of those that it does not serve."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.bridge_tables import Fund

__all__ = ["fund_of", "private_law"]


@kernel
def fund_of(tables, state, j):
    """Return a fund at work."""
    memory = state.bridge
    return Fund(
        tables.bridges.funds[j : j + 1],
        memory.work[j : j + 1],
        state.bridges[j : j + 1],
        memory.requests[j],
        memory.free[j],
        memory.waiting[j],
        memory.tickets[j],
        memory.arrivals[j],
        memory.recovering[j],
        memory.full,
    )


@kernel
def private_law(tables, s, fund):
    """Return the law of the days of a private bridge: the segment's own, or the fund's."""
    own = tables.bridges.shortages[s].private_law
    return own if own >= 0 else tables.bridges.funds[fund].law
