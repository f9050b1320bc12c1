"""What a run has collected before any figure is taken from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundsim.results.columns import Columns
from fundsim.results.selection import Column, Horizon
from fundsim.results.series import Fan
from fundsim.scheme import Aggregate, LawFigure

__all__ = ["Collected", "denominator_key", "numerator_key"]


@dataclass(frozen=True, slots=True)
class Collected:
    """The values of every path, and the fan charts."""

    columns: Columns
    """The planned columns by key, and the sums of the aggregates by their hidden keys."""
    planned: Sequence[Column]
    aggregates: Sequence[tuple[Aggregate, Horizon]]
    law_figures: Sequence[tuple[LawFigure, Column]]
    """Figures of a law that have a name, each with the column of its metric."""
    fans: Mapping[str, Fan]


def numerator_key(aggregate: Aggregate, horizon: str) -> str:
    """Name of the hidden column that holds an aggregate's numerator."""
    return f"/numerator/{aggregate.name}@{horizon}"


def denominator_key(aggregate: Aggregate, horizon: str) -> str:
    """Name of the hidden column that holds an aggregate's denominator."""
    return f"/denominator/{aggregate.name}@{horizon}"
