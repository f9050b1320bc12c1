"""Reads a CSV file as columns of texts, and knows the line of each row.

A file without a quote goes to pyarrow as it is.  One with quotes first goes through Python's strict
reader, which distinguishes what is quoted from what is not, and is written without quotes: cells
separated by a character that no text can hold.  So both have the same rows, faults and lines.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from fundsim.scenario.encoding import text_of
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.loan_cells import MOST_CHARACTERS, TOO_LONG, Cells, check_lengths
from fundsim.scenario.loan_faults import TAKES_IN_ROWS, Faults, RowFault, note, takes_in_rows
from fundsim.scenario.loan_header import Record, check_header, find_header
from fundsim.scenario.loan_totals import TOTALS, names_total

__all__ = ["read_csv"]

# Control characters have been reported and made blanks when a text comes here.
_SEPARATOR, _BREAK = "\x1f", "\x1e"
_AT_A_TIME = 1000
"""Quoted rows that are read at a time."""
_TOP = 20
"""Rows among which the header is looked for."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows without quotes."""

    content: bytes
    separator: str
    lines: NDArray[np.int64] | None
    """Line of each row; None where each row is a line."""


def read_csv(data: bytes, faults: Faults) -> tuple[Cells, NDArray[np.int64]] | None:
    """Return the columns of a CSV file and the line of each row, or None if it has no header."""
    if data.startswith(_WORKBOOKS):
        faults.append(RowFault(0, "", None, (
            "this is a workbook under another name", "save it in Excel as CSV UTF-8",
            "这是改了扩展名的工作簿", "请在 Excel 中另存为 CSV UTF-8")))  # fmt: skip
        return None
    found = FaultList()
    text = text_of(data, "", found)
    faults += [RowFault(f.line, f.key, f.value, (f.problem, f.fix, f.problem_zh, f.fix_zh), 1, f.column)
               for f in found.sorted()]  # fmt: skip
    if text is None:
        return None
    content = text.encode("utf-8")
    header = _header(content, faults)
    if header is None:
        return None
    body = content[_offset(content, header.end) :]
    rows = _Rows(body, ",", None)
    if b'"' in body:
        rows = _without_quotes(body, header, faults)
    table, lines = _table(rows, header, faults)
    cells = {name: _texts(table.column(name), rows) for name in header.names}
    for name, column in cells.items():
        check_lengths(name, column, lines, faults)
    return cells, lines


def _texts(column: pa.ChunkedArray, rows: _Rows) -> pa.ChunkedArray:
    if _BREAK.encode() in rows.content:
        column = pc.replace_substring(column, _BREAK, "\n")
    return pc.utf8_trim_whitespace(column)


def _reader(content: bytes) -> Any:
    # The stream splits lines at \n alone, as the line numbers do, and holds one line at a time.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="\n")
    return csv.reader(lines, strict=True, skipinitialspace=True)


def _header(content: bytes, faults: Faults) -> Record | None:
    """Return the row that names the columns, or None after reporting why it can't be used."""
    top: list[Record] = []
    reader = _reader(content)
    try:
        for cells in islice(reader, _TOP):
            start = top[-1].end + 1 if top else 1
            top.append(Record(start, tuple(cell.strip() for cell in cells), reader.line_num))
    except csv.Error:
        # Behind the header it is found again with the rows.
        if find_header(top, []) is None:
            faults.append(_misquoted(content, top[-1].end if top else 0, 1))
            return None
    header = find_header(top, faults)
    if header is None or not check_header(header.names, header.line, faults):
        return None
    return header


def _offset(content: bytes, lines: int) -> int:
    """Return where the line after the first ones begins."""
    at = 0
    for _ in range(lines):
        at = content.find(b"\n", at) + 1 or len(content)
    return at


def _without_quotes(body: bytes, header: Record, faults: Faults) -> _Rows:
    """Return rows without their quotes, as far as the quotes are right."""
    rows: list[str] = []
    heights: list[NDArray[np.int64]] = []
    reader, below, some, right = _reader(body), header.end + 1, [[""]], True
    while some and right:
        some, right = _some(reader)
        height = np.ones(len(some), dtype=np.int64)
        if not right or reader.line_num != below - header.end - 1 + len(some):
            height += np.array([sum(cell.count("\n") for cell in cells) for cells in some], dtype=np.int64)
            top = below + np.cumsum(height) - height
            for row in np.flatnonzero(height > 1):
                some[row] = _in_one_line(some[row], int(top[row]), len(header.names), faults)
        rows.extend(map(_SEPARATOR.join, some))
        heights.append(height)
        below += int(height.sum())
    if not right:
        faults.append(_misquoted(body, below - header.end - 1, header.end + 1))
    rows.append("")
    lines = np.cumsum(np.concatenate([[header.end + 1], *heights]))[:-1]
    return _Rows("\n".join(rows).encode("utf-8"), _SEPARATOR, lines)


