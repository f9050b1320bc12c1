"""Runs whose paths grow until the headline figures are as exact as asked for."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fundsim.decide.machine import Machine, Progress
from fundsim.results.columns import Columns
from fundsim.results.headlines import MOST_ROWS, is_nothing, too_many
from fundsim.results.part import PART_STEP, Part, merge
from fundsim.results.plan import Plan, sum_keys
from fundsim.results.run_data import RunData
from fundsim.results.selection import Column
from fundsim.results.statistics import Estimate, Floats, describe, expected, probability, ratio_of_sums
from fundsim.results.whole import run_data
from fundsim.scenario import Scenario
from fundsim.scheme import Aggregate, Metric
from fundsim.simulation import facts_of, simulate_part

__all__ = ["Reached", "simulate_precisely"]

FIRST_PATHS = 4096
LEAST_GROWTH, MOST_GROWTH = 1.25, 8.0
SPARE = 1.1
"""Paths are grown by so much more than the errors say."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How exact the headline figures of a run are."""

    precision: float
    """What was asked for."""
    paths: int
    short: tuple[tuple[str, float], ...]
    """Figures of the run's table that fall short of it when the paths ended, with their error ÷ value;
    infinite for an event that did not happen, NaN where no error is known."""


def simulate_precisely(
    scenario: Scenario,
    plan: Plan,
    precision: float,
    *,
    limit: int,
    seed: int,
    machine: Machine,
    progress: Progress | None = None,
) -> tuple[RunData, Reached]:
    """Simulate until the headline figures are as exact as asked for, or the paths end.

    That is: until every headline mean's standard error, and half of every headline probability's 95 %
    interval, is at most a part of its value.

    The run is the same as one of so many paths from the beginning.

    Args:
        scenario: the scenario.
        plan: what the run keeps, of the scheme that the scenario lowers to.
        precision: the part.
        limit: most paths.
        seed: first word of every random number's key.
        machine: what simulates.
        progress: called with the paths done and those expected in all.
    """
    started = time.perf_counter()
    parts: list[Part] = []
    done, wanted = 0, min(FIRST_PATHS, limit)
    while True:
        parts.append(_more(plan, done, wanted, seed, machine, progress))
        done = wanted
        whole = merge(parts)
        errors = dict(_relative_errors(plan, whole.columns))
        short = {name: error for name, error in errors.items() if not error <= precision}
        if not short or done == limit:
            break
        most = max(map(_or_infinite, short.values()))
        growth = min(MOST_GROWTH, max(LEAST_GROWTH, SPARE * (most / precision) ** 2))
        wanted = min(limit, math.ceil(done * growth / PART_STEP) * PART_STEP)
    facts = facts_of(scenario, plan, paths=done, seed=seed, engine=machine.engine, workers=machine.workers)
    data = run_data(plan, whole, facts(time.perf_counter() - started))
    ordered = sorted(short.items(), key=lambda item: -_or_infinite(item[1]))
    return data, Reached(precision, done, tuple(ordered))


def _or_infinite(error: float) -> float:
    return math.inf if math.isnan(error) else error


def _more(plan: Plan, done: int, wanted: int, seed: int, machine: Machine, progress: Progress | None) -> Part:
    def onward(more: int, _of: int) -> None:
        if progress:
            progress(done + more, wanted)

    return simulate_part(
        plan,
        first=done,
        paths=wanted - done,
        seed=seed,
        engine=machine.engine,
        executor=machine.executor,
        workers=machine.workers,
        progress=onward,
    )


def _relative_errors(plan: Plan, columns: Columns) -> Iterator[tuple[str, float]]:
    """Yield key and error ÷ value of each figure of the run's table, at its horizon there."""
    for metric in _shown(plan):
        found = sorted(
            (c for c in plan.columns if c.metric.name == metric.name and c.year is None),
            key=lambda column: column.horizon,
        )  # the run-off comes first
        if found:
            column, values = _at_shown_horizon(found, columns)
            yield column.key, _of_event(values) if column.metric.event else _relative(expected(values))
        ratios = sorted(horizon for a, horizon in plan.aggregates if a.name == metric.name)
        if ratios:
            sums = [columns.read(key) for key in sum_keys(metric.name, ratios[0])]
            yield f"{metric.name}@{ratios[0]}", _relative(ratio_of_sums(sums[0], sums[1]))


def _shown(plan: Plan) -> list[Metric | Aggregate]:
    """Return the metrics that the run's table shows, as ``shown_metrics`` finds them of a finished run."""
    known = {c.metric.name for c in plan.columns if c.year is None} | {a.name for a, _ in plan.aggregates}
    kept = [m for m in plan.scheme.metrics if isinstance(m, Metric | Aggregate) and m.name in known]
    found: list[Metric | Aggregate] = [metric for metric in kept if metric.headline] or kept
    if not too_many(len(found), chosen=plan.keep is not None):
        return found
    drawn: list[Metric | Aggregate] = [m for m in found if isinstance(m, Metric) and (m.picture or m.event)]
    return drawn[:MOST_ROWS]


def _at_shown_horizon(found: Sequence[Column], columns: Columns) -> tuple[Column, Floats]:
    """Return the column of the run-off, or of the window where a stock has run off by then."""
    first, *others = found
    values = columns.read(first.key)
    if others and not first.metric.event and is_nothing(describe(values), first.metric.unit):
        later = columns.read(others[0].key)
        if not is_nothing(describe(later), first.metric.unit):
            return others[0], later
    return first, values


def _relative(figure: Estimate) -> float:
    """Return error ÷ value; 0 where there is neither, or no figure at all."""
    if math.isnan(figure.value) or figure.se == 0.0:
        return 0.0
    return figure.se / abs(figure.value) if figure.value else math.inf


def _of_event(values: Floats) -> float:
    """Return half of the interval ÷ probability; infinite for an event that did not happen on any path.

    Of one path nothing is known: NaN.
    """
    found = probability(values)
    if not found.n:
        return 0.0
    if found.n == 1:
        return math.nan
    low, high = found.ci95
    return 0.5 * (high - low) / found.p if found.p else math.inf
