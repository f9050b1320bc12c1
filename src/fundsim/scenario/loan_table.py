"""Reads the table of a loan tape, a million rows in about a second, and tells every bad row."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fundsim.scenario.encoding import text_of
from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.loan_cells import COLUMNS, Faults, RowFault, check_ids, read_numbers, read_segments
from fundsim.scenario.spelling import nearest

__all__ = ["MAX_LOANS", "Loans", "RowFault", "read_loans"]

MAX_LOANS = 2_000_000
"""Most rows of a tape."""
MAX_UNPACKED = 4 << 30
"""Largest Parquet file once it is unpacked [bytes]: a small file may hold a very large one."""
_KNOWN = ("segment", *COLUMNS, "id")
_REQUIRED = ("segment", *(name for name, column in COLUMNS.items() if column.required))
_ZH = MappingProxyType(
    {
        "分组": "segment", "行业": "segment", "本金": "principal", "余额": "principal",
        "贷款余额": "principal", "剩余期限": "months_left", "剩余月数": "months_left",
        "违约概率": "pd", "年违约概率": "pd",
        "违约损失率": "lgd", "编号": "id", "合同号": "id",
    }
)  # fmt: skip
_MEANING = MappingProxyType(
    {
        "segment": ("the loan's segment", "贷款所属分组"),
        "principal": ("the principal outstanding", "贷款余额"),
        "months_left": ("the months to maturity", "剩余期限（月）"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Loans:
    """The columns of a tape, one entry a loan."""

    names: tuple[str, ...]
    """Segments that occur, in the order of their first row."""
    segment: NDArray[np.int64]
    """Position in ``names``."""
    principal: NDArray[np.float64]
    """[yuan]"""
    months_left: NDArray[np.int64]
    pd: NDArray[np.float64]
    """Yearly; NaN where the tape gives none."""
    lgd: NDArray[np.float64]
    """Mean loss given default; NaN where the tape gives none."""
    lines: NDArray[np.int64]
    """Line of the CSV file, or row of the Parquet file, counted from 1."""


def read_loans(data: bytes, suffix: str) -> tuple[Loans | None, tuple[RowFault, ...]]:
    """Return the loans of a tape, or None and what is wrong with it, in the order of the lines.

    Args:
        data: content of the file.
        suffix: ``.csv`` or ``.parquet``.
    """
    faults: Faults = []
    table, lines = _csv(data, faults) if suffix == ".csv" else _parquet(data, faults)
    if table is None:
        return None, tuple(faults)
    if len(table) > MAX_LOANS:
        faults.append(RowFault(0, "", None, (
            f"more than {MAX_LOANS:,} loans", "split them among several instruments",
            f"贷款超过 {MAX_LOANS:,} 笔", "请分到几个政策工具")))  # fmt: skip
    elif not len(table) and not faults:
        faults.append(
            RowFault(0, "", None, ("the tape holds no loan", "add rows", "明细中没有贷款", "请添加贷款"))
        )
    loans = _loans(table, lines, faults) if 0 < len(table) <= MAX_LOANS else None
    return (None if faults else loans), tuple(sorted(faults, key=lambda fault: fault.line))


def _csv(data: bytes, faults: Faults) -> tuple[pa.Table | None, NDArray[np.int64]]:
    """Return a CSV file as a table of texts, without its blank rows, and the line of each row."""
    none = np.zeros(0, dtype=np.int64)
    if data.startswith(b"PK\x03\x04"):
        faults.append(RowFault(0, "", None, (
            "this is a workbook under another name", "save it in Excel as CSV UTF-8",
            "这是改了扩展名的工作簿", "请在 Excel 中另存为 CSV UTF-8")))  # fmt: skip
        return None, none
    told = FaultList()
    text = text_of(data, "", told)
    faults += [RowFault(f.line, f.key, f.value, (f.problem, f.mend, f.problem_zh, f.mend_zh), 1, f.column)
               for f in told.sorted()]  # fmt: skip
    if text is None:
        return None, none
    head = text.partition("\n")[0]
    try:
        names = [name.strip() for name in next(csv.reader([head]), [])]
    except csv.Error:
        names = [head[:40]]
    if not _header(names, 1, faults):
        return None, none
    short: list[int] = []

    def skip(row: Any) -> str:
        short.append(row.number)
        faults.append(RowFault(row.number, "", None, (
            f"{row.actual_columns} values in a row of {row.expected_columns} columns",
            "write one value a column; put a text with a comma in quotes",
            f"该行有 {row.actual_columns} 个值，而表头有 {row.expected_columns} 列",
            "请每列写一个值；含逗号的文字请加引号")))  # fmt: skip
        return "skip"

    try:
        table = pa_csv.read_csv(
            pa.py_buffer(text.encode("utf-8")),
            # One thread: only then the reader knows the numbers of bad rows.
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=1 << 24, skip_rows=1, column_names=names
            ),
            parse_options=pa_csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=skip),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        faults.append(RowFault(0, "", None, (
            "this can't be read as a table", "save it as CSV with commas, one loan a line",
            "无法按表格读取", "请存为以逗号分隔、每行一笔贷款的 CSV")))  # fmt: skip
        return None, none
    lines = np.delete(np.arange(2, len(table) + len(short) + 2), np.array(short, dtype=np.int64) - 2)
    return _without_blank_rows(table, lines)


def _without_blank_rows(table: pa.Table, lines: NDArray[np.int64]) -> tuple[pa.Table, NDArray[np.int64]]:
    """Leave out rows that spreadsheets leave behind: not a letter in them."""
    # Only a row without a segment can be blank, and there are few of those.
    candidates = np.flatnonzero(pc.equal(pc.utf8_trim_whitespace(table.column("segment")), "").to_numpy())
    if not candidates.size:
        return table, lines
    blank = [
        row
        for row in candidates
        if not any(str(table.column(n)[int(row)]).strip() for n in table.column_names)
    ]
    if not blank:
        return table, lines
    kept = np.delete(np.arange(len(table)), blank)
    return table.take(kept), lines[kept]


def _parquet(data: bytes, faults: Faults) -> tuple[pa.Table | None, NDArray[np.int64]]:
    """Return a Parquet file as a table, and the number of each row."""
    none = np.zeros(0, dtype=np.int64)
    try:
        with pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True) as file:
            groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
            unpacked = sum(group.total_byte_size for group in groups)
            if not _header(list(file.schema_arrow.names), 0, faults):
                return None, none
            if file.metadata.num_rows <= MAX_LOANS and unpacked <= MAX_UNPACKED:
                table = file.read()
                return table, np.arange(1, len(table) + 1)
    except (OSError, pa.ArrowException):
        told = ("this is no Parquet file, or it is damaged", "save it again",
                "这不是 Parquet 文件，或文件已损坏", "请重新保存")  # fmt: skip
    else:
        told = (f"more than {MAX_LOANS:,} loans, or too large", "split them among several instruments",
                f"贷款超过 {MAX_LOANS:,} 笔，或文件过大", "请分到几个政策工具")  # fmt: skip
    faults.append(RowFault(0, "", None, told))
    return None, none


def _header(names: Sequence[str], line: int, faults: Faults) -> bool:
    """Check the names of the columns; return whether the rows can be read."""
    before = len(faults)
    if len(names) == 1 and re.search("[;\t，；]", names[0]):
        told = ("the columns are not separated by commas", "save it as CSV with commas",
                "各列之间不是英文逗号", "请存为以英文逗号分隔的 CSV")  # fmt: skip
        faults.append(RowFault(line, "", None, told))
        return False
    for name in dict.fromkeys(names):
        if name not in _KNOWN:
            hint = nearest(name, _KNOWN, _ZH)
            known = ", ".join(_KNOWN)
            told = ("there is no such column", f"did you mean {hint}?" if hint else f"known columns: {known}",
                    "没有这一列", f"是否想写 {hint}？" if hint else f"可用的列：{known}")  # fmt: skip
            faults.append(RowFault(line, name or '""', None, told))
        elif names.count(name) > 1:
            told = ("this column stands twice", "keep one of the two", "该列重复", "请只保留一列")
            faults.append(RowFault(line, name, None, told))
    for name in _REQUIRED:
        if name not in names:
            meaning, zh = _MEANING[name]
            told = ("this column is missing", f"add it: {meaning}", "缺少该列", f"请添加：{zh}")
            faults.append(RowFault(line, name, None, told))
    return len(faults) == before


def _loans(table: pa.Table, lines: NDArray[np.int64], faults: Faults) -> Loans | None:
    names, segment = read_segments(table.column("segment"), lines, faults)
    columns = {name: read_numbers(name, table, lines, faults) for name in COLUMNS}
    if "id" in table.column_names:
        check_ids(table.column("id"), lines, faults)
    if faults:
        return None
    return Loans(
        names=names,
        segment=_fixed(segment),
        principal=_fixed(columns["principal"]),
        months_left=_fixed(columns["months_left"].astype(np.int64)),
        pd=_fixed(columns["pd"]),
        lgd=_fixed(columns["lgd"]),
        lines=_fixed(lines),
    )


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values
