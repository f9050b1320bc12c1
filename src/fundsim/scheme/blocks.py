"""What an engine hands over: the records of a block of consecutive paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme.scheme import Scheme

__all__ = ["Engine", "LendingOf", "LoggedRequest", "NewLending", "Prepared", "RecordBlock"]


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """Records of the paths ``first … first + n − 1``.

    Formulas read one record after the other, so an engine does well to lay a record's paths side by side.
    """

    first: int
    snapshots: NDArray[np.float64]
    """Shape (n, snapshots, records): the records asked for at ``window.snapshots``."""
    series: NDArray[np.float64]
    """Shape (n, months, series records): the month-end values of the records asked for."""


@dataclass(frozen=True, slots=True)
class NewLending:
    """What was granted at step 8 of the window's months on the paths ``first … first + n − 1``.

    It can be given to runs of other schemes with the same facilities, segments and size bands
    (``docs/definitions.md``, "Lending held").
    """

    first: int
    granted: NDArray[np.integer[Any]]
    """Loans granted, shape (n, months, classes): by facility, then by borrowers, then by size band."""
    stopped: NDArray[np.bool_]
    """Whether a breaker stopped renewals from this step 8 on, shape (n, months, facilities)."""


LendingOf = Callable[[int, int, int], NewLending]
"""Gives new lending from seed, first path and number of paths; called from several threads at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """Something that happened to one request to a bridge fund."""

    fund: str
    serial: int
    """Number of the request among those to its fund on the path, from 1."""
    what: str
    """``asks``, ``served``, ``unserved``, ``returns``, ``pays_fee`` or ``falls_overdue``."""
    book: str
    """``facility/segment`` of its loan; empty for a request given directly."""
    day: float
    """Days from the window's start."""
    amount: float
    """[yuan]"""


class Prepared(Protocol):
    """A scheme made ready by an engine; safe to call from several threads at once."""

    def run(self, seed: int, first: int, count: int, lending: NewLending | None = None) -> RecordBlock:
        """Simulate ``count`` paths from number ``first`` on, with another run's new lending if it is given.

        Raises:
            ValueError: the lending is not of these paths, months and classes.
        """
        ...

    def new_lending(self, seed: int, first: int, count: int) -> NewLending:
        """Simulate the same paths and return what is granted on them."""
        ...


class Engine(Protocol):
    """An engine: ``core`` or ``reference``."""

    def __call__(
        self, scheme: Scheme, series: tuple[str, ...], records: tuple[str, ...] | None = None
    ) -> Prepared:
        """Prepare a scheme.

        Args:
            scheme: the lowered scheme.
            series: names of the records wanted at each month's end.
            records: names of the records wanted at snapshots; all, in the order of ``record_names``,
                unless given.
        """
        ...
