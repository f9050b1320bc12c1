"""Tables of Word reports: real tables, whose heading comes again on each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from fundsim.report.document.columns import numeric_columns, share_out
from fundsim.report.document.headings import legible
from fundsim.report.document.model import TableOf
from fundsim.report.document.word_page import BLACK, CELLS, LATIN, TEXT_HEIGHT, TEXT_WIDTH

__all__ = ["Layout", "layout_of", "table_xml"]

MARGIN = 1.0
"""Left and right in a cell [mm]."""
CELL = 0.5 * 1.05 * 25.4 / 72.0
"""Width of a cell of a console as a part of the size of type [mm/point], with room for wide letters."""
LONG_TABLE = 60
"""Rows from which on a table is set in the smallest type."""
TWIPS = 1440.0 / 25.4
"""A millimetre [twentieths of a point]."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is set."""

    size: float
    """Of the type [points]."""
    widths: tuple[int, ...]
    """Of the columns [twentieths of a point]."""
    landscape: bool


def layout_of(table: TableOf) -> Layout:
    """Return the largest type in which a table fits the page; a page across where none does."""
    sizes = [min(CELLS)] if len(table.sheet.rows) > LONG_TABLE else sorted(CELLS, reverse=True)
    count = len(table.sheet.headings)
    for width in (TEXT_WIDTH, TEXT_HEIGHT):
        for size in sizes:
            room = (width - 2.0 * MARGIN * count) / (CELL * size)
            found = share_out(table.sheet, room)
            if found is not None:
                widths = [one * CELL * size + 2.0 * MARGIN for one in found]
                return Layout(size, _twips(widths), landscape=width != TEXT_WIDTH)
    return Layout(min(CELLS), _twips([TEXT_HEIGHT / count] * count), landscape=True)


def _twips(widths: Sequence[float]) -> tuple[int, ...]:
    return tuple(int(width * TWIPS) for width in widths)


def table_xml(table: TableOf, layout: Layout) -> BaseOxmlElement:
    """Return a table as an element of a document."""
    sheet, style = table.sheet, CELLS[layout.size].replace(" ", "")
    numeric = numeric_columns(sheet)
    cells = _Cells(style, layout.widths, numeric)
    rows = [cells.row(sheet.headings, heading=True)]
    for group, lines in sheet.groups():
        if group:
            rows.append(cells.group(group))
        rows += [cells.row(line) for line in lines]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in layout.widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}>{_properties(table.title, sum(layout.widths))}"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _properties(title: str, width: int) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    margin = round(MARGIN * TWIPS)
    margins = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>"
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(legible(title))}/></w:tblPr>"
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Writes rows in one style, with the widths of one table."""

    style: str
    widths: Sequence[int]
    numeric: frozenset[int]

    def row(self, texts: Sequence[str], *, heading: bool = False) -> str:
        cells = "".join(
            self._cell(
                text, self.widths[column], "right" if column in self.numeric else "left", heading=heading
            )
            for column, text in enumerate(texts)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heading else ''}</w:trPr>{cells}</w:tr>"

    def group(self, text: str) -> str:
        """Return a row of one cell, which stays with the row below it."""
        cell = self._cell(text, sum(self.widths), "left", heading=True, span=len(self.widths))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"

    def _cell(self, text: str, width: int, side: str, *, heading: bool, span: int = 1) -> str:
        over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        keep = "<w:keepNext/>" if heading else ""
        font = f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:eastAsia="{BLACK}"/>' if heading else HINT
        paragraph = f'<w:pPr><w:pStyle w:val="{self.style}"/>{keep}<w:jc w:val="{side}"/></w:pPr>'
        run = f"<w:r><w:rPr>{font}</w:rPr>{''.join(_lines(text))}</w:r>" if text else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{over}<w:vAlign w:val="center"/></w:tcPr>'
            f"<w:p>{paragraph}{run}</w:p></w:tc>"
        )


HINT = '<w:rFonts w:hint="eastAsia"/>'
"""Lets Chinese quotation marks be set in the Chinese font."""


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(legible(text).split("\n")):
        if number:
            yield "<w:br/>"
        yield f'<w:t xml:space="preserve">{escape(line)}</w:t>'
