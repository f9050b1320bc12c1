"""Comparisons of simulated scenarios and of runs: which figures, at which horizon, with which differences."""

import json
import math

import numpy as np
import pandas as pd
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import UsageError
from fundsim.results.statistics import expected

PATHS = 300


@pytest.fixture(scope="module")
def base():
    return fs.load("minimal")


@pytest.fixture(scope="module")
def plan(base):
    return base.set("pool.multiple", 8).set("small_firms.pd", 0.05).set("pool.opening", 1.2e7)


@pytest.fixture(scope="module")
def runs(base, plan, tmp_path_factory):
    """Return the results of both scenarios in memory, and opened from their folders."""
    made = [fs.simulate(scenario, paths=PATHS, threads=1) for scenario in (base, plan)]
    home = tmp_path_factory.mktemp("runs")
    folders = [run.save(home / name, plots="none") for run, name in zip(made, "ab", strict=True)]
    return made, [fs.open(folder) for folder in folders], folders


@pytest.fixture(scope="module")
def compared(base, plan):
    return fs.compare(base, plan, paths=PATHS, threads=1)


def figure(comparison, name, horizon="run_off"):
    (found,) = [f for f in comparison.figures if (f.name, f.horizon) == (name, horizon)]
    return found


def figures(comparison):
    return comparison.to_json()["metrics"]


def test_the_figures_are_those_that_a_run_prints_at_the_same_horizons(compared, runs):
    html = runs[0][0]._repr_html_()
    named = [f.name if f.horizon == "run_off" else f"{f.name}@{f.horizon}" for f in compared.figures]
    assert len(named) > 10
    assert "pool.outstanding@window" in named
    assert [name for name in named if f"<td>{name}</td>" not in html] == []
    # A run's table has the compensation rate and the costs by year beside the headlines.
    beside = html.count("<td>pool.compensation_rate_") + html.count("<td>scheme.fiscal_cost.20")
    assert beside == 7
    assert html.count("<td>pool.") + html.count("<td>scheme.") == len(named) + beside


def test_values_and_errors_are_the_runs_own(compared, runs):
    for at, run in enumerate(runs[0]):
        law = run.distribution("pool.claims_paid")
        assert figure(compared, "pool.claims_paid").cells[at].estimate == law.mean
        assert figure(compared, "pool.depleted").cells[at].figure == run.probability("pool.depleted")
        aggregate = run.aggregate("pool.claims_coverage_aggregate")
        assert figure(compared, "pool.claims_coverage_aggregate").cells[at].estimate == aggregate


def test_differences_are_taken_path_by_path(compared, runs):
    mine, theirs = (run.values("pool.claims_paid") for run in runs[0])
    change = figure(compared, "pool.claims_paid").cells[1].difference
    assert (change.value, change.se) == (expected(theirs - mine).value, expected(theirs - mine).se)
    mine, theirs = (run.values("pool.depleted") for run in runs[0])
    change = figure(compared, "pool.depleted").cells[1].difference
    assert change.value == pytest.approx(theirs.mean() - mine.mean())
    assert change.value > 0.0
    assert change.se == pytest.approx(np.std(theirs - mine) / math.sqrt(PATHS))


def test_identical_scenarios_differ_by_exactly_nothing(base):
    same = fs.compare(base, fs.load("minimal", "title=Another name"), paths=100, threads=1)
    assert len(same.figures) > 10
    for found in same.figures:
        change = found.cells[1].difference
        assert (change.value, change.se, change.ci95) == (0.0, 0.0, (0.0, 0.0)), found.name
    assert [change.key for change in same.changes[0]] == ["title"]


def test_folders_and_results_compare_as_their_scenarios_do(compared, runs):
    in_memory, opened, _ = runs
    assert figures(fs.compare(*opened)) == figures(compared)
    assert figures(fs.compare(*in_memory)) == figures(compared)
    assert all("lack" not in value for f in figures(compared) for value in f["values"])


def test_a_scenario_is_simulated_as_the_run_beside_it(compared, runs, plan):
    mixed = fs.compare(runs[1][0], plan.set("run.seed", 77), threads=1)
    assert (mixed.common.paths, mixed.common.seed) == (PATHS, runs[1][0].manifest["seed"])
    assert figures(mixed) == figures(compared)


def test_threads_and_more_scenarios_change_no_difference(base, plan, compared):
    three = fs.compare(base, base, plan, paths=PATHS, threads=2)
    alone = [f["values"][1]["difference"] for f in figures(compared)]
    assert [f["values"][2]["difference"] for f in figures(three)] == alone
    assert [side.letter for side in three.sides] == ["A", "B", "C"]


