"""The whole way: a bundled scenario in, a table and a folder out."""

import json

import pandas as pd
import pytest

from fundsim import open as open_results
from fundsim.cli import main

FILES = ("summary.json", "paths.parquet", "series.parquet")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    assert main(["run", "minimal", "--paths", "400", "--seed", "5", "-q", "-o", str(folder)]) == 0
    return folder


def test_a_bundled_scenario_runs_and_its_folder_opens(ran):
    results = open_results(ran)
    assert results.n_paths == 400
    assert results.manifest["seed"] == 5
    assert results.manifest["scenario"]["name"] == "minimal"
    assert len(results.manifest["scenario"]["sha256"]) == 64
    assert 0.0 <= results.probability("pool.depleted").p <= 1.0
    assert len(pd.read_parquet(ran / "paths.parquet")) == 400


def test_the_pictures_are_there(ran):
    kinds = sorted(path.name.rsplit(".", 2)[1] for path in (ran / "plots").iterdir())
    assert {"cost_by_year", "curve", "distribution", "fan", "layers"} <= set(kinds)
    assert kinds.count("distribution") >= 2


def test_threads_change_no_byte_of_the_figures(ran, tmp_path):
    assert (
        main(
            [
                "run",
                "minimal",
                "--paths",
                "400",
                "--seed",
                "5",
                "--threads",
                "2",
                "-q",
                "-o",
                str(tmp_path / "o"),
            ]
        )
        == 0
    )
    for name in FILES:
        assert (tmp_path / "o" / name).read_bytes() == (ran / name).read_bytes(), name


def test_another_seed_gives_other_paths(ran, tmp_path):
    assert main(["run", "minimal", "--paths", "400", "--seed", "6", "-q", "-o", str(tmp_path / "o")]) == 0
    assert (tmp_path / "o" / "paths.parquet").read_bytes() != (ran / "paths.parquet").read_bytes()


def test_more_paths_leave_the_first_as_they_were(ran, tmp_path):
    assert main(["run", "minimal", "--paths", "700", "--seed", "5", "-q", "-o", str(tmp_path / "o")]) == 0
    more = pd.read_parquet(tmp_path / "o" / "paths.parquet").head(400)
    pd.testing.assert_frame_equal(more, pd.read_parquet(ran / "paths.parquet"))


def test_set_changes_the_scenario_that_is_run(ran, tmp_path):
    args = ["run", "minimal", "--paths", "50", "--set", "pool.share=0%", "-q", "-o", str(tmp_path / "o")]
    assert main(args) == 0
    results = open_results(tmp_path / "o")
    assert results.distribution("pool.claims_paid").mean.value == 0.0
    assert results.manifest["scenario"]["sha256"] != open_results(ran).manifest["scenario"]["sha256"]


def test_a_fault_is_reported_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "minimal", "--set", "pool.share=140%"]) == 2
    shown = capsys.readouterr()
    assert "pool.share" in shown.err
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_metric_is_reported_and_nothing_is_written(tmp_path, capsys):
    args = ["run", "minimal", "--paths", "10", "--metrics", "pool.claim_paid", "-o", str(tmp_path / "o")]
    assert main(args) == 2
    assert "did you mean pool.claims_paid?" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_second_engine_runs_the_same_scenario(tmp_path):
    args = ["run", "minimal", "--paths", "2", "--engine", "reference", "-q", "-o", str(tmp_path / "o")]
    assert main(args) == 0
    assert open_results(tmp_path / "o").manifest["engine"] == "reference"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lists_have_a_line_for_everything(capsys, lang):
    assert main(["list", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    for name in ("compensation_pool", "<compensation_pool>.claims_paid", "minimal", "taiyuan_2015_2017"):
        assert any(name in line for line in shown.splitlines())


def test_every_metric_of_a_run_is_defined_by_the_list(ran, capsys):
    assert main(["list", "metrics", "minimal", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["metrics"]
    assert {entry["name"] for entry in listed} == {m["name"] for m in open_results(ran).manifest["metrics"]}
    assert all(entry["unit"] and entry["meaning"] and entry["meaning_zh"] for entry in listed)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_shows_how_the_metrics_that_a_pattern_names_are_computed(capsys, lang):
    command = ["list", "metrics", "minimal", "--formula", "pool.c*_coverage*", "--lang", lang]
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines[::2]] == [
        "pool.claims_coverage",
        "pool.claims_coverage_aggregate",
    ]
    assert lines[1::2] == [
        "  = contract/pool/paid ÷ contract/pool/due else 1",
        "  = Σ (contract/pool/paid) ÷ Σ (contract/pool/due)",
    ]
    assert main([*command, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["metrics"]
    assert [f"  = {entry['formula']}" for entry in shown] == lines[1::2]


def test_a_formula_is_asked_of_metrics_that_a_scenario_has(capsys):
    assert main(["list", "metrics", "minimal", "--formula", "pool.claims_payd"]) == 2
    assert "no metric is called pool.claims_payd (did you mean pool.claims_paid?)" in capsys.readouterr().err
    for command in (["list"], ["list", "metrics"], ["list", "instruments"]):
        assert main([*command, "--formula", "pool.*"]) == 2
        assert "--formula goes with 'list metrics SCENARIO'" in capsys.readouterr().err


def test_a_scenario_belongs_to_metrics_only(capsys):
    assert main(["list", "scenarios", "minimal"]) == 2
    assert "unexpected extra argument" in capsys.readouterr().err
