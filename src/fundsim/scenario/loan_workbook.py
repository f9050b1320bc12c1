"""Reads a sheet of a workbook as columns of texts, so that it holds what a CSV file can hold.

Title rows above the headings are passed, with the unit that they state; merged headings and segments count
for all their cells; hidden rows are read.  What was done so is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pyarrow as pa

from fundsim.errors import cell_name, counted
from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_columns import DUE, MAX_LOANS
from fundsim.scenario.loan_faults import Faults, RowFault, note
from fundsim.scenario.loan_header import TOP, Layout, Record, check_header, find_header, is_header
from fundsim.scenario.loan_read import Asked, Note, Read, with_aside
from fundsim.scenario.nodes import shown
from fundsim.scenario.spelling import nearest
from fundsim.scenario.workbook import NoWorkbook, Sheet, Workbook, cell_text

__all__ = ["read_workbook"]

MAX_UNPACKED = 256 << 20
"""Largest workbook once it is unpacked [bytes]."""
_UNIT = re.compile("(百万|千万|千|万|亿)?元")
_SINCE_1904 = timedelta(days=1462).days
"""Days between the two starts from which spreadsheets count."""
_HOLLOW: Message = (
    "a formula whose value was not stored",
    "open the workbook in Excel or WPS and save it, or write the value",
    "公式没有存储计算结果", "请用 Excel 或 WPS 打开后保存，或直接写数值",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet, with the row that names its columns."""

    sheet: Sheet
    header: int
    """Its position in the rows."""
    positions: tuple[int, ...]
    """Positions of the columns that have a heading or hold something."""
    names: tuple[str, ...]

    def text(self, row: int, column: int) -> str:
        """Return a cell as text."""
        percent = (row + 1, column + 1) in self.sheet.marks.percent
        return cell_text(self.sheet.rows[row][column], percent=percent)


def read_workbook(data: bytes, asked: Asked, faults: Faults) -> Read | None:
    """Return the columns of a sheet and the row of each loan, or None after reporting why there is none."""
    try:
        book = Workbook(data, MAX_UNPACKED)
        found = _sheet_of(book, asked.sheet)
    except NoWorkbook as refused:
        faults.append(RowFault(0, "", None, refused.message))
        return None
    if isinstance(found, RowFault):
        faults.append(found)
        return None
    own: Faults = []
    table = _table(found, own)
    layout = None if table is None else _layout(table, asked, own)
    if table is None or layout is None:
        columns = {} if table is None else dict(zip(table.names, table.positions, strict=True))
        faults += [_in_sheet(fault, found.name, columns) for fault in own]
        return None
    if len(found.rows) - table.header - 1 > MAX_LOANS:
        faults.append(RowFault(0, "", None, (f"more than {MAX_LOANS:,} rows", "delete what is no loan",
                                             f"超过 {MAX_LOANS:,} 行", "请删去不是贷款的行")))  # fmt: skip
        return None
    read = _columns(table, layout, own, is_1904=book.has_1904_dates)
    faults += own
    several = [name for name in book.names if name != found.name]
    sheet: list[Note] = [(f"sheet {shown(found.name)}", f"工作表“{shown(found.name)}”")] if several else []
    return replace(read, notes=(*sheet, *read.notes))


def _in_sheet(fault: RowFault, sheet: str, columns: dict[str, int]) -> RowFault:
    at = columns.get(fault.column, min(columns.values(), default=0)) + 1
    return replace(fault, sheet=sheet, character=at if fault.line else 0)


def _sheet_of(book: Workbook, asked: str | None) -> Sheet | RowFault:
    """Return the sheet that is asked for, or the first one if only it has a table of loans."""
    names = ", ".join(shown(name) for name in book.names)
    if asked is not None:
        if asked in book.names:
            return book.sheet(asked)
        hint = nearest(asked, book.names)
        return RowFault(0, "tape_sheet", asked, (
            "the workbook has no such sheet", f"did you mean {hint}?" if hint else f"sheets: {names}",
            "工作簿没有这个工作表", f"是否想写 {hint}？" if hint else f"已有：{names}"))  # fmt: skip
    sheets = [book.sheet(name) for name in book.names]
    filled = [sheet for sheet in sheets if any(any(map(cell_text, row)) for row in sheet.rows)]
    if not filled:
        return sheets[0] if sheets else RowFault(0, "", None, (
            "the workbook has no sheet", "save it again", "工作簿没有工作表", "请重新保存"))  # fmt: skip
    tables = [sheet for sheet in filled if any(is_header(record.names) for record in _top(sheet))]
    if len(filled) == 1 or tables == filled[:1]:
        return filled[0]
    meant = tables[0].name if len(tables) == 1 else filled[0].name
    names = ", ".join(shown(sheet.name) for sheet in filled)
    return RowFault(0, "", None, (
        f"the workbook has several sheets: {names}", f"say which one, such as tape_sheet: {shown(meant)}",
        f"工作簿有几个工作表：{names}", f"请写明用哪一个，如 tape_sheet: {shown(meant)}"))  # fmt: skip


def _top(sheet: Sheet) -> list[Record]:
    """Return the first rows with their merged cells filled: where headings are looked for."""
    texts = [[cell_text(cell) for cell in row] for row in sheet.rows[:TOP]]
    for (top, left), (bottom, right) in sheet.merged:
        for row in range(top, min(bottom + 1, len(texts))):
            for column in range(left, min(right + 1, len(texts[row]))):
                texts[row][column] = texts[top][left]
    return [Record(number, tuple(row), number) for number, row in enumerate(texts, start=1)]


