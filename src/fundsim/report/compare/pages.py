"""The pages of a comparison's report."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.decide.compare.comparison import ComparisonData
from fundsim.report.changes import changes_headings, changes_rows
from fundsim.report.compare.answer import answers
from fundsim.report.compare.tables import closing, legend, notes, sheets
from fundsim.report.document.model import TableOf
from fundsim.report.pages import Pages, table_of, title_of
from fundsim.report.sheets import Row, Sheet
from fundsim.report.texts import Language, word

__all__ = ["pages_of"]

TITLES = ("figures", "event", "performance targets", "number of targets met")
"""Titles of the tables of figures, in their order."""


def pages_of(data: ComparisonData, lang: Language) -> Pages:
    """Return what a report says of a comparison."""
    names = dict.fromkeys(title_of(side.resolved, side.name, lang) for side in data.sides)
    listed = (", " if lang == "en" else "、").join(names)
    return Pages(
        title=word("Comparison: {names}", lang).format(names=listed),
        subtitle=word("comparison on the same paths: {legend}", lang).format(
            legend=word("; ", lang).join(" ".join(line.split()) for line in legend(data))
        ),
        answers=answers(data, lang),
        sureness=[closing(data, lang)],
        tables=[*_changes(data, lang), *_figures(data, lang)],
        notes=notes(data, lang),
    )


def _changes(data: ComparisonData, lang: Language) -> Iterator[TableOf]:
    """Yield what was changed in each scenario, where anything was."""
    first = data.sides[0].letter
    for side, found in zip(data.sides[1:], data.changes, strict=True):
        rows = tuple(Row("", cells) for cells in changes_rows(found, lang))
        if rows:
            title = word("inputs of {side} that differ from {first}", lang)
            sheet = Sheet(changes_headings(first, side.letter, lang), rows, with_unit=False)
            yield table_of(title.format(side=side.letter, first=first), sheet)


def _figures(data: ComparisonData, lang: Language) -> Iterator[TableOf]:
    for title, sheet in zip(TITLES, sheets(data, lang), strict=True):
        if sheet.rows:
            yield table_of(word(title, lang), sheet)
