"""New lending by facility, segment and band, from and to the arrays that kernels write and read."""

from __future__ import annotations

import numpy as np

from fundsim.core.pack.classes import classes_of
from fundsim.core.pack.memory import holding
from fundsim.core.pack.state import HeldLending, Holding
from fundsim.scheme import NewLending, Scheme

__all__ = ["given_lending", "noted_lending", "room_for_lending"]


def _lent_in(scheme: Scheme) -> list[int]:
    """Return the rows of the classes that new loans are granted in: those after a bridge are left out."""
    return [row for row, one in enumerate(classes_of(scheme)) if not one.fund]


def room_for_lending(scheme: Scheme, count: int, mode: Holding = Holding.NOTED) -> HeldLending:
    """Return empty arrays for the new lending of so many paths."""
    months = scheme.window.months
    return holding(mode, (count, months, len(classes_of(scheme))), (count, months, len(scheme.facilities)))


def noted_lending(scheme: Scheme, held: HeldLending, first: int) -> NewLending:
    """Return what kernels have written down, in the smallest whole numbers that hold it."""
    granted = held.granted[:, :, _lent_in(scheme)]
    smallest = np.min_scalar_type(int(granted.max(initial=0)))
    return NewLending(first, granted.astype(smallest), held.stopped.astype(np.bool_))


def given_lending(scheme: Scheme, lending: NewLending, first: int, count: int) -> HeldLending:
    """Return new lending as kernels read it.

    Raises:
        ValueError: it is not of these paths, months and classes.
    """
    lent_in = _lent_in(scheme)
    held = room_for_lending(scheme, count, Holding.GIVEN)
    shapes = (count, held.granted.shape[1], len(lent_in)), held.stopped.shape
    if lending.first != first or (lending.granted.shape, lending.stopped.shape) != shapes:
        raise ValueError("new lending of other paths, months or classes than the scheme's")
    held.granted[:, :, lent_in] = lending.granted
    held.stopped[:] = lending.stopped
    return held
