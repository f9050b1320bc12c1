"""Reads the table of a loan tape, a million rows in about a second, and tells every bad row.

Numbers are read column by column: an ending such as 万 or % is turned into an exponent and the text
cast, which rounds once, as the quantities of a scenario do.  What is still no number is judged by the
quantity itself, so that a tape and a scenario file refuse a value in the same words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from fundsim.scenario.encoding import text_of
from fundsim.scenario.faultlist import FaultList, Told
from fundsim.scenario.spelling import nearest
from fundsim.units import ANNUAL_RATE, MONEY, MONTHS, SHARE, Quantity

__all__ = ["MAX_LOANS", "Loans", "RowFault", "read_loans"]

MAX_LOANS = 2_000_000
"""Most rows of a tape."""
MAX_UNPACKED = 4 << 30
"""Largest Parquet file once it is unpacked [bytes]: a small file may hold a very large one."""
MOST_JUDGED = 10_000
"""Different texts of a column that are no plain numbers; beyond it the rest is not looked at."""
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PLAIN = rf"^{_NUMBER}(?:[eE][-+]?[0-9]{{1,3}})?$"


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column of numbers holds."""

    quantity: Quantity
    low: float
    high: float
    low_open: bool
    high_open: bool
    required: bool
    rule: Told


_COLUMNS = MappingProxyType(
    {
        "principal": _Column(MONEY, 0.0, 1e300, True, False, True,
                             ("a principal is more than 0", "write an amount such as 3e6 or 300万",
                              "本金须大于 0", "请写金额，如 3e6 或 300万")),
        "months_left": _Column(MONTHS, 1, 120, False, False, True,
                               ("months_left lies in 1 … 120", "write the months to maturity",
                                "剩余期限须在 1 到 120 之间", "请写到期前的月数")),
        "pd": _Column(ANNUAL_RATE, 0.0, 1.0, True, True, False,
                      ("a yearly probability of default lies between 0 and 1, both excluded",
                       "write a fraction such as 0.03 or 3%", "年违约概率须大于 0 且小于 1", "请写小数或百分数，如 0.03 或 3%")),
        "lgd": _Column(SHARE, 0.0, 1.0, False, False, False,
                       ("a mean loss given default lies in 0 … 1", "write a fraction such as 0.55 or 55%",
                        "平均违约损失率须在 0 到 1 之间", "请写小数或百分数，如 0.55 或 55%")),
    }
)  # fmt: skip
_KNOWN = ("segment", *_COLUMNS, "id")
_REQUIRED = ("segment", *(name for name, column in _COLUMNS.items() if column.required))
_ZH = MappingProxyType(
    {
        "分组": "segment", "行业": "segment", "本金": "principal", "余额": "principal", "贷款余额": "principal",
        "剩余期限": "months_left", "剩余月数": "months_left", "违约概率": "pd", "年违约概率": "pd",
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


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell, one row, or the whole file (line 0)."""

    line: int
    column: str
    value: str | None
    told: Told
    count: int = 1
    """Faults that it stands for."""
    character: int = 0
    """Column in the line [characters], 0 where the cell is named instead."""


Faults = list[RowFault]


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
        faults.append(RowFault(0, "", None, ("the tape holds no loan", "add rows", "明细中没有贷款", "请添加贷款")))
    loans = _loans(table, lines, faults) if 0 < len(table) <= MAX_LOANS else None
    return (None if faults else loans), tuple(sorted(faults, key=lambda fault: fault.line))


def _csv(data: bytes, faults: Faults) -> tuple[pa.Table | None, NDArray[np.int64]]:
    """Return a CSV file as a table of texts, without its blank rows, and the line of each row."""
    none = np.zeros(0, dtype=np.int64)
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
    blank = [row for row in candidates if not any(str(table.column(n)[int(row)]).strip() for n in table.column_names)]
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
    names, segment = _segments(table.column("segment"), lines, faults)
    columns = {name: _numbers(name, table, lines, faults) for name in _COLUMNS}
    if "id" in table.column_names:
        _same_id(table.column("id"), lines, faults)
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


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")


def _segments(
    column: pa.ChunkedArray, lines: NDArray[np.int64], faults: Faults
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the names that occur and the position of each loan's."""
    try:
        coded = _texts(column).combine_chunks().dictionary_encode()
    except pa.ArrowException:
        faults.append(_wrong_type("segment", "names", "名称"))
        return (), np.zeros(0, dtype=np.int64)
    names = tuple(coded.dictionary.to_pylist())
    segment = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if "" in names:
        empty = np.flatnonzero(segment == names.index(""))
        told = ("is empty", "name the loan's segment", "为空", "请写贷款所属分组")
        _note(faults, lines, empty, lambda _: ("segment", None, told))
    return names, segment


def _wrong_type(column: str, what: str, zh: str) -> RowFault:
    told = (f"this column does not hold {what}", "store it as texts or numbers",
            f"该列不是{zh}", "请存为文字或数字")  # fmt: skip
    return RowFault(0, column, None, told)


def _note(faults: Faults, lines: NDArray[np.int64], rows: NDArray[Any], describe: Any) -> None:
    """Add the faults of some rows of a column: the first ones one by one, the rest as a count."""
    for row in rows[:30]:
        column, value, told = describe(int(row))
        faults.append(RowFault(int(lines[row]), column, value, told))
    if rows.size > 30:
        column, value, told = describe(int(rows[30]))
        faults.append(RowFault(int(lines[rows[30]]), column, value, told, int(rows.size) - 30))


def _numbers(name: str, table: pa.Table, lines: NDArray[np.int64], faults: Faults) -> NDArray[np.float64]:
    """Return a column of numbers, NaN where an optional one has none."""
    if name not in table.column_names:
        return np.full(len(table), np.nan)
    rule, column = _COLUMNS[name], table.column(name)
    kind = column.type
    empty = np.zeros(len(table), dtype=bool)
    try:
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            empty = pc.is_null(column, nan_is_null=True).to_numpy()
            values = pc.fill_null(column.cast(pa.float64()), np.nan).to_numpy().copy()
        else:
            texts = _texts(column)
            empty = pc.equal(texts, "").to_numpy()
            values = _read_texts(texts, rule.quantity)
    except pa.ArrowException:
        faults.append(_wrong_type(name, "numbers", "数字"))
        return np.full(len(table), np.nan)
    with np.errstate(invalid="ignore"):
        above = values > rule.low if rule.low_open else values >= rule.low
        below = values < rule.high if rule.high_open else values <= rule.high
        whole = np.floor(values) == values if rule.quantity.integer else True
    bad = ~(above & below & whole)
    if not rule.required:
        bad &= ~empty
    if bad.any():
        _note(faults, lines, np.flatnonzero(bad), lambda row: (name, *_judged(column[row].as_py(), rule)))
    return values


def _judged(value: Any, rule: _Column) -> tuple[str | None, Told]:
    """Return a bad value as it is written, and what is wrong with it."""
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None, ("is empty", rule.rule[1], "为空", rule.rule[3])
    try:
        rule.quantity.read(value if isinstance(value, str | int | float) else float(value))
    except PydanticCustomError as error:
        context: Mapping[str, str] = error.context or {}
        return str(value), (context["problem"], context["mend"], context["problem_zh"], context["mend_zh"])
    return str(value), rule.rule


def _endings(quantity: Quantity) -> Iterator[tuple[str, int]]:
    """Yield the endings of a quantity that multiply by a power of ten, and that power."""
    for ending, factor in quantity.suffixes:
        if ending and factor.normalize().as_tuple().digits == (1,):
            yield ending, factor.adjusted()


def _cast(texts: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return texts as numbers, NaN where one is no plain number, and where they are."""
    plain = pc.match_substring_regex(texts, _PLAIN).to_numpy()
    if plain.all():
        return texts.cast(pa.float64()).to_numpy(), plain
    values = np.full(len(texts), np.nan)
    values[plain] = texts.filter(plain).cast(pa.float64()).to_numpy()
    return values, plain


def _read_texts(texts: pa.ChunkedArray, quantity: Quantity) -> NDArray[np.float64]:
    """Return texts as numbers in a quantity's unit, NaN where one is none."""
    values, plain = _cast(texts)
    rest = np.flatnonzero(~plain)
    if rest.size:
        scaled = texts.take(rest)
        for ending, power in _endings(quantity):
            pattern = rf"^({_NUMBER})\s*{re.escape(ending)}$"
            scaled = pc.replace_substring_regex(scaled, pattern=pattern, replacement=rf"\1e{power}")
        values[rest], plain = _cast(scaled)
        rest = rest[~plain]
    if rest.size:
        coded = texts.take(rest).combine_chunks().dictionary_encode()
        numbers = np.full(len(coded.dictionary), np.nan)
        for j, text in enumerate(coded.dictionary[:MOST_JUDGED].to_pylist()):
            numbers[j] = _read_one(text, quantity)
        values[rest] = numbers[coded.indices.to_numpy(zero_copy_only=False)]
    return values


def _read_one(text: str, quantity: Quantity) -> float:
    try:
        return float(quantity.read(text))
    except PydanticCustomError:
        return np.nan


def _same_id(column: pa.ChunkedArray, lines: NDArray[np.int64], faults: Faults) -> None:
    """Tell of loans that stand twice in the tape."""
    try:
        ids = _texts(column).combine_chunks().dictionary_encode()
    except pa.ArrowException:
        faults.append(_wrong_type("id", "texts", "文字"))
        return
    position = ids.indices.to_numpy(zero_copy_only=False)
    if len(ids.dictionary) == position.size:
        return
    _, first = np.unique(position, return_index=True)
    again = np.ones(position.size, dtype=bool)
    again[first] = False
    names = ids.dictionary.to_pylist()
    rows = np.array([row for row in np.flatnonzero(again) if names[position[row]]], dtype=np.int64)

    def describe(row: int) -> tuple[str, str | None, Told]:
        line = int(lines[first[position[row]]])
        told = (f"this loan stands on line {line} already", "keep one of the two, or give it another id",
                f"该笔贷款在第 {line} 行已出现", "请只保留一处，或另给编号")  # fmt: skip
        return "id", names[position[row]], told

    _note(faults, lines, rows, describe)
