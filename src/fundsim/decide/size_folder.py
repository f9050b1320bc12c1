"""The folder of a size: its answers, all values tried, and the picture, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.decide.size_plain import COLUMNS, as_plain, table_rows
from fundsim.decide.sizing import SizeData
from fundsim.results.folder import Target
from fundsim.results.manifest import FORMAT
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["save"]

ANSWERS, TABLE, PLOTS = "size.json", "size.csv", "plots"


def save(data: SizeData, target: Target, *, draw: Callable[[Path], object]) -> Path:
    """Write the folder of a size and return its path.

    Args:
        data: the size.
        target: the place, checked before.
        draw: writes pictures into a folder.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / ANSWERS).write_bytes(json_bytes(as_plain(data)))
        # Excel reads Chinese names as UTF-8 because of the mark at the beginning.
        (work / TABLE).write_bytes(_csv(data).encode("utf-8-sig"))
        (work / PLOTS).mkdir()
        draw(work / PLOTS)

    write_folder(
        target, fill=fill, manifest=lambda files: _manifest(data, files), called=("size", "测算结果")
    )
    return target.path


def _csv(data: SizeData) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in table_rows(data):
        writer.writerow(["" if value != value else value for value in row])  # noqa: PLR0124  (NaN)
    return out.getvalue()


def _manifest(data: SizeData, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, with the scenario as resolved, so that anyone can ask again."""
    question = data.question
    return {
        "format": FORMAT,
        KIND: "size",
        "scenario": {
            "name": data.scenario.name,
            "sha256": data.scenario.sha256,
            "resolved": data.scenario.resolved(),
        },
        "vary": question.vary.number.key,
        "within": [question.vary.low, question.vary.high],
        "targets": [target.text for target in question.targets],
        "largest": question.largest,
        "precision": question.precision,
        "paths": question.paths,
        "seed": question.seed,
        "engine": data.engine,
        "versions": {"fundsim": version("fundsim")},
        "files": files,
        "clock": {"date": datetime.now(UTC).isoformat(timespec="seconds")},
    }
