"""Record arrays from columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["integers", "table"]


def integers(values: Iterable[int]) -> NDArray[np.int64]:
    """Return a contiguous int64 vector."""
    return np.array(list(values), dtype=np.int64)


def table(dtype: np.dtype[np.void], **columns: ArrayLike) -> Any:
    """Return a contiguous record array; every field of the record type is given as a column.

    Raises:
        ValueError: the columns are not exactly the fields.
    """
    if set(columns) != set(dtype.names or ()):
        raise ValueError(f"columns {sorted(columns)} are not the fields {sorted(dtype.names or ())}")
    # Each column in its field's type at once: a list of large integers would pass through float64.
    arrays = {name: np.asarray(column, dtype=dtype[name]) for name, column in columns.items()}
    filled = np.zeros(next(iter(arrays.values())).shape, dtype=dtype)
    for name, column in arrays.items():
        filled[name] = column
    return filled.view(np.recarray)
