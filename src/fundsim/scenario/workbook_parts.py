"""What the parts of an .xlsx file say that its values don't: formats, hidden rows, errors, empty formulas.

Only names and attributes are looked for, in the text of the parts: nothing in them is followed or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape

__all__ = ["Marks", "has_1904_dates", "marks_of", "percent_styles", "sheet_paths"]

# No pattern looks beyond the next tag: what a hostile part holds is read once, however it is written.
_TAG = re.compile(rb"<(?:\w+:)?(?:(?P<row>row)|c)(?P<tag>[\s/][^<>]*)?>")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^<>]*)?>([^<]*)")
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
    if name.encode() not in tag:
        return None
    found = _pattern(name).search(tag)
    if found is None:
        return None
    value = found[1] if found[1] is not None else found[2]
    text = value.decode("utf-8", errors="replace")
    return unescape(text) if "&" in text else text


@cache
def _pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?:^|\s)(?:\w+:)?" + name.encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _tags(part: bytes, name: str) -> list[bytes]:
    return re.findall(rb"<(?:\w+:)?" + name.encode() + rb"(\s[^<>]*)>", part)


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
    cells = re.split(rb"</?(?:\w+:)?cellXfs[^<>]*>", styles, maxsplit=2)
    formats = _tags(cells[1], "xf") if len(cells) > 1 else []
    return {str(number) for number, tag in enumerate(formats) if _attribute(tag, "numFmtId") in shows}


def marks_of(part: bytes, percent: set[str]) -> Marks:
    """Return what a sheet's part says of its cells, given the styles of percentages."""
    marks = Marks()
    row, column = 0, 0
    tags = _TAG.finditer(part)
    found = next(tags, None)
    while found is not None:
        # What is in a cell ends where the next begins.
        following = next(tags, None)
        tag = found["tag"] or b""
        if found["row"]:
            number = _attribute(tag, "r")
            row, column = int(number) if number and number.isdecimal() else row + 1, 0
            if _attribute(tag, "hidden") in ("1", "true"):
                marks.hidden.add(row)
        else:
            place = _ADDRESS.fullmatch(_attribute(tag, "r") or "")
            row, column = (int(place[2]), _number(place[1])) if place else (row, column + 1)
            body = b"" if tag.endswith(b"/") else part[found.end() : following.start() if following else None]
            if b"<" in body:
                _mark(marks, (row, column), tag, body, percent)
        found = following
    return marks


def _mark(marks: Marks, at: Cell, tag: bytes, body: bytes, percent: set[str]) -> None:
    value = _VALUE.search(body)
    is_hollow = not (value and value[1]) and _FORMULA.search(body) is not None
    if value is None and not is_hollow:
        return
    marks.rows, marks.columns = max(marks.rows, at[0]), max(marks.columns, at[1])
    kind = _attribute(tag, "t")
    if kind == "e":
        marks.errors[at] = unescape(value[1].decode("utf-8", errors="replace")) if value else "#N/A"
    elif is_hollow and kind != "str":
        marks.hollow.add(at)
    if percent and _attribute(tag, "s") in percent:
        marks.percent.add(at)


@cache
def _number(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
