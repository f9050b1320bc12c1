"""The pages of a size's report."""

from __future__ import annotations

from fundsim.decide.size.sizing import SizeData
from fundsim.report.pages import Pages, said, table_of, title_of
from fundsim.report.size.answer import answers
from fundsim.report.size.notes import notes
from fundsim.report.size.tables import sized
from fundsim.report.texts import Language, word
from fundsim.report.words.decisions import ONLY_SIMULATION

__all__ = ["pages_of"]


def pages_of(data: SizeData, lang: Language) -> Pages:
    """Return what a report says of a size."""
    scenario, key = data.scenario, data.question.vary.number.short
    answer, scan = sized(data, lang).sheets
    return Pages(
        title=title_of(scenario.resolved(), scenario.name, lang),
        subtitle=word("how large must {key} be: {scenario}", lang).format(key=key, scenario=scenario.name),
        answers=answers(data, lang),
        sureness=[said(ONLY_SIMULATION, lang)],
        tables=[table_of(word("the answer", lang), answer), table_of(word("scan", lang), scan)],
        notes=notes(data, lang),
    )
