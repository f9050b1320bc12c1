"""Plant each bug in a copy of the repository and see whether the model's tests catch it.

``python -m tests.planted.run [NUMBER …]`` prints a line a bug and the table of ``docs/planted_bugs.md``.
The test that is recorded for a bug is tried first; all folders only where it passes or is gone.  The
tests of the frame around the model are left out: a bug of the model should be caught by a test that
knows what the model should say, not by a figure that was kept.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .bugs import BUGS, Bug
from .page import HEAD, row
from .planting import planted, sources_of

ROOT = Path(__file__).parents[2]
PACKAGE = Path("src") / "fundsim"

LEFT_OUT = {"golden", "bad_input", "architecture", "planted", "cli"}
FIRST = ("instruments", "lowering", "closed_form", "results", "statistical", "reference", "laws")
"""Order of the folders: with the first failure the run ends."""

PASSED = 0
NO_SUCH_TEST = (4, 5)
"""What pytest ends with where all tests pass; where none is found under the name given, or none is left."""


def copy_repository(target: Path) -> None:
    """Copy the files that git knows, as they stand in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git from the path
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def plant(bug: Bug, copy: Path) -> None:
    """Plant a bug in a copy.

    Raises:
        LookupError: it does not fit the sources.
    """
    for file, text in planted(bug, sources_of(copy / PACKAGE)).items():
        (copy / PACKAGE / file).write_text(text, encoding="utf-8")


def folders(copy: Path) -> list[str]:
    """Return the folders of the model's tests, the quickest to fail first."""
    found = {f.name for f in (copy / "tests").iterdir() if f.is_dir() and any(f.glob("test_*.py"))}
    found -= LEFT_OUT
    rest = sorted(found - set(FIRST))
    return [f"tests/{name}" for name in (*FIRST, *rest) if name in found]


def pytest(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests in a copy until the first fails."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not long", *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "FUNDSIM_CACHE_DIR": str(copy / "kernels")},
        capture_output=True,
        text=True,
        check=False,
    )


def first_failure(copy: Path, recorded: str) -> str | None:
    """Return the test below ``tests/`` that fails first: the one recorded, else any; None if none does."""
    if pytest(copy, "-n", "0", f"tests/{recorded}").returncode not in (PASSED, *NO_SUCH_TEST):
        return recorded
    done = pytest(copy, *folders(copy))
    if done.returncode == PASSED:
        return None
    named = re.search(r"^(?:FAILED|ERROR) tests/(.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return named.group(1) if named else f"pytest ended with {done.returncode}"


def judge(bug: Bug) -> str | None:
    """Plant a bug in a copy and return the test that catches it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "fundsim"
        copy_repository(copy)
        plant(bug, copy)
        return first_failure(copy, bug.caught_by)


def main(numbers: list[str]) -> int:
    """Judge the bugs of these numbers, or all; return 0 when all but one at most are caught."""
    chosen = [bug for bug in BUGS if not numbers or bug.number in map(int, numbers)]
    sources = sources_of(ROOT / PACKAGE)
    rows = []
    missed = 0
    for bug in chosen:
        started = time.perf_counter()
        caught_by = judge(bug)
        missed += caught_by is None
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{bug.number:02}: {caught_by or 'NOT CAUGHT'} ({seconds:.0f} s)\n")
        sys.stdout.flush()
        rows.append(row(bug, sources, caught_by))
    sys.stdout.write("\n".join(["", *HEAD, *rows, ""]))
    return 0 if missed <= 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
