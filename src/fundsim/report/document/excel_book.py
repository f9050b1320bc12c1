"""A workbook: sheets of tables with numbers as numbers, native charts, and a page set-up to print."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fundsim.report.texts import Language
from fundsim.results.spreadsheets import FORMULAS

__all__ = ["Book", "Cell", "Column", "Number", "Page", "Place", "Series", "clean"]

FONTS: dict[Language, str] = {"en": "Arial", "zh": "宋体"}
"""Fonts that Excel and WPS both have."""
LONGEST = 32_767
"""Characters that a cell holds."""
LONGEST_FOOTER = 120
A4 = 9
YEAR = 12
"""Months between the labels of a long axis."""
COLOURS = ("#0072B2", "#E69F00", "#D55E00", "#7F7F7F", "#56B4E9", "#009E73", "#CC79A7")


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with all its digits, and how many of them are shown."""

    value: float
    decimals: int = 0
    percent: bool = False
    plain: bool = False
    """Without separators of thousands: years, seeds."""


Cell = str | Number | None
"""What a cell holds: text that is never a formula, a number, or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
    width: float
    """In characters of a number; a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its title, its headings, and the first and last line, counted from 0."""

    title: int
    head: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a chart: columns of categories and values, and the lines from which they are taken."""

    values: int
    first: int
    last: int
    name_row: int
    """Its name is the heading in this line."""
    categories: int = 0
    called: str = ""
    """A word of the program, in place of the heading."""
    kind: Literal["column", "line", "bar"] = "column"


