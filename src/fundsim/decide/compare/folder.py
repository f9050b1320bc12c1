"""The folder of a comparison, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fundsim.decide.compare.cells import Cell
from fundsim.decide.compare.comparison import ComparisonData
from fundsim.decide.compare.sources import Side
from fundsim.decide.writing import Draw, Table, write_decision
from fundsim.results.folder import Target
from fundsim.results.statistics import Probability
from fundsim.scenario.stated import stated

__all__ = ["COLUMNS", "TARGET_COLUMNS", "save", "table_rows", "target_rows"]

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


def save(data: ComparisonData, target: Target, *, draw: Draw) -> Path:
    """Write the folder of a comparison and return its path; see ``write_decision``."""
    tables = [Table("comparison.csv", COLUMNS, table_rows(data))]
    if data.targets_met.each:
        tables.append(Table("targets.csv", TARGET_COLUMNS, target_rows(data)))
    return write_decision(
        target,
        kind="comparison",
        called="比较结果",
        figures=data.to_json(),
        tables=tables,
        asked={
            # Each scenario as resolved, so that anyone can compare them again.
            "scenarios": [
                {
                    "side": side.letter,
                    "source": side.source.shown,
                    **side.run.manifest["scenario"],
                    "inputs": _inputs(side),
                }
                for side in data.sides
            ],
            "paths": data.common.paths,
            "seed": data.common.seed,
            "engine": data.common.engine,
            "metrics": None if data.patterns is None else list(data.patterns),
            "versions": _of_runs(data),
        },
        draw=draw,
    )


def _inputs(side: Side) -> Any:
    """Return what a scenario states, with sources; an older run has no list of it."""
    scenario = side.source.scenario
    return side.run.manifest.get("inputs", []) if scenario is None else stated(scenario)


def _of_runs(data: ComparisonData) -> dict[str, Any]:
    """Return the versions of the libraries that ran the first scenario."""
    versions: Mapping[str, Any] = data.sides[0].run.manifest["versions"]
    return {library: number for library, number in versions.items() if library != "fundsim"}
