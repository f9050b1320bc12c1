"""What is wrong with a loan tape: one cell, one row, one column or the whole file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundsim.scenario.faultlist import Told

__all__ = ["MOST_NOTED", "Faults", "RowFault", "note"]

MOST_NOTED = 30
"""Faults of one kind that are noted one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell, one row, or the whole file (line 0)."""

    line: int
    column: str
    value: str | None
    told: Told
    count: int = 1
    """Faults that it stands for."""
    character: int = 0
    """Column in the line [characters], 0 where the cell is named instead."""


Faults = list[RowFault]


def note(faults: Faults, rows: NDArray[np.integer[Any]], describe: Callable[[int], RowFault]) -> None:
    """Add the faults of some rows: the first ones one by one, the rest as a count."""
    faults += [describe(int(row)) for row in rows[:MOST_NOTED]]
    if rows.size > MOST_NOTED:
        more = describe(int(rows[MOST_NOTED]))
        faults.append(RowFault(more.line, more.column, more.value, more.told, int(rows.size) - MOST_NOTED))
