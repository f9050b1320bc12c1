"""The picture of a frontier: all cells by two figures, those that no other improves on joined by a line."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim.decide.measured import Measured
from fundsim.decide.sweep.frontier import Standing
from fundsim.decide.sweep.sweeping import Cell, SweepData
from fundsim.report.canvas import BLUE, GREY, INK, VERMILLION, Picture, canvas, label_values
from fundsim.report.caption import Caption, plain_number
from fundsim.report.sweep.values import cell_name, with_brackets
from fundsim.report.texts import Language, word
from fundsim.report.typeface import width_of
from fundsim.report.units import Scale

__all__ = ["draw_frontier"]

LOOKS: dict[Standing, tuple[str, str, str]] = {
    "frontier": (BLUE, "o", "on the frontier"),
    "undecided": (VERMILLION, "^", "undecided"),
    "dominated": (GREY, "x", "dominated"),
}
"""Standing → colour, shape and word."""
MOST_LABELS = 40
"""Points that are labelled with the values of their cells, where there is room."""
LABEL = 6.5
"""Size of their type [points]."""
SIDES = (
    (6.0, 5.0),
    (-6.0, 5.0),
    (6.0, -5.0),
    (-6.0, -5.0),
    (6.0, 13.0),
    (-6.0, 13.0),
    (6.0, -13.0),
    (-6.0, -13.0),
)
"""Where a label may begin, seen from its point [points]."""
Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge [points]."""
Scales = tuple[Scale, Scale]


def draw_frontier(
    data: SweepData, positions: tuple[int, int], scales: Scales, caption: Caption, only: str
) -> Picture:
    """Draw all cells by the two figures of a frontier.

    Args:
        data: the sweep.
        positions: which figures they are.
        scales: how their values are written.
        caption: texts.
        only: what errors cover, as a sentence.
    """
    lang, found = caption.lang, data.frontier
    assert found is not None  # noqa: S101  (the caller has looked)
    names = [goal.measure.measured for goal in found.goals]
    keys = (", " if lang == "en" else "、").join(axis.number.short for axis in data.question.axes)
    better = word(_better(data), lang)
    note = caption.text("Points and lines: figures and their 95 % intervals; ring: the scenario as it is.")
    labels = caption.text("Labels, where there is room: {keys}.", keys=keys)
    figure, axes = canvas(
        word("Frontier of {first} and {second}", lang).format(first=names[0], second=names[1]),
        (better,),
        ((" " if lang == "en" else "").join([note, labels, only]), caption.run),
        legend=True,
    )
    for standing in LOOKS:
        _draw(axes, data, positions, scales, standing, lang)
    _join(axes, data, positions, scales)
    _ring(axes, data, positions, scales)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    for one in (axes.xaxis, axes.yaxis):
        one.set_major_locator(MaxNLocator(6))
        one.set_major_formatter(FuncFormatter(plain_number))
    axes.margins(x=0.06, y=0.08)
    axes.set_xlabel(with_brackets(names[0], scales[0].unit, lang), fontsize=9, color=INK)
    label_values(axes, with_brackets(names[1], scales[1].unit, lang))
    _fix_ends(axes, data, positions)
    _label(axes, data, positions, scales, lang)
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=3, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
    return Picture(figure)


def _better(data: SweepData) -> str:
    assert data.frontier is not None  # noqa: S101
    across, up = (goal.largest for goal in data.frontier.goals)
    return f"better cells lie {'right' if across else 'left'} and {'above' if up else 'below'}"


def _at(cell: Cell, positions: tuple[int, int], scales: Scales) -> tuple[float, float]:
    x, y = (cell.figures[p].value / s.divisor for p, s in zip(positions, scales, strict=True))
    return x, y


def _ends(figure: Measured, scale: Scale) -> tuple[float, float]:
    """Return the interval of a figure, or the figure itself where an end is open."""
    low, high = (end if math.isfinite(end) else figure.value for end in figure.ci95)
    return low / scale.divisor, high / scale.divisor


