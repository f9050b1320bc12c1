"""Pictures of a sweep: lines of one key, heat maps of two, and the frontier of two figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import cast

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from fundsim import arguments
from fundsim.decide.sweep.sweeping import SweepData
from fundsim.errors import UsageError
from fundsim.report.canvas import BLUE, FORMATS, GREY, INK, VERMILLION, Picture, canvas, label_values
from fundsim.report.caption import Caption, plain_number, source_line
from fundsim.report.measures import measure_scale
from fundsim.report.sweep.heat import draw_heat
from fundsim.report.sweep.scatter import draw_frontier
from fundsim.report.sweep.values import (
    axis_heading,
    axis_scale,
    cell_name,
    meaning_of,
    number_of,
    value_text,
)
from fundsim.report.texts import Language, word
from fundsim.report.titles import titled
from fundsim.report.units import Scale

__all__ = ["SweepPlots"]

MOST_TICKS = 12
"""Values up to this number each have a tick of their own."""
WIDE = 4.0
"""From this ratio of the ends on an axis may be logarithmic."""


class SweepPlots:
    """Draws the pictures of a sweep."""

    def __init__(self, data: SweepData) -> None:
        self._data = data

    def line(self, metric: str | None = None, *, lang: Language = "en") -> Picture:
        """Draw a figure by the values of the one key, with 95 % intervals and the present value marked.

        Args:
            metric: the figure, as the table calls it; the first unless given.
            lang: language of the texts.

        Raises:
            UsageError: the sweep has no such figure, or has two keys.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        if len(self._data.question.axes) != 1:
            raise UsageError(
                "a sweep of two keys has no line; draw plot.heat(metric)",
                "两个键的参数扫描没有折线图；请用 plot.heat(指标)",
            )
        at = self._position(metric)
        scale = self._scale(at, lang)
        caption = self._caption(at, lang)
        axis = self._data.question.axes[0]
        now = value_text(axis, axis.number.value, lang)
        inside = axis.vary.low <= axis.number.value <= axis.vary.high
        note = caption.text(
            "Points and lines: figures and their 95 % intervals; dashed: the present value."
            if inside
            else "Points and lines: figures and their 95 % intervals; the present value is {now}.",
            now=now,
        )
        figure, axes = canvas(
            caption.title,
            (caption.metric,),
            (self._note([note, *self._unsound_note(lang)], lang), caption.run),
        )
        self._draw_line(axes, at, scale, lang)
        label_values(axes, caption.axis(scale) if scale.unit else caption.quantity)
        if self._data.question.measures[at].proportion:
            axes.set_ylim(bottom=max(0.0, axes.get_ylim()[0]))
        return Picture(figure)

    def heat(self, metric: str | None = None, *, lang: Language = "en") -> Picture:
        """Draw a figure by the values of both keys, with its value in each cell and the present ones marked.

        Args:
            metric: the figure, as the table calls it; the first unless given.
            lang: language of the texts.

        Raises:
            UsageError: the sweep has no such figure, or has one key.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        if len(self._data.question.axes) != 2:
            raise UsageError(
                "a sweep of one key has no heat map; draw plot.line(metric)",
                "一个键的参数扫描没有热力图；请用 plot.line(指标)",
            )
        at = self._position(metric)
        caption = self._caption(at, lang)
        return draw_heat(self._data, at, self._scale(at, lang), caption, self._only(lang))

    def frontier(self, *, lang: Language = "en") -> Picture:
        """Draw all cells by the two figures of the frontier, with their 95 % intervals.

        Args:
            lang: language of the texts.

        Raises:
            UsageError: no frontier was asked for.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        found = self._data.frontier
        if found is None:
            raise UsageError(
                "the sweep has no frontier; name its two metrics: frontier=(…, …)",
                "未要求有效前沿；请写明两个指标：frontier=(…, …)",
            )
        measures = self._data.question.measures
        positions = [measures.index(goal.measure) for goal in found.goals]
        scales = self._scale(positions[0], lang), self._scale(positions[1], lang)
        caption = self._caption(positions[1], lang)
        return draw_frontier(self._data, (positions[0], positions[1]), scales, caption, self._only(lang))

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield a picture for each figure with its name, and the frontier."""
        lines = len(self._data.question.axes) == 1
        kind, draw = ("line", self.line) if lines else ("heat", self.heat)
        for measure in self._data.question.measures:
            yield f"{kind}.{_file_name(measure.measured)}", draw(measure.measured, lang=lang)
        if self._data.frontier is not None:
            yield "frontier", self.frontier(lang=lang)

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write a picture for each figure, and the frontier, into a folder and return their paths."""
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / f"{name}.{form}") for name, picture in self.each(lang=lang)]

    def _position(self, metric: str | None) -> int:
        names = [measure.measured for measure in self._data.question.measures]
        return 0 if metric is None else names.index(arguments.choice("metric", metric, names))

    def _scale(self, at: int, lang: Language) -> Scale:
        values = (cell.figures[at].value for cell in self._data.cells if cell.sound)
        return measure_scale(self._data.question.measures[at], values, lang)

    def _caption(self, at: int, lang: Language) -> Caption:
        data, measure = self._data, self._data.question.measures[at]
        described, axes = data.question.described[at], data.question.axes
        by = "{figure} by {key}" if len(axes) == 1 else "{figure} by {key} and {other}"
        title = titled(data.scenario.resolved(), described.about, meaning_of(described, lang), lang)
        return Caption(
            title=title if described.meaning else measure.measured,
            metric=word(by, lang).format(
                figure=measure.measured, key=axes[0].number.short, other=axes[-1].number.short
            ),
            quantity=measure.measured,
            unit=measure.unit,
            run=source_line(
                {
                    "versions": {"fundsim": version("fundsim")},
                    "scenario": {"name": data.scenario.name},
                    "paths": data.question.paths,
                    "seed": data.question.seed,
                    "engine": data.engine,
                },
                lang,
            ),
            lang=lang,
        )

    def _only(self, lang: Language) -> str:
        text = word("intervals cover simulation error only, not doubt about the inputs", lang)
        return f"{text[0].upper()}{text[1:]}{'.' if lang == 'en' else '。'}"

    def _note(self, parts: list[str], lang: Language) -> str:
        return (" " if lang == "en" else "").join([*parts, self._only(lang)])

    def _unsound_note(self, lang: Language) -> list[str]:
        refused = self._data.refused
        if not refused:
            return []
        names = (", " if lang == "en" else "、").join(
            cell_name(self._data, cell, lang) for cell in refused[:6]
        )
        return [word("Not sound: {cells}.", lang).format(cells=names + ("…" if len(refused) > 6 else ""))]

    def _draw_line(self, axes: Axes, at: int, scale: Scale, lang: Language) -> None:
        axis = self._data.question.axes[0]
        values = axis_scale(axis, lang)
        ordered = sorted((c for c in self._data.cells if c.sound), key=lambda cell: cell.values)
        shown = [cell for cell in ordered if math.isfinite(cell.figures[at].value)]
        xs = [cell.values[0] / values.divisor for cell in shown]
        ys = [cell.figures[at].value / scale.divisor for cell in shown]
        axes.plot(xs, ys, color=BLUE, linewidth=0.9, alpha=0.6)
        axes.plot(xs, ys, color=BLUE, marker="o", markersize=3.6, linewidth=0.0, clip_on=False)
        for x, cell in zip(xs, shown, strict=True):
            ends = (e if math.isfinite(e) else cell.figures[at].value for e in cell.figures[at].ci95)
            axes.plot([x, x], [end / scale.divisor for end in ends], color=BLUE, linewidth=0.9)
        if axis.vary.low <= axis.number.value <= axis.vary.high:
            now = axis.number.value / values.divisor
            axes.axvline(now, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
            axes.text(
                now, 1.0, f" {word('now', lang)}", fontsize=8, color=GREY, va="top",
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip
        for cell in self._data.refused:
            axes.plot(
                [cell.values[0] / values.divisor], [0.02], marker="x", markersize=5, color=VERMILLION,
                transform=axes.get_xaxis_transform(), clip_on=False,
            )  # fmt: skip
        self._dress(axes, values, lang)

    def _dress(self, axes: Axes, values: Scale, lang: Language) -> None:
        axis = self._data.question.axes[0]
        if is_geometric(axis.values):
            axes.set_xscale("log")
            axes.xaxis.set_minor_locator(NullLocator())
        if len(axis.values) <= MOST_TICKS:
            places = [value / values.divisor for value in axis.values]
            axes.xaxis.set_major_locator(FixedLocator(places))
            texts = {p: number_of(v, axis.values, values) for p, v in zip(places, axis.values, strict=True)}
            axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _at: texts.get(x, plain_number(x))))
        else:
            axes.xaxis.set_major_locator(MaxNLocator(8))
            axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
        axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
        axes.margins(x=0.03, y=0.08)
        axes.set_xlabel(axis_heading(axis, lang), fontsize=9, color=INK)


def is_geometric(values: tuple[float, ...]) -> bool:
    """Return whether values are spaced more evenly in their logarithm, over a wide range.

    >>> is_geometric((0.1, 1.0, 10.0)), is_geometric((1.0, 2.0, 3.0, 4.0))
    (True, False)
    """
    ordered = sorted(values)
    if ordered[0] <= 0.0 or ordered[-1] < WIDE * ordered[0] or len(ordered) < 3:
        return False
    steps = [b - a for a, b in pairwise(ordered)]
    ratios = [math.log(b / a) for a, b in pairwise(ordered)]
    return max(ratios) / min(ratios) < max(steps) / min(steps)


def _file_name(figure: str) -> str:
    """Return a figure's name as a part of a file's name.

    >>> _file_name("q99.5(pool.claims_due@window)")
    'q99.5_pool.claims_due_window'
    """
    return re.sub(r"[^\w.-]+", "_", figure).strip("_")
