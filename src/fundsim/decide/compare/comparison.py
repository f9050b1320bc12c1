"""Several scenarios on the same random numbers: each figure, and its difference to the first scenario's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, cast

from fundsim.decide.compare.cells import Cell, Lack, plain_cell
from fundsim.decide.compare.rows import (
    Patterns,
    described_in,
    headline_patterns,
    kept_by,
    names_of_plan,
    names_of_run,
    refuse_idle,
    rows,
    was_kept,
)
from fundsim.decide.compare.sources import Common, Side, Source, common_settings, simulate_sides
from fundsim.decide.compare.targets_met import compare_targets, plain_targets
from fundsim.decide.machine import Progress
from fundsim.decide.paired import NONE, Difference, paired_mean, paired_probability, paired_ratio
from fundsim.lowering import lower
from fundsim.results.plan import Plan, sum_keys
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Estimate, Probability
from fundsim.scenario.explain import Difference as Change
from fundsim.scenario.explain import differences

__all__ = ["ComparisonData", "Figure", "compare_sources"]

_APART = ("name", "title", "title_zh", "doubt", "run")
"""Entries of a scenario that change no figure on given paths."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of all scenarios."""

    name: str
    """Name of the metric, with the policy year if it is one year's."""
    horizon: Horizon
    unit: str
    event: bool
    """Whether it is a probability [share of paths]."""
    described: Mapping[str, Any]
    """What the manifest of the first scenario that has the metric says of it."""
    side: int
    """Position of that scenario."""
    cells: tuple[Cell, ...]
    """In the order of the scenarios."""


