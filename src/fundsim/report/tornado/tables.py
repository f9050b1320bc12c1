"""The tables of a tornado: what each assumption does to each figure, and what all do together."""

from __future__ import annotations

import html as markup
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from fundsim.decide.tornado.swings import ENDS, Bar, Effect, Outcome, Ranking, TornadoData
from fundsim.report.folding import fold
from fundsim.report.grid import Grid
from fundsim.report.measures import measured_text, points_of
from fundsim.report.sheets import Row, Sheet, grid_of, html_of
from fundsim.report.texts import Language, word
from fundsim.report.tornado.notes import notes, unseen_text
from fundsim.report.tornado.values import (
    change_text,
    figure_scale,
    figure_text,
    figure_title,
    input_text,
    name_of,
    named,
    number_text,
)
from fundsim.report.units import Scale

__all__ = ["html", "torn"]


@dataclass(frozen=True, slots=True)
class Section:
    """The table of one figure: what stands above it, the table, what stands below."""

    above: tuple[str, ...]
    sheet: Sheet
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Torn:
    """All tables with the notes, drawn for whatever width there is."""

    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    plain: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw tables, or rows below each other where tables would cut numbers."""
        for at, section in enumerate(self.sections):
            if at:
                yield Text()
            yield from self._lines(section.above[:1], options.max_width, "" if self.plain else "bold")
            yield from self._lines(section.above[1:], options.max_width)
            if section.sheet.rows:
                yield from _without_last_blanks(grid_of(section.sheet, self.plain), console, options)
            yield from self._lines(section.below, options.max_width)
        yield Text()
        yield from self._lines(self.notes, options.max_width)

    @staticmethod
    def _lines(texts: tuple[str, ...], width: int, style: str = "") -> Iterator[Text]:
        yield from (Text(part, style=style) for text in texts if text for part in fold(text, width))


def _without_last_blanks(grid: Grid, console: Console, options: ConsoleOptions) -> list[Text]:
    lines = [line for line in grid.__rich_console__(console, options) if isinstance(line, Text)]
    while lines and not lines[-1].plain:
        lines.pop()
    return lines


def torn(data: TornadoData, lang: Language, *, plain: bool = False) -> Torn:
    """Return the tables of a tornado with the notes below them.

    Args:
        data: the tornado.
        lang: language of names, headings and units.
        plain: without lines and colours, for pipes.
    """
    return Torn(tuple(_sections(data, lang)), tuple(notes(data, lang)), plain)


def html(data: TornadoData, lang: Language = "en") -> str:
    """Return tables and notes as HTML; every text in them is escaped."""
    parts = []
    for section in _sections(data, lang):
        tables = [html_of(section.sheet)] if section.sheet.rows else []
        parts += [*map(_paragraph, section.above), *tables, *map(_paragraph, section.below)]
    return "\n".join([*parts, *(_paragraph(note) for note in notes(data, lang))])


def _paragraph(text: str) -> str:
    return f"<p>{markup.escape(text)}</p>"


def _sections(data: TornadoData, lang: Language) -> Iterator[Section]:
    for at, measure in enumerate(data.measures):
        scale, ranking = figure_scale(data, at, lang), data.ranking(at)
        title = f"{figure_title(data, at, lang)} " if lang == "zh" else ""
        above = word("{figure}: {value} with all assumptions at their values", lang).format(
            figure=f"{title}{measure.measured}", value=figure_text(measure, data.base[at], scale, lang)
        )
        rows = tuple(Row("", cells) for cells in _rows(ranking, scale, lang))
        sheet = Sheet(_headings(lang), rows, with_unit=False, starts=frozenset((3, 5)))
        lines = (above, _units(scale, lang)) if rows else (above,)
        yield Section(lines, sheet, tuple(_below(ranking, scale, lang)))
    if data.together:
        above = word("all together, by effect on {figure}", lang).format(figure=data.measures[0].measured)
        yield Section((above,), _together(data, lang), ())


def _headings(lang: Language) -> tuple[str, ...]:
    words = ("assumption", "low input", "high input", "at low", "change", "at high", "change")
    return tuple(word(heading, lang) for heading in words)


def _units(scale: Scale, lang: Language) -> str:
    """Return in which units figures and changes are written; empty where they have none."""
    change = points_of(scale, lang).unit
    if not scale.unit:
        return ""
    form = (
        "figures and changes in {unit}" if change == scale.unit else "figures in {unit}, changes in {change}"
    )
    return word(form, lang).format(unit=scale.unit, change=change)


def _rows(ranking: Ranking, scale: Scale, lang: Language) -> Iterator[tuple[str, ...]]:
    for bar in ranking.seen:
        inputs = (input_text(bar.swing, end, lang) for end in ENDS)
        figures = (text for outcome in (bar.low, bar.high) for text in _cells(outcome, scale, lang))
        yield (named(bar.swing, lang), *inputs, *figures)


def _cells(outcome: Outcome, scale: Scale, lang: Language) -> tuple[str, str]:
    return number_text(outcome, scale), change_text(outcome, scale, lang)


def _below(ranking: Ranking, scale: Scale, lang: Language) -> Iterator[str]:
    if ranking.unseen and not ranking.seen:
        text = word("no effect of any assumption is seen on these paths", lang)
        yield f"{text[0].upper()}{text[1:]}{'.' if lang == 'en' else '。'}"
    if ranking.unseen:
        yield unseen_text(ranking.unseen, scale, lang)
    if ranking.refused:
        yield _refused(ranking.refused, lang)


def _refused(bars: tuple[Bar, ...], lang: Language) -> str:
    names = (", " if lang == "en" else "、").join(name_of(bar.swing) for bar in bars)
    return f"{word(_CANT, lang)}{': ' if lang == 'en' else '：'}{names}"


_CANT = "can't be run"


def _together(data: TornadoData, lang: Language) -> Sheet:
    heads = (
        word("metric", lang), word("unit", lang), word("at their values", lang),
        word("at the ends that lower it", lang), word("change", lang),
        word("at the ends that raise it", lang), word("change", lang),
    )  # fmt: skip
    rows = []
    for at, measure in enumerate(data.measures):
        scale = figure_scale(data, at, lang)
        cells = [measured_text(measure, data.base[at], scale, lang)]
        for outcome in (together.outcomes[at] for together in data.together):
            known = outcome.measured if isinstance(outcome, Effect) else None
            cells.append("–" if known is None else measured_text(measure, known, scale, lang))
            cells.append(change_text(outcome, scale, lang))
        rows.append(Row("", (measure.measured, scale.unit, *cells)))
    return Sheet(heads, tuple(rows), with_unit=True, starts=frozenset((3, 5)))
