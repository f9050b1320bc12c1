"""Step 5: what bridges mean for the loans, by counts of each class."""

from __future__ import annotations

from fundsim.core.draws import purposes
from fundsim.core.draws.streams import LOSS, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.credit import book_defaults
from fundsim.core.month.maturity import renew, repay

__all__ = ["settle_bridges"]

AT_BRIDGE = 1 << 41
"""First draw of the losses of firms that no bridge served: far behind those at maturity."""


@kernel
def lose(tables, state, c, month):
    """Book the defaults of a class for lack of a bridge, by column."""
    loans = tables.classes[c]
    book = state.books[loans.book]
    opened = False
    for column in range(loans.first_column, loans.end_column):
        n = state.bridge.lost[column]
        if n > 0:
            state.bridge.lost[column] = 0
            if not opened:
                open_stream(state.stream[LOSS], loans.entity, month, purposes.LGD, AT_BRIDGE)
                opened = True
            book.n_defaulted_unserved += n
            book.defaulted_unserved += n * loans.principal
            book_defaults(tables, state, c, month, column, n)


@kernel
def settle_class(tables, state, c):
    """Renew and repay the loans of a class whose bridge has ended."""
    bridge = state.bridge
    book = state.books[tables.classes[c].book]
    if bridge.private[c] > 0:
        book.n_private += bridge.private[c]
        renew(tables, state, c, bridge.private[c], tables.classes[c].plain)
        bridge.private[c] = 0
    if bridge.relent[c] > 0:
        book.n_bridged += bridge.relent[c]
        renew(tables, state, c, bridge.relent[c], tables.bridges.classes[c].relend)
        bridge.relent[c] = 0
    if bridge.repaid[c] > 0:
        repay(tables, state, c, bridge.repaid[c])
        bridge.repaid[c] = 0


@outlined
def settle_bridges(tables, state, month):
    """Put the outcomes of a month's bridges through the books."""
    for b in range(state.bridge.private_cost.size):
        state.books[b].private_cost += state.bridge.private_cost[b]
        state.bridge.private_cost[b] = 0.0
    for c in range(tables.classes.size):
        if tables.bridges.classes[c].shortage == 1:
            lose(tables, state, c, month)
            settle_class(tables, state, c)
