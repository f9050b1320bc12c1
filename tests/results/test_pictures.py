"""Pictures say what they show: units, error, paths and seed; and they draw every odd sample."""

import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.patches import Rectangle, StepPatch

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.metrics.formulas import ratio, recorded, scaled
from fundsim.report.bars import Layer, Yearly, layers_picture, years_picture
from fundsim.report.canvas import month_axis
from fundsim.report.caption import Caption
from fundsim.report.distribution import _spacing, distribution_picture
from fundsim.report.mobilised import Mobilised, mobilised_picture
from fundsim.report.months import depletion_picture, fan_picture
from fundsim.report.sizes import SizeBar, sizes_picture
from fundsim.report.units import Scale
from fundsim.results.series import Fan
from fundsim.results.statistics import clopper_pearson, describe
from fundsim.scheme import Metric

CAPTION = Caption("Title", "pool.x", "x", "yuan", "1,000 paths, seed 1")
WINDOW = {"year": 2015, "month": 3, "months": 36, "run_off": 15}


def _texts(picture):
    figure = picture.figure
    axes = figure.axes[0]
    parts = [*figure.texts, *axes.texts, axes.xaxis.label, axes.yaxis.label]
    return "\n".join(part.get_text() for part in parts)


def _bars(picture):
    return next(patch for patch in picture.figure.axes[0].patches if isinstance(patch, StepPatch)).get_data()


@pytest.mark.parametrize("draw", ["distribution", "depletion", "fan"])
def test_every_picture_shows_its_unit_error_paths_and_seed(results, draw):
    metric = {
        "distribution": "zhubaodai.default_rate",
        "depletion": "zhubaodai.depleted",
        "fan": "zhubaodai.balance",
    }
    reported = _texts(getattr(results.plot, draw)(metric[draw]))
    assert re.search(r"500 paths, seed 1", reported)
    assert metric[draw] in reported
    assert re.search(r"\[(%|million yuan)\]", reported)
    assert re.search(r"Monte Carlo|95 % confidence", reported)


def test_bars_sum_to_the_share_of_paths_that_they_show(results):
    bars = _bars(results.plot.distribution("zhubaodai.default_rate"))
    assert bars.values.sum() == pytest.approx(100.0, abs=0.5)
    values = results.values("zhubaodai.default_rate") * 100
    assert bars.edges[0] <= np.quantile(values, 0.001)
    assert bars.edges[-1] >= np.quantile(values, 0.999)


def test_a_value_that_most_paths_share_is_reported_and_not_drawn(results):
    picture = results.plot.distribution("zhubaodai.claims_coverage")
    full = np.mean(results.values("zhubaodai.claims_coverage") == 1.0) * 100
    reported = re.search(r"not drawn: ([\d.]+) % of paths, exactly 100 %", _texts(picture))
    assert float(reported[1]) == pytest.approx(full, abs=0.5)
    assert _bars(picture).values.sum() == pytest.approx(100 - full, abs=0.5)


def test_a_tail_that_only_one_path_in_a_thousand_sees_is_found():
    values = np.concatenate([np.ones(99_900), np.linspace(0.5, 0.99, 100)])
    reported = _texts(distribution_picture(values, describe(values), CAPTION))
    assert re.search(r"not drawn: 99\.900\d* % of paths", reported)
    assert "95 % interval of p0.1" in reported


def test_rates_of_equal_loans_make_no_false_teeth():
    counts = np.repeat(np.arange(150), 20)
    assert _spacing(counts * 1.5e6 / 2.16e9) == pytest.approx(1.5e6 / 2.16e9)
    assert _spacing(np.random.default_rng(1).random(500)) == 0.0
    bars = _bars(distribution_picture(counts * 1e6, describe(counts * 1e6), CAPTION))
    assert len(set(np.round(bars.values[1:-1], 9))) == 1


