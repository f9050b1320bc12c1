"""Rows of a loan tape that add up others: no loans, and reported as what they are.

A spreadsheet often ends in such a row.  What its empty cells lack is not asked for: filled in, the total
would count as one more loan.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_cells import Cells, is_empty, read_numbers
from fundsim.scenario.loan_columns import DUE, NAMES
from fundsim.scenario.loan_faults import Faults, RowFault, note

__all__ = ["TOTALS", "names_total", "without_totals"]

TOTALS: Message = (
    "this looks like a totals line", "delete it: each row is one loan",
    "该行像是合计行", "请删去该行：每行为一笔贷款",
)  # fmt: skip
_BLANK = "[ \t\u3000]"
_FIGURES = "[ \t\u3000:：()（）,.，。0-9共笔户家条元万亿]*"
_CHINESE = f"(?:[合总小共]{_BLANK}*计|总和|总额|汇总){_FIGURES}"
_ENGLISH = f"(?i:(?:(?:grand|sub)[ -]*)?totals?|sums?)(?:[ :：(（]{_FIGURES})?"
_BARE_TOTAL = f"^(?:{_CHINESE}|{_ENGLISH})$"
"""A text such as 合计, 合计（3笔）or Total:, and no number of a loan such as SUM12."""
_TOTAL = f"^(?:[^\\s:：]{{0,40}}?{_CHINESE}|{_ENGLISH})$"
"""That, or a text such as 制造业小计: the row must lack something, since a segment may have such a name."""
_UNITS = (1.0, 1e3, 1e4, 1e6, 1e7, 1e8)
"""What a total may be counted in while the cells above it have their units [yuan]."""
_ROUNDING = 1e-6
"""Relative difference between a total and its sum that rounding may make."""


def names_total(texts: list[str]) -> bool:
    """Return whether one of the cells of a row says that it is a total."""
    return any(re.fullmatch(_BARE_TOTAL, text.strip().strip('"')) for text in texts)


def without_totals(cells: Cells, lines: NDArray[np.int64], faults: Faults) -> tuple[Cells, NDArray[np.int64]]:
    """Return the rows that are loans; report those that add up others."""
    if lines.size < 2 or not cells:
        return cells, lines
    lacking = _lacking(cells, lines.size)
    found = _named(cells, lacking)
    rest = np.flatnonzero(~found)
    if rest.size > 2 and lacking[rest[-1]] and _adds_up(cells, lines, rest):
        found[rest[-1]] = True
    if not found.any():
        return cells, lines
    note(faults, np.flatnonzero(found), lambda row: RowFault(int(lines[row]), "", None, TOTALS))
    kept = np.flatnonzero(~found)
    return {name: column.take(kept) for name, column in cells.items()}, lines[kept]


def _lacking(cells: Cells, rows: int) -> NDArray[np.bool_]:
    """Return the rows that lack what every loan has."""
    lacking = np.zeros(rows, dtype=bool)
    for name in ("segment", "months_left", DUE):
        if name in cells:
            lacking |= is_empty(cells[name])
    return lacking


def _named(cells: Cells, lacking: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows say that they are totals."""
    found = np.zeros(lacking.size, dtype=bool)
    rows = np.flatnonzero(lacking)
    for column in cells.values():
        if pa.types.is_string(column.type) and rows.size:
            found[rows] |= pc.match_substring_regex(column.take(rows), _TOTAL).to_numpy()
    # The last row may have an average term; its word must be one that no other loan has.
    last = lacking.size - 1
    for name in ("segment", "id"):
        if name in cells and pa.types.is_string(cells[name].type):
            text = cells[name][last].as_py()
            if re.match(_BARE_TOTAL, text) and pc.sum(pc.equal(cells[name], text)).as_py() == 1:
                found[last] = True
    return found


def _adds_up(cells: Cells, lines: NDArray[np.int64], rows: NDArray[np.int64]) -> bool:
    """Return whether the principal of the last of some rows is the sum of the others'."""
    if "principal" not in cells:
        return False
    column = cells["principal"].take(rows)
    if pa.types.is_string(column.type):
        # Cells that are reported for full-width digits count as what they mean.
        column = pc.utf8_normalize(column, "NFKC")
    amounts = read_numbers("principal", {"principal": column}, lines[rows], [])
    total, above = float(amounts[-1]), float(np.nansum(amounts[:-1]))
    if np.isnan(amounts[:-1]).any() and total > above:
        # The sum isn't known; a row of nothing but an amount above all others together is one.
        last = {name: cells[name].take(rows[-1:]) for name in cells if name in NAMES and name != "principal"}
        return all(is_empty(cell).all() for cell in last.values())
    return any(abs(total * unit - above) <= _ROUNDING * above for unit in _UNITS)
