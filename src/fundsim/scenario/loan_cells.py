"""The cells of a loan tape: texts to numbers, column by column, and what is wrong with single ones.

An ending such as 万 or % is turned into an exponent and the text cast, which rounds once, as the
quantities of a scenario do.  What is still no number is judged by the quantity itself, so that a tape
and a scenario file refuse a value in the same words.

A column is either of trimmed texts, empty where nothing is given, or of numbers, null where none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_columns import COLUMNS, Column
from fundsim.scenario.loan_faults import Faults, RowFault, note
from fundsim.units import GROUPED_NUMBER, PLAIN_NUMBER, Quantity

__all__ = [
    "MOST_CHARACTERS",
    "TOO_LONG",
    "Cells",
    "Lines",
    "check_ids",
    "check_lengths",
    "is_empty",
    "read_numbers",
    "read_segments",
]

MOST_REFUSED = 10_000
"""Different texts of a column that are refused; beyond it the rest is not looked at."""
MOST_CHARACTERS = 1_000
"""Longest cell [characters]."""
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PLAIN = rf"^{_NUMBER}(?:[eE][-+]?[0-9]{{1,3}})?$"

Cells = Mapping[str, pa.ChunkedArray]
"""The columns of a tape that can be read, by name."""
Lines = NDArray[np.int64]
"""The line of each loan."""


def is_empty(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return where a column gives nothing."""
    empty = pc.equal(column, "") if pa.types.is_string(column.type) else pc.is_null(column)
    return np.asarray(empty.to_numpy(), dtype=bool)


def check_lengths(name: str, texts: pa.ChunkedArray, lines: Lines, faults: Faults) -> None:
    """Report the cells of a column that are too long to be meant."""
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > MOST_CHARACTERS:
        rows = np.flatnonzero(pc.greater(pc.utf8_length(texts), MOST_CHARACTERS).to_numpy())
        note(faults, rows, lambda row: RowFault(int(lines[row]), name, texts[row].as_py(), TOO_LONG))


TOO_LONG: Message = (
    f"more than {MOST_CHARACTERS:,} characters in a cell", "shorten it, and check where its quotes close",
    f"单元格超过 {MOST_CHARACTERS:,} 个字符", "请缩短，并检查引号是否成对",
)  # fmt: skip


def read_segments(cells: Cells, lines: Lines, faults: Faults) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the names that occur and the position of each loan's."""
    column = cells.get("segment")
    if column is None:
        return (), np.zeros(0, dtype=np.int64)
    coded = column.combine_chunks().dictionary_encode()
    names = tuple(coded.dictionary.to_pylist())
    segment = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if "" in names:
        empty = np.flatnonzero(segment == names.index(""))
        message = ("is empty", "name the loan's segment", "为空", "请写贷款所属分组")
        note(faults, empty, lambda row: RowFault(int(lines[row]), "segment", None, message))
    return names, segment


