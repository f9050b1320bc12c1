"""A report as one web page: no other file, no script, nothing from the network; prints on A4.

Texts are escaped by the template; the style sheet and the pictures are ours.  A run with thirty pictures
makes a page of about two megabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from fundsim.report.document.columns import numeric_columns
from fundsim.report.document.drawings import Inlined
from fundsim.report.document.headings import capital, chapter_heading, legible, section_heading
from fundsim.report.document.model import Block, Chapter, Document, Drawing, Paragraphs, Stored, TableOf
from fundsim.report.texts import Language, word

__all__ = ["html_bytes"]

HERE = Path(__file__).parent


def html_bytes(document: Document) -> bytes:
    """Return a report as an HTML file in UTF-8; every text in it is escaped."""
    pictures = Inlined()
    lang = document.lang
    chapters = [
        {
            "heading": chapter_heading(number, chapter.title, lang),
            "parts": [*_parts(number, chapter, pictures, lang)],
        }
        for number, chapter in enumerate(document.chapters, start=1)
    ]
    page = _template().render(
        document=document,
        opening=[
            (capital(word("answers", lang)), document.answers),
            (capital(word("how sure this is", lang)), document.sureness),
        ],
        chapters=chapters,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704  (it is ours)
        letters=Markup(pictures.letters),  # noqa: S704
        stored=any(_is_stored(block) for chapter in document.chapters for block in chapter.blocks),
    )
    return page.encode("utf-8")


def _is_stored(block: Block) -> bool:
    return isinstance(block, Drawing) and isinstance(block.picture, Stored)


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_legible, keep_trailing_newline=True
    )
    return made.from_string((HERE / "page.html").read_text(encoding="utf-8"))


def _legible(said: Any) -> Any:
    return legible(said) if type(said) is str else said


def _parts(chapter: int, of: Chapter, pictures: Inlined, lang: Language) -> Iterator[dict[str, Any]]:
    """Yield what the template shows of a chapter, one mapping a block."""
    tables = 0
    for block in of.blocks:
        if isinstance(block, Drawing):
            yield {"svg": Markup(pictures.svg(block))}  # noqa: S704  (its texts are escaped there)
        elif isinstance(block, TableOf):
            tables += 1
            yield _table(block, section_heading(chapter, tables, block.title, lang))
        elif isinstance(block, Paragraphs):
            yield {"svg": "", "texts": block.texts}


def _table(table: TableOf, heading: str) -> dict[str, Any]:
    return {
        "svg": "",
        "heading": heading,
        "heads": table.sheet.headings,
        "numeric": numeric_columns(table.sheet),
        "rows": list(table.sheet.groups()),
        "notes": table.notes,
    }
