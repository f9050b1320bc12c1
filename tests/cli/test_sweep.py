"""``fundsim sweep``: messages, warnings, exit statuses, tables that fit."""

import json

import pytest

from fundsim.cli import main
from fundsim.report.folding import cells

VARY = ["--vary", "pool.multiple=5,8"]
FEW = ["--paths", "40"]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def no_simulation(monkeypatch):
    def simulated(*_args, **_options):
        raise AssertionError("simulated before all was checked")

    monkeypatch.setattr("fundsim.decide.variants.simulate_part", simulated)


@pytest.mark.parametrize(
    ("options", "english", "chinese"),
    [
        (["--vary", "pool.multipl=5,8"], "--vary: pool.multipl: there is no multipl; did you mean multiple?",
         "--vary: pool.multipl: 没有 multipl；是否想写 multiple？"),
        (["--vary", "pool.multiple"], "--vary = 'pool.multiple': a key and its values are expected",
         "--vary = 'pool.multiple': 此处应为键及其取值"),
        (["--vary", "pool.share=0.2,2"], "--vary = 'pool.share=2': a share lies in 0 … 1",
         "--vary = 'pool.share=2': 份额须在 0 到 1 之间"),
        ([*VARY, "--metric", "P(pool.lent)"], "--metric = 'P(pool.lent)': pool.lent is no event",
         "--metric = 'P(pool.lent)': pool.lent 不是事件"),
        ([*VARY, "--metric", "mean(pool.lend)"], "no metric is called pool.lend (did you mean pool.lent?)",
         "没有名为 pool.lend 的指标（是否想写 pool.lent？）"),
        ([*VARY, "--frontier", "mean(pool.lent)", "max mean(pool.lent)"],
         "--frontier = 'mean(pool.lent), max mean(pool.lent)': the same metric twice",
         "--frontier = 'mean(pool.lent), max mean(pool.lent)': 同一个指标写了两次"),
        ([*VARY, "--frontier", "mean(pool.lent)"], "Error: Option '--frontier' requires 2 values.",
         "错误：选项 --frontier 需要 2 个值。"),
        ([], "Error: Missing option '--vary'.", "错误：缺少选项 --vary。"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_simulation")
def test_what_is_wrong_is_said_before_anything_is_simulated(options, english, chinese, capsys):
    for lang, said in (("en", english), ("zh", chinese)):
        assert main(["sweep", "minimal", *FEW, "--lang", lang, *options]) == 2
        assert said in capsys.readouterr().err


def test_a_folder_that_holds_results_is_refused_before_anything_is_simulated(capsys, monkeypatch):
    assert main(["sweep", "minimal", *VARY, *FEW, "-o", "out", "--plots", "none"]) == 0
    assert "results written to out" in capsys.readouterr().err
    with monkeypatch.context() as patched:
        patched.setattr("fundsim.decide.variants.simulate_part", None)
        assert main(["sweep", "minimal", *VARY, *FEW, "-o", "out"]) == 2
    assert "--replace" in capsys.readouterr().err
    assert main(["sweep", "minimal", *VARY, *FEW, "-o", "out", "--plots", "svg", "--replace", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_where_no_cell_can_be_run_the_faults_are_printed_and_nothing_is_written(capsys, tmp_path):
    call = ["sweep", "minimal", "--vary", "window.months=24,48", *FEW, "-o", "out"]
    assert main(call) == 2
    said = capsys.readouterr().err
    assert "sound in no cell; at window.months = 24: has 3 amounts for 2 policy years" in said
    assert "sound in no cell; at window.months = 48: has 3 amounts for 4 policy years" in said
    assert list(tmp_path.iterdir()) == []


def test_a_cell_that_can_not_be_run_does_not_end_the_command(capsys):
    assert main(["sweep", "minimal", "--vary", "window.months=24,36", *FEW, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "无法运行" in out
    assert "2 格中有 1 格情景无法运行。" in out
    assert "24 个月：minimal.yaml:" in out
    assert "请写 2 个金额。" in out


def test_amounts_that_were_meant_in_larger_units_are_warned_of(capsys):
    assert main(["sweep", "minimal", "--vary", "pool.opening=0.1:1:3", *FEW, "--json"]) == 0
    assert (
        "warning: --vary: 0.10 yuan to 1.00 yuan leaves out the present value, 30.0 million yuan; did you "
        "mean 0.1亿:1亿?"
    ) in capsys.readouterr().err
    assert main(["sweep", "minimal", "--vary", "pool.multiple=2,3", *FEW, "--json"]) == 0
    assert "leaves out" not in capsys.readouterr().err


def test_set_changes_the_scenario_that_is_swept(capsys):
    call = ["sweep", "minimal", *VARY, *FEW, "--metric", "mean(pool.lent)", "--json"]
    assert main(call) == 0
    plain = json.loads(capsys.readouterr().out)
    assert main([*call, "--set", "pool.share=0.8", "--seed", "3"]) == 0
    other = json.loads(capsys.readouterr().out)
    assert other["scenario"]["sha256"] != plain["scenario"]["sha256"]
    assert (plain["seed"], other["seed"]) == (1, 3)
    assert main([*call, "--set", "pool.multiple=3"]) == 0
    assert json.loads(capsys.readouterr().out)["cells"] == plain["cells"]  # the key's own value is swept over


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_at_eighty_columns_names_of_figures_are_folded_and_figures_stand_side_by_side(
    lang, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "80")
    call = ["sweep", "taiyuan_pool", "--vary", "zhubaodai.multiple=5,10", "--paths", "500", "--lang", lang]
    assert main(call) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if cells(line) > 80] == []
    row = next(line for line in out.splitlines() if line.startswith("10*"))
    assert row.count("(") == 2  # two probabilities beside a mean
    assert row.count("±") == 1
    assert "P(zhubaodai." in out


def test_threads_and_a_cluster_are_refused(capsys):
    assert main(["sweep", "minimal", *VARY, *FEW, "--dask", "local:2", "--threads", "2"]) == 2
    assert "--threads and --dask were both given" in capsys.readouterr().err


def test_help_says_how_values_are_spaced_and_how_many_there_may_be(capsys):
    assert main(["sweep", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "LO:HI:N for N values in equal steps" in said
    assert "400 at most" in said
    assert main(["sweep", "--help", "--lang", "zh"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert "下限:上限:个数（等距）" in said
    assert "Metric,suchas" not in said
    assert "Twometrics" not in said
