"""Which classes and segments a scheme has, in the order of their tables.

A loan that a bridge fund has bridged may live once at another risk: its segment then has a second row,
and its class another one beside it, in the same book.
"""

from __future__ import annotations

from typing import NamedTuple

from fundsim.scheme import BridgeFund, Facility, Scheme, Segment, entity

__all__ = ["LoanClass", "books_of", "classes_of", "fund_of", "segment_rows"]


class LoanClass(NamedTuple):
    """Like loans: facility × segment × size band."""

    facility: Facility
    segment: Segment
    band: int
    share: float
    """Share of the facility's demand that its segment has."""
    fund: str = ""
    """Fund whose bridge the loans follow, where that changes their risk."""

    @property
    def name(self) -> tuple[str, str, int, str]:
        """What distinguishes it from others."""
        return self.facility.name, self.segment.name, self.band, self.fund

    @property
    def entity(self) -> int:
        """Entity of its draws."""
        own = f"{self.facility.name}.{self.segment.name}.{self.band}"
        return entity(f"{own}.bridged" if self.fund else own)


def books_of(scheme: Scheme) -> list[tuple[str, str]]:
    """Return (facility, segment) of every book, in the order of the records."""
    return [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]


def fund_of(scheme: Scheme, facility: str) -> BridgeFund | None:
    """Return the bridge fund of a facility, if it has one."""
    return next((fund for fund in scheme.bridges if facility in fund.facilities), None)


def segment_rows(scheme: Scheme) -> list[tuple[Segment, str]]:
    """Return (segment, fund that it follows, or nothing) of every row of the table of segments."""
    after = [(segment, fund.name) for fund in scheme.bridges for segment in fund.bridged]
    return [*((segment, "") for segment in scheme.segments), *after]


def classes_of(scheme: Scheme) -> list[LoanClass]:
    """Return all classes; those that follow a bridge stand behind the others of their facility."""
    segments = {s.name: s for s in scheme.segments}
    classes = []
    for facility in scheme.facilities:
        fund = fund_of(scheme, facility.name)
        after = {} if fund is None else {s.name: s for s in fund.bridged}
        for b in facility.borrowers:
            segment = segments[b.segment]
            classes += [LoanClass(facility, segment, band, b.share) for band in range(len(segment.bands))]
        for b in facility.borrowers:
            if fund is not None and b.segment in after:
                segment = after[b.segment]
                bands = range(len(segment.bands))
                classes += [LoanClass(facility, segment, band, 0.0, fund.name) for band in bands]
    return classes
