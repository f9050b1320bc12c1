"""Where the outstanding shares of amortising loans are kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import OpeningLoans, Scheme, Segment

__all__ = ["first_share_of", "pack_shares", "share_left"]

BULLET = -1


def first_share_of(scheme: Scheme) -> dict[str, int]:
    """Return segment → position of its first share, −1 for bullet loans."""
    positions = {}
    position = 0
    for segment in scheme.segments:
        positions[segment.name] = position if segment.outstanding_share else BULLET
        position += len(segment.outstanding_share) + bool(segment.outstanding_share)
    return positions


def pack_shares(scheme: Scheme) -> NDArray[np.float64]:
    """Return the shares of all amortising segments in a row, each followed by the 0 after its last month."""
    rows = [(*s.outstanding_share, 0.0) for s in scheme.segments if s.outstanding_share]
    return np.array([share for row in rows for share in row], dtype=np.float64)


def share_left(segment: Segment, stock: OpeningLoans) -> float:
    """Return the share of its principal that an opening loan owes before month 0."""
    if not segment.outstanding_share:
        return 1.0
    return segment.outstanding_share[segment.term_months - stock.months_left]
