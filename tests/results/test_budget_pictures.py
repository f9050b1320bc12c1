"""The picture of sources and uses of a budget."""

from __future__ import annotations

import json

import numpy as np
import pytest
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.report.budget_bars import MOST, BudgetPart, BudgetSide, budget_picture
from fundsim.report.caption import Caption
from fundsim.report.titles import party_title
from fundsim.results.statistics import describe

CAPTION = Caption("Sources and uses", "budget.spent", "amount", "yuan", "Source: by hand")
YEARS = [2015, 2016]
BUDGET = {
    "levels": {
        "city": {"title": "The city's own", "title_zh": "市级资金", "amounts": [{"year": 2015, "amount": 3e8},
                                                                    {"year": 2016, "amount": 1e8}]},
        "counties": {"amounts": [{"year": 2015, "amount": 1e8}], "matches": "city"},
    },
    "lines": {
        "works": {"title": "Works", "title_zh": "工程", "amounts": [{"year": 2015, "amount": 2e8}],
                  "shares": {"city": 0.5, "counties": 0.5}, "after_acceptance": True},
        "trade": {"title": "Fairs", "title_zh": "展会", "amounts": [{"year": 2015, "amount": 1e8}],
                  "shares": {"city": 1}},
    },
    "unallocated": [{"year": 2015, "amount": 1e8}, {"year": 2016, "amount": 1e8}],
}  # fmt: skip
SCENARIO = {
    "window": {"start": "2015-01", "months": 24},
    "budget": BUDGET,
    "segments": {"trade": {"title": "Shops", "pd": 0.02, "rho": 0.1, "lgd": 0.5, "city_weight": 1,
                           "loan": {"mean": 1e6}}},
    "instruments": {
        "works": {"kind": "expense", "line": "works", "payments": [{"date": "2015-06", "amount": 2e8}]},
        "fairs": {"kind": "expense", "line": "trade", "payments": [{"date": "2015-06", "amount": 6e7}]},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    file = tmp_path_factory.mktemp("budget") / "budget.yaml"
    file.write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    return fs.simulate(fs.load(file), paths=50, seed=5)


def texts(picture):
    """Return every text of a picture, of its legends too."""
    return [text.get_text() for text in picture.figure.findobj(lambda one: hasattr(one, "get_text"))]


def bars(picture):
    """Return (left, bottom, height) of the bars in the axes, in their order."""
    (axes,) = picture.figure.axes
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(patch.get_x(), patch.get_y(), patch.get_height()) for patch in found]


def dots(picture):
    """Return (place, height) of the dots, of what was paid."""
    (axes,) = picture.figure.axes
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"]


def test_sources_stand_beside_uses_as_planned(run):
    """3亿 + 1亿 beside 2亿 + 1亿 + 1亿 in 2015; 1亿 beside what no line is given in 2016."""
    found = bars(run.plot.sources_and_uses(lang="zh"))
    heights = [height for _, _, height in found if height]
    assert heights == pytest.approx([3.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0])
    left = [top for place, bottom, height in found for top in [bottom + height] if place < 0.0 and height]
    assert max(left) == pytest.approx(4.0)


def test_each_legend_is_drawn_once(run):
    (axes,) = run.plot.sources_and_uses().figure.axes
    drawn = [one for one in axes.get_children() if isinstance(one, Legend)]
    assert len(drawn) == 2
    assert drawn[0] is not drawn[1]


def test_dots_are_what_was_paid_in_the_year(run):
    """In 2015 the fairs' line alone: 1亿 in, 0.6 out; in 2016 the 2亿 of works, after acceptance."""
    found = sorted(dots(run.plot.sources_and_uses(lang="zh")))
    assert [height for _, height in found[:4]] == pytest.approx([1.0, 0.6, 2.0, 2.0])


def test_the_picture_says_titles_of_lines_and_not_of_segments_with_the_same_name(run):
    english, chinese = (texts(run.plot.sources_and_uses(lang=lang)) for lang in ("en", "zh"))
    assert {"Sources", "Uses", "The city's own", "counties", "Works", "Fairs", "not allocated"} <= set(
        english
    )
    assert {"来源", "用途", "市级资金", "工程", "展会", "未分配"} <= set(chinese)
    assert "Shops" not in english
    assert party_title(run.manifest["scenario"]["resolved"], "budget.trade", "en") == "Budget, Fairs"


def test_a_run_with_a_budget_draws_it_by_itself_and_others_refuse(run, tmp_path):
    assert "budget.sources_and_uses.png" in [path.name for path in run.plot.write_all(tmp_path)]
    other = fs.simulate(fs.load("minimal"), paths=20)
    with pytest.raises(UsageError, match="no budget by year"):
        other.plot.sources_and_uses()


def test_more_lines_than_colours_are_drawn_together():
    paid = [describe(np.full(100, 1e6)) for _ in YEARS]
    many = [BudgetPart(f"line {n}", [1e6 * (n + 1)] * 2) for n in range(MOST[1] + 3)]
    sides = (BudgetSide("Sources", [BudgetPart("city", [1e8] * 2)], paid), BudgetSide("Uses", many, paid))
    said = texts(budget_picture(["2015", "2016"], 2, sides, CAPTION, "all others"))
    assert "all others" in said
    assert [f"line {n}" in said for n in range(len(many))] == [False] * 4 + [True] * (MOST[1] - 1)
