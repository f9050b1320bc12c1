"""A Parquet tape holds what a CSV tape holds, of whatever type its columns are, or is refused in words."""

from __future__ import annotations

import datetime
import io
import math
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundsim.scenario.loan_columns import COLUMNS, KNOWN
from fundsim.scenario.loan_table import Loans, RowFault, read_loans

DAY = datetime.date(2016, 7, 1)
NOON = datetime.datetime(2016, 7, 1, 12)
SOUND: dict[str, list[Any]] = {
    "segment": ["trade", "crafts"], "principal": [3e6, 1e6], "months_left": [12, 6],
    "pd": [0.03, None], "lgd": [None, 0.5], "id": ["a", "b"],
}  # fmt: skip


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def read(columns: dict[str, Any]) -> tuple[Loans | None, tuple[RowFault, ...]]:
    loans, faults = read_loans(parquet(columns), ".parquet")
    assert (loans is None) == bool(faults)
    for fault in faults:
        assert all(fault.message), fault
        assert re.search("[\u4e00-\u9fff]", fault.message[2])
    return loans, faults


TYPES: dict[str, pa.Array] = {
    **{f"int{n}": pa.array([1, 2], f"int{n}") for n in (8, 16, 32, 64)},
    **{f"uint{n}": pa.array([1, 2], f"uint{n}") for n in (8, 16, 32, 64)},
    **{f"float{n}": pa.array(np.array([0.5, 1.0], f"float{n}")) for n in (16, 32, 64)},
    "huge integers": pa.array([2**63 + 1, 2**64 - 1], "uint64"),
    "least integers": pa.array([-(2**63), -1], "int64"),
    "not a number": pa.array([math.nan, 1.0]),
    "infinite": pa.array([math.inf, -math.inf]),
    "decimal128": pa.array([Decimal("0.50"), Decimal("1.00")]),
    "decimal256": pa.array([Decimal("0.50"), Decimal("1.00")], pa.decimal256(60, 2)),
    "large decimals": pa.array([Decimal("1E+20"), Decimal("2E+20")], pa.decimal128(30, 0)),
    "bool": pa.array([True, False]),
    "date32": pa.array([DAY, DAY]),
    "date64": pa.array([DAY, DAY], pa.date64()),
    **{f"timestamp {unit}": pa.array([NOON, NOON], pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
    "timestamp with a zone": pa.array([NOON, NOON], pa.timestamp("us", "Asia/Shanghai")),
    "time32": pa.array([datetime.time(1), datetime.time(2)], pa.time32("s")),
    "time64": pa.array([datetime.time(1), datetime.time(2)], pa.time64("us")),
    "duration": pa.array([datetime.timedelta(30), datetime.timedelta(60)]),
    "binary": pa.array([b"1", b"0.5"]),
    "binary that is no text": pa.array([b"\xff\xfe", b"1"]),
    "large binary": pa.array([b"1", b"2"], pa.large_binary()),
    "fixed binary": pa.array([b"12", b"13"], pa.binary(2)),
    "string": pa.array(["1", "2"]),
    "large string": pa.array(["1", "2"], pa.large_string()),
    "string view": pa.array(["1", "2"], pa.string_view()),
    "dictionary of texts": pa.array(["1", "2"]).dictionary_encode(),
    "dictionary of integers": pa.array([1, 2]).dictionary_encode(),
    "dictionary of dates": pa.array([DAY, DAY]).dictionary_encode(),
    "list": pa.array([[1], [2]]),
    "large list": pa.array([["1"], ["2"]], pa.large_list(pa.string())),
    "fixed list": pa.array([[1], [2]], pa.list_(pa.int64(), 1)),
    "list of lists": pa.array([[[1]], [[2]]]),
    "struct": pa.array([{"a": 1}, {"a": 2}]),
    "map": pa.array([[("a", 1)], [("b", 2)]], pa.map_(pa.string(), pa.int64())),
    "null": pa.nulls(2),
    "no texts at all": pa.array([None, None], pa.string()),
    "no dates at all": pa.array([None, None], pa.date32()),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16, b"1" * 16], pa.binary(16))),
    "json": pa.ExtensionArray.from_storage(pa.json_(), pa.array(["1", "2"])),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("column", KNOWN)
def test_a_column_of_any_type_is_read_or_refused_in_words(column: str, kind: str) -> None:
    _, faults = read({**SOUND, column: TYPES[kind]})
    assert {fault.column for fault in faults} <= {column}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("column", KNOWN)
