"""At which step of the month a line of the ledger moves money, and in which order within a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import Entry, Line, Scheme
from fundsim.scheme.records import entries_of
from fundsim.tracing.monthly import Monthly

__all__ = ["by_step", "rank_of"]


def by_step(entry: Entry, monthly: Monthly) -> dict[int, NDArray[np.float64]]:
    """Split what a line moved in each month over the steps at which it moves [yuan], shape (months,).

    Only loans and fees move at two steps: renewals paid out in cash and fees on renewals come first.
    """
    whole = monthly[entry.line.record]
    if not entry.early:
        return {entry.steps[-1]: whole}
    early = sum((factor * monthly[record] for record, factor in entry.early), 0.0 * whole)
    late = np.round(whole - early, 6)
    # What is left of a month without new loans is the noise of two sums that should agree.
    late[np.abs(late) < 1e-5 + 1e-12 * np.abs(whole)] = 0.0
    first, last = entry.steps
    return {first: np.round(whole - late, 6), last: late}


def rank_of(scheme: Scheme) -> dict[Line, int]:
    """Return line → its place among the lines of one step, so that nobody pays before it is paid."""
    entries = sorted(entries_of(scheme), key=lambda entry: entry.rank)  # stable: the order within a rank
    return {entry.line: place for place, entry in enumerate(entries)}
