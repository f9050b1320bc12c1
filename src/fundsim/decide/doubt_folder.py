"""The folder of a doubt: figures, drivers, draws and pictures, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.decide.doubt import DoubtData
from fundsim.decide.doubt_plain import (
    DRIVERS,
    FIGURES,
    as_plain,
    draw_columns,
    draw_rows,
    driver_rows,
    figure_rows,
)
from fundsim.results.folder import Target
from fundsim.results.in_doubt import ANSWERS, KIND_OF_DOUBT
from fundsim.results.manifest import FORMAT
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["save"]

PLOTS = "plots"


def save(data: DoubtData, target: Target, *, draw: Callable[[Path], object]) -> Path:
    """Write the folder of a doubt and return its path.

    Args:
        data: the figures in doubt.
        target: the place, checked before.
        draw: writes pictures into a folder.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / ANSWERS).write_bytes(json_bytes(as_plain(data)))
        _write(work / "doubt.csv", FIGURES, figure_rows(data))
        _write(work / "drivers.csv", DRIVERS, driver_rows(data))
        _write(work / "draws.csv", draw_columns(data), draw_rows(data))
        (work / PLOTS).mkdir()
        draw(work / PLOTS)

    write_folder(
        target, fill=fill, manifest=lambda files: _manifest(data, files), called=("doubt", "不确定性结果")
    )
    return target.path


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if value is None or value != value else value for value in row])  # noqa: PLR0124
    # Excel reads Chinese names as UTF-8 because of the mark at the beginning.
    path.write_bytes(out.getvalue().encode("utf-8-sig"))


def _manifest(data: DoubtData, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, with the scenario as resolved."""
    inquiry = data.inquiry
    return {
        "format": FORMAT,
        KIND: KIND_OF_DOUBT,
        "scenario": {
            "name": data.scenario.name,
            "sha256": data.scenario.sha256,
            "resolved": data.scenario.resolved(),
        },
        "metrics": [measure.measured for measure in inquiry.measures],
        "draws": inquiry.draws,
        "paths": inquiry.paths,
        "seed": inquiry.seed,
        "engine": data.engine,
        "versions": {"fundsim": version("fundsim")},
        "files": files,
        "clock": {"date": datetime.now(UTC).isoformat(timespec="seconds")},
    }
