"""A scheme made ready for the compiled core."""

from __future__ import annotations

import threading

import numpy as np

from fundsim.core.machine.cache import notice_if_elsewhere
from fundsim.core.machine.known import notice_if_unknown
from fundsim.core.pack.contracts import in_settlement_order
from fundsim.core.pack.layout import pack
from fundsim.core.pack.memory import new_state
from fundsim.core.pack.state import PLACES, State
from fundsim.core.path import simulate_range
from fundsim.scheme import RecordBlock, Scheme, check_scheme

__all__ = ["PreparedCore"]


class PreparedCore:
    """Tables packed once; memory made once a thread."""

    def __init__(self, scheme: Scheme, series: tuple[str, ...], records: tuple[str, ...]) -> None:
        self._scheme = in_settlement_order(scheme)
        check_scheme(self._scheme)
        notice_if_unknown()
        notice_if_elsewhere()
        self._tables = pack(self._scheme, series, records)
        self._memory = threading.local()

    def _state(self) -> State:
        if not hasattr(self._memory, "state"):
            self._memory.state = new_state(self._scheme, self._tables)
        state: State = self._memory.state
        return state

    def run(self, seed: int, first: int, count: int) -> RecordBlock:
        """Simulate ``count`` paths from number ``first`` on.

        Args:
            seed: first word of the key, 0 … 2⁶⁴ − 1.
            first: number of the first path; path i is the same whatever the block.
            count: number of paths.
        """
        window = self._scheme.window
        wanted = self._tables.window
        room = -(-count // PLACES) * PLACES
        snapshots = np.empty((len(window.snapshots), wanted.records.size, room))
        series = np.empty((wanted.series.size, count, window.total))
        numbers = np.uint64(seed), np.uint64(first), count
        simulate_range(self._tables, self._state(), snapshots, series, *numbers)
        return RecordBlock(first, snapshots[:, :, :count].transpose(2, 0, 1), series.transpose(1, 2, 0))
