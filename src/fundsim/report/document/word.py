"""A report as an editable Word text, on the page of GB/T 9704; needs python-docx."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence

import docx
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from fundsim.report.canvas import WIDTH
from fundsim.report.document.headings import capital, chapter_heading, legible, section_heading
from fundsim.report.document.model import Chapter, Document, Drawing, Paragraphs, Stored, Subject, TableOf
from fundsim.report.document.word_page import (
    BODY,
    CHAPTER,
    NOTE,
    PICTURE,
    SECTION,
    SUBTITLE,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    TITLE,
    add_section,
    set_up,
)
from fundsim.report.document.word_table import HINT, layout_of, table_xml
from fundsim.report.texts import word as worded

__all__ = ["word_bytes"]

DOTS = 200
"""Resolution of pictures where they stand [dots an inch]."""


def word_bytes(subject: Subject, document: Document) -> bytes:
    """Return a report as a .docx file.

    Args:
        subject: the run or decision; its date becomes the document's.
        document: what the report says.
    """
    made = _Writer(document)
    made.first_page()
    for number, chapter in enumerate(document.chapters, start=1):
        made.chapter(number, chapter)
    made.properties(datetime.datetime.fromisoformat(subject.manifest["clock"]["date"]))
    buffer = io.BytesIO()
    made.word.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Writes a report into a new document, from its beginning to its end."""

    def __init__(self, document: Document) -> None:
        self.word: Word = docx.Document()
        self._document = document
        self._landscape = False
        set_up(self.word, document.lang)

    def properties(self, date: datetime.datetime) -> None:
        """Say what the file is; it names no user and no computer."""
        core = self.word.core_properties
        core.title = legible(self._document.title)[:255]
        core.subject = legible(self._document.subtitle)[:255]
        core.comments = legible(self._document.source)[:255]
        core.author = core.last_modified_by = "fundsim"
        core.language = "zh-CN" if self._document.lang == "zh" else "en-US"
        core.created = core.modified = date

    def first_page(self) -> None:
        """Write the title, the answers and how sure they are, and where the figures come from."""
        document, lang = self._document, self._document.lang
        self._paragraph(document.title, TITLE)
        self._paragraph(document.subtitle, SUBTITLE)
        for title, texts in (("answers", document.answers), ("how sure this is", document.sureness)):
            if texts:
                self._paragraph(capital(worded(title, lang)), CHAPTER)
                self._paragraphs(texts, BODY)
        self._paragraph(document.source, NOTE)

    def chapter(self, number: int, chapter: Chapter) -> None:
        """Write a chapter; the first begins a new page."""
        lang = self._document.lang
        self._turn(landscape=False)
        heading = self._paragraph(chapter_heading(number, chapter.title, lang), CHAPTER)
        heading.paragraph_format.page_break_before = True if number == 1 else None
        tables = 0
        for block in chapter.blocks:
            if isinstance(block, TableOf):
                tables += 1
                self._table(block, section_heading(number, tables, block.title, lang))
            elif isinstance(block, Paragraphs):
                self._turn(landscape=False)
                self._paragraphs(block.texts, NOTE)
            else:
                self._turn(landscape=False)
                self._picture(block)

    def _turn(self, *, landscape: bool) -> None:
        """Begin a new page if the page lies the other way."""
        if landscape != self._landscape:
            add_section(self.word, landscape=landscape)
            self._landscape = landscape

    def _table(self, table: TableOf, heading: str) -> None:
        layout = layout_of(table)
        self._turn(landscape=layout.landscape)
        self._paragraph(heading, SECTION)
        # A paragraph follows every table, so that two never become one.
        behind = self._paragraph("", NOTE)
        behind._p.addprevious(table_xml(table, layout))
        self._paragraphs(table.notes, NOTE)

    def _picture(self, drawing: Drawing) -> None:
        if isinstance(drawing.picture, Stored):
            content = drawing.picture.png
        else:
            dots = round(DOTS * TEXT_WIDTH / (WIDTH / 72.0 * 25.4))
            content = drawing.picture.content("png", dots)
        paragraph = self.word.add_paragraph(style=PICTURE)
        shape = paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(TEXT_WIDTH))
        if shape.height > Mm(TEXT_HEIGHT):  # a tornado of many assumptions
            shape.width, shape.height = round(shape.width * Mm(TEXT_HEIGHT) / shape.height), Mm(TEXT_HEIGHT)
        said = shape._inline.docPr
        said.set("descr", legible(drawing.title))
        said.set("name", legible(drawing.name))

    def _paragraphs(self, texts: Sequence[str], style: str) -> None:
        for text in texts:
            self._paragraph(text, style)

    def _paragraph(self, text: str, style: str) -> Paragraph:
        paragraph = self.word.add_paragraph(style=style)
        if text:
            run = paragraph.add_run(legible(text))
            run._r.insert(0, parse_xml(f"<w:rPr {nsdecls('w')}>{HINT}</w:rPr>"))
        return paragraph
