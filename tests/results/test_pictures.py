"""Pictures say what they show: units, error, paths and seed; and they draw every odd sample."""

import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.patches import StepPatch

from fundsim.errors import UsageError
from fundsim.report.canvas import month_axis
from fundsim.report.caption import Caption
from fundsim.report.distribution import _spacing, distribution_picture
from fundsim.report.months import depletion_picture
from fundsim.results.statistics import clopper_pearson, describe

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
def test_every_picture_tells_its_unit_error_paths_and_seed(results, draw):
    metric = {
        "distribution": "zhubaodai.default_rate",
        "depletion": "zhubaodai.depleted",
        "fan": "zhubaodai.balance",
    }
    told = _texts(getattr(results.plot, draw)(metric[draw]))
    assert re.search(r"500 paths, seed 1", told)
    assert metric[draw] in told
    assert re.search(r"\[(%|million yuan)\]", told)
    assert re.search(r"Monte Carlo|95 % confidence", told)


def test_bars_sum_to_the_share_of_paths_that_they_show(results):
    bars = _bars(results.plot.distribution("zhubaodai.default_rate"))
    assert bars.values.sum() == pytest.approx(100.0, abs=0.5)
    values = results.values("zhubaodai.default_rate") * 100
    assert bars.edges[0] <= np.quantile(values, 0.001)
    assert bars.edges[-1] >= np.quantile(values, 0.999)


def test_a_value_that_most_paths_share_is_told_and_not_drawn(results):
    picture = results.plot.distribution("zhubaodai.claims_coverage")
    full = np.mean(results.values("zhubaodai.claims_coverage") == 1.0) * 100
    told = re.search(r"not drawn: ([\d.]+) % of paths, exactly 100 %", _texts(picture))
    assert float(told[1]) == pytest.approx(full, abs=0.5)
    assert _bars(picture).values.sum() == pytest.approx(100 - full, abs=0.5)


def test_a_tail_that_only_one_path_in_a_thousand_sees_is_found():
    values = np.concatenate([np.ones(99_900), np.linspace(0.5, 0.99, 100)])
    told = _texts(distribution_picture(values, describe(values), CAPTION))
    assert re.search(r"not drawn: 99\.900\d* % of paths", told)
    assert "95 % interval of p0.1" in told


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
    told = _texts(depletion_picture(np.full(1000, np.nan), WINDOW, CAPTION))
    assert "by the end 0.00 % (0.00–0.37)" in told


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


def test_months_are_named_by_the_calendar(results):
    axes = results.plot.fan("zhubaodai.balance").figure.axes[0]
    assert axes.xaxis.get_major_formatter()(12, 0) == "2016-03"
    month_axis(axes, WINDOW, "zh")
    assert axes.xaxis.get_major_formatter()(22, 0) == "2017年1月"


def test_a_metric_that_the_run_does_not_have_is_told(results):
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
