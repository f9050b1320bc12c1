"""Arrays that refuse a negative index, for running the kernels as plain Python.

Compiled kernels read what lies before an array where Python would count from its end, so no kernel may
do either.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["strict"]


class _Strict(np.recarray):  # type: ignore[type-arg]
    """A record array without wraparound."""

    def __getitem__(self, index: Any) -> Any:
        _refuse_negative(index)
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        _refuse_negative(index)
        super().__setitem__(index, value)


def _refuse_negative(index: Any) -> None:
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, (int, np.integer)) and part < 0:
            raise IndexError(f"a kernel counts from the end: {index}")


def strict(table: Any) -> Any:
    """Return a table of arrays, and tables in it, with views that refuse negative indices."""
    if isinstance(table, np.ndarray):
        return table.view(_Strict)
    if isinstance(table, tuple):
        return type(table)(*map(strict, table))
    return table
