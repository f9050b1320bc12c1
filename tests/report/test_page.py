"""Reports as web pages: figures, texts that stay texts, nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from fundsim.report.canvas import Picture
from fundsim.report.document.drawings import Inlined
from fundsim.report.document.headings import legible
from fundsim.report.document.model import Chapter, Document, Drawing, Paragraphs, TableOf
from fundsim.report.document.web import html_bytes
from fundsim.report.sheets import Row, Sheet

from .conftest import blocks_of, document_of, rows_of, tables_of
from .payloads import FORMULAS, SCRIPTS

OURS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "h3", "p",
    "table", "thead", "tbody", "tr", "th", "td", "figure", "svg", "g", "defs", "path", "use", "clippath",
    "rect", "pattern",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.tables: list[list[tuple[str, ...]]] = []
        self.texts: dict[str, list[str]] = {}
        self._row: list[str] = []
        self._open: list[str] = []
        self.feed(content.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "img"):
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self._row = []
        self.texts.setdefault(tag, []).append("")
        if tag in ("td", "th"):
            self._row.append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        if tag == "tr":
            self.tables[-1].append(tuple(self._row))

    def handle_data(self, data):
        if self._open:
            self.texts[self._open[-1]][-1] += data
            if self._open[-1] in ("td", "th"):
                self._row[-1] += data


def test_every_cell_is_that_of_the_sheets(document):
    _, said = document
    page = Page(html_bytes(said))
    assert page.tables == [rows_of(table) for table in tables_of(said)]
    assert page.tables


def test_the_first_page_has_the_answers_and_how_sure_they_are(document):
    name, said = document
    page = Page(html_bytes(said))
    first = [said.subtitle, *said.answers, *said.sureness, said.source]
    assert page.texts["h1"] == page.texts["title"] == [said.title]
    assert page.texts["p"][: len(first)] == first
    assert said.sureness
    assert said.answers or name == "one path"
    one = {"zh": "一、主要结果", "en": "1. Figures"}[said.lang]
    assert one in page.texts["h2"]


def test_every_picture_is_there_under_its_title(document):
    name, said = document
    drawn = [block for block in blocks_of(said) if isinstance(block, Drawing)]
    page = Page(html_bytes(said))
    assert page.tags.count("figure") == len(drawn)
    titles = [value for attribute, value in page.attributes if attribute == "aria-label"]
    assert titles == [one.title for one in drawn]
    assert bool(drawn) == (name != "one path")
    assert not [one.title for one in drawn if one.title == one.name]


def test_names_are_unique_and_every_reference_leads_to_one(document):
    page = Page(html_bytes(document[1]))
    names = [value for attribute, value in page.attributes if attribute == "id"]
    assert len(names) == len(set(names))
    targets = {value.removeprefix("#") for attribute, value in page.attributes if attribute == "xlink:href"}
    targets |= {name for _, value in page.attributes for name in re.findall(r"url\(#([^)]+)\)", value)}
    assert targets <= set(names)


def test_nothing_comes_from_outside(document):
    content = html_bytes(document[1])
    page = Page(content)
    assert set(page.tags) <= OURS
    assert not [
        name for name, _ in page.attributes if name in ("src", "href", "action") or name.startswith("on")
    ]
    assert all(value.startswith("#") for name, value in page.attributes if name == "xlink:href")
    urls = [found for found in re.findall(rb"url\(([^)]*)\)", content) if not found.startswith(b"#")]
    assert urls == []
    assert b"@import" not in content
    assert b"<!DOCTYPE html>" in content[:20]
    assert b"default-src 'none'" in content


def test_a_page_prints_on_a4():
    style = html_bytes(document_of("minimal", "zh")).decode("utf-8")
    for rule in (
        "size: A4",
        "counter(page)",
        "table-header-group",
        "tr { break-inside: avoid",
        "break-after: page",
    ):
        assert rule in style


def test_a_page_stays_small():
    assert len(html_bytes(document_of("jinan_2024_2027", "zh"))) < 1.5 * 2**20


def test_letters_are_drawn_once_for_all_pictures():
    said = document_of("minimal", "zh")
    drawn = [block for block in blocks_of(said) if isinstance(block, Drawing)]
    apart = sum(len(one.picture.content("svg")) for one in drawn)
    pictures = Inlined()
    together = sum(len(pictures.svg(one)) for one in drawn) + len(pictures.letters)
    assert together < 0.6 * apart


def test_like_reports_give_like_bytes():
    said = document_of("minimal", "en")
    assert html_bytes(said) == html_bytes(said)


def drawing(title: str) -> Drawing:
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, title)
    return Drawing("x", title, Picture(figure))


def with_text(text: str, lang="en") -> Document:
    """Return a report that has a text everywhere."""
    sheet = Sheet((text, text), (Row(text, (text, text)), Row("", (text, ""))), with_unit=False)
    blocks = [TableOf(text, sheet, [text]), Paragraphs([text])]
    return Document(lang, text, text, [text], [text], [Chapter(text, blocks)], text)


@pytest.mark.parametrize("text", FORMULAS + SCRIPTS)
def test_a_text_stays_a_text(text):
    shown = legible(text)
    page = Page(html_bytes(with_text(text, "zh")))
    assert set(page.tags) <= OURS - {"figure", "g", "path"}
    assert page.tables == [[(shown, shown), (shown,), (shown, shown), (shown, "")]]
    assert page.texts["h1"] == page.texts["title"] == [shown]
    assert page.texts["p"] == [shown] * 6
    assert page.texts["h2"][-1] == f"一、{shown}"
    assert ("data-head", shown) in page.attributes
    assert not [name for name, _ in page.attributes if name.startswith("on")]


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_text_in_a_picture_stays_one(text):
    with mpl.rc_context({"svg.fonttype": "path"}):
        made = Inlined()
        page = Page(made.svg(drawing(text)).encode("utf-8"))
    assert set(page.tags) <= {"svg", "g", "path", "use", "defs"}
    assert ("aria-label", legible(text)) in page.attributes
    assert not [name for name, _ in page.attributes if name.startswith("on")]
