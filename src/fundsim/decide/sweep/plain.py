"""A sweep as plain data, and as the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.sweep.axes import Axis
from fundsim.decide.sweep.frontier import Place
from fundsim.decide.sweep.sweeping import Cell, SweepData

__all__ = ["FIGURE_COLUMNS", "as_plain", "columns_of", "table_rows"]

FIGURE_COLUMNS = (
    "metric", "unit", "value", "se", "low", "high", "paths",
    "difference", "difference_se", "difference_low", "difference_high",
    "frontier", "dominated_by", "fault",
)  # fmt: skip
"""Columns of the table after those of the keys: one row a cell and metric; ``low`` and ``high`` are 95 %
intervals; differences are to the first sound cell."""

Row = tuple[str | float | None, ...]


def columns_of(data: SweepData) -> tuple[str, ...]:
    """Return the columns of the table: the keys, then ``FIGURE_COLUMNS``."""
    return *(axis.number.short for axis in data.question.axes), *FIGURE_COLUMNS


def table_rows(data: SweepData) -> Iterator[Row]:
    """Yield the rows of ``columns_of``; what does not exist is None."""
    for at, cell in enumerate(data.cells):
        standing = _standing(data, at)
        fault = cell.error.faults[0].text() if cell.error else None
        for place, measure in enumerate(data.question.measures):
            figure = (None,) * 5 if cell.error else _figure_cells(cell.figures[place])
            change = _difference_cells(cell.differences[place]) if cell.differences else (None,) * 4
            yield *cell.values, measure.measured, measure.unit, *figure, *change, *standing, fault


def _figure_cells(figure: Measured) -> Row:
    return figure.value, figure.se, *figure.ci95, figure.n


def _difference_cells(difference: Difference) -> Row:
    return difference.value, difference.se, *difference.ci95


def _standing(data: SweepData, at: int) -> tuple[str | None, str | None]:
    place = data.frontier.places[at] if data.frontier else None
    if place is None:
        return None, None
    if place.by is None:
        return place.standing, None
    return place.standing, ", ".join(f"{value:.12g}" for value in data.cells[place.by].values)


def as_plain(data: SweepData) -> dict[str, Any]:
    """Return a sweep as plain data; what does not exist is null."""
    question = data.question
    return {
        "scenario": {"name": data.scenario.name, "sha256": data.scenario.sha256},
        "vary": [_axis(axis) for axis in question.axes],
        "metrics": [_measure(measure) for measure in question.measures],
        "paths": question.paths,
        "seed": question.seed,
        "engine": data.engine,
        "compared_with": list(data.first.values),
        "cells": [_cell(data, cell) for cell in data.cells],
        "not_sound": len(data.refused),
        "frontier": _frontier(data),
    }


def _axis(axis: Axis) -> dict[str, Any]:
    number = axis.number
    return {
        "key": number.key,
        "unit": number.unit,
        "present": number.value,
        "values": [axis.setting(value)[1] for value in axis.values],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "text": measure.measured,
        "metric": measure.name,
        "horizon": measure.horizon,
        "figure": measure.figure,
        "level": float(measure.level) if measure.level else None,
        "unit": measure.unit,
    }


def _cell(data: SweepData, cell: Cell) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "values": list(cell.values),
        "present": data.is_present(cell),
        "sound": cell.sound,
    }
    if cell.error is not None:
        return whole | {"faults": [fault.text() for fault in cell.error.faults]}
    differences = cell.differences or (None,) * len(cell.figures)
    measures = data.question.measures
    return whole | {
        "figures": [
            _figure(measure, figure, difference)
            for measure, figure, difference in zip(measures, cell.figures, differences, strict=True)
        ]
    }


def _figure(measure: Measure, figure: Measured, difference: Difference | None) -> dict[str, Any]:
    return {
        "metric": measure.measured,
        "value": _number(figure.value),
        "se": _number(figure.se),
        "ci95": [_number(end) for end in figure.ci95],
        "paths": figure.n,
        "difference": difference
        and {
            "value": _number(difference.value),
            "se": _number(difference.se),
            "ci95": [_number(end) for end in difference.ci95],
        },
    }


def _frontier(data: SweepData) -> dict[str, Any] | None:
    found = data.frontier
    if found is None:
        return None
    return {
        "metrics": [
            {"metric": goal.measure.measured, "wanted": "max" if goal.largest else "min"}
            for goal in found.goals
        ],
        "cells": [
            {"values": list(cell.values), **_place(data, place)}
            for cell, place in zip(data.cells, found.places, strict=True)
        ],
    }


def _place(data: SweepData, place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"standing": None, "dominated_by": None}
    by = None if place.by is None else list(data.cells[place.by].values)
    return {"standing": place.standing, "dominated_by": by}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
