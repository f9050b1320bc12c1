"""The two minimal scenarios, in English and in Chinese, are one scenario with comments for two readers."""

from __future__ import annotations

import re
from pathlib import Path

import fundsim as fs

FOLDER = Path(__file__).parents[2] / "scenarios"
HAN = re.compile("[\u4e00-\u9fff]")


def body(name: str) -> list[str]:
    """Return the lines of a bundled file behind its opening comment, without blank ones."""
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    return [line for line in lines[start:] if line.strip()]


def said(line: str) -> str:
    """Return what a line says without its comment."""
    return re.sub(r"(^|\s+)#.*", "", line)


def test_both_say_the_same_line_by_line() -> None:
    assert [*map(said, body("minimal"))] == [*map(said, body("minimal.zh"))]


def test_both_resolve_to_the_same_values() -> None:
    english, chinese = fs.load("minimal").resolved(), fs.load("minimal.zh").resolved()
    assert (english.pop("name"), chinese.pop("name")) == ("minimal", "minimal.zh")
    assert english == chinese


def test_every_line_of_the_chinese_file_has_a_chinese_comment() -> None:
    for line in body("minimal.zh"):
        assert HAN.search(line.partition("#")[2]), line


def test_no_line_of_the_chinese_file_is_too_long_for_a_screen() -> None:
    for line in (FOLDER / "minimal.zh.yaml").read_text(encoding="utf-8").splitlines():
        assert sum(2 if HAN.match(sign) else 1 for sign in line) <= 110, line


def test_the_figures_of_both_are_the_same() -> None:
    run = fs.simulate(fs.load("minimal.zh"), paths=200, seed=7, threads=1)
    other = fs.simulate(fs.load("minimal"), paths=200, seed=7, threads=1)
    assert run.summary().equals(other.summary())
    assert run.probabilities().equals(other.probabilities())
