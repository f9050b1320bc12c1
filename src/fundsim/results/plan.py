"""What a run keeps of a scheme, and which records it asks of an engine for that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from fundsim.errors import EngineError
from fundsim.results.dependence import pairs_of
from fundsim.results.identity import scheme_digest
from fundsim.results.selection import Column, Horizon, Selection, columns_of
from fundsim.results.targets import columns_of_targets
from fundsim.scheme import Aggregate, Formula, LawFigure, Metric, Scheme, record_names
from fundsim.scheme.formula import parts_of
from fundsim.scheme.records import RecordNames

__all__ = ["Plan", "denominator_key", "numerator_key", "sum_keys"]

HORIZONS: tuple[Horizon, ...] = ("window", "run_off")


class Plan:
    """What a run keeps; the same for every part of its paths, and for what is made of all of them.

    Args:
        scheme: The scheme that the engine runs.
        keep: Glob patterns of the metrics to keep; None keeps all.

    Raises:
        UsageError: A pattern of ``keep`` names no metric.
        EngineError: A formula reads a record that there is not.
    """

    def __init__(self, scheme: Scheme, keep: tuple[str, ...] | None = None) -> None:
        self.scheme = scheme
        self.keep = keep
        selection = Selection(keep)
        metrics = [m for m in scheme.metrics if isinstance(m, Metric)]
        candidates = [c for metric in metrics for c in columns_of(metric, scheme.window)]
        self.columns: list[Column] = [c for c in candidates if selection.wants_column(c)]
        """Metrics by horizon and year of which every path's value is kept."""
        self.aggregates: list[tuple[Aggregate, Horizon]] = [
            (a, horizon)
            for a in scheme.metrics
            if isinstance(a, Aggregate)
            for horizon in HORIZONS
            if selection.wants(a.name, f"{a.name}@{horizon}")
        ]
        self.law_figures: list[tuple[LawFigure, Column]] = [
            (figure, column)
            for figure in scheme.metrics
            if isinstance(figure, LawFigure)
            for column in columns_of(figure.metric, scheme.window)
            if column.year is None and selection.wants(figure.name, f"{figure.name}@{column.horizon}")
        ]
        """Figures of a law that have a name, each with the column of its metric."""
        selection.refuse_idle()
        self.targets = columns_of_targets(scheme.targets, candidates)
        """Targets, each with the column on which it is judged."""
        self.columns_needed = self._with_laws()
        """The columns kept, and those that only a named figure of a law or a target needs."""
        self.dependent = pairs_of(self.columns)
        """Columns kept, two by two, of which it is reported how they go together."""
        planned = {c.metric.name for c in self.columns}
        self.series = [m for m in metrics if m.series and m.name in planned]
        """Metrics that are kept month by month."""
        names = record_names(scheme)
        self.records = self._find_records(names)
        """Names of the records wanted at snapshots, in the order of a block's."""
        self.series_records = self._find_series_records(names)
        """Names of the records wanted at each month's end, in the order of a block's series."""

    @cached_property
    def digest(self) -> str:
        """Digest of the scheme [32 hex digits]."""
        return scheme_digest(self.scheme)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns of one value a path: of the metrics, and of the sums of aggregates."""
        hidden = [key(a, h) for a, h in self.aggregates for key in (numerator_key, denominator_key)]
        return [c.key for c in self.columns_needed] + hidden

    def _with_laws(self) -> list[Column]:
        columns = {column.key: column for column in self.columns}
        for _, column in (*self.law_figures, *self.targets):
            columns.setdefault(column.key, column)
        return list(columns.values())

    def _find_records(self, names: RecordNames) -> tuple[str, ...]:
        formulas = [(column.metric.name, column.metric.formula) for column in self.columns_needed]
        for aggregate, _ in self.aggregates:
            formulas += [(aggregate.name, aggregate.numerator), (aggregate.name, aggregate.denominator)]
        return _records_of(formulas, names.all, "at a snapshot")

    def _find_series_records(self, names: RecordNames) -> tuple[str, ...]:
        formulas = [(metric.name, metric.formula) for metric in self.series]
        return _records_of(formulas, names.flows + names.stocks + names.months, "month by month")


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


def numerator_key(aggregate: Aggregate, horizon: str) -> str:
    """Name of the hidden column that holds an aggregate's numerator."""
    return sum_keys(aggregate.name, horizon)[0]


def denominator_key(aggregate: Aggregate, horizon: str) -> str:
    """Name of the hidden column that holds an aggregate's denominator."""
    return sum_keys(aggregate.name, horizon)[1]


def sum_keys(aggregate: str, horizon: str) -> tuple[str, str]:
    """Names of the hidden columns of a ratio's numerator and denominator, from the ratio's name."""
    return f"/numerator/{aggregate}@{horizon}", f"/denominator/{aggregate}@{horizon}"
