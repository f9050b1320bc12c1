"""What a sweep answers in words: where each figure is lowest and highest, and the frontier."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fundsim.decide.paired import Difference
from fundsim.decide.sweep.sweeping import Cell, SweepData
from fundsim.report.measures import measure_scale, measured_text
from fundsim.report.pages import said
from fundsim.report.sweep.values import cell_equation
from fundsim.report.texts import Language, word
from fundsim.report.units import with_unit
from fundsim.report.words import decisions as texts

__all__ = ["answers"]

MOST_CELLS = 6
"""Cells of the frontier that a sentence names."""


def answers(data: SweepData, lang: Language) -> list[str]:
    """Return the sentences, each chosen by the figures."""
    found = [_of_figure(data, at, lang) for at in range(len(data.question.measures))]
    return [*found, *_frontier(data, lang), *_unsound(data, lang)]


def _of_figure(data: SweepData, at: int, lang: Language) -> str:
    measure = data.question.measures[at]
    known = [cell for cell in data.cells if cell.sound and not math.isnan(cell.figures[at].value)]
    if not known:
        return said(texts.NO_PATH, lang, figure=measure.measured)
    low, high = (end(known, key=lambda cell: cell.figures[at].value) for end in (min, max))
    scale = measure_scale(measure, (cell.figures[at].value for cell in known), lang)

    def value(cell: Cell) -> str:
        return with_unit(measured_text(measure, cell.figures[at], scale, lang), scale.unit, lang)

    ends = {
        "figure": measure.measured, "low": value(low), "low_cell": cell_equation(data, low, lang),
        "high": value(high), "high_cell": cell_equation(data, high, lang),
    }  # fmt: skip
    if len(known) == 1:
        cell, one = ends["low_cell"], ends["low"]
        return said(texts.ONLY_CELL, lang, figure=measure.measured, value=one, cell=cell)
    changes = [cell.differences[at] for cell in known if cell.differences]
    if all(change.value == 0.0 and change.se == 0.0 for change in changes):
        return said(texts.SAME, lang, figure=measure.measured, value=ends["low"])
    if data.first in known and not any(map(_way, changes)):
        return said(texts.HARDLY, lang, **ends, first=cell_equation(data, data.first, lang))
    apart = _apart(low, high, at)
    more = () if apart else ((texts.OVERLAP.en if lang == "en" else texts.OVERLAP.zh),)
    return said(texts.LOWEST_HIGHEST, lang, *more, **ends)


def _way(change: Difference) -> int:
    """Return whether a figure is surely above that of the first cell, 1, or below it, -1; 0 if neither."""
    low, high = change.ci95
    return 1 if low > 0.0 else -1 if high < 0.0 else 0


def _apart(low: Cell, high: Cell, at: int) -> bool:
    """Return whether the highest figure is surely above the lowest, as far as it can be seen.

    Their intervals leave room between them; or one of them is the first cell, or they lie on both sides of
    it, and the paired differences are sure.
    """
    if low.figures[at].ci95[1] < high.figures[at].ci95[0]:
        return True
    below = not low.differences or _way(low.differences[at]) < 0
    above = not high.differences or _way(high.differences[at]) > 0
    return below and above


def _frontier(data: SweepData, lang: Language) -> Iterator[str]:
    found = data.frontier
    if found is None:
        return
    goals = word(" and ", lang).join(
        word("max {figure}" if goal.largest else "min {figure}", lang).format(figure=goal.measure.measured)
        for goal in found.goals
    )
    on, open_cells = found.cells("frontier"), found.cells("undecided")
    undecided = texts.UNDECIDED.en if lang == "en" else texts.UNDECIDED.zh
    more = (undecided.format(count=len(open_cells)),) if open_cells else ()
    if not on:
        yield said(texts.NO_FRONTIER, lang, *more, goals=goals)
        return
    names = [cell_equation(data, data.cells[at], lang) for at in on[:MOST_CELLS]]
    listed = word("; ", lang).join(names)
    if len(on) > MOST_CELLS:
        listed += word(" and {count} more", lang).format(count=len(on) - MOST_CELLS)
    yield said(texts.ON_FRONTIER, lang, *more, goals=goals, cells=listed)


def _unsound(data: SweepData, lang: Language) -> Iterator[str]:
    if data.refused:
        yield said(texts.UNSOUND, lang, count=len(data.refused), cells=len(data.cells))
