"""The look of the pictures: one size, one palette, one font, no global state."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FixedLocator, FuncFormatter

from fundsim import arguments
from fundsim.errors import UsageError
from fundsim.report.texts import Language
from fundsim.report.typeface import set_in_type, width_of
from fundsim.results.folder import why

__all__ = [
    "BLUE",
    "FORMATS",
    "GREY",
    "INK",
    "MARGIN",
    "VERMILLION",
    "WIDTH",
    "Picture",
    "below",
    "canvas",
    "label_values",
    "mark_run_off",
    "month_axis",
    "wrapped",
]

# Okabe & Ito (2008): distinct for every kind of colour blindness; the two differ in grey print, too.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
INK = "#222222"
GREY = "#6B6B6B"
GRID = "#E3E3E3"

WIDTH, HEIGHT = 518.0, 331.0
"""Size of a picture [points]: the text width of an A4 page."""
MARGIN = 10.0
TITLE, LABEL, SUBTITLE, FOOTNOTE = 12.5, 9.0, 8.5, 6.8
"""Sizes of type [points]."""
LEADING = 1.42
ROUNDED = 1.05
"""Letters stand at whole pixels, so a line may come out this much wider than its letters add up to."""
DOTS = 300
FORMATS: dict[str, dict[str, Any]] = {
    "png": {"dpi": DOTS, "metadata": {"Software": None}, "pil_kwargs": {"compress_level": 2}},
    "svg": {"metadata": {"Date": None, "Creator": None}},
    "pdf": {"metadata": {"CreationDate": None, "Creator": None, "Producer": None}},
}
"""Format → how it is written: without dates and versions, like runs give like bytes."""


@dataclass(frozen=True)
class Picture:
    """A finished picture: ``save`` writes it, a notebook shows it, ``figure`` is matplotlib's."""

    figure: Figure

    def __post_init__(self) -> None:
        set_in_type(self.figure)

    def save(self, path: str | Path) -> Path:
        """Write the picture as its ending says, PNG, SVG or PDF, and return its path.

        Raises:
            UsageError: The ending is another, or nothing can be written there.
        """
        path = arguments.file_name("path", path)
        form = path.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            message = (f"a picture is written as {', '.join(FORMATS)}, not {form or 'nothing'}",
                       "give a name that ends in .png",
                       f"图片格式为 {'、'.join(FORMATS)}，而不是 {form or '空'}",
                       "请写以 .png 结尾的文件名")  # fmt: skip
            raise arguments.refused("path", str(path), message)
        try:
            path.write_bytes(self._written(form))
        except OSError as error:
            reason, reason_zh = why(error, path)
            raise UsageError(f"{reason}; choose another place", f"{reason_zh}；请换一个位置") from error
        return path

    def content(self, form: str, dots: int = DOTS) -> bytes:
        """Return the picture as the bytes of a PNG, SVG or PDF file.

        Args:
            form: ``png``, ``svg`` or ``pdf``.
            dots: resolution of a PNG [dots an inch].
        """
        return self._written(arguments.choice("form", form, tuple(FORMATS)), dots)

    @property
    def title(self) -> str:
        """What is written at the head of the picture; empty where nothing is."""
        texts = self.figure.texts
        first = [text.get_text() for text in texts if text.get_fontsize() == texts[0].get_fontsize()]
        return "".join(
            f" {line}" if number and ord(line[:1] or "x") < 0x2E80 else line
            for number, line in enumerate(first)
        )

    def _repr_png_(self) -> bytes:
        return self._written("png")

    def _written(self, form: str, dots: int = DOTS) -> bytes:
        buffer = io.BytesIO()
        # Elements of an SVG are named by a hash that must not be drawn by chance; a PDF takes
        # outlines of the letters that it uses.
        with rc_context({"svg.hashsalt": "fundsim", "pdf.fonttype": 3}):
            resolution = {"dpi": dots} if form == "png" else {}
            self.figure.savefig(buffer, format=form, **FORMATS[form] | resolution)
        return buffer.getvalue()


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines of at most a width [points], at spaces and between Chinese signs.

    >>> wrapped("one two three", 10.0, 45.0)
    ['one two', 'three']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and ROUNDED * width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()]


