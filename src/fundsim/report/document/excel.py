"""The Excel workbook of a run's report: numbers as numbers, native charts, no formula, link or macro."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fundsim.report.document import excel_charts as charts
from fundsim.report.document import excel_facts as facts
from fundsim.report.document import excel_tables as tables
from fundsim.report.document.excel_book import Book, Cell, Column, Page, Place, Series
from fundsim.report.document.excel_figures import (
    FIRST_LEVEL,
    LEVELS,
    MEAN,
    MONEY,
    PERIOD,
    figure_cells,
    figure_columns,
)
from fundsim.report.document.excel_topics import TOPICS, Figure, figures_of
from fundsim.report.document.model import Document
from fundsim.report.texts import Language, word
from fundsim.results.headlines import FISCAL_COST, table_figures
from fundsim.results.run_data import RunData

__all__ = ["ACROSS", "answers_in_words", "excel_bytes", "inputs_sheet", "titled", "wrapped"]

ACROSS = 8
"""Columns over which a long text goes on the first sheet, less one."""
Topics = dict[str, list[Figure]]


def excel_bytes(run: RunData, document: Document) -> bytes:
    """Return the workbook of a run's report.

    The first sheet has the answers in words and the main figures.  Each figure of the run's headlines, by
    year as well, stands once on the sheets of figures.  All amounts are in one unit; cells hold all digits.
    The same run and document give the same bytes.

    Args:
        run: the run.
        document: what its report says; it has the language.
    """
    day = run.manifest["clock"]["date"].partition("T")[0]
    title = document.title
    book = Book(document.lang, title, f"{title} · {document.subtitle}", datetime.fromisoformat(day))
    topics = figures_of(run)
    _answer(book, run, document, topics)
    for topic in TOPICS:
        if topic in topics:
            _figures(book, topic, topics[topic], run)
    _charts(book, run)
    _tables(book, run)
    inputs_sheet(book, run.manifest, word("Inputs", book.lang), _note(book.lang))
    page = titled(book, "Manifest")
    columns = facts.fact_columns(book.lang)
    page.widths(columns)
    page.table("", columns, facts.manifest_rows(run.manifest, book.lang))
    return book.bytes()


def titled(book: Book, name: str) -> Page:
    """Add a sheet with its name on top."""
    page = book.page(word(name, book.lang))
    page.line(word(name, book.lang), bold=True, size=14)
    return page


def _note(lang: Language) -> str:
    unit = MONEY[lang].unit
    text = word(
        "Amounts are in {unit}; cells hold all digits and show those that the error leaves. ± is one Monte "
        "Carlo standard error; intervals are 95 % and cover simulation error only.",
        lang,
    ).format(unit=unit)
    yuan = f"{MONEY[lang].divisor:,.0f}"
    more = word("An amount of 1 is {yuan} yuan; summary.json is in yuan.", lang).format(yuan=yuan)
    return f"{text}{' ' if lang == 'en' else ''}{more}"


def _answer(book: Book, run: RunData, document: Document, topics: Topics) -> None:
    lang = book.lang
    page = book.page(word("Answer", lang))
    columns = _answer_columns(lang)
    page.widths(columns)
    wide = answers_in_words(page, document, columns)
    page.table(word("headline figures", lang), columns, _main_rows(run, topics, lang))
    wrapped(page, _note(lang), wide)
    wrapped(page, document.source, wide)


def answers_in_words(page: Page, document: Document, columns: list[Column]) -> float:
    """Write title, answers and how sure they are, and return the width of their lines [characters]."""
    lang = document.lang
    wide = sum(column.width for column in columns[: ACROSS + 1])
    wrapped(page, document.title, wide, bold=True, size=16)
    wrapped(page, document.subtitle, wide)
    page.row += 1
    for heading, texts in (("answers", document.answers), ("how sure this is", document.sureness)):
        if texts:
            page.line(word(heading, lang), bold=True, size=12)
            for text in texts:
                wrapped(page, text, wide)
            page.row += 1
    return wide


def wrapped(page: Page, text: str, wide: float, *, bold: bool = False, size: int = 10) -> None:
    """Write a text over several columns, in a line that is high enough."""
    page.height_of(page.row, text, wide * 10 / size)
    if size > 10:
        page.sheet.set_row(page.row, 2 * size)
    page.line(text, bold=bold, size=size, across=ACROSS)


def _answer_columns(lang: Language) -> list[Column]:
    """Return the columns of figures that the first sheet has, with the sheet where more stands."""
    every = figure_columns(lang)
    return [
        *every[:FIRST_LEVEL],
        *(every[place] for place in _shown_levels()),
        Column(word("sheet", lang), 16),
    ]


def _shown_levels() -> list[int]:
    return [FIRST_LEVEL + 3 * place for place in range(len(LEVELS))]


def _main_rows(run: RunData, topics: Topics, lang: Language) -> Iterator[list[Cell]]:
    """Yield the figures of the run's table; those that the workbook has nowhere else are not there."""
    sheets = {figure.key: (topic, figure) for topic, figures in topics.items() for figure in figures}
    for _, name, horizon in table_figures(run):
        if f"{name}@{horizon}" in sheets:
            topic, figure = sheets[f"{name}@{horizon}"]
            cells = figure_cells(run, figure, lang)
            yield [*cells[:FIRST_LEVEL], *(cells[place] for place in _shown_levels()), word(topic, lang)]


