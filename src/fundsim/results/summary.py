"""The figures of a run: what ``summary.json`` holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from fundsim.results.columns import Columns
from fundsim.results.dependence import HORIZON, INDEPENDENT, Dependence, dependence_of
from fundsim.results.plan import Plan, denominator_key, numerator_key
from fundsim.results.selection import Column, Horizon
from fundsim.results.statistics import (
    Distribution,
    Estimate,
    Probability,
    Quantile,
    describe,
    expected,
    probability,
    ratio_of_sums,
    unexpected,
)
from fundsim.results.targets import Met, all_met, met_targets
from fundsim.scheme.metrics import BadEnd

__all__ = ["Summary", "from_json", "summarise", "to_json"]

Key = tuple[str, Horizon]
"""Name of a metric (with its year, if it is one year's) and horizon."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Every figure of a run by name and horizon, in the order in which the scheme declares them."""

    metrics: Mapping[Key, Distribution]
    probabilities: Mapping[Key, Probability]
    aggregates: Mapping[Key, Estimate]
    """Ratios of sums over all paths, and the figures of a law that have a name of their own."""
    units: Mapping[str, str]
    """Name of a metric or aggregate → unit."""
    dependence: tuple[Dependence, ...] = ()
    """Figures of different instruments, two by two: how they correlate, how often both are at their worst."""
    targets: tuple[Met, ...] = ()
    """Targets and how probable it is that each is met; of several, all together come last."""


def summarise(plan: Plan, columns: Columns) -> Summary:
    """Take every figure from the collected values, column by column."""
    metrics: dict[Key, Distribution] = {}
    probabilities: dict[Key, Probability] = {}
    units: dict[str, str] = {}
    for column in plan.columns:
        values = columns.read(column.key)
        units[column.name] = column.metric.unit
        key = _key(column)
        if column.metric.event:
            probabilities[key] = probability(values)
        else:
            metrics[key] = describe(values)
    aggregates: dict[Key, Estimate] = {}
    for aggregate, horizon in plan.aggregates:
        units[aggregate.name] = aggregate.unit
        aggregates[aggregate.name, horizon] = ratio_of_sums(
            columns.read(numerator_key(aggregate, horizon)),
            columns.read(denominator_key(aggregate, horizon)),
        )
    for figure, column in plan.law_figures:
        units[figure.name] = figure.unit
        values = columns.read(column.key)
        estimate = expected(values) if figure.figure == "expected" else unexpected(values)
        aggregates[figure.name, column.horizon] = estimate
    dependence = dependence_of(columns, plan.dependent)
    targets = met_targets(columns, plan.targets)
    return Summary(metrics, probabilities, aggregates, units, dependence, targets)


def _key(column: Column) -> Key:
    return column.name, column.horizon


def to_json(summary: Summary) -> dict[str, Any]:
    """Return the summary as plain data; what does not exist (NaN, an unbounded end) is null."""
    return {
        "metrics": [
            {"name": name, "unit": summary.units[name], "horizon": horizon, **_distribution(law)}
            for (name, horizon), law in summary.metrics.items()
        ],
        "aggregates": [
            {"name": name, "unit": summary.units[name], "horizon": horizon, **_estimate(ratio)}
            for (name, horizon), ratio in summary.aggregates.items()
        ],
        "probabilities": [
            {
                "name": name,
                "horizon": horizon,
                "p": _number(event.p),
                "ci95": [_number(end) for end in event.ci95],
                "n": event.n,
                "missing": _number(event.missing),
            }
            for (name, horizon), event in summary.probabilities.items()
        ],
        "dependence": [_dependence(one) for one in summary.dependence],
        "targets": [_target(one) for one in summary.targets],
    }


def _distribution(law: Distribution) -> dict[str, Any]:
    return {
        "mean": _estimate(law.mean),
        "sd": _estimate(law.sd),
        "quantiles": {
            level: {"value": _number(q.value), "ci95": [_number(end) for end in q.ci95]}
            for level, q in law.quantiles.items()
        },
        "es": {level: _estimate(es) for level, es in law.es.items()},
        "n": law.n,
        "missing": _number(law.missing),
    }


def _dependence(one: Dependence) -> dict[str, Any]:
    joint = one.joint
    return {
        "first": {"name": one.first, "bad": one.first_bad},
        "second": {"name": one.second, "bad": one.second_bad},
        "horizon": HORIZON,
        "n": one.n,
        "correlation": _estimate(one.correlation),
        "both_in_worst_tenth": {
            "p": _number(joint.p),
            "se": _number(one.joint_se),
            "ci95": [_number(end) for end in joint.ci95],
            "if_independent": INDEPENDENT,
        },
        "missing": _number(joint.missing),
    }


def _target(one: Met) -> dict[str, Any]:
    """Return a target as plain data; all together have neither metric nor bound."""
    met = {
        "p": _number(one.p.p),
        "ci95": [_number(end) for end in one.p.ci95],
        "n": one.p.n,
        "missing": _number(one.p.missing),
    }
    if not one.name:
        return {"name": None, **met}
    return {
        "name": one.name,
        "metric": one.metric,
        "horizon": one.horizon,
        "unit": one.unit,
        "heading": one.heading,
        "at_least" if one.at_least else "at_most": one.bound,
        "expected": _estimate(one.expected),
        **met,
        **({"left_out": list(one.left_out)} if one.left_out else {}),
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {"value": _number(estimate.value), "se": _number(estimate.se)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def from_json(data: Mapping[str, Any]) -> Summary:
    """Return the summary that ``to_json`` wrote.

    Raises:
        KeyError, TypeError, ValueError: The data has another form.
    """
    units = {entry["name"]: entry["unit"] for part in ("metrics", "aggregates") for entry in data[part]}
    units.update({entry["name"]: "yes/no" for entry in data["probabilities"]})
    return Summary(
        metrics={_entry_key(entry): _read_distribution(entry) for entry in data["metrics"]},
        probabilities={
            _entry_key(entry): Probability(
                _read(entry["p"]),
                _read_ends(entry["p"], entry["ci95"]),
                int(entry["n"]),
                _read(entry["missing"]),
            )
            for entry in data["probabilities"]
        },
        aggregates={_entry_key(entry): _read_estimate(entry) for entry in data["aggregates"]},
        units=units,
        dependence=tuple(map(_read_dependence, data.get("dependence", ()))),
        targets=tuple(map(_read_target, data.get("targets", ()))),
    )


def _entry_key(entry: Mapping[str, Any]) -> Key:
    horizon = entry["horizon"]
    if horizon not in ("window", "run_off"):
        raise ValueError(f"horizon {horizon}")
    return str(entry["name"]), horizon


def _read_distribution(entry: Mapping[str, Any]) -> Distribution:
    return Distribution(
        n=int(entry["n"]),
        missing=_read(entry["missing"]),
        mean=_read_estimate(entry["mean"]),
        sd=_read_estimate(entry["sd"]),
        quantiles={
            level: Quantile(_read(q["value"]), _read_ends(q["value"], q["ci95"]))
            for level, q in entry["quantiles"].items()
        },
        es={level: _read_estimate(es) for level, es in entry["es"].items()},
    )


def _read_dependence(entry: Mapping[str, Any]) -> Dependence:
    first, second, joint = entry["first"], entry["second"], entry["both_in_worst_tenth"]
    n = int(entry["n"])
    return Dependence(
        first=str(first["name"]),
        first_bad=_read_end(first["bad"]),
        second=str(second["name"]),
        second_bad=_read_end(second["bad"]),
        n=n,
        correlation=_read_estimate(entry["correlation"]),
        joint=Probability(
            _read(joint["p"]), _read_ends(joint["p"], joint["ci95"]), n, _read(entry["missing"])
        ),
    )


def _read_target(entry: Mapping[str, Any]) -> Met:
    p = Probability(
        _read(entry["p"]), _read_ends(entry["p"], entry["ci95"]), int(entry["n"]), _read(entry["missing"])
    )
    if entry["name"] is None:
        return all_met(p)
    at_least = "at_least" in entry
    return Met(
        name=str(entry["name"]),
        metric=str(entry["metric"]),
        horizon=_entry_key({"name": entry["metric"], "horizon": entry["horizon"]})[1],
        unit=str(entry["unit"]),
        heading=str(entry["heading"]),
        at_least=at_least,
        bound=float(entry["at_least" if at_least else "at_most"]),
        expected=_read_estimate(entry["expected"]),
        p=p,
        left_out=tuple(map(str, entry.get("left_out", ()))),
    )


def _read_end(bad: Any) -> BadEnd:
    if bad not in ("high", "low"):
        raise ValueError(f"bad end {bad}")
    return cast(BadEnd, bad)


def _read_estimate(entry: Mapping[str, Any]) -> Estimate:
    return Estimate(_read(entry["value"]), _read(entry["se"]))


def _read(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _read_ends(value: float | None, ends: list[float | None]) -> tuple[float, float]:
    """An end that is null although the figure exists is one that the paths could not bound."""
    lower, upper = ends
    if value is None:
        return math.nan, math.nan
    return (-math.inf if lower is None else float(lower), math.inf if upper is None else float(upper))
