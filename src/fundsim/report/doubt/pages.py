"""The pages of a doubt's report."""

from __future__ import annotations

from fundsim.decide.doubt.doubting import DoubtData
from fundsim.report.doubt.tables import answers, doubted
from fundsim.report.pages import Pages, table_of, title_of
from fundsim.report.sheets import Sheet
from fundsim.report.texts import Language, word

__all__ = ["pages_of"]


def pages_of(data: DoubtData, lang: Language) -> Pages:
    """Return what a report says of a doubt."""
    scenario, found = data.scenario, doubted(data, lang)
    notes = found.closing.split("\n")
    return Pages(
        title=title_of(scenario.resolved(), scenario.name, lang),
        subtitle=word("how sure are the figures: {scenario}", lang).format(scenario=scenario.name),
        answers=answers(data, lang),
        sureness=notes[1:3],
        tables=[table_of(_title(sheet, lang), sheet) for sheet in found.sheets],
        notes=[notes[0], *notes[3:]],
    )


def _title(sheet: Sheet, lang: Language) -> str:
    """Return the title of a table: that of its rows if they have one."""
    return sheet.rows[0].group or word("figures", lang)
