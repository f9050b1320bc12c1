"""What is wrong with a loan tape: one cell, one row, one column or the whole file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundsim.scenario.faultlist import Message

__all__ = ["MOST_NOTED", "TAKES_IN_ROWS", "Faults", "RowFault", "note", "takes_in_rows"]

MOST_NOTED = 30
"""Faults of one kind that are noted one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell, one row, or the whole file (line 0)."""

    line: int
    column: str
    value: str | None
    message: Message
    count: int = 1
    """Faults that it stands for."""
    character: int = 0
    """Column in the line [characters], or of the sheet; 0 where the cell is named instead."""
    sheet: str = ""
    """Sheet of a workbook, whose rows are the lines."""


Faults = list[RowFault]
TAKES_IN_ROWS: Message = (
    "a quote opens here and takes in whole rows", "close it, or delete it",
    "此处的引号把整行数据包含在内", "请补上右引号，或删去该引号",
)  # fmt: skip


def takes_in_rows(cell: str, columns: int) -> bool:
    """Return whether a cell has lines, and one of them so many commas as a row."""
    return "\n" in cell and any(line.count(",") >= columns - 1 for line in cell.split("\n"))


def note(faults: Faults, rows: NDArray[np.integer[Any]], describe: Callable[[int], RowFault]) -> None:
    """Add the faults of some rows: the first ones one by one, the rest as a count."""
    faults += [describe(int(row)) for row in rows[:MOST_NOTED]]
    if rows.size > MOST_NOTED:
        more = describe(int(rows[MOST_NOTED]))
        faults.append(RowFault(more.line, more.column, more.value, more.message, int(rows.size) - MOST_NOTED))
