"""The header of a loan tape: which line it is, which columns it names, and what is wrong with its names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pydantic_core import PydanticCustomError

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_columns import DUE, REQUIRED
from fundsim.scenario.loan_faults import TAKES_IN_ROWS, Faults, RowFault, takes_in_rows
from fundsim.scenario.loan_headings import (
    NO_TERM,
    TERM,
    Heading,
    Meant,
    is_set_aside,
    leave_out,
    meant_by,
    understood,
)
from fundsim.units import MONEY

__all__ = ["TOP", "Layout", "Record", "Use", "check_header", "find_header", "is_header"]

TOP = 20
"""Rows among which the header is looked for."""

_SEPARATORS = re.compile(r"[;\t，；|、]+")
_MEANING = MappingProxyType(
    {
        "segment": ("the loan's segment", "贷款所属分组"),
        "principal": ("the principal outstanding", "贷款余额"),
        "months_left": (
            "the months to maturity, or a column due of due dates",
            "剩余期限（月），或到期日一列 due",
        ),
    }
)
EMPTY: Message = (
    "the file is empty", f"write a line {','.join(REQUIRED)} and one for each loan",
    "文件是空的", f"请写表头 {','.join(REQUIRED)}，并每笔贷款写一行",
)  # fmt: skip

_NO_COMMAS: Message = (
    "the columns are not separated by commas", "save it as CSV with commas",
    "各列之间不是英文逗号", "请存为以英文逗号分隔的 CSV",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A row near the top of a file."""

    line: int
    """Where it begins, counted from 1."""
    names: tuple[str, ...]
    """Its cells, trimmed."""
    end: int
    """Where it ends."""


@dataclass(frozen=True, slots=True)
class Use:
    """A column of a file that is used."""

    column: str
    """What it is on the tape."""
    position: int
    """Where it stands, counted from 0."""
    heading: str
    """What it is called in the file."""
    ending: str = ""
    """Ending of its plain numbers, such as 万."""
    has_unit: bool = False
    """Whether the heading names a unit."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a file are used, and for what."""

    uses: tuple[Use, ...]
    aside: tuple[str, ...] = ()
    """Headings of the columns that are not used."""

    def called(self, column: str) -> str:
        """Return what the file calls a column of the tape."""
        return next((use.heading for use in self.uses if use.column == column), column)


def find_header(top: Sequence[Record], faults: Faults) -> Record | None:
    """Return the row that names the columns, or None after reporting that there is none."""
    filled = [record for record in top if any(record.names)]
    if not filled:
        faults.append(RowFault(0, "", None, EMPTY))
        return None
    header = _named(filled, (2, _known), (2, _meant))
    if header is None:
        fault = _in_one_cell(filled)
        words = [record for record in filled if not any(map(_is_number, record.names))]
        header = None if fault else _named(words, (1, _meant), (1, _likely))
        if header is None:
            faults.append(fault or _unnamed(filled))
            return None
    if header is not top[0]:
        faults.append(RowFault(1, "", None, _above(top, header)))
    return header


def is_header(names: Sequence[str]) -> bool:
    """Return whether a row plainly names columns of a tape."""
    return _known(names) >= 2


def _named(filled: Sequence[Record], *rules: tuple[int, Callable[[Sequence[str]], int]]) -> Record | None:
    """Return the first row with as many names of a kind as the first rule wants, or the second, and so on."""
    for least, count in rules:
        for record in filled:
            if count(record.names) >= least:
                return record
    return None


def _known(names: Sequence[str]) -> int:
    return len({found.column for name in names if (found := understood(name)) is not None})


def _meant(names: Sequence[str]) -> int:
    return sum(
        understood(name) is not None or meant_by(name, by_spelling=False) is not None for name in names
    )


def _likely(names: Sequence[str]) -> int:
    return sum(understood(name) is not None or meant_by(name) is not None for name in names)


def _in_one_cell(filled: Sequence[Record]) -> RowFault | None:
    """Return the fault of a file whose columns are not separated by commas."""
    for record in filled:
        if len(record.names) > 1:
            continue
        if _meant([name.strip() for name in record.names[0].split(",")]) > 1:
            message = ("the whole line stands in quotes", "take the quotes away, in the other lines too",
                       "整行都在引号内", "请去掉引号，其余各行亦然")  # fmt: skip
            return RowFault(record.line, "", None, message)
        if _meant([name.strip() for name in _SEPARATORS.split(record.names[0])]) > 1:
            return RowFault(record.line, "", None, _NO_COMMAS)
    return None


def _unnamed(filled: Sequence[Record]) -> RowFault:
    """Return the fault of a file in which no row names columns."""
    for record in filled:
        if any(takes_in_rows(name, len(REQUIRED)) for name in record.names):
            return RowFault(record.line, "", None, TAKES_IN_ROWS)
    first = filled[0]
    if len(first.names) == 1 and _SEPARATORS.search(first.names[0]):
        return RowFault(first.line, "", None, _NO_COMMAS)
    header = ",".join(REQUIRED)
    if any(_is_number(name) for name in first.names):
        message = ("this is a row of loans, no header",
                   f"write the names of the columns above it: {header} …",
                   "这是贷款数据，而不是表头", f"请在其上方写列名：{header} …")  # fmt: skip
        return RowFault(first.line, "", None, message)
    message = (
        "this line names no column of a loan tape",
        f"write there the names of the columns: {header}, and if wanted pd, lgd, id",
        "该行没有贷款明细的列名", f"请在该行写列名：{header}，需要时加 pd、lgd、id",
    )  # fmt: skip
    return RowFault(first.line, "", None, message)


