"""The frame: help, languages, shared options, exit statuses, consoles of every kind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fundsim.cli import ENTRIES, main
from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.frame import FundsimGroup, common_options, language_of
from fundsim.errors import EngineError, Fault, ResultsError, ScenarioError

ROOT = Path(__file__).parents[2]
HEAVY = {
    "docx", "jinja2", "matplotlib", "numba", "numpy", "pandas",
    "pyarrow", "pydantic", "rich", "scipy", "simpy", "yaml",
}  # fmt: skip


def fundsim(*args, encoding="utf-8", **environment):
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", **environment}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "fundsim", *args], capture_output=True, env=environ, timeout=120, check=False
    )


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["--lang", "zh", "--help"], ["rum"], []])
def test_help_and_usage_errors_import_no_heavy_module(args):
    script = f"import sys; from fundsim.cli import main; main({args}); print('|', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = {name.partition(".")[0] for name in ran.stdout.rpartition("|")[2].split()}
    assert "click" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("command", sorted(ENTRIES))
def test_help_of_a_command_imports_no_engine_and_no_picture(command):
    script = (
        f"import sys; from fundsim.cli import main; main([{command!r}, '--help']); print('|', *sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = {name.partition(".")[0] for name in ran.stdout.rpartition("|")[2].split()}
    assert not loaded & (HEAVY - {"rich", "yaml", "pydantic"})


def test_the_overview_names_every_command(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in ENTRIES)


def test_a_call_without_a_word_shows_the_overview(capsys):
    assert main([]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize("command", sorted(ENTRIES))
@pytest.mark.parametrize("order", [["--lang", "zh", "--help"], ["--help", "--lang=zh"]])
def test_help_is_chinese_wherever_the_language_is_said(command, order, capsys):
    assert main([command, *order]) == 0
    shown = capsys.readouterr().out
    assert "用法：" in shown
    assert "选项" in shown
    assert "Usage" not in shown


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_help_text_has_its_chinese(name):
    """In a process of its own: another command, if it is loaded too, may bring the words."""
    script = f"from tests.cli.test_frame import print_untranslated; print_untranslated({name!r})"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout == ""


def print_untranslated(name):
    group = FundsimGroup(ENTRIES, "en", params=common_options("en"))
    command = group.get_command(click.Context(group), name)
    options = [p for p in (*group.params, *command.params) if isinstance(p, click.Option)]
    for text in (command.help, *(option.help for option in options)):
        if text not in CHINESE:
            print(text)  # noqa: T201


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_what_click_adds_to_help_is_chinese_too(name, capsys):
    assert main([name, "--help", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert not [word for word in ("required", "default", "env var") if word in shown]


@pytest.mark.parametrize("before", [True, False])
def test_shared_options_hold_before_and_after_the_command(call_with, before):
    seen = []
    call = call_with(seen.append)
    options = ["--lang", "zh", "--json", "-q"]
    assert call(*options, "probe") == 0 if before else call("probe", *options) == 0
    assert seen == [Session(lang="zh", json=True, quiet=True)]


def test_the_language_can_come_from_the_environment(call_with, monkeypatch):
    seen = []
    monkeypatch.setenv("FUNDSIM_LANG", "zh")
    call = call_with(lambda session: seen.append(session.lang))
    call("probe")
    call("probe", "--lang", "en")
    assert seen == ["zh", "en"]


@pytest.mark.parametrize(
    ("args", "lang"),
    [
        (["run", "x", "--lang", "zh"], "zh"),
        (["--lang=zh"], "zh"),
        (["--lang", "fr"], "en"),
        (["--lang"], "en"),
        (["--", "--lang", "zh"], "en"),
    ],
)
def test_the_language_is_found_before_anything_is_parsed(args, lang):
    assert language_of(args, {}) == lang


def test_an_unknown_command_is_bad_input_and_the_nearest_is_offered(capsys):
    assert main(["rum"]) == 2
    assert "Did you mean 'run'?" in capsys.readouterr().err
    assert main(["--lang", "zh", "rum"]) == 2
    assert "没有命令 'rum'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "chinese"),
    [
        (["run"], "缺少参数 SCENARIO"),
        (["run", "x", "--pahts", "3"], "没有选项 --pahts"),
        (["run", "x", "--paths", "many"], "'many'：此处应为路径数，而不是文字"),
        (["run", "x", "--paths", "0"], "'0'：路径数不得小于 1"),
        (["run", "x", "--engine", "warp"], "'warp' 不在可选值"),
        (["run", "x", "y"], "多余的参数：y"),
        (["run", "x", "-o"], "选项 -o 需要一个值"),
    ],
)
def test_usage_errors_are_reported_in_chinese(args, chinese, capsys):
    assert main(["--lang", "zh", *args]) == 2
    reported = capsys.readouterr()
    assert chinese in reported.err
    assert reported.out == ""


FAULT = Fault(
    "x.yaml",
    3,
    5,
    "pool.share",
    "40",
    "a share lies in 0 … 1",
    "write 0.40",
    "份额须在 0 到 1 之间",
    "请写 0.40",
)


@pytest.mark.parametrize(
    ("error", "status", "reported"),
    [
        (ScenarioError([FAULT]), 2, "x.yaml:3:5: pool.share = 40: a share lies in 0 … 1; write 0.40\n"),
        (ResultsError("out is damaged"), 1, "out is damaged\n"),
        (EngineError("paths are missing"), 1, "paths are missing\n"),
        (OSError(28, "No space left on device"), 1, "Error: [Errno 28] No space left on device\n"),
        (ZeroDivisionError("division\nby zero"), 1, "Error: ZeroDivisionError: division by zero\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
    ],
)
def test_every_way_to_fail_has_its_status_and_its_line(call_with, capsys, error, status, reported):
    def fail(_session):
        raise error

    assert call_with(fail)("probe") == status
    shown = capsys.readouterr()
    assert shown.err == reported
    assert shown.out == ""


def test_faults_are_reported_in_chinese(call_with, capsys):
    def fail(_session):
        raise ScenarioError([FAULT])

    assert call_with(fail)("probe", "--lang", "zh") == 2
    assert "份额须在 0 到 1 之间" in capsys.readouterr().err


def test_the_traceback_is_there_on_request(call_with, capsys, monkeypatch):
    monkeypatch.setenv("FUNDSIM_DEBUG", "1")

    def fail(_session):
        raise ZeroDivisionError("reported")

    assert call_with(fail)("probe") == 1
    assert "Traceback" in capsys.readouterr().err


def test_quiet_is_silent_but_for_errors(call_with, capsys):
    def talk(session):
        session.say("message")
        session.write("result")
        session.emit({"result": 1})
        session.show("table")
        session.complain("what went wrong")

    assert call_with(talk)("probe", "-q") == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "what went wrong\n")
    assert call_with(talk)("probe", "-q", "--json") == 0
    shown = capsys.readouterr()
    assert (json.loads(shown.out), shown.err) == ({"result": 1}, "what went wrong\n")


def test_messages_go_to_stderr_and_results_to_stdout(call_with, capsys):
    def talk(session):
        session.say("message")
        session.write("result")

    call_with(talk)("probe")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("result\n", "message\n")


def test_a_status_that_a_command_returns_is_the_programs(call_with):
    assert call_with(lambda _session: 2)("probe") == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp1252", "ascii"])
@pytest.mark.parametrize(
    "args", [["--help", "--lang", "zh"], ["--lang", "zh", "rum"], ["run", "nowhere.yaml"]]
)
def test_no_console_is_too_poor(encoding, args):
    ran = fundsim(*args, encoding=encoding, COLUMNS="40")
    assert ran.returncode in (0, 2), ran.stderr
    assert b"Traceback" not in ran.stderr
    assert b"UnicodeEncodeError" not in ran.stderr


def test_signs_that_a_console_lacks_are_spelt_out():
    script = "from fundsim.cli.console import *; tame_streams(); Session().write('1 ± 2 … 3 × 4 亿')"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert ran.stdout.decode("ascii").strip() == "1 +/- 2 ... 3 x 4 ?"


def test_a_reader_who_has_gone_ends_the_program_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "fundsim", "--help"], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_the_module_runs_as_the_command():
    ran = fundsim("--version")
    assert ran.returncode == 0
    assert ran.stdout.startswith(b"fundsim ")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_set_and_seed_are_described_in_the_same_words_by_every_command_that_has_them(lang, capsys):
    said = {}
    for command in ("run", "trace", "show", "validate", "compare", "diff"):
        assert main([command, "--help", "--lang", lang]) == 0
        # A terminal's width breaks a help text wherever its column happens to end.
        said[command] = "".join(capsys.readouterr().out.split())
    seed = {
        "en": "Seedoftherandomnumbers;thescenario'sunlessgiven.",
        "zh": "随机数种子，默认取情景中的设定。",
    }
    value = {
        "en": "Setavalueofthescenariobeforeanythingischecked;mayberepeated.",
        "zh": "在检查之前设定情景中的一个数值；可重复使用。",
    }
    assert [command for command, reported in said.items() if value[lang] in reported] == [*said]
    assert [command for command, reported in said.items() if seed[lang] in reported] == [
        "run",
        "trace",
        "compare",
    ]
