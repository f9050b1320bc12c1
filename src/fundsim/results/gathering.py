"""Parts of a run that come in any order, from other processes or machines, put where they belong."""

from __future__ import annotations

from fundsim.errors import EngineError
from fundsim.results.columns import make_columns
from fundsim.results.identity import RunIdentity
from fundsim.results.part import Part
from fundsim.results.series import SeriesPart, joined

__all__ = ["Gathering"]


class Gathering:
    """Makes the part of paths ``first … first + n_paths − 1`` of smaller ones, each of which it forgets.

    Large columns go to a temporary file, as those of a run in one process do.
    """

    def __init__(self, identity: RunIdentity, first: int, n_paths: int) -> None:
        self._identity = identity
        self._first = first
        self._n_paths = n_paths
        self._names: tuple[str, ...] = ()
        self._series: dict[int, dict[str, SeriesPart]] = {}
        self._done = 0

    @property
    def done(self) -> int:
        """Number of paths that have come."""
        return self._done

    def add(self, part: Part) -> None:
        """Take over a part.

        Raises:
            EngineError: it is of another run or keeps other metrics, or it is there already.
        """
        difference = self._identity.difference(part.identity)
        if difference is not None:
            raise EngineError(f"the part from path {part.first} on is of another run: {difference}")
        if part.first in self._series:
            raise EngineError(f"the part from path {part.first} on is there twice")
        names = part.columns.names
        if not self._series:
            self._names = names
            self._columns = make_columns(names, self._n_paths)
        if names != self._names:
            raise EngineError(f"the part from path {part.first} on keeps other metrics than the first")
        for name in names:
            self._columns.write(name, part.first - self._first, part.columns.read(name))
        self._series[part.first] = dict(part.series)
        self._done += part.n_paths

    def whole(self) -> Part:
        """Return all paths as one part.

        Raises:
            EngineError: paths are missing.
        """
        if self._done != self._n_paths:
            raise EngineError(f"{self._done} of {self._n_paths} paths have come")
        in_order = [self._series[first] for first in sorted(self._series)]
        series = {name: joined([part[name] for part in in_order]) for name in in_order[0]}
        return Part(self._identity, self._first, self._n_paths, self._columns, series)