def read_numbers(
    name: str, cells: Cells, lines: Lines, faults: Faults, ending: str = ""
) -> NDArray[np.float64]:
    """Return a column of numbers, NaN where an optional one has none.

    Args:
        name: the column.
        cells: all columns.
        lines: line of each row.
        faults: where bad cells are reported.
        ending: what numbers without a unit of their own have behind them, such as 万.
    """
    if name not in cells:
        return np.full(lines.size, np.nan)
    rule, given = COLUMNS[name], cells[name]
    column = _with_ending(given, ending)
    if pa.types.is_string(column.type):
        values = _read_texts(column, rule.quantity)
    else:
        # Whole numbers beyond 2⁵³ are rounded, as texts are.
        floats = column.cast(pa.float64(), safe=False)
        values = np.array(pc.fill_null(floats, np.nan), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        above = values > rule.low if rule.low_open else values >= rule.low
        below = values < rule.high if rule.high_open else values <= rule.high
        whole = np.floor(values) == values if rule.quantity.integer else True
    bad = ~(above & below & whole)
    if not rule.required:
        bad &= ~is_empty(column)
    if bad.any():

        def describe(row: int) -> RowFault:
            said, message = _judged(column[row].as_py(), rule)
            said = said and str(given[row].as_py())
            return RowFault(int(lines[row]), name, said, _in_unit(message, name, ending))

        note(faults, np.flatnonzero(bad), describe)
    return values


def _with_ending(column: pa.ChunkedArray, ending: str) -> pa.ChunkedArray:
    """Return a column whose plain numbers have an ending, as if it stood in their cells."""
    if not ending:
        return column
    if not pa.types.is_string(column.type):
        # Arrow writes 0.1 as 0.1: the ending moves the point of what a reader sees.
        column = pc.fill_null(column.cast(pa.string()), "")
    plain = pc.match_substring_regex(column, rf"^[-+]?(?:{PLAIN_NUMBER}|{GROUPED_NUMBER})$")
    return pc.if_else(plain, pc.binary_join_element_wise(column, ending, ""), column)


_WITH_UNIT = MappingProxyType(
    {
        "principal": ("write an amount with its unit, such as 300万", "请写带单位的金额，如 300万"),
        "pd": ("write a percentage with its sign, such as 3%", "请写带 % 的百分数，如 3%"),
        "lgd": ("write a percentage with its sign, such as 55%", "请写带 % 的百分数，如 55%"),
        "months_left": ("write the months with their unit, such as 12个月", "请写带单位的月数，如 12个月"),
    }
)


def _in_unit(message: Message, name: str, ending: str) -> Message:
    """Return what is said of a cell in a column whose numbers have another unit than the tape's."""
    problem, fix, problem_zh, fix_zh = message
    if not ending or not fix.startswith("write"):
        return message
    # What messages say to write is in the tape's own unit.
    unit = f"{ending}元" if name == "principal" else ending
    fix, fix_zh = _WITH_UNIT[name]
    return (problem, f"{fix}; numbers in this column are in {unit}",
            problem_zh, f"{fix_zh}；该列数字以{unit}为单位")  # fmt: skip


def _judged(value: Any, rule: Column) -> tuple[str | None, Message]:
    """Return a bad value as it is written, and what is wrong with it."""
    if value is None or value == "":
        return None, ("is empty", rule.fix, "为空", rule.fix_zh)
    try:
        number = rule.quantity.read(value)
    except PydanticCustomError as error:
        context: Mapping[str, str] = error.context or {}
        message = (context["problem"], context["fix"], context["problem_zh"], context["fix_zh"])
        known = rule.message_of_text(str(value))
        if known is None and "meant" in context:
            # What the quantity proposes, the column may refuse in turn.
            number = rule.quantity.read(context["meant"])
            known = None if rule.holds_number(number) else rule.message_of_number(number)
        return str(value), known or message
    return str(value), rule.message_of_number(number)


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
    rest = np.flatnonzero(~plain & ~is_empty(texts))
    if rest.size:
        values[rest], plain = _cast(_scaled(_ungrouped(texts.take(rest), quantity), quantity))
        rest = rest[~plain]
    if rest.size:
        values[rest] = _read_singly(texts.take(rest), quantity)
    return values


def _ungrouped(texts: pa.ChunkedArray, quantity: Quantity) -> pa.ChunkedArray:
    """Return texts with the marks between groups of digits taken out, where the groups are right."""
    endings = "|".join(re.escape(ending) for ending, _ in quantity.suffixes if ending) or "$"
    grouped = pc.match_substring_regex(texts, rf"^-?{GROUPED_NUMBER}\s*(?:{endings})?$")
    if not pc.any(grouped).as_py():
        return texts
    joined = pc.replace_substring(pc.replace_substring(texts, ",", ""), " ", "")
    return pc.if_else(grouped, joined, texts)


def _scaled(texts: pa.ChunkedArray, quantity: Quantity) -> pa.ChunkedArray:
    """Return texts with their endings as exponents."""
    for ending, power in _endings(quantity):
        if pc.any(pc.ends_with(texts, ending)).as_py():
            pattern = rf"^({_NUMBER})\s*{re.escape(ending)}$"
            texts = pc.replace_substring_regex(texts, pattern=pattern, replacement=rf"\1e{power}")
    return texts


def _read_singly(texts: pa.ChunkedArray, quantity: Quantity) -> NDArray[np.float64]:
    """Return texts as the quantity itself reads them, NaN where it refuses one."""
    coded = texts.combine_chunks().dictionary_encode()
    numbers = np.full(len(coded.dictionary), np.nan)
    refused = 0
    for position, text in enumerate(coded.dictionary.to_pylist()):
        try:
            numbers[position] = float(quantity.read(text))
        except PydanticCustomError:
            refused += 1
            if refused == MOST_REFUSED:
                break
    found: NDArray[np.float64] = numbers[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def check_ids(cells: Cells, lines: Lines, faults: Faults) -> None:
    """Report loans that stand twice in the tape."""
    column = cells.get("id")
    if column is None:
        return
    ids = column.combine_chunks().dictionary_encode()
    position = ids.indices.to_numpy(zero_copy_only=False)
    if len(ids.dictionary) == position.size:
        return
    _, first = np.unique(position, return_index=True)
    again = np.ones(position.size, dtype=bool)
    again[first] = False
    again &= ~is_empty(column)
    rows = np.flatnonzero(again)

    def describe(row: int) -> RowFault:
        line = int(lines[first[position[row]]])
        message = (f"this loan stands on line {line} already", "keep one of the two, or give it another id",
                   f"该笔贷款在第 {line} 行已出现", "请只保留一处，或另给编号")  # fmt: skip
        return RowFault(int(lines[row]), "id", column[row].as_py(), message)

    note(faults, rows, describe)
