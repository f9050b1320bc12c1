"""The table of sources and uses of a budget: by year and level, as planned and as paid."""

from __future__ import annotations

import io
import json
import math

import pytest
from rich.cells import cell_len
from rich.console import Console

import fundsim as fs
from fundsim.report.budget_table import MOST_LINES, budget_notes, budget_sheet
from fundsim.report.sheets import grid_of

LEVELS = {
    "city": {"title": "The city's own", "title_zh": "市级资金",
             "amounts": [{"year": 2015, "amount": 3e8}, {"year": 2016, "amount": 1e8}]},
    "counties": {"amounts": [{"year": 2015, "amount": 1e8}], "matches": "city"},
}  # fmt: skip
LINES = {
    "works": {"title": "Works", "title_zh": "工程", "amounts": [{"year": 2015, "amount": 2e8}],
              "shares": {"city": 0.5, "counties": 0.5}, "after_acceptance": True},
    "trade": {"title": "Fairs of trade", "title_zh": "展会",
              "amounts": [{"year": 2015, "amount": 1e8}], "shares": {"city": 1}},
}  # fmt: skip
SCENARIO = {
    "window": {"start": "2015-01", "months": 24},
    "budget": {
        "levels": LEVELS,
        "lines": LINES,
        "unallocated": [{"year": 2015, "amount": 1e8}, {"year": 2016, "amount": 1e8}],
    },
    "instruments": {
        "works": {"kind": "expense", "line": "works", "payments": [{"date": "2015-06", "amount": 2e8}]},
        "fairs": {"kind": "expense", "line": "trade", "payments": [{"date": "2015-06", "amount": 6e7}]},
    },
}
BY_HAND = [
    # 2015: only the fairs' line has money, 1亿, and spends 0.6; 2016: the works of 2015, half of it each.
    ("2015: sources", "The city's own (city)", "300", "100", "0"),
    ("2015: sources", "counties, matches The city's own", "100", "0", "0"),
    ("2015: sources", "total", "400", "100", "0"),
    ("2015: uses", "Works, after acceptance", "200", "0", "0"),
    ("2015: uses", "Fairs of trade (trade)", "100", "60", "0"),
    ("2015: uses", "not allocated", "100", "–", ""),
    ("2015: uses", "total", "400", "60", "0"),
    ("2015: uses", "given back unspent", "", "40", "0"),
    ("2016: sources", "The city's own (city)", "100", "100", "0"),
    ("2016: sources", "counties, matches The city's own", "0", "100", "0"),
    ("2016: sources", "total", "100", "200", "0"),
    ("2016: uses", "Works, after acceptance", "0", "200", "0"),
    ("2016: uses", "not allocated", "100", "–", ""),
    ("2016: uses", "total", "100", "200", "0"),
    ("all years: sources", "The city's own (city)", "400", "200", "0"),
    ("all years: sources", "counties, matches The city's own", "100", "100", "0"),
    ("all years: sources", "total", "500", "300", "0"),
    ("all years: uses", "Works, after acceptance", "200", "200", "0"),
    ("all years: uses", "Fairs of trade (trade)", "100", "60", "0"),
    ("all years: uses", "not allocated", "200", "–", ""),
    ("all years: uses", "total", "500", "260", "0"),
    ("all years: uses", "given back unspent", "", "40", "0"),
]
"""Group, label, and million yuan: planned, paid, error."""


def simulated(folder, content, **options):
    file = folder / "budget.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return fs.simulate(fs.load(file), **{"paths": 50, "seed": 5, **options})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return simulated(tmp_path_factory.mktemp("certain"), SCENARIO)


@pytest.fixture(scope="module")
def example():
    return fs.simulate(fs.load("examples/budget"), paths=200, seed=3)


def printed(sheet, width):
    console = Console(file=io.StringIO(), width=width)
    console.print(grid_of(sheet, plain=True))
    return console.file.getvalue()


def test_each_year_is_worked_out_by_hand(run):
    sheet = budget_sheet(run, "en")
    assert sheet.headings == ("sources and uses [million yuan]", "plan", "paid", "±")
    assert [(row.group, *row.cells) for row in sheet.rows] == BY_HAND


def test_the_frame_has_the_same_amounts_in_yuan(run):
    frame = run.sources_and_uses().set_index(["year", "side", "kind", "name"])
    assert frame.loc[(2015, "use", "line", "trade")].tolist() == [1e8, 6e7, 0.0]
    assert frame.loc[(2016, "source", "level", "counties")].tolist() == pytest.approx([0.0, 1e8, 0.0])
    whole = run.sources_and_uses()
    whole = whole[whole["year"].isna()].set_index(["side", "kind", "name"])
    assert whole.loc[("use", "total", ""), "planned"] == 5e8
    assert whole.loc[("use", "given_back", ""), "paid"] == pytest.approx(4e7)
    assert math.isnan(whole.loc[("use", "unallocated", ""), "paid"])


