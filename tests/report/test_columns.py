"""Which columns are numbers, and how wide they become."""

import pytest

from fundsim.report.document.columns import numeric_columns, share_out
from fundsim.report.sheets import Row, Sheet

from .conftest import document_of, tables_of


def sheet(*rows, heads=("", "x", "y"), with_unit=False):
    return Sheet(heads, tuple(Row("", row) for row in rows), with_unit=with_unit)


@pytest.mark.parametrize(
    ("cell", "numeric"),
    [
        ("1,234.5", True), ("−0.3", True), ("≥ 36.7 亿元", True), ("0.3 – 0.7", True), ("0.00%", True),
        ("month", False), ("plan、npl", False), ("2015 年的方案规定了这一数值，并说明了来源", False),
        ("[1, 2]", False),
    ],
)  # fmt: skip
def test_numbers_are_recognised(cell, numeric):
    assert numeric_columns(sheet(("a", cell, ""), ("b", "–", ""))) == ({1} if numeric else set())


def test_a_unit_is_no_number():
    assert numeric_columns(sheet(("a", "10", "3"), with_unit=True)) == {2}


def test_figures_of_a_run_are_numbers_and_its_inputs_are_not():
    tables = list(tables_of(document_of("jinan_2024_2027", "zh")))
    assert numeric_columns(tables[0].sheet) == set(range(2, 8))
    assert not numeric_columns(tables[-1].sheet) & {0, 3, 4}


def test_widths_fill_the_room_and_hold_every_number():
    widths = share_out(sheet(("a long name of something", "12,345.67", "words and words " * 9)), 90)
    assert sum(widths) == pytest.approx(90)
    assert widths[1] >= 9
    assert min(widths) > 0


def test_too_little_room_is_said():
    assert share_out(sheet(("a", "123,456,789", "2")), 12) is None