def _some(reader: Any) -> tuple[list[list[str]], bool]:
    """Return the next rows, up to one whose quotes are wrong, and whether there is none."""
    some: list[list[str]] = []
    try:
        some.extend(islice(reader, _AT_A_TIME))
    except csv.Error:
        # The rows before it are in the list.
        return some, False
    return some, True


def _in_one_line(cells: list[str], line: int, columns: int, faults: Faults) -> list[str]:
    """Return a row with the line breaks in its cells marked; nothing if a cell takes in other rows."""
    # Two quotes left open in two rows make one cell: without them each line would be a row.
    as_rows = [part.count(",") + 1 for part in ",".join(cells).split("\n")]
    merged = as_rows.count(columns) > 1
    for cell in cells:
        if takes_in_rows(cell, columns) or (merged and "\n" in cell):
            faults.append(RowFault(line, "", None, TAKES_IN_ROWS))
            return []
        line += cell.count("\n")
    return [cell.replace("\n", _BREAK) for cell in cells]


def _misquoted(content: bytes, lines: int, first: int) -> RowFault:
    """Return the fault of the row after some lines, which can't be split into cells."""
    text = content[_offset(content, lines) :].decode("utf-8")
    at = 0
    while True:
        start = opening = at
        while text[opening : opening + 1] == " ":
            opening += 1
        if text[opening : opening + 1] == '"':
            at, message = _quoted(text, opening)
        else:
            at, message = _bare(text, start)
        if message or text[at : at + 1] != ",":
            break
        at += 1
    line = first + lines + text.count("\n", 0, opening)
    return RowFault(line, "", None, message or TOO_LONG, 1, opening - text.rfind("\n", 0, opening))


def _quoted(text: str, opening: int) -> tuple[int, Message | None]:
    """Return where a quoted cell ends, and what is wrong with it."""
    end = text.find('"', opening + 1)
    while end >= 0 and text[end + 1 : end + 2] == '"':
        end = text.find('"', end + 2)
    if end < 0:
        return len(text), ("a quote opens here and is never closed", "close it, or delete it",
                           "此处的引号没有右引号", "请补上右引号，或删去该引号")  # fmt: skip
    if text[end + 1 : end + 2] not in ("", ",", "\n"):
        below = text.count("\n", opening, end)
        there = {0: "", 1: " in the next line"}.get(below, f" {below} lines below")
        there_zh = f"在下方第 {below} 行" if below else ""
        return end, (
            f"a quote opens here and closes{there} in the middle of a cell",
            "close it at the end of its cell; double a quote inside a cell",
            f"此处的引号{there_zh}在单元格中间结束", "请在单元格末尾写右引号；单元格内的引号请写两次",
        )  # fmt: skip
    return end + 1, TOO_LONG if end - opening > MOST_CHARACTERS else None


def _bare(text: str, start: int) -> tuple[int, Message | None]:
    """Return where a cell without quotes ends, and what is wrong with it."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    comma = text.find(",", start, line_end)
    end = line_end if comma < 0 else comma
    return end, TOO_LONG if end - start > MOST_CHARACTERS else None


def _table(rows: _Rows, header: Record, faults: Faults) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows that have a cell for each column, and their lines; report the others."""
    names = list(header.names)
    text = pa.string()
    if not rows.content:
        return pa.table({name: pa.array([], text) for name in names}), np.zeros(0, dtype=np.int64)
    odd: list[tuple[int, int]] = []
    totals: set[int] = set()
    blank: list[int] = []

    def skip(row: Any) -> str:
        if row.text is not None and not row.text.replace(rows.separator, "").strip():
            blank.append(row.number)
        else:
            odd.append((row.number, row.actual_columns))
            if row.text is not None and names_total(row.text.split(rows.separator)):
                totals.add(row.number)
        return "skip"

    table = pa_csv.read_csv(
        pa.py_buffer(rows.content),
        # One thread: only then the reader knows the numbers of bad rows.  One block: no row is cut in two.
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=len(rows.content) + 1, column_names=names
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=rows.separator, quote_char=False, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, text), strings_can_be_null=False
        ),
    )
    count = len(table) + len(odd) + len(blank)
    lines = np.arange(count) + header.end + 1 if rows.lines is None else rows.lines

    def describe(i: int) -> RowFault:
        row, values = odd[i]
        line = int(lines[row - 1])
        return RowFault(line, "", None, TOTALS) if row in totals else _ragged(line, values, len(names))

    note(faults, np.arange(len(odd)), describe)
    left_out = np.array(blank + [number for number, _ in odd], dtype=np.int64) - 1
    return table, np.delete(lines, left_out)


def _ragged(line: int, cells: int, columns: int) -> RowFault:
    values = "1 value" if cells == 1 else f"{cells} values"
    return RowFault(line, "", None, (
        f"{values} in a row of {columns} columns",
        "write one value a column; put a value with a comma in quotes",
        f"该行有 {cells} 个值，而表头有 {columns} 列", "请每列写一个值；含逗号的值请加引号"))  # fmt: skip
