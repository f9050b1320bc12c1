"""How a request ends for its loan: renewed, defaulted or repaid.  Counts by class are all that lending sees."""

from __future__ import annotations

from enum import IntEnum

from fundsim.core.bridge.draws import block_of, days_of
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.tape_tables import Ended

__all__ = [
    "Pass",
    "defaults_unserved",
    "end_bridged",
    "end_unserved",
    "end_unserved_on_tape",
    "loan_of",
    "note_tape",
    "origin_of",
]

DIRECT_REQUEST = -1
"""Origin of a request that belongs to no loan."""


class Pass(IntEnum):
    """Which outcomes of a month count for the loans."""

    ALL = 0
    """In the window."""
    AHEAD = 1
    """Looking ahead from the window's end: renewals, which count in the window's last month."""
    BEHIND = 2
    """After the window: all but the renewals, which have been counted."""


@kernel
def note_tape(state, k, i, ended):
    """Put a loan of a tape on the list of those whose bridge has ended in one way."""
    state.tape_next[i] = state.tape_ended[ended, k]
    state.tape_ended[ended, k] = i + 1


@kernel
def end_bridged(state, request, relent, passing):
    """End the bridge of a request that was served: its loan is renewed, or counts as repaid."""
    c = request.origin
    if c == DIRECT_REQUEST or passing == (Pass.BEHIND if relent else Pass.AHEAD):
        return
    if c < 0:
        note_tape(state, request.column, loan_of(c), Ended.RELENT if relent else Ended.REPAID)
    elif relent:
        state.bridge.relent[c] += 1
    else:
        state.bridge.repaid[c] += 1


@kernel
def loan_of(origin):
    """Return the loan of a tape that a request comes from."""
    return -2 - origin


@kernel
def origin_of(i):
    """Return the origin of a request of a loan of a tape."""
    return -2 - i


@kernel
def defaults_unserved(tables, state, s, entity, month, number):
    """Decide whether a short firm of a segment that no bridge serves defaults."""
    word, _, _, _ = block_of(state.key, entity, month, 2 * number + 1)
    return unit_interval(word) < tables.bridges.shortages[s].default_if_unserved


@kernel
def pay_private_bridge(tables, state, loans, month, number, law, amount):
    """Count what a private bridge costs a firm.

    Args:
        tables: the tables.
        state: the state of the thread.
        loans: row of ``classes`` or of ``tape.books``.
        month: month of maturity, in which its draws are numbered.
        number: number of its draws in that month.
        law: law of the days of a private bridge, or −1 where nothing is paid.
        amount: what is borrowed [yuan].
    """
    fee = tables.bridges.shortages[loans.segment].private_fee
    if fee > 0.0 and law >= 0:
        _, word, _, _ = block_of(state.key, loans.entity, month, 2 * number + 1)
        lasted = days_of(tables.bridges.laws, tables.bridges.points, law, word)
        state.bridge.private_cost[loans.book] += fee * lasted * amount


@kernel
def end_unserved(tables, state, c, column, month, number, law, amount, passing):
    """Decide what becomes of a loan of a class whose firm no bridge serves: default, or a private bridge.

    Args:
        tables: the tables.
        state: the state of the thread.
        c: its class.
        column: of its class's defaults.
        month: month of maturity, in which its draws are numbered.
        number: number of the loan among the short ones of the class in that month.
        law: law of the days of a private bridge, or −1.
        amount: what is borrowed privately [yuan].
        passing: a ``Pass``.
    """
    loans = tables.classes[c]
    if defaults_unserved(tables, state, loans.segment, loans.entity, month, number):
        if passing != Pass.AHEAD:
            state.bridge.lost[column] += 1
        return
    if passing != Pass.BEHIND:
        state.bridge.private[c] += 1
        pay_private_bridge(tables, state, loans, month, number, law, amount)


@kernel
def end_unserved_on_tape(tables, state, k, i, month, law, amount, passing):
    """The same for loan i of book k of a tape, whose draws have its own number."""
    loans = tables.tape.books[k]
    if defaults_unserved(tables, state, loans.segment, loans.entity, month, i):
        if passing != Pass.AHEAD:
            note_tape(state, k, i, Ended.LOST)
        return
    if passing != Pass.BEHIND:
        note_tape(state, k, i, Ended.PRIVATE)
        pay_private_bridge(tables, state, loans, month, i, law, amount)
