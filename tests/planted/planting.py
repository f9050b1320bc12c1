"""Plants a bug in the sources of the package: finds each definition by its name and edits its text alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .bugs import Bug, Edit

__all__ = ["found", "planted", "sources_of"]


class Place(NamedTuple):
    """Where a definition stands: a file and its lines, the first counted from 0, the last left out."""

    file: Path
    first: int
    end: int


def sources_of(package: Path) -> dict[Path, str]:
    """Return the text of each source file of a package by its path below it."""
    files = sorted(package.rglob("*.py"))
    return {file.relative_to(package): file.read_text(encoding="utf-8") for file in files}


def definitions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, first line and end of each function, method and constant of a module."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", *_lines(part)
        elif isinstance(node, ast.FunctionDef):
            yield node.name, *_lines(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, *_lines(node)


def _lines(node: ast.stmt) -> tuple[int, int]:
    assert node.end_lineno is not None
    return node.lineno - 1, node.end_lineno


def found(edit: Edit, sources: Mapping[Path, str]) -> Place:
    """Return where the definition of an edit stands.

    Raises:
        LookupError: no module or more than one has a definition of that name.
    """
    places = [
        Place(file, first, end)
        for file, text in sources.items()
        if f".{'.'.join(file.with_suffix('').parts)}".endswith(f".{edit.module}" if edit.module else "")
        for name, first, end in definitions(text)
        if name == edit.definition
    ]
    if len(places) != 1:
        raise LookupError(f"{edit.definition} is defined in {[str(place.file) for place in places]}")
    return places[0]


def planted(bug: Bug, sources: Mapping[Path, str]) -> dict[Path, str]:
    """Return the files that a bug changes, with the bug.

    Raises:
        LookupError: a definition, or the text within it, is not there exactly once.
    """
    changed: dict[Path, str] = {}
    for edit in bug.edits:
        place = found(edit, {**sources, **changed})
        lines = changed.get(place.file, sources[place.file]).splitlines(keepends=True)
        within = "".join(lines[place.first : place.end])
        if within.count(edit.old) != 1:
            raise LookupError(f"{edit.definition} has {within.count(edit.old)} times the text {edit.old!r}")
        lines[place.first : place.end] = [within.replace(edit.old, edit.new)]
        changed[place.file] = "".join(lines)
    return changed