def clean(text: str) -> str:
    r"""Return a text without characters that XML does not allow, cut to what a cell holds.

    >>> clean("a\x00b\r\nc")
    'ab\nc'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    kept = "".join(c for c in lines if (c >= " " and c not in "\x7f\ufffe\uffff") or c in "\n\t")
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 1]}…"


class Book:
    """A workbook in memory.

    Args:
        lang: language of its texts.
        title: of the document.
        footer: what stands below each printed page.
        created: date of the document; the same content and date give the same bytes.
    """

    def __init__(self, lang: Language, title: str, footer: str, created: datetime) -> None:
        self.lang = lang
        self._buffer = io.BytesIO()
        self._footer = clean(footer)[:LONGEST_FOOTER].replace("&", "&&").replace("\n", " ")
        self.workbook = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONTS[lang], "font_size": 10},
            },
        )
        self.workbook.set_properties({"title": clean(title), "author": "fundsim", "created": created})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def page(self, name: str) -> Page:
        """Add a sheet."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._footer}&R&A  &P / &N")
        return Page(self, sheet)

    def styled(self, **properties: Any) -> Format:
        """Return the format of some properties, one for all cells that have it."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(
                {"font_name": FONTS[self.lang], "font_size": 10, "valign": "top", **properties}
            )
        return self._formats[key]

    def bytes(self) -> bytes:
        """Return the finished workbook."""
        self.workbook.close()
        return self._buffer.getvalue()


class _Exact(float):
    """A number that is written with all its digits; the library writes sixteen, and some need seventeen."""

    def __format__(self, spec: str) -> str:
        """Return the shortest text that reads back as the same number."""
        return repr(float(self))


class Page:
    """A sheet that is written from top to bottom."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.row = 0
        """The next free line, counted from 0."""

    def line(self, text: str, *, bold: bool = False, size: int = 10, across: int = 0) -> None:
        """Write a text in the first cell, over several columns if it is long."""
        style: dict[str, Any] = {"bold": bold, "font_size": size}
        if across:
            style |= {"text_wrap": True}
        form = self._text_format(text, **style)
        if across:
            self.sheet.merge_range(self.row, 0, self.row, across, "", form)
        self.sheet.write_string(self.row, 0, clean(text), form)
        self.row += 1

    def pair(self, name: str, text: str, characters: float, last: int) -> None:
        """Write a name in the first cell and a long text in those beside it, up to a column."""
        self.height_of(self.row, text, characters)
        self.sheet.write_string(self.row, 0, clean(name), self._text_format(name, text_wrap=True))
        form = self._text_format(text, text_wrap=True)
        self.sheet.merge_range(self.row, 1, self.row, last, "", form)
        self.sheet.write_string(self.row, 1, clean(text), form)
        self.row += 1

    def height_of(self, row: int, text: str, characters: float) -> None:
        """Give a line room for a text that is wrapped after so many characters."""
        lines = sum(max(1, math.ceil(_width(part) / characters)) for part in text.split("\n"))
        self.sheet.set_row(row, min(400, 14 * lines + 2))

    def widths(self, columns: Sequence[Column]) -> None:
        """Set the widths of the columns of the sheet."""
        for index, column in enumerate(columns):
            self.sheet.set_column(index, index, column.width)

    def table(self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Place:
        """Write a table with a title above it, and leave a blank line below it."""
        top = self.row
        if title:
            self.line(title, bold=True, size=12)
        head = self.row
        heading = self.book.styled(bold=True, text_wrap=True, bg_color="#DDE6F0", border=1, valign="vcenter")
        for index, column in enumerate(columns):
            self.sheet.write_string(head, index, clean(column.heading), heading)
        lines = max((math.ceil(_width(column.heading) / column.width) for column in columns), default=1)
        self.sheet.set_row(head, 14 * lines + 4)
        self.row += 1
        first = self.row
        for cells in rows:
            self._cells(cells, columns)
        place = Place(top, head, first, self.row - 1)
        self.row += 1
        return place

    def freeze(self, place: Place, columns: Sequence[Column], *, left: int = 0) -> None:
        """Keep the headings of the sheet's table in sight, on paper as well, and let readers filter it."""
        self.sheet.freeze_panes(place.first, left)
        self.sheet.repeat_rows(place.head)
        if place.last >= place.first:
            self.sheet.autofilter(place.head, 0, place.last, len(columns) - 1)

    def _cells(self, cells: Sequence[Cell], columns: Sequence[Column]) -> None:
        lines = 1
        for index, cell in enumerate(cells):
            self._write(index, cell)
            if isinstance(cell, str):
                width = columns[index].width
                lines = max(lines, sum(max(1, math.ceil(_width(p) / width)) for p in cell.split("\n")))
        if lines > 1:
            self.sheet.set_row(self.row, min(400, 14 * lines + 2))
        self.row += 1

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            form = self._text_format(cell, text_wrap=True, border=1)
            self.sheet.write_string(self.row, column, clean(cell), form)
        elif cell is None or not math.isfinite(cell.value):
            self.sheet.write_blank(self.row, column, None, self.book.styled(border=1))
        else:
            self.sheet.write_number(self.row, column, _Exact(cell.value), self._number_format(cell))

    def _text_format(self, text: str, **style: Any) -> Format:
        # With the mark, text that begins like a formula stays text when a reader edits the cell.
        mark = {"quote_prefix": True} if clean(text).lstrip().startswith(FORMULAS) else {}
        return self.book.styled(**style, **mark)

    def _number_format(self, number: Number) -> Format:
        digits = f".{'0' * number.decimals}" if number.decimals else ""
        whole = "0" if number.percent or number.plain else "#,##0"
        return self.book.styled(border=1, num_format=f"{whole}{digits}{'%' if number.percent else ''}")

    def chart(
        self,
        at: tuple[int, int],
        title: tuple[int, int],
        series: Sequence[Series],
        axes: tuple[str, str],
        log_from: float | None = None,
    ) -> None:
        """Draw a chart of cells of this sheet.

        Args:
            at: line and column of its upper left corner.
            title: the cell that holds its title; a text of its own might be taken for a reference.
            series: what it shows; lines are drawn over columns.
            axes: titles of the axis of categories and of that of values, with units.
            log_from: where a logarithmic axis of values begins; it is linear without.
        """
        name = self.sheet.get_name()
        parts = [self._one_kind(kind, series) for kind in ("bar", "column", "line")]
        chart, *others = [part for part in parts if part is not None]
        for other in others:
            chart.combine(other)
        chart.set_title({"name": [name, *title], "name_font": {"size": 11}, "overlay": False})
        across: dict[str, Any] = {"name": clean(axes[0]), "name_font": {"bold": False}}
        up: dict[str, Any] = {"name": clean(axes[1]), "name_font": {"bold": False}}
        if series[0].kind == "bar":
            across |= {"reverse": True, "crossing": "max"}  # the first on top, the numbers below
        if log_from is not None:
            up |= {"log_base": 10, "min": log_from, "crossing": log_from}
        if series[0].kind == "line" and series[0].last - series[0].first > 2 * YEAR:
            across |= {"interval_unit": YEAR, "interval_tick": YEAR}
        across["label_position"] = "low"
        chart.set_x_axis(across)
        up["major_gridlines"] = {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_y_axis(up)
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        chart.set_size({"width": 640, "height": 340})
        self.sheet.insert_chart(*at, chart, {"object_position": 2})

    def _one_kind(self, kind: str, series: Sequence[Series]) -> Any:
        """Return the chart of the series of one kind, nothing if there are none."""
        chosen = [(place, one) for place, one in enumerate(series) if one.kind == kind]
        if not chosen:
            return None
        name = self.sheet.get_name()
        chart = self.book.workbook.add_chart({"type": kind})
        for place, one in chosen:
            colour = COLOURS[place % len(COLOURS)]
            look: dict[str, Any] = {"fill": {"color": colour}}
            if kind == "line":
                look = {"line": {"color": colour, "width": 2}}
            chart.add_series(
                {
                    "name": one.called or [name, one.name_row, one.values],
                    "categories": [name, one.first, one.categories, one.last, one.categories],
                    "values": [name, one.first, one.values, one.last, one.values],
                    **look,
                }
            )
        return chart


def _width(text: str) -> float:
    """Return how wide a text is, in characters of which a Chinese one takes two."""
    return sum(2.0 if ord(c) > 0x2E7F else 1.0 for c in text) * 1.05
