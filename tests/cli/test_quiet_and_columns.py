"""-q and --json together, and tables that fit the console or the columns that are asked for."""

import json
import os
import subprocess
import sys

import pytest

from fundsim.cli import main
from fundsim.report.folding import cells

COMMANDS = [
    ["list"],
    ["list", "metrics", "minimal"],
    ["list", "scenarios"],
    ["schema"],
    ["show", "minimal"],
    ["show", "minimal", "--source"],
    ["diff", "taiyuan_2015_2017", "taiyuan_adverse"],
    ["diff", "minimal", "--set", "pool.multiple=8"],
    ["compare", "minimal", "textbook/vasicek_10", "--paths", "40"],
    ["tornado", "minimal", "--set", "pool.share={value: 50%, low: 30%, high: 80%, source: assumption}",
     "--paths", "40"],
    ["doubt", "minimal", "--set", "pool.share={value: 50%, low: 30%, high: 80%, source: assumption}",
     "--paths", "20", "--draws", "50", "--plots", "none", "--replace"],
    ["sweep", "minimal", "--vary", "pool.multiple=8,10", "--vary", "pool.share=30%,50%", "--paths", "40",
     "--frontier", "P(pool.depleted)", "max mean(pool.lent)"],
    ["sweep", "minimal", "--vary", "window.months=24,36", "--paths", "40"],
    ["validate", "minimal"],
    ["trace", "minimal", "--path", "2"],
    ["run", "minimal", "--paths", "40", "--plots", "none", "--replace"],
]  # fmt: skip
NAMES = [" ".join(command) for command in COMMANDS]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_quiet_prints_nothing(command, capsys):
    assert main([*command, "-q"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_quiet_leaves_the_json_that_is_asked_for(command, capsys):
    assert main([*command, "-q", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out)


def test_faults_are_there_as_json_even_if_quiet(capsys, tmp_path):
    (tmp_path / "bad.yaml").write_text("nonsense: 1\n")
    assert main(["validate", "bad.yaml", "-q", "--json"]) == 2
    out, err = capsys.readouterr()
    assert not json.loads(out)[0]["sound"]
    assert err == ""


def test_help_that_is_asked_for_is_printed_even_if_quiet(capsys):
    assert main(["-q", "run", "--help"]) == 0
    assert "Usage: fundsim run" in capsys.readouterr().out


def test_help_says_what_quiet_silences(capsys):
    main(["run", "--help"])
    assert "--json still prints its result" in " ".join(capsys.readouterr().out.split())
    main(["run", "--help", "--lang", "zh"])
    assert "与--json同用时仍输出结果" in "".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [20, 39, 80])
@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_tables_fit_the_columns_that_are_asked_for(command, columns, lang, capsys, monkeypatch):
    if command == ["schema"]:
        pytest.skip("JSON has no columns")
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main([*command, "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if cells(line) > columns] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [22, 40, 80])
@pytest.mark.parametrize(
    "command",
    ["run", "trace", "list", "show", "validate", "compare", "diff", "sweep", "tornado", "doubt", "report"],
)
def test_help_fits_the_columns_that_are_asked_for(command, columns, lang, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main([command, "--help", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    options = ("--", "-o, --", "-q, --", "-h, --")
    assert not [x for x in lines if cells(x) > columns and not x.strip().startswith(options)]
    assert ("选项：" if lang == "zh" else "Options:") in lines


def test_help_notes_are_words_of_the_language(capsys):
    main(["run", "--help", "--lang", "zh"])
    reported = "".join(capsys.readouterr().out.split())
    assert "env var" not in reported
    assert "default" not in reported
    assert all(note in reported for note in ("默认：png", "也可设环境变量FUNDSIM_LANG"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_columns_a_pipe_gets_whole_lines(lang, capsys):
    assert main(["list", "metrics", "taiyuan_2015_2017", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines]
    assert len(names) == len(set(names)) > 250
    assert all(name.count(".") >= 1 for name in names)


@pytest.mark.parametrize("columns", ["", "0", "-3", "wide"])
def test_columns_that_are_no_number_are_no_limit(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["list", "scenarios"]) == 0
    assert "Guarantors of a city: two tiers, technology, batches\n" in capsys.readouterr().out


def test_names_are_broken_after_a_point_or_before_the_horizon_only(capsys, monkeypatch):
    main(["list", "metrics", "taiyuan_2015_2017"])
    parts = {part for line in capsys.readouterr().out.splitlines() for part in line.split()[0].split(".")}
    monkeypatch.setenv("COLUMNS", "36")
    main(["run", "taiyuan_2015_2017", "--paths", "40", "--plots", "none"])
    out = capsys.readouterr().out
    figures = out.partition("\n\n")[2].partition("applied for")[0]  # the sentences before it are prose
    named = [x for x in figures.splitlines() if x and not x.startswith(" ") and "." in x]
    assert len(named) > 30
    pieces = {p for line in named for p in line.split()[0].partition("@")[0].split(".") if p}
    known = parts | {"@window"}
    assert {p for p in pieces if p.replace("_", "").isalpha() and p.islower()} <= known


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", ["", "30"])
def test_old_consoles_bear_every_table(encoding, lang, columns, tmp_path):
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": columns}
    formulas = ["list", "metrics", "minimal", "--formula", "*.c*"]
    for command in (["show", "minimal", "--source"], ["list", "metrics", "minimal"], formulas):
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "fundsim", *command, "--lang", lang],
            capture_output=True,
            env=environ,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert "pool" in ran.stdout.decode(encoding)
