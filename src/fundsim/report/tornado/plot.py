"""The picture of a tornado: a bar for each assumption from its low to its high, the largest on top."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import cast

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from fundsim import arguments
from fundsim.decide.tornado.swings import Bar, Effect, Ranking, Together, TornadoData
from fundsim.errors import UsageError
from fundsim.report.canvas import BLUE, FORMATS, INK, MARGIN, VERMILLION, WIDTH, Picture, below, canvas
from fundsim.report.caption import Caption, minus
from fundsim.report.measures import error_of
from fundsim.report.texts import Language, word
from fundsim.report.tornado.bars import Drawing, Mark, Name, room_for_names
from fundsim.report.tornado.values import (
    figure_scale,
    figure_text,
    figure_title,
    input_text,
    meaning_of,
    name_of,
)
from fundsim.report.units import Scale

__all__ = ["TornadoPlots"]

MOST_BARS = 20
ROW = 20.0
"""Height of a bar with its name [points]."""
LEAST_ROWS = 4
TEXTS = 158.0
"""Height of what stands above and below the bars [points]."""
GAP = 46.0
"""Between the bars and the band of all together [points]."""


class TornadoPlots:
    """Draws the pictures of a tornado."""

    def __init__(self, data: TornadoData) -> None:
        self._data = data

    def tornado(self, metric: str | None = None, *, lang: Language = "en") -> Picture:
        """Draw what each assumption does to a figure at its low and at its high, the largest effects on top.

        Args:
            metric: the figure, such as ``P(pool.depleted)``; the first unless given.
            lang: language of the texts.

        Raises:
            UsageError: there is no such figure, or no path has a value of it.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        known = [measure.measured for measure in self._data.measures]
        bare = {m.name: m.measured for m in self._data.measures if m.horizon == "run_off"}
        wanted = known[0] if metric is None else bare.get(metric, metric)
        at = known.index(arguments.choice("metric", wanted, known))
        if math.isnan(self._data.base[at].value):
            raise UsageError(
                f"there is nothing to draw: no path has a value of {known[at]}",
                f"没有可绘制的内容：没有路径具有 {known[at]} 的数值",
            )
        return self._draw(at, lang)

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield a picture for each figure that some path has, with its name."""
        several = len(self._data.measures) > 1
        for at, base in enumerate(self._data.base):
            if not math.isnan(base.value):
                yield f"tornado.{at + 1}" if several else "tornado", self._draw(at, lang)

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write a picture for each figure into a folder and return their paths.

        Figures of which no path has a value are left out.
        """
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / f"{name}.{form}") for name, picture in self.each(lang=lang)]

    def _draw(self, at: int, lang: Language) -> Picture:
        data, scale, ranking = self._data, figure_scale(self._data, at, lang), self._data.ranking(at)
        shown = ranking.seen[:MOST_BARS]
        caption = Caption(
            title=figure_title(data, at, lang),
            metric=word("Each assumption alone at its low and its high, all others at their values", lang),
            quantity=data.measures[at].measured,
            unit=data.measures[at].unit,
            run=_source(data, lang),
            lang=lang,
        )
        names = [Name(meaning_of(bar.swing, lang), name_of(bar.swing)) for bar in shown]
        beside = [_together_name(one, at, data, lang) for one in data.together]
        rows = max(LEAST_ROWS, len(shown))
        height = TEXTS + rows * ROW + GAP + len(beside) * ROW
        left = room_for_names([*names, *beside])
        notes = (_note(ranking, len(shown), lang), caption.run)
        figure, axes = canvas(caption.title, (caption.metric,), notes, legend=True, left=left, height=height)
        band = _band(axes, height, len(beside)) if beside else None
        base = data.base[at].value
        drawing = Drawing(axes, scale, base, (0.0, 1.0) if data.measures[at].proportion else None)
        drawing.draw([_marks(bar, lang) for bar in shown], names, rows, caption.axis(scale))
        if not shown:
            drawing.say(word("no effect of any assumption is seen on these paths", lang))
        _name_colours(axes, caption, caption.amount(scale, base, error_of(data.base[at])), left)
        if band is not None:
            other = Drawing(band, scale, base, drawing.bounds)
            other.draw(
                [(self._mark(one, at, scale, lang),) for one in data.together], beside, len(beside), ""
            )
            other.title(word("All together (own scale)", lang))
        return Picture(figure)

    def _mark(self, one: Together, at: int, scale: Scale, lang: Language) -> Mark:
        outcome = one.outcomes[at]
        colour = VERMILLION if one.raises else BLUE
        if not isinstance(outcome, Effect):
            return Mark(None, word("can't be run", lang), colour, 1 if one.raises else -1)
        text = minus(figure_text(self._data.measures[at], outcome.measured, scale, lang))
        # Whatever the direction, both results are read from left to right.
        return Mark(outcome, text, INK, 1, fill=colour)


