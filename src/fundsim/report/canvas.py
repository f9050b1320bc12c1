"""The look of the pictures: one size, one palette, no global state."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

__all__ = ["BLUE", "GREY", "INK", "VERMILLION", "Picture", "canvas", "month_axis"]

# Okabe & Ito (2008): distinct for every kind of colour blindness, and in grey print.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
INK = "#222222"
GREY = "#767676"
GRID = "#E3E3E3"

WIDTH, HEIGHT = 7.2, 4.3
DOTS = 200


@dataclass(frozen=True)
class Picture:
    """A finished picture: ``save`` writes it, a notebook shows it, ``figure`` is matplotlib's."""

    figure: Figure

    def save(self, path: str | Path) -> Path:
        """Write the picture as a PNG and return its path."""
        path = Path(path)
        path.write_bytes(self._repr_png_())
        return path

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        # Without the program's version in it, like runs give like bytes.
        self.figure.savefig(
            buffer, format="png", dpi=DOTS, metadata={"Software": None}, pil_kwargs={"compress_level": 4}
        )
        return buffer.getvalue()


def canvas(title: str, subtitle: str, footnote: str) -> tuple[Figure, Axes]:
    """Return a figure with its texts and one clean pair of axes."""
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.02, 0.965, title, fontsize=12.5, fontweight="bold", color=INK, va="top")
    figure.text(0.02, 0.902, subtitle, fontsize=8.5, color=GREY, va="top")
    figure.text(0.02, 0.018, footnote, fontsize=6.6, color=GREY, va="bottom", linespacing=1.35)
    axes = figure.add_axes((0.095, 0.185, 0.86, 0.645))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
    axes.tick_params(colors=INK, labelsize=8.5, length=3, color=GREY)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    return figure, axes


def month_axis(axes: Axes, window: dict[str, int], lang: str) -> None:
    """Write calendar months under an axis of elapsed months, and mark the window's end."""
    total = window["months"] + window["run_off"]
    step = 12 * max(1, -(-total // (12 * 8)))

    def date(elapsed: float, _position: Any = None) -> str:
        months = window["month"] - 1 + round(elapsed)
        year, month = window["year"] + months // 12, months % 12 + 1
        return f"{year}-{month:02d}" if lang == "en" else f"{year}年{month}月"

    axes.set_xlim(0, total)
    axes.xaxis.set_major_locator(FixedLocator(range(0, total + 1, step)))
    axes.xaxis.set_major_formatter(FuncFormatter(date))
    if window["run_off"]:
        axes.axvline(window["months"], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
