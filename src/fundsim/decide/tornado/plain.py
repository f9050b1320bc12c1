"""A tornado as plain data, and as the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.tornado.swings import Effect, Outcome, Side, Swing, Together, TornadoData
from fundsim.errors import ScenarioError

__all__ = ["COLUMNS", "TOGETHER_COLUMNS", "as_plain", "assumption_of", "table_rows", "together_rows"]

FIGURES = (
    "value", "se", "low", "high", "difference", "difference_se", "difference_low", "difference_high", "paths",
)  # fmt: skip
"""Columns of a figure: ``low`` and ``high`` are 95 % intervals, ``paths`` those that have a value."""
COLUMNS = (
    "metric", "unit", "base", "rank", "assumption", "end", "input_from", "input_to", "input_unit", *FIGURES,
    "fault",
)  # fmt: skip
"""Columns of the table: one row a figure, assumption and end."""
TOGETHER_COLUMNS = ("metric", "unit", "base", "raises", *FIGURES, "fault")
"""Columns of all assumptions together: one row a figure, at the ends that lower the first, or raise it."""

Cell = str | float | bool | None


def table_rows(data: TornadoData) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of ``COLUMNS``, by rank, those without a seen effect last; what does not exist is None.

    The input is a range where the members of an assumption have different values.
    """
    for at, measure in enumerate(data.measures):
        ranking = data.ranking(at)
        for bar in (*ranking.seen, *ranking.unseen, *ranking.refused):
            swing = bar.swing
            for side in swing.sides:
                values = [value for _, value in swing.assumption.at(side.end)]
                yield (
                    measure.measured, measure.unit, _number(data.base[at].value), ranking.of(bar),
                    swing.assumption.name, side.end, min(values), max(values), _unit(swing),
                    *_figures(side.outcomes[at]),
                )  # fmt: skip


def together_rows(data: TornadoData) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of ``TOGETHER_COLUMNS``."""
    for at, measure in enumerate(data.measures):
        for one in data.together:
            base = _number(data.base[at].value)
            yield (measure.measured, measure.unit, base, one.raises, *_figures(one.outcomes[at]))


def _unit(swing: Swing) -> str:
    return ", ".join(dict.fromkeys(number.unit for number in swing.numbers))


def _figures(outcome: Outcome) -> tuple[Cell, ...]:
    """Return the cells of ``FIGURES`` and the fault."""
    if isinstance(outcome, ScenarioError):
        return (*(None for _ in FIGURES), outcome.text())
    figure, change = outcome.measured, outcome.difference
    cells = (figure.value, figure.se, *figure.ci95, change.value, change.se, *change.ci95)
    return (*map(_number, cells), figure.n, None)


def as_plain(data: TornadoData) -> dict[str, Any]:
    """Return a tornado as plain data; what does not exist is null."""
    return {
        "scenario": {"name": data.scenario.name, "sha256": data.scenario.sha256},
        "paths": data.paths,
        "seed": data.seed,
        "engine": data.engine,
        "metrics": [_metric(data, at, measure) for at, measure in enumerate(data.measures)],
        "assumptions": [_assumption(data, swing) for swing in data.swings],
        "together": [_together(data, one) for one in data.together],
        "simulated": data.simulated,
    }


def _metric(data: TornadoData, at: int, measure: Measure) -> dict[str, Any]:
    ranking = data.ranking(at)
    return {
        "metric": measure.measured,
        "name": measure.name,
        "horizon": measure.horizon,
        "figure": measure.figure,
        "level": float(measure.level) if measure.level else None,
        "unit": measure.unit,
        "base": _measured(data.base[at]),
        "ranked": [bar.swing.assumption.name for bar in ranking.seen],
        "no_effect_seen": [bar.swing.assumption.name for bar in ranking.unseen],
        "at_neither_end": [bar.swing.assumption.name for bar in ranking.refused],
        "ends_refused": sum(1 for _ in data.refused(at)),
    }


def _assumption(data: TornadoData, swing: Swing) -> dict[str, Any]:
    return {**assumption_of(swing), "low": _side(data, swing.low), "high": _side(data, swing.high)}


def assumption_of(swing: Swing) -> dict[str, Any]:
    """Return an assumption with the values of its members."""
    low, high = (dict(swing.assumption.at(side.end)) for side in swing.sides)
    members = [
        {"key": n.key, "unit": n.unit, "value": n.value, "low": low[n.key], "high": high[n.key]}
        for n in swing.numbers
    ]
    return {"name": swing.assumption.name, "members": members}


def _side(data: TornadoData, side: Side) -> dict[str, Any]:
    return {"as_is": side.as_is, "figures": _outcomes(data, side.outcomes)}


def _together(data: TornadoData, one: Together) -> dict[str, Any]:
    return {
        "metric": data.measures[0].measured,
        "raises": one.raises,
        "ends": {assumption.name: end for assumption, end in one.at},
        "moves_the_other_way_only": [assumption.name for assumption in one.kept],
        "left_out": [assumption.name for assumption in one.left_out],
        "fault": None if one.fault is None else one.fault.text(),
        "figures": _outcomes(data, one.outcomes),
    }


def _outcomes(data: TornadoData, outcomes: tuple[Outcome, ...]) -> list[dict[str, Any]]:
    return [
        {"metric": measure.measured, **_outcome(outcome)}
        for measure, outcome in zip(data.measures, outcomes, strict=True)
    ]


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if not isinstance(outcome, Effect):
        return {"fault": outcome.text()}
    return {**_measured(outcome.measured), "difference": _difference(outcome.difference)}


def _measured(figure: Measured) -> dict[str, Any]:
    return {
        "value": _number(figure.value),
        "se": _number(figure.se),
        "ci95": [_number(end) for end in figure.ci95],
        "paths": figure.n,
    }


def _difference(change: Difference) -> dict[str, Any]:
    return {
        "value": _number(change.value),
        "se": _number(change.se),
        "ci95": [_number(end) for end in change.ci95],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
