"""Quantities are read exactly, and refused in words."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from fundsim import units


def read(kind: object, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: object, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("0.4亿", 4e7), ("2.32亿元", 2.32e8), ("300万", 3e6), ("1 200万", 1.2e7), ("2.5e7", 2.5e7),
        ("1,200", 1200.0), ("1,234,567元", 1234567.0), (" 5千 ", 5e3), ("1.5万亿", 1.5e12), ("3百万", 3e6),
        ("2千万元", 2e7), ("+7", 7.0), (".5亿", 5e7), ("0", 0.0), (7, 7.0), (0.1, 0.1), ("36.7 亿", 3.67e9),
    ],
)  # fmt: skip
def test_amounts_are_read_to_the_yuan(text: object, yuan: float) -> None:
    assert read(units.Money, text) == yuan


@pytest.mark.parametrize(
    "text", ["", "亿", "4 0万", "1,20", "1_000", "1e", "abc", "3 million", "1.2.3", "--1", "1 2"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert "an amount is expected" in refusal(units.Money, text)


@pytest.mark.parametrize(
    ("text", "share"), [("40%", 0.4), ("0.4", 0.4), ("3‰", 0.003), (0, 0.0), (1, 1.0), ("100 %", 1.0)]
)
def test_shares_are_fractions_or_percentages(text: object, share: float) -> None:
    assert read(units.Share, text) == share


def test_a_percentage_written_as_a_number_is_reported_with_how_to_write() -> None:
    assert refusal(units.Share, 40) == 'a share lies in 0 … 1; write 0.40 or "40%"'
    assert refusal(units.AnnualRate, 3.5) == 'a yearly rate lies in 0 … 1; write 0.035 or "3.5%"'
    assert "lies in 0 … 1; write a fraction" in refusal(units.Share, 400)


def test_full_width_digits_are_reported_with_what_was_meant() -> None:
    assert refusal(units.Money, "３００万") == 'full-width characters in a number; did you mean "300万"?'
    assert refusal(units.Share, "４０％") == 'full-width characters in a number; did you mean "40%"?'


def test_whole_numbers_stay_whole() -> None:
    assert read(units.Count, "6.5万") == 65_000
    assert isinstance(read(units.Count, 1e6), int)
    assert read(units.Months, "1年") == 12
    assert "a whole number" in refusal(units.Count, 1.5)
    assert "a whole number" in refusal(units.Months, "0.5个月")


@pytest.mark.parametrize(
    "value", [True, None, [1], {"a": 1}, float("nan"), float("inf"), "1e400", -1, "-0.01"]
)
def test_an_amount_is_a_finite_number_of_0_or_more(value: object) -> None:
    assert refusal(units.Money, value)


@given(st.integers(0, 10**13))
def test_fen_survive_any_unit(fen: int) -> None:
    yuan = fen / 100
    assert read(units.Money, f"{fen / 100:.2f}") == yuan
    assert read(units.Money, f"{fen // 100}.{fen % 100:02d}元") == yuan
    whole, rest = divmod(fen, 10**6)
    assert read(units.Money, f"{whole}.{rest:06d}万") == yuan


@given(st.floats(-5, 5))
def test_any_finite_number_of_deviations_is_kept(value: float) -> None:
    assert read(units.Deviations, value) == value


def test_months_count_from_one_to_another() -> None:
    start = units.YearMonth(2015, 1)
    assert read(units.YearMonth, "2017-03") == start.plus(26)
    assert read(units.YearMonth, "2017年3月").months_since(start) == 26
    assert start.months_since(units.YearMonth(2015, 12)) == -11
    assert str(start.plus(-1)) == "2014-12"
    assert pickle.loads(pickle.dumps(start)) == start  # noqa: S301


@given(st.integers(-600, 600))
def test_plus_and_months_since_undo_each_other(months: int) -> None:
    start = units.YearMonth(2015, 7)
    assert start.plus(months).months_since(start) == months


@pytest.mark.parametrize(
    "value", ["2015-13", "2015-00", "1899-12", 2015, "2015-1-1", "last month", "２０１５-０１", None, True]
)
def test_what_is_no_month_is_refused(value: object) -> None:
    assert "not a calendar month" in refusal(units.YearMonth, value)