def _draw(
    axes: Axes,
    data: SweepData,
    positions: tuple[int, int],
    scales: Scales,
    standing: Standing,
    lang: Language,
) -> None:
    assert data.frontier is not None  # noqa: S101
    colour, marker, name = LOOKS[standing]
    cells = [data.cells[at] for at in data.frontier.cells(standing)]
    if not cells:
        return
    for cell in cells:
        x, y = _at(cell, positions, scales)
        across, up = (_ends(cell.figures[p], s) for p, s in zip(positions, scales, strict=True))
        axes.plot(across, [y, y], color=colour, linewidth=0.8, alpha=0.7)
        axes.plot([x, x], up, color=colour, linewidth=0.8, alpha=0.7)
    xs, ys = zip(*(_at(cell, positions, scales) for cell in cells), strict=True)
    axes.plot(
        xs, ys, color=colour, marker=marker, markersize=4.2, linewidth=0.0, label=word(name, lang),
        clip_on=False, zorder=3,
    )  # fmt: skip


def _join(axes: Axes, data: SweepData, positions: tuple[int, int], scales: Scales) -> None:
    assert data.frontier is not None  # noqa: S101
    points = sorted(_at(data.cells[at], positions, scales) for at in data.frontier.cells("frontier"))
    if len(points) > 1:
        xs, ys = zip(*points, strict=True)
        axes.plot(xs, ys, color=BLUE, linewidth=1.0, alpha=0.6)


def _fix_ends(axes: Axes, data: SweepData, positions: tuple[int, int]) -> None:
    """Let the ends of the axes stay as they are: all is drawn.  A part of a whole has none below 0."""
    across, up = (data.question.measures[position].proportion for position in positions)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    axes.set_xlim(max(0.0, left) if across else left, right)
    axes.set_ylim(max(0.0, bottom) if up else bottom, top)


def _ring(axes: Axes, data: SweepData, positions: tuple[int, int], scales: Scales) -> None:
    for cell in data.cells:
        if data.is_present(cell) and cell.sound:
            x, y = _at(cell, positions, scales)
            axes.plot(
                [x],
                [y],
                marker="o",
                markersize=10,
                markerfacecolor="none",
                markeredgecolor=INK,
                clip_on=False,
            )


def _label(axes: Axes, data: SweepData, positions: tuple[int, int], scales: Scales, lang: Language) -> None:
    """Name cells beside their points: those on the frontier first, and none over another's name."""
    assert data.frontier is not None  # noqa: S101
    order = [at for standing in LOOKS for at in data.frontier.cells(standing)]
    taken: list[Box] = []
    for at in order[:MOST_LABELS]:
        point = _at(data.cells[at], positions, scales)
        text = cell_name(data, data.cells[at], lang)
        x, y = _in_points(axes, point)
        for dx, dy in SIDES:
            box = _box(x + dx, y + dy, width_of(text, LABEL) * (1 if dx > 0 else -1))
            if _fits(axes, box) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                axes.annotate(
                    text, point, xytext=(dx, dy), textcoords="offset points", fontsize=LABEL, color=INK,
                    ha="left" if dx > 0 else "right", va="center",
                )  # fmt: skip
                break


def _in_points(axes: Axes, point: tuple[float, float]) -> tuple[float, float]:
    """Return where a point lies in the picture [points]."""
    x, y = axes.transData.transform(point) * 72.0 / axes.figure.dpi
    return float(x), float(y)


def _box(x: float, y: float, width: float) -> Box:
    """Return the box of a label that begins at x; a negative width goes to the left."""
    return min(x, x + width), y - 0.6 * LABEL, max(x, x + width), y + 0.6 * LABEL


def _fits(axes: Axes, box: Box) -> bool:
    place = axes.get_window_extent()
    left, bottom, right, top = (
        float(end) * 72.0 / axes.figure.dpi for end in (place.x0, place.y0, place.x1, place.y1)
    )
    return left < box[0] and box[2] < right + 10.0 and bottom < box[1] and box[3] < top


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
