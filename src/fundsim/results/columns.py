"""Columns of one value a path: in memory, or in a temporary file when they are many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

import numpy as np

from fundsim.results.scratch import ScratchFile
from fundsim.results.statistics import Floats

__all__ = ["Columns", "JoinedColumns", "MemoryColumns", "SpilledColumns", "WritableColumns", "make_columns"]

MEMORY_LIMIT = 128 * 2**20
"""Columns that together need more than this go to a temporary file [bytes]."""


class Columns(Protocol):
    """Read access to columns by name."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        ...

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        ...

    def read(self, name: str, first: int = 0, count: int | None = None) -> Floats:
        """Return paths ``first … first + count − 1`` of a column, by default all of them."""
        ...


class WritableColumns(Columns, Protocol):
    """Columns that are being filled."""

    def write(self, name: str, first: int, values: Floats) -> None:
        """Store the values of paths ``first … first + len(values) − 1``."""
        ...


class MemoryColumns:
    """Columns in memory."""

    def __init__(self, names: Sequence[str], n_paths: int) -> None:
        self._rows = {name: np.full(n_paths, np.nan) for name in names}
        self._n_paths = n_paths

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(self._rows)

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self._n_paths

    def write(self, name: str, first: int, values: Floats) -> None:
        """Store the values of paths from ``first`` on."""
        self._rows[name][first : first + len(values)] = values

    def read(self, name: str, first: int = 0, count: int | None = None) -> Floats:
        """Return a read-only view of paths from ``first`` on."""
        stop = self._n_paths if count is None else first + count
        values = self._rows[name][first:stop]
        values.flags.writeable = False
        return values


class SpilledColumns:
    """Columns in a temporary file, so that ten million paths need the memory of one column."""

    def __init__(self, names: Sequence[str], n_paths: int) -> None:
        self._offsets = {name: 8 * n_paths * position for position, name in enumerate(names)}
        self._n_paths = n_paths
        self._file = ScratchFile()
        self._file.reserve(8 * n_paths * len(self._offsets))

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(self._offsets)

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self._n_paths

    def write(self, name: str, first: int, values: Floats) -> None:
        """Store the values of paths from ``first`` on."""
        self._file.write(self._offsets[name] + 8 * first, np.asarray(values, dtype=np.float64))

    def read(self, name: str, first: int = 0, count: int | None = None) -> Floats:
        """Return a copy of paths from ``first`` on."""
        count = self._n_paths - first if count is None else count
        return self._file.read(self._offsets[name] + 8 * first, np.empty(count))

    def __reduce__(self) -> tuple[Callable[..., WritableColumns], tuple[int, dict[str, Floats]]]:
        # What travels to another process is the content of the file.
        return _filled, (self._n_paths, {name: self.read(name) for name in self.names})


class JoinedColumns:
    """The columns of several parts, one below the other; nothing is copied before it is read."""

    def __init__(self, parts: Sequence[Columns]) -> None:
        """Join parts that have the same names, in path order."""
        self._parts = tuple(parts)
        self._ends = list(accumulate(part.n_paths for part in parts))

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return self._parts[0].names

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self._ends[-1]

    def read(self, name: str, first: int = 0, count: int | None = None) -> Floats:
        """Return a copy of paths from ``first`` on."""
        stop = self.n_paths if count is None else min(first + count, self.n_paths)
        found = [np.empty(0)]
        for at in range(bisect_right(self._ends, first), len(self._parts)):
            begin = self._ends[at] - self._parts[at].n_paths
            if begin >= stop:
                break
            start = max(first, begin)
            found.append(self._parts[at].read(name, start - begin, min(stop, self._ends[at]) - start))
        return np.concatenate(found)


def _filled(n_paths: int, values: Mapping[str, Floats]) -> WritableColumns:
    columns = make_columns(tuple(values), n_paths)
    for name, column in values.items():
        columns.write(name, 0, column)
    return columns


def make_columns(names: Sequence[str], n_paths: int) -> WritableColumns:
    """Return empty columns, in memory while they fit into ``MEMORY_LIMIT``."""
    if 8 * n_paths * len(names) <= MEMORY_LIMIT:
        return MemoryColumns(names, n_paths)
    return SpilledColumns(names, n_paths)
