"""Bars from a base line to both sides, with their names at the left and a text at each end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from fundsim.decide.tornado.swings import Effect
from fundsim.report.canvas import GREY, INK
from fundsim.report.caption import plain_number
from fundsim.report.typeface import width_of
from fundsim.report.units import Scale

__all__ = ["Drawing", "Mark", "Name", "room_for_names"]

TITLE, KEY, INPUT = 7.4, 5.8, 6.6
"""Sizes of type of a name's two lines and of the texts at the ends of bars [points]."""
WIDEST = 190.0
"""Room for names [points]; longer ones are set smaller."""
LEAST = 5.0
BESIDE = 7.0
"""Between names and bars [points]."""
PAD = 4.0
"""Between the end of a bar and its text [points]."""
THICK = 0.6
"""Height of a bar as a part of its row."""
MOST_TEXT = 0.75
"""Part of the axes' width that texts beside bars may take."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a bar is called: its meaning, and its key below."""

    title: str
    key: str

    @property
    def lines(self) -> tuple[tuple[str, float], ...]:
        """Lines with their sizes of type; the key alone where there is no meaning."""
        if not self.title:
            return ((self.key, TITLE),)
        return ((self.title, TITLE), (self.key, KEY)) if self.key else ((self.title, TITLE),)


@dataclass(frozen=True, slots=True)
class Mark:
    """One end of a bar."""

    effect: Effect | None
    """None where nothing is known: the text alone is written at the base line."""
    text: str
    colour: str
    """Colour of the text."""
    way: int
    """Side of the base line at which the text stands: -1 or 1."""
    fill: str = ""
    """Colour of the bar, unless it is that of the text."""


def room_for_names(names: Sequence[Name]) -> float:
    """Return the room that names need left of the axes [points]."""
    widest = max((width_of(text, size) for name in names for text, size in name.lines), default=0.0)
    return 10.0 + BESIDE + min(WIDEST, widest)


@dataclass(frozen=True, slots=True)
class _Text:
    x: float
    y: float
    mark: Mark

    @property
    def width(self) -> float:
        return width_of(self.mark.text, INPUT) + 2.0 * PAD


