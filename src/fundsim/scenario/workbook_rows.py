"""Reads the rows of a scenario that was filled in as a workbook: a key and a value each, at their cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fundsim.scenario.encoding import MAX_BYTES
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.nodes import Place, shown
from fundsim.scenario.spelling import nearest
from fundsim.scenario.unit_words import ENDINGS
from fundsim.scenario.workbook import NoWorkbook, Sheet, Workbook, cell_text

__all__ = ["BASE", "HEADINGS", "Cell", "Row", "Rows", "read_rows"]

MAX_UNPACKED = 64 << 20
"""Largest workbook of a scenario once it is unpacked [bytes]."""
BASE = "extends"
"""Key of the row that names the scenario over which the others are laid."""
_TOP = 20
"""Rows among which headings are looked for."""
HEADINGS = MappingProxyType(
    {
        "key": ("key", "键"),
        "meaning": ("meaning", "含义"),
        "value": ("value", "值"),
        "unit": ("unit", "单位"),
        "low": ("low", "下限"),
        "high": ("high", "上限"),
        "source": ("source", "来源"),
        "note": ("note", "备注"),
    }
)
"""Columns of such a sheet, by their headings in English and Chinese."""
_COLUMN = MappingProxyType({heading: column for column, both in HEADINGS.items() for heading in both})
_NO_TABLE: Message = (
    "no sheet has columns called key and value",
    "make a workbook to fill in with fundsim template; loans are given in a scenario by "
    "opening_stock: {tape: loans.xlsx}",
    "没有工作表含有“键”和“值”两列",
    "请用 fundsim template 生成待填写的工作簿；逐笔贷款在情景中以 opening_stock: {tape: loans.xlsx} 给出",
)
_NO_BASE: Message = (
    "the workbook does not say which scenario it changes",
    "add a row with the key extends and a scenario such as minimal for its value",
    "工作簿没有写明所改的情景", "请添加一行，键为 extends，值为情景名，如 minimal",
)  # fmt: skip
_TWO_COLUMNS: Message = ("this column stands twice", "keep one of the two", "该列重复", "请只保留一列")
_ERROR: Message = (
    "the cell holds an error", "correct its formula, or write the value",
    "单元格为错误值", "请改正公式，或直接写数值",
)  # fmt: skip
_HOLLOW: Message = (
    "a formula whose value was not stored",
    "open the workbook in Excel or WPS and save it, or write the value",
    "公式没有存储计算结果", "请用 Excel 或 WPS 打开后保存，或直接写数值",
)  # fmt: skip
_TOO_LARGE: Message = (
    "the file is larger than 1 MiB", "delete pictures and sheets that are not needed",
    "文件超过 1 MiB", "请删去不需要的图片和工作表",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, and where."""

    place: Place
    value: object
    percent: bool = False
    """Whether it shows a percentage."""

    @property
    def text(self) -> str:
        """The content as text, empty if there is none."""
        return cell_text(self.value, percent=self.percent)


@dataclass(frozen=True, slots=True)
class Row:
    """A key and what is said of it."""

    key: str
    cells: Mapping[str, Cell]
    """The cells of the columns that the sheet has."""
    ending: str
    """What plain numbers have behind them, by the row's unit."""

    @property
    def place(self) -> Place:
        """Where the key stands."""
        return self.cells["key"].place

    def cell(self, column: str) -> Cell:
        """Return the cell of a column, an empty one where the sheet has no such column."""
        return self.cells.get(column) or Cell(self.place, "")


@dataclass(slots=True)
class Rows:
    """The rows of a workbook."""

    rows: list[Row] = field(default_factory=list)
    base: Cell | None = None
    """The cell that names the scenario which is changed."""
    files: list[str] = field(default_factory=list)
    """The sheets with rows, as messages name them."""


def read_rows(data: bytes, file: str, faults: FaultList) -> Rows | None:
    """Return the rows of a workbook, or None after reporting why there are none to go on with."""
    found = Rows()
    if len(data) > MAX_BYTES:
        faults.add(Place(file, 0, 0), "", None, _TOO_LARGE)
        return None
    try:
        book = Workbook(data, MAX_UNPACKED)
        for name in book.names:
            _read_sheet(book.sheet(name), f"{file}!{shown(name)}", found, faults)
    except NoWorkbook as refused:
        faults.add(Place(file, 0, 0), "", None, refused.message)
        return None
    if not found.files:
        faults.add(Place(file, 0, 0), "", None, _NO_TABLE)
        return None
    if found.base is None:
        faults.add(Place(found.files[0], 0, 0), "", None, _NO_BASE)
        return None
    return found


