"""The loans of a tape as columns of numbers, a million rows in about a second, and every bad row reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundsim.scenario.loan_cells import (
    Cells,
    check_ids,
    is_empty,
    read_numbers,
    read_segments,
)
from fundsim.scenario.loan_columns import COLUMNS, DUE, MAX_LOANS
from fundsim.scenario.loan_csv import read_csv
from fundsim.scenario.loan_dates import read_due
from fundsim.scenario.loan_faults import Faults, RowFault
from fundsim.scenario.loan_header import Layout
from fundsim.scenario.loan_notes import said_of
from fundsim.scenario.loan_parquet import read_parquet
from fundsim.scenario.loan_read import Asked, Note, Read
from fundsim.scenario.loan_totals import without_totals

__all__ = ["Asked", "Loans", "RowFault", "read_loans"]


@dataclass(frozen=True, slots=True, eq=False)
class Loans:
    """The columns of a tape, one entry a loan."""

    names: tuple[str, ...]
    """Segments that occur, in the order of their first row."""
    segment: NDArray[np.int64]
    """Position in ``names``."""
    principal: NDArray[np.float64]
    """[yuan]"""
    months_left: NDArray[np.int64]
    pd: NDArray[np.float64]
    """Yearly; NaN where the tape gives none."""
    lgd: NDArray[np.float64]
    """Mean loss given default; NaN where the tape gives none."""
    lines: NDArray[np.int64]
    """Line of the CSV file, or row of the sheet or the Parquet file, counted from 1."""
    notes: tuple[Note, ...] = ()
    """What is to be said of how the file was read."""
    sheet: str = ""
    """Sheet of a workbook."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Where the columns stand in the sheet, counted from 1."""


def read_loans(
    data: bytes, suffix: str, asked: Asked | None = None
) -> tuple[Loans | None, tuple[RowFault, ...]]:
    """Return the loans of a tape, or None and what is wrong with it, in the order of the lines.

    Args:
        data: content of the file.
        suffix: ``.csv``, ``.parquet`` or ``.xlsx``.
        asked: what the scenario says of it.
    """
    asked = asked or Asked()
    faults: Faults = []
    read = _read(data, suffix, asked, faults)
    if read is None:
        return None, _as_called(faults, None)
    units = _units(read.layout, asked, faults)
    cells, lines = without_totals(*_without_blank_rows(read.cells, read.lines), faults)
    loans = _loans(cells, lines, units, asked, faults)
    if loans is not None:
        notes = (*read.notes, *said_of(read.layout, units, asked))
        loans = replace(loans, notes=notes, sheet=read.sheet, columns=read.positions)
    return (None if faults else loans), _as_called(faults, read)


def _read(data: bytes, suffix: str, asked: Asked, faults: Faults) -> Read | None:
    if suffix == ".csv":
        return read_csv(data, faults)
    if suffix == ".parquet":
        return read_parquet(data, faults)
    from fundsim.scenario.loan_workbook import read_workbook  # noqa: PLC0415  (only workbooks pay for it)

    return read_workbook(data, asked, faults)


def _as_called(faults: Faults, read: Read | None) -> tuple[RowFault, ...]:
    """Return faults in the order of the lines, with the columns as the file calls them, at their cells."""
    if read is not None:
        faults = [_at_cell(fault, read) for fault in faults]
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.character if fault.sheet else 0)))


def _at_cell(fault: RowFault, read: Read) -> RowFault:
    fault = replace(fault, sheet=read.sheet)
    if read.sheet and fault.line:
        first = min(read.positions.values())
        fault = replace(fault, character=read.positions.get(fault.column, first))
    return replace(fault, column=read.layout.called(fault.column))


def _units(layout: Layout, asked: Asked, faults: Faults) -> dict[str, str]:
    """Return the ending of plain numbers by column; report a unit that is stated in two ways."""
    units = {use.column: use.ending for use in layout.uses}
    use = next((use for use in layout.uses if use.column == "principal"), None)
    if use is None or asked.unit is None:
        return units
    ending = asked.unit.removesuffix("元")
    if use.has_unit and use.ending != ending:
        faults.append(RowFault(0, use.heading, None, (
            f"the heading says {use.ending}元, and tape_unit {asked.unit}", "correct one of the two",
            f"表头写的是{use.ending}元，而 tape_unit 为{asked.unit}", "请改正其中一处")))  # fmt: skip
    return {**units, "principal": ending}


def _without_blank_rows(cells: Cells, lines: NDArray[np.int64]) -> tuple[Cells, NDArray[np.int64]]:
    """Leave out rows that spreadsheets leave behind: not a letter in them."""
    # Column by column, as only few rows lack the first one.
    blank = np.ones(lines.size, dtype=bool)
    for column in cells.values():
        blank &= is_empty(column)
        if not blank.any():
            return cells, lines
    kept = np.flatnonzero(~blank)
    return {name: column.take(kept) for name, column in cells.items()}, lines[kept]


def _loans(
    cells: Cells, lines: NDArray[np.int64], units: Mapping[str, str], asked: Asked, faults: Faults
) -> Loans | None:
    if lines.size > MAX_LOANS:
        faults.append(RowFault(0, "", None, (
            f"more than {MAX_LOANS:,} loans", "split them among several instruments",
            f"贷款超过 {MAX_LOANS:,} 笔", "请分到几个政策工具")))  # fmt: skip
        return None
    if not lines.size and not faults:
        message = ("the tape holds no loan", "add rows", "明细中没有贷款", "请添加贷款")
        faults.append(RowFault(0, "", None, message))
    names, segment = read_segments(cells, lines, faults)
    columns = {name: read_numbers(name, cells, lines, faults, units.get(name, "")) for name in COLUMNS}
    if DUE in cells:
        columns["months_left"] = read_due(cells, lines, asked.start, faults)
    check_ids(cells, lines, faults)
    if faults or (DUE in cells and asked.start is None):
        return None
    return Loans(
        names=names,
        segment=_fixed(segment),
        principal=_fixed(columns["principal"]),
        months_left=_fixed(columns["months_left"].astype(np.int64)),
        pd=_fixed(columns["pd"]),
        lgd=_fixed(columns["lgd"]),
        lines=_fixed(lines),
    )


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values
