"""The page of Word reports, after GB/T 9704: margins, fonts, styles, page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from fundsim.report.texts import Language

__all__ = [
    "BODY",
    "CELLS",
    "CHAPTER",
    "NOTE",
    "PICTURE",
    "SECTION",
    "SUBTITLE",
    "TITLE",
    "add_section",
    "set_up",
]

HEIGHT, WIDTH = 297.0, 210.0
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
"""A4 and its margins [mm]: the text is 156 mm × 225 mm."""
TEXT_WIDTH, TEXT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
LINE = 28.0
"""Distance of two lines of text [points]."""
LATIN = "Times New Roman"
SONG, BLACK, KAI, FANG, PLAIN = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
INSTEAD = {SONG: "宋体", BLACK: "SimHei", KAI: "楷体", FANG: "仿宋", PLAIN: "SimSun"}
"""Font → what stands in for it where it is not installed."""
TITLE, SUBTITLE, BODY, CHAPTER, SECTION = "Title", "Subtitle", "Normal", "Heading 1", "Heading 2"
NOTE, PICTURE = "Note", "Picture"
CELLS = {12.0: "Table 12", 10.5: "Table 10.5", 9.0: "Table 9"}
"""Size of type in a table [points]: 小四, 五号, 小五 → style."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs."""

    font: str
    size: float
    """[points]"""
    line: float | None = LINE
    """Distance of two lines [points]; None for what the content needs."""
    align: str = "both"
    before: float = 0.0
    after: float = 0.0
    indented: bool = False
    """Whether the first line begins two characters further in."""
    level: int | None = None
    """Of a heading, from 0."""


def _styles(lang: Language) -> dict[str, Style]:
    indented = lang == "zh"
    return {
        BODY: Style(FANG, 16.0, indented=indented, after=0.0 if indented else 6.0),
        TITLE: Style(SONG, 22.0, line=36.0, align="center", before=28.0, after=14.0),
        SUBTITLE: Style(KAI, 16.0, align="center", after=14.0),
        CHAPTER: Style(BLACK, 16.0, align="left", before=14.0, indented=indented, level=0),
        SECTION: Style(KAI, 16.0, align="left", before=7.0, indented=indented, level=1),
        NOTE: Style(FANG, 12.0, line=20.0, before=2.0),
        PICTURE: Style(FANG, 12.0, line=None, align="center", before=6.0, after=6.0),
        "Footer": Style(PLAIN, 14.0, line=None, align="left"),
        **{name: Style(FANG, size, line=None, align="left") for size, name in CELLS.items()},
    }


def set_up(word: Word, lang: Language) -> None:
    """Give a new document its page, its styles and its page numbers."""
    _forget_thumbnail(word)
    _defaults(word)
    for name, style in _styles(lang).items():
        _define(word, name, style, bold=lang == "en" and style.level is not None)
    _fonts(word)
    section = word.sections[0]
    _upright(section)
    word.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], "right")
    _number(section.even_page_footer.paragraphs[0], "left")


def add_section(word: Word, *, landscape: bool) -> None:
    """Begin a new page, upright or across."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(HEIGHT), Mm(WIDTH)
        section.top_margin, section.bottom_margin = Mm(LEFT), Mm(RIGHT)
        section.left_margin, section.right_margin = Mm(BOTTOM), Mm(TOP)
    else:
        _upright(section)


def _forget_thumbnail(word: Word) -> None:
    """Drop the small picture of the template, which shows another document."""
    links = word.part.package.rels
    for name in [name for name, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[name]


def _upright(section: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance, section.footer_distance = Mm(15), Mm(BOTTOM - 7 - 5)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        grid.set(qn("w:linePitch"), str(round(LINE * 20)))


def _defaults(word: Word) -> None:
    """Name fonts and languages where the template names those of its theme."""
    root = word.styles.element
    for old in root.findall(qn("w:docDefaults")):
        root.remove(old)
    run = f'<w:rPr>{_font(FANG)}<w:sz w:val="32"/><w:szCs w:val="32"/>{LANGUAGES}</w:rPr>'
    paragraph = '<w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr>'
    root.insert(
        0,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault>{run}</w:rPrDefault>"
            f"<w:pPrDefault>{paragraph}</w:pPrDefault></w:docDefaults>"
        ),
    )
    for theme in word.settings.element.findall(qn("w:themeFontLang")):
        theme.set(qn("w:eastAsia"), "zh-CN")


LANGUAGES = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'


def _font(font: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia={quoteattr(font)}/>'


def _define(word: Word, name: str, style: Style, *, bold: bool) -> None:
    """Set a style, all of it; what the template has under its name is dropped."""
    known = {one.name for one in word.styles}
    found = word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    element = found.element
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{_paragraph(style)}</w:pPr>"))
    heavy = "<w:b/><w:bCs/>" if bold else ""
    half = round(style.size * 2)
    size = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    element.append(parse_xml(f"<w:rPr {nsdecls('w')}>{_font(style.font)}{heavy}{size}</w:rPr>"))


def _paragraph(style: Style) -> str:
    """Return the properties of a paragraph, in the order that the format asks for."""
    keep = "<w:keepNext/><w:keepLines/>" if style.level is not None else ""
    line = (
        f'w:line="{round(20 * style.line)}" w:lineRule="exact"'
        if style.line
        else 'w:line="240" w:lineRule="auto"'
    )
    spacing = f'<w:spacing w:before="{round(20 * style.before)}" w:after="{round(20 * style.after)}" {line}/>'
    first = round(style.size * 2 * 20) if style.indented else 0
    indent = f'<w:ind w:firstLineChars="{200 if style.indented else 0}" w:firstLine="{first}"/>'
    level = f'<w:outlineLvl w:val="{style.level}"/>' if style.level is not None else ""
    return f'{keep}<w:widowControl/>{spacing}{indent}<w:jc w:val="{style.align}"/>{level}'


def _fonts(word: Word) -> None:
    """Say which fonts stand in for those that a computer lacks."""
    for part in word.part.package.iter_parts():
        if part.partname != "/word/fontTable.xml":
            continue
        table = parse_xml(part.blob)
        for name, other in INSTEAD.items():
            table.append(
                parse_xml(
                    f"<w:font {nsdecls('w')} w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
                    '<w:charset w:val="86"/></w:font>'
                )
            )
        part._blob = serialize_part_xml(table)


def _number(paragraph: Paragraph, side: str) -> None:
    """Write "— 1 —" at the outer side of a page, one character in."""
    paragraph.style = "Footer"
    place = paragraph._p.get_or_add_pPr()
    place.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="280"/>'))
    place.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.add_text(text)
        elif kind:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        else:
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'))
    paragraph.add_run(" —")
