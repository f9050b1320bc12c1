"""What the parts of an .xlsx file say that its values don't: formats, hidden rows, errors, empty formulas.

Only names and attributes are looked for, in the text of the parts: nothing in them is followed or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

__all__ = ["Marks", "has_1904_dates", "marks_of", "percent_styles", "sheet_paths"]

_TOKEN = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c(?P<cell>(?:\s[^>]*?)?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)",
    re.DOTALL,
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>(.*?)</", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_PERCENT_FORMATS = {"9", "10"}
"""Numbers of the formats 0% and 0.00%, which every workbook has."""
Cell = tuple[int, int]
"""Row and column, counted from 1."""


@dataclass(slots=True)
class Marks:
    """What a sheet says of its cells."""

    hidden: set[int] = field(default_factory=set)
    """Rows that are hidden."""
    errors: dict[Cell, str] = field(default_factory=dict)
    """Cells that hold an error, such as #N/A."""
    hollow: set[Cell] = field(default_factory=set)
    """Cells with a formula whose value was not stored."""
    percent: set[Cell] = field(default_factory=set)
    """Cells that show percentages."""
    rows: int = 0
    columns: int = 0
    """Largest row and column with content."""


def _attribute(tag: bytes, name: str) -> str | None:
    found = re.search(rb"(?:^|\s)(?:\w+:)?" + name.encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if found is None:
        return None
    value = found[1] if found[1] is not None else found[2]
    return unescape(value.decode("utf-8", errors="replace"))


def _tags(part: bytes, name: str) -> list[bytes]:
    return re.findall(rb"<(?:\w+:)?" + name.encode() + rb"(\s[^>]*)>", part)


def sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by its name, in the order of the workbook."""
    relations = parts.get("xl/_rels/workbook.xml.rels", b"")
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target") or "" for tag in _tags(relations, "Relationship")
    }
    found = {}
    for tag in _tags(parts["xl/workbook.xml"], "sheet"):
        target = targets.get(_attribute(tag, "r:id") or _attribute(tag, "id"), "")
        found[_attribute(tag, "name") or ""] = target[1:] if target.startswith("/") else f"xl/{target}"
    return found


def has_1904_dates(parts: Mapping[str, bytes]) -> bool:
    """Return whether days are counted from 1904, as old versions of Excel for the Mac did."""
    return any(
        _attribute(tag, "date1904") in ("1", "true") for tag in _tags(parts["xl/workbook.xml"], "workbookPr")
    )


def percent_styles(parts: Mapping[str, bytes]) -> set[str]:
    """Return the numbers of the cell styles that show percentages."""
    styles = parts.get("xl/styles.xml", b"")
    shows = set(_PERCENT_FORMATS)
    for tag in _tags(styles, "numFmt"):
        code = re.sub(r'"[^"]*"|\\.', "", _attribute(tag, "formatCode") or "")
        if "%" in code:
            shows.add(_attribute(tag, "numFmtId") or "")
    cells = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    formats = [] if cells is None else _tags(cells[0], "xf")
    return {str(number) for number, tag in enumerate(formats) if _attribute(tag, "numFmtId") in shows}


def marks_of(part: bytes, percent: set[str]) -> Marks:
    """Return what a sheet's part says of its cells, given the styles of percentages."""
    marks = Marks()
    row, column = 0, 0
    for found in _TOKEN.finditer(part):
        if found["row"] is not None:
            number = _attribute(found["row"], "r")
            row, column = int(number) if number and number.isdecimal() else row + 1, 0
            if _attribute(found["row"], "hidden") in ("1", "true"):
                marks.hidden.add(row)
            continue
        place = _ADDRESS.fullmatch(_attribute(found["cell"], "r") or "")
        row, column = (int(place[2]), _number(place[1])) if place else (row, column + 1)
        if found["body"]:
            _mark(marks, (row, column), found["cell"], found["body"], percent)
    return marks


def _mark(marks: Marks, at: Cell, tag: bytes, body: bytes, percent: set[str]) -> None:
    value = _VALUE.search(body)
    marks.rows, marks.columns = max(marks.rows, at[0]), max(marks.columns, at[1])
    kind = _attribute(tag, "t")
    if kind == "e":
        marks.errors[at] = unescape(value[1].decode("utf-8", errors="replace")) if value else "#N/A"
    elif kind != "str" and not (value and value[1]) and _FORMULA.search(body):
        marks.hollow.add(at)
    if percent and _attribute(tag, "s") in percent:
        marks.percent.add(at)


def _number(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
