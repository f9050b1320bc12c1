"""The heat map of a sweep of two keys: a figure in each cell, and the present values marked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle

from fundsim.decide.sweep.axes import Axis
from fundsim.decide.sweep.sweeping import Cell, SweepData
from fundsim.report.canvas import INK, WIDTH, Picture, canvas
from fundsim.report.caption import Caption, minus
from fundsim.report.measures import error_of
from fundsim.report.sweep.values import axis_heading, axis_scale, number_of, value_text, with_brackets
from fundsim.report.texts import Language, word
from fundsim.report.typeface import width_of
from fundsim.report.units import Scale

__all__ = ["draw_heat"]

COLOURS = LinearSegmentedColormap.from_list("blues", ["#F3F7FB", "#9CC3DF", "#2E7FB8", "#08375F"])
UNSOUND = "#C9C9C9"
LARGEST, SMALLEST = 8.5, 4.2
"""Sizes of type in the cells [points]; where the smallest has no room, the table has the values."""
HEIGHT_OF_TYPE = 1.5
TICKS = 7.5
MOST_TICKS = 24


def draw_heat(data: SweepData, at: int, scale: Scale, caption: Caption, only: str) -> Picture:
    """Draw a figure by the values of two keys.

    Args:
        data: the sweep.
        at: position of the figure.
        scale: how its values are written.
        caption: texts.
        only: what its errors cover, as a sentence.
    """
    lang = caption.lang
    first, second = data.question.axes
    left = 40.0 + max(width_of(text, TICKS) for text in _numbers(first, lang))
    metric = with_brackets(caption.metric, scale.unit, lang)
    notes = (" " if lang == "en" else "").join([*_notes(data, at, scale, caption), only])
    figure, axes = canvas(caption.title, (metric,), (notes, caption.run), left=left)
    shape = len(first.values), len(second.values)
    values = np.array([_value(cell, at) for cell in data.cells]).reshape(shape)
    norm = _norm(values)
    axes.set_facecolor(UNSOUND)
    axes.imshow(values, cmap=COLOURS, norm=norm, aspect="auto", interpolation="nearest")
    _write_values(axes, data, at, scale, norm)
    _mark_present(axes, data)
    _name(axes, first, second, lang)
    return Picture(figure)


def _value(cell: Cell, at: int) -> float:
    return cell.figures[at].value if cell.sound else math.nan


def _norm(values: np.ndarray) -> Normalize:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return Normalize(low, high if high > low else low + 1.0)


def _write_values(axes: Axes, data: SweepData, at: int, scale: Scale, norm: Normalize) -> None:
    """Write the value of each cell in it, in one size of type, if there is room."""
    rows, columns = (len(axis.values) for axis in data.question.axes)
    texts = [_text(cell, at, scale) for cell in data.cells]
    place = axes.get_position()
    figure_height = axes.figure.get_figheight() * 72.0  # type: ignore[union-attr]
    width, height = place.width * WIDTH / columns, place.height * figure_height / rows
    widest = max(width_of(text, 1.0) for text in texts)
    size = min(LARGEST, 0.9 * width / widest, height / HEIGHT_OF_TYPE)
    if size < SMALLEST:
        return
    for position, (cell, text) in enumerate(zip(data.cells, texts, strict=True)):
        row, column = divmod(position, columns)
        value = _value(cell, at)
        dark = math.isfinite(value) and norm(value) > 0.55
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color="white" if dark else INK)


def _text(cell: Cell, at: int, scale: Scale) -> str:
    if not cell.sound or math.isnan(cell.figures[at].value):
        return "–"
    figure = cell.figures[at]
    error = error_of(figure) if math.isfinite(error_of(figure)) else figure.se
    return minus(scale.number(figure.value, error))


def _mark_present(axes: Axes, data: SweepData) -> None:
    """Frame the cell of the scenario as it is."""
    columns = len(data.question.axes[1].values)
    for position, cell in enumerate(data.cells):
        if data.is_present(cell):
            row, column = divmod(position, columns)
            axes.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, fill=False, edgecolor="#D55E00", linewidth=2.0)
            )


def _numbers(axis: Axis, lang: Language) -> list[str]:
    """Return the values of a key as ticks, the present one marked."""
    scale = axis_scale(axis, lang)
    now = f" ({word('now', lang)})" if lang == "en" else f"（{word('now', lang)}）"
    return [
        number_of(value, axis.values, scale) + (now if value == axis.number.value else "")
        for value in axis.values
    ]


def _name(axes: Axes, first: Axis, second: Axis, lang: Language) -> None:
    axes.grid(visible=False)
    axes.tick_params(length=0, labelsize=TICKS)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    rows, columns = _thinned(_numbers(first, lang)), _thinned(_numbers(second, lang))
    axes.set_yticks(*rows)
    axes.set_xticks(*columns)
    axes.set_ylabel(axis_heading(first, lang), fontsize=9, color=INK)
    axes.set_xlabel(axis_heading(second, lang), fontsize=9, color=INK)


def _thinned(texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return positions and texts of ticks: all of them, or every second, third … where there are many."""
    step = math.ceil(len(texts) / MOST_TICKS)
    shown = list(range(0, len(texts), step))
    return shown, [texts[at] for at in shown]


def _notes(data: SweepData, at: int, scale: Scale, caption: Caption) -> list[str]:
    notes = []
    halves = [
        (high - low) / 2.0
        for low, high in (cell.figures[at].ci95 for cell in data.cells if cell.sound)
        if math.isfinite(high - low)
    ]
    if halves:
        half = max(halves)
        notes.append(
            caption.text("Largest 95 % interval: ± {half}.", half=caption.amount(scale, half, half / 4.0))
        )
    if any(data.is_present(cell) for cell in data.cells):
        notes.append(caption.text("Framed: the scenario as it is."))
    else:
        comma = ", " if caption.lang == "en" else "，"
        now = comma.join(
            f"{axis.number.short} = {value_text(axis, axis.number.value, caption.lang)}"
            for axis in data.question.axes
        )
        notes.append(caption.text("Present values: {now}.", now=now))
    if data.refused:
        notes.append(caption.text("Grey: the scenario is not sound there."))
    return notes
