"""Reads a Parquet file as columns of texts or numbers, so that it holds what a CSV file can hold."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_cells import MOST_CHARACTERS, TOO_LONG, Cells
from fundsim.scenario.loan_columns import COLUMNS, DUE, MAX_LOANS
from fundsim.scenario.loan_faults import Faults, RowFault, note
from fundsim.scenario.loan_header import Layout, check_header
from fundsim.scenario.loan_read import Read
from fundsim.scenario.nodes import shown

__all__ = ["read_parquet"]

MAX_UNPACKED = 4 << 30
"""Largest Parquet file once it is unpacked [bytes]: a small file may hold a very large one."""
_DAMAGED: Message = ("this is no Parquet file, or it is damaged", "save it again",
                     "这不是 Parquet 文件，或文件已损坏", "请重新保存")  # fmt: skip
_TOO_LARGE: Message = (
    f"more than {MAX_LOANS:,} loans, or too large", "split them among several instruments",
    f"贷款超过 {MAX_LOANS:,} 笔，或文件过大", "请分到几个政策工具",
)  # fmt: skip
_ERRORS = (OSError, ArithmeticError, LookupError, MemoryError, TypeError, ValueError, pa.ArrowException)
"""What reading a damaged file may end in."""
_CONTROL = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
_HAS_CONTROL: Message = ("a control character in a cell", "delete it", "单元格含有控制字符", "请删除")
_UNREADABLE = (
    (("date", "timestamp"), "dates", "日期"),
    (("time",), "times of day", "时刻"),
    (("duration", "interval"), "durations", "时长"),
    (("boolean",), "true or false", "真假值"),
    (("list", "large_list", "fixed_size_list", "list_view", "large_list_view"), "lists", "列表"),
)
_OF_NAMES = MappingProxyType(
    {
        "segment": (("names", "名称"), "store the names of the segments as texts", "请将分组名称存为文字"),
        "id": (("ids", "编号"), "store the ids as texts or whole numbers", "请将编号存为文字或整数"),
        DUE: (("dates", "日期"), "store the due dates as dates or texts", "请将到期日存为日期或文字"),
    }
)


def read_parquet(data: bytes, faults: Faults) -> Read | None:
    """Return the columns of a Parquet file and the number of each row, or None if it can't be read."""
    try:
        found = _table(data, faults)
    except _ERRORS:
        faults.append(RowFault(0, "", None, _DAMAGED))
        return None
    if found is None:
        return None
    table, layout = found
    rows = np.arange(1, len(table) + 1)
    columns = {name: _column(name, table.column(name), rows, faults) for name in table.column_names}
    cells: Cells = {name: column for name, column in columns.items() if column is not None}
    return Read(cells, rows, layout)


def _table(data: bytes, faults: Faults) -> tuple[pa.Table, Layout] | None:
    """Return the columns of the tape whose types can be read, by name; report the others."""
    with pq.ParquetFile(pa.BufferReader(data)) as file:
        schema, groups = file.schema_arrow, file.metadata
        unpacked = sum(groups.row_group(i).total_byte_size for i in range(groups.num_row_groups))
    layout = check_header([name.strip() for name in schema.names], 0, faults)
    if layout is None:
        return None
    if groups.num_rows > MAX_LOANS or unpacked > MAX_UNPACKED:
        faults.append(RowFault(0, "", None, _TOO_LARGE))
        return None
    fields = {use.column: schema.field(use.position) for use in layout.uses}
    good = {name: field.name for name, field in fields.items() if _can_be_read(name, field, faults)}
    # A text that stands in many rows is held once, however long it is.
    texts = [field.name for name, field in fields.items() if name in good and _is_text(field.type)]
    with pq.ParquetFile(
        pa.BufferReader(data), page_checksum_verification=True, read_dictionary=texts
    ) as file:
        table = file.read(columns=list(good.values()))
    table.validate(full=True)
    columns = {name: table.column(title) for name, title in good.items()}
    return pa.table(columns), layout


