"""Which columns of a report's table hold numbers, and how wide each has to be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fundsim.report.folding import cells, least_width
from fundsim.report.sheets import Sheet

__all__ = ["numeric_columns", "share_out"]

NUMBER = re.compile(r"\s*[≥≤<>±+\-−–]?\s*[\d.,]+")
LONGEST_NUMBER = 26
"""Cells of a console that a number takes at most, with unit or as an interval."""
LEAST, MOST = 12, 36
"""Least width of a column of words [cells of a console], and the most that it needs."""


def numeric_columns(sheet: Sheet) -> frozenset[int]:
    """Return the columns that hold nothing but numbers, apart from blanks and dashes."""
    words = 2 if sheet.with_unit else 1
    return frozenset(c for c in range(words, len(sheet.headings)) if _all_numbers(sheet, c))


def _all_numbers(sheet: Sheet, column: int) -> bool:
    said = [row.cells[column] for row in sheet.rows if row.cells[column] not in ("", "–")]
    return bool(said) and all(NUMBER.match(text) and cells(text) <= LONGEST_NUMBER for text in said)


def share_out(sheet: Sheet, room: float) -> list[float] | None:
    """Return the widths of the columns [cells of a console], which fill a room; None where it is too small.

    A number stands on one line.  Columns of words share what numbers leave, by the length of their texts.
    """
    numbers = numeric_columns(sheet)
    columns = range(len(sheet.headings))
    natural = [max(map(_longest, [sheet.headings[c], *_texts(sheet, c)])) for c in columns]
    fixed = {c: max([least_width(sheet.headings[c]), *map(cells, _texts(sheet, c))]) for c in numbers}
    words = [c for c in columns if c not in numbers]
    least = {c: min(natural[c], max(LEAST, min(MOST, -(-natural[c] // 3)))) for c in words}
    spare = room - sum(fixed.values()) - sum(least.values())
    if spare < 0:
        return None
    wish = {c: natural[c] - least[c] for c in words}
    if sum(wish.values()) <= spare:  # all stand on one line, and the rest is shared by everyone
        more = (spare - sum(wish.values())) / len(columns)
        return [(fixed[c] if c in fixed else natural[c]) + more for c in columns]
    part = spare / sum(wish.values())
    return [fixed[c] if c in fixed else least[c] + part * wish[c] for c in columns]


def _texts(sheet: Sheet, column: int) -> Sequence[str]:
    return [row.cells[column] for row in sheet.rows]


def _longest(text: str) -> int:
    return max(map(cells, text.split("\n")))