def test_a_column_without_a_row_is_a_tape_without_a_loan(column: str, kind: str) -> None:
    empty = {name: pa.array(values)[:0] for name, values in SOUND.items()}
    _, faults = read({**empty, column: TYPES[kind][:0]})
    assert faults


HOLDS = {
    "date32": "dates", "date64": "dates", "timestamp us": "dates", "timestamp with a zone": "dates",
    "dictionary of dates": "dates", "no dates at all": "dates", "time32": "times of day",
    "time64": "times of day", "duration": "durations", "bool": "true or false", "list": "lists",
    "large list": "lists", "fixed list": "lists",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOLDS)
@pytest.mark.parametrize("column", COLUMNS)
def test_what_a_column_holds_instead_of_numbers_is_said_once(column: str, kind: str) -> None:
    _, faults = read({**SOUND, column: TYPES[kind]})
    what = COLUMNS[column].holds[0]
    assert [(f.line, f.column, f.message[0]) for f in faults] == [
        (0, column, f"this column holds {HOLDS[kind]}, not {what}")
    ]


def test_dates_for_months_are_answered_with_what_to_write() -> None:
    _, faults = read({**SOUND, "months_left": TYPES["date32"]})
    assert [f.message[1] for f in faults] == ["write the months to maturity, such as 12"]
    for text in ("2016-07-01", "2016/7/1", "2016年7月1日", "1/7/2016", "2016-07", "2016.7.1"):
        _, faults = read({**SOUND, "months_left": [text, "12"]})
        assert [f.message[:2] for f in faults] == [
            ("a date is no number of months", "write the months to maturity, such as 12")
        ]


def test_whole_numbers_beyond_the_floats_are_refused_as_texts_are() -> None:
    values = [2**53 + 1, 2**63 - 1]
    _, faults = read({**SOUND, "principal": values})
    _, reported = read({**SOUND, "principal": [str(value) for value in values]})
    assert [(f.line, f.value, f.message) for f in faults] == [(f.line, f.value, f.message) for f in reported]
    assert [f.value for f in faults] == [str(value) for value in values]
    assert all("too large a number" in f.message[0] for f in faults)


def test_decimals_are_rounded_once() -> None:
    values = [Decimal(n) / 1000 for n in range(1, 5000, 7)]
    count = len(values)
    loans, _ = read({"segment": ["t"] * count, "principal": values, "months_left": [1] * count})
    assert loans is not None
    assert loans.principal.tolist() == [float(value) for value in values]


def test_a_short_text_in_many_rows_may_not_fill_the_memory() -> None:
    """A text that a dictionary holds once is refused before it is written out row by row."""
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(1_000_000, np.int32)), pa.array(["x" * 100_000]))
    many = {"segment": texts, "principal": np.ones(1_000_000), "months_left": np.ones(1_000_000, np.int8)}
    _, faults = read_loans(parquet(many), ".parquet")
    assert faults[0].message[0] == "more than 1,000 characters in a cell"
    assert sum(fault.count for fault in faults) == 1_000_000


def test_a_control_character_is_refused_as_in_a_csv_file() -> None:
    _, faults = read({**SOUND, "segment": ["tr\x07ade", "crafts"], "id": ["a", "\ufeffb"]})
    assert [(f.line, f.column, f.message[0]) for f in faults] == [
        (1, "segment", "a control character in a cell"), (2, "id", "a control character in a cell"),
    ]  # fmt: skip


