"""``fundsim run`` around the engine: order of checks, options handed on, what is printed and written."""

import json
import sys
from types import ModuleType, SimpleNamespace

import pytest

from fundsim.cli import main
from fundsim.errors import Fault
from fundsim.results.folder import folder_name


@pytest.fixture
def calls(monkeypatch, tmp_path, results):
    """Replace scenario and simulation by what they hand over; the calls are noted."""
    noted = []
    warning = Fault(
        "toy.yaml", 2, 1, "pool", None, "has no source", "name one", "没有来源", "请注明", warning=True
    )

    def load(source, *, kinds, overrides):
        noted.append(("load", source, tuple(overrides)))
        return SimpleNamespace(name="toy/../x", warnings=(warning,))

    def simulate(scenario, **options):
        options.pop("progress")(0, 500)
        noted.append(("simulate", scenario.name, options))
        return results

    for name, content in (
        ("fundsim.api.run", {"simulate": simulate}),
        ("fundsim.instruments", {"KINDS": {}}),
        ("fundsim.lowering", {"review": lambda *_: (), "tape_notes": lambda _: ()}),
        ("fundsim.scenario", {"load": load}),
    ):
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.chdir(tmp_path)
    return noted


def test_options_reach_the_simulation(calls):
    args = "run toy --paths 7 --seed 3 --threads 2 --engine reference --metrics *.a,*.b --metrics *.c -o out"
    assert main([*args.split(), "--set", "pool.share=40%", "--set", "pool.multiple=8"]) == 0
    assert calls[0] == ("load", "toy", ("pool.share=40%", "pool.multiple=8"))
    assert calls[1][2] == {
        "paths": 7,
        "seed": 3,
        "threads": 2,
        "engine": "reference",
        "metrics": ("*.a", "*.b", "*.c"),
        "precision": None,
    }


def test_what_is_not_said_is_left_to_the_scenario(calls):
    main(["run", "toy", "-o", "out"])
    nothing = ("paths", "seed", "threads", "engine", "metrics", "precision")
    assert calls[1][2] == dict.fromkeys(nothing)


def test_the_table_goes_to_stdout_and_messages_to_stderr(calls, capsys, tmp_path):
    assert main(["run", "toy", "-o", "out"]) == 0
    shown = capsys.readouterr()
    assert "zhubaodai.claims_paid" in shown.out
    assert "warning: toy.yaml:2:1: pool: has no source; name one" in shown.err
    assert "compiling" not in shown.err
    assert "results written to out" in shown.err
    assert (tmp_path / "out" / "manifest.json").is_file()
    assert len(list((tmp_path / "out" / "plots").iterdir())) == 4


def test_json_prints_the_summary(calls, capsys, results):
    assert main(["run", "toy", "-o", "out", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == results.to_json()


def test_quiet_prints_nothing_and_writes_all(calls, capsys, tmp_path):
    assert main(["run", "toy", "-q", "-o", "out"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "out" / "summary.json").is_file()


def test_chinese_is_spoken_throughout(calls, capsys):
    assert main(["run", "toy", "-o", "out", "--lang", "zh"]) == 0
    shown = capsys.readouterr()
    assert "指标" in shown.out
    assert all(words in shown.err for words in ("警告", "没有来源", "结果已写入 out"))


def test_the_folder_is_results_and_the_name_and_no_name_leaves_it(calls, tmp_path):
    assert main(["run", "toy", "-q"]) == 0
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["toy_.._x"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("taiyuan", "taiyuan"),
        ("../up", "_up"),
        ("a/b", "a_b"),
        ("..", "scenario"),
        ("", "scenario"),
        ("a:b*c", "a_b_c"),
        ("ends. ", "ends"),
        ("NUL", "NUL_"),
        ("com1.x", "com1_.x"),
        ("a\x1b\n", "a__"),
    ],
)
def test_a_scenarios_name_is_one_folders_name(name, folder):
    assert folder_name(name) == folder


def test_a_folder_is_refused_before_anything_is_simulated(calls, capsys, tmp_path):
    assert main(["run", "toy", "-q", "-o", "out"]) == 0
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    calls.clear()
    assert main(["run", "toy", "-o", "out"]) == 2
    assert [call[0] for call in calls] == ["load"]
    assert "already holds a finished run" in capsys.readouterr().err
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert main(["run", "toy", "-q", "-o", "out", "--replace"]) == 0


def test_an_interrupt_leaves_nothing_behind(calls, capsys, tmp_path, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["fundsim.api.run"], "simulate", interrupted)
    assert main(["run", "toy", "-o", "out"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line_and_leaves_no_folder(calls, capsys, tmp_path, monkeypatch):
    def full(_self, _folder, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fundsim.report.plots.Plots.write_all", full)
    assert main(["run", "toy", "-o", "out"]) == 1
    assert "no space is left on the disk of out; the run is not saved" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lang", "reported"),
    [
        ("en", "small_firms 1.75 % (3 %, 1.76 % after screening)"),
        ("zh", "small_firms 1.75 % (3 %，筛选后 1.76 %)"),
    ],
)
def test_the_pd_after_a_screening_is_reported(calls, capsys, results, monkeypatch, lang, reported):
    pds = {"stated": 0.03, "accepted": 0.0176, "implied": 0.0175}
    monkeypatch.setitem(results.manifest["pd_annual"], "small_firms", pds)
    main(["--lang", lang, "run", "toy", "-o", f"out_{lang}"])
    assert reported in capsys.readouterr().err


def test_a_run_on_dask_workers_writes_what_threads_write(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    common = ["run", "minimal", "--paths", "3000", "-q", "--plots", "none", "-o"]
    assert main([*common, "threads"]) == 0
    assert main([*common, "workers", "--dask", "local:1"]) == 0
    for name in ("summary.json", "paths.parquet"):
        assert (tmp_path / "threads" / name).read_bytes() == (tmp_path / "workers" / name).read_bytes()


def test_threads_and_dask_exclude_each_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "minimal", "--threads", "2", "--dask", "local:1", "--lang", "zh"]) == 2
    assert "请去掉 --threads" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()