def _together_name(one: Together, at: int, data: TornadoData, lang: Language) -> Name:
    way = "raise" if one.raises else "lower"
    if at == 0:
        return Name(word(f"all at the ends that {way} it", lang), "")
    return Name(word(f"all at the ends that {way}", lang), data.measures[0].measured)


def _marks(bar: Bar, lang: Language) -> tuple[Mark, ...]:
    """Return what is drawn of an assumption: its low, and its high."""
    ways = _ways(bar)
    marks = []
    for end, outcome, way, colour in zip(
        ("low", "high"), (bar.low, bar.high), ways, (BLUE, VERMILLION), strict=True
    ):
        text = input_text(bar.swing, "low" if end == "low" else "high", lang)
        if isinstance(outcome, Effect):
            marks.append(Mark(outcome, text, colour, way))
        else:
            marks.append(Mark(None, f"{text}: {word(_CANT, lang)}", colour, way))
    return tuple(marks)


_CANT = "can't be run"


def _ways(bar: Bar) -> tuple[int, int]:
    """Return to which side of the base the low and the high go: -1 or 1; what does not move, opposite."""
    signs = []
    for outcome in (bar.low, bar.high):
        value = outcome.difference.value if isinstance(outcome, Effect) else 0.0
        signs.append(0 if math.isnan(value) else (value > 0.0) - (value < 0.0))
    low, high = signs
    return (low or -high or -1), (high or -low or 1)


def _band(axes: Axes, height: float, rows: int) -> Axes:
    """Return the axes of all together, below the bars, with room for the bars' own axis between them."""
    whole = axes.get_position()
    figure = axes.figure.figure
    assert figure is not None  # noqa: S101  (axes of canvas have one)
    band = below(figure, axes, 0.5)
    lower, gap = rows * ROW / height, GAP / height
    band.set_position((whole.x0, whole.y0, whole.width, lower))
    axes.set_position((whole.x0, whole.y0 + lower + gap, whole.width, whole.height - lower - gap))
    return band


def _name_colours(axes: Axes, caption: Caption, base: str, left: float) -> None:
    room = axes.get_position().width * WIDTH
    handles = [
        Patch(color=BLUE, label=caption.text("at its low")),
        Patch(color=VERMILLION, label=caption.text("at its high")),
        Line2D(
            [], [], color=INK, linewidth=1.0,
            label=caption.text("all at their values {value}", value=base),
        ),
    ]  # fmt: skip
    axes.legend(
        handles=handles,
        loc="lower left",
        fontsize=8,
        frameon=False,
        ncols=3,
        bbox_to_anchor=((MARGIN - left) / room, 0.995),
        handlelength=1.4,
        borderaxespad=0.1,
    )


def _note(ranking: Ranking, shown: int, lang: Language) -> str:
    notes = [
        word(
            "Numbers at the bars: the inputs. Thin lines: 95 % intervals of the changes, simulation error "
            "only.",
            lang,
        )
    ]
    hidden, unseen = len(ranking.seen) - shown, len(ranking.unseen)
    if hidden and unseen:
        form = "Not drawn: {hidden} with smaller effects, {unseen} without an effect seen."
    elif hidden:
        form = "Not drawn: {hidden} with smaller effects."
    else:
        form = "Not drawn: {unseen} without an effect seen."
    if hidden or unseen:
        notes.append(word(form, lang).format(hidden=hidden, unseen=unseen))
    return (" " if lang == "en" else "").join(notes)


def _source(data: TornadoData, lang: Language) -> str:
    return word(
        "Source: fundsim {version}, scenario {scenario}, {paths:,} paths, seed {seed}, {engine}", lang
    ).format(
        version=version("fundsim"),
        scenario=data.scenario.name,
        paths=data.paths,
        seed=data.seed,
        engine=word(f"{data.engine} engine", lang),
    )
