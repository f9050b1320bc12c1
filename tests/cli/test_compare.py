"""``fundsim compare`` and ``fundsim diff --set``: what is printed, written and refused."""

import errno
import json

import pytest

from fundsim.cli import main

SCENARIO = """
extends: minimal
instruments: { pool: { multiple: 8 } }
"""


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    (tmp_path / "plan.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def runs(here):
    for name, more in (("a", []), ("b", ["--set", "pool.multiple=8"]), ("other", ["--seed", "2"])):
        command = ["run", "minimal", "--paths", "40", "-q", "--plots", "none", "-o", name, *more]
        assert main(command) == 0


def test_what_was_changed_stands_above_what_it_did(capsys):
    assert main(["compare", "minimal", "plan.yaml", "--paths", "60"]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[:2] == ["A  minimal", "B  plan.yaml (plan)"]
    texts = ("what changed from A to B", "instruments.pool.multiple", "what it did", "B - A", "pool.lent ",
             "B - A points", "pool.depleted", "60 paths, seed 1", "simulation error only")  # fmt: skip
    order = [out.index(text) for text in texts]
    assert order == sorted(order)
    assert "plan.yaml:3" in out


def test_chinese_is_spoken_throughout(capsys):
    assert main(["compare", "minimal", "plan.yaml", "--paths", "20", "--lang", "zh", "-o", "out"]) == 0
    shown = capsys.readouterr()
    assert all(
        words in shown.out for words in ("A 到 B 改了什么", "结果变了多少", "只反映模拟误差", "百分点")
    )
    assert "比较结果已写入 out" in shown.err


def test_json_has_all_that_is_printed(capsys):
    call = ["compare", "minimal", "plan.yaml", "--paths", "20", "--json", "-q", "--metric", "pool.lent"]
    assert main(call) == 0
    out = json.loads(capsys.readouterr().out)
    assert [side["source"] for side in out["scenarios"]] == ["minimal", "plan.yaml"]
    assert [change["key"] for change in out["changes"][0]["inputs"]] == ["instruments.pool.multiple"]
    (metric,) = out["metrics"]
    assert (metric["name"], metric["unit"]) == ("pool.lent", "yuan")
    assert metric["values"][1]["difference"].keys() == {"value", "se", "ci95"}


def test_folders_compare_as_their_scenarios_do(runs, capsys):
    calls = (
        ["a", "b"],
        ["minimal", "plan.yaml", "--paths", "40"],
        ["a", "plan.yaml"],
        ["a/manifest.json", "b"],
    )
    found = []
    for call in calls:
        assert main(["compare", *call, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["metrics"])
    assert found[1:] == found[:1] * 3


def test_set_changes_every_scenario(capsys):
    assert (
        main(["compare", "minimal", "plan.yaml", "--paths", "20", "--set", "pool.multiple=9", "--json"]) == 0
    )
    shown = capsys.readouterr()
    assert "--set changes both scenarios alike: pool.multiple=9" in shown.err
    out = json.loads(shown.out)
    assert out["changes"][0]["inputs"] == []
    assert {v["difference"] and v["difference"]["value"] for m in out["metrics"] for v in m["values"]} <= {
        None,
        0,
    }


def test_nothing_is_written_unless_a_folder_is_named(here):
    assert main(["compare", "minimal", "plan.yaml", "--paths", "20", "-q"]) == 0
    assert {path.name for path in here.iterdir()} == {"plan.yaml"}
    assert (
        main(["compare", "minimal", "plan.yaml", "--paths", "20", "-q", "-o", "out", "--plots", "svg"]) == 0
    )
    assert (here / "out" / "plots" / "differences.yuan.svg").is_file()


def test_a_folder_that_holds_results_is_refused_before_anything_is_simulated(here, capsys, monkeypatch):
    call = ["compare", "minimal", "plan.yaml", "--paths", "20", "-q", "--plots", "none", "-o", "out"]
    assert main(call) == 0
    before = (here / "out" / "manifest.json").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("fundsim.decide.compare.comparison.simulate_sides", None)
        assert main(call) == 2
    assert "already holds a finished run" in capsys.readouterr().err
    assert (here / "out" / "manifest.json").read_bytes() == before
    assert main([*call, "--replace"]) == 0


def test_an_interrupt_leaves_nothing_behind(here, capsys, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    for place in (
        "fundsim.decide.compare.sources.simulate_scenario",
        "fundsim.decide.writing.json_bytes",
        "fundsim.report.compare.plot.ComparisonPlots.write_all",
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, interrupted)
            assert main(["compare", "minimal", "plan.yaml", "--paths", "20", "-o", "out"]) == 130
        assert "interrupted" in capsys.readouterr().err
        assert {path.name for path in here.iterdir()} == {"plan.yaml"}


REFUSED = [
    (["minimal"], "minimal alone can't be compared; name a second scenario", "只有 minimal 一个情景"),
    (
        ["minimal", "plan.yaml", "--seed", "1", "--seed", "2"],
        "'--seed' takes one value",
        "选项 --seed 只能给一个值",
    ),
    (["minimal", "nowhere.yaml"], "nowhere.yaml: there is no such", "nowhere.yaml: 没有这个情景文件"),
    (
        ["minimal", "plan.yaml", "--metric", "pool.claims_payed"],
        "no metric is called pool.claims_payed (did you mean pool.claims_paid?)",
        "没有名为 pool.claims_payed 的指标（是否想写 pool.claims_paid？）",
    ),
    (["minimal", "plan.yaml", "--metric", " , "], "names no metric", "没有写任何指标"),
    (["minimal", "plan.yaml", "--set", "pool.multipel=8"], "did you mean", "是否想写"),
    (["minimal", "plan.yaml", "--paths", "0"], "a number of paths is 1 or more", "路径数不得小于 1"),
    (
        ["a", "other"],
        "other was run with seed 2 and not 1 as a was: its paths can't be paired; run it again with --seed 1",
        "other 的种子为 2 而非 1（与 a 不同）：路径无法配对；请以 --seed 1 重新运行",
    ),
    (
        ["a", "minimal", "--paths", "41"],
        "--paths 41, and a was run with 40",
        "--paths 41，而 a 是以 40 运行的",
    ),
    (["a", "b", "--set", "pool.multiple=9"], "name a/manifest.json to run", "请写 a/manifest.json"),
    (["a", "b", "--metric", "*.nothing"], "no metric is called *.nothing", "没有名为 *.nothing 的指标"),
]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_input_is_reported_and_nothing_is_written(lang, runs, here, capsys):
    before = sorted(here.iterdir())
    for call, english, chinese in REFUSED:
        assert main(["--lang", lang, "compare", *call, "-o", "out"]) == 2, call
        shown = capsys.readouterr()
        assert (english if lang == "en" else chinese) in shown.err
        assert shown.out == ""
        assert sorted(here.iterdir()) == before


def test_a_comparison_is_no_run(here, capsys):
    assert (
        main(["compare", "minimal", "plan.yaml", "--paths", "20", "-q", "--plots", "none", "-o", "out"]) == 0
    )
    assert main(["compare", "out", "minimal"]) == 2
    assert "out holds a comparison, not a run" in capsys.readouterr().err


def test_diff_of_one_scenario_shows_what_set_changes(capsys):
    assert main(["diff", "minimal", "--set", "pool.multiple=8"]) == 0
    out = capsys.readouterr().out
    assert "minimal as set" in out.splitlines()[0]
    assert [line.split()[0] for line in out.splitlines()] == ["key", "instruments.pool.multiple"]
    assert main(["diff", "minimal", "--set", "pool.multiple=10"]) == 0
    assert "no difference" in capsys.readouterr().err
    assert main(["diff", "minimal"]) == 2
    assert "minimal alone has nothing to differ from" in capsys.readouterr().err


def test_diff_sets_both_sides(capsys):
    assert main(["diff", "minimal", "plan.yaml", "--set", "pool.multiple=9", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == []
    assert "--set changes both scenarios alike: pool.multiple=9" in shown.err


def test_a_name_of_blanks_is_refused(capsys):
    for command in (["run", "minimal"], ["compare", "minimal", "plan.yaml"]):
        assert main([*command, "-o", "   "]) == 2
        assert "an empty name" in capsys.readouterr().err


def test_a_copy_under_another_name_has_no_difference(here, capsys):
    (here / "copy.yaml").write_text(SCENARIO, encoding="utf-8")
    assert main(["diff", "plan.yaml", "copy.yaml"]) == 0
    assert "no difference" in capsys.readouterr().err
    assert main(["compare", "plan.yaml", "copy.yaml", "--paths", "20"]) == 0
    assert "A and B: no difference" in capsys.readouterr().out


def test_one_scenario_is_compared_with_itself_as_set(here, capsys):
    call = ["compare", "minimal", "--set", "pool.multiple=8", "--paths", "60", "--json"]
    assert main(call) == 0
    alone = json.loads(capsys.readouterr().out)
    assert main(["compare", "minimal", "plan.yaml", "--paths", "60", "--json"]) == 0
    two = json.loads(capsys.readouterr().out)
    assert [side["source"] for side in alone["scenarios"]] == ["minimal", "minimal as set"]
    assert [change["key"] for change in alone["changes"][0]["inputs"]] == ["instruments.pool.multiple"]
    assert alone["metrics"] == two["metrics"]


@pytest.mark.parametrize(
    "call",
    [
        ["run", "minimal", "--paths", "20"],
        ["compare", "minimal", "plan.yaml", "--paths", "20"],
        ["size", "minimal", "--vary", "pool.claim_lag", "--within", "1:3", "--paths", "64",
         "--target", "mean(pool.claims_paid) >= 0"],
        ["tornado", "minimal", "--set", "pool.share={value: 50%, low: 30%, high: 80%, source: assumption}",
         "--paths", "64"],
        ["doubt", "minimal", "--set", "pool.share={value: 50%, low: 30%, high: 80%, source: assumption}",
         "--paths", "20", "--draws", "20"],
        ["sweep", "minimal", "--vary", "pool.multiple=5,8", "--paths", "20"],
    ],
)  # fmt: skip
def test_figures_are_printed_before_they_are_saved_and_stay_if_the_disk_is_full(
    call, here, capsys, monkeypatch
):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fundsim.results.writing._seal", full)
    assert main([*call, "-o", "out", "--plots", "none"]) == 1
    shown = capsys.readouterr()
    assert "pool." in shown.out
    assert "no space is left" in shown.err
    assert not (here / "out").exists()
