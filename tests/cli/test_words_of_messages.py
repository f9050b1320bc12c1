"""Small words: what is counted, what a number is, whose home, whose device, and what plain Python says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fundsim as fs
from fundsim import arguments
from fundsim.cli import main
from fundsim.errors import UsageError, counted
from fundsim.instruments import KINDS
from fundsim.lowering import tape_notes
from fundsim.scenario import check_scenario

ONE_YEAR = ["window.months=12"]


def problems(*overrides: str) -> list[str]:
    """Return what is wrong with the minimal scenario after some changes."""
    return [f.text() for f in check_scenario("minimal", kinds=KINDS, overrides=list(overrides))[1]]


# One and many


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ([*ONE_YEAR, "pool.demand.yearly=[1e8, 1e8]"], "has 2 amounts for 1 policy year; write 1 amount"),
        (["pool.demand.yearly=[1e8]"], "has 1 amount for 3 policy years; write 3 amounts"),
        (["pool.borrowers={remove: true}", "pool.borrowers={}"], "must have at least 1 item"),
        (["pool.demand.yearly=[1,1,1,1,1,1,1,1,1,1,1]"], "must have at most 10 items"),
    ],
)
def test_one_is_one_and_many_are_many(overrides: list[str], words: str) -> None:
    assert any(words in text for text in problems(*overrides)), problems(*overrides)


@pytest.mark.parametrize(("rows", "words"), [(1, "1 loan, 100 yuan"), (2, "2 loans, 200 yuan")])
def test_a_tape_of_one_loan_has_one_loan(rows: int, words: str, tmp_path: Path) -> None:
    tape = "segment,principal,months_left\n" + "small_firms,100,6\n" * rows
    (tmp_path / "loans.csv").write_text(tape, encoding="utf-8")
    file = tmp_path / "heir.yaml"
    stock = "    opening_stock: {tape: loans.csv}\n"
    file.write_text(f"extends: minimal\ninstruments:\n  pool:\n{stock}", encoding="utf-8")
    assert [note for note, _ in tape_notes(fs.load(file))] == [f"loans.csv: {words}"]


def test_one_path_is_one_path() -> None:
    one, two = (fs.simulate(fs.load("minimal"), paths=n, threads=1, seed=1) for n in (1, 2))
    assert ": 1 path, seed 1>" in repr(one)
    assert ": 2 paths, seed 1>" in repr(two)
    assert counted(1, "path") == "1 path"


# Numbers of the command line


@pytest.mark.parametrize(
    ("check", "value", "english", "chinese"),
    [
        (arguments.path_number, "-1",
         "the number of a path is 0 or more; write a whole number from 0 on, such as 12",
         "路径编号不得小于 0；请写从 0 起的整数，如 12"),
        (arguments.path_number, "many",
         "the number of a path is expected, not text; write a whole number from 0 on, such as 12",
         "此处应为路径编号，而不是文字；请写从 0 起的整数，如 12"),
        (arguments.number_of_paths, "0",
         'a number of paths is 1 or more; write a whole number such as 20000, or "2万"',
         '路径数不得小于 1；请写整数（如 20000）或 "2万"'),
        (arguments.thread_count, "-1", "a number of threads is 1 or more; write a whole number such as 4",
         "线程数不得小于 1；请写整数，如 4"),
        (arguments.thread_count, "1025",
         "too large a number; a number of threads is at most 1,024; write a whole number such as 4",
         "数字过大；线程数不得大于 1,024；请写整数，如 4"),
    ],
)  # fmt: skip
def test_a_number_is_called_what_it_counts(check, value: str, english: str, chinese: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(value, written=True)
    assert caught.value.text("en").endswith(f": {english}")
    assert caught.value.text("zh").endswith(f": {chinese}")


def test_quick_says_how_long_it_takes(capsys) -> None:
    assert main(["verify", "--help"]) == 0
    assert "three minutes instead of an hour" in " ".join(capsys.readouterr().out.split())


# Places


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the user's home, in which the caller is not."""
    folder, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.chdir(elsewhere)
    return folder


def test_a_quoted_home_is_the_users_home(home, capsys) -> None:
    assert main(["run", "minimal", "--paths", "2", "-q", "-o", "~/out"]) == 0
    assert main(["trace", "minimal", "--path", "1", "-q", "-o", "~/ledger.csv"]) == 0
    found = {
        path.name for path in home.iterdir() if not path.name.startswith(".")
    }  # matplotlib has folders there
    assert found == {"out", "ledger.csv"}
    (home / "mine.yaml").write_text("extends: minimal\n", encoding="utf-8")
    assert main(["validate", "~/mine.yaml", "-q"]) == 0
    assert fs.load("~/mine.yaml").name == "mine"
    results = fs.open("~/out")
    results.save("~/again")
    results.plot.distribution("pool.claims_due").save(Path("~/law.png"))
    assert (home / "again" / "manifest.json").is_file()
    assert (home / "law.png").is_file()
    assert list(Path.cwd().iterdir()) == []
    assert capsys.readouterr().err == ""


def test_a_tilde_that_is_no_home_stays_one(home) -> None:
    """As in a shell: an unknown user, and a folder that is said to lie here."""
    assert arguments.file_name("folder", "~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")
    assert arguments.file_name("folder", "a~b") == Path("a~b")
    assert arguments.file_name("folder", "~") == home


@pytest.mark.parametrize("name", ["nul.csv", "NUL", "aux.parquet", "sub/COM1.csv", "lpt9.csv", "com¹.csv"])
def test_a_tape_that_is_called_like_a_device_is_refused_as_one(name: str) -> None:
    """On every system: the scenario may move to one where the name is kept."""
    device = name.rpartition("/")[2]
    (fault,) = [
        f
        for f in check_scenario("minimal", kinds=KINDS, overrides=[f"pool.opening_stock.tape={name}"])[1]
        if f.key == "pool.opening_stock.tape"
    ]
    assert fault.problem == f"Windows keeps the name {device} for a device"
    assert fault.fix == "give the file another name"
    assert fault.problem_zh == f"{device} 是 Windows 的设备名"
    assert fault.fix_zh == "请给文件换一个名称"


# Plain Python


@pytest.mark.parametrize("threads", ["1", "2"])
def test_kernels_in_plain_python_warn_of_nothing(threads: str, tmp_path: Path) -> None:
    """The generator's words overflow as they are meant to, on the calling thread and on others."""
    command = ["-m", "fundsim", "run", "minimal", "--paths", "8", "--threads", threads, "-q"]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "always::RuntimeWarning", *command, "-o", str(tmp_path / "out")],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
