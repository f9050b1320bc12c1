"""What the opening loans of an instrument owe, once they are whole loans."""

from __future__ import annotations

import math

from fundsim.scheme import Scheme, Segment

__all__ = ["placed_principal"]


def placed_principal(scheme: Scheme, instrument: str) -> float:
    """Return what an instrument's opening loans owe before the first month, tapes apart [yuan]."""
    segments = {s.name: s for s in scheme.segments}
    owed = [
        stock.n_loans * _owed(segments[stock.segment], stock.band, stock.months_left)
        for facility in scheme.facilities
        if facility.about.instrument == instrument
        for stock in facility.opening
    ]
    return math.fsum(owed)


def _owed(segment: Segment, band: int, months_left: int) -> float:
    share = segment.outstanding_share[-months_left] if segment.outstanding_share else 1.0
    return segment.bands[band].principal * share
