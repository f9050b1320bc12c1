"""Top-ups as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundsim.core.pack.record_arrays import table
from fundsim.core.pack.record_types import record
from fundsim.scheme import Line, Scheme

if TYPE_CHECKING:
    from fundsim.core.pack.nouns import Rows

__all__ = ["WORK", "pack"]

TOP_UP = record("line", "below to year_limit")
WORK = record(reals="paid_year")
"""Paid in this policy year."""


def pack(scheme: Scheme, rows: Rows) -> Any:
    """Return the top-ups in the order of the scheme."""
    rules = scheme.top_ups
    return table(
        TOP_UP,
        line=[rows.line[Line(source=u.source, target=u.target, kind=u.kind)] for u in rules],
        below=[u.below for u in rules],
        to=[u.to for u in rules],
        year_limit=[u.year_limit for u in rules],
    )
