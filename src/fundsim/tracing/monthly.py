"""What each record gained in each month of one path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import RecordBlock, Scheme, record_names

__all__ = ["Monthly", "monthly_records"]

DECIMALS = 6
"""Amounts are kept to a millionth of a yuan: far below a fen, far above the noise of floating point."""


def monthly_records(scheme: Scheme) -> tuple[str, ...]:
    """Return the records that a trace needs at each month's end: all that exist then."""
    names = record_names(scheme)
    return names.flows + names.stocks + names.months


class Monthly(Mapping[str, NDArray[np.float64]]):
    """Flow record → its gains by month, shape (months,); rounded so that they sum to the rounded total."""

    def __init__(self, scheme: Scheme, block: RecordBlock) -> None:
        """Take the first path of a block whose series are the ``monthly_records``."""
        self._ends = dict(zip(monthly_records(scheme), block.series[0].T, strict=True))
        self._flows = record_names(scheme).flows

    def __getitem__(self, record: str) -> NDArray[np.float64]:
        if record not in self._flows:
            raise KeyError(record)
        gains: NDArray[np.float64] = np.diff(np.round(self._ends[record], DECIMALS), prepend=0.0)
        return np.round(gains, DECIMALS)

    def __iter__(self) -> Iterator[str]:
        return iter(self._flows)

    def __len__(self) -> int:
        return len(self._flows)

    def at_ends(self, record: str) -> NDArray[np.float64]:
        """Return a record at each month's end, as the engine has it."""
        ends: NDArray[np.float64] = self._ends[record]
        return ends
