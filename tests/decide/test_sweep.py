"""Sweeps: each cell is a run, bit by bit; differences are paired; what can't be run is said."""

import csv
import io
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.core.machine.compiling import reported_to
from fundsim.decide.sweep.sweeping import MOST_KEPT
from fundsim.errors import ScenarioError, UsageError
from fundsim.report.sweep.notes import notes
from fundsim.report.sweep.tables import asked_lines

FIGURES = (
    "P(pool.depleted)",
    "mean(pool.claims_paid)",
    "q99(pool.claims_due)",
    "es95(pool.bank_loss@window)",
    "pool.claims_coverage_aggregate",
)
ONE = {"pool.opening": [4e6, 8e6, "0.3亿"]}
TWO = {"pool.opening": ["400万", "800万"], "pool.share": [0.5, 0.8]}
GOALS = ("max mean(pool.lent)", "P(pool.depleted)")
FEW = {"paths": 2500, "seed": 5}


@pytest.fixture(scope="module")
def scenario():
    return fs.load("minimal")


@pytest.fixture(scope="module")
def one(scenario):
    return fs.sweep(scenario, ONE, metrics=FIGURES, threads=1, **FEW)


@pytest.fixture(scope="module")
def two(scenario):
    return fs.sweep(scenario, TWO, metrics=FIGURES, frontier=GOALS, threads=2, **FEW)


@pytest.fixture(scope="module")
def partly():
    """Three years of demand fit 36 months only."""
    return fs.sweep(fs.load("minimal"), {"window.months": [24, 36, 48]}, paths=50, threads=1)


@pytest.mark.parametrize("which", ["one", "two"])
def test_a_cell_is_the_run_with_its_values_set_to_the_bit(scenario, which, request):
    found = request.getfixturevalue(which)
    for cell in found.cells:
        settings = [
            f"{axis.number.short}={value!r}"
            for axis, value in zip(found.question.axes, cell.values, strict=True)
        ]
        run = fs.simulate(fs.load("minimal", settings), threads=1, metrics="*", **FEW)
        event = run.probability("pool.depleted")
        assert (cell.figures[0].value, cell.figures[0].ci95) == (event.p, event.ci95)
        paid = run.distribution("pool.claims_paid").mean
        assert (cell.figures[1].value, cell.figures[1].se) == (paid.value, paid.se)
        due = run.distribution("pool.claims_due").quantiles["0.99"]
        assert (cell.figures[2].value, cell.figures[2].ci95) == (due.value, due.ci95)
        loss = run.distribution("pool.bank_loss@window").es["0.95"]
        assert (cell.figures[3].value, cell.figures[3].se) == (loss.value, loss.se)
        ratio = run.aggregate("pool.claims_coverage_aggregate")
        assert (cell.figures[4].value, cell.figures[4].se) == (ratio.value, ratio.se)
    assert len({cell.figures[0].value for cell in found.cells}) > 1


def test_differences_are_those_of_a_comparison(scenario, one):
    first, *others = (scenario.set("pool.opening", value) for value in (4e6, 8e6, 3e7))
    rows = fs.compare(first, *others, metrics="pool.*", threads=1, **FEW).table
    for cell, side in zip(one.cells[1:], "BC", strict=True):
        for at, name in (
            (0, "pool.depleted"),
            (1, "pool.claims_paid"),
            (4, "pool.claims_coverage_aggregate"),
        ):
            row = rows[(rows["name"] == name) & (rows["side"] == side) & (rows["horizon"] == "run_off")]
            change = cell.differences[at]
            assert change.value == row["difference"].item()
            assert change.se == row["difference_se"].item()
            assert change.ci95 == (row["difference_low"].item(), row["difference_high"].item())
    assert one.cells[0].differences == ()
    assert one.first is one.cells[0]


def test_the_last_key_varies_fastest(two):
    assert [cell.values for cell in two.cells] == [(4e6, 0.5), (4e6, 0.8), (8e6, 0.5), (8e6, 0.8)]


def test_neither_threads_nor_processes_change_a_bit(scenario, two):
    alone = fs.sweep(scenario, TWO, metrics=FIGURES, frontier=GOALS, threads=1, **FEW)
    assert alone.to_json() == two.to_json()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        spread = fs.sweep(scenario, TWO, metrics=FIGURES, frontier=GOALS, threads=2, executor=executor, **FEW)
    assert spread.to_json() == two.to_json()


def test_figures_of_a_frontier_join_those_that_are_named(two):
    assert [m.measured for m in two.question.measures] == [*FIGURES, "mean(pool.lent)"]


def test_without_names_headline_events_and_the_fiscal_cost_are_shown(partly):
    assert [m.measured for m in partly.question.measures] == ["P(pool.depleted)", "mean(scheme.fiscal_cost)"]


