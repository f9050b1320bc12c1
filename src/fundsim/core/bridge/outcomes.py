"""How a request ends for its loan: renewed, defaulted or repaid.  Counts by class are all that lending sees."""

from __future__ import annotations

from enum import IntEnum

from fundsim.core.bridge.draws import block_of, days_of
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel

__all__ = ["Pass", "end_bridged", "end_unserved"]


class Pass(IntEnum):
    """Which outcomes of a month count for the loans."""

    ALL = 0
    """In the window."""
    AHEAD = 1
    """Looking ahead from the window's end: renewals, which count in the window's last month."""
    BEHIND = 2
    """After the window: all but the renewals, which have been counted."""


@kernel
def end_bridged(state, request, relent, passing):
    """End the bridge of a request that was served: its loan is renewed, or counts as repaid."""
    c = request.origin
    if c < 0:
        return
    if relent:
        if passing != Pass.BEHIND:
            state.bridge.relent[c] += 1
    elif passing != Pass.AHEAD:
        state.bridge.repaid[c] += 1


@kernel
def end_unserved(tables, state, c, column, block_month, number, law, amount, passing):
    """Decide what becomes of a loan whose firm no bridge serves: default, or a private bridge.

    Args:
        tables: the tables.
        state: the state of the thread.
        c: its class.
        column: of its class's defaults.
        block_month: month of maturity, in which its draws are numbered.
        number: number of the request among those of the class in that month.
        law: law of the days of a private bridge, or −1.
        amount: what is borrowed privately [yuan].
        passing: a ``Pass``.
    """
    loans = tables.classes[c]
    short = tables.bridges.shortages[loans.segment]
    word, days, _, _ = block_of(state.key, loans.entity, block_month, 2 * number + 1)
    if unit_interval(word) < short.default_if_unserved:
        if passing != Pass.AHEAD:
            state.bridge.lost[column] += 1
        return
    if passing != Pass.BEHIND:
        state.bridge.private[c] += 1
    if passing != Pass.AHEAD and short.private_fee > 0.0 and law >= 0:
        lasted = days_of(tables.bridges.laws, tables.bridges.points, law, days)
        state.books[loans.book].private_cost += short.private_fee * lasted * amount
