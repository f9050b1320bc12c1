"""The loans of a tape as columns of numbers, a million rows in about a second, and every bad row reported."""

from __future__ import annotations

from dataclasses import dataclass
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
from fundsim.scenario.loan_columns import COLUMNS, MAX_LOANS
from fundsim.scenario.loan_csv import read_csv
from fundsim.scenario.loan_faults import Faults, RowFault
from fundsim.scenario.loan_parquet import read_parquet
from fundsim.scenario.loan_totals import without_totals

__all__ = ["Loans", "RowFault", "read_loans"]


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
    """Line of the CSV file, or row of the Parquet file, counted from 1."""


def read_loans(data: bytes, suffix: str) -> tuple[Loans | None, tuple[RowFault, ...]]:
    """Return the loans of a tape, or None and what is wrong with it, in the order of the lines.

    Args:
        data: content of the file.
        suffix: ``.csv`` or ``.parquet``.
    """
    faults: Faults = []
    found = read_csv(data, faults) if suffix == ".csv" else read_parquet(data, faults)
    loans = None if found is None else _loans(*without_totals(*_without_blank_rows(*found), faults), faults)
    return (None if faults else loans), tuple(sorted(faults, key=lambda fault: fault.line))


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


def _loans(cells: Cells, lines: NDArray[np.int64], faults: Faults) -> Loans | None:
    if lines.size > MAX_LOANS:
        faults.append(RowFault(0, "", None, (
            f"more than {MAX_LOANS:,} loans", "split them among several instruments",
            f"贷款超过 {MAX_LOANS:,} 笔", "请分到几个政策工具")))  # fmt: skip
        return None
    if not lines.size and not faults:
        message = ("the tape holds no loan", "add rows", "明细中没有贷款", "请添加贷款")
        faults.append(RowFault(0, "", None, message))
    names, segment = read_segments(cells, lines, faults)
    columns = {name: read_numbers(name, cells, lines, faults) for name in COLUMNS}
    check_ids(cells, lines, faults)
    if faults:
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
