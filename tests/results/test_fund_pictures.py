"""Pictures of equity funds: rates of return, looking through sub-funds, cash back to the treasury."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle, StepPatch

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.report.back import BackPart, Panel, back_picture
from fundsim.report.canvas import month_axis
from fundsim.report.caption import Caption
from fundsim.report.distribution import distribution_picture
from fundsim.report.fund_plots import planned_through
from fundsim.report.mobilised import Mobilised, mobilised_picture
from fundsim.results.headlines import shown_horizons, shown_metrics
from fundsim.results.statistics import Estimate, describe

CAPTION = Caption("Title", "fund.x", "x", "share", "1,000 paths, seed 1")
WINDOW = {"year": 2017, "month": 1, "months": 36, "run_off": 84}


def texts(picture):
    figure = picture.figure
    parts = [*figure.texts]
    for axes in figure.axes:
        parts += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        parts += axes.get_legend().get_texts() if axes.get_legend() else []
    return [part.get_text() for part in parts]


def test_a_rate_of_return_has_its_median_marked_and_says_who_has_none():
    rates = np.concatenate([np.linspace(-0.3, 0.5, 720), np.full(280, np.nan)])
    law = describe(rates)
    picture = distribution_picture(rates, law, CAPTION, rate=True)
    marks = {line.get_xdata()[0] for line in picture.figure.axes[0].lines}
    assert law.quantiles["0.5"].value * 100.0 in marks
    assert {"p50", "mean"} <= set(texts(picture))
    assert "not drawn: 28.0 % of paths, which have no rate" in texts(picture)
    assert "share of paths that have a rate [%]" in texts(picture)
    plain = distribution_picture(rates, law, CAPTION)
    assert law.quantiles["0.5"].value * 100.0 not in {x.get_xdata()[0] for x in plain.figure.axes[0].lines}
    assert "p50" not in texts(plain)


def test_a_rate_that_every_path_has_leaves_nothing_out():
    rates = np.linspace(-0.3, 0.5, 1000)
    picture = distribution_picture(rates, describe(rates), CAPTION, rate=True)
    assert not [text for text in texts(picture) if "not drawn" in text]


@pytest.mark.parametrize("months", [12, 24, 60, 96, 120, 144, 180])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_date_stands_at_the_edge_of_a_picture_of_months(months, lang):
    rates = np.linspace(0.0, 1.0, 100)
    axes = distribution_picture(rates, describe(rates), CAPTION).figure.axes[0]
    month_axis(
        axes, {**WINDOW, "run_off": months - 36 if months > 36 else 0, "months": min(36, months)}, lang
    )
    low, high = axes.get_xlim()
    assert high == months
    assert 0.0 == low <= max(axes.xaxis.get_majorticklocs()) <= 0.95 * months


def ratio(values, planned, through=None):
    return Mobilised("Social money called", values, describe(values), planned, through)


def test_what_is_seen_through_sub_funds_is_an_outline_over_the_funds_own_bars():
    own, seen = np.linspace(0.0, 1.0, 100), np.linspace(0.0, 3.0, 100)
    rows = [ratio(own, 1.0, ratio(seen, 3.0)), ratio(0.5 * own, 1.0, ratio(0.5 * seen, 3.0))]
    picture = mobilised_picture(rows, CAPTION)
    patches = [patch for patch in picture.figure.axes[0].patches if isinstance(patch, StepPatch)]
    assert [patch.get_fill() for patch in patches] == [True, False, True, False]
    said = texts(picture)
    assert {"plan 1 : 1", "plan looking through 1 : 3"} <= set(said)
    assert any("outlines: looking through sub-funds" in text for text in said)
    # A path in a hundred reaches the plan, by itself and looking through.
    assert sum("reached on 1.0 % of paths" in text for text in said) == 2
    assert sum("reached on 0 % of paths" in text for text in said) == 2


def test_the_plan_looking_through_adds_what_sub_funds_are_to_find():
    """20 billion with 1 : 0.5, and sub-funds of 8 and 4 that seek 1 : 4 and, read as a fund, 1 : 3."""
    parent = {"ratio": 0.5, "opening": 5e9, "injections": [{"amount": 5e9}, {"amount": 1e10}]}
    first = {"parent": "mother", "commitment": 8e9, "ratio": 4.0}
    second = {"parent": "mother", "commitment": 4e9, "ratio": 3.0, "ratio_reading": "fund_to_gov"}
    stranger = {"parent": "other", "commitment": 8e9, "ratio": 4.0}
    instruments = {"mother": parent, "a": first, "b": second, "c": stranger, "pool": {}}
    assert planned_through(instruments, "mother") == pytest.approx(0.5 + (32.0 + 8.0) / 20.0)


def laws(*means):
    return [describe(np.linspace(0.0, 2.0 * mean, 101)) for mean in means]


def test_cash_back_has_bars_of_means_and_lines_of_the_middle_nine_tenths():
    fund, joint = laws(1e6, 4e6, 2e6), laws(0.0, 1e6, 1e6)
    earned = Panel(
        (BackPart("from the fund", fund, Estimate(7e6, 1e5)), BackPart("joint", joint, Estimate(2e6, 1e5))),
        laws(1e6, 5e6, 3e6),
    )
    unused = Panel(
        (BackPart("given back unused", laws(0.0, 9e7, 0.0), Estimate(9e7, 1e6)),), laws(0.0, 9e7, 0.0)
    )
    picture = back_picture(["2017", "2018", "2019"], 2, earned, unused, CAPTION)
    upper, lower = picture.figure.axes
    bars = [patch for patch in upper.patches if isinstance(patch, Rectangle)]
    assert [bar.get_height() for bar in bars] == pytest.approx([1.0, 4.0, 2.0, 0.0, 1.0, 1.0])
    assert [bar.get_y() for bar in bars[3:]] == pytest.approx([1.0, 4.0, 2.0])
    lines = [line.get_ydata() for line in upper.lines if len(set(line.get_xdata())) == 1]
    assert [0.5, 9.5] in [[round(float(y), 9) for y in line] for line in lines]
    assert [bar.get_height() for bar in lower.patches if isinstance(bar, Rectangle)] == pytest.approx(
        [0, 90, 0]
    )
    assert "from the fund: in all 7.00 ± 0.10 million yuan" in texts(picture)
    assert "given back unused: in all 90.0 ± 1.0 million yuan" in texts(picture)
    assert lower.get_position().y1 < upper.get_position().y0
    assert [tick.get_text() for tick in lower.get_xticklabels()] == ["2017", "2018", "2019"]


@pytest.fixture(scope="module")
def parent():
    return fs.simulate(fs.load("examples/fund_of_funds"), paths=60, seed=1)


def test_a_parent_has_cash_back_and_its_sub_funds_have_none(parent):
    names = [name for name, _ in parent.plot._standard("en")]
    assert [name for name in names if name.endswith(".back")] == ["mother.back"]
    with pytest.raises(UsageError, match="no cash back"):
        parent.plot.back("angel")
    said = texts(parent.plot.mobilised("mother"))
    assert "Parent fund: Money mobilised, looking through sub-funds" in said
    assert sum(text.startswith("Social money") for text in said) == 3
    assert "股权投资母基金：撬动社会资本（穿透子基金）" in texts(parent.plot.mobilised("mother", lang="zh"))
    of_parent = "social money by yuan of the parent fund's planned money [times]"
    assert of_parent in texts(parent.plot.mobilised("angel"))


def test_the_picture_of_a_rate_is_drawn_as_one_by_its_name(parent):
    assert "p50" in texts(parent.plot.distribution("mother.government.irr"))
    assert "p50" not in texts(parent.plot.distribution("mother.dpi"))


def test_the_table_of_a_parent_fits_and_its_sub_funds_are_short(parent):
    shown = [metric["name"] for metric in shown_metrics(parent)]
    assert "mother.look_through.social_share" in shown
    assert "mother.look_through.fees_share" in shown
    assert "angel.parent.dpi" in shown
    assert "angel.parent.irr" not in shown


def test_the_table_of_a_guide_fund_shows_idle_cash_and_the_dpi_of_social_partners():
    run = fs.simulate(fs.load("examples/guide_fund"), paths=30, seed=1)
    shown = {metric["name"] for metric in shown_metrics(run)}
    assert {"fund.idle_cash", "fund.social.dpi"} <= shown
    assert shown_horizons("fund.idle_cash", run) == ("window",)
