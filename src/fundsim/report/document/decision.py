"""The report of a decision, from the pages that its folder keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fundsim.decide.reading import DecisionFolder
from fundsim.report.caption import source_line
from fundsim.report.document.inputs import inputs_of
from fundsim.report.document.model import Block, Chapter, Document, Drawing, Paragraphs, Stored, TableOf
from fundsim.report.keeping import PAGES, picture_file
from fundsim.report.pages import Pages, from_plain
from fundsim.report.texts import Language, word

__all__ = ["document_of_decision", "scenarios_of"]


def document_of_decision(found: DecisionFolder, lang: Language) -> Document:
    """Return what the report of a decision says.

    Args:
        found: its folder.
        lang: language of all texts.

    Raises:
        ResultsError: the folder was written without pages, or a file is not as it was written.
    """
    pages = from_plain(found.json(PAGES)[lang])
    date = found.manifest["clock"]["date"].partition("T")[0]
    chapters = [
        Chapter(word("figures", lang), [*pages.tables, Paragraphs(pages.notes)]),
        Chapter(word("pictures", lang), list(_pictures(found, pages, lang))),
        Chapter(word("inputs and their sources", lang), list(_inputs(found.manifest, lang))),
    ]
    return Document(
        lang=lang,
        title=pages.title,
        subtitle=word("{subtitle}, {date}", lang).format(subtitle=pages.subtitle, date=date),
        answers=pages.answers,
        sureness=pages.sureness,
        chapters=[chapter for chapter in chapters if chapter.blocks],
        source=_source(found.manifest, lang),
    )


def scenarios_of(manifest: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the scenarios of a decision as a run's manifest has them, those of a comparison with letters."""
    if "scenario" in manifest:
        return [("", manifest)]
    return [
        (one["side"], {"scenario": one, "inputs": one.get("inputs", ())}) for one in manifest["scenarios"]
    ]


def _pictures(found: DecisionFolder, pages: Pages, lang: Language) -> Iterator[Block]:
    for name, title in pages.pictures:
        yield Drawing(name, title, Stored(found.content(picture_file(name, lang))))


def _inputs(manifest: Mapping[str, Any], lang: Language) -> Iterator[Block]:
    for letter, one in scenarios_of(manifest):
        for block in inputs_of(one, lang):
            if letter and isinstance(block, TableOf):
                title = word("{side}: {title}", lang).format(side=letter, title=block.title)
                yield replace(block, title=title)
            else:
                yield block


def _source(manifest: Mapping[str, Any], lang: Language) -> str:
    known = {"version": manifest["versions"]["fundsim"], "paths": manifest["paths"], "seed": manifest["seed"]}
    if "scenario" not in manifest:
        form = "Source: fundsim {version}, {paths:,} paths, seed {seed}, {engine}"
        return word(form, lang).format(**known, engine=word(f"{manifest['engine']} engine", lang))
    if "draws" in manifest:
        form = (
            "Source: fundsim {version}, scenario {scenario}, {draws:,} draws × {paths:,} paths, seed {seed}"
        )
        name = manifest["scenario"]["name"]
        return word(form, lang).format(**known, scenario=name, draws=manifest["draws"])
    return source_line(manifest, lang)
