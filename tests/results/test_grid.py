"""Lines and tables of a given width: double-width signs, names, numbers that are never cut."""

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from fundsim.report.folding import cells, fold, padded
from fundsim.report.grid import Grid, Line

NAME = "guarantee.compensation_fund.claims_coverage_aggregate@window"
CHINESE = "十四个县区中任一风险保证金耗尽的概率（出现未付代偿）：全部县区，累计发放。"


def drawn(grid, width, encoding="utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(grid)
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize("text", ["pool ± 1 – 2", "资金池 pool", "e\u0301a", "", NAME])
def test_cells_are_counted_as_a_console_does(text):
    assert cells(text) == cell_len(text)
    assert cells(padded(text, 70)) == 70
    assert padded(text, 70, right=True).endswith(text)


@pytest.mark.parametrize("width", [1, 2, 5, 11, 20, 33, 80])
@pytest.mark.parametrize("text", [NAME, CHINESE, f"{CHINESE} {NAME} [亿元]", "two words", "", "x" * 90])
def test_folded_lines_fit_and_lose_nothing(text, width):
    lines = fold(text, width)
    assert all(cells(line) <= max(2, width) for line in lines if line not in "。，：）")
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", range(26, 62))
def test_a_name_is_broken_after_a_point_or_before_the_horizon(width):
    lines = fold(NAME, width)
    assert "".join(lines) == NAME
    assert all(line.endswith(".") or line == lines[-1] or following.startswith("@")
               for line, following in zip(lines, [*lines[1:], ""], strict=True))  # fmt: skip


def test_no_number_is_broken_at_its_point():
    assert fold("mean 1,234.567 million", 12) == ["mean", "1,234.567", "million"]


@pytest.mark.parametrize("width", range(8, 40, 2))
def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one(width):
    lines = fold(CHINESE, width)
    assert not [line for line in lines if line[0] in "，。：）"]
    assert not [line for line in lines if line[-1] in "（"]


GRID = Grid(
    ("name", "unit", "value"),
    [
        Line((NAME, "yuan", "1,234,567,890.12"), "A group of instruments with a long title"),
        Line((CHINESE, "亿元", "3.14")),
    ],
    frozenset((2,)),
    unit=1,
)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("width", [18, 25, 39, 50, 80, 300])
def test_a_table_fits_and_cuts_no_number(width, plain):
    lines = drawn(Grid(GRID.headings, GRID.lines, GRID.numeric, plain, GRID.unit), width)
    assert max(cell_len(line) for line in lines) <= width
    text = "\n".join(lines)
    assert "1,234,567,890.12" in text
    assert "3.14" in text
    assert "".join(NAME.split()) in re.sub(r"\s|1,234,567,890\.12|yuan|亿元", "", text) or width < 80


def test_columns_stand_under_their_headings_where_there_is_room():
    head, group, first, second, end = drawn(GRID, 300)
    assert end == ""
    assert head.endswith("value")
    assert group == "A group of instruments with a long title"
    assert first.endswith("  1,234,567,890.12")
    assert len(head) == len(first)
    assert cell_len(second) == len(first)


def test_without_room_the_cells_stand_below_each_other_with_their_headings():
    lines = drawn(GRID, 30)
    assert "  value 1,234,567,890.12" in lines
    assert "value" not in lines[0]


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_the_line_under_the_headings_can_be_written_anywhere(encoding):
    lines = drawn(Grid(GRID.headings, GRID.lines, GRID.numeric, plain=False, unit=1), 120, encoding)
    assert set(lines[1]) == {"-"}
    lines = drawn(Grid(GRID.headings, GRID.lines, GRID.numeric, plain=False, unit=1), 120)
    assert set(lines[1]) == {"─"}


def test_a_table_of_nothing_is_nothing():
    assert drawn(Grid(("a", "b"), []), 80) == []


def test_numbers_of_a_first_column_keep_their_unit_where_columns_stand_below_each_other():
    lines = [Line(("3.00", "8.0 % (6.8 – 9.2)", "78.9 % (77.1 – 80.7)"))]
    heads = ("scan [million yuan]", "P(pool.depleted), follows", "P(pool.depleted), held")
    grid = Grid(heads, lines, numeric=frozenset({1, 2}), unit_of_first="million yuan")
    assert drawn(grid, 90)[0].startswith("scan [million yuan]")
    assert drawn(grid, 60)[:3] == [
        "3.00 million yuan",
        "  P(pool.depleted), follows: 8.0 % (6.8 – 9.2)",
        "  P(pool.depleted), held: 78.9 % (77.1 – 80.7)",
    ]


def test_columns_that_belong_together_begin_a_line_and_their_heads_end_with_a_colon():
    lines = [Line(("lent", "547.7", "± 0.7", "459.0", "± 0.2", "-88.7", "± 0.6"))]
    grid = Grid(
        ("", "A", "", "B", "", "B - A", ""), lines, numeric=frozenset(range(1, 7)), starts=frozenset({3})
    )
    assert drawn(grid, 40)[:3] == ["lent", "  A 547.7  ± 0.7", "  B 459.0  ± 0.2  B - A: -88.7  ± 0.6"]


def test_headings_of_numbers_are_folded_where_they_would_leave_no_room():
    names = ("P(zhubaodai.depleted) [%]", "mean(scheme.fiscal_cost) [%]")
    lines = [Line(("5", "0.056 (0.042 – 0.073)", "31.3 ± 0.4"))]
    grid = Grid(("multiple", *names), lines, numeric=frozenset({1, 2}), folded_headings=True)
    assert drawn(grid, 70)[0] == "multiple  P(zhubaodai.depleted) [%]  mean(scheme.fiscal_cost) [%]"
    assert drawn(grid, 46) == [
        "multiple  P(zhubaodai.depleted)  mean(scheme.",
        "                            [%]  fiscal_cost)",
        "                                          [%]",
        "5         0.056 (0.042 – 0.073)    31.3 ± 0.4",
        "",
    ]
    unfolded = Grid(("multiple", *names), lines, numeric=frozenset({1, 2}))
    assert drawn(unfolded, 46)[0] == "5"  # one below the other


NAMES = ("scheme.contingent_contractual_gross", "pool.compensation_rate_released@window")


@pytest.mark.parametrize("width", range(30, 90, 3))
@pytest.mark.parametrize("folded_headings", [False, True])
def test_names_beside_numbers_are_never_broken_inside_a_word(width, folded_headings):
    lines = [Line((name, "million yuan", "1,234.5", "0.6")) for name in NAMES]
    heads = ("metric", "unit", "mean", "±")
    grid = Grid(heads, lines, frozenset({2, 3}), unit=1, folded_headings=folded_headings)
    pieces = {piece for line in drawn(grid, width) for piece in re.findall(r"[a-z_]+", line)}
    parts = {part for name in NAMES for part in re.split(r"[.@]", name)}
    assert pieces <= parts | {"metric", "unit", "mean", "million", "yuan"}


def test_words_that_would_take_many_lines_beside_numbers_stand_above_them():
    label = "每期贷款违约率（违约笔数÷期初存量、新增与续贷的贷款期次） pool.default_rate"
    grid = Grid(("指标", "单位", "均值"), [Line((label, "%", "3.34"))], frozenset({2}), unit=1)
    assert drawn(grid, 44)[:4] == [
        "每期贷款违约率（违约笔数÷期初存量、新增与续",
        "贷的贷款期次） pool.default_rate [%]",
        "  均值 3.34",
        "",
    ]
    assert drawn(grid, 62)[1:] == [
        "每期贷款违约率（违约笔数÷期初存量、新增与续贷的贷   %     3.34",
        "款期次） pool.default_rate",
        "",
    ]


def test_a_unit_stands_on_one_line_and_if_there_is_room_not_alone():
    lines = [Line(("pool.default_rate_of_all", "million yuan", "3"))]
    grid = Grid(("", "", "mean of all values"), lines, frozenset({2}), unit=1)
    assert drawn(grid, 34)[:2] == ["pool.default_rate_of_all", "[million yuan]"]
    lines = [Line(("所有贷款 pool.default_rate", "%", "3"))]
    grid = Grid(("", "", "mean of all values"), lines, frozenset({2}), unit=1)
    assert drawn(grid, 28)[:2] == ["所有贷款", "pool.default_rate [%]"]
