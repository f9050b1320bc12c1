"""The cells of a loan tape: texts to numbers, column by column, and what is wrong with single ones.

An ending such as 万 or % is turned into an exponent and the text cast, which rounds once, as the
quantities of a scenario do.  What is still no number is judged by the quantity itself, so that a tape
and a scenario file refuse a value in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from fundsim.scenario.faultlist import Told
from fundsim.units import ANNUAL_RATE, MONEY, MONTHS, SHARE, Quantity

__all__ = ["COLUMNS", "Faults", "RowFault", "check_ids", "read_numbers", "read_segments"]

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


COLUMNS = MappingProxyType(
    {
        "principal": _Column(MONEY, 0.0, 1e300, True, False, True,
                             ("a principal is more than 0", "write an amount such as 3e6 or 300万",
                              "本金须大于 0", "请写金额，如 3e6 或 300万")),
        "months_left": _Column(MONTHS, 1, 120, False, False, True,
                               ("months_left lies in 1 … 120", "write the months to maturity",
                                "剩余期限须在 1 到 120 之间", "请写到期前的月数")),
        "pd": _Column(ANNUAL_RATE, 0.0, 1.0, True, True, False,
                      ("a yearly probability of default lies between 0 and 1, both excluded",
                       "write a fraction such as 0.03 or 3%",
                       "年违约概率须大于 0 且小于 1", "请写小数或百分数，如 0.03 或 3%")),
        "lgd": _Column(SHARE, 0.0, 1.0, False, False, False,
                       ("a mean loss given default lies in 0 … 1", "write a fraction such as 0.55 or 55%",
                        "平均违约损失率须在 0 到 1 之间", "请写小数或百分数，如 0.55 或 55%")),
    }
)  # fmt: skip


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
Describe = Callable[[int], tuple[str, str | None, Told]]
"""(row) → column, value and what is wrong with it."""


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")


def read_segments(
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


def _note(faults: Faults, lines: NDArray[np.int64], rows: NDArray[Any], describe: Describe) -> None:
    """Add the faults of some rows of a column: the first ones one by one, the rest as a count."""
    for row in rows[:30]:
        column, value, told = describe(int(row))
        faults.append(RowFault(int(lines[row]), column, value, told))
    if rows.size > 30:
        column, value, told = describe(int(rows[30]))
        faults.append(RowFault(int(lines[rows[30]]), column, value, told, int(rows.size) - 30))


def read_numbers(name: str, table: pa.Table, lines: NDArray[np.int64], faults: Faults) -> NDArray[np.float64]:
    """Return a column of numbers, NaN where an optional one has none."""
    if name not in table.column_names:
        return np.full(len(table), np.nan)
    rule, column = COLUMNS[name], table.column(name)
    kind = column.type
    values: NDArray[np.float64]
    empty = np.zeros(len(table), dtype=bool)
    try:
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            empty = pc.is_null(column, nan_is_null=True).to_numpy()
            values = np.array(pc.fill_null(column.cast(pa.float64()), np.nan), dtype=np.float64)
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
        return np.asarray(texts.cast(pa.float64()).to_numpy(), dtype=np.float64), plain
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


def check_ids(column: pa.ChunkedArray, lines: NDArray[np.int64], faults: Faults) -> None:
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
