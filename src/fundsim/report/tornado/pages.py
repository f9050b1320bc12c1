"""The pages of a tornado's report."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.decide.tornado.swings import TornadoData
from fundsim.report.document.model import TableOf
from fundsim.report.pages import Pages, said, table_of, title_of
from fundsim.report.texts import Language, word
from fundsim.report.tornado.answer import answers
from fundsim.report.tornado.tables import torn
from fundsim.report.words.decisions import ALONE, ONLY_SIMULATION

__all__ = ["pages_of"]


def pages_of(data: TornadoData, lang: Language) -> Pages:
    """Return what a report says of a tornado."""
    scenario, found = data.scenario, torn(data, lang)
    empty = [text for one in found.sections if not one.sheet.rows for text in (*one.above, *one.below)]
    return Pages(
        title=title_of(scenario.resolved(), scenario.name, lang),
        subtitle=word("what moves the figures: {scenario}", lang).format(scenario=scenario.name),
        answers=answers(data, lang),
        sureness=[said(ONLY_SIMULATION, lang), said(ALONE, lang)],
        tables=list(_tables(data, lang)),
        notes=[*filter(None, empty), *(note.strip() for note in found.notes)],
    )


def _tables(data: TornadoData, lang: Language) -> Iterator[TableOf]:
    """Yield the table of each figure with what stands above and below it, then that of all together."""
    titles = [word("what moves {figure}", lang).format(figure=measure.measured) for measure in data.measures]
    if data.together:
        titles.append(word("all assumptions together", lang))
    for title, section in zip(titles, torn(data, lang).sections, strict=True):
        if section.sheet.rows:
            yield table_of(title, section.sheet, (*section.above, *section.below))
