"""Requests to bridge funds as events of a path: when each asked, was served, and came back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from fundsim.scheme import LoggedRequest, Scheme
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.tracing.dates import date_of
from fundsim.tracing.ledger_words import EVENTS
from fundsim.tracing.rows import Event

__all__ = ["request_events"]


def request_events(scheme: Scheme, requests: Iterable[LoggedRequest]) -> Iterator[Event]:
    """Yield an event for each thing that happened to a request, dated by its day of the month."""
    for one in requests:
        month = math.floor(one.day / DAYS_PER_MONTH)
        day = 1 + math.floor(one.day - month * DAYS_PER_MONTH)
        words = EVENTS[one.what]
        subject = f"{one.fund}/#{one.serial}" + (f"/{one.book}" if one.book else "")
        date = f"{date_of(scheme, month)}-{day:02d}"
        yield Event(month, date, words.step, subject, one.what, one.amount, words.unit)
