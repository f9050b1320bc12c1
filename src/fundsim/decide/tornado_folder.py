"""The folder of a tornado: its figures, its table and its pictures, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.decide.swings import TornadoData
from fundsim.decide.tornado_plain import COLUMNS, as_plain, assumption_of, table_rows
from fundsim.results.folder import Target
from fundsim.results.manifest import FORMAT
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["save"]

FIGURES, TABLE, PLOTS = "tornado.json", "tornado.csv", "plots"


def save(data: TornadoData, target: Target, *, draw: Callable[[Path], object]) -> Path:
    """Write the folder of a tornado and return its path.

    Args:
        data: the tornado.
        target: the place, checked before.
        draw: writes pictures into a folder.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / FIGURES).write_bytes(json_bytes(as_plain(data)))
        # Excel reads Chinese names as UTF-8 because of the mark at the beginning.
        (work / TABLE).write_bytes(_csv(data).encode("utf-8-sig"))
        (work / PLOTS).mkdir()
        draw(work / PLOTS)

    write_folder(
        target, fill=fill, manifest=lambda files: _manifest(data, files), called=("tornado", "敏感性分析结果")
    )
    return target.path


def _csv(data: TornadoData) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(table_rows(data))
    return out.getvalue()


def _manifest(data: TornadoData, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, with the scenario as resolved, so that anyone can ask again."""
    return {
        "format": FORMAT,
        KIND: "tornado",
        "scenario": {
            "name": data.scenario.name,
            "sha256": data.scenario.sha256,
            "resolved": data.scenario.resolved(),
        },
        "metrics": [measure.measured for measure in data.measures],
        # The resolved scenario has values alone.
        "assumptions": [assumption_of(swing) for swing in data.swings],
        "paths": data.paths,
        "seed": data.seed,
        "engine": data.engine,
        "versions": {"fundsim": version("fundsim")},
        "files": files,
        "clock": {"date": datetime.now(UTC).isoformat(timespec="seconds")},
    }
