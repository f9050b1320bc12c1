"""What happened on a path beside the money: loans, claims, breakers, firms."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from fundsim.scheme import Breaker, Facility, Nature, Scheme, Segment
from fundsim.scheme.records import drawn_record, traced_records_of
from fundsim.tracing.dates import date_of
from fundsim.tracing.ledger_words import EVENTS, event_name
from fundsim.tracing.monthly import Monthly
from fundsim.tracing.rows import Event

__all__ = ["happenings"]


def happenings(scheme: Scheme, monthly: Monthly) -> tuple[Event, ...]:
    """Return what stood at the start and all that happened, in order of month and step."""
    found = [*_at_start(scheme, monthly), *_gains(scheme, monthly), *_firsts(scheme, monthly)]
    return tuple(sorted(found, key=lambda event: (event.month, event.step)))


def _event(scheme: Scheme, month: int, subject: str, what: str, value: float) -> Event:
    words = EVENTS[what]
    return Event(month, date_of(scheme, max(month, 0)), words.step, subject, what, value, words.unit)


def _at_start(scheme: Scheme, monthly: Monthly) -> Iterator[Event]:
    segments = {s.name: s for s in scheme.segments}
    for facility in scheme.facilities:
        for borrowers in facility.borrowers:
            n, principal = _opening_of(facility, segments[borrowers.segment])
            if n:
                subject = f"{facility.name}/{borrowers.segment}"
                yield _event(scheme, -1, subject, "n_opening", n)
                yield _event(scheme, -1, subject, "opening", principal)
    for drawn in scheme.drawn:
        yield _event(scheme, -1, drawn.name, "drawn", float(monthly.at_ends(drawn_record(drawn.name))[0]))


def _opening_of(facility: Facility, segment: Segment) -> tuple[int, float]:
    """Return number and outstanding principal [yuan] of a book's loans before the first month."""
    shares = segment.outstanding_share or (1.0,) * segment.term_months
    stocks = [stock for stock in facility.opening if stock.segment == segment.name]
    n = sum(stock.n_loans for stock in stocks)
    principal = math.fsum(
        stock.n_loans * segment.bands[stock.band].principal * shares[-stock.months_left] for stock in stocks
    )
    tape = facility.tape
    if tape is not None and segment.name in tape.segments:
        mine = tape.segment == tape.segments.index(segment.name)
        n += int(np.count_nonzero(mine))
        principal += math.fsum(tape.principal[mine])
    return n, principal


def _gains(scheme: Scheme, monthly: Monthly) -> Iterator[Event]:
    """Yield what flows that are no money gained; sums of stocks have no step and no events."""
    for name, noun, record, subject in traced_records_of(scheme):
        if record.nature is not Nature.FLOW:
            continue
        if noun is Breaker:
            yield from _switching(scheme, subject, monthly[name] > 0.0)
        elif record.step is not None:
            gains = monthly[name]
            for month in np.flatnonzero(gains):
                yield _event(scheme, int(month), subject, event_name(noun, record), float(gains[month]))


def _switching(scheme: Scheme, breaker: str, on: np.ndarray) -> Iterator[Event]:
    """Yield when a breaker, which was on in these months, fired and was lifted."""
    before = False
    for month in range(scheme.window.months):
        if on[month] != before:
            yield _event(scheme, month, breaker, "fired" if on[month] else "lifted", 1.0)
        before = bool(on[month])


def _firsts(scheme: Scheme, monthly: Monthly) -> Iterator[Event]:
    """Yield what happened to a party for the first time."""
    for name, noun, record, subject in traced_records_of(scheme):
        if record.nature is Nature.MONTH and record.step is not None:
            month = monthly.at_ends(name)[-1]
            if math.isfinite(month):
                yield _event(scheme, int(month), subject, event_name(noun, record), 1.0)
