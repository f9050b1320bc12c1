"""Which metrics a run keeps, and how their columns are called."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from fundsim.errors import UsageError
from fundsim.scheme import Metric, Window

__all__ = ["Column", "Horizon", "Selection", "columns_of", "not_named", "split_name"]

Horizon = Literal["window", "run_off"]


@dataclass(frozen=True, slots=True)
class Column:
    """One metric at one horizon, over the whole time or over one policy year."""

    metric: Metric
    horizon: Horizon
    start: int = 0
    """Elapsed months at which the flows begin to count."""
    end: int = 0
    """Elapsed months at which flows end and stocks are read."""
    year: int | None = None
    """Calendar year in which the policy year starts; None for the whole time."""

    @property
    def name(self) -> str:
        """Name of the metric, with the year if it is one year's."""
        return self.metric.name if self.year is None else f"{self.metric.name}.{self.year}"

    @property
    def key(self) -> str:
        """Name of the column: ``metric@horizon``."""
        return f"{self.name}@{self.horizon}"


def columns_of(metric: Metric, window: Window) -> Iterator[Column]:
    """Yield the columns of a metric: both horizons, then its policy years if it is yearly.

    A year stands at the window's horizon if it ends within the window, else at the run-off's.  The
    last year ends with the simulation and may be shorter than twelve months.  A metric of the run-off
    alone has one column.
    """
    if metric.after_window:
        yield Column(metric, "run_off", window.months, window.total)
        return
    yield Column(metric, "window", 0, window.months)
    yield Column(metric, "run_off", 0, window.total)
    if metric.yearly:
        for start in range(0, window.total, 12):
            end = min(start + 12, window.total)
            horizon: Horizon = "window" if end <= window.months else "run_off"
            yield Column(metric, horizon, start, end, window.year + start // 12)


class Selection:
    """The metrics that a list of glob patterns names; no list names all.

    A pattern is tried against the metric, the metric with its year, and either with its horizon:
    ``*.claims_paid``, ``zhubaodai.claims_paid.2016``, ``zhubaodai.*@run_off``.
    """

    def __init__(self, patterns: Sequence[str] | None) -> None:
        self._patterns = None if patterns is None else tuple(patterns)
        self._used: set[str] = set()
        self._seen: dict[str, None] = {}

    def wants(self, metric: str, *others: str) -> bool:
        """Return whether a metric, under its name or one of its other names, is kept."""
        self._seen[metric] = None
        if self._patterns is None:
            return True
        fitting = [p for p in self._patterns if any(fnmatchcase(n, p) for n in (metric, *others))]
        self._used.update(fitting)
        return bool(fitting)

    def wants_column(self, column: Column) -> bool:
        """Return whether a column is kept."""
        metric = column.metric.name
        return self.wants(metric, f"{metric}@{column.horizon}", column.name, column.key)

    def refuse_idle(self) -> None:
        """Refuse patterns that have named nothing so far.

        Raises:
            UsageError: With the nearest metric's name, if one is near.
        """
        idle = [pattern for pattern in self._patterns or () if pattern not in self._used]
        if not idle:
            return
        raise not_named(idle, list(self._seen))


def not_named(patterns: Sequence[str], names: Sequence[str]) -> UsageError:
    """Return the error of patterns that name no metric, with the name that is nearest to the first."""
    near = difflib.get_close_matches(patterns[0], names, n=1)
    hint, hint_zh = (f" (did you mean {near[0]}?)", f"（是否想写 {near[0]}？）") if near else ("", "")
    listed = ", ".join(patterns)
    return UsageError(
        f"no metric is called {listed}{hint}; 'fundsim list metrics' names them all",
        f"没有名为 {listed} 的指标{hint_zh}；“fundsim list metrics”列出全部指标",
    )


def split_name(name: str) -> tuple[str, Horizon]:
    """Split ``metric@horizon``; without a horizon the end of the run-off is meant.

    >>> split_name("zhubaodai.claims_paid"), split_name("zhubaodai.claims_paid@window")
    (('zhubaodai.claims_paid', 'run_off'), ('zhubaodai.claims_paid', 'window'))
    """
    metric, _, horizon = name.partition("@")
    if horizon not in ("", "window", "run_off"):
        raise UsageError(
            f"{name}: the horizon after '@' is window or run_off", f"{name}：“@”之后应为 window 或 run_off"
        )
    return metric, "window" if horizon == "window" else "run_off"