@pytest.mark.parametrize(
    "values",
    [np.zeros(10), np.array([3.0]), np.full(5, np.nan), np.array([0.0, 0.0, 1e9]), -np.arange(50.0) * 1e7],
    ids=["constant", "one path", "none", "two values", "negative"],
)
def test_odd_samples_are_drawn_too(values, tmp_path):
    path = distribution_picture(values, describe(values), CAPTION).save(tmp_path / "x.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_depletion_curve_and_band_are_the_counts_and_their_intervals():
    months = np.array([3.0] * 10 + [40.0] * 5 + [np.nan] * 85)
    axes = depletion_picture(months, WINDOW, CAPTION).figure.axes[0]
    curve = next(line for line in axes.lines if len(line.get_ydata()) == 52)
    assert list(curve.get_ydata()[[2, 3, 39, 40, 51]]) == [0.0, 10.0, 10.0, 15.0, 15.0]
    band = (
        next(c for c in axes.collections if isinstance(c, FillBetweenPolyCollection)).get_paths()[0].vertices
    )
    at_end = band[band[:, 0] == 51][:, 1]
    assert (at_end.min(), at_end.max()) == pytest.approx(np.array(clopper_pearson(15, 100)) * 100)


def test_a_pool_that_never_falls_has_a_flat_curve_with_an_upper_bound():
    reported = _texts(depletion_picture(np.full(1000, np.nan), WINDOW, CAPTION))
    assert "by the end 0.00 % (0.00–0.37)" in reported


def test_depletion_is_found_by_the_event_or_by_its_month(results):
    by_event, by_month = (
        results.plot.depletion(f"zhubaodai.{name}") for name in ("depleted", "depletion_month")
    )
    assert by_event._repr_png_() == by_month._repr_png_()


def test_fans_are_drawn_in_million_yuan_from_the_first_months_end(results):
    axes = results.plot.fan("zhubaodai.balance").figure.axes[0]
    mean = next(line for line in axes.lines if line.get_label() == "mean")
    assert mean.get_xdata()[0] == 1
    assert mean.get_ydata() == pytest.approx(results.fan("zhubaodai.balance").mean / 1e6)


def fan_of(months):
    """Return a fan of 90 months that is 1 for so many and 0 then."""
    line = np.where(np.arange(90) < months, 1.0, 0.0)
    return Fan(mean=line, quantiles={f"q{q}": line for q in ("01", "05", "25", "50", "75", "95", "99")})


@pytest.mark.parametrize(
    ("months", "shown"),
    # Two months after the last change, or at the window's end, and three more; never less than a third away.
    [(40, 40 + 1 + 3), (10, 36 + 3), (56, 90), (90, 36 + 3)],
)
def test_a_fan_ends_soon_after_its_last_change(months, shown):
    window = {"year": 2015, "month": 1, "months": 36, "run_off": 54}
    picture = fan_picture(fan_of(months), window, CAPTION, None, 1000)
    assert picture.figure.axes[0].get_xlim() == (0, shown)
    assert ("No change after this." in _texts(picture)) == (shown < 90)


def test_what_is_not_drawn_is_written_where_few_paths_are():
    for rest, side in (
        (np.linspace(0.01, 0.9, 400) ** 3, "right"),
        (1 - np.linspace(0.01, 0.9, 400) ** 3, "left"),
    ):
        values = np.concatenate([np.full(200, 0.0 if side == "right" else 1.0), rest])
        axes = distribution_picture(values, describe(values), CAPTION).figure.axes[0]
        (note,) = [text for text in axes.texts if text.get_text().startswith("not drawn")]
        assert note.get_ha() == side


def test_months_are_named_by_the_calendar(results):
    axes = results.plot.fan("zhubaodai.balance").figure.axes[0]
    assert axes.xaxis.get_major_formatter()(12, 0) == "2016-03"
    month_axis(axes, WINDOW, "zh")
    assert axes.xaxis.get_major_formatter()(22, 0) == "2017年1月"


def test_a_metric_that_the_run_does_not_have_is_reported(results):
    for draw in (results.plot.distribution, results.plot.depletion, results.plot.fan):
        with pytest.raises(UsageError, match="this run has no"):
            draw("zhubaodai.blance")


def test_a_saved_run_has_its_four_pictures(results, tmp_path):
    names = sorted(path.name for path in results.plot.write_all(tmp_path))
    assert names == [
        "zhubaodai.balance.fan.png",
        "zhubaodai.claims_coverage.distribution.png",
        "zhubaodai.default_rate.distribution.png",
        "zhubaodai.depleted.curve.png",
    ]


def test_pictures_leave_matplotlib_as_it_was(results):
    before = dict(mpl.rcParams)
    results.plot.fan("zhubaodai.balance")._repr_png_()
    assert dict(mpl.rcParams) == before


def _law(mean, spread):
    return describe(np.linspace(mean - spread, mean + spread, 101))


def test_cost_by_year_has_a_bar_and_two_marks_a_year_for_each_amount():
    certain = Yearly("outlay", [_law(4e7, 0.0), _law(0.0, 0.0)])
    risky = Yearly("cost", [_law(1e7, 5e6), _law(-2e7, 8e6)])
    picture = years_picture(["2015", "2016"], 1, [risky, certain], CAPTION)
    axes = picture.figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([10.0, -20.0, 40.0, 0.0])
    marks = [
        list(line.get_ydata())
        for line in axes.lines
        if len(line.get_ydata()) == 2 and line.get_marker() in "_^"
    ]
    assert marks[0] == pytest.approx([risky.laws[0].quantiles["0.95"].value / 1e6, -12.8])
    assert marks[3] == pytest.approx([40.0, 0.0])
    reported = _texts(picture)
    assert "cost 2016: mean ±" in reported
    assert "outlay 2" not in reported
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [
        "p95",
        "p99",
        "cost: mean",
        "outlay: mean",
    ]


def test_layers_rise_from_the_first_and_are_reported_as_its_multiples():
    layers = [
        Layer("public", _law(2e7, 0.0)),
        Layer("capital", _law(1.5e8, 5e7)),
        Layer("loans", _law(1e9, 4e8)),
    ]
    picture = layers_picture(layers, CAPTION)
    reported = _texts(picture)
    for name, times in (("public", "× 1"), ("capital", "× 7.5"), ("loans", "× 50")):
        assert re.search(rf"{name} .*\({times}\)", reported), reported
    axes = picture.figure.axes[0]
    assert axes.get_xscale() == "log"
    points = sorted(float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o")
    assert points == pytest.approx([20.0, 150.0, 1000.0])


def test_layers_stand_from_public_money_to_loans_whatever_their_size(kit, run):
    """A banks' line of which little is used is larger than the loans, and still stands under them."""

    def layer(name, factor):
        return Metric(
            instrument="fund",
            own_name=name,
            unit="yuan",
            meaning=name.replace("_", " "),
            meaning_zh=name,
            formula=scaled(recorded(kit.LENT), factor),
            picture="layer",
        )

    sizes = {"lent": 2.0, "outstanding": 1.0, "paid_in": 0.5, "public_capital": 0.1, "bank_line": 5.0}
    metrics = tuple(layer(name, factor) for name, factor in sizes.items())
    picture = run(50, scheme=kit.make_scheme(metrics=metrics)).plot.layers("fund")
    heights = {
        text.get_text().split("  ")[0]: text.get_position()[1] for text in picture.figure.axes[0].texts
    }
    from_above = sorted(heights, key=heights.get, reverse=True)
    assert [re.sub(r" [0-9].*", "", name).lower() for name in from_above] == [
        "public capital",
        "paid in",
        "bank line",
        "outstanding",
        "lent",
    ]


def test_a_run_without_layers_or_costs_says_so(results):
    with pytest.raises(UsageError, match="no layers"):
        results.plot.layers("zhubaodai")
    with pytest.raises(UsageError, match="no cost by year"):
        results.plot.cost()


def test_a_run_draws_the_pictures_of_the_instruments_that_lend_most(kit, run, tmp_path):
    def figure(number, what, unit, formula, **terms):
        return Metric(
            instrument=f"fund{number}",
            own_name=what,
            unit=unit,
            meaning=what,
            meaning_zh="数",
            formula=formula,
            **terms,
        )

    def lending(number):
        return figure(number, "lent", "yuan", scaled(recorded(kit.LENT), number))

    def rate(number):
        return figure(
            number,
            "default_rate",
            "share",
            ratio(recorded(kit.DEFAULTED), recorded(kit.LENT)),
            picture="distribution",
        )

    metrics = tuple(make(number) for number in range(10) for make in (lending, rate))
    drawn = run(50, scheme=kit.make_scheme(metrics=metrics)).plot.write_all(tmp_path, form="svg")
    assert [path.name for path in drawn] == [f"fund{n}.default_rate.distribution.svg" for n in range(4, 10)]


def _bars_of(picture):
    return [patch for patch in picture.figure.axes[0].patches if isinstance(patch, Rectangle)]


@pytest.mark.parametrize(
    ("values", "labels", "shares"),
    [
        (np.ones(500), ["100"], [100.0]),
        (np.array([1.0] * 999 + [0.873]), ["87.3", "100"], [0.1, 99.9]),
        (np.array([0.0] * 30 + [0.5] * 50 + [1.0] * 20), ["0", "50.0", "100"], [30.0, 50.0, 20.0]),
    ],
)
def test_a_few_values_are_bars_with_their_shares_and_no_empty_picture(values, labels, shares):
    caption = Caption("Title", "pool.coverage", "coverage", "share", "1 path")
    picture = distribution_picture(values, describe(values), caption)
    assert [bar.get_height() for bar in _bars_of(picture)] == pytest.approx(shares)
    assert [tick.get_text() for tick in picture.figure.axes[0].get_xticklabels()] == labels
    assert "not drawn" not in _texts(picture)


def test_one_odd_path_beside_an_atom_does_not_widen_the_bars_beyond_all_values():
    values = np.concatenate([np.ones(5000), [0.99, 0.98, 0.97, 0.96, 0.95, 0.91]])
    caption = Caption("Title", "pool.coverage", "coverage", "share", "1 path")
    picture = distribution_picture(values, describe(values), caption)
    assert _bars(picture).edges[-1] <= 100.0
    assert picture.figure.axes[0].get_xlim()[1] <= 100.0


def test_the_words_of_a_fan_have_the_unit_of_its_axis(results):
    for lang in ("en", "zh"):
        reported = _texts(results.plot.fan("zhubaodai.balance", lang=lang))
        units = re.findall(r"million yuan|billion yuan|亿元|万元", reported)
        assert len(units) == 2
        assert len(set(units)) == 1


def test_layers_have_the_unit_that_suits_most_of_them():
    laws = [describe(np.full(10, amount)) for amount in (2e7, 8.9e7, 1.2e8)]
    caption = Caption("Title", "pool", "金额", "yuan", "1 path", "zh")
    reported = _texts(layers_picture([Layer(str(n), law) for n, law in enumerate(laws)], caption))
    assert "2,000" in reported
    assert "亿元" not in reported


def test_quantiles_of_a_picture_have_the_decimals_of_the_table(results):
    line = results.plot.distribution("zhubaodai.default_rate").figure.texts[2].get_text()
    quantiles = re.findall(r"p\d+ ([\d.]+) %", line)
    assert len(quantiles) >= 4
    assert len({len(q.partition(".")[2]) for q in quantiles}) == 1


def test_a_probability_is_the_same_in_table_and_picture():
    months = np.array([3.0] * 21 + [np.nan] * 1979)  # 1.05 %, which is no binary fraction
    reported = _texts(depletion_picture(months, WINDOW, CAPTION))
    scale, (low, high) = Scale(0.01, "%"), clopper_pearson(21, 2000)
    assert f"by the end {scale.number(21 / 2000, (high - low) / 4)} % (" in reported


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "name",
    [
        "taiyuan_2015_2017",
        "minimal",
        "examples/ip_pledge",
        "examples/bridge_fund",
        "examples/co_investment",
        "examples/fund_of_funds",
    ],
)
def test_no_label_of_any_picture_is_clipped_or_runs_into_the_ticks(name, lang):
    plot = fs.simulate(fs.load(name), paths=150, seed=1).plot
    drawn = {key: draw() for key, draw in plot._standard(lang)}
    assert len(drawn) >= 5
    for key, picture in drawn.items():
        figure = picture.figure
        figure.canvas.draw()
        width, height = figure.get_size_inches() * figure.dpi
        lowest = min(t.get_window_extent().y0 for t in figure.texts[:2])
        for axes in figure.axes:
            label = axes.yaxis.label.get_window_extent()
            frame = axes.get_window_extent()
            ticks = [t.get_window_extent() for t in axes.get_yticklabels() if t.get_text()]
            ticks = [t for t in ticks if frame.y0 <= 0.5 * (t.y0 + t.y1) <= frame.y1]
            shown = [t.get_window_extent() for t in (*figure.texts, axes.xaxis.label) if t.get_text()]
            dates = [t.get_window_extent() for t in axes.get_xticklabels() if t.get_text()]
            shown += [t for t in dates if frame.x0 - 1.0 <= 0.5 * (t.x0 + t.x1) <= frame.x1 + 1.0]
            if axes.yaxis.label.get_text():
                shown.append(label)
                assert all(label.x1 <= tick.x0 + 1.0 for tick in ticks), key
            assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= -1 and b.y1 <= height for b in shown), key
            assert frame.y1 < lowest, key