def _table(sheet: Sheet, faults: Faults) -> _Table | None:
    """Return the table of a sheet, or None after reporting that no row names columns."""
    top = _top(sheet)
    found: Faults = []
    header = find_header(top, found)
    if header is None:
        faults += found
        return None
    row = header.line - 1
    # Headings may take several rows: those of a range that is merged downwards end in its last.
    for (first, _), (last, _) in sorted(sheet.merged):
        if first <= row < last < len(top):
            row = last
    names = top[row].names
    filled = [
        column
        for column, name in enumerate(names)
        if name or any(cell_text(cells[column]) for cells in sheet.rows[row + 1 :])
    ]
    return _Table(sheet, row, tuple(filled), tuple(names[column] for column in filled))


def _layout(table: _Table, asked: Asked, faults: Faults) -> Layout | None:
    """Return the columns that are used, with the unit of a title where no heading states one."""
    layout = check_header(table.names, table.header + 1, faults)
    if layout is None:
        return None
    stated = dict(_stated(table))
    use = next((use for use in layout.uses if use.column == "principal"), None)
    if not stated or use is None or use.has_unit:
        return layout
    units = set(stated) | ({asked.unit} if asked.unit else set())
    if len(units) > 1:
        listed, listed_zh = ", ".join(sorted(units)), "、".join(sorted(units))
        faults.append(RowFault(table.header + 1, use.heading, None, (
            f"titles and tape_unit state several units: {listed}", "write the unit in this heading",
            f"标题与 tape_unit 写有几个单位：{listed_zh}", "请在该列表头写明单位")))  # fmt: skip
        return None
    unit = next(iter(stated))
    named = replace(use, ending=unit.removesuffix("元"), has_unit=True)
    return replace(layout, uses=tuple(named if one is use else one for one in layout.uses))


def _stated(table: _Table) -> Iterator[tuple[str, str]]:
    """Yield the units of amounts that stand above the headings, with their cells."""
    for row in range(table.header):
        for column, cell in enumerate(table.sheet.rows[row]):
            if isinstance(cell, str):
                for found in _UNIT.finditer(cell):
                    if found[1] or re.search("单位[:： ]*(?:人民币)?元", cell):
                        yield found[0], cell_name(row + 1, column + 1)


def _columns(table: _Table, layout: Layout, faults: Faults, *, is_1904: bool) -> Read:
    """Return the columns of a table; rows with a cell that can't be read are reported and left out."""
    rows = range(table.header + 1, len(table.sheet.rows))
    positions = {use.column: table.positions[use.position] for use in layout.uses}
    bad = {
        row for name, column in positions.items() for row in _unreadable(table, name, column, rows, faults)
    }
    kept = [row for row in rows if row not in bad]
    if is_1904 and DUE in positions:
        _count_from_1900(table, positions[DUE], kept)
    columns = [pa.chunked_array([_texts(table, column, kept)]) for column in table.positions]
    if "segment" in positions:
        at = table.positions.index(positions["segment"])
        columns[at] = pa.chunked_array([_filled(table, positions["segment"], kept, columns[at])])
    cells = with_aside({use.column: columns[use.position] for use in layout.uses}, columns, layout)
    return Read(
        cells,
        np.array(kept, dtype=np.int64) + 1,
        layout,
        tuple(_said(table, kept)),
        table.sheet.name,
        {name: column + 1 for name, column in positions.items()},
    )


def _texts(table: _Table, column: int, rows: Sequence[int]) -> pa.Array:
    return pa.array([table.text(row, column) for row in rows], pa.string())


def _filled(table: _Table, column: int, rows: Sequence[int], texts: pa.ChunkedArray) -> pa.Array:
    """Return the segments, one that is merged over several rows in each of them."""
    found = dict(zip(rows, texts.to_pylist(), strict=True))
    for (first, left), (last, _) in table.sheet.merged:
        if left == column and first > table.header:
            found.update({row: table.text(first, column) for row in range(first, last + 1) if row in found})
    return pa.array(list(found.values()), pa.string())


def _unreadable(table: _Table, name: str, column: int, rows: Sequence[int], faults: Faults) -> Iterator[int]:
    """Yield the rows of a column's cells that hold an error, or a formula without a value; report them."""
    marks = table.sheet.marks
    at = {(row + 1, column + 1): row for row in rows} if marks.errors or marks.hollow else {}
    wrong = np.array(
        sorted(row for cell, row in at.items() if cell in marks.errors or cell in marks.hollow), int
    )

    def describe(row: int) -> RowFault:
        error = marks.errors.get((row + 1, column + 1))
        if error is None:
            return RowFault(row + 1, name, None, _HOLLOW)
        return RowFault(row + 1, name, shown(error), (
            "the cell holds an error", "correct its formula, or write the value",
            "单元格为错误值", "请改正公式，或直接写数值"))  # fmt: skip

    note(faults, wrong, describe)
    yield from wrong.tolist()


def _count_from_1900(table: _Table, column: int, rows: Sequence[int]) -> None:
    """Make days that are counted from 1904, and shown as plain numbers, days counted from 1900."""
    for row in rows:
        value = table.sheet.rows[row][column]
        if isinstance(value, float) and value < 100_000:
            table.sheet.rows[row][column] = value + _SINCE_1904


def _said(table: _Table, rows: Sequence[int]) -> Iterator[Note]:
    for unit, cell in dict(_stated(table)).items():
        yield f"unit {unit} from {cell}", f"单位{unit}取自 {cell}"
    hidden = sum(row + 1 in table.sheet.marks.hidden for row in rows)
    if hidden:
        yield f"{counted(hidden, 'hidden row')} read too", f"含 {hidden:,} 个隐藏行"
