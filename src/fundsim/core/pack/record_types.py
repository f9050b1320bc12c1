"""The one way to make a record type: every field has eight bytes."""

from __future__ import annotations

import numpy as np

__all__ = ["record"]


def record(integers: str = "", reals: str = "", naturals: str = "") -> np.dtype[np.void]:
    """Return a record type from names of int64, float64 and uint64 fields."""
    kinds = ((integers, "i8"), (reals, "f8"), (naturals, "u8"))
    return np.dtype([(name, kind) for names, kind in kinds for name in names.split()])
