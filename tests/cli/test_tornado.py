"""``fundsim tornado``: what is printed, what is refused, and what a folder holds."""

import json

import pytest

import fundsim as fs
from fundsim.cli import main

SHARE = "pool.share={value: 50%, low: 25%, high: 75%, source: assumption}"
CALL = ["tornado", "minimal", "--set", SHARE, "--metric", "mean(pool.claims_due)", "--paths", "200"]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_the_command_prints_what_python_returns(capsys):
    assert main([*CALL, "--json", "-q", "--threads", "2"]) == 0
    out = json.loads(capsys.readouterr().out)
    scenario = fs.load("minimal", SHARE)
    assert out == fs.tornado(scenario, "mean(pool.claims_due)", paths=200, threads=1).to_json()
    assert out["metrics"][0]["ranked"] == ["instruments.pool.share"]


def test_a_folder_is_written_and_replaced_in_whole(capsys, tmp_path):
    assert main([*CALL, "-o", "out", "--plots", "svg"]) == 0
    assert "tornado written to out" in capsys.readouterr().err
    assert (tmp_path / "out" / "plots" / "tornado.svg").is_file()
    assert main([*CALL, "-o", "out"]) == 2
    assert "already holds" in capsys.readouterr().err
    assert main([*CALL, "-o", "out", "--replace", "--plots", "none", "--lang", "zh"]) == 0
    shown = capsys.readouterr()
    assert "结果已写入 out" in shown.err
    assert "风险分担比例 pool.share" in shown.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "manifest.json", "pages.json", "plots", "tornado.csv", "tornado.json",
    ]  # fmt: skip
    assert list((tmp_path / "out" / "plots").iterdir()) == []


def test_a_folder_of_a_tornado_is_no_run(capsys):
    assert main([*CALL, "-o", "out", "--plots", "none", "-q"]) == 0
    assert main(["compare", "out", "minimal", "--paths", "20"]) == 2
    assert "tornado" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        (
            "en",
            "textbook/j3_single_pool: it has no assumption with a low and a high, so there is nothing to "
            "vary; write a value as { value: 3%, low: 2%, high: 5%, source: assumption }",
        ),
        (
            "zh",
            "textbook/j3_single_pool: 情景没有带上下限的假设，没有可变动的数值；"
            "请把数值写成 { value: 3%, low: 2%, high: 5%, source: assumption }",
        ),
    ],
)
def test_a_scenario_without_assumptions_ends_with_2(capsys, tmp_path, lang, message):
    assert main(["tornado", "textbook/j3_single_pool", "--lang", lang, "-o", "out"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--metric", "P(pool.lent)"], "--metric = 'P(pool.lent)': pool.lent is no event"),
        (["--metric", "pool.nothing"], "no metric is called pool.nothing"),
        (["--paths", "0"], "'0'"),
        (["--dask", "local:2", "--threads", "2"], "--threads and --dask were both given"),
        (["--set", "pool.nothing=1"], "pool.nothing"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(capsys, tmp_path, options, problem):
    assert main(["tornado", "minimal", "--set", SHARE, *options, "-o", "out"]) == 2
    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_end_that_is_refused_is_named_below_the_tables(capsys):
    call = ["tornado", "taiyuan_pool", "--paths", "64", "--metric", "mean(zhubaodai.claims_due)"]
    assert main(call) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "ends that can't be run: 1" in lines
    assert (
        "  zhubaodai.breaker.threshold at 30 %: taiyuan_lending.yaml:339:23: zhubaodai.breaker.reset = 0.3: "
        "does not lie below the threshold (0.3); write less than 0.3."
    ) in lines
    assert main([*call, "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "无法运行的取值：1 个" in lines
    assert (
        "  zhubaodai.breaker.threshold 取 30%：taiyuan_lending.yaml:339:23: zhubaodai.breaker.reset = 0.3: "
        "不低于熔断线（0.3）；请写小于 0.3 的数。"
    ) in lines