BROKEN = {
    "nothing": b"",
    "a CSV file": b"segment,principal,months_left\nt,1,1\n",
    "a beginning": parquet(SOUND)[:-20],
    "an end": parquet(SOUND)[20:],
    "only the mark": b"PAR1PAR1",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_parquet_file_is_refused(name: str) -> None:
    _, faults = read_loans(BROKEN[name], ".parquet")
    assert [fault.message[0] for fault in faults] == ["this is no Parquet file, or it is damaged"]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_parquet_file_never_ends_the_program(data: st.DataObject) -> None:
    content = bytearray(parquet(SOUND, compression=data.draw(st.sampled_from(["none", "snappy", "zstd"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    loans, faults = read_loans(bytes(content), ".parquet")
    assert (loans is None) == bool(faults)


def test_columns_without_a_name_twice_or_missing_are_faults() -> None:
    assert [f.message[0] for f in read({})[1]] == ["the file is empty"]
    table = pa.table([pa.array(["t"]), pa.array([1]), pa.array([1]), pa.array([2])],
                     ["segment", "principal", "months_left", " principal "])  # fmt: skip
    sink = io.BytesIO()
    pq.write_table(table, sink)
    assert [f.message[0] for f in read_loans(sink.getvalue(), ".parquet")[1]] == ["this column stands twice"]
    assert [f.column for f in read({"segment": ["t"], "\x1b[31mred": [1]})[1]] == [
        "\x1b[31mred", "principal", "months_left",
    ]  # fmt: skip


# ------------------------------------------------------------------ the same tape in both formats

CELLS = {
    "segment": st.sampled_from(["trade", " crafts ", "贸易", "", "a,b", 'say "a"', "two\nlines"]),
    "principal": st.sampled_from(["300万", "1,200,000", "1 200万", "5e5", " 7", "3亿", "0", "", "x", "1,2"]),
    "months_left": st.sampled_from(["12", "12个月", "1年", "120", "121", "0", "", "1.5", "2016-07-01"]),
    "pd": st.sampled_from(["", "3%", "0.03", "3‰", " ", "100%", "3"]),
    "lgd": st.sampled_from(["", "55%", "0", "1", "1.2", "-1"]),
    "id": st.sampled_from(["", "HT-1", "HT-2", "17", " HT-1", "甲"]),
}  # fmt: skip
BLANK = st.sampled_from(["", " "]).map(lambda cell: dict.fromkeys(CELLS, cell))
TAPES = st.lists(st.one_of(st.fixed_dictionaries(CELLS), BLANK), min_size=1, max_size=8)


def seen(loans: Loans | None) -> Any:
    if loans is None:
        return None
    names = [loans.names[position] for position in loans.segment]
    numbers = (loans.principal, loans.months_left, loans.pd, loans.lgd)
    return names, [[str(value) for value in column.tolist()] for column in numbers], loans.lines.tolist()


@given(TAPES, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_tape_is_the_same_in_both_formats(tape: list[dict[str, str]], coded: bool, nulls: bool) -> None:
    quoted = [",".join('"' + row[name].replace('"', '""') + '"' for name in CELLS) for row in tape]
    lines = [2 + sum(row.count("\n") + 1 for row in quoted[:n]) for n in range(len(quoted))]
    in_csv, csv_faults = read_loans("\n".join([",".join(CELLS), *quoted]).encode(), ".csv")
    columns: dict[str, Any] = {
        name: pa.array([None if nulls and not row[name] else row[name] for row in tape], pa.string())
        for name in CELLS
    }
    if coded:
        columns = {name: column.dictionary_encode() for name, column in columns.items()}
    in_parquet, parquet_faults = read_loans(parquet(columns), ".parquet")
    as_rows = {line: row for row, line in enumerate(lines, start=1)}
    assert [(as_rows.get(f.line, 0), f.column, f.value) for f in csv_faults] == [
        (f.line, f.column, f.value) for f in parquet_faults
    ]
    if in_csv is not None:
        names, numbers, found = seen(in_csv)
        assert (names, numbers, [as_rows[line] for line in found]) == seen(in_parquet)


NUMBERS = {
    "principal": st.one_of(st.integers(1, 10**15), st.floats(1e-3, 1e15)),
    "months_left": st.integers(1, 120),
    "pd": st.one_of(st.none(), st.floats(1e-6, 0.999)),
    "lgd": st.one_of(st.none(), st.floats(0, 1)),
    "id": st.one_of(st.none(), st.integers(0, 3)),
}


@given(st.lists(st.fixed_dictionaries(NUMBERS), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_numbers_are_the_same_in_both_formats(tape: list[dict[str, Any]]) -> None:
    rows = [",".join("" if value is None else str(value) for value in map(row.get, NUMBERS)) for row in tape]
    in_csv, csv_faults = read_loans(
        "\n".join(["segment," + ",".join(NUMBERS), *(f"t,{row}" for row in rows)]).encode(), ".csv"
    )
    columns: dict[str, Any] = {name: [row[name] for row in tape] for name in NUMBERS}
    if any(isinstance(value, float) for value in columns["principal"]):
        columns["principal"] = [float(value) for value in columns["principal"]]
    in_parquet, faults = read_loans(parquet({"segment": ["t"] * len(tape), **columns}), ".parquet")
    assert [(f.line - 1, f.column, f.value) for f in csv_faults] == [
        (f.line, f.column, f.value) for f in faults
    ]
    if in_csv is not None:
        assert seen(in_csv)[:2] == seen(in_parquet)[:2]
