"""The table of the five plans in the READMEs has the plans and the columns of the tool that makes it."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

import fundsim as fs
from fundsim.scenario import bundled_names

ROOT = Path(__file__).parents[2]
PAGES = {"en": "README.md", "zh": "README.zh.md"}
FIGURE = re.compile(r"–|(< )?-?[\d,.]+( ± [\d.]+)?( %)?†?( / \d+)?")


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("plans_table", ROOT / "tools" / "plans_table.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize("lang", PAGES)
def test_a_readme_has_the_plans_and_the_columns_of_the_tool(tool, lang):
    lines = (ROOT / PAGES[lang]).read_text(encoding="utf-8").splitlines()
    start = lines.index(tool.line(tool.heading(lang)))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 :][:6]]
    assert [cells[0] for cells in rows[:5]] == [f"`{name}`" for name in tool.PLANS]
    assert rows[5] == [""]
    for name, *cells in rows[:5]:
        assert len(cells) == len(tool.COLUMNS), name
        assert all(FIGURE.fullmatch(cell) for cell in cells), cells


def test_both_readmes_have_the_same_figures(tool):
    tables = []
    for page in PAGES.values():
        text = (ROOT / page).read_text(encoding="utf-8")
        tables.append(
            [line for line in text.splitlines() if line.startswith(("| `taiyuan", "| `jinan", "| `changzhi"))]
        )
    assert len(tables[0]) == len(tool.PLANS)
    assert tables[0] == tables[1]


def test_the_plans_are_bundled_and_run_on_the_table_s_paths(tool):
    assert set(tool.PLANS) <= set(bundled_names())
    others = [fs.load(name).terms.run for name in tool.PLANS[1:]]
    assert {(run.paths, run.seed) for run in others} == {(tool.PATHS, tool.SEED)}


def test_a_row_says_what_its_run_says(tool):
    """Changzhi has no bridge fund, and no amount of money in its document."""
    ran = tool.run("changzhi_2017_2020", 40)
    cells = dict(zip((en for en, _, _ in tool.COLUMNS), tool.row(ran)[1:], strict=True))
    assert all(FIGURE.fullmatch(cell) for cell in cells.values()), cells
    assert cells["bridges refused"] == "–"
    budget = fs.load("changzhi_2017_2020").terms.budget
    planned = sum(item.amount for line in budget.lines.values() for item in line.amounts)
    assert cells["planned, all levels [亿]"] == f"{planned / 1e8:.2f}†"
    lent = ran.results.values("scheme.lent@window").mean() / 1e8
    assert float(cells["lent [亿]"].split(" ±")[0]) == pytest.approx(lent, abs=0.02)
    back, called = (
        ran.results.values(f"venture_fund.government.{what}") for what in ("distributed", "called")
    )
    shown = float(cells["government's DPI"].split(" ±")[0])
    assert shown == pytest.approx((back / called).mean(), abs=0.1)
    met = ran.results.targets()
    assert float(cells["targets met"].split(" ±")[0]) == pytest.approx(
        met[met["name"] != ""]["p"].sum(), abs=0.2
    )
    assert cells["targets met"].endswith(" / 5")


def test_what_a_plan_states_has_no_mark(tool):
    ran = tool.run("taiyuan_2015_2017", 20)
    cells = dict(zip((en for en, _, _ in tool.COLUMNS), tool.row(ran)[1:], strict=True))
    marked = {name for name, cell in cells.items() if "†" in cell}
    # The venture guide fund has no amount, and what costs the public something includes it.
    assert marked == {"fiscal cost [亿]", "government's DPI"}
