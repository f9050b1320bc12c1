"""The report of a run: its answers first, then figures, targets, money by year, pictures and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fundsim.report.answers import answers
from fundsim.report.caption import source_line
from fundsim.report.document.inputs import inputs_of
from fundsim.report.document.model import Block, Chapter, Document, Drawing, Paragraphs, TableOf
from fundsim.report.doubt_sheet import doubt_note
from fundsim.report.in_doubt import doubt_line
from fundsim.report.plots import Plots
from fundsim.report.sheets import Sheet
from fundsim.report.table import parts_of
from fundsim.report.texts import Language, word
from fundsim.results.headlines import headlines
from fundsim.results.run_data import RunData

__all__ = ["document_of_run"]


def document_of_run(run: RunData, lang: Language) -> Document:
    """Return what the report of a run says.

    Args:
        run: the run; a picture needs the values by path that its folder keeps.
        lang: language of all texts.
    """
    resolved = run.manifest["scenario"]["resolved"]
    title = resolved.get("title_zh" if lang == "zh" else "title") or resolved.get("title")
    name = run.manifest["scenario"]["name"]
    date = run.manifest["clock"]["date"].partition("T")[0]
    sheets, notes = parts_of(run, lang)
    chapters = [
        Chapter(word("figures", lang), [*_tables(sheets), Paragraphs(notes)]),
        *_pictures(run, lang),
        Chapter(word("inputs and their sources", lang), inputs_of(run.manifest, lang)),
    ]
    return Document(
        lang=lang,
        title=str(title or name),
        subtitle=word("report of a simulation: {scenario}, {date}", lang).format(scenario=name, date=date),
        answers=answers(run, lang),
        sureness=[*_in_doubt(run, lang), doubt_note(run, lang)],
        chapters=[chapter for chapter in chapters if chapter.blocks],
        source=source_line(run.manifest, lang),
    )


def _tables(sheets: Sequence[Sheet]) -> Iterator[Block]:
    """Yield the tables, each with its first heading for a title."""
    for sheet in sheets:
        title = sheet.headings[0]
        yield TableOf(title[:1].upper() + title[1:], replace(sheet, headings=("", *sheet.headings[1:])))


def _pictures(run: RunData, lang: Language) -> Iterator[Chapter]:
    if run.n_paths == 1:
        return
    drawn = [Drawing(name, picture.title or name, picture) for name, picture in Plots(run).each(lang=lang)]
    if drawn:
        yield Chapter(word("pictures", lang), drawn)


def _in_doubt(run: RunData, lang: Language) -> list[str]:
    """Return a sentence for each headline figure that a doubt is about."""
    known = run.in_doubt
    if known is None:
        return []
    units = {metric["name"]: (metric["unit"], bool(metric.get("event"))) for metric in headlines(run)}
    stop = "." if lang == "en" else "。"
    texts = []
    for (name, _), one in known.figures.items():
        if name in units:
            line = doubt_line(run, one, units[name][0], lang)
            colon = ": " if lang == "en" else "："
            texts.append(f"{name}{colon}{line}{stop}")
    return texts
