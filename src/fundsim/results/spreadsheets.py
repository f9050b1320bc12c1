"""Tables as spreadsheets read them: CSV with names in Chinese, and no text that is taken for a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

__all__ = ["Value", "csv_bytes", "harmless"]

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet takes for a formula."""
Value = str | float | bool | None
"""What a cell may hold."""


def harmless(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> harmless("=cmd()"), harmless("pool")
    ("'=cmd()", 'pool')
    """
    return f"'{text}" if text.startswith(FORMULAS) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a table as CSV; what does not exist, or is no finite number, is empty.

    The mark at the beginning lets Excel read Chinese names as UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([_written(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _written(value: Value) -> str:
    if isinstance(value, str):
        return harmless(value)
    if value is None or not math.isfinite(value):
        return ""
    return repr(value) if isinstance(value, int) else repr(float(value))
