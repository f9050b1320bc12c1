"""The one way to make a record type: every field has eight bytes."""

from __future__ import annotations

import numpy as np

__all__ = ["record"]


def record(integers: str = "", reals: str = "", naturals: str = "") -> np.dtype[np.void]:
    """Return a record type from names of int64, float64 and uint64 fields.

    Raises:
        ValueError: a name is one that NumPy's records have themselves, such as ``size`` or ``mean``: kernels
            that run as plain Python would read that in place of the field.
    """
    kinds = ((integers, "i8"), (reals, "f8"), (naturals, "u8"))
    fields = [(name, kind) for names, kind in kinds for name in names.split()]
    if hidden := [name for name, _ in fields if hasattr(np.record, name)]:
        raise ValueError(f"a record of NumPy hides the fields {hidden}")
    return np.dtype(fields)
