"""``validate``, ``show``, ``diff`` and ``schema`` on the command line."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from fundsim.cli import main

from .conftest import Write
from .kinds import BASE, KINDS

HEIR = """\
extends: base.yaml
segments:
  trade:
    pd: {value: 5%, low: 2%, source: assumption, note: a guess}
"""


@pytest.fixture(autouse=True)
def small_registry(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    """Let the commands know the small kind, and find both files."""
    monkeypatch.setitem(sys.modules, "fundsim.instruments", SimpleNamespace(KINDS=KINDS))
    # These kinds are for reading alone.
    monkeypatch.setitem(
        sys.modules,
        "fundsim.lowering",
        SimpleNamespace(review=lambda *_: (), tape_notes=lambda _: (), solved_values=lambda _: ()),
    )
    monkeypatch.delenv("FUNDSIM_LANG", raising=False)
    write()
    write(HEIR, "heir.yaml")


def test_validate_says_that_a_file_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "base.yaml", "heir.yaml"]) == 0
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "base.yaml: sound" in reported.err
    assert "heir.yaml: sound" in reported.err


def test_validate_shows_faults_of_every_file_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    write(BASE.replace("rho: 0.1", "rho: 10").replace("opening", "openning"), "bad.yaml")
    assert main(["validate", "bad.yaml", "none.yaml", "base.yaml"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert 'bad.yaml:9:10: trade.rho = 10: a share lies in 0 … 1; write 0.10 or "10%"' in lines
    assert "bad.yaml:16:5: zhubaodai.openning = 2.32亿: there is no such key; did you mean opening?" in lines
    assert any(line.startswith("none.yaml: there is no such scenario file") for line in lines)
    assert "base.yaml: sound" in lines


def test_validate_speaks_chinese(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    write(BASE.replace("rho: 0.1", "rho: 10"), "bad.yaml")
    assert main(["validate", "bad.yaml", "--lang", "zh"]) == 2
    assert (
        'bad.yaml:9:10: trade.rho = 10: 份额须在 0 到 1 之间；请写 0.10 或 "10%"' in capsys.readouterr().err
    )


def test_warnings_are_distinguished_and_refuse_nothing(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    write(BASE.replace("    source: A16\n", ""), "bare.yaml")
    assert main(["validate", "bare.yaml"]) == 0
    assert "warning: bare.yaml:" in capsys.readouterr().err
    assert main(["validate", "bare.yaml", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_validate_gives_json(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    write(BASE.replace("rho: 0.1", "rho: 10"), "bad.yaml")
    assert main(["validate", "bad.yaml", "--json"]) == 2
    (reported,) = json.loads(capsys.readouterr().out)
    assert reported["sound"] is False
    assert [(f["line"], f["key"], f["value"]) for f in reported["faults"]] == [(9, "trade.rho", "10")]


def test_validate_takes_values_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "base.yaml", "--set", "zhubaodai.multiple=0"]) == 2
    assert "--set:1:20: zhubaodai.multiple = 0: must be more than 0" in capsys.readouterr().err


def test_show_prints_yuan_defaults_and_where_each_value_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "heir.yaml", "--source"]) == 0
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in capsys.readouterr().out.splitlines()}
    assert lines["segments.trade.pd"] == "0.05 heir.yaml:4 assumption (0.02 … –) — a guess"
    assert lines["instruments.zhubaodai.opening"] == "232,000,000 base.yaml:16 A5"
    assert lines["window.months"] == "36 default"
    assert lines["window.run_off"] == "– default"
    assert main(["show", "heir.yaml", "--source", "--lang", "zh"]) == 0
    assert "heir.yaml:4  假设" in capsys.readouterr().out


def test_show_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "heir.yaml", "--json", "--source"]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert reported["resolved"]["segments"]["trade"]["pd"] == 0.05
    origin = next(line for line in reported["origins"] if line["key"] == "segments.trade.pd")
    assert (origin["file"], origin["line"], origin["source"]) == ("heir.yaml", 4, ["assumption"])
    assert len(reported["sha256"]) == 64


def test_diff_puts_two_scenarios_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "base.yaml", "heir.yaml"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["key", "segments.trade.pd"]
    assert lines[1].split()[1:4] == ["0.03", "base.yaml:8", "A5"]
    assert "0.05" in lines[1]
    assert main(["diff", "base.yaml", "base.yaml"]) == 0
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "no difference" in reported.err
    assert main(["diff", "base.yaml", "heir.yaml", "--json"]) == 0
    assert [d["key"] for d in json.loads(capsys.readouterr().out)] == ["segments.trade.pd"]


def test_schema_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "fundsim scenario"


@pytest.mark.parametrize("command", ["show", "validate", "diff"])
def test_a_command_without_a_scenario_shows_its_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([command])
    reported = capsys.readouterr()
    assert "Usage" in reported.out + reported.err


def test_a_bad_scenario_stops_show_with_all_faults_and_2(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    write(BASE.replace("rho: 0.1", "rho: 10").replace("2015-06", "June"), "bad.yaml")
    assert main(["show", "bad.yaml"]) == 2
    reported = capsys.readouterr()
    assert reported.out == ""
    assert len(reported.err.splitlines()) == 2
    assert "Traceback" not in reported.err
