"""The time left is honest, and shown in a way that every console can bear."""

import io
import os
import subprocess
import sys

import pytest

from fundsim.cli.console import Session
from fundsim.cli.progress import RunProgress, TimeLeft, time_left_words
from fundsim.core.machine import compiling


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("begun", [True, False])
def test_what_happens_before_the_first_block_is_done_does_not_count(begun):
    clock = Clock()
    left = TimeLeft(clock)
    if begun:
        assert left.update(0, 1000) is None
    clock.now = 40.0  # compiled, and the first block done
    assert left.update(100, 1000) is None
    clock.now = 41.0
    assert left.update(200, 1000) == pytest.approx(8.0)


def test_after_a_tenth_of_the_run_the_time_left_is_right_within_20_per_cent():
    clock, estimates = Clock(), {}
    left = TimeLeft(clock)
    clock.now = 30.0
    left.update(0, 100_000)
    done = 0
    for block in range(1, 101):  # blocks whose speed wanders by half around 0.2 s
        clock.now += 0.2 * (1.0 + 0.5 * ((block * 7) % 10 - 4.5) / 4.5)
        done += 1000
        estimates[done] = (left.update(done, 100_000), clock.now)
    end = clock.now
    after_a_tenth = [reported for done, reported in estimates.items() if 10_000 <= done <= 90_000]
    assert len(after_a_tenth) == 81
    for estimate, now in after_a_tenth:
        assert estimate == pytest.approx(end - now, rel=0.2)


def test_no_estimate_while_only_one_moment_is_known():
    assert time_left_words(None, Session()) == ""
    assert time_left_words(9.4, Session()) == "9 s left"
    assert time_left_words(9.4, Session(lang="zh")) == "剩余 9 秒"


def _run_through(session, clock):
    with RunProgress(session, clock) as progress:
        for done in range(0, 1001, 100):
            progress(done, 1000)
            clock.now += 2.0


def test_without_a_terminal_there_are_some_plain_lines(capsys):
    _run_through(Session(), Clock())
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "300 of 1,000 paths  14 s left",
        "600 of 1,000 paths  8 s left",
        "900 of 1,000 paths  2 s left",
    ]


@pytest.mark.parametrize(("lang", "reported"), [("en", "compiling…"), ("zh", "编译中…")])
def test_compiling_is_said_once_when_the_compiler_is_called(lang, reported, capsys):
    with RunProgress(Session(lang=lang)):
        compiling.begins()
        compiling.begins()
    compiling.begins()
    assert capsys.readouterr().err == f"{reported}\n"


def test_a_terminal_says_starting_until_the_compiler_is_called(monkeypatch):
    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self):
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    with RunProgress(Session()) as progress:
        reported = [progress._bar.tasks[0].description]
        compiling.begins()
        reported.append(progress._bar.tasks[0].description)
        progress(500, 1000)
        reported.append(progress._bar.tasks[0].description)
    assert reported == ["starting…", "compiling…", "simulating"]


KERNEL = """
from fundsim.core.machine.decorators import entry
from fundsim.core.machine.compiling import reported_to

@entry
def double(x):
    return 2 * x

with reported_to(lambda: print("compiling"), print):
    print(double(4))
"""


@pytest.mark.parametrize("public", ["0", "1"])
def test_compiling_is_said_in_the_first_run_and_never_when_kernels_are_loaded(tmp_path, public):
    script = tmp_path / "kernel.py"
    script.write_text(KERNEL)
    environ = {**os.environ, "FUNDSIM_CACHE_DIR": str(tmp_path / "cache"), "NUMBA_DISABLE_JIT": "0"}
    environ["FUNDSIM_PUBLIC_NUMBA"] = public

    def run():
        ran = subprocess.run(  # noqa: S603
            [sys.executable, str(script)], capture_output=True, text=True, check=True, env=environ
        )
        return ran.stdout.split()

    assert run() == ["compiling", "8"]
    assert run() == ["8"]


def test_quiet_shows_nothing(capsys):
    _run_through(Session(quiet=True), Clock())
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp1252", "ascii"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_terminal_of_any_encoding_bears_the_bar(monkeypatch, encoding, lang):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    raw = io.BytesIO()
    terminal = Terminal(raw, encoding=encoding, errors="replace", write_through=True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    _run_through(Session(lang=lang), Clock())
    assert b"%" in raw.getvalue()


def test_an_interrupt_gives_the_terminal_back(monkeypatch):
    progress = RunProgress(Session())
    with pytest.raises(KeyboardInterrupt), progress:
        raise KeyboardInterrupt
    assert progress._bar is None