def test_nothing_is_compiled_for_another_number(scenario):
    fs.simulate(scenario, paths=2, threads=1)
    begun = []
    with reported_to(lambda: begun.append(1), lambda *_: None):
        fs.sweep(scenario, {"pool.multiple": [3, 4, 5.5]}, paths=20, threads=1)
    assert begun == []


def test_progress_counts_the_paths_of_all_cells(scenario):
    seen = []
    fs.sweep(scenario, ONE, paths=3000, threads=1, progress=lambda *both: seen.append(both))
    assert seen[0] == (0, 9000)
    assert seen[-1] == (9000, 9000)
    assert all(total == 9000 for _, total in seen)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_cells_that_can_not_be_run_are_counted_and_their_faults_shown(partly):
    assert [cell.sound for cell in partly.cells] == [False, True, False]
    assert partly.first is partly.cells[1]
    plain = partly.to_json()
    assert plain["not_sound"] == 2
    assert plain["compared_with"] == [36.0]
    assert plain["cells"][2]["faults"][0].endswith("has 3 amounts for 4 policy years; write 4 amounts")
    assert "figures" not in plain["cells"][0]
    text = " ".join(notes(partly, "en"))
    assert "The scenario is not sound in 2 of 3 cells." in text
    assert "At 48 months: " in text
    assert "pool.demand.yearly: has 3 amounts for 4 policy years; write 4 amounts." in text
    assert "3 格中有 2 格情景无法运行。" in notes(partly, "zh")
    assert "<td>not sound</td>" in partly._repr_html_()
    rows = partly.table
    assert len(rows) == 6
    assert rows["fault"].notna().sum() == 4


def test_where_no_cell_can_be_run_all_faults_are_raised(scenario):
    with pytest.raises(ScenarioError) as caught:
        fs.sweep(scenario, {"window.months": [24, 48], "pool.multiple": [5, 8]}, paths=50)
    lines = caught.value.text().splitlines()
    assert len(lines) == 2
    assert "sound in no cell; at window.months = 24, pool.multiple = 5 and in 1 other cell: has 3" in lines[0]
    assert "各格均无法运行；window.months = 48, pool.multiple = 5及另外 1 格：" in caught.value.text("zh")


def test_a_joint_rule_is_asked_of_all_values_together():
    """A breaker of 2 % with the present reset of 5 % can't be; one with a reset of 1 % can."""
    base = fs.load("minimal", {"pool.breaker": {"metric": "npl_ratio", "threshold": 0.1, "reset": 0.05}})
    keys = {"pool.breaker.threshold": [0.02, 0.1], "pool.breaker.reset": [0.01, 0.05]}
    found = fs.sweep(base, keys, paths=20, threads=1)
    assert [cell.values for cell in found.refused] == [(0.02, 0.05)]


def test_a_value_of_no_path_has_neither_error_nor_place(scenario):
    found = fs.sweep(
        scenario, {"pool.opening": [3e6, 3e9]}, metrics="mean(pool.depletion_month)",
        frontier=("mean(pool.depletion_month)", "mean(pool.claims_paid)"), paths=200, threads=1,
    )  # fmt: skip
    assert found.cells[0].figures[0].n > 0
    assert found.cells[1].figures[0].n == 0
    assert found.frontier.places[1] is None
    assert found.frontier.places[0].standing == "frontier"
    assert "–: no path has a value of the figure." in notes(found, "en")
    assert found.to_json()["frontier"]["cells"][1] == {
        "values": [3e9], "standing": None, "dominated_by": None,
    }  # fmt: skip


def test_a_key_that_changes_nothing_is_said_to(scenario):
    idle = fs.sweep(scenario, {"pool.multiple": [500, 900]}, paths=50, threads=1)
    assert "The figures are the same on every path in all cells." in notes(idle, "en")
    assert "各格的指标在每条路径上都相同。" in notes(idle, "zh")


