"""Reads a CSV file as columns of texts, and knows the line of each row.

pyarrow reads a file without quotes, and one whose quotes each open or close a whole cell of one line,
as programs write them.  Any other file goes through Python's strict reader, which finds the
quotes that are wrong.  Both have the same rows, faults and lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from fundsim.errors import counted
from fundsim.scenario.encoding import gb18030_text, text_of, unknown_bytes
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.loan_cells import MOST_CHARACTERS, TOO_LONG, check_lengths
from fundsim.scenario.loan_faults import TAKES_IN_ROWS, Faults, RowFault, note, takes_in_rows
from fundsim.scenario.loan_header import TOP, Layout, Record, check_header, find_header
from fundsim.scenario.loan_read import Read, with_aside
from fundsim.scenario.loan_totals import TOTALS, names_total

__all__ = ["read_csv"]

_AT_A_TIME = 500
"""Rows that the strict reader reads at a time: fewer new lists than start Python's garbage collector."""
_CELL = re.compile('(?:^|,)(?:"([^"]*)"|([^,]*))')
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class _OddRows:
    """The rows of a file that don't have a cell for each column."""

    columns: int
    cells: list[int] = field(default_factory=list)
    """Number of cells of each row that is a fault."""
    lines: list[int] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    """Lines of those that look like totals."""

    def add(self, line: int, cells: list[str]) -> None:
        if any(cell.strip() for cell in cells):
            self.cells.append(len(cells))
            self.lines.append(line)
            if names_total(cells):
                self.totals.add(line)

    def describe(self, row: int) -> RowFault:
        line, cells = self.lines[row], self.cells[row]
        if line in self.totals:
            return RowFault(line, "", None, TOTALS)
        return RowFault(line, "", None, (
            f"{counted(cells, 'value')} in a row of {counted(self.columns, 'column')}",
            "write one value a column; put a value with a comma in quotes",
            f"该行有 {cells} 个值，而表头有 {self.columns} 列",
            "请每列写一个值；含逗号的值请加引号"))  # fmt: skip


def read_csv(data: bytes, faults: Faults) -> Read | None:
    """Return the columns of a CSV file and the line of each row, or None if it has no header."""
    if data.startswith(_WORKBOOKS):
        faults.append(RowFault(0, "", None, (
            "this is a workbook under another name", "save it in Excel as CSV UTF-8",
            "这是改了扩展名的工作簿", "请在 Excel 中另存为 CSV UTF-8")))  # fmt: skip
        return None
    chinese = gb18030_text(data)
    at = None if chinese is not None else unknown_bytes(data)
    if at is not None:
        faults.append(RowFault(at[0], "", None, (
            "bytes that are neither UTF-8 nor GB18030", "save the file in Excel as CSV UTF-8",
            "含有既非 UTF-8 也非 GB18030 的字节", "请在 Excel 中另存为 CSV UTF-8"), 1, at[1]))  # fmt: skip
        return None
    text = _text(data if chinese is None else chinese.encode("utf-8"), faults)
    if text is None:
        return None
    content = text.encode("utf-8")
    found = _header(content, faults)
    if found is None:
        return None
    header, layout = found
    body = content[_offset(content, header.end) :]
    odd = _OddRows(len(header.names))
    if _has_regular_quotes(body):
        table, lines = _by_pyarrow(body, header, odd)
    else:
        table, lines = _by_strict_reader(body, header, odd, faults)
    note(faults, np.arange(len(odd.lines)), odd.describe)
    trimmed = [pc.utf8_trim_whitespace(column) for column in table.columns]
    cells = with_aside({use.column: trimmed[use.position] for use in layout.uses}, trimmed, layout)
    for use in layout.uses:
        check_lengths(use.column, cells[use.column], lines, faults)
    notes = () if chinese is None else (("read as GB18030", "按 GB18030 编码读取"),)
    return Read(cells, lines, layout, notes)


def _text(data: bytes, faults: Faults) -> str | None:
    """Return the text of a file whose encoding is known; report what is wrong with it."""
    found = FaultList()
    text = text_of(data, "", found)
    faults += [RowFault(f.line, f.key, f.value, (f.problem, f.fix, f.problem_zh, f.fix_zh), 1, f.column)
               for f in found.sorted()]  # fmt: skip
    return text


def _reader(content: bytes) -> Any:
    # The stream splits lines at \n alone, as the line numbers do, and holds one line at a time.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="\n")
    return csv.reader(lines, strict=True, skipinitialspace=True)


def _header(content: bytes, faults: Faults) -> tuple[Record, Layout] | None:
    """Return the row that names the columns, and which they are; None after reporting why not."""
    top: list[Record] = []
    reader = _reader(content)
    try:
        for cells in islice(reader, TOP):
            start = top[-1].end + 1 if top else 1
            top.append(Record(start, tuple(cell.strip() for cell in cells), reader.line_num))
    except csv.Error:
        # Behind the header it is found again with the rows.
        if find_header(top, []) is None:
            faults.append(_misquoted(content, top[-1].end if top else 0, 1))
            return None
    header = find_header(top, faults)
    layout = None if header is None else check_header(header.names, header.line, faults)
    return None if header is None or layout is None else (header, layout)


