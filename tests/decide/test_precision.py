"""Runs whose paths grow until their headline figures are exact enough."""

import numpy as np
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import UsageError
from fundsim.results.headlines import shown_horizons, shown_metrics

KEPT = ("pool.claims_paid", "pool.depleted", "pool.claims_coverage_aggregate", "pool.lent")


def test_paths_grow_until_every_headline_figure_is_known_to_a_part_of_itself():
    scenario = fs.load("textbook/j3_single_pool")
    for precision in (0.1, 0.05):
        run = fs.simulate(scenario, paths=200_000, precision=precision, metrics=KEPT, threads=2)
        assert run.reached.short == ()
        assert run.n_paths == run.reached.paths < 200_000
        assert run.n_paths % 1024 == 0
        p = run.probability("pool.depleted")
        assert 0.5 * (p.ci95[1] - p.ci95[0]) <= precision * p.p
        claims = run.distribution("pool.claims_paid").mean
        assert claims.se <= precision * claims.value
        # No more paths than are needed: with a third fewer the probability would fall short.
        assert 0.5 * (p.ci95[1] - p.ci95[0]) > 0.7 * precision * p.p


def test_the_run_is_that_of_so_many_paths():
    scenario = fs.load("textbook/j3_single_pool")
    run = fs.simulate(scenario, precision="10%", metrics=KEPT, threads=1)
    same = fs.simulate(scenario, paths=run.n_paths, metrics=KEPT, threads=2)
    assert run.to_json() == same.to_json()
    assert np.array_equal(run.values("pool.claims_paid"), same.values("pool.claims_paid"))
    assert run.manifest["scenario"] == same.manifest["scenario"]
    assert same.reached is None


def test_the_limit_of_paths_is_said_with_what_falls_short(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = fs.simulate(fs.load("minimal"), paths=5000, precision=0.01, threads=1)
    assert run.n_paths == 5000
    names = [name for name, _ in run.reached.short]
    assert "pool.depleted@run_off" in names
    assert [error for _, error in run.reached.short] == sorted(
        (e for _, e in run.reached.short), reverse=True
    )
    call = ["run", "minimal", "--paths", "5000", "--precision", "1%", "--plots", "none"]
    assert main(call) == 0
    assert (
        "the paths ended at 5,000 before every headline figure was known to 1 % of itself"
        in capsys.readouterr().err
    )
    assert (
        main(
            [
                *call[:4],
                "--precision",
                "50%",
                "--metrics",
                "pool.lent",
                "--plots",
                "none",
                "-o",
                "b",
                "--lang",
                "zh",
            ]
        )
        == 0
    )
    assert "4,096 条路径：各主要指标的误差不超过其值的 50 %" in capsys.readouterr().err


def test_figures_that_fall_short_are_those_of_the_table(capsys, tmp_path, monkeypatch):
    """At the horizon that the table shows, and no others."""
    monkeypatch.chdir(tmp_path)
    run = fs.simulate(fs.load("minimal"), paths=2000, precision=1e-6, threads=1)
    shown = {f"{m['name']}@{h}" for m in shown_metrics(run) for h in shown_horizons(m["name"], run)}
    names = {name for name, _ in run.reached.short}
    assert "pool.outstanding@window" in names  # nothing is outstanding at the end of the run-off
    assert "pool.lent@window" not in names
    exact = shown - names
    for name in exact:
        own, _, horizon = name.partition("@")
        law = run.figures.metrics.get((own, horizon))
        ratio = run.figures.aggregates.get((own, horizon))
        assert (law.mean if law is not None else ratio).se == 0.0
    assert names <= shown


def test_of_one_path_no_error_is_known_and_nothing_is_said_not_to_have_happened(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    call = ["run", "minimal", "--paths", "1", "--precision", "1%", "--plots", "none"]
    assert main(call) == 0
    reported = capsys.readouterr().err
    assert "(its error is not known)" in reported
    assert "did not happen" not in reported
    assert main([*call, "-o", "zh", "--lang", "zh"]) == 0
    assert "（误差未知）" in capsys.readouterr().err


@pytest.mark.parametrize("precision", [0, -1, "150%", "x", None])
def test_a_precision_is_a_part_of_the_whole(precision):
    if precision is None:
        assert fs.simulate(fs.load("minimal"), paths=10, precision=None).reached is None
        return
    with pytest.raises(UsageError, match="precision"):
        fs.simulate(fs.load("minimal"), paths=10, precision=precision)
