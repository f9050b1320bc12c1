"""The folder of a comparison: its figures, its table and its pictures, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.decide.cells import Cell
from fundsim.decide.comparison import ComparisonData
from fundsim.results.folder import Target
from fundsim.results.manifest import FORMAT
from fundsim.results.statistics import Probability
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["COLUMNS", "TARGET_COLUMNS", "save", "table_rows", "target_rows"]

FIGURES, TABLE, TARGETS, PLOTS = "comparison.json", "comparison.csv", "targets.csv", "plots"
COLUMNS = (
    "name", "horizon", "unit", "side", "scenario", "value", "se", "low", "high",
    "difference", "difference_se", "difference_low", "difference_high", "lack",
)  # fmt: skip
"""Columns of the table: one row a figure and scenario; ``low`` and ``high`` are 95 % intervals, those of the
figure itself given for probabilities only."""
TARGET_COLUMNS = (
    "what", "name", "metric", "horizon", "unit", "side", "scenario", "at_least", "at_most", "value", "se",
    "low", "high", "difference", "difference_se", "difference_low", "difference_high", "lack",
)  # fmt: skip
"""Columns of the table of targets: one row a target and scenario, then all together and the number met."""


def table_rows(data: ComparisonData) -> Iterator[tuple[str | float | None, ...]]:
    """Yield the rows of ``COLUMNS``; what does not exist is None."""
    for figure in data.figures:
        for side, cell in zip(data.sides, figure.cells, strict=True):
            yield (figure.name, figure.horizon, figure.unit, side.letter, side.name, *_numbers(cell))


def target_rows(data: ComparisonData) -> Iterator[tuple[str | float | None, ...]]:
    """Yield the rows of ``TARGET_COLUMNS``; what does not exist is None."""
    found = data.targets_met
    for one in found.each:
        about = (one.about.name, one.about.metric, one.about.horizon, one.about.unit)
        for side, met, cell in zip(data.sides, one.mets, one.cells, strict=True):
            bound = None if met is None else met.bound
            bounds = (bound, None) if one.about.at_least else (None, bound)
            yield ("target", *about, side.letter, side.name, *bounds, *_numbers(cell))
    for what, unit, cells in (("all", "yes/no", found.every), ("number", "targets", found.number)):
        for side, cell in zip(data.sides, cells, strict=False):
            yield (what, "", "", "", unit, side.letter, side.name, None, None, *_numbers(cell))


def _numbers(cell: Cell) -> tuple[str | float | None, ...]:
    """Return value and error, interval, difference, and what is lacking."""
    estimate = cell.estimate
    ends = cell.figure.ci95 if isinstance(cell.figure, Probability) else (None, None)
    change = cell.difference
    differences = (None,) * 4 if change is None else (change.value, change.se, *change.ci95)
    return (estimate.value, estimate.se, *ends, *differences, cell.lack)


def save(
    data: ComparisonData,
    target: Target,
    *,
    draw: Callable[[Path], object],
    harmless: Callable[[str], str],
) -> Path:
    """Write the folder of a comparison and return its path.

    Args:
        data: the comparison.
        target: the place, checked before.
        draw: writes pictures into a folder.
        harmless: a text as a spreadsheet takes it for a text.

    Raises:
        UsageError: another command has put something there since the target was checked.
        OutputError: the disk is full or read-only; nothing is left behind.
    """

    def fill(work: Path) -> None:
        (work / FIGURES).write_bytes(json_bytes(data.to_json()))
        # Excel reads Chinese names as UTF-8 because of the mark at the beginning.
        (work / TABLE).write_bytes(_csv(COLUMNS, table_rows(data), harmless))
        if data.targets_met.each:
            (work / TARGETS).write_bytes(_csv(TARGET_COLUMNS, target_rows(data), harmless))
        (work / PLOTS).mkdir()
        draw(work / PLOTS)

    write_folder(
        target,
        fill=fill,
        manifest=lambda files: _manifest(data, files),
        called=("comparison", "比较结果"),
    )
    return target.path


def _csv(
    columns: Sequence[str], rows: Iterable[Sequence[str | float | None]], harmless: Callable[[str], str]
) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(value) if isinstance(value, str) else _number(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _number(value: float | None) -> str:
    return "" if value is None or value != value else repr(float(value))  # noqa: PLR0124  (NaN differs from itself)


def _manifest(data: ComparisonData, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was compared: each scenario as resolved, so that anyone can compare them again."""
    sides = [
        {"side": side.letter, "source": side.source.shown, **side.run.manifest["scenario"]}
        for side in data.sides
    ]
    return {
        "format": FORMAT,
        KIND: "comparison",
        "scenarios": sides,
        "paths": data.common.paths,
        "seed": data.common.seed,
        "engine": data.common.engine,
        "metrics": None if data.patterns is None else list(data.patterns),
        "versions": {"fundsim": version("fundsim"), **_of_runs(data)},
        "files": files,
        "clock": {"date": datetime.now(UTC).isoformat(timespec="seconds")},
    }


def _of_runs(data: ComparisonData) -> dict[str, Any]:
    """Return the versions of the libraries that ran the first scenario."""
    versions: Mapping[str, Any] = data.sides[0].run.manifest["versions"]
    return {library: number for library, number in versions.items() if library != "fundsim"}
