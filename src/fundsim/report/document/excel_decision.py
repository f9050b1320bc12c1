"""The Excel workbook of a decision's report: its tables in words, those of the folder as numbers, a chart."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from fundsim.decide.reading import DecisionFolder
from fundsim.report.document.decision import scenarios_of
from fundsim.report.document.excel import ACROSS, answers_in_words, inputs_sheet, titled, wrapped
from fundsim.report.document.excel_book import Book, Cell, Column, Number
from fundsim.report.document.excel_decision_charts import draw_chart
from fundsim.report.document.excel_facts import fact_columns
from fundsim.report.document.excel_figures import MONEY, decimals_of
from fundsim.report.document.model import Document, Paragraphs, TableOf
from fundsim.report.texts import Language, word
from fundsim.results.spreadsheets import FORMULAS

__all__ = ["excel_of_decision"]

NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
WORDS = frozenset({
    "name", "horizon", "unit", "side", "scenario", "lack", "what", "metric", "lending", "target", "met",
    "assumption", "end", "input_unit", "fault", "frontier", "dominated_by",
})  # fmt: skip
"""Columns of words, which stay words even where they look like a number."""
SHOWN = 10
"""Significant digits of a number that a cell shows; it holds all of them."""
LONG, SHORT = 36.0, 18.0
"""Widths of columns [characters]."""


def excel_of_decision(found: DecisionFolder, document: Document) -> bytes:
    """Return the workbook of a decision's report.

    The first sheet has the answers in words.  Then comes each table as it is printed, each table of the
    folder with its numbers in base units, what the scenarios state, and what was run.

    Args:
        found: the folder of the decision.
        document: what its report says; it has the language.
    """
    lang = document.lang
    day = found.manifest["clock"]["date"].partition("T")[0]
    footer = f"{document.title} · {document.subtitle}"
    book = Book(lang, document.title, footer, datetime.fromisoformat(day))
    page = book.page(word("Answer", lang))
    columns = [Column("", SHORT)] * (ACROSS + 1)
    page.widths(columns)
    wide = answers_in_words(page, document, columns)
    wrapped(page, document.source, wide)
    draw_chart(book, found)
    _tables(book, document)
    for name in found.tables:
        _numbers(book, name, found.content(name))
    _inputs(book, found, lang)
    facts = titled(book, "Manifest")
    facts.widths(fact_columns(lang))
    facts.table("", fact_columns(lang), _facts(found, lang))
    return book.bytes()


def _tables(book: Book, document: Document) -> None:
    """Write each table of figures on a sheet of its own, and the notes below the last."""
    figures = document.chapters[0].blocks
    page = None
    for count, table in enumerate((one for one in figures if isinstance(one, TableOf)), start=1):
        page = book.page(word("Table {count}", book.lang).format(count=count))
        page.line(table.title, bold=True, size=14)
        columns = [Column(head, SHORT if place else LONG) for place, head in enumerate(table.sheet.headings)]
        page.widths(columns)
        page.freeze(page.table("", columns, _rows(table)), columns)
        for note in table.notes:
            page.line(note)
    for block in figures if page is not None else ():
        if page is not None and isinstance(block, Paragraphs):
            for text in block.texts:
                page.line(text)


def _rows(table: TableOf) -> Iterator[list[Cell]]:
    """Yield the lines of a table, each group below its name."""
    for group, lines in table.sheet.groups():
        if group:
            yield [group, *[None] * (len(table.sheet.headings) - 1)]
        for line in lines:
            yield [*line]


def _numbers(book: Book, name: str, content: bytes) -> None:
    """Write a table of the folder with its numbers."""
    heads, *lines = csv.reader(content.decode("utf-8-sig").splitlines(keepends=True))
    page = book.page(name)
    page.line(name, bold=True, size=14)
    note = word("numbers of {file}, in base units: yuan, fractions, months", book.lang)
    page.line(note.format(file=name))
    columns = [Column(_plain(head), max(12.0, min(LONG, 1.2 * len(head)))) for head in heads]
    page.widths(columns)
    place = page.table("", columns, (list(_cells(heads, line)) for line in lines))
    page.freeze(place, columns)


def _cells(heads: Sequence[str], line: Sequence[str]) -> Iterator[Cell]:
    for head, text in zip(heads, line, strict=True):
        if not text:
            yield None
        elif head not in WORDS and NUMBER.fullmatch(text):
            written = f"{float(text):.{SHOWN}g}"
            yield Number(float(text), 0 if "e" in written else decimals_of(written), plain=True)
        else:
            yield _plain(text)


def _plain(text: str) -> str:
    """Return a text without the apostrophe that keeps it from being a formula; a cell of text needs none."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULAS) else text


def _inputs(book: Book, found: DecisionFolder, lang: Language) -> None:
    note = word("Amounts are in {unit}; cells hold all digits.", lang).format(unit=MONEY[lang].unit)
    for letter, one in scenarios_of(found.manifest):
        name = word("Inputs", lang)
        inputs_sheet(book, one, f"{name} {letter}".strip(), note)


def _facts(found: DecisionFolder, lang: Language) -> Iterator[list[Cell]]:
    """Yield what was asked and run, and with what.  The hour of the day is left out."""
    manifest = found.manifest
    yield [word("kind", lang), word(found.kind, lang)]
    for letter, one in scenarios_of(manifest):
        scenario = one["scenario"]
        yield [f"{word('scenario', lang)} {letter}".strip(), scenario["name"]]
        yield [word("SHA-256 of the scenario", lang), scenario["sha256"]]
    if "draws" in manifest:
        yield [word("draws", lang), Number(manifest["draws"])]
    seed = manifest["seed"]
    yield [word("paths", lang), Number(manifest["paths"])]
    yield [word("seed", lang), Number(seed, plain=True) if seed < 2**53 else str(seed)]
    yield [word("engine", lang), word(f"{manifest['engine']} engine", lang)]
    yield [word("date of the run", lang), manifest["clock"]["date"].partition("T")[0]]
    for library, version in manifest["versions"].items():
        yield [word("version of {library}", lang).format(library=library), version]
