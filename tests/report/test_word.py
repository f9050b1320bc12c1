"""Reports as Word texts: figures, the page of GB/T 9704, fonts, tables that stay readable."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from fundsim.report.document.headings import legible
from fundsim.report.document.model import Chapter, Document, Drawing, Paragraphs, TableOf
from fundsim.report.document.word import word_bytes
from fundsim.report.document.word_table import layout_of
from fundsim.report.sheets import Row, Sheet

from .conftest import blocks_of, document_of, rows_of, run_of, tables_of
from .payloads import FORMULAS, SCRIPTS


def opened(name, said):
    return docx.Document(io.BytesIO(word_bytes(run_of(name), said)))


def text_of(cell):
    """Return the text of a cell, a paragraph or anything else in a document."""
    return "".join(
        "\n" if part.tag == qn("w:br") else part.text or "" for part in cell.iter(qn("w:t"), qn("w:br"))
    )


def rows_in(table):
    return [tuple(text_of(cell) for cell in row.iter(qn("w:tc"))) for row in table._tbl.iter(qn("w:tr"))]


def test_every_cell_is_that_of_the_sheets(document):
    name, said = document
    word = opened(name, said)
    assert [rows_in(table) for table in word.tables] == [rows_of(table) for table in tables_of(said)]
    assert word.tables


def test_the_first_page_and_the_headings_say_what_the_report_says(document):
    name, said = document
    paragraphs = opened(name, said).paragraphs
    texts = [one.text for one in paragraphs]
    first = [text for text in texts if text in {said.title, said.subtitle, *said.answers, *said.sureness}]
    assert first[: 2 + len(said.answers) + len(said.sureness)] == [
        said.title, said.subtitle, *said.answers, *said.sureness,
    ]  # fmt: skip
    headings = [one for one in paragraphs if one.style.name == "Heading 1"]
    start = {"zh": "一、主要结果", "en": "1. Figures"}[said.lang]
    chapter = next(one for one in headings if one.text == start)
    assert chapter.paragraph_format.page_break_before
    tables = [one.text for one in paragraphs if one.style.name == "Heading 2"]
    assert len(tables) == len(list(tables_of(said)))
    assert tables[0].startswith({"zh": "（一）", "en": "1.1 "}[said.lang])


def test_pictures_say_what_they_show_and_fill_the_text(document):
    name, said = document
    word = opened(name, said)
    drawn = [block for block in blocks_of(said) if isinstance(block, Drawing)]
    shapes = [shape._inline for shape in word.inline_shapes]
    assert [one.docPr.get("descr") for one in shapes] == [one.title for one in drawn]
    assert len({one.docPr.get("id") for one in shapes}) == len(shapes)
    for one in word.inline_shapes:
        assert one.width.mm == pytest.approx(156, abs=0.1)
        assert one.height.mm < 225
    for part in word.part.package.image_parts:
        assert part.image.px_width / (156 / 25.4) == pytest.approx(200, abs=1.5)


def test_the_page_is_that_of_gb_t_9704(document):
    section = opened(*document).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_fonts_are_named_for_chinese_and_latin_text():
    word = opened("minimal", document_of("minimal", "zh"))
    fonts = {
        "Normal": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
    }
    for name, (font, size) in fonts.items():
        style = word.styles[name]
        named = style.element.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert named.get(qn("w:eastAsia")) == font
        assert named.get(qn("w:ascii")) == named.get(qn("w:hAnsi")) == "Times New Roman"
        assert not [key for key in named.keys() if key.endswith("Theme")]  # noqa: SIM118  (it is no mapping)
        assert style.font.size.pt == size
    assert word.styles["Normal"].paragraph_format.line_spacing.pt == 28
    runs = [run for paragraph in word.paragraphs for run in paragraph.runs if run.text]
    assert runs
    hints = [run._r.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:hint")) for run in runs]
    assert set(hints) == {"eastAsia"}


def test_page_numbers_stand_between_dashes_at_the_outer_side():
    word = opened("minimal", document_of("minimal", "zh"))
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert "".join(one.text for one in paragraph._p.iter(qn("w:instrText"))) == " PAGE "
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_heading_rows_come_again_and_no_row_is_split(document):
    for table in opened(*document).tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        repeated = [row.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for row in rows]
        assert repeated == [True] + [False] * (len(rows) - 1)
        assert all(row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in rows)


def test_every_table_fits_its_page(document):
    name, said = document
    word = opened(name, said)
    sections = iter(word.sections)
    section = next(sections)
    width = {False: 156.0, True: 225.0}
    for element in word.element.body:
        if element.tag == qn("w:tbl"):
            total = sum(int(one.get(qn("w:w"))) for one in element.iter(qn("w:gridCol"))) / 1440 * 25.4
            across = section.orientation == WD_ORIENT.LANDSCAPE
            assert total <= width[across] + 0.1
            assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm >= total - 0.1
        if element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            section = next(sections)


def test_a_table_of_many_columns_gets_a_page_across_and_the_next_one_upright():
    numbers = Sheet(tuple("abcdefghijkl"), (Row("", ("name", *["1,234,567.89"] * 11)),), with_unit=False)
    words = Sheet(("a", "b"), (Row("", ("name", "1")),), with_unit=False)
    assert layout_of(TableOf("", numbers)).landscape
    assert not layout_of(TableOf("", words)).landscape
    assert layout_of(TableOf("", words)).size == 12.0
    blocks = [TableOf("wide", numbers), TableOf("narrow", words), Paragraphs(["end"])]
    said = Document("zh", "t", "s", ["a"], ["b"], [Chapter("c", blocks)], "z")
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in opened("minimal", said).sections]
    assert turned == [False, True, False]


def test_a_table_too_wide_for_any_page_fills_it():
    sheet = Sheet(tuple("abc"), (Row("", ("1", "9" * 26, "9" * 26)),), with_unit=False)
    most = Sheet(tuple("x" * 40), (Row("", tuple("9" * 20 for _ in range(40))),), with_unit=False)
    assert not layout_of(TableOf("", sheet)).landscape
    layout = layout_of(TableOf("", most))
    assert layout.landscape
    assert sum(layout.widths) <= 225 / 25.4 * 1440


def test_the_file_names_no_user_and_keeps_nothing_of_the_template():
    content = word_bytes(run_of("minimal"), document_of("minimal", "zh"))
    core = docx.Document(io.BytesIO(content)).core_properties
    assert core.title == document_of("minimal", "zh").title
    assert core.author == core.last_modified_by == "fundsim"
    assert core.language == "zh-CN"
    assert run_of("minimal").manifest["clock"]["date"].startswith(core.created.date().isoformat())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert "python-docx" not in archive.read("docProps/core.xml").decode("utf-8")


TEXTS = FORMULAS + SCRIPTS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_stay_texts(lang):
    sheet = Sheet(("a", "b"), tuple(Row(text, (text, text)) for text in TEXTS), with_unit=False)
    blocks = [TableOf(text, Sheet((text, text), (), with_unit=False), [text]) for text in TEXTS]
    said = Document(
        lang, TEXTS[40], TEXTS[41], TEXTS, TEXTS, [Chapter("c", [TableOf("t", sheet), *blocks])], TEXTS[42]
    )
    word = opened("minimal", said)
    shown = [legible(text) for text in TEXTS]
    rows = rows_in(word.tables[0])
    assert rows == [("a", "b"), *(row for text in shown for row in ((text,), (text, text)))]
    texts = [one.text for one in word.paragraphs]
    assert [text for text in texts if text in set(shown)].count(shown[0]) == 3
    assert set(shown) <= set(texts)
    assert word.paragraphs[0].text == shown[40]
    assert not word.element.body.findall(f".//{qn('w:hyperlink')}")
    assert len(list(word.element.body.iter(qn("w:instrText"), qn("w:fldSimple")))) == 0
