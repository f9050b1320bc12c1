"""The lending of one run, kept so that runs of other schemes can be given it."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from fundsim.results.plan import Plan
from fundsim.scheme import NewLending, Scheme
from fundsim.simulation import EngineName, prepare

__all__ = ["BaseLending", "same_loans"]

MOST_BYTES = 512 * 2**20
"""Lending that is kept; what is beyond is simulated again each time that it is needed."""
MOST_BYTES_OF_A_COPY = 64 * 2**20
"""The same of a copy that was pickled: workers are many, and outlive the search."""


class BaseLending:
    """What a scheme grants, block by block; simulated when it is first asked for.

    It can be pickled.  What travels is the scheme: a copy simulates what it is asked for where it is.

    Args:
        scheme: the scheme.
        engine: the engine that simulates it.
        most_bytes: lending that is kept.
    """

    def __init__(self, scheme: Scheme, engine: EngineName, most_bytes: int = MOST_BYTES) -> None:
        self.scheme = replace(scheme, metrics=())
        self._engine: EngineName = engine
        self._most_bytes = most_bytes
        self._prepared = prepare(Plan(self.scheme), engine)
        self._known: dict[tuple[int, int, int], NewLending] = {}
        self._bytes = 0
        self._lock = Lock()

    def __call__(self, seed: int, first: int, count: int) -> NewLending:
        """Return what is granted on ``count`` paths from number ``first`` on."""
        key = (seed, first, count)
        with self._lock:
            known = self._known.get(key)
        if known is not None:
            return known
        lending = self._prepared.new_lending(seed, first, count)
        size = lending.granted.nbytes + lending.stopped.nbytes
        with self._lock:
            if key not in self._known and self._bytes + size <= self._most_bytes:
                self._known[key] = lending
                self._bytes += size
        return lending

    def __reduce__(self) -> tuple[type[BaseLending], tuple[Scheme, EngineName, int]]:
        return BaseLending, (self.scheme, self._engine, MOST_BYTES_OF_A_COPY)


def same_loans(one: Scheme, other: Scheme) -> bool:
    """Return whether both schemes lend by the same facilities, segments and size bands, for as long."""
    return _loans(one) == _loans(other)


def _loans(scheme: Scheme) -> object:
    principals = {s.name: tuple(band.principal for band in s.bands) for s in scheme.segments}
    lent = [[(b.segment, principals[b.segment]) for b in f.borrowers] for f in scheme.facilities]
    return scheme.window.months, [f.name for f in scheme.facilities], lent
