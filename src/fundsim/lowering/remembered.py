"""Formulas that several metrics share, worked out once for the same records."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from fundsim.scheme import Records

__all__ = ["Remembered"]

T = TypeVar("T")

RECENT = 2
"""Records that are in use side by side: those of the window's end and of the run-off's."""


class Remembered(Generic[T]):
    """A function of records that keeps its results for the records that it saw last, as long as they live."""

    def __init__(self, function: Callable[[Records], T]) -> None:
        self._function = function
        self._seen: deque[tuple[weakref.ref[Records], T]] = deque(maxlen=RECENT)

    def __call__(self, r: Records) -> T:
        """Return the function's result for these records."""
        for seen, result in self._seen:
            if seen() is r:
                return result
        result = self._function(r)
        if not isinstance(r, dict):  # to which there are no weak references
            self._seen.append((weakref.ref(r), result))
        return result