def test_refusals_by_size_have_a_bar_each_from_small_to_large():
    small = SizeBar("up to 2,000,000", describe(np.array([0.0, 0.1, 0.2])))
    large = SizeBar("above", describe(np.array([0.2, 0.4, 0.6])))
    nobody = SizeBar("none", describe(np.full(3, np.nan)))
    picture = sizes_picture([small, large, nobody], CAPTION)
    axes = picture.figure.axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    by_height = sorted(bars, key=lambda bar: -bar.get_y())
    assert [bar.get_width() for bar in by_height] == pytest.approx([10.0, 40.0])
    ends = [list(line.get_xdata()) for line in axes.lines]
    quantiles = [[100 * b.law.quantiles[q].value for q in ("0.05", "0.95")] for b in (large, small)]
    assert ends == [pytest.approx(pair) for pair in quantiles]
    reported = _texts(picture)
    assert re.search(r"up to 2,000,000 +10 ± 6 %", reported), reported
    assert re.search(r"^none +no requests$", reported, re.MULTILINE)


def test_a_run_draws_refusals_by_size_where_somebody_asked(kit, run, tmp_path):
    def size(part, numerator, factor):
        return Metric(
            instrument="fund",
            part=part,
            own_name="refused_share",
            unit="share",
            meaning=f"Refusal rate of requests {part}; refusals ÷ requests",
            meaning_zh=f"{part}的拒贷率",
            formula=ratio(numerator, scaled(recorded(kit.LENT), factor)),
            picture="size",
        )

    paid = recorded(kit.PAID)
    metrics = (size("to_1wan", paid, 1.0), size("above_1wan", paid, 0.5))
    found = run(50, scheme=kit.make_scheme(metrics=metrics))
    found.plot.write_all(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["fund.sizes.png"]
    texts = [text.get_text() for text in found.plot.sizes("fund").figure.axes[0].texts]
    # Drawn from below upwards: the largest first.
    assert texts[0].startswith("Refusal rate of requests above_1wan")
    nobody = run(50, scheme=kit.make_scheme(metrics=(size("to_1wan", paid, 0.0),)))
    with pytest.raises(UsageError, match="no requests by size"):
        nobody.plot.sizes("fund")
    (tmp_path / "none").mkdir()
    assert nobody.plot.write_all(tmp_path / "none") == []


def _mobilised(values, name="Social money called", planned=5.0, through=None):
    return Mobilised(name, values, describe(values), planned, through)


def test_the_picture_of_money_mobilised_shows_the_plan_and_who_reaches_it():
    values = np.concatenate([np.full(26, 5.0), np.linspace(0.0, 2.0, 74)])
    picture = mobilised_picture([_mobilised(values), _mobilised(0.8 * values)], CAPTION)
    reported = _texts(picture)
    assert "plan 1 : 5" in reported
    assert "reached on 26 % of paths" in reported
    assert "reached on 0 % of paths" in reported
    lower, upper = [p.get_data() for p in picture.figure.axes[0].patches if isinstance(p, StepPatch)]
    at = int(np.searchsorted(upper.edges, 5.0)) - 1
    assert upper.edges[at] < 5.0 < upper.edges[at + 1]  # the plan lies within a bar, not at its edge
    assert upper.values[at] - upper.baseline == pytest.approx(0.62)
    assert lower.values[at] == lower.baseline


@pytest.mark.parametrize(
    "values", [np.zeros(10), np.array([5.0]), np.array([0.0, 40.0])], ids=["none", "one", "far"]
)
def test_odd_ratios_are_drawn_too(values, tmp_path):
    path = mobilised_picture([_mobilised(values)], CAPTION).save(tmp_path / "x.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_instrument_without_partners_has_no_picture_of_money_mobilised(results):
    with pytest.raises(UsageError, match="mobilises no money"):
        results.plot.mobilised("zhubaodai")


def test_a_tail_that_would_press_all_bars_together_is_counted_in_words():
    values = np.concatenate([np.linspace(-0.3, 0.3, 4000), np.full(10, 9.5), [10.0]])
    picture = distribution_picture(values, describe(values), CAPTION)
    bars = _bars(picture)
    assert bars.edges[-1] < 1.5
    assert "paths beyond the axis: 13" in _texts(picture)  # two of them below the lowest of 2,000
