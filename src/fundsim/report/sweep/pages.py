"""The pages of a sweep's report."""

from __future__ import annotations

from fundsim.decide.sweep.sweeping import SweepData
from fundsim.report.pages import Pages, said, table_of, title_of
from fundsim.report.sweep.answer import answers
from fundsim.report.sweep.notes import notes
from fundsim.report.sweep.tables import swept
from fundsim.report.sweep.values import cell_name
from fundsim.report.texts import Language, word
from fundsim.report.words.decisions import ONLY_SIMULATION

__all__ = ["pages_of"]


def pages_of(data: SweepData, lang: Language) -> Pages:
    """Return what a report says of a sweep."""
    scenario, cells = data.scenario, data.cells
    keys = (", " if lang == "en" else "、").join(axis.number.short for axis in data.question.axes)
    titles = [word("figures", lang)]
    if any(cell.differences for cell in cells):
        first = cell_name(data, data.first, lang)
        titles.append(word("difference from {cell}", lang).format(cell=first))
    if data.frontier is not None:
        titles.append(word("frontier", lang))
    sheets = swept(data, lang).sheets
    return Pages(
        title=title_of(scenario.resolved(), scenario.name, lang),
        subtitle=word("what if {keys} were other: {scenario}", lang).format(
            keys=keys, scenario=scenario.name
        ),
        answers=answers(data, lang),
        sureness=[said(ONLY_SIMULATION, lang)],
        tables=[table_of(title, sheet) for title, sheet in zip(titles, sheets, strict=True)],
        notes=notes(data, lang),
    )