def test_what_was_changed_leaves_paths_and_seed_out(base, plan, runs):
    keys = ["segments.small_firms.pd", "instruments.pool.multiple", "instruments.pool.opening"]
    changed = fs.compare(base, plan.set("run.seed", 5), paths=20, threads=1)
    assert [change.key for change in changed.changes[0]] == keys
    of_runs = fs.compare(*runs[1]).inputs
    assert list(of_runs["key"]) == keys
    assert list(of_runs[["A", "other"]].iloc[0]) == [0.03, 0.05]


@pytest.mark.parametrize(
    ("patterns", "expected_rows"),
    [
        ("pool.lent", [("pool.lent", "run_off")]),
        ("pool.outstanding", [("pool.outstanding", "window")]),
        ("pool.outstanding@run_off", [("pool.outstanding", "run_off")]),
        ("pool.lent@*", [("pool.lent", "run_off"), ("pool.lent", "window")]),
        ("pool.lent.2025", [("pool.lent.2025", "window")]),
        ("pool.lent.2025,pool.lent", [("pool.lent", "run_off"), ("pool.lent.2025", "window")]),
    ],
)
def test_chosen_metrics_are_found_as_run_finds_them(patterns, expected_rows, base, runs):
    chosen = fs.compare(base, base, paths=20, threads=1, metrics=patterns)
    assert [(f.name, f.horizon) for f in chosen.figures] == expected_rows
    assert [(f.name, f.horizon) for f in fs.compare(*runs[0], metrics=patterns).figures] == expected_rows


def test_a_metric_that_one_scenario_lacks_is_listed_as_such(base):
    other = fs.load("textbook/vasicek_10")
    found = fs.compare(
        base, other, paths=20, threads=1, metrics=["pool.leverage_flow", "pool.claims_paid.2026"]
    )
    year = figure(found, "pool.claims_paid.2026", "window")
    assert year.cells[0].lack is None
    assert (year.cells[1].figure, year.cells[1].difference, year.cells[1].lack) == (None, None, "no_metric")
    from_other = fs.compare(other, base, paths=20, threads=1, metrics=["pool.claims_paid.2026"])
    (only,) = from_other.figures
    assert [cell.lack for cell in only.cells] == ["no_metric", None]
    assert only.cells[1].difference is None
    assert "A has no pool.claims_paid.2026@window" in from_other._repr_html_()


def test_a_run_that_did_not_keep_a_metric_says_so(base, runs):
    kept = fs.simulate(base, paths=PATHS, threads=1, metrics="pool.lent")
    found = fs.compare(runs[0][0], kept)
    assert figure(found, "pool.claims_paid").cells[1].lack == "not_kept"
    assert figure(found, "pool.lent").cells[1].difference.value == 0.0


def test_a_folder_without_the_values_by_path_says_so(runs):
    found = fs.compare(*runs[1], metrics="pool.lent_new")
    cells = figure(found, "pool.lent_new").cells
    assert [cell.lack for cell in cells] == ["not_by_path", "not_by_path"]
    assert cells[1].estimate.se > 0.0
    assert cells[1].difference is None
    assert "--metrics &#x27;*&#x27;" in found._repr_html_()


def test_a_figure_whose_difference_has_no_known_error_has_no_difference(base, plan):
    found = fs.compare(base, plan, paths=400, threads=1, metrics="*contingent_*xpected")
    unexpected = figure(found, "scheme.contingent_unexpected").cells[1]
    assert (unexpected.difference, unexpected.lack) == (None, "no_error")
    assert figure(found, "scheme.contingent_expected").cells[1].difference.se > 0.0


def test_runs_of_other_paths_are_refused(base, runs):
    with pytest.raises(UsageError, match=r"seed 2 and not 1 as minimal was.*run it again with --seed 1"):
        fs.compare(runs[0][0], fs.simulate(base, paths=PATHS, seed=2, threads=1))
    with pytest.raises(UsageError, match="paths 20 and not 300"):
        fs.compare(runs[0][0], fs.simulate(base, paths=20, threads=1))
    slow, fast = (fs.simulate(base, paths=2, threads=1, engine=e) for e in ("reference", "core"))
    with pytest.raises(UsageError, match="engine reference and not core"):
        fs.compare(fast, slow)
    with pytest.raises(UsageError, match="--seed 7, and minimal was run with 1"):
        fs.compare(*runs[0], seed=7)
    assert figures(fs.compare(*runs[0], seed=1, paths=PATHS))


