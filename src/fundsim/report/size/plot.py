"""The picture of a size: the figure of a target by the value of the key, with the bound and the answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from fundsim import arguments
from fundsim.decide.size.search import Point
from fundsim.decide.size.sizing import Reading, SizeData
from fundsim.decide.size.target import Target
from fundsim.report.canvas import BLUE, FORMATS, GREY, INK, VERMILLION, Picture, canvas, label_values
from fundsim.report.caption import Caption, plain_number
from fundsim.report.size.notes import reading_word
from fundsim.report.size.tables import answer_text
from fundsim.report.size.values import bound_text, figure_label, key_scale
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, scale_of

__all__ = ["SizePlots"]

LOOKS = {False: (BLUE, "o"), True: (VERMILLION, "s")}
"""Whether lending is held → colour and shape."""


class SizePlots:
    """Draws the pictures of a size."""

    def __init__(self, data: SizeData) -> None:
        self._data = data

    def figure(self, target: int = 0, *, lang: Language = "en") -> Picture:
        """Draw the figure of a target by the value of the key, in both readings where they differ.

        Args:
            target: which target, from 0 on.
            lang: language of the texts.

        Raises:
            UsageError: there is no such target.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        question = self._data.question
        if not isinstance(target, int) or not 0 <= target < len(question.targets):
            raise arguments.refused("target", target, (
                f"there are {len(question.targets)} targets", "count them from 0 on",
                f"共有 {len(question.targets)} 个目标", "请从 0 起编号",
            ))  # fmt: skip
        return self._draw(target, question.targets[target], lang)

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield a picture for each target with its name."""
        count = len(self._data.question.targets)
        for at in range(count):
            yield "size" if count == 1 else f"size.{at + 1}", self.figure(at, lang=lang)

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write a picture for each target into a folder and return their paths."""
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / f"{name}.{form}") for name, picture in self.each(lang=lang)]

    def _draw(self, at: int, target: Target, lang: Language) -> Picture:
        data = self._data
        key = data.question.vary.number.short
        values = key_scale(data, lang)
        figures = scale_of(target.unit, abs(target.bound), lang)
        caption = Caption(
            title=word("How large must {key} be", lang).format(key=key),
            metric=word("{figure} by {key}", lang).format(
                figure=figure_label(target, data.question.targets, lang), key=key
            ),
            quantity=target.measured,
            unit=target.unit,
            run=_source(data, lang),
            lang=lang,
        )
        note = caption.text(
            "Points and lines: figures and their 95 % intervals; shaded: interval of the answer."
        )
        only = caption.text("intervals cover simulation error only, not doubt about the inputs")
        note = f"{note} {only[0].upper()}{only[1:]}." if lang == "en" else f"{note}{only}。"
        answers = word("answer: {answers}", lang).format(answers=self._answers(lang))
        figure, axes = canvas(caption.title, (caption.metric, answers), (note, caption.run), legend=True)
        self._mark(axes, target, values, figures, lang)
        for reading in data.readings:
            self._draw_reading(axes, reading, at, (values, figures), lang)
        self._axes(axes, key, values, caption)
        label_values(axes, caption.axis(figures))
        if target.proportion:
            axes.set_ylim(bottom=max(0.0, axes.get_ylim()[0]))
        axes.legend(
            loc="lower left",
            fontsize=8,
            frameon=False,
            ncols=4,
            bbox_to_anchor=(0.0, 0.99),
            borderaxespad=0.1,
        )
        return Picture(figure)

    def _answers(self, lang: Language) -> str:
        """Return the answer of each reading, with what reading it is where there are two."""
        data, separator = self._data, word("; ", lang)
        if len(data.readings) == 1:
            return answer_text(data.readings[0].found, data, lang)
        colon = ": " if lang == "en" else "："
        return separator.join(
            f"{reading_word(one, lang)}{colon}{answer_text(one.found, data, lang)}" for one in data.readings
        )

    def _mark(self, axes: Axes, target: Target, values: Scale, figures: Scale, lang: Language) -> None:
        sign = "≤" if target.at_most else "≥"
        label = word("target {sign} {bound}", lang).format(sign=sign, bound=bound_text(target, lang))
        axes.axhline(target.bound / figures.divisor, color=INK, linewidth=1.0, label=label)
        vary = self._data.question.vary
        if vary.low <= vary.number.value <= vary.high:
            axes.axvline(
                vary.number.value / values.divisor, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)),
                label=word("now", lang),
            )  # fmt: skip

    def _draw_reading(
        self, axes: Axes, reading: Reading, at: int, scales: tuple[Scale, Scale], lang: Language
    ) -> None:
        values, figures = scales
        colour, marker = LOOKS[reading.held]
        found = reading.found
        points = [p for p in found.points if math.isfinite(p.verdict.figures[at].value)]
        xs = [p.value / values.divisor for p in points]
        ys = [p.verdict.figures[at].value / figures.divisor for p in points]
        axes.plot(xs, ys, color=colour, linewidth=0.9, alpha=0.6)
        axes.plot(
            xs,
            ys,
            color=colour,
            marker=marker,
            markersize=3.2,
            linewidth=0.0,
            clip_on=False,
            label=reading_word(reading, lang),
        )
        for x, point in zip(xs, points, strict=True):
            low, high = _ends(point, at, figures)
            axes.plot([x, x], [low, high], color=colour, linewidth=0.9)
        if found.outcome == "found":
            vary = self._data.question.vary
            ends = (
                vary.low if found.low is None else found.low,
                vary.high if found.high is None else found.high,
            )
            axes.axvspan(
                ends[0] / values.divisor, ends[1] / values.divisor, color=colour, alpha=0.18, linewidth=0
            )

    def _axes(self, axes: Axes, key: str, values: Scale, caption: Caption) -> None:
        if self._data.question.vary.in_logarithms:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axes.xaxis.set_minor_formatter(NullFormatter())
        else:
            axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
        axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
        axes.margins(x=0.03, y=0.08)
        label = replace(caption, quantity=key).axis(values) if values.unit else key
        axes.set_xlabel(label, fontsize=9, color=INK)


def _ends(point: Point, at: int, scale: Scale) -> tuple[float, float]:
    """Return the interval of a point, or the point itself where an end is open."""
    judged = point.verdict.figures[at]
    low, high = (end if math.isfinite(end) else judged.value for end in judged.ci95)
    return low / scale.divisor, high / scale.divisor


def _source(data: SizeData, lang: Language) -> str:
    return word("Source: fundsim {version}, scenario {scenario}, seed {seed}, {engine}", lang).format(
        version=version("fundsim"),
        scenario=data.scenario.name,
        seed=data.question.seed,
        engine=word(f"{data.engine} engine", lang),
    )
