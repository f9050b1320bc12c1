"""An opening stock given as an amount or a number, as whole loans by segment, band and months left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fundsim.instruments.lending import OpeningStock
from fundsim.instruments.part import Context
from fundsim.scheme import OpeningLoans

__all__ = ["Opening", "opening_of"]


class Opening(NamedTuple):
    """Whole loans, and what they leave of the stated stock."""

    loans: tuple[OpeningLoans, ...]
    left: float
    """Stated less placed, in yuan for an amount and in loans for a number; negative if more was placed."""


class _Cell(NamedTuple):
    """Loans that are alike before the first month."""

    segment: str
    band: int
    months_left: int
    expected: float
    """Loans of this kind in the stated stock, a fraction."""
    size: float
    """What one of them counts: what it owes [yuan] for an amount, 1 for a number."""


def opening_of(
    stock: OpeningStock | None,
    shares: Mapping[str, float],
    context: Context,
    part: float = 1.0,
    carried: float = 0.0,
    seasonality: Sequence[float] = (),
) -> Opening:
    """Return a part of the opening stock as whole loans.

    An amount is what is outstanding: an amortising loan with r of n months left counts s_{n−r+1} of its
    principal.  It is met within half of the smallest loan: cells are rounded from large loans to small ones,
    and what one leaves is carried to the next.

    Args:
        stock: the stated stock; a tape has no part in it.
        shares: segments and their shares of it.
        context: the scenario around it.
        part: the part of the stock that is placed here.
        carried: what the rounding of the parts before this one has left, in the unit of ``Opening.left``.
        seasonality: weights of the calendar months in which loans are granted; empty for equal ones.
    """
    if stock is None or stock.tape is not None:
        return Opening((), 0.0)
    cells = [
        cell
        for name, share in shares.items()
        for cell in _cells(stock, name, part * share, context, seasonality)
    ]
    # Stable: loans of one size stay in the order of segments, bands and months.
    placed = _placed(sorted(cells, key=lambda cell: -cell.size), carried)
    order = {(cell.segment, cell.band, cell.months_left): number for number, cell in enumerate(cells)}
    loans = sorted(placed.loans, key=lambda o: order[o.segment, o.band, o.months_left])
    return Opening(tuple(loans), placed.left)


def _cells(
    stock: OpeningStock, name: str, share: float, context: Context, seasonality: Sequence[float]
) -> Iterable[_Cell]:
    segment = context.segments[name]
    months = (
        range(1, segment.term_months + 1)
        if stock.months_left is None
        else [min(stock.months_left, segment.term_months)]
    )
    weights = _weights(months, segment.term_months, context, seasonality)
    whole = math.fsum(weights)

    def owed(left: int) -> float:
        return segment.outstanding_share[-left] if segment.outstanding_share else 1.0

    mean = math.fsum(b.principal * b.probability for b in segment.bands)
    mean *= math.fsum(w * owed(left) for w, left in zip(weights, months, strict=True)) / whole
    loans = share * (stock.loans if stock.amount is None else stock.amount / mean)  # type: ignore[operator]
    for band, law in enumerate(segment.bands):
        for weight, left in zip(weights, months, strict=True):
            size = 1.0 if stock.amount is None else law.principal * owed(left)
            yield _Cell(name, band, left, weight * (loans * law.probability) / whole, size)


def _weights(
    months: Sequence[int], term_months: int, context: Context, seasonality: Sequence[float]
) -> list[float]:
    """Return the weight of the loans with each number of months left.

    With r of n months left a loan was granted at the end of month r − 1 − n, and has the weight of that
    calendar month.  Where nothing could have been granted in any of them, all have the same weight.
    """
    if not seasonality:
        return [1.0] * len(months)
    first = context.window.start.month - 1
    weights = [seasonality[(first + left - 1 - term_months) % 12] for left in months]
    return weights if any(weights) else [1.0] * len(months)


def _placed(cells: list[_Cell], carried: float) -> Opening:
    """Round each cell to whole loans and carry what that leaves, never more than later cells make up."""
    smallest = min(cell.size for cell in cells)
    later = math.fsum(cell.expected * cell.size for cell in cells)
    left = carried
    placed = []
    for cell in cells:
        stated = cell.expected * cell.size
        later -= stated
        left += stated
        n = max(0, math.floor(left / cell.size + 0.5 + 1e-9))
        if left - n * cell.size < -(max(later, 0.0) + smallest * (0.5 + 1e-9)):
            n -= 1
        left -= n * cell.size
        if n > 0:
            placed.append(
                OpeningLoans(segment=cell.segment, band=cell.band, months_left=cell.months_left, n_loans=n)
            )
    return Opening(tuple(placed), left)
