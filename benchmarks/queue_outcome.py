"""What the programs for the bridge job say of each path: records of a fund that are no constants here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Outcome", "of_paths"]

Floats = NDArray[np.float64]


class Outcome(NamedTuple):
    """One value a path, shape (paths,); of all requests of the window, until they are settled."""

    n_requests: Floats
    n_queued: Floats
    """Requests that were not served at once."""
    n_served: Floats
    n_refused: Floats
    waiting_days: Floats
    """Summed over the requests."""
    waiting_days_served: Floats
    n_returned: Floats
    use_days: Floats
    """Summed over the uses."""
    out_days: Floats
    """∫ places in use dt over the window."""
    peak_out: Floats
    """Most places in use at once."""


def of_paths(figures: Iterable[tuple[float, ...]]) -> Outcome:
    """Return the figures of paths, one tuple a path, as arrays."""
    return Outcome(*np.array(list(figures), dtype=np.float64).T)
