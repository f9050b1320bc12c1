"""A sweep: figures at all values of one key, or of two, on the same paths."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from fundsim.arguments import refused
from fundsim.decide.machine import Effort, Machine, Progress
from fundsim.decide.measure import Measure, default_measures, read_measures
from fundsim.decide.measured import Measured, measured, paired
from fundsim.decide.paired import Difference
from fundsim.decide.sweep.axes import Axis
from fundsim.decide.sweep.frontier import Frontier, Goal, Place, read_goals, standings
from fundsim.decide.variants import Columns, Variants
from fundsim.errors import Fault, ScenarioError, counted
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.scenario import Scenario
from fundsim.scheme import About, Aggregate, LawFigure

__all__ = ["Cell", "Described", "SweepData", "SweepQuestion", "ask_sweep", "sweep_scenario"]

MOST_KEPT = 40_000_000
"""Cells × paths whose figures a frontier may keep in memory: 0.3 GB a column."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a figure's metric means."""

    meaning: str
    meaning_zh: str
    about: About
    event: bool


@dataclass(frozen=True, slots=True)
class SweepQuestion:
    """What is asked."""

    axes: tuple[Axis, ...]
    measures: tuple[Measure, ...]
    """The figures, those of the frontier last unless they were named before."""
    described: tuple[Described, ...]
    goals: tuple[Goal, Goal] | None
    paths: int
    seed: int

    @property
    def points(self) -> tuple[tuple[float, ...], ...]:
        """The values of each cell: the last key varies fastest."""
        return tuple(product(*(axis.values for axis in self.axes)))


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures at one value of each key."""

    values: tuple[float, ...]
    figures: tuple[Measured, ...] = ()
    """One a measure; none where the scenario is not sound."""
    differences: tuple[Difference, ...] = ()
    """The figures less those of the first sound cell; none of that cell itself."""
    error: ScenarioError | None = None
    """Why the scenario is not sound there."""

    @property
    def sound(self) -> bool:
        """Whether it could be simulated."""
        return self.error is None


@dataclass(frozen=True, eq=False, kw_only=True)
class SweepData:
    """The figures of all cells."""

    scenario: Scenario
    """The scenario as it is."""
    question: SweepQuestion
    cells: tuple[Cell, ...]
    """The last key varies fastest."""
    frontier: Frontier | None
    engine: str

    @property
    def first(self) -> Cell:
        """The cell that the others are compared with: the first that is sound."""
        return next(cell for cell in self.cells if cell.sound)

    @property
    def refused(self) -> tuple[Cell, ...]:
        """The cells at which the scenario is not sound."""
        return tuple(cell for cell in self.cells if not cell.sound)

    def is_present(self, cell: Cell) -> bool:
        """Return whether a cell is the scenario as it is."""
        return all(
            axis.number.value == value for axis, value in zip(self.question.axes, cell.values, strict=True)
        )


def ask_sweep(
    scenario: Scenario,
    axes: tuple[Axis, ...],
    *,
    metrics: Sequence[str] | None = None,
    frontier: Sequence[str] | None = None,
    paths: int | None = None,
    seed: int | None = None,
) -> SweepQuestion:
    """Read which figures are asked for.

    Args:
        scenario: the scenario.
        axes: the keys with their values.
        metrics: such as ``P(pool.depleted)``; what may go wrong and what all costs unless given.
        frontier: two figures, see ``read_goals``.
        paths: paths of each cell; the scenario's unless given.
        seed: the scenario's unless given.

    Raises:
        ScenarioError: the scenario can't be lowered.
        UsageError: a figure can't be read, or there is none.
    """
    plan = Plan(lower(scenario))
    goals = None if frontier is None else read_goals(frontier, plan)
    measures = default_measures(plan) if metrics is None else read_measures(metrics, plan)
    if goals is not None:
        measures = tuple(dict.fromkeys((*measures, *(goal.measure for goal in goals))))
    if not measures:
        raise refused("metric", "", (
            "the scenario has no headline event and no fiscal cost", "name a metric",
            "情景没有主要事件，也没有财政成本", "请写明指标",
        ))  # fmt: skip
    run = scenario.terms.run
    question = SweepQuestion(
        axes,
        measures,
        tuple(_described(measure, plan) for measure in measures),
        goals,
        paths or run.paths,
        run.seed if seed is None else seed,
    )
    if goals is not None:
        _check_memory(question)
    return question


def _check_memory(question: SweepQuestion) -> None:
    cells = len(question.points)
    if cells * question.paths > MOST_KEPT:
        most = MOST_KEPT // cells
        raise refused("paths", question.paths, (
            f"a frontier of {cells} cells keeps the figures of {most:,} paths at most",
            f"ask for {most:,} paths or fewer cells",
            f"{cells} 格的有效前沿最多保留 {most:,} 条路径的数值", f"请取 {most:,} 条路径以内，或减少格数",
        ))  # fmt: skip


def _described(measure: Measure, plan: Plan) -> Described:
    for column in plan.columns_needed:
        if column.name == measure.name:
            metric = column.metric
            return Described(metric.meaning, metric.meaning_zh, metric.about, metric.event)
    of_all_paths: list[Aggregate | LawFigure] = [one for one, _ in plan.aggregates]
    of_all_paths += [law for law, _ in plan.law_figures]
    figure = next(one for one in of_all_paths if one.name == measure.name)
    return Described(figure.meaning, figure.meaning_zh, figure.about, False)


def sweep_scenario(
    scenario: Scenario,
    question: SweepQuestion,
    *,
    machine: Machine | None = None,
    progress: Progress | None = None,
) -> SweepData:
    """Simulate all cells on the same paths.

    Args:
        scenario: the scenario.
        question: what is asked of it.
        machine: what simulates.
        progress: called with paths done and paths expected in all.

    Raises:
        ScenarioError: the scenario is sound in no cell.
    """
    machine, effort = machine or Machine(), Effort(progress)
    effort.reserve({"cells": len(question.points) * question.paths})
    effort.enter("cells")
    variants = Variants(question.measures, question.paths, question.seed, machine, effort)
    found = _Cells(question)
    makes = [_maker(scenario, question.axes, values) for values in question.points]
    for columns in variants.each(makes):
        found.add(columns)
    if found.first is None:
        raise _nowhere(question, found.cells)
    return SweepData(
        scenario=scenario,
        question=question,
        cells=tuple(found.cells),
        frontier=found.frontier(),
        engine=machine.engine,
    )


def _maker(scenario: Scenario, axes: Sequence[Axis], values: Sequence[float]) -> Callable[[], Scenario]:
    settings = [axis.setting(value) for axis, value in zip(axes, values, strict=True)]
    return lambda: scenario.set_all(settings)


def _nowhere(question: SweepQuestion, cells: Sequence[Cell]) -> ScenarioError:
    """Return the error of a sweep without a sound cell: each fault once, with the first cell that has it."""
    seen: dict[str, tuple[Cell, Fault, int]] = {}
    for cell in cells:
        for fault in cell.error.faults if cell.error else ():
            first, _, count = seen.get(fault.text(), (cell, fault, 0))
            seen[fault.text()] = first, fault, count + 1
    faults = []
    for cell, fault, count in seen.values():
        where = ", ".join(
            f"{axis.number.short} = {value:.6g}"
            for axis, value in zip(question.axes, cell.values, strict=True)
        )
        more, more_zh = "", ""
        if count > 1:
            more, more_zh = f" and in {counted(count - 1, 'other cell')}", f"及另外 {count - 1} 格"
        faults.append(
            replace(
                fault,
                problem=f"sound in no cell; at {where}{more}: {fault.problem}",
                problem_zh=f"各格均无法运行；{where}{more_zh}：{fault.problem_zh}",
            )
        )
    return ScenarioError(faults)


class _Cells:
    """Takes the figures of each cell as its columns arrive, and keeps only what later cells need."""

    def __init__(self, question: SweepQuestion) -> None:
        self.question = question
        self.cells: list[Cell] = []
        self.first: Columns | None = None
        """The columns of the first sound cell."""
        goals = question.goals or ()
        self.kept_keys = {key for goal in goals for key in goal.measure.columns}
        self.kept: dict[int, Columns] = {}
        """Cell → the columns that the frontier is taken from."""

    def add(self, columns: Columns | ScenarioError) -> None:
        """Take the columns of the next cell, or its faults."""
        at, values = len(self.cells), self.question.points[len(self.cells)]
        if isinstance(columns, ScenarioError):
            self.cells.append(Cell(values, error=columns))
            return
        figures = tuple(measured(one, columns) for one in self.question.measures)
        self.cells.append(Cell(values, figures, tuple(self._differences(columns))))
        self.first = columns if self.first is None else self.first
        if self.kept_keys:
            self.kept[at] = {key: columns[key] for key in self.kept_keys}

    def _differences(self, columns: Columns) -> Iterator[Difference]:
        if self.first is not None:
            for measure in self.question.measures:
                yield paired(measure, self.first, columns)

    def frontier(self) -> Frontier | None:
        """Return the frontier; None where none is asked for."""
        goals = self.question.goals
        if goals is None:
            return None
        places = standings(
            goals,
            [at for at in self.kept if self._has_both(at, goals)],
            lambda measure, i, j: paired(measure, self.kept[i], self.kept[j]),
        )
        absent: dict[int, Place | None] = dict.fromkeys(range(len(self.cells)))
        return Frontier(goals, tuple((absent | places).values()))

    def _has_both(self, at: int, goals: tuple[Goal, Goal]) -> bool:
        measures, figures = self.question.measures, self.cells[at].figures
        return all(not math.isnan(figures[measures.index(goal.measure)].value) for goal in goals)