def _read_sheet(sheet: Sheet, file: str, found: Rows, faults: FaultList) -> None:
    """Add the rows of a sheet, if it has columns of keys and values."""
    for number, row in enumerate(sheet.rows[:_TOP], start=1):
        columns = _columns(row, file, number, faults)
        if columns:
            found.files.append(file)
            seen = {one.key: one.place for one in found.rows}
            for below in range(number, len(sheet.rows)):
                _add_row(dict(_cells(sheet, below, columns, file)), found, seen, sheet, faults)
            return


def _columns(row: list[object], file: str, number: int, faults: FaultList) -> dict[str, int] | None:
    """Return the positions of the columns that a row names, or None if it names no keys and values."""
    texts = [unicodedata.normalize("NFKC", cell_text(cell)).casefold() for cell in row]
    named = [(_COLUMN[text], position) for position, text in enumerate(texts) if text in _COLUMN]
    if not {"key", "value"} <= {column for column, _ in named}:
        return None
    columns: dict[str, int] = {}
    for column, position in named:
        if columns.setdefault(column, position) != position:
            faults.add(Place(file, number, position + 1), texts[position], None, _TWO_COLUMNS)
    return columns


def _cells(sheet: Sheet, row: int, columns: Mapping[str, int], file: str) -> Iterator[tuple[str, Cell]]:
    for column, position in columns.items():
        at = (row + 1, position + 1)
        yield column, Cell(Place(file, *at), sheet.rows[row][position], at in sheet.marks.percent)


def _add_row(
    cells: dict[str, Cell], found: Rows, seen: dict[str, Place], sheet: Sheet, faults: FaultList
) -> None:
    """Add a row if it has a key; report what can't be read in it."""
    key = unicodedata.normalize("NFKC", cells["key"].text)
    if not key:
        return
    if key in seen:
        at = seen[key]
        faults.add(cells["key"].place, key, None, (
            f"this key stands in row {at.line} already", "keep one of the two",
            f"该键在第 {at.line} 行已出现", "请只保留一处"))  # fmt: skip
        return
    seen[key] = cells["key"].place
    if not all([_is_readable(cell, key, sheet, faults) for cell in cells.values()]):  # noqa: C419 (all are reported)
        return
    if key == BASE:
        found.base = cells["value"]
        return
    ending = _ending(cells.get("unit"), key, faults)
    if ending is not None:
        found.rows.append(Row(key, cells, ending))


def _is_readable(cell: Cell, key: str, sheet: Sheet, faults: FaultList) -> bool:
    at = (cell.place.line, cell.place.column)
    error = sheet.marks.errors.get(at)
    if error is not None:
        faults.add(cell.place, key, shown(error), _ERROR)
    elif at in sheet.marks.hollow:
        faults.add(cell.place, key, None, _HOLLOW)
    else:
        return True
    return False


def _ending(cell: Cell | None, key: str, faults: FaultList) -> str | None:
    """Return the ending that a unit stands for, or None after reporting that there is no such unit."""
    word = "" if cell is None else " ".join(unicodedata.normalize("NFKC", cell.text).split())
    if cell is None or not word or word == "%":
        return word
    ending = ENDINGS.get(word) or ENDINGS.get(word.casefold())
    if ending is None and word.casefold() not in ENDINGS:
        hint = nearest(word, ENDINGS)
        known = ("yuan", "million yuan", "万元", "亿元", "%", "months", "years", "days", "times")
        known_zh = ("元", "万元", "亿元", "%", "个月", "年", "天", "倍")
        fix = f"did you mean {hint}?" if hint else f"write one of {', '.join(known)}"
        fix_zh = f"是否想写 {hint}？" if hint else f"请写其中之一：{'、'.join(known_zh)}"
        message = ("there is no such unit", fix, "没有这个单位", fix_zh)
        faults.add(cell.place, key, shown(word), message)
        return None
    return ending or ""