def _offset(content: bytes, lines: int) -> int:
    """Return where the line after the first ones begins."""
    at = 0
    for _ in range(lines):
        at = content.find(b"\n", at) + 1 or len(content)
    return at


def _has_regular_quotes(body: bytes) -> bool:
    """Return whether each quote opens or closes a whole cell that stands in one line."""
    if b'"' not in body:
        return True
    text = np.frombuffer(b"\n%b\n" % body, dtype=np.uint8)
    quotes = np.flatnonzero(text == ord('"'))
    # By induction: no cell is open before an odd quote, and the even one behind it closes the cell.
    beside = np.concatenate([text[quotes[::2] - 1], text[quotes[1::2] + 1]])
    if not ((beside == ord(",")) | (beside == ord("\n"))).all():
        return False
    # The last break, which is added here, finds a quote that is left open.
    breaks = np.flatnonzero(text == ord("\n"))
    return not (np.searchsorted(quotes, breaks) % 2).any()


def _by_pyarrow(body: bytes, header: Record, odd: _OddRows) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows that have a cell for each column, and their lines, where each row is a line."""
    if not body:
        return _columns([], _numbered(header)), np.zeros(0, dtype=np.int64)
    left_out: list[int] = []

    def skip(row: Any) -> str:
        left_out.append(row.number - 1)
        odd.add(header.end + row.number, _cells(row.text))
        return "skip"

    table = pa_csv.read_csv(
        pa.py_buffer(body),
        # One thread: only then the reader knows the numbers of bad rows.  One block: no row is cut in two.
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=len(body) + 1, column_names=_numbered(header)
        ),
        parse_options=pa_csv.ParseOptions(
            quote_char='"' if b'"' in body else False, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(_numbered(header), pa.string()), strings_can_be_null=False
        ),
    )
    lines = np.arange(len(table) + len(left_out)) + header.end + 1
    return table, np.delete(lines, left_out)


def _numbered(header: Record) -> list[str]:
    """Return a name for each column, since two that are not used may have the same heading."""
    return [str(position) for position in range(len(header.names))]


def _cells(row: str) -> list[str]:
    """Return the cells of a row whose quotes are regular, however long one is."""
    return [quoted or bare for quoted, bare in _CELL.findall(row)]


def _by_strict_reader(
    body: bytes, header: Record, odd: _OddRows, faults: Faults
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows that have a cell for each column, and their lines, up to a quote that is wrong."""
    parts, lines = [_columns([], _numbered(header))], [np.zeros(0, dtype=np.int64)]
    reader, end, right, block = _reader(body), header.end, True, [[""]]
    while block and right:
        block, right = _next_rows(reader)
        rows, starts = block, np.arange(end + 1, end + 1 + len(block))
        even = right and header.end + reader.line_num == end + len(block)
        end += len(block)
        if not even or set(map(len, block)) != {odd.columns}:
            breaks = np.array([sum(cell.count("\n") for cell in cells) for cells in block], dtype=np.int64)
            starts += np.cumsum(breaks) - breaks
            end += int(breaks.sum())
            kept = [
                row
                for row, cells in enumerate(block)
                if _is_loan(cells, int(starts[row]), bool(breaks[row]), odd, faults)
            ]
            rows, starts = [block[row] for row in kept], starts[kept]
        parts.append(_columns(rows, _numbered(header)))
        lines.append(starts)
    if not right:
        faults.append(_misquoted(body, end - header.end, header.end + 1))
    return pa.concat_tables(parts).combine_chunks(), np.concatenate(lines)


def _next_rows(reader: Any) -> tuple[list[list[str]], bool]:
    """Return the next rows, up to one whose quotes are wrong, and whether there is none."""
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, _AT_A_TIME))
    except csv.Error:
        # The rows before it are in the list.
        return rows, False
    return rows, True


def _is_loan(cells: list[str], line: int, has_breaks: bool, odd: _OddRows, faults: Faults) -> bool:
    """Return whether a row has a cell for each column; note what it is if not."""
    taken_in = _taken_in(cells, line, odd.columns) if has_breaks else None
    if taken_in is not None:
        faults.append(RowFault(taken_in, "", None, TAKES_IN_ROWS))
        return False
    if len(cells) != odd.columns:
        odd.add(line, cells)
    return len(cells) == odd.columns


def _columns(rows: list[list[str]], names: Sequence[str]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(names))


def _taken_in(cells: list[str], line: int, columns: int) -> int | None:
    """Return the line of the first cell of a row that takes in other rows."""
    # Two quotes left open in two rows make one cell: without them each line would be a row.
    as_rows = [part.count(",") + 1 for part in ",".join(cells).split("\n")]
    merged = as_rows.count(columns) > 1
    for cell in cells:
        if takes_in_rows(cell, columns) or (merged and "\n" in cell):
            return line
        line += cell.count("\n")
    return None


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