def test_progress_counts_the_paths_of_all_scenarios(base, plan):
    seen = []
    fs.compare(base, plan, base, paths=50, threads=1, progress=lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {150}
    assert seen[-1] == (150, 150)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_the_table_has_a_row_for_each_figure_and_scenario(compared):
    table = compared.table
    assert len(table) == 2 * len(compared.figures)
    row = table[(table["name"] == "pool.claims_paid") & (table["side"] == "B")].iloc[0]
    cell = figure(compared, "pool.claims_paid").cells[1]
    assert (row["value"], row["difference"]) == (cell.estimate.value, cell.difference.value)
    assert (row["difference_low"], row["difference_high"]) == cell.difference.ci95
    assert table[table["side"] == "A"]["difference"].isna().all()


def test_a_notebook_shows_inputs_and_figures_and_escapes_names(base):
    html = fs.compare(base, base.set("title", "<b>"), paths=20, threads=1)._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<table>") == 3
    assert "simulation error only" in html
    assert repr(fs.compare(base, base, paths=20, threads=1)).startswith(
        "<Comparison of A minimal, B minimal: 20"
    )


def test_a_folder_is_written_whole_and_never_taken_for_a_run(compared, tmp_path):
    folder = compared.save(tmp_path / "out", lang="zh")
    assert {path.name for path in folder.iterdir()} == {
        "comparison.csv", "comparison.json", "manifest.json", "pages", "pages.json", "plots",
    }  # fmt: skip
    assert {path.name for path in (folder / "plots").iterdir()} == {
        "differences.yuan.png", "differences.share.png", "differences.times.png",
    }  # fmt: skip
    assert json.loads((folder / "comparison.json").read_text("utf-8")) == json.loads(
        json.dumps(compared.to_json())
    )
    table = pd.read_csv(folder / "comparison.csv")
    pd.testing.assert_frame_equal(
        table.drop(columns="lack"), compared.table.drop(columns="lack"), check_exact=True, check_dtype=False
    )
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [side["name"] for side in manifest["scenarios"]] == ["minimal", "minimal"]
    assert manifest["files"].keys() >= {"comparison.csv", "plots/differences.yuan.png"}
    with pytest.raises(UsageError, match="holds a comparison, not a run"):
        fs.open(folder)
    with pytest.raises(UsageError, match="already holds a finished run"):
        compared.save(folder)
    compared.save(folder, replace=True, plots="none")
    assert list((folder / "plots").iterdir()) == []
    assert main(["run", str(folder / "manifest.json"), "-q", "-o", str(tmp_path / "again")]) == 2


def test_pictures_are_drawn_by_unit(compared, base):
    assert compared.plot.units == ["yuan", "share", "times"]
    default = compared.plot.differences().figure
    assert default.axes[0].get_xlabel() == "difference [million yuan]"
    shares = compared.plot.differences("share", lang="zh").figure
    assert shares.axes[0].get_xlabel() == "差异（百分点）"
    with pytest.raises(UsageError, match="is none of yuan, share, times"):
        compared.plot.differences("loans")
    with pytest.raises(UsageError, match="no difference to draw"):
        fs.compare(base, base, paths=20, threads=1).plot.differences()
    single = fs.compare(base, base, paths=1, threads=1, metrics="pool.lent")
    with pytest.raises(UsageError, match="no difference to draw"):
        single.plot.differences("loans")


def test_pictures_leave_out_what_no_path_changes_and_tables_keep_it(base):
    costlier = fs.compare(base, base.set("pool.recovery.cost", 0.5), paths=PATHS, threads=1)
    yuan = [f for f in costlier.figures if f.unit == "yuan"]
    changed = [f for f in yuan if f.cells[1].difference.value or f.cells[1].difference.se]
    assert 0 < len(changed) < len(yuan)
    axes = costlier.plot.differences("yuan").figure.axes[0]
    assert len(axes.get_yticks()) == len(changed)
    assert not [text for text in axes.texts if text.get_text().strip() == "0 ± 0"]
    texts = [text.get_text() for text in costlier.plot.differences("yuan").figure.texts]
    assert any(f"More metrics in the table: {len(yuan) - len(changed)}." in text for text in texts)
    assert {f.name for f in yuan} <= set(costlier.table["name"])


def test_amounts_of_very_different_size_have_a_scale_for_each_row_and_their_numbers(base, plan):
    """Lending changes by a hundred times what the cost does: on one axis the cost would be a dot on zero."""
    for others in ([plan], [plan, base.set("pool.multiple", 9)]):
        found = fs.compare(base, *others, paths=PATHS, threads=1)
        picture = found.plot.differences("yuan").figure
        axes = picture.axes[0]
        assert any("Differences from A" in text.get_text() for text in picture.texts)
        assert any("Each row has a scale of its own" in text.get_text() for text in picture.texts)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0"]
        yuan = [
            f
            for f in found.figures
            if f.unit == "yuan" and any(c.difference and c.difference.se for c in f.cells)
        ]
        assert len([text for text in axes.texts if "±" in text.get_text()]) == len(yuan) * len(others)
        reach = max(abs(end) for line in axes.lines for end in line.get_xdata() if len(line.get_xdata()) == 2)
        assert reach == pytest.approx(1.0)
    alike = fs.compare(base, plan, paths=PATHS, threads=1, metrics=["pool.claims_due", "pool.claims_paid"])
    axes = alike.plot.differences("yuan").figure.axes[0]
    assert len(axes.get_xticks()) > 2
