"""Where the inputs of two scenarios differ, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.report.grid import Grid, Line
from fundsim.report.texts import Language, word
from fundsim.scenario.explain import Difference, origin_text, value_text
from fundsim.scenario.explain import Line as Value
from fundsim.scenario.nodes import shown

__all__ = ["changes_grid", "changes_headings", "changes_rows"]

_WIDEST = 48
"""Characters of a value that a table shows; JSON gives all of it."""


def changes_headings(left: str, right: str, lang: Language) -> tuple[str, ...]:
    """Return the headings of the table, from what the two scenarios are called."""
    source = word("source", lang)
    return word("key", lang), left, source, right, source


def changes_rows(found: Sequence[Difference], lang: Language) -> list[tuple[str, ...]]:
    """Return a row for each key: its value and where it came from, on both sides."""
    return [(d.key, *_side(d.left, lang), *_side(d.right, lang)) for d in found]


def changes_grid(found: Sequence[Difference], left: str, right: str, lang: Language) -> Grid:
    """Return the table for a console."""
    lines = [Line(row) for row in changes_rows(found, lang)]
    return Grid(changes_headings(left, right, lang), lines)


def _side(value: Value | None, lang: Language) -> tuple[str, str]:
    if value is None:
        return word("(none)", lang), ""
    return shown(value_text(value.value, lang), _WIDEST), origin_text(value.origin, lang)