class Drawing:
    """Draws bars on axes, in the figure's unit.

    Args:
        axes: where.
        scale: the figure's unit.
        base: the figure at the base line.
        bounds: what the figure can't leave, if there is anything.
    """

    def __init__(
        self, axes: Axes, scale: Scale, base: float, bounds: tuple[float, float] | None = None
    ) -> None:
        self._axes = axes
        self._scale = scale
        self._base = base / scale.divisor
        self.bounds = bounds

    def draw(self, rows: Sequence[Sequence[Mark]], names: Sequence[Name], height: int, label: str) -> None:
        """Draw a bar for each row from top to bottom; ``height`` is the number of rows to make room for."""
        texts: list[_Text] = []
        reach = [self._base]
        for at, (marks, name) in enumerate(zip(rows, names, strict=True)):
            y = float(height - 1 - at)
            self._name(name, y)
            for mark, (middle, thick) in zip(marks, _places(marks, y), strict=True):
                ends = self._bar(mark, middle, thick)
                reach += ends
                texts.append(_Text(max(ends) if mark.way > 0 else min(ends), middle, mark))
        self._finish(texts, reach, height, label)

    def say(self, text: str) -> None:
        """Write a text where bars would stand."""
        self._axes.text(
            0.5, 0.5, text, transform=self._axes.transAxes, ha="center", va="center", fontsize=9, color=GREY,
            bbox={"facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip

    def title(self, text: str) -> None:
        """Write a text above the bars."""
        self._axes.text(
            0.0, 1.03, text, transform=self._axes.transAxes, ha="left", va="bottom", fontsize=7.4, color=GREY
        )

    def _bar(self, mark: Mark, middle: float, thick: float) -> list[float]:
        """Draw one end of a bar with its interval and return what of the axis it takes."""
        if mark.effect is None or not math.isfinite(mark.effect.measured.value):
            return [self._base]
        value = mark.effect.measured.value
        end = value / self._scale.divisor
        colour = mark.fill or mark.colour
        self._axes.barh(
            middle, end - self._base, thick, left=self._base, color=colour, alpha=0.85, linewidth=0
        )
        change = mark.effect.difference
        ends = [self._inside(value + limit - change.value) for limit in change.ci95]
        if change.value and all(map(math.isfinite, ends)):
            self._axes.plot(ends, [middle, middle], color=INK, linewidth=0.9, solid_capstyle="butt")
            return [self._base, end, *ends]
        return [self._base, end]

    def _inside(self, value: float) -> float:
        if self.bounds is not None:
            value = min(self.bounds[1], max(self.bounds[0], value))
        return value / self._scale.divisor

    def _name(self, name: Name, y: float) -> None:
        place, lines = self._axes.get_yaxis_transform(), name.lines
        for (text, size), colour, raised in zip(
            lines, (INK, GREY), (0.2, -0.24) if len(lines) == 2 else (0.0, 0.0), strict=False
        ):
            fitting = max(LEAST, min(size, size * WIDEST / max(1.0, width_of(text, size))))
            self._axes.text(
                -BESIDE / self._width, y + raised, text, transform=place, ha="right", va="center",
                fontsize=fitting, color=colour,
            )  # fmt: skip

    @property
    def _width(self) -> float:
        """Width of the axes [points]."""
        figure = self._axes.figure
        return self._axes.get_position().width * float(figure.bbox.width) * 72.0 / figure.dpi

    def _finish(self, texts: Sequence[_Text], reach: Sequence[float], height: int, label: str) -> None:
        axes = self._axes
        axes.axvline(self._base, color=INK, linewidth=1.0)
        low, high = self._limits(texts, min(reach), max(reach))
        axes.set_xlim(low, high)
        axes.set_ylim(-0.6, height - 0.4)
        axes.set_yticks([])
        axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
        axes.xaxis.set_major_locator(FixedLocator(self._ticks(low, high)))
        axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
        axes.set_xlabel(label, fontsize=9, color=INK)
        pad = PAD * (high - low) / self._width
        for text in texts:
            axes.text(
                text.x + text.mark.way * pad, text.y, text.mark.text, fontsize=INPUT, color=text.mark.colour,
                ha="left" if text.mark.way > 0 else "right", va="center",
            )  # fmt: skip

    def _limits(self, texts: Sequence[_Text], low: float, high: float) -> tuple[float, float]:
        """Return the limits of the axis that leave room for all texts."""
        span = (high - low) or max(abs(high), 1.0)
        first, last = low - 0.02 * span, high + 0.02 * span
        for _ in range(50):  # each text is as wide as the limits make it
            a_point = min(last - first, span / (1.0 - MOST_TEXT)) / self._width
            first = min([low - 0.02 * span, *(t.x - t.width * a_point for t in texts if t.mark.way < 0)])
            last = max([high + 0.02 * span, *(t.x + t.width * a_point for t in texts if t.mark.way > 0)])
        return first, last

    def _ticks(self, low: float, high: float) -> list[float]:
        """Return the ticks at values that the figure can have."""
        ticks = MaxNLocator(6).tick_values(low, high)
        least, most = self.bounds or (-math.inf, math.inf)
        least, most = least / self._scale.divisor, most / self._scale.divisor
        return [float(tick) for tick in ticks if max(low, least) <= tick <= min(high, most)]


def _places(marks: Sequence[Mark], y: float) -> list[tuple[float, float]]:
    """Return middle and height of each end's bar: half the row each where both go to the same side."""
    if len(marks) == 2 and marks[0].way == marks[1].way:
        return [(y + 0.25 * THICK, 0.5 * THICK), (y - 0.25 * THICK, 0.5 * THICK)]
    return [(y, THICK) for _ in marks]
