"""The folder of a decision: its figures, its tables and its pictures, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.results.folder import Target
from fundsim.results.manifest import FORMAT
from fundsim.results.spreadsheets import Value, csv_bytes
from fundsim.results.writing import KIND, write_folder
from fundsim.scenario import Scenario
from fundsim.scenario.stated import stated
from fundsim.sealed import json_bytes

__all__ = ["Draw", "Table", "about", "write_decision"]

PLOTS = "plots"
Draw = Callable[[Path], object]
"""Writes into a folder what readers look at: pictures, and the pages of its report."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a folder."""

    file: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def about(scenario: Scenario) -> dict[str, Any]:
    """Return the entries of a manifest about a scenario: all its values, and what it states of them."""
    named = {"name": scenario.name, "sha256": scenario.sha256, "resolved": scenario.resolved()}
    return {"scenario": named, "inputs": stated(scenario)}


def write_decision(
    target: Target,
    *,
    kind: str,
    called: str,
    figures: Mapping[str, Any],
    tables: Sequence[Table],
    asked: Mapping[str, Any],
    draw: Draw,
) -> Path:
    """Write a folder and return its path.

    Args:
        target: the place, checked before.
        kind: what it holds, in English; the file of its figures is named so.
        called: the same in Chinese, for messages.
        figures: its figures as plain data.
        tables: its tables.
        asked: entries of the manifest: what was asked of which scenario, so that anyone can ask again.
        draw: writes pictures and pages into the folder.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / f"{kind}.json").write_bytes(json_bytes(figures))
        for table in tables:
            (work / table.file).write_bytes(csv_bytes(table.columns, table.rows))
        (work / PLOTS).mkdir()
        draw(work)

    def manifest(files: Mapping[str, Any]) -> dict[str, Any]:
        versions = {"fundsim": version("fundsim")} | asked.get("versions", {})
        clock = {"date": datetime.now(UTC).isoformat(timespec="seconds")}
        entries = {key: value for key, value in asked.items() if key != "versions"}
        return {
            "format": FORMAT, KIND: kind, **entries, "versions": versions, "files": files, "clock": clock
        }  # fmt: skip

    write_folder(target, fill=fill, manifest=manifest, called=(kind, called))
    return target.path
