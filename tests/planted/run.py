"""Plant each bug in a copy of the repository and see whether the model's tests catch it.

``python tests/planted/run.py [NAME …]`` prints a line a bug and the table of ``docs/planted_bugs.md``.
The tests of the frame around the model are left out: a bug of the model should be caught by a test that
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

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parent / "patches"

LEFT_OUT = {"golden", "bad_input", "architecture", "planted", "cli"}
FIRST = ("instruments", "lowering", "closed_form", "results", "statistical", "reference", "laws")
"""Order of the folders: with the first failure the run ends."""


def patches() -> list[Path]:
    """Return the patches in the order of their numbers."""
    return sorted(PATCHES.glob("*.patch"))


def meaning(patch: Path) -> str:
    """Return what a patch says of itself: the lines above its first diff."""
    head = patch.read_text(encoding="utf-8").split("diff --git", 1)[0]
    return " ".join(head.split())


def touched(patch: Path) -> list[str]:
    """Return the files that a patch changes."""
    return re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(encoding="utf-8"), re.MULTILINE)


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


def apply(patch: Path, folder: Path) -> None:
    """Apply a patch in a folder.

    Raises:
        CalledProcessError: it does not apply.
    """
    subprocess.run(  # noqa: S603 - our own patches
        ["git", "apply", str(patch)],  # noqa: S607 - git from the path
        cwd=folder,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
        check=True,
    )


def folders(copy: Path) -> list[str]:
    """Return the folders of the model's tests, the quickest to fail first."""
    found = {f.name for f in (copy / "tests").iterdir() if f.is_dir() and any(f.glob("test_*.py"))}
    found -= LEFT_OUT
    rest = sorted(found - set(FIRST))
    return [f"tests/{name}" for name in (*FIRST, *rest) if name in found]


def first_failure(copy: Path) -> str | None:
    """Run the model's tests in a copy; return the test that failed first, None if none did."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not long",
            *folders(copy),
        ],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "FUNDSIM_CACHE_DIR": str(copy / "kernels")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return None
    named = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return named.group(1) if named else f"pytest ended with {done.returncode}"


def judge(patch: Path) -> str | None:
    """Plant a bug in a copy and return the test that catches it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "fundsim"
        copy_repository(copy)
        apply(patch, copy)
        return first_failure(copy)


def main(names: list[str]) -> int:
    """Judge the patches named, or all; return 0 when all but one at most are caught."""
    chosen = [p for p in patches() if not names or any(name in p.stem for name in names)]
    rows = []
    missed = 0
    for patch in chosen:
        started = time.perf_counter()
        caught = judge(patch)
        missed += caught is None
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{patch.stem}: {caught or 'NOT CAUGHT'} ({seconds:.0f} s)\n")
        sys.stdout.flush()
        test = f"`{caught.removeprefix('tests/')}`" if caught else "**not caught**"
        where = ", ".join(touched(patch))
        rows.append(f"| {patch.stem[:2]} | {meaning(patch)} | {where} | {test} |")
    head = ["", "| no. | bug | planted in | first test to fail |", "|---|---|---|---|"]
    sys.stdout.write("\n".join([*head, *rows, ""]))
    return 0 if missed <= 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
