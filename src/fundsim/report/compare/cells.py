"""Cells of the tables of a comparison: figures with their errors, and differences to the first scenario."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.decide.compare.cells import Cell
from fundsim.decide.compare.comparison import ComparisonData
from fundsim.decide.paired import Difference
from fundsim.report.sheets import estimate_cells, event_cells
from fundsim.report.texts import Language
from fundsim.report.units import Scale
from fundsim.results.statistics import Estimate, Probability

__all__ = ["POINTS", "estimate_pair", "probability_pair", "side_headings", "signed", "starts"]

POINTS = Scale(0.01, "%")
"""Differences of probabilities and shares, in percentage points."""


def starts(data: ComparisonData, before: int) -> frozenset[int]:
    """Return the first column of each scenario after A: A has two columns, the others four."""
    return frozenset(before + 2 + 4 * at for at in range(len(data.sides) - 1))


def side_headings(data: ComparisonData, error: str, unit: str) -> Iterator[str]:
    """Yield the headings of the scenarios' columns, each with that of its errors."""
    first = data.sides[0].letter
    for side in data.sides:
        yield from (side.letter, error)
        if side.letter != first:
            yield from (f"{side.letter} - {first} {unit}".rstrip(), error)


def estimate_pair(at: int, cell: Cell, scale: Scale) -> tuple[str, ...]:
    """Return a mean or ratio with its error, and its difference where it is not the first scenario's."""
    own = estimate_cells(cell.estimate, scale)
    if at == 0:
        return own
    change = cell.difference
    if change is None:
        return *own, "–", "–"
    estimate = Estimate(change.value, change.se)
    return *own, signed(change, scale), scale.error(estimate.value, estimate.se)


def probability_pair(at: int, cell: Cell, lang: Language) -> tuple[str, ...]:
    """Return a probability with its interval, and its difference where it is not the first scenario's."""
    own = event_cells(cell.figure, lang) if isinstance(cell.figure, Probability) else ("–", "–")
    if at == 0:
        return own
    change = cell.difference
    if change is None:
        return *own, "–", "–"
    low, high = change.ci95
    finest = Difference(change.value, change.se or (high - low) / 4.0, change.ci95)
    ends = " – ".join(POINTS.number(end, finest.se) for end in (low, high))
    return *own, signed(finest, POINTS), ends


def signed(difference: Difference, scale: Scale) -> str:
    """Write a difference with its sign, as exactly as its error allows.

    >>> signed(Difference(2.5e6, 1e5, (0.0, 0.0)), Scale(1e6, "million yuan"))
    '+2.50'
    """
    text = scale.number(difference.value, difference.se)
    return f"+{text}" if difference.value > 0.0 and any(sign in text for sign in "123456789") else text
