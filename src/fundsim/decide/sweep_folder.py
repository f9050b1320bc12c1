"""The folder of a sweep: its figures, their table and its pictures, written whole or not at all."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.decide.sweep_plain import as_plain, columns_of, table_rows
from fundsim.decide.sweeping import SweepData
from fundsim.results.folder import Target
from fundsim.results.manifest import FORMAT
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["save"]

FIGURES, TABLE, PLOTS = "sweep.json", "sweep.csv", "plots"


def save(
    data: SweepData,
    target: Target,
    *,
    draw: Callable[[Path], object],
    harmless: Callable[[str], str],
) -> Path:
    """Write the folder of a sweep and return its path.

    Args:
        data: the sweep.
        target: the place, checked before.
        draw: writes pictures into a folder.
        harmless: a text as a spreadsheet takes it for a text.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / FIGURES).write_bytes(json_bytes(as_plain(data)))
        # Excel reads Chinese names as UTF-8 because of the mark at the beginning.
        (work / TABLE).write_bytes(_csv(data, harmless).encode("utf-8-sig"))
        (work / PLOTS).mkdir()
        draw(work / PLOTS)

    write_folder(
        target, fill=fill, manifest=lambda files: _manifest(data, files), called=("sweep", "参数扫描结果")
    )
    return target.path


def _csv(data: SweepData, harmless: Callable[[str], str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in columns_of(data)])
    for row in table_rows(data):
        writer.writerow([harmless(value) if isinstance(value, str) else _number(value) for value in row])
    return out.getvalue()


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ""
    return repr(value) if isinstance(value, int) else repr(float(value))


def _manifest(data: SweepData, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, with the scenario as resolved, so that anyone can ask again."""
    question = data.question
    return {
        "format": FORMAT,
        KIND: "sweep",
        "scenario": {
            "name": data.scenario.name,
            "sha256": data.scenario.sha256,
            "resolved": data.scenario.resolved(),
        },
        "vary": [
            {"key": axis.number.key, "values": [axis.setting(value)[1] for value in axis.values]}
            for axis in question.axes
        ],
        "metrics": [measure.measured for measure in question.measures],
        "frontier": question.goals and [goal.text for goal in question.goals],
        "paths": question.paths,
        "seed": question.seed,
        "engine": data.engine,
        "versions": {"fundsim": version("fundsim")},
        "files": files,
        "clock": {"date": datetime.now(UTC).isoformat(timespec="seconds")},
    }
