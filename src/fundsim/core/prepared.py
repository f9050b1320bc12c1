"""A scheme made ready for the compiled core."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from fundsim.core.bridge.outcomes import DIRECT_REQUEST
from fundsim.core.machine.cache import notice_if_elsewhere
from fundsim.core.machine.known import notice_if_unknown
from fundsim.core.pack.bridge_tables import Happening
from fundsim.core.pack.bridges import FIRST_ROOM
from fundsim.core.pack.classes import books_of
from fundsim.core.pack.contracts import in_settlement_order
from fundsim.core.pack.equities import FIRST_DEALS
from fundsim.core.pack.layout import pack
from fundsim.core.pack.lending_held import given_lending, noted_lending, room_for_lending
from fundsim.core.pack.memory import new_state
from fundsim.core.pack.state import PLACES, HeldLending, State
from fundsim.core.path import simulate_range
from fundsim.scheme import LoggedRequest, NewLending, RecordBlock, Scheme, check_scheme

__all__ = ["PreparedCore"]

FIRST_LOG = 4096
"""Rows of the log of a traced path, to begin with."""


def _holding(state: State, held: HeldLending | None) -> State:
    return state if held is None else state._replace(held=held)


class PreparedCore:
    """Tables packed once; memory made once a thread."""

    def __init__(self, scheme: Scheme, series: tuple[str, ...], records: tuple[str, ...]) -> None:
        self._scheme = in_settlement_order(scheme)
        check_scheme(self._scheme)
        notice_if_unknown()
        notice_if_elsewhere()
        self._tables = pack(self._scheme, series, records)
        self._memory = threading.local()

    def _state(self, room: int = FIRST_ROOM, deals: int = FIRST_DEALS) -> State:
        """Return the memory of this thread.

        Args:
            room: requests of a bridge fund for which there is room at least.
            deals: deals of an equity fund for which there is room at least.
        """
        memory = self._memory
        if not hasattr(memory, "state") or memory.room < room or memory.deals < deals:
            memory.room, memory.deals = room, deals
            memory.state = new_state(self._scheme, self._tables, room, 0, deals)
        state: State = memory.state
        return state

    def run(self, seed: int, first: int, count: int, lending: NewLending | None = None) -> RecordBlock:
        """Simulate ``count`` paths from number ``first`` on.

        Args:
            seed: first word of the key, 0 … 2⁶⁴ − 1.
            first: number of the first path; path i is the same whatever the block.
            count: number of paths.
            lending: new lending of another run on these paths, to be granted in place of this scheme's own.

        Raises:
            ValueError: the lending is not of these paths, months and classes.
        """
        if lending is None:
            return self._run(seed, first, count)
        return self._run(seed, first, count, given_lending(self._scheme, lending, first, count))

    def new_lending(self, seed: int, first: int, count: int) -> NewLending:
        """Simulate the same paths and return what is granted on them."""
        held = room_for_lending(self._scheme, count)
        self._run(seed, first, count, held)
        return noted_lending(self._scheme, held, first)

    def _run(self, seed: int, first: int, count: int, held: HeldLending | None = None) -> RecordBlock:
        state = self._state()
        block = self._simulate(_holding(state, held), seed, first, count)
        while state.bridge.full[0] or state.equity.full[0]:
            # A list had no place left: the same paths again, with more.
            room, deals = self._memory.room, self._memory.deals
            state = self._state(
                2 * room if state.bridge.full[0] else room, 2 * deals if state.equity.full[0] else deals
            )
            block = self._simulate(_holding(state, held), seed, first, count)
        return block

    def _simulate(self, state: State, seed: int, first: int, count: int) -> RecordBlock:
        window = self._scheme.window
        wanted = self._tables.window
        room = -(-count // PLACES) * PLACES
        snapshots = np.empty((len(window.snapshots), wanted.records.size, room))
        series = np.empty((wanted.series.size, count, window.total))
        numbers = np.uint64(seed), np.uint64(first), count
        simulate_range(self._tables, state, snapshots, series, *numbers)
        return RecordBlock(first, snapshots[:, :, :count].transpose(2, 0, 1), series.transpose(1, 2, 0))

    def requests(self, seed: int, path: int) -> tuple[LoggedRequest, ...]:
        """Return what happened to the requests to bridge funds on a path, fund by fund in order of time.

        Args:
            seed: first word of the key, 0 … 2⁶⁴ − 1.
            path: number of the path.
        """
        rows, room = FIRST_LOG, FIRST_ROOM
        while self._scheme.bridges:
            state = new_state(self._scheme, self._tables, room, rows)
            self._simulate(state, seed, path, 1)
            written = int(state.bridge.log_state[0])
            if not state.bridge.full[0] and written <= rows:
                return tuple(self._logged(row) for row in state.bridge.log[:written])
            rows, room = max(rows, written), room * (2 if state.bridge.full[0] else 1)
        return ()

    def _logged(self, row: Any) -> LoggedRequest:
        return LoggedRequest(
            fund=self._scheme.bridges[int(row.fund)].name,
            serial=int(row.serial),
            what=Happening(int(row.what)).name.lower(),
            book=self._book_of(int(row.origin), int(row.column)),
            day=float(row.day),
            amount=float(row.amount),
        )

    def _book_of(self, origin: int, column: int) -> str:
        """Return ``facility/segment`` of the loan of a request; nothing for one given directly."""
        if origin == DIRECT_REQUEST:
            return ""
        tables = self._tables
        book = tables.classes[origin].book if origin >= 0 else tables.tape.books[column].book
        return "/".join(books_of(self._scheme)[int(book)])
