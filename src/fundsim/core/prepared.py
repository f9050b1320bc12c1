"""A scheme made ready for the compiled core."""

from __future__ import annotations

import threading

import numpy as np

from fundsim.core.contract_layout import in_settlement_order
from fundsim.core.layout import pack
from fundsim.core.memory import new_state
from fundsim.core.path import simulate_range
from fundsim.core.tables import State
from fundsim.scheme import RecordBlock, Scheme, record_names

__all__ = ["PreparedCore"]


class PreparedCore:
    """Tables packed once; memory made once a thread."""

    def __init__(self, scheme: Scheme, series: tuple[str, ...]) -> None:
        ordered = in_settlement_order(scheme)
        self._scheme = ordered
        self._tables = pack(ordered, series)
        self._memory = threading.local()
        inside = {name: column for column, name in enumerate(record_names(ordered).all)}
        columns = np.array([inside[name] for name in record_names(scheme).all], dtype=np.int64)
        self._columns = None if np.array_equal(columns, np.arange(columns.size)) else columns

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
        state = self._state()
        window = self._scheme.window
        snapshots = np.empty((count, len(window.snapshots), state.totals.size))
        series = np.empty((count, window.total, self._tables.window.series.size))
        simulate_range(self._tables, state, snapshots, series, np.uint64(seed), np.uint64(first))
        if self._columns is not None:
            snapshots = snapshots.take(self._columns, axis=2)
        return RecordBlock(first=first, snapshots=snapshots, series=series)