def test_a_frontier_that_would_fill_the_memory_is_refused(scenario):
    cells = {"pool.multiple": "5:15:20", "pool.share": "0:1:20"}
    with pytest.raises(UsageError) as caught:
        fs.sweep(scenario, cells, frontier=GOALS, paths=MOST_KEPT // 400 + 1)
    assert caught.value.text() == (
        "paths = 100001: a frontier of 400 cells keeps the figures of 100,000 paths at most; ask for 100,000 "
        "paths or fewer cells"
    )


def test_the_table_has_a_row_for_each_cell_and_metric(two):
    table = two.table
    assert list(table.columns[:4]) == ["pool.opening", "pool.share", "metric", "unit"]
    assert len(table) == 4 * 6
    row = table[(table["pool.opening"] == 8e6) & (table["pool.share"] == 0.8)].iloc[0]
    assert row["metric"] == "P(pool.depleted)"
    assert row["value"] == two.cells[3].figures[0].value
    assert row["difference"] == two.cells[3].differences[0].value
    assert table["difference"].isna().sum() == 6
    assert table["value"].dtype == np.float64


def test_where_cells_stand_is_said_in_the_table_and_as_data(two):
    """A pool twice as large may lend twice as much, and runs dry less often with half the share."""
    standings = {
        cell.values: place.standing for cell, place in zip(two.cells, two.frontier.places, strict=True)
    }
    assert standings[4e6, 0.8] == "dominated"
    assert standings[8e6, 0.5] == "frontier"
    rows = {tuple(row["values"]): row for row in two.to_json()["frontier"]["cells"]}
    assert rows[4e6, 0.8]["dominated_by"] == [8e6, 0.5]
    assert two.to_json()["frontier"]["metrics"] == [
        {"metric": "mean(pool.lent)", "wanted": "max"}, {"metric": "P(pool.depleted)", "wanted": "min"},
    ]  # fmt: skip
    html = two._repr_html_()
    assert "dominated by 8 million yuan, 50 %" in html
    assert "max mean(pool.lent) [million yuan]" in html


def test_the_tables_say_figures_errors_and_what_they_are_less(one, two):
    html = one._repr_html_()
    assert "<th>pool.opening [million yuan]</th><th>P(pool.depleted) [%]</th>" in html
    assert "<td>30*</td>" in html
    assert (html.count("<td>4</td>"), html.count("<td>8</td>")) == (1, 2)  # no difference from itself
    assert "difference from 4 million yuan" in html
    assert "not doubt about the inputs (see fundsim.doubt(scenario))" in html
    assert "2,500 paths in each cell, seed 5" in html
    grid = two._repr_html_()
    assert "<th>pool.share 50 %*</th>" in grid
    assert "P(pool.depleted) [%]" in grid
    assert "P(pool.depleted) [points], difference from 4 million yuan, 50 %" in grid


def test_what_was_asked_is_said_with_what_it_means(one):
    assert asked_lines(one, "en")[:2] == [
        "pool.opening (money in the fund at the start) is 30 million yuan now; 3 values from 4 million yuan "
        "to 30 million yuan",
        "P(pool.depleted): Probability of depletion of the pool",
    ]
    assert asked_lines(one, "zh")[:2] == [
        "pool.opening（期初余额）现为 3,000 万元；取 3 个值，400 万元至 3,000 万元",
        "P(pool.depleted)：资金池耗尽的概率",
    ]


def test_a_sweep_is_saved_whole_and_is_no_run(two, tmp_path):
    folder = two.save(tmp_path / "out", plots="none")
    assert sorted(p.name for p in folder.iterdir()) == [
        "manifest.json", "pages.json", "plots", "sweep.csv", "sweep.json",
    ]  # fmt: skip
    assert json.loads((folder / "sweep.json").read_bytes()) == two.to_json()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["kind"] == "sweep"
    assert manifest["vary"] == [
        {"key": "instruments.pool.opening", "values": [4e6, 8e6]},
        {"key": "instruments.pool.share", "values": [0.5, 0.8]},
    ]
    assert manifest["frontier"] == list(GOALS)
    assert (manifest["paths"], manifest["seed"], manifest["engine"]) == (2500, 5, "core")
    assert manifest["scenario"]["resolved"] == two.scenario.resolved()
    assert set(manifest["files"]) == {"pages.json", "sweep.csv", "sweep.json"}
    with pytest.raises(UsageError, match="holds a sweep, not a run"):
        fs.open(folder)
    with pytest.raises(UsageError, match="replace"):
        two.save(folder, plots="none")
    two.save(folder, plots="none", replace=True)


def test_the_csv_opens_in_a_spreadsheet(two, tmp_path):
    content = (two.save(tmp_path / "out", plots="none") / "sweep.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 25
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert float(rows[-1]["value"]) == two.cells[3].figures[-1].value
    assert rows[0]["difference"] == ""
    assert not [cell for row in rows for cell in row.values() if cell in ("inf", "-inf", "nan")]
    assert {row["frontier"] for row in rows} >= {"frontier", "dominated"}


def test_the_command_prints_the_call_as_json(capsys, two):
    call = ["sweep", "minimal", "--paths", "2500", "--seed", "5", "--json", "--frontier", *GOALS]
    for axis in ("pool.opening=400万,800万", "pool.share=50%,80%"):
        call += ["--vary", axis]
    for figure in FIGURES:
        call += ["--metric", figure]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out) == two.to_json()