def _is_number(text: str) -> bool:
    try:
        MONEY.read(text)
    except PydanticCustomError:
        return False
    return True


def _above(top: Sequence[Record], header: Record) -> Message:
    """Return what is wrong with the lines above the header."""
    above = header.line - 1
    text = " ".join(name for record in top if record.line < header.line for name in record.names)
    found = re.search("(百万|千万|万|千|亿)元", text)
    unit, unit_zh = "", ""
    if found:
        unit = f"; amounts are in yuan, so write the unit in the cells, such as 120{found[1]}"
        unit_zh = f"；金额以元为单位，请在单元格中写明单位，如 120{found[1]}"
    if above == 1:
        return (
            "the first line is no header", f"delete it: the columns are named on line {header.line}{unit}",
            "首行不是表头", f"请删去：第 {header.line} 行才是列名{unit_zh}",
        )  # fmt: skip
    return (
        f"the first {above} lines are no header",
        f"delete them: the columns are named on line {header.line}{unit}",
        f"前 {above} 行不是表头", f"请删去：第 {header.line} 行才是列名{unit_zh}",
    )  # fmt: skip


def check_header(names: Sequence[str], line: int, faults: Faults) -> Layout | None:
    """Return which columns are used for what, or None after reporting why the rows can't be read."""
    before = len(faults)
    if not names:
        faults.append(RowFault(0, "", None, EMPTY))
        return None
    uses, others = _sorted_out(names, line, faults)
    taken = {"months_left" if use.column == DUE else use.column: use.heading for use in uses}
    aside = [name for name, heading in others.items() if heading is None and is_set_aside(name)]
    terms = [name for name, heading in others.items() if heading is not None]
    if "months_left" in taken:
        aside += terms
    else:
        faults += [RowFault(line, name, None, NO_TERM) for name in terms]
    unknown = {name: meant_by(name) for name in others if name not in (*aside, *terms)}
    if terms:
        taken.setdefault("months_left", terms[0])
    for name, meant in sorted(unknown.items(), key=lambda item: item[1].rank if item[1] else 0):
        faults.append(RowFault(line, name or '""', None, _of_unknown(name, meant, taken)))
    for name in REQUIRED:
        if name not in taken:
            meaning, zh = _MEANING[name]
            message = ("this column is missing", f"add it: {meaning}", "缺少该列", f"请添加：{zh}")
            faults.append(RowFault(line, name, None, message))
    return Layout(tuple(uses), tuple(aside)) if len(faults) == before else None


def _sorted_out(
    names: Sequence[str], line: int, faults: Faults
) -> tuple[list[Use], dict[str, Heading | None]]:
    """Return the columns that are understood, each once, and the other headings; report doubles."""
    found = {name: understood(name) for name in dict.fromkeys(names)}
    for name in found:
        if name and names.count(name) > 1:
            message = ("this column stands twice", "keep one of the two", "该列重复", "请只保留一列")
            faults.append(RowFault(line, name, None, message))
    uses: dict[str, Use] = {}
    others = {name: heading for name, heading in found.items() if heading is None or heading.column == TERM}
    known = [(heading, name) for name, heading in found.items() if heading and heading.column != TERM]
    for heading, name in sorted(known, key=lambda pair: pair[0].rank):
        # Due dates are months left in other words.
        kind = "months_left" if heading.column == DUE else heading.column
        if kind in uses:
            faults.append(RowFault(line, name, None, _double(kind, uses[kind].heading)))
            continue
        uses[kind] = Use(heading.column, names.index(name), name, heading.ending, heading.has_unit)
    return sorted(uses.values(), key=lambda use: use.position), others


def _double(column: str, heading: str) -> Message:
    """Return what is said of a second column of the same meaning."""
    if column == "principal":
        fix = "delete the one that is not the principal outstanding"
        fix_zh = "请删去不是贷款余额的一列"
    else:
        fix, fix_zh = "delete one of the two", "请删去其中一列"
    if heading == column:
        return f"another column is {column} already", fix, f"{column} 已另有一列", fix_zh
    return (
        f"{heading} and this column both mean {column}", fix, f"该列与 {heading} 都表示 {column}", fix_zh,
    )  # fmt: skip


def _of_unknown(name: str, meant: Meant | None, taken: dict[str, str]) -> Message:
    """Return what is wrong with an unknown column, and note the column that it is to become."""
    if not name:
        return ("a column without a name", "delete it, or name it", "该列没有列名", "请删去该列，或写列名")
    if meant is None:
        return leave_out(None)
    if meant.column in taken:
        return leave_out(meant.column)
    taken[meant.column] = name
    return meant.message
