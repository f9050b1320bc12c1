"""Pictures of sweeps: what is drawn, marked and written."""

import pytest

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.report.sweep.plot import is_geometric

GOALS = ("max mean(pool.lent)", "P(pool.depleted)")


@pytest.fixture(scope="module")
def one():
    return fs.sweep(
        fs.load("minimal"), {"pool.opening": [4e6, 8e6, 6e7]}, paths=500, threads=1, frontier=GOALS
    )


@pytest.fixture(scope="module")
def two():
    values = {"pool.opening": [4e6, 8e6, 3e7], "pool.share": [0.5, 0.8]}
    return fs.sweep(fs.load("minimal"), values, paths=500, threads=1)


@pytest.fixture(scope="module")
def partly():
    values = {"window.months": [24, 36], "pool.multiple": [5, 10]}
    return fs.sweep(fs.load("minimal"), values, paths=50, threads=1, frontier=GOALS)


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *(t for axes in figure.axes for t in axes.texts))]


def test_a_line_has_each_value_with_its_interval_and_the_present_one_marked(one):
    (axes,) = one.plot.line("P(pool.depleted)").figure.axes
    points = next(line for line in axes.lines if line.get_marker() == "o")
    assert list(points.get_xdata()) == [4.0, 8.0, 60.0]
    assert list(points.get_ydata()) == [100.0 * cell.figures[0].value for cell in one.cells]
    low, high = one.cells[0].figures[0].ci95
    assert [100.0 * low, 100.0 * high] in [list(line.get_ydata()) for line in axes.lines]
    assert [30.0, 30.0] in [list(line.get_xdata()) for line in axes.lines]
    assert axes.get_xlabel() == "pool.opening [million yuan]"
    assert " now" in texts(axes.figure)
    assert axes.get_ylim()[0] >= 0.0


def test_a_value_that_can_not_be_run_is_crossed():
    found = fs.sweep(fs.load("minimal"), {"window.months": [24, 36]}, paths=20, threads=1)
    (axes,) = found.plot.line().figure.axes
    (cross,) = [line for line in axes.lines if line.get_marker() == "x"]
    assert list(cross.get_xdata()) == [24.0]
    assert "Not sound: 24 months." in " ".join(texts(axes.figure))


def test_a_heat_map_has_a_value_in_each_cell_and_frames_the_present_one(two):
    (axes,) = two.plot.heat("mean(scheme.fiscal_cost)").figure.axes
    (image,) = axes.images
    assert image.get_array().shape == (3, 2)
    assert image.get_array()[2, 1] == two.cells[5].figures[1].value
    assert len(axes.texts) == 6
    (frame,) = axes.patches
    assert (frame.get_x(), frame.get_y()) == (-0.5, 1.5)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["4", "8", "30 (now)"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["50 (now)", "80"]


def test_cells_that_can_not_be_run_are_grey_and_said(partly):
    figure = partly.plot.heat().figure
    assert [text.get_text() for text in figure.axes[0].texts][:2] == ["–", "–"]
    assert "Grey: the scenario is not sound there." in " ".join(texts(figure))


def test_a_frontier_has_every_cell_by_its_standing_and_a_ring_at_the_present(partly):
    (axes,) = partly.plot.frontier(lang="zh").figure.axes
    drawn = sum(len(line.get_xdata()) for line in axes.lines if not line.get_label().startswith("_"))
    assert drawn == 2
    assert [line for line in axes.lines if line.get_markersize() == 10]
    assert axes.get_xlabel() == "mean(pool.lent)（亿元）"
    assert "越偏右下越好" in texts(axes.figure)


def test_labels_of_a_frontier_lie_apart():
    values = {"pool.opening": "1000万:1200万:4", "pool.share": "50%:60%:3"}
    found = fs.sweep(fs.load("minimal"), values, paths=500, threads=1, frontier=GOALS)
    figure = found.plot.frontier().figure
    boxes = [text.get_window_extent(figure.canvas.get_renderer()) for text in figure.axes[0].texts]
    assert boxes
    shrunk = [box.shrunk(0.9, 0.6) for box in boxes]
    assert not [1 for at, box in enumerate(shrunk) for other in shrunk[at + 1 :] if box.overlaps(other)]


def test_pictures_that_there_are_not_are_refused_in_both_languages(one, two):
    for draw, english, chinese in (
        (two.plot.line, "a sweep of two keys has no line; draw plot.heat(metric)", "没有折线图"),
        (one.plot.heat, "a sweep of one key has no heat map; draw plot.line(metric)", "没有热力图"),
        (two.plot.frontier, "the sweep has no frontier; name its two metrics", "未要求有效前沿"),
    ):
        with pytest.raises(UsageError) as caught:
            draw()
        assert english in caught.value.text()
        assert chinese in caught.value.text("zh")
    with pytest.raises(UsageError, match=r"is none of P\(pool.depleted\)"):
        one.plot.line("P(pool.deplete)")
    with pytest.raises(UsageError, match="lang"):
        one.plot.line(lang="fr")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_pictures_are_written(one, two, tmp_path, lang):
    one.plot.write_all(tmp_path, lang=lang)
    two.plot.write_all(tmp_path, lang=lang, form="svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "frontier.png", "heat.P_pool.depleted.svg", "heat.mean_scheme.fiscal_cost.svg",
        "line.P_pool.depleted.png", "line.mean_pool.lent.png", "line.mean_scheme.fiscal_cost.png",
    ]  # fmt: skip


def test_an_axis_is_logarithmic_only_for_values_spaced_so():
    assert is_geometric((1.0, 2.0, 4.0, 8.0))
    assert is_geometric((10.0, 1.0, 0.1))
    assert not is_geometric((1.0, 2.0, 3.0, 4.0))
    assert not is_geometric((0.0, 1.0, 10.0))
    assert not is_geometric((1.0, 10.0))