class ComparisonData:
    """Scenarios compared on the same paths: what was changed, and what it did.

    Attributes:
        sides: the scenarios, simulated; the first is what the others are compared with.
        figures: each figure of every scenario, with the paired differences.
        targets_met: how probable it is that each target is met, and all of them, with the paired differences.
        changes: of each scenario after the first, the inputs in which it differs from the first; paths and
            seed are left out, for they are the same.
        common: paths, seed and engine.
        patterns: the metrics that were asked for; None for the headline figures.
    """

    def __init__(self, sides: Sequence[Side], common: Common, patterns: Patterns) -> None:
        self.sides = tuple(sides)
        self.common = common
        self.patterns = patterns
        runs = [side.run for side in self.sides]
        self.figures = tuple(_figure(name, horizon, self.sides) for name, horizon in rows(runs, patterns))
        same = [_is_same(self.sides[0], side) for side in self.sides]
        self.targets_met = compare_targets(self.sides, same)
        self.changes = tuple(_changes(self.sides[0], side) for side in self.sides[1:])

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain data; what does not exist (NaN) is null."""
        return {
            "scenarios": [
                {
                    "side": side.letter,
                    "name": side.name,
                    "source": side.source.shown,
                    "sha256": side.run.manifest["scenario"]["sha256"],
                }
                for side in self.sides
            ],
            "paths": self.common.paths,
            "seed": self.common.seed,
            "engine": self.common.engine,
            "changes": [
                {"side": side.letter, "inputs": [_plain_change(change) for change in found]}
                for side, found in zip(self.sides[1:], self.changes, strict=True)
            ],
            "metrics": [self._plain_figure(figure) for figure in self.figures],
            "targets": plain_targets(self.targets_met, self.sides),
        }

    def _plain_figure(self, figure: Figure) -> dict[str, Any]:
        return {
            "name": figure.name,
            "horizon": figure.horizon,
            "unit": figure.unit,
            "event": figure.event,
            "values": [
                {"side": side.letter, **plain_cell(cell)}
                for side, cell in zip(self.sides, figure.cells, strict=True)
            ],
        }


def compare_sources(
    sources: Sequence[Source],
    *,
    paths: int | None = None,
    seed: int | None = None,
    patterns: Patterns = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> ComparisonData:
    """Simulate scenarios on the same random numbers and compare them with the first.

    Args:
        sources: two or more scenarios or runs.
        paths: number of paths; that of the runs, or of the first scenario, unless given.
        seed: seed; that of the runs, or of the first scenario, unless given.
        patterns: glob patterns of the metrics to compare, as ``run --metrics`` has them; the headline
            figures unless given.
        executor: runs the blocks of paths; None runs them in the calling thread.
        workers: how many blocks the executor runs at a time; results don't depend on it.
        progress: called with the paths done and the paths of all scenarios.

    Raises:
        ScenarioError: a scenario can't be lowered.
        UsageError: a pattern names no metric of any scenario, or runs have other paths than each other.
    """
    common = common_settings(sources, paths, seed)
    whole = [None if one.scenario is None or one.run else Plan(lower(one.scenario)) for one in sources]
    names = [
        names_of_run(cast(RunData, one.run)) if plan is None else names_of_plan(plan)
        for one, plan in zip(sources, whole, strict=True)
    ]
    refuse_idle(patterns, names)
    kept = patterns or headline_patterns(whole, [one.run for one in sources])
    plans = [None if plan is None else Plan(plan.scheme, kept_by(plan, kept)) for plan in whole]
    sides = simulate_sides(sources, plans, common, executor=executor, workers=workers, progress=progress)
    return ComparisonData(sides, common, patterns)


def _changes(first: Side, other: Side) -> tuple[Change, ...]:
    found = differences(first.inputs, other.inputs)
    return tuple(change for change in found if change.key not in ("run.paths", "run.seed"))


def _figure(name: str, horizon: Horizon, sides: Sequence[Side]) -> Figure:
    described = [described_in(side.run, name) for side in sides]
    having = [_plain(side.run, name, horizon) is not None for side in sides]
    known = next((at for at, has in enumerate(having) if has), None)
    if known is None:
        known = next(at for at, metric in enumerate(described) if metric is not None)
    about = cast(Mapping[str, Any], described[known])
    cells = [_cell(name, horizon, sides[0], side, about) for side in sides]
    return Figure(name, horizon, about["unit"], bool(about.get("event")), about, known, tuple(cells))


def _cell(name: str, horizon: Horizon, first: Side, side: Side, about: Mapping[str, Any]) -> Cell:
    figure, lack = _own(name, horizon, side, about)
    if side is first or figure is None or lack is not None:
        return Cell(figure, None, lack)
    beside, lacking = _own(name, horizon, first, about)
    if beside is None or lacking is not None:
        return Cell(figure, None)
    return Cell(figure, _difference(name, horizon, first, side))


def _own(
    name: str, horizon: Horizon, side: Side, about: Mapping[str, Any]
) -> tuple[Estimate | Probability | None, Lack | None]:
    """Return the figure of one scenario, and what a difference to it lacks."""
    run = side.run
    own, figure = described_in(run, name), _plain(run, name, horizon)
    if own is None:
        return None, "no_metric"
    if figure is None:
        # A metric may lack a horizon or a year that another scenario has.  What we simulate keeps all that
        # is compared.
        kept = side.source.run is None or was_kept(run, name, horizon)
        return None, "no_metric" if kept else "not_kept"
    if (own["unit"], bool(own.get("event"))) != (about["unit"], bool(about.get("event"))):
        return None, "other_unit"
    if own.get("figure") == "unexpected":
        return figure, "no_error"
    return figure, "not_by_path" if _columns(run, name, horizon) is None else None


def _difference(name: str, horizon: Horizon, first: Side, side: Side) -> Difference:
    mine, theirs = (
        [one.run.columns.read(key) for key in _columns(one.run, name, horizon) or ()] for one in (first, side)
    )
    if len(mine) == 2:
        return paired_ratio((mine[0], mine[1]), (theirs[0], theirs[1]))
    described = cast(Mapping[str, Any], described_in(side.run, name))
    if not described.get("event"):
        return paired_mean(mine[0], theirs[0])
    return NONE if _is_same(first, side) else paired_probability(mine[0], theirs[0])


def _is_same(first: Side, side: Side) -> bool:
    """Return whether two scenarios are one but for their names: no path of them differs, drawn or not."""
    one, other = (
        {key: value for key, value in each.resolved.items() if key not in _APART} for each in (first, side)
    )
    return one == other


def _plain(run: RunData, name: str, horizon: Horizon) -> Estimate | Probability | None:
    """Return a figure of a run: a mean, a ratio, a named figure of a law, or a probability."""
    key = (name, horizon)
    law = run.figures.metrics.get(key)
    if law is not None:
        return law.mean
    return run.figures.aggregates.get(key) or run.figures.probabilities.get(key)


def _columns(run: RunData, name: str, horizon: Horizon) -> tuple[str, ...] | None:
    """Return the columns by path that a figure is made of, two of a ratio; None if they are not there."""
    described = cast(Mapping[str, Any], described_in(run, name))
    choices: list[tuple[str, ...]] = [(f"{name}@{horizon}",)]
    if described["kind"] == "aggregate":
        choices = [sum_keys(name, horizon)]
        if "numerator" in described and "denominator" in described:
            choices.append(tuple(f"{described[part]}@{horizon}" for part in ("numerator", "denominator")))
    elif described["kind"] == "law_figure":
        choices = [(f"{described['metric']}@{horizon}",)]
    known = set(run.columns.names)
    return next((keys for keys in choices if known.issuperset(keys)), None)


def _plain_change(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "first": change.left and change.left.plain(),
        "other": change.right and change.right.plain(),
    }
