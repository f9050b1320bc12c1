"""The native chart of a decision's workbook, with its numbers beside it: of a sweep, and of a tornado."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fundsim.decide.reading import DecisionFolder
from fundsim.report.document.excel import titled
from fundsim.report.document.excel_book import Book, Column, Page, Series
from fundsim.report.document.excel_figures import MONEY, scale_in
from fundsim.report.document.excel_figures import number as figure_number
from fundsim.report.document.inputs import FRACTIONS
from fundsim.report.texts import Language, word

__all__ = ["draw_chart"]

KEY_DIGITS = 10
"""Significant digits of a key's value on the axis."""
MOST = 20
"""Assumptions that a chart shows."""
Plain = Mapping[str, Any]


def draw_chart(book: Book, found: DecisionFolder) -> None:
    """Draw the chart of a sweep of one key, or of a tornado; other decisions have none."""
    if found.kind == "sweep":
        plain = found.figures
        if len(plain["vary"]) == 1:
            _lines(book, plain)
    elif found.kind == "tornado":
        _bars(book, found.figures)


def _lines(book: Book, plain: Plain) -> None:
    """Draw each figure by the value of the key."""
    lang, (key,) = book.lang, plain["vary"]
    page = titled(book, "Chart")
    scales = [scale_in(metric["unit"], lang) for metric in plain["metrics"]]
    heads = [
        _bracketed(metric["text"], scale.unit, lang)
        for metric, scale in zip(plain["metrics"], scales, strict=True)
    ]
    axis = _bracketed(key["key"], _key_unit(key["unit"], lang), lang)
    columns = [Column(text, 28) for text in (axis, *heads)]
    page.widths(columns)
    rows = [
        [
            _key_text(cell["values"][0], key["unit"], lang),
            *(
                figure_number(figure["value"], scale, _or_nan(figure["se"]))
                for figure, scale in zip(cell["figures"], scales, strict=True)
            ),
        ]
        for cell in plain["cells"]
        if cell["sound"]
    ]
    place = page.table("", columns, rows)
    for at, head in enumerate(heads, start=1):
        series = Series(at, place.first, place.last, place.head, kind="line")
        _below(page, head, (axis, head), [series])


def _bars(book: Book, plain: Plain) -> None:
    """Draw what each assumption does to the first figure, the largest effect on top."""
    lang, metric = book.lang, plain["metrics"][0]
    by_name = {one["name"]: one for one in plain["assumptions"]}
    shown = [by_name[name] for name in metric["ranked"][:MOST]]
    if not shown:
        return
    page = titled(book, "Chart")
    scale = scale_in(metric["unit"], lang)
    heads = [word(text, lang) for text in ("assumption", "at low input", "at high input")]
    columns = [Column(heads[0], 44), *(Column(_bracketed(t, scale.unit, lang), 20) for t in heads[1:])]
    page.widths(columns)
    rows = [
        [
            one["name"],
            *(
                None if change is None else figure_number(change["value"], scale, _or_nan(change["se"]))
                for change in (one[end]["figures"][0].get("difference") for end in ("low", "high"))
            ),
        ]
        for one in shown
    ]
    place = page.table("", columns, rows)
    series = [Series(at, place.first, place.last, place.head, kind="bar") for at in (1, 2)]
    title = word("what moves {figure}", lang).format(figure=metric["metric"])
    _below(page, title, (heads[0], _bracketed(word("change", lang), scale.unit, lang)), series)


def _below(page: Page, title: str, axes: tuple[str, str], series: list[Series]) -> None:
    """Draw a chart below what the sheet has, with its title in a cell above it."""
    page.line(title, bold=True)
    page.chart((page.row, 0), (page.row - 1, 0), series, axes)
    page.row += 19


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _bracketed(name: str, unit: str, lang: Language) -> str:
    if not unit:
        return name
    return f"{name} [{unit}]" if lang == "en" else f"{name}（{unit}）"


def _key_unit(unit: str, lang: Language) -> str:
    return MONEY[lang].unit if unit == "yuan" else "%" if unit in FRACTIONS else ""


def _key_text(value: float, unit: str, lang: Language) -> str:
    """Return a value of the key as the axis has it."""
    divisor = MONEY[lang].divisor if unit == "yuan" else 0.01 if unit in FRACTIONS else 1.0
    return f"{value / divisor:,.{KEY_DIGITS}g}"