def test_means_and_errors_are_those_of_the_summary(example):
    frame = example.sources_and_uses()
    for row in frame.itertuples():
        what = {"source": "appropriated", "use": "spent"}[row.side]
        if row.kind == "unallocated":
            continue
        own = "lapsed" if row.kind == "given_back" else what
        metric = ".".join(["budget", *([row.name] if row.name else []), own])
        at = metric if frame["year"].isna()[row.Index] else f"{metric}.{row.year}"
        law = example.distribution(at)
        assert (row.paid, row.paid_se) == (law.mean.value, law.mean.se)
    assert (frame["paid_se"] > 0.0).sum() > 10


def test_parts_add_up_to_their_totals(example):
    for _, some in example.sources_and_uses().groupby(["year", "side"], dropna=False):
        total = some[some["kind"] == "total"].iloc[0]
        parts = some[~some["kind"].isin(["total", "given_back"])]
        assert parts["planned"].sum() == pytest.approx(total["planned"])
        assert parts["paid"].sum() == pytest.approx(total["paid"], abs=0.01)


def test_the_table_fits_consoles_of_any_width(example):
    for lang in ("en", "zh"):
        sheet = budget_sheet(example, lang)
        for width in (80, 40, 30):
            lines = printed(sheet, width).splitlines()
            assert max(cell_len(line) for line in lines) <= width
    beside = printed(budget_sheet(example, "en"), 80)
    counties = [line.split() for line in beside.splitlines() if line.startswith("Counties")]
    assert counties[1][:4] == ["Counties,", "matches", "City", "9"]
    narrow = printed(budget_sheet(example, "en"), 30)
    assert "Province [million yuan]\n  plan 20  paid 20  ± 0\n" in narrow


def test_chinese_has_its_own_words_and_titles(run):
    sheet = budget_sheet(run, "zh")
    assert sheet.headings[0] == "资金来源与用途（亿元）"
    assert ("2015 年：来源", "市级资金（city）", "3", "1", "0") in [
        (row.group, *row.cells) for row in sheet.rows
    ]
    assert ("2016 年：用途", "工程（works），验收后拨付", "0", "2", "0") in [
        (row.group, *row.cells) for row in sheet.rows
    ]
    assert budget_notes(run, "zh") == [
        "资金来源与用途：验收后拨付的资金在次年支付；未分配资金不支付；"
        "未支出也未交回的资金留在预算项目中（budget.balance）。"
    ]


def test_an_opened_folder_and_a_notebook_have_the_table(run, tmp_path):
    opened = fs.open(run.save(tmp_path / "run", plots="none"))
    assert budget_sheet(opened, "en") == budget_sheet(run, "en")
    assert "<td>counties, matches The city&#x27;s own</td>" in opened._repr_html_()
    assert "Sources and uses: what is paid after acceptance" in opened._repr_html_()


def test_without_a_budget_or_its_years_there_is_no_table(run, tmp_path):
    assert budget_sheet(fs.simulate(fs.load("minimal"), paths=20), "en").rows == ()
    few = simulated(tmp_path, SCENARIO, metrics="works.paid")
    assert (budget_sheet(few, "en").rows, budget_notes(few, "en")) == ((), [])
    assert len(few.sources_and_uses()) == 0


def test_totals_alone_leave_a_dash_where_the_parts_were_not_kept(tmp_path):
    few = simulated(tmp_path, SCENARIO, metrics=["budget.appropriated", "budget.spent"])
    rows = [row for row in budget_sheet(few, "en").rows if row.group.startswith("2015")]
    cells = {row.cells[0]: row.cells[2] for row in rows}
    assert cells["The city's own (city)"] == "–"
    assert cells["total"] == "60"


def test_the_smallest_of_many_lines_stand_together(tmp_path):
    """Lines of 1, 2, …, 15 million, each paid in full: the four smallest are 10 million."""
    lines = {f"l{n}": {"amounts": [{"year": 2015, "amount": n * 1e6}]} for n in range(1, 16)}
    content = {
        "window": {"start": "2015-01", "months": 12},
        "budget": {"levels": {"city": {"amounts": [{"year": 2015, "amount": 120e6}]}}, "lines": lines},
        "instruments": {
            f"i{n}": {"kind": "expense", "line": f"l{n}", "payments": [{"date": "2015-06", "amount": at}]}
            for n in range(1, 16)
            for at in [n * 1e6]
        },
    }
    rows = budget_sheet(simulated(tmp_path, content), "en").rows
    uses = [row.cells for row in rows if row.group == "2015: uses"]
    assert len(uses) == MOST_LINES + 1
    assert uses[-2] == ("all others", "10", "10", "–")
    assert uses[-1] == ("total", "120", "120", "0")
