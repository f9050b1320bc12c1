"""What the readers of files hand on: the columns of a tape, where its rows stand, and what is to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from fundsim.scenario.loan_cells import Cells, Lines
from fundsim.scenario.loan_header import Layout
from fundsim.year_month import YearMonth

__all__ = ["Asked", "Note", "Read", "with_aside"]

Note = tuple[str, str]
"""What is said of a file that was read, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Read:
    """The columns of a file."""

    cells: Cells
    """Columns of the tape by name, then those that are not used: one may hold the word of a total."""
    lines: Lines
    layout: Layout
    notes: tuple[Note, ...] = ()
    sheet: str = ""
    """Sheet of a workbook."""
    positions: Mapping[str, int] = field(default_factory=dict)
    """Where the columns of the tape stand in the sheet, counted from 1."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scenario says of a tape."""

    start: YearMonth | None = None
    """First month of the window; None where it can't be read."""
    unit: str | None = None
    """Unit of amounts without one, such as 万元."""
    sheet: str | None = None
    """Sheet of a workbook."""


def with_aside(cells: Cells, columns: Sequence[pa.ChunkedArray], layout: Layout) -> Cells:
    """Return the columns of a tape with those of texts that are not used behind them, named by position."""
    used = {use.position for use in layout.uses}
    aside = {f"{at}": column for at, column in enumerate(columns) if at not in used}
    return {**cells, **aside}
