"""From the records of blocks of paths to one value a path and metric."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from fundsim.errors import EngineError
from fundsim.metrics.program import Program
from fundsim.results.collected import Collected, denominator_key, numerator_key
from fundsim.results.columns import make_columns
from fundsim.results.evaluation import Evaluation, Wanted
from fundsim.results.manifest import Run, manifest
from fundsim.results.model import Results
from fundsim.results.need import check_need
from fundsim.results.selection import Column, Horizon, Selection, columns_of
from fundsim.results.series import make_series, series_bytes
from fundsim.results.statistics import Floats
from fundsim.results.summary import summarise
from fundsim.results.views import RecordView, YearView
from fundsim.scheme import Aggregate, Formula, LawFigure, Metric, RecordBlock, Scheme, record_names
from fundsim.scheme.formula import parts_of
from fundsim.scheme.records import RecordNames

__all__ = ["Collector"]

_Check = Callable[[Floats, tuple[int, ...]], Floats]
"""From the values of a block and their expected shape to the values to keep."""
HORIZONS: tuple[Horizon, ...] = ("window", "run_off")


class Collector:
    """Evaluates the metrics of a scheme on blocks of paths as they come, in path order.

    Args:
        scheme: The scheme that the engine runs.
        n_paths: Number of paths that will be added.
        keep: Glob patterns of the metrics to keep; None keeps all.

    Raises:
        UsageError: A pattern of ``keep`` names no metric, or there is not enough disk or memory.
    """

    def __init__(self, scheme: Scheme, n_paths: int, keep: tuple[str, ...] | None = None) -> None:
        self.scheme = scheme
        self.n_paths = n_paths
        self._keep = keep
        names = record_names(scheme)
        self._flows = frozenset(names.flows)
        self._snapshots = {elapsed: row for row, elapsed in enumerate(scheme.window.snapshots)}
        self._plan(keep)
        self.records = self._find_records(names)
        """Names of the records wanted at snapshots, in the order of a block's."""
        self._positions = {name: position for position, name in enumerate(self.records)}
        self.series_records = self._find_series_records(names)
        """Names of the records wanted at each month's end, in the order of a block's series."""
        self._series_positions = {name: position for position, name in enumerate(self.series_records)}
        self._evaluation = Evaluation(self._wanted())
        self._series_program = Program([m.formula for m in self._series_metrics])
        self._series_of: dict[Formula, list[Metric]] = {}
        for metric in self._series_metrics:
            self._series_of.setdefault(metric.formula, []).append(metric)
        self._series = make_series([m.name for m in self._series_metrics], scheme.window.total, n_paths)
        self._next = 0

    def _plan(self, keep: tuple[str, ...] | None) -> None:
        selection = Selection(keep)
        metrics = [m for m in self.scheme.metrics if isinstance(m, Metric)]
        aggregates = [m for m in self.scheme.metrics if isinstance(m, Aggregate)]
        candidates = [c for metric in metrics for c in columns_of(metric, self.scheme.window)]
        self._columns_planned = [c for c in candidates if selection.wants_column(c)]
        self._aggregates = [
            (a, horizon)
            for a in aggregates
            for horizon in HORIZONS
            if selection.wants(a.name, f"{a.name}@{horizon}")
        ]
        self._law_figures = [
            (figure, column)
            for figure in self.scheme.metrics
            if isinstance(figure, LawFigure)
            for column in columns_of(figure.metric, self.scheme.window)
            if column.year is None and selection.wants(figure.name, f"{figure.name}@{column.horizon}")
        ]
        selection.refuse_idle()
        self._columns_needed = self._with_laws(self._columns_planned)
        planned = {c.metric.name for c in self._columns_planned}
        self._series_metrics = [m for m in metrics if m.series and m.name in planned]
        n_columns = len(self._columns_needed) + 2 * len(self._aggregates)
        check_need(
            self.n_paths,
            n_columns,
            series_bytes(len(self._series_metrics), self.scheme.window.total, self.n_paths),
        )
        self._checks: dict[str, _Check] = {c.key: partial(_checked, c.metric) for c in self._columns_needed}
        for aggregate, horizon in self._aggregates:
            for key in (numerator_key(aggregate, horizon), denominator_key(aggregate, horizon)):
                self._checks[key] = partial(_summed, aggregate)
        self._columns = make_columns(list(self._checks), self.n_paths)

    def _with_laws(self, planned: list[Column]) -> list[Column]:
        """Return columns and those that only a named figure of a law needs."""
        columns = {column.key: column for column in planned}
        for _, column in self._law_figures:
            columns.setdefault(column.key, column)
        return list(columns.values())

    def _find_records(self, names: RecordNames) -> tuple[str, ...]:
        formulas = [(column.metric.name, column.metric.formula) for column in self._columns_needed]
        for aggregate, _ in self._aggregates:
            formulas += [(aggregate.name, aggregate.numerator), (aggregate.name, aggregate.denominator)]
        return _records_of(formulas, names.all, "at a snapshot")

    def _find_series_records(self, names: RecordNames) -> tuple[str, ...]:
        formulas = [(metric.name, metric.formula) for metric in self._series_metrics]
        return _records_of(formulas, names.flows + names.stocks + names.months, "month by month")

    def _wanted(self) -> Iterator[Wanted]:
        """Yield what is worked out at snapshots."""
        yield from map(Wanted.of, self._columns_needed)
        window = self.scheme.window
        for aggregate, horizon in self._aggregates:
            end = window.months if horizon == "window" else window.total
            yield Wanted(numerator_key(aggregate, horizon), aggregate.numerator, 0, end)
            yield Wanted(denominator_key(aggregate, horizon), aggregate.denominator, 0, end)

    def add(self, block: RecordBlock) -> None:
        """Evaluate the metrics on the next block of paths.

        Raises:
            EngineError: The block doesn't follow the last one, or a formula breaks its promise
                (shape, an infinity, an event other than 0 or 1).
        """
        n = len(block.snapshots)
        self._check(block, n)

        def view(start: int, end: int) -> RecordView:
            return self._view(block, start, end)

        with np.errstate(all="ignore"):  # a formula may divide by zero: NaN is its answer then
            for key, values in self._evaluation.values(view):
                self._columns.write(key, self._next, self._checks[key](values, (n,)))
            series = RecordView(self._series_positions, block.series)
            for formula, values in self._series_program.values(series):
                for metric in self._series_of[formula]:
                    checked = _checked(metric, values, (n, self.scheme.window.total))
                    self._series[metric.name].add(checked)
        self._next += n

    def _check(self, block: RecordBlock, n: int) -> None:
        expected = (n, len(self._snapshots), len(self._positions))
        series = (n, self.scheme.window.total, len(self.series_records))
        if block.first != self._next or self._next + n > self.n_paths:
            raise EngineError(f"a block of {n} paths from {block.first} on, where {self._next} is next")
        if block.snapshots.shape != expected:
            raise EngineError(f"snapshots have shape {block.snapshots.shape}, not {expected}")
        if self.series_records and block.series.shape != series:
            raise EngineError(f"series have shape {block.series.shape}, not {series}")

    def _view(self, block: RecordBlock, start: int, end: int) -> RecordView:
        at_end = block.snapshots[:, self._snapshots[end]]
        if start == 0:
            return RecordView(self._positions, at_end)
        return YearView(self._positions, at_end, block.snapshots[:, self._snapshots[start]], self._flows)

    def finish(self, run: Run) -> Results:
        """Return the results of the run, with every figure and its error.

        Raises:
            EngineError: Paths are missing.
        """
        if self._next != self.n_paths:
            raise EngineError(f"{self._next} of {self.n_paths} paths have arrived")
        fans = {name: sums.finish() for name, sums in self._series.items()}
        collected = Collected(self._columns, self._columns_planned, self._aggregates, self._law_figures, fans)
        facts = manifest(run, self.scheme, self.n_paths, self._keep)
        return Results(
            manifest=facts,
            summary=summarise(collected),
            columns=self._columns,
            column_keys=tuple(c.key for c in self._columns_planned),
            fans=fans,
            tape_folders=run.tape_folders,
        )


def _records_of(
    formulas: Iterable[tuple[str, Formula]], known: tuple[str, ...], moment: str
) -> tuple[str, ...]:
    """Return the records that named formulas read, each once."""
    named = dict.fromkeys(formulas)
    parts = parts_of(formula for _, formula in named)
    read = tuple(dict.fromkeys(part.record for part in parts if part.record is not None))
    for record in sorted(set(read) - set(known)):
        name = next(name for name, formula in named if record in formula.records)
        raise EngineError(f"{name}: there is no record {record!r} {moment}")
    return read


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
