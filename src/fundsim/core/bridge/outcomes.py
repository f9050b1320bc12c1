"""How a request ends for its loan: renewed, defaulted or repaid.

All that lending sees of it are counts by class, and lists of the loans of a tape.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from fundsim.core.bridge.draws import block_of, days_of
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.tape_tables import Ended

__all__ = [
    "DIRECT_REQUEST",
    "Pass",
    "ShortLoan",
    "defaults_unserved",
    "end_bridged",
    "end_unserved",
    "entity_of",
    "loan_of",
    "note_tape",
    "number_on_tape",
    "segment_of",
]

DIRECT_REQUEST = -1
"""Origin of a request that belongs to no loan."""
FIRST_ON_TAPE = -2
"""Origin of a request for loan 0 of a tape; loan i has this less i."""


class Pass(IntEnum):
    """Which outcomes of a month count for the loans."""

    ALL = 0
    """In the window."""
    AHEAD = 1
    """Looking ahead from the window's end: renewals, which count in the window's last month."""
    BEHIND = 2
    """After the window: all but the renewals, which have been counted."""


class ShortLoan(NamedTuple):
    """A loan whose firm is short: four integers, which a ``REQUEST`` carries too."""

    origin: Any
    """Its class; ``loan_of`` for a loan of a tape."""
    column: Any
    """Where its class's defaults are kept; the book of a loan of a tape."""
    month: Any
    """Month of maturity, in which its draws are numbered."""
    number: Any
    """Number of its draws in that month."""


@kernel
def loan_of(i):
    """Return the origin for a loan of a tape, and the loan for an origin."""
    return FIRST_ON_TAPE - i


@kernel
def number_on_tape(tables, k, i):
    """Return the number of a loan within its book of a tape, for its draws: no other tape moves it."""
    return i - tables.tape.vintages[tables.tape.books[k].first_vintage].first_loan


@kernel
def segment_of(tables, loan):
    """Return the segment of a loan."""
    if loan.origin >= 0:
        return tables.classes[loan.origin].segment
    return tables.tape.books[loan.column].segment


@kernel
def book_of(tables, loan):
    """Return the book of a loan."""
    return tables.classes[loan.origin].book if loan.origin >= 0 else tables.tape.books[loan.column].book


@kernel
def entity_of(tables, loan):
    """Return the entity of a loan's draws."""
    return tables.classes[loan.origin].entity if loan.origin >= 0 else tables.tape.books[loan.column].entity


@kernel
def note_tape(state, loan, ended):
    """Put a loan of a tape on the list of those whose bridge has ended in one way."""
    i = loan_of(loan.origin)
    state.tape_next[i] = state.tape_ended[ended, loan.column]
    state.tape_ended[ended, loan.column] = i + 1


@kernel
def end_bridged(state, request, relent, passing):
    """End the bridge of a request that was served: its loan is renewed, or counts as repaid."""
    c = request.origin
    if c == DIRECT_REQUEST or passing == (Pass.BEHIND if relent else Pass.AHEAD):
        return
    if c < 0:
        note_tape(state, request, Ended.RELENT if relent else Ended.REPAID)
    elif relent:
        state.bridge.relent[c] += 1
    else:
        state.bridge.repaid[c] += 1


@kernel
def defaults_unserved(tables, state, loan):
    """Decide whether a short firm that no bridge serves defaults."""
    word, _, _, _ = block_of(state.key, entity_of(tables, loan), loan.month, 2 * loan.number + 1)
    return unit_interval(word) < tables.bridges.shortages[segment_of(tables, loan)].default_if_unserved


@kernel
def pay_private_bridge(tables, state, loan, law, amount):
    """Count what a private bridge costs the firm of a loan."""
    fee = tables.bridges.shortages[segment_of(tables, loan)].private_fee
    if fee > 0.0 and law >= 0:
        _, word, _, _ = block_of(state.key, entity_of(tables, loan), loan.month, 2 * loan.number + 1)
        lasted = days_of(tables.bridges.laws, tables.bridges.points, law, unit_interval(word))
        state.bridge.private_cost[book_of(tables, loan)] += fee * lasted * amount


@kernel
def end_unserved(tables, state, loan, law, amount, passing):
    """Decide what becomes of a loan whose firm no bridge serves: default, or a private bridge.

    Args:
        tables: the tables.
        state: the state of the thread.
        loan: a ``ShortLoan``, or a request.
        law: law of the days of a private bridge, or −1 where nothing is paid.
        amount: what is borrowed privately [yuan].
        passing: a ``Pass``.
    """
    if defaults_unserved(tables, state, loan):
        if passing == Pass.AHEAD:
            return
        if loan.origin >= 0:
            state.bridge.lost[loan.column] += 1
        else:
            note_tape(state, loan, Ended.LOST)
    elif passing != Pass.BEHIND:
        if loan.origin >= 0:
            state.bridge.private[loan.origin] += 1
        else:
            note_tape(state, loan, Ended.PRIVATE)
        pay_private_bridge(tables, state, loan, law, amount)