def _figures(book: Book, topic: str, figures: list[Figure], run: RunData) -> None:
    """Write a sheet of figures; that of the fiscal cost has its chart by year."""
    lang = book.lang
    page = titled(book, topic)
    columns = figure_columns(lang)
    page.widths(columns)
    page.line(_note(lang))
    place = page.table("", columns, (figure_cells(run, figure, lang) for figure in figures))
    page.freeze(place, columns, left=2)
    _cost_chart(page, place, figures, lang)


def _cost_chart(page: Page, place: Place, figures: list[Figure], lang: Language) -> None:
    """Draw the cost by year from the lines of its years, which follow each other."""
    years = [row for row, one in enumerate(figures) if one.year is not None and _is_cost(one)]
    if not years:
        return
    first, last = place.first + years[0], place.first + years[-1]
    page.line(word("Fiscal cost by year", lang), bold=True)
    high = [FIRST_LEVEL + 3 * LEVELS.index(level) for level in ("0.95", "0.99")]
    page.chart(
        (page.row, 0),
        (page.row - 1, 0),
        [
            Series(MEAN, first, last, place.head, categories=PERIOD, called=word("mean", lang)),
            *(Series(column, first, last, place.head, categories=PERIOD, kind="line") for column in high),
        ],
        (word("budget year", lang), MONEY[lang].unit),
    )


def _is_cost(figure: Figure) -> bool:
    return str(figure.metric["name"]) == FISCAL_COST


def _charts(book: Book, run: RunData) -> None:
    """Write the sheets of charts; a single path has no distribution."""
    lang = book.lang
    if run.n_paths > 1 and charts.drawn(run, "distribution"):
        charts.distributions(titled(book, "Distributions"), run, lang)
    if charts.drawn(run, "fan"):
        charts.month_by_month(titled(book, "Month by month"), run, lang)
    if charts.layers_of(run):
        charts.layers(titled(book, "Layers"), run, lang)


def _tables(book: Book, run: RunData) -> None:
    lang = book.lang
    for name, columns, rows in (
        ("Sources and uses", tables.budget_columns(lang), tables.budget_rows(run, lang)),
        ("Targets", tables.target_columns(lang), tables.target_rows(run, lang)),
        ("With doubt", tables.doubt_columns(lang), tables.doubt_rows(run, lang)),
        ("Together", tables.together_columns(lang), tables.together_rows(run, lang)),
    ):
        cells = list(rows)
        if not cells:
            continue
        page = titled(book, name)
        page.widths(columns)
        page.line(_note(lang))
        place = page.table("", columns, cells)
        page.freeze(place, columns)
        if name == "Targets":
            _targets_chart(page, place, lang)


def _targets_chart(page: Page, place: Place, lang: Language) -> None:
    page.line(word("Probability that targets are met", lang), bold=True)
    page.chart(
        (page.row, 0),
        (page.row - 1, 0),
        [Series(7, place.first, place.last, place.head, categories=1, kind="bar")],
        (word("target", lang), f"{word('met', lang)} [%]" if lang == "en" else f"{word('met', lang)}（%）"),
    )


def inputs_sheet(book: Book, manifest: Mapping[str, Any], name: str, note: str) -> None:
    """Write a sheet of what a scenario states with its sources, below a note, if it states anything."""
    lang = book.lang
    inputs = list(facts.input_rows(manifest, lang))
    cited = list(facts.cited_sources(manifest))
    if not (inputs or cited):
        return
    page = book.page(name)
    page.line(name, bold=True, size=14)
    columns = facts.input_columns(lang)
    page.widths(columns)
    page.line(note)
    place = page.table("", columns, inputs)
    page.freeze(place, columns)
    if cited:
        page.line(word("sources", lang), bold=True, size=12)
    wide = sum(column.width for column in columns[1 : ACROSS - 1])
    for source, text in cited:
        page.pair(source, text, wide, ACROSS - 1)
