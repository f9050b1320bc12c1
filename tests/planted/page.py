"""The table of ``docs/planted_bugs.md``: a row for each bug."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .bugs import Bug
from .planting import found

__all__ = ["HEAD", "row"]

HEAD = ("| no. | bug | planted in | first test to fail |", "|---|---|---|---|")


def places(bug: Bug, sources: Mapping[Path, str]) -> str:
    """Return the definitions that a bug changes, by folder of the package: a bug may be in both engines."""
    by_folder: dict[str, list[str]] = {}
    for edit in bug.edits:
        folder = found(edit, sources).file.parts[0]
        by_folder.setdefault(folder, []).append(f"`{edit.definition}`")
    return "; ".join(f"{folder}: {', '.join(names)}" for folder, names in by_folder.items())


def row(bug: Bug, sources: Mapping[Path, str], caught_by: str | None) -> str:
    """Return the row of a bug and of the test below ``tests/`` that caught it, if any did."""
    test = f"`{caught_by}`" if caught_by else "**not caught**"
    return f"| {bug.number:02} | {bug.meaning} | {places(bug, sources)} | {test} |"
