"""Reads the folder of a decision: what ``writing`` wrote, checked against its manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundsim.errors import ResultsError, UsageError
from fundsim.results.reading import check_file, folder_there, read_manifest
from fundsim.results.writing import KIND

__all__ = ["KINDS", "DecisionFolder", "is_decision", "read_decision"]

KINDS = ("comparison", "size", "sweep", "tornado", "doubt")
"""What a folder of a decision may hold."""


@dataclass(frozen=True, slots=True)
class DecisionFolder:
    """A folder whose files are all as they were written."""

    folder: Path
    kind: str
    manifest: Mapping[str, Any]

    @property
    def figures(self) -> dict[str, Any]:
        """All figures, as plain data."""
        found: dict[str, Any] = self.json(f"{self.kind}.json")
        return found

    @property
    def tables(self) -> list[str]:
        """The names of its tables."""
        return [name for name in self.manifest["files"] if name.endswith(".csv")]

    def json(self, name: str) -> Any:
        """Return a file of plain data."""
        return json.loads(self.content(name))

    def content(self, name: str) -> bytes:
        """Return a file.

        Raises:
            ResultsError: the folder has no such file, or no longer as it was written.
        """
        files = self.manifest["files"]
        if name not in files:
            raise ResultsError(
                f"{self.folder} holds no {name}; it was written by an earlier version: write it again",
                f"{self.folder} 中没有 {name}，可能由较早的版本写出；请重新生成",
            )
        check_file(self.folder / name, files[name])
        return (self.folder / name).read_bytes()


def is_decision(folder: str | Path) -> bool:
    """Return whether a folder holds a decision, and not a run.

    Raises:
        UsageError: there is no such folder.
        ResultsError: it holds nothing that was finished, or its manifest is altered.
    """
    return KIND in read_manifest(folder_there(folder))


def read_decision(folder: str | Path) -> DecisionFolder:
    """Read the folder of a decision, and check every file.

    Raises:
        UsageError: there is no such folder, or it holds something else.
        ResultsError: it holds nothing that was finished, or a file is missing, truncated or altered.
    """
    place = folder_there(folder)
    manifest = read_manifest(place)
    kind = manifest.get(KIND)
    if kind not in KINDS:
        raise UsageError(
            f"{place} holds no {', '.join(KINDS[:-1])} or {KINDS[-1]}",
            f"{place} 中不是比较、测算、参数扫描、敏感性分析或不确定性结果",
        )
    for name, recorded in manifest["files"].items():
        check_file(place / name, recorded)
    return DecisionFolder(place, kind, manifest)
