"""What is known of a part of a run's paths, and how parts become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fundsim.errors import EngineError
from fundsim.results.columns import Columns, JoinedColumns
from fundsim.results.identity import RunIdentity
from fundsim.results.series import CHUNK, SeriesPart, joined

__all__ = ["PART_STEP", "Part", "merge"]

PART_STEP = CHUNK
"""A part begins at a multiple of so many paths, so that no chunk of a sum lies in two parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """Paths ``first … first + n_paths − 1`` of a run; it can be pickled.

    It holds nothing that was added up over more than a chunk of paths: whichever way a run is split, its
    figures come from the same sums in the same order.
    """

    identity: RunIdentity
    """The run that it is a part of."""
    first: int
    n_paths: int
    columns: Columns
    """One value a path: of every metric, horizon and year of the plan, and of the sums of its aggregates."""
    series: Mapping[str, SeriesPart]


def merge(parts: Iterable[Part]) -> Part:
    """Return parts that follow each other, in whatever order they come, as one.

    Merged parts can be merged further; how they were merged leaves no trace.

    Raises:
        EngineError: There is none, one is missing or there twice, or they are not of one run.
    """
    ordered = sorted(parts, key=lambda part: part.first)
    if not ordered:
        raise EngineError("there is no part to merge")
    head = ordered[0]
    following = head.first
    for part in ordered:
        if part.first != following:
            raise EngineError(f"a part begins at path {part.first}, where {following} is next")
        if part.first % PART_STEP:
            raise EngineError(f"a part begins at a multiple of {PART_STEP:,}, not at path {part.first}")
        difference = head.identity.difference(part.identity)
        if difference is not None:
            raise EngineError(f"the part from path {part.first} on is of another run: {difference}")
        if part.columns.names != head.columns.names or part.series.keys() != head.series.keys():
            raise EngineError(f"the part from path {part.first} on keeps other metrics than the first")
        following += part.n_paths
    if len(ordered) == 1:
        return head
    return Part(
        head.identity,
        head.first,
        following - head.first,
        JoinedColumns([part.columns for part in ordered]),
        {name: joined([part.series[name] for part in ordered]) for name in head.series},
    )
