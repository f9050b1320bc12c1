"""Mutated scenario files: no crash, no hang, sound or refused (R16)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fundsim.scenario import check_scenario

from .good import GOOD
from .kinds import KINDS

SCRAPS = (
    *"：，％\t\0\x1b\ufeff\u2028'\"[]{}#２e:\n\r~\\\U0001f600",
    *("- ", "? ", "| ", "> ", "&a ", "*a", "!!int ", "<<: ", "---\n", "...\n", "%TAG ", "extends: x\n"),
    *("value: ", "remove: true", "source: ", "low: 1", "null", "true", ".inf", ".nan", "1e999", "-0", "0x1f"),
    "9" * 400,
)


def _delete(text: str, rng: random.Random) -> str:
    start = rng.randrange(len(text))
    return text[:start] + text[start + rng.choice((1, 1, 2, 5, 30)) :]


def _insert(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(SCRAPS) + text[at:]


def _replace(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return (
        text[:at] + chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x4E00, 0x9FFF)))) + text[at + 1 :]
    )


def _move_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
    return "\n".join(lines)


def _repeat_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    return "\n".join([*lines[: at + 1], *lines[at:]])


def _indent_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" ", "  ", "\t", "- ")) + lines[at] if rng.random() < 0.5 else lines[at][1:]
    return "\n".join(lines)


def _swap_values(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    one, other = rng.sample([i for i, line in enumerate(lines) if ": " in line], 2)
    (a, x), (b, y) = (lines[i].split(": ", 1) for i in (one, other))
    lines[one], lines[other] = f"{a}: {y}", f"{b}: {x}"
    return "\n".join(lines)


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    _delete, _insert, _replace, _move_line, _repeat_line, _indent_line, _swap_values,
)  # fmt: skip


def mutated(seed: int) -> bytes:
    """Return GOOD with one to six mutations, and a byte flipped in one of ten."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    text = GOOD
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        text = rng.choice(MUTATIONS)(text, rng)
    data = bytearray(text.encode("utf-8", errors="surrogatepass"))
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _check_all(seeds: range, folder: Path) -> tuple[int, float]:
    """Check every mutant; return how many are sound, and the longest time [s of processor]."""
    path = folder / "mutant.yaml"
    sound, slowest = 0, 0.0
    for seed in seeds:
        path.write_bytes(mutated(seed))
        started = time.process_time()
        scenario, faults = check_scenario(path, kinds=KINDS)
        slowest = max(slowest, time.process_time() - started)
        errors = [fault for fault in faults if not fault.warning]
        assert (scenario is None) == bool(errors), f"seed {seed}"
        for fault in faults:
            reported = fault.text() + fault.text("zh")
            assert reported.isprintable(), f"seed {seed}: {reported!r}"
        sound += scenario is not None
    return sound, slowest


def test_a_thousand_mutants_are_sound_or_refused(tmp_path: Path) -> None:
    sound, _ = _check_all(range(1_000_000, 1_001_000), tmp_path)
    assert 0 < sound < 1_000


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_a_hundred_thousand_mutants_are_sound_or_refused(tmp_path: Path) -> None:
    sound, slowest = _check_all(range(100_000), tmp_path)
    counts = f"{sound} sound, {100_000 - sound} refused"
    print(f"\nR16: 100,000 mutants, {counts}, longest {slowest:.2f} s of processor")  # noqa: T201
    assert slowest < 5.0