def _can_be_read(name: str, field: pa.Field, faults: Faults) -> bool:
    kind = _plain(field.type)
    temporal = pa.types.is_temporal(kind) and name in _OF_NAMES
    day = name == DUE and (pa.types.is_date(kind) or pa.types.is_timestamp(kind))
    if temporal or day or _is_text(kind) or _is_number(kind) or pa.types.is_null(kind):
        return True
    faults.append(_wrong_type(name, kind))
    return False


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type of what stands in a column, however it is stored."""
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(kind.storage_type)
    return _plain(kind.value_type) if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    t = pa.types
    string = t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind)
    # Some programs store texts as bytes.
    return bool(string or t.is_binary(kind) or t.is_large_binary(kind) or t.is_binary_view(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _wrong_type(name: str, kind: pa.DataType) -> RowFault:
    def is_one(check: str) -> bool:
        return bool(getattr(pa.types, f"is_{check}")(kind))

    found = ((held, held_zh) for checks, held, held_zh in _UNREADABLE if any(map(is_one, checks)))
    held, held_zh = next(found, (f"values of the type {shown(str(kind), 60)}",) * 2)
    if name in _OF_NAMES:
        (what, what_zh), fix, fix_zh = _OF_NAMES[name]
    else:
        (what, what_zh), fix, fix_zh = COLUMNS[name].holds, COLUMNS[name].fix, COLUMNS[name].fix_zh
    message = (f"this column holds {held}, not {what}", fix, f"该列是{held_zh}，而不是{what_zh}", fix_zh)
    return RowFault(0, name, None, message)


def _column(
    name: str, column: pa.ChunkedArray, rows: NDArray[np.int64], faults: Faults
) -> pa.ChunkedArray | None:
    """Return a column as trimmed texts or as numbers, or None after reporting what it holds instead."""
    kind = column.type
    try:
        if isinstance(kind, pa.BaseExtensionType):
            column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=kind.storage_type)
        if _is_number(_plain(kind)):
            column = _numbers(column.cast(_plain(kind)))
            if name in COLUMNS and not pa.types.is_string(column.type):
                return column
            if pa.types.is_floating(column.type):
                column = _whole(column)
        coded = _coded(column)
        if not _check_texts(name, coded, rows, faults):
            return None
        texts = pc.fill_null(pc.utf8_trim_whitespace(coded.dictionary), "")
        return pa.chunked_array([pc.fill_null(texts.take(coded.indices), "")], type=pa.string())
    except _ERRORS:
        faults.append(_wrong_type(name, _plain(kind)))
        return None


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers without NaN, and decimal ones as texts: those are rounded once."""
    if pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type):
        column = column.cast(pa.float64())
        return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    return column


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return names that a program stored as floats, since some were missing, as whole numbers."""
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column


def _coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column of anything that can be written as text as different texts and their positions."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    coded = column.unify_dictionaries().combine_chunks()
    return pa.DictionaryArray.from_arrays(coded.indices, coded.dictionary.cast(pa.string()))


def _check_texts(name: str, coded: pa.DictionaryArray, rows: NDArray[np.int64], faults: Faults) -> bool:
    """Report the cells whose texts no CSV file could hold; return whether there is none."""
    texts = coded.dictionary
    long = pc.greater(pc.utf8_length(texts), MOST_CHARACTERS)
    found = _note(name, coded, long, TOO_LONG, rows, faults)
    return (
        not _note(name, coded, pc.match_substring_regex(texts, _CONTROL), _HAS_CONTROL, rows, faults) + found
    )


def _note(
    name: str,
    coded: pa.DictionaryArray,
    wrong: pa.Array,
    message: Message,
    rows: NDArray[np.int64],
    faults: Faults,
) -> int:
    """Report the rows of some of the texts; return how many there are."""
    if not pc.any(wrong).as_py():
        return 0
    found = np.flatnonzero(pc.fill_null(wrong.take(coded.indices), False).to_numpy(zero_copy_only=False))
    note(faults, found, lambda row: RowFault(int(rows[row]), name, coded[row].as_py(), message))
    return int(found.size)
