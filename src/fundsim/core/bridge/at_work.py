"""A fund at work, and the law of the days of those that it does not serve."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Calendar, Fund

__all__ = ["fund_of", "log", "private_law"]


@kernel
def calendar_of(memory, j, which):
    """Return a calendar of a fund."""
    return Calendar(
        memory.calendars[j, which : which + 1],
        memory.buckets[j, which],
        memory.busy[j, which],
        memory.links[j],
    )


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
        calendar_of(memory, j, 0),
        calendar_of(memory, j, 1),
        memory.recovering[j],
        memory.drawn[j],
        memory.full,
        memory.log,
        memory.log_state,
    )


@outlined
def write_down(fund, what, request, amount):
    """Add a row to the log of a path that is traced, as far as there is room."""
    row = fund.log_state[0]
    fund.log_state[0] += 1
    if row < fund.log.size:
        note = fund.log[row]
        note.fund = fund.terms[0].number
        note.serial = request.serial
        note.what = what
        note.origin = request.origin
        note.column = request.column
        note.day = fund.work[0].clock
        note.amount = amount


@kernel
def log(fund, what, request, amount):
    """Write down what happens to a request now, where a path is traced."""
    if fund.log_state[1] == 1:
        write_down(fund, what, request, amount)


@kernel
def private_law(tables, s, fund):
    """Return the law of the days of a private bridge: the segment's own, or the fund's."""
    own = tables.bridges.shortages[s].private_law
    return own if own >= 0 else tables.bridges.funds[fund].law
