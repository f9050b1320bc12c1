"""Which figures are compared, and at which horizon: those that ``run`` prints, or those that are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from glob import escape
from typing import Any

from fundsim.results.headlines import headlines, horizons_of, shown_horizons
from fundsim.results.plan import Plan
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon, not_named
from fundsim.results.stored import described_by
from fundsim.scheme import Aggregate, Metric

__all__ = [
    "Patterns",
    "described_in",
    "headline_patterns",
    "kept_by",
    "names_of_plan",
    "names_of_run",
    "refuse_idle",
    "rows",
    "was_kept",
]

Patterns = tuple[str, ...] | None
"""Glob patterns of metrics; None for the headline figures."""
Row = tuple[str, Horizon]
Names = Mapping[str, tuple[str, ...]]
"""Name of a metric → the names that a pattern may call it and its figures by."""


def names_of_plan(plan: Plan) -> Names:
    """Return the names of all that a scenario reports; its plan keeps everything."""
    found: dict[str, dict[str, None]] = {}
    for column in plan.columns:
        own = found.setdefault(column.metric.name, {column.metric.name: None})
        own |= dict.fromkeys((f"{column.metric.name}@{column.horizon}", column.name, column.key))
    others = [(a.name, horizon) for a, horizon in plan.aggregates]
    others += [(figure.name, column.horizon) for figure, column in plan.law_figures]
    for name, horizon in others:
        found.setdefault(name, {name: None})[f"{name}@{horizon}"] = None
    return {name: tuple(own) for name, own in found.items()}


def names_of_run(run: RunData) -> Names:
    """Return the names of all that a run reports, and of what it could have kept."""
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    found: dict[str, dict[str, None]] = {name: {name: None} for name in described}
    for name, horizon in _keys(run):
        own = found[described_by(name, described)["name"]]
        own |= dict.fromkeys((name, f"{name}@{horizon}"))
    return {name: tuple(own) for name, own in found.items()}


def refuse_idle(patterns: Patterns, names: Sequence[Names]) -> None:
    """Refuse patterns that name no metric of any scenario.

    Raises:
        UsageError: With the nearest metric's name, if one is near.
    """
    every = {own for known in names for all_own in known.values() for own in all_own}
    idle = [pattern for pattern in patterns or () if not any(fnmatchcase(one, pattern) for one in every)]
    if idle:
        raise not_named(idle, list(dict.fromkeys(name for known in names for name in known)))


def headline_patterns(plans: Sequence[Plan | None], runs: Sequence[RunData | None]) -> tuple[str, ...]:
    """Return patterns of what is a headline figure in any scenario: every other one keeps it too."""
    names: dict[str, None] = {}
    for plan in plans:
        metrics = plan.scheme.metrics if plan is not None else ()
        names |= dict.fromkeys(m.name for m in metrics if isinstance(m, Metric | Aggregate) and m.headline)
    for run in runs:
        names |= dict.fromkeys(metric["name"] for metric in headlines(run)) if run is not None else {}
    return tuple(escape(name) for name in names)


def kept_by(plan: Plan, patterns: tuple[str, ...]) -> Patterns:
    """Return those of the patterns that name a metric of a scenario, for its simulation to keep.

    A scenario without any of the metrics is simulated all the same, and keeps all: its cells are empty.
    """
    every = [own for all_own in names_of_plan(plan).values() for own in all_own]
    return tuple(p for p in patterns if any(fnmatchcase(one, p) for one in every)) or None


def rows(runs: Sequence[RunData], patterns: Patterns) -> list[Row]:
    """Return names and horizons of the figures to compare: in the first run's order, then the others'."""
    wanted = dict.fromkeys(one for run in runs for one in _wanted(run, patterns))
    resolved = [(name, horizon or _horizon(name, runs)) for name, horizon in wanted]
    return list(dict.fromkeys(resolved))


def was_kept(run: RunData, name: str, horizon: Horizon) -> bool:
    """Return whether a run kept a figure, if its scenario has it."""
    kept: Sequence[str] | None = run.manifest["kept"]
    about = described_in(run, name)
    metric = name if about is None else about["name"]
    names = (metric, f"{metric}@{horizon}", name, f"{name}@{horizon}")
    return kept is None or any(fnmatchcase(one, pattern) for one in names for pattern in kept)


def _wanted(run: RunData, patterns: Patterns) -> Iterator[tuple[str, Horizon | None]]:
    """Yield names and horizons; no horizon means that which ``run`` prints."""
    if patterns is None:
        yield from ((metric["name"], None) for metric in headlines(run))
        return
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    years: dict[str, list[Row]] = {name: [] for name in described}
    for name, horizon in _keys(run):
        if name not in described:
            years[described_by(name, described)["name"]].append((name, horizon))
    for name in described:
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            yield name, None
        else:
            at = (f"{name}@{h}" for h in ("window", "run_off"))
            named = [key.rpartition("@")[2] for key in at if any(fnmatchcase(key, p) for p in patterns)]
            yield from ((name, h) for h in horizons_of(name, run) if h in named)
        yield from (row for row in years[name] if _names_year(row, name, patterns))


def _names_year(row: Row, metric: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a pattern means a policy year's figure, and not all figures of its metric."""
    name, horizon = row
    meant = [p for p in patterns if fnmatchcase(name, p) or fnmatchcase(f"{name}@{horizon}", p)]
    return any(not fnmatchcase(metric, p) and not fnmatchcase(f"{metric}@{horizon}", p) for p in meant)


def _horizon(name: str, runs: Sequence[RunData]) -> Horizon:
    """Return the one horizon of a row: the window only where each run would print that, or has no other."""
    having = [run for run in runs if horizons_of(name, run)]
    if having and all(shown_horizons(name, run) == ("window",) for run in having):
        return "window"
    common = [h for h in ("run_off", "window") if all(h in horizons_of(name, run) for run in having)]
    return "window" if common == ["window"] else "run_off"


def _keys(run: RunData) -> list[Row]:
    figures = run.figures
    return [*figures.metrics, *figures.aggregates, *figures.probabilities]


def described_in(run: RunData, name: str) -> Mapping[str, Any] | None:
    """Return what a run's manifest says of a metric, by its name or a policy year's; None if nothing."""
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    try:
        return described_by(name, described)
    except KeyError:
        return None
