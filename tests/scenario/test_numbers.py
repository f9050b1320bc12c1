"""A number is read as what it says or refused: never as another one, in scenarios and in tapes."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from fundsim import units
from fundsim.scenario.loan_table import read_loans

SCALES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
ENDINGS: dict[str, dict[str, Fraction]] = {
    "Money": {scale + end: Fraction(n) for scale, n in SCALES.items() for end in ("", "元")},
    "Share": {"": Fraction(1), "%": Fraction(1, 100), "‰": Fraction(1, 1000)},
    "AnnualRate": {"": Fraction(1), "%": Fraction(1, 100), "‰": Fraction(1, 1000)},
    "Multiple": {"": Fraction(1), "倍": Fraction(1), "x": Fraction(1), "×": Fraction(1)},
    "Months": {"": Fraction(1), "个月": Fraction(1), "年": Fraction(12)},
    "Count": {end: Fraction(n) for end, n in SCALES.items()} | dict.fromkeys("家笔户", Fraction(1)),
    "Deviations": {"": Fraction(1)},
    "Days": {"": Fraction(1), "天": Fraction(1), "日": Fraction(1)},
    "DailyRate": {"": Fraction(1), "%": Fraction(1, 100), "‰": Fraction(1, 1000)},
    "Degrees": {"": Fraction(1)},
    "Correlation": {"": Fraction(1)},
}
QUANTITIES = {
    q.name: q
    for q in (
        units.MONEY, units.SHARE, units.ANNUAL_RATE, units.MULTIPLE, units.MONTHS, units.COUNT,
        units.DEVIATIONS, units.DEGREES, units.CORRELATION, units.DAYS, units.DAILY_RATE,
    )
}  # fmt: skip


def take_digits(text: str) -> tuple[str, str]:
    found = 0
    while found < len(text) and text[found] in "0123456789":
        found += 1
    return text[:found], text[found:]


def number(text: str) -> Fraction | None:
    """Read a number sign by sign; None if it is none."""
    negative = text[:1] == "-"
    whole, rest = take_digits(text[1:] if text[:1] in ("+", "-") else text)
    mark = rest[:1] if rest[:1] in (" ", ",") else None
    if mark:
        if not 1 <= len(whole) <= 3 or whole[0] == "0":
            return None
        while rest[:1] == mark:
            group, rest = take_digits(rest[1:])
            if len(group) != 3:
                return None
            whole += group
    part = ""
    if rest[:1] == ".":
        part, rest = take_digits(rest[1:])
    if not whole + part:
        return None
    power = 0
    if rest[:1] in ("e", "E") and not mark:
        minus = rest[1:2] == "-"
        shown, rest = take_digits(rest[2:] if rest[1:2] in ("+", "-") else rest[1:])
        if not 1 <= len(shown) <= 3:
            return None
        power = -int(shown) if minus else int(shown)
    if rest:
        return None
    value = Fraction(int(whole + part or "0")) / 10 ** len(part) * Fraction(10) ** power
    return -value if negative else value


def meant(name: str, text: str) -> float | None:
    """Return what a text says in a quantity, or None if it says nothing that the quantity can be."""
    text = text.strip()
    for ending, factor in ENDINGS[name].items():
        value = number(text[: len(text) - len(ending)].rstrip()) if text.endswith(ending) else None
        if value is None:
            continue
        value *= factor
        quantity = QUANTITIES[name]
        low, high = quantity.low, quantity.high
        if (low is not None and value < low) or (high is not None and value > high) or abs(value) > 10**300:
            return None
        return None if quantity.integer and value.denominator > 1 else float(value)
    return None


def read(name: str, text: str) -> float | None:
    try:
        return float(QUANTITIES[name].read(text))
    except PydanticCustomError:
        return None


SLIPS = [
    "1,200,00", "1,234.567,89", "1.234.567,89", "12,34", "1,,000", "1 2", "1_000", "1e3e4", "+-3", "1,234,5",
    "0x10", "３００", "٣٠٠", "1,200 000", "1 200,000", "1,2000", "1234,567", "0,123", "01,234", "1,234.5,6",
    "1.234,5", "(3)", "3-", "--3", "1'200", "1,200e3", "1,200.5e1", "1e", "e3", "1e1000", ".", "-", "", ",",
    "1,", ",1", ",123", "1 ,000", "1, 000", "12,34万", "1,20亿", "1 20%", "1,2%", "0,3%", "3%%", "3 % %",
    "1.2.3", "½", "²", "Ⅻ", "十二", "1\u00a0200", "1\u202f200", "1\n200", "1\t200", "$5", "5$", "inf", "nan",
    "1,234,56,789", "12,345,67", "1,23,456", "12,34,567", "1;200", "1/2", "5e-", "0b1", "1j", "1f", "1d3",
    "1L", "+1,200-",
]  # fmt: skip
"""Numbers with a slip, or numbers only elsewhere."""


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_slip_is_refused_in_every_quantity(name: str) -> None:
    for text in SLIPS:
        for ending in ENDINGS[name]:
            assert read(name, text + ending) is None, text + ending


COLUMNS = {"principal": "Money", "months_left": "Months", "pd": "AnnualRate", "lgd": "Share"}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_slip_is_refused_in_every_column_of_a_tape(column: str) -> None:
    texts = [text + ending for text in SLIPS for ending in ENDINGS[COLUMNS[column]]]
    texts = [text for text in texts if "\n" not in text and text.strip()]
    for start in range(0, len(texts), 20):
        some = texts[start : start + 20]
        rows = [{"segment": "t", "principal": "1", "months_left": "1", column: text} for text in some]
        lines = [",".join(rows[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)]
        _, faults = read_loans("\n".join(lines).encode(), ".csv")
        wrong = {fault.line for fault in faults if fault.column == column}
        assert [texts[n] for n in range(len(some)) if n + 2 not in wrong and "\t" not in some[n]] == []


DIGITS = st.text("0123456789", max_size=5)
GROUPS = st.lists(
    st.tuples(st.sampled_from(",, ."), st.text("0123456789", min_size=2, max_size=4)), max_size=3
)
NUMBERS = st.tuples(
    st.sampled_from(["", "", "", "-", "+", " "]), DIGITS,
    GROUPS.map(lambda parts: "".join(mark + digits for mark, digits in parts)),
    st.sampled_from(["", "", ".", ".5", ",5", ".25,5", ".000"]),
    st.sampled_from(["", "", "", "e3", "E-2", "e+1", "e1234"]),
    st.sampled_from(["", "", " ", "  "]),
    st.sampled_from(["", "", "", *{ending for endings in ENDINGS.values() for ending in endings}]),
).map("".join)  # fmt: skip
TEXTS = st.one_of(NUMBERS, st.text("0123456789,. eE+-%万亿元年x", max_size=8), st.text(max_size=4))


@given(TEXTS)
@settings(max_examples=1000, deadline=None)
def test_a_text_is_read_as_it_is_meant(text: str) -> None:
    for name in QUANTITIES:
        assert read(name, text) == meant(name, text), (name, text)


@given(TEXTS)
@settings(max_examples=1000, deadline=None)
def test_the_schema_allows_what_is_read(text: str) -> None:
    for name, quantity in QUANTITIES.items():
        if meant(name, text) is not None:
            assert re.search(quantity.pattern, text), (name, text)


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_schema_refuses_a_slip(name: str) -> None:
    assert [text for text in SLIPS if re.search(QUANTITIES[name].pattern, text)] == []


@given(st.lists(TEXTS, min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_column_of_a_tape_is_read_as_its_cells_are_meant(texts: list[str]) -> None:
    texts = [
        re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", "", text) for text in texts
    ]
    count = len(texts)
    table = pa.table({"segment": ["t"] * count, "principal": texts, "months_left": [1] * count})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    loans, faults = read_loans(sink.getvalue(), ".parquet")
    amounts = [meant("Money", text) for text in texts]
    wrong = [row for row, amount in enumerate(amounts, start=1) if not amount]
    assert [fault.line for fault in faults] == wrong
    if loans is not None:
        assert loans.principal.tolist() == amounts


@pytest.mark.parametrize("quantity", QUANTITIES.values())
@pytest.mark.parametrize(
    "value", [10**400, -(10**400), float("inf"), float("nan"), float("-inf"), "9" * 5000]
)
def test_a_number_beyond_all_numbers_is_refused(quantity: units.Quantity, value: object) -> None:
    with pytest.raises(PydanticCustomError):
        quantity.read(value)


def test_a_whole_number_is_whole_to_its_last_digit() -> None:
    assert read("Months", "1." + "0" * 60) == 1
    assert read("Months", "1." + "0" * 60 + "1") is None
