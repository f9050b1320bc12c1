"""The planted bugs still fit the sources; ``python tests/planted/run.py`` says which are caught."""

import subprocess
from pathlib import Path

import pytest

from .run import ROOT, meaning, patches, touched


def test_the_planted_bugs_are_numbered_without_gaps():
    assert [patch.stem[:2] for patch in patches()] == [f"{n:02}" for n in range(1, 28)]


@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.stem)
def test_a_planted_bug_applies_and_says_what_it_is(patch):
    assert meaning(patch)
    names = touched(patch)
    assert names
    assert all(name.startswith("src/fundsim/") and (ROOT / name).is_file() for name in names)
    done = subprocess.run(  # noqa: S603 - our own patches
        ["git", "apply", "--check", str(patch)],  # noqa: S607 - git from the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.stem)
def test_the_table_of_the_docs_names_every_planted_bug(patch):
    table = (Path(ROOT) / "docs" / "planted_bugs.md").read_text(encoding="utf-8")
    assert f"| {patch.stem[:2]} | {meaning(patch)} |" in table
