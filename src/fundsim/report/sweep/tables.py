"""The tables of a sweep: figures with their errors, their differences to the first cell, and the frontier."""

from __future__ import annotations

import html as markup
from collections.abc import Callable, Iterator, Sequence

from fundsim.decide.measure import Measure
from fundsim.decide.sweep.sweeping import Cell, SweepData
from fundsim.report.keys import close
from fundsim.report.measures import difference_text, measure_scale, measured_text, points_of
from fundsim.report.sheets import Row, Sheet, html_of
from fundsim.report.sweep.notes import notes
from fundsim.report.sweep.values import (
    axis_heading,
    axis_scale,
    cell_name,
    key_text,
    meaning_of,
    number_of,
    value_text,
    with_brackets,
)
from fundsim.report.table import Headline
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale

__all__ = ["asked_lines", "html", "standing_text", "swept"]

NONE = "–"
PRESENT = "*"
Text = Callable[[int, Cell], str]
"""Position of a figure and a cell → what the table says there."""


def swept(data: SweepData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the tables of a sweep with the notes below them.

    Args:
        data: the sweep.
        lang: language of names, headings and units.
        plain: without lines and colours, for pipes.
    """
    return Headline(tuple(_sheets(data, lang)), "\n".join(notes(data, lang)), plain)


def asked_lines(data: SweepData, lang: Language) -> list[str]:
    """Return what was asked: each key with its present value and its values, and what each figure means."""
    lines = []
    for axis in data.question.axes:
        low, high = (value_text(axis, value, lang) for value in (axis.vary.low, axis.vary.high))
        text = word("{key} is {value} now; {count} values from {low} to {high}", lang).format(
            key=key_text(axis, lang), value=value_text(axis, axis.number.value, lang),
            count=len(axis.values), low=low, high=high,
        )  # fmt: skip
        lines.append(close(text, lang))
    for measure, described in zip(data.question.measures, data.question.described, strict=True):
        meaning = meaning_of(described, lang)
        if meaning:
            lines.append(word("{figure}: {meaning}", lang).format(figure=measure.measured, meaning=meaning))
    return lines


def html(data: SweepData, lang: Language = "en") -> str:
    """Return question, tables and notes as HTML; every text in them is escaped."""
    parts = [f"<p>{markup.escape(line)}</p>" for line in asked_lines(data, lang)]
    parts += [html_of(sheet) for sheet in _sheets(data, lang)]
    return "\n".join([*parts, *(f"<p>{markup.escape(note)}</p>" for note in notes(data, lang, python=True))])


def _sheets(data: SweepData, lang: Language) -> Iterator[Sheet]:
    scales = [_scale(data, at, measure, lang) for at, measure in enumerate(data.question.measures)]
    points = [points_of(scale, lang) for scale in scales]
    measures = data.question.measures

    def figure(at: int, cell: Cell) -> str:
        if not cell.sound:
            return word("not sound", lang)
        return measured_text(measures[at], cell.figures[at], scales[at], lang)

    def difference(at: int, cell: Cell) -> str:
        return difference_text(cell.differences[at], points[at], lang) if cell.differences else NONE

    draw = _listed if len(data.question.axes) == 1 else _gridded
    yield draw(data, figure, [scale.unit for scale in scales], "", lang)
    if any(cell.differences for cell in data.cells):
        less = word("difference from {cell}", lang).format(cell=cell_name(data, data.first, lang))
        yield draw(data, difference, [scale.unit for scale in points], less, lang)
    if data.frontier is not None:
        yield _frontier(data, figure, scales, lang)


def _scale(data: SweepData, at: int, measure: Measure, lang: Language) -> Scale:
    return measure_scale(measure, (cell.figures[at].value for cell in data.cells if cell.sound), lang)


def _listed(data: SweepData, text: Text, units: Sequence[str], less: str, lang: Language) -> Sheet:
    """Return a sweep of one key: a row for each value, a column for each figure."""
    (axis,) = data.question.axes
    names = [with_brackets(m.measured, u, lang) for m, u in zip(data.question.measures, units, strict=True)]
    scale = axis_scale(axis, lang)
    rows = [
        Row(less, (_number(data, 0, cell.values[0], scale), *(text(at, cell) for at in range(len(names)))))
        for cell in data.cells
        if not less or cell.differences
    ]
    return Sheet(
        (axis_heading(axis, lang), *names),
        tuple(rows),
        with_unit=False,
        unit_of_first=scale.unit,
        starts=frozenset(range(1, len(names) + 1)),
        folded_headings=True,
    )


def _gridded(data: SweepData, text: Text, units: Sequence[str], less: str, lang: Language) -> Sheet:
    """Return a sweep of two keys: for each figure a grid with the first key's values one below the other."""
    first, second = data.question.axes
    scales = [axis_scale(axis, lang) for axis in data.question.axes]
    columns = []
    for value in second.values:
        mark = PRESENT if value == second.number.value else ""
        columns.append(f"{second.number.short} {value_text(second, value, lang)}{mark}")
    rows = []
    for at, measure in enumerate(data.question.measures):
        name = with_brackets(measure.measured, units[at], lang)
        group = (", " if lang == "en" else "，").join(filter(None, (name, less)))
        for place, value in enumerate(first.values):
            cells = data.cells[place * len(second.values) : (place + 1) * len(second.values)]
            rows.append(Row(group, (_number(data, 0, value, scales[0]), *(text(at, cell) for cell in cells))))
    return Sheet(
        (axis_heading(first, lang), *columns),
        tuple(rows),
        with_unit=False,
        unit_of_first=scales[0].unit,
        starts=frozenset(range(1, len(columns) + 1)),
        folded_headings=True,
    )


def _number(data: SweepData, at: int, value: float, scale: Scale) -> str:
    axis = data.question.axes[at]
    mark = PRESENT if value == axis.number.value else ""
    return f"{number_of(value, axis.values, scale)}{mark}"


def _frontier(data: SweepData, text: Text, scales: Sequence[Scale], lang: Language) -> Sheet:
    found, measures = data.frontier, data.question.measures
    assert found is not None  # noqa: S101  (the caller has looked)
    positions = [measures.index(goal.measure) for goal in found.goals]
    heads = [
        word("max {figure}" if goal.largest else "min {figure}", lang).format(
            figure=with_brackets(goal.measure.measured, scales[at].unit, lang)
        )
        for goal, at in zip(found.goals, positions, strict=True)
    ]
    keys = (", " if lang == "en" else "、").join(axis.number.short for axis in data.question.axes)
    rows = []
    for at, cell in enumerate(data.cells):
        mark = PRESENT if data.is_present(cell) else ""
        cells = (text(position, cell) for position in positions)
        rows.append(Row("", (f"{cell_name(data, cell, lang)}{mark}", *cells, standing_text(data, at, lang))))
    return Sheet(
        (keys, *heads, word("frontier", lang)),
        tuple(rows),
        with_unit=False,
        starts=frozenset({1, 2, 3}),
        folded_headings=True,
    )


def standing_text(data: SweepData, at: int, lang: Language) -> str:
    """Return where a cell stands, in words."""
    place = data.frontier.places[at] if data.frontier else None
    if place is None:
        return NONE
    if place.by is not None:
        return word("dominated by {cell}", lang).format(cell=cell_name(data, data.cells[place.by], lang))
    return word("on the frontier" if place.standing == "frontier" else "undecided", lang)