OPENING, CLOSING = "（《“", "，。；：）、》”％"


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: not before a closing sign of punctuation, nor after an opening one."""
    pieces: list[str] = []
    joined = False
    for sign in text:
        wide = ord(sign) >= 0x2E80
        follows = bool(pieces) and pieces[-1][-1] in OPENING
        if pieces and (sign in CLOSING or follows or (joined and not wide)):
            pieces[-1] += sign
        else:
            pieces.append(sign)
        joined = sign != " " and not wide
    return pieces


def canvas(
    title: str,
    subtitles: Sequence[str],
    footnotes: Sequence[str],
    *,
    legend: bool = False,
    left: float = 54.0,
    height: float = HEIGHT,
) -> tuple[Figure, Axes]:
    """Return a figure with its texts and one clean pair of axes in the room that they leave.

    Args:
        title: What the picture shows; set smaller where it is long.
        subtitles: Lines below it, broken where they are too long.
        footnotes: Lines at the foot: errors, source.
        legend: Whether a line above the axes is kept free for a legend.
        left: Room left of the axes for labels [points].
        height: Height of the picture [points].
    """
    figure = Figure(figsize=(WIDTH / 72.0, height / 72.0), facecolor="white")
    FigureCanvasAgg(figure)
    room = WIDTH - 2.0 * MARGIN
    size = max(9.0, min(TITLE, TITLE * room / max(1.0, ROUNDED * width_of(title, TITLE))))
    top = _write(figure, wrapped(title, size, room), size, INK, height - MARGIN)
    lines = [part for line in subtitles if line for part in wrapped(line, SUBTITLE, room)]
    top = _write(figure, lines, SUBTITLE, GREY, top - 2.0)
    notes = [part for line in footnotes if line for part in wrapped(line, FOOTNOTE, room)]
    foot = 0.6 * MARGIN + len(notes) * FOOTNOTE * LEADING
    _write(figure, notes, FOOTNOTE, GREY, foot)
    bottom, top = foot + 36.0, top - (20.0 if legend else 8.0)
    right = 16.0
    axes = figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (top - bottom) / height)
    )
    _dress(axes)
    return figure, axes


def below(figure: Figure, axes: Axes, share: float) -> Axes:
    """Give a part of the height of some axes to others below them, in the same look, and return these."""
    place = axes.get_position()
    gap = 26.0 / _height(figure)
    lower = share * (place.height - gap)
    axes.set_position((place.x0, place.y0 + lower + gap, place.width, place.height - gap - lower))
    others = figure.add_axes((place.x0, place.y0, place.width, lower))
    _dress(others)
    return others


def _height(figure: Figure | SubFigure) -> float:
    """Return the height of a picture [points]."""
    return float(figure.bbox.height) * 72.0 / figure.dpi


def _dress(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
    axes.tick_params(colors=INK, labelsize=8.5, length=3, color=GREY)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def label_values(axes: Axes, label: str) -> None:
    """Write the label of the upright axis, in two lines or more where it is longer than the axis."""
    height = axes.get_position().height * _height(axes.figure)
    lines = "\n".join(wrapped(label, LABEL, height))
    axes.set_ylabel(lines, fontsize=LABEL, color=INK, linespacing=1.3)


def _write(figure: Figure, lines: Sequence[str], size: float, colour: str, top: float) -> float:
    """Write lines from a height downwards and return where the next may begin [points]."""
    height = _height(figure)
    for line in lines:
        figure.text(MARGIN / WIDTH, top / height, line, fontsize=size, color=colour, va="top")
        top -= size * LEADING
    return top


def month_axis(axes: Axes, window: Mapping[str, int], lang: Language, shown: int | None = None) -> None:
    """Write calendar months under an axis of elapsed months, all of them or the first ``shown``."""
    total = shown or window["months"] + window["run_off"]
    step = 12 * max(1, math.ceil(total / (12 * 8)))

    def date(elapsed: float, _position: Any = None) -> str:
        months = window["month"] - 1 + round(elapsed)
        year, month = window["year"] + months // 12, months % 12 + 1
        return f"{year}-{month:02d}" if lang == "en" else f"{year}年{month}月"

    axes.set_xlim(0, total)
    # A date at the end would be cut off by the edge of the picture.
    last = math.floor(0.95 * total)
    axes.xaxis.set_major_locator(FixedLocator(range(0, last + 1, step)))
    axes.xaxis.set_major_formatter(FuncFormatter(date))


def mark_run_off(axes: Axes, at: float, label: str) -> None:
    """Mark where the window ends and the run-off begins."""
    axes.axvline(at, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    above = axes.get_xaxis_transform()
    axes.text(at, 0.985, f" {label}", transform=above, fontsize=8, color=GREY, va="top")
