"""From the records of blocks of paths to one value a path and metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from fundsim.arguments import LARGEST_PATH
from fundsim.errors import EngineError, counted
from fundsim.metrics.program import Program
from fundsim.results.columns import make_columns
from fundsim.results.evaluation import Evaluation, Wanted
from fundsim.results.identity import RunIdentity
from fundsim.results.need import check_need
from fundsim.results.part import PART_STEP, Part
from fundsim.results.plan import Plan, denominator_key, numerator_key
from fundsim.results.series import make_series, series_bytes
from fundsim.results.statistics import Floats
from fundsim.results.views import RecordView, YearView
from fundsim.scheme import Aggregate, Formula, Metric, RecordBlock, record_names

__all__ = ["Collector"]

_Check = Callable[[Floats, tuple[int, ...]], Floats]
"""From the values of a block and their expected shape to the values to keep."""


class Collector:
    """Evaluates the metrics of a plan on blocks of paths as they come, in path order.

    Args:
        plan: What the run keeps.
        first: Number of the first path, a multiple of 1,024.
        n_paths: Number of paths that will be added, 1 or more.
        seed: Seed of the run.
        engine: Name of the engine whose blocks will be added.

    Raises:
        EngineError: A part can't begin at ``first``, has no path, or has paths beyond the last that there is.
        UsageError: There is not enough disk or memory.
    """

    def __init__(self, plan: Plan, first: int, n_paths: int, *, seed: int, engine: str) -> None:
        if n_paths < 1:
            raise EngineError(f"a part has at least one path, not {n_paths}")
        if first < 0 or first % PART_STEP:
            raise EngineError(f"a part begins at 0 or a multiple of {PART_STEP:,}, not at path {first}")
        if first + n_paths - 1 > LARGEST_PATH:
            raise EngineError(f"the last path that there is has the number {LARGEST_PATH:,}")
        self.plan = plan
        self._identity = RunIdentity.of(plan.digest, seed, engine)
        self.first = first
        self.n_paths = n_paths
        window = plan.scheme.window
        self._flows = frozenset(record_names(plan.scheme).flows)
        self._snapshots = {elapsed: row for row, elapsed in enumerate(window.snapshots)}
        self._positions = {name: position for position, name in enumerate(plan.records)}
        self._series_positions = {name: position for position, name in enumerate(plan.series_records)}
        self._checks: dict[str, _Check] = {c.key: partial(_checked, c.metric) for c in plan.columns_needed}
        for aggregate, horizon in plan.aggregates:
            for key in (numerator_key(aggregate, horizon), denominator_key(aggregate, horizon)):
                self._checks[key] = partial(_summed, aggregate)
        self._evaluation = Evaluation(self._wanted())
        self._series_program = Program([m.formula for m in plan.series])
        self._series_of: dict[Formula, list[Metric]] = {}
        for metric in plan.series:
            self._series_of.setdefault(metric.formula, []).append(metric)
        names, series = plan.column_names, [metric.name for metric in plan.series]
        check_need(n_paths, len(names), series_bytes(len(series), window.total, first, n_paths))
        self._columns = make_columns(names, n_paths)
        self._series = make_series(series, window.total, first, n_paths)
        self._added = 0

    def _wanted(self) -> Iterator[Wanted]:
        """Yield what is worked out at snapshots."""
        yield from map(Wanted.of, self.plan.columns_needed)
        window = self.plan.scheme.window
        for aggregate, horizon in self.plan.aggregates:
            end = window.months if horizon == "window" else window.total
            yield Wanted(numerator_key(aggregate, horizon), aggregate.numerator, 0, end)
            yield Wanted(denominator_key(aggregate, horizon), aggregate.denominator, 0, end)

    def add(self, block: RecordBlock) -> None:
        """Evaluate the metrics on the next block of paths.

        Raises:
            EngineError: The block does not follow the previous one, or a formula gives something
                other than one number a path.
        """
        n = len(block.snapshots)
        self._check(block, n)

        def view(start: int, end: int) -> RecordView:
            return self._view(block, start, end)

        with np.errstate(all="ignore"):  # a formula may divide by zero: NaN is its answer then
            for key, values in self._evaluation.values(view):
                self._columns.write(key, self._added, self._checks[key](values, (n,)))
            series = RecordView(self._series_positions, block.series)
            for formula, values in self._series_program.values(series):
                for metric in self._series_of[formula]:
                    checked = _checked(metric, values, (n, self.plan.scheme.window.total))
                    self._series[metric.name].add(checked)
        self._added += n

    def _check(self, block: RecordBlock, n: int) -> None:
        expected = (n, len(self._snapshots), len(self._positions))
        series = (n, self.plan.scheme.window.total, len(self.plan.series_records))
        following = self.first + self._added
        if block.first != following or self._added + n > self.n_paths:
            raise EngineError(
                f"a block of {counted(n, 'path')} from {block.first} on, where {following} is next"
            )
        if block.snapshots.shape != expected:
            raise EngineError(f"snapshots have shape {block.snapshots.shape}, not {expected}")
        if self.plan.series_records and block.series.shape != series:
            raise EngineError(f"series have shape {block.series.shape}, not {series}")

    def _view(self, block: RecordBlock, start: int, end: int) -> RecordView:
        at_end = block.snapshots[:, self._snapshots[end]]
        if start == 0:
            return RecordView(self._positions, at_end)
        return YearView(self._positions, at_end, block.snapshots[:, self._snapshots[start]], self._flows)

    def part(self) -> Part:
        """Return what was collected.

        Raises:
            EngineError: Paths are missing.
        """
        if self._added != self.n_paths:
            raise EngineError(f"{self._added:,} of {counted(self.n_paths, 'path')} have arrived")
        series = {name: sums.part() for name, sums in self._series.items()}
        return Part(self._identity, self.first, self.n_paths, self._columns, series)


def _summed(aggregate: Aggregate, values: Floats, shape: tuple[int, ...]) -> Floats:
    if values.shape != shape or not np.isfinite(values).all():
        raise EngineError(f"{aggregate.name}: its sums need one finite value a path")
    return values


def _checked(metric: Metric, values: Floats, shape: tuple[int, ...]) -> Floats:
    if values.shape != shape:
        raise EngineError(f"{metric.name}: its formula gives shape {values.shape}, not {shape}")
    infinite = np.isinf(values)
    if infinite.any():
        # "In no month" is infinity in the records and "no value" in a metric.
        if metric.unit != "months":
            raise EngineError(f"{metric.name}: its formula gives an infinity")
        values = np.where(infinite, np.nan, values)
    if metric.event and not (np.isnan(values) | (values == 0.0) | (values == 1.0)).all():
        raise EngineError(f"{metric.name}: an event is 0 or 1")
    return values
