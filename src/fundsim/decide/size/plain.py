"""A size as plain data, and as the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fundsim.decide.size.judged import Judged, Verdict
from fundsim.decide.size.search import Found
from fundsim.decide.size.sizing import Extreme, LendingAt, Reading, SizeData
from fundsim.decide.size.target import Target

__all__ = ["COLUMNS", "as_plain", "table_rows"]

COLUMNS = ("lending", "value", "target", "figure", "low", "high", "paths", "met", "scanned", "answer")
"""Columns of the table: one row a reading, value and target; ``low`` and ``high`` are 95 % intervals."""


def table_rows(data: SizeData) -> Iterator[tuple[str | float | bool | None, ...]]:
    """Yield the rows of ``COLUMNS``."""
    for reading in data.readings:
        found = reading.found
        for point in found.points:
            for target, figure in zip(data.question.targets, point.verdict.figures, strict=True):
                yield (
                    _called(reading), point.value, target.text, figure.value, *figure.ci95, figure.n,
                    None if math.isnan(figure.value) else figure.met, point.value in found.scanned,
                    point.value == found.value,
                )  # fmt: skip


def as_plain(data: SizeData) -> dict[str, Any]:
    """Return a size as plain data; what does not exist is null."""
    question = data.question
    vary = question.vary
    return {
        "scenario": {"name": data.scenario.name, "sha256": data.scenario.sha256},
        "vary": {
            "key": vary.number.key,
            "unit": vary.number.unit,
            "present": vary.number.value,
            "within": [vary.low, vary.high],
        },
        "targets": [_target(target) for target in question.targets],
        "wanted": "largest" if question.largest else "smallest",
        "precision": question.precision,
        "paths": question.paths,
        "seed": question.seed,
        "engine": data.engine,
        "present": {
            "figures": _figures(data, data.present),
            "lending": _lending(data.lending_now),
        },
        "readings": [_reading(data, reading) for reading in data.readings],
        "readings_agree": data.both and len(data.readings) == 1 and not data.readings[0].held,
        "lending_agrees": data.same_lending,
        "assumptions": _assumptions(data),
        "refused": [{"value": v, "fault": error.faults[0].text()} for v, error in data.refused.items()],
        "simulated": data.simulated,
    }


def _called(reading: Reading) -> str:
    return "held" if reading.held else "follows"


def _target(target: Target) -> dict[str, Any]:
    return {
        "text": target.text,
        "metric": target.name,
        "horizon": target.horizon,
        "figure": target.figure,
        "level": float(target.level) if target.level else None,
        "unit": target.unit,
        "at_most": target.at_most,
        "bound": target.bound,
    }


def _reading(data: SizeData, reading: Reading) -> dict[str, Any]:
    marginal = reading.marginal
    return {
        "lending": _called(reading),
        **_found(data, reading.found),
        "confirmed": {
            "seed": data.question.other_seed,
            "paths": reading.fresh.n,
            "figures": _figures(data, reading.fresh),
        },
        "lending_at_answer": _lending(reading.lending),
        "marginal_cost": marginal
        and {
            "value": _number(marginal.cost.value),
            "se": _number(marginal.cost.se),
            "between": [marginal.low, marginal.high],
        },
        "idle": reading.idle,
        "extremes": [_extreme(data, one) for one in reading.extremes],
        "tried": [
            {
                "value": p.value,
                "scanned": p.value in reading.found.scanned,
                "figures": _figures(data, p.verdict),
            }
            for p in reading.found.points
        ],
    }


def _found(data: SizeData, found: Found) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "value": found.value,
        "monte_carlo_ci95": [found.low, found.high],
        "figures": _figures(data, found.verdict),
        "paths": found.paths,
        "precise": found.precise,
        "unique": found.unique,
        "missed_at": found.missed,
        "met_again_from": found.again,
        "monotone": found.monotone,
    }


def _extreme(data: SizeData, extreme: Extreme) -> dict[str, Any]:
    whole: dict[str, Any] = {"assumptions": "worse" if extreme.worse else "better"}
    if extreme.refused is not None:
        whole |= {"fault": extreme.refused.faults[0].text(), "left_out": list(extreme.left_out)}
    return whole | ({"outcome": None} if extreme.found is None else _found(data, extreme.found))


def _assumptions(data: SizeData) -> dict[str, Any] | None:
    ends = data.ends
    if ends is None:
        return None
    return {
        "better_ends": {one.name: end for one, end in ends.better},
        "without_effect": [one.name for one in ends.without_effect],
        "refused": {one.name: error.faults[0].text() for one, error in ends.refused},
    }


def _figures(data: SizeData, verdict: Verdict) -> list[dict[str, Any]]:
    return [_figure(t, j) for t, j in zip(data.question.targets, verdict.figures, strict=True)]


def _figure(target: Target, judged: Judged) -> dict[str, Any]:
    return {
        "target": target.text,
        "value": _number(judged.value),
        "ci95": [_number(end) for end in judged.ci95],
        "paths": judged.n,
        "error_known": judged.error_known,
        "met": None if math.isnan(judged.value) else judged.met,
    }


def _lending(lending: LendingAt | None) -> dict[str, Any] | None:
    if lending is None:
        return None
    return {
        "lent": {"value": _number(lending.lent.value), "se": _number(lending.lent.se)},
        "refused_share": _number(lending.refused_share),
        "cut_months": _number(lending.cut_months),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
