"""Figures in doubt as plain data, and as the rows of tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fundsim.decide.doubt.doubting import Bound, DoubtData, Doubted
from fundsim.decide.doubt.first_order import Share, Shares
from fundsim.decide.doubt.plausible import Plausible
from fundsim.scenario.assumptions import digest_in_doubt

__all__ = [
    "DRIVERS",
    "FIGURES",
    "as_plain",
    "draw_columns",
    "draw_rows",
    "driver_rows",
    "figure_rows",
    "ranked",
]

FIGURES = (
    "metric", "unit", "plugged_in", "plugged_in_se", "predictive", "predictive_se", "p5", "p5_low", "p5_high",
    "median", "p95", "p95_low", "p95_high", "from_assumptions", "from_chance", "noise",
)  # fmt: skip
"""Columns of the table of figures: one row a figure."""
DRIVERS = (
    "metric", "assumption", "low", "value", "high", "unit", "raises", "rank_share", "rank_share_low",
    "rank_share_high", "rank_noise", "share", "share_low", "share_high", "noise",
)  # fmt: skip
"""Columns of the table of drivers: one row a figure and assumption; low, value and high are the first
member's."""


def figure_rows(data: DoubtData) -> Iterator[tuple[str | float, ...]]:
    """Yield the rows of ``FIGURES``."""
    for one in data.figures:
        yield (
            one.measure.measured, one.measure.unit, one.plugged_in.value, one.plugged_in.se, one.predictive,
            one.predictive_se, one.low.value, *one.low.ci95, one.median.value, one.high.value, *one.high.ci95,
            one.from_assumptions, 1.0 - one.from_assumptions, one.noise,
        )  # fmt: skip


def driver_rows(data: DoubtData) -> Iterator[tuple[str | float | bool | None, ...]]:
    """Yield the rows of ``DRIVERS``, those of each figure in the order of their rank shares."""
    for one in data.figures:
        for at in ranked(one, len(data.inquiry.assumptions)):
            assumption = data.inquiry.assumptions[at]
            first = assumption.ranges[0]
            share = None if one.rank_shares is None else one.rank_shares.shares[at]
            yield (
                one.measure.measured, assumption.name, first.low, float(first.number.value), first.high,
                first.number.unit, None if share is None else share.raises,
                *_share_cells(one.rank_shares, at), *_share_cells(one.shares, at),
            )  # fmt: skip


def ranked(figure: Doubted, count: int) -> list[int]:
    """Return the positions of assumptions, those first that explain most of a figure's rank."""
    if figure.rank_shares is None:
        return list(range(count))
    shares = figure.rank_shares.shares
    return sorted(range(count), key=lambda at: -shares[at].value)


def _share_cells(shares: Shares | None, at: int) -> tuple[float | bool | None, ...]:
    if shares is None:
        return math.nan, math.nan, math.nan, None
    share = shares.shares[at]
    return share.value, *share.ci95, share.noise


def draw_columns(data: DoubtData) -> list[str]:
    """Return the columns of the table of draws: the figures, then the scores of the assumptions."""
    figures = [one.measure.measured for one in data.figures]
    return ["draw", "can_be_run", *figures, *(f"z {one.name}" for one in data.inquiry.assumptions)]


def draw_rows(data: DoubtData) -> Iterator[tuple[float | bool, ...]]:
    """Yield a row for each draw."""
    row = 0
    for draw in range(data.inquiry.draws):
        runs = draw not in data.refused
        values = [float(one.by_draw[row]) if runs else math.nan for one in data.figures]
        row += runs
        yield draw, runs, *values, *map(float, data.scores[draw])


def as_plain(data: DoubtData) -> dict[str, Any]:
    """Return figures in doubt as plain data; what does not exist is null."""
    inquiry = data.inquiry
    return {
        "scenario": {
            "name": data.scenario.name,
            "sha256": data.scenario.sha256,
            "in_doubt": digest_in_doubt(data.scenario),
        },
        "draws": inquiry.draws,
        "paths": inquiry.paths,
        "seed": inquiry.seed,
        "engine": data.engine,
        "figures": [_figure(data, one) for one in data.figures],
        "assumptions": [_assumption(one) for one in inquiry.assumptions],
        "joined": [
            {"keys": [inquiry.assumptions[at].name for at in (pair.first, pair.second)], "rho": pair.rho}
            for pair in inquiry.joined
        ],
        "refused": [
            {"draw": at, "faults": [fault.text() for fault in error.faults]}
            for at, error in sorted(data.refused.items())
        ],
        "simulated": data.simulated,
    }


def _figure(data: DoubtData, one: Doubted) -> dict[str, Any]:
    measure = one.measure
    return {
        "figure": measure.measured,
        "metric": measure.name,
        "horizon": measure.horizon,
        "kind": measure.figure,
        "level": float(measure.level) if measure.level else None,
        "unit": measure.unit,
        "plugged_in": {
            "value": _number(one.plugged_in.value),
            "se": _number(one.plugged_in.se),
            "ci95": [_number(end) for end in one.plugged_in.ci95],
        },
        "predictive": {"value": _number(one.predictive), "se": _number(one.predictive_se)},
        "over_assumptions": {
            "p5": _bound(one.low),
            "median": _bound(one.median),
            "p95": _bound(one.high),
        },
        "variance_from_assumptions": _number(one.from_assumptions),
        "noise_of_paths": _number(one.noise),
        "drivers": [
            {
                "assumption": data.inquiry.assumptions[at].name,
                "raises": one.rank_shares.shares[at].raises,
                "rank_share": _share(one.rank_shares.shares[at]),
                "share": None if one.shares is None else _share(one.shares.shares[at]),
            }
            for at in ranked(one, len(data.inquiry.assumptions))
            if one.rank_shares is not None
        ],
        "noise_level": {
            "rank_share": None if one.rank_shares is None else one.rank_shares.noise_level,
            "share": None if one.shares is None else one.shares.noise_level,
        },
    }


def _share(share: Share) -> dict[str, Any]:
    return {"value": share.value, "ci95": list(share.ci95), "below_noise": share.noise}


def _bound(bound: Bound) -> dict[str, Any]:
    return {"value": _number(bound.value), "ci95": [_number(end) for end in bound.ci95]}


def _assumption(one: Plausible) -> dict[str, Any]:
    return {
        "name": one.name,
        "members": [
            {
                "key": each.number.key,
                "low": each.low,
                "value": each.number.value,
                "high": each.high,
                "unit": each.number.unit,
            }
            for each in one.ranges
        ],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
