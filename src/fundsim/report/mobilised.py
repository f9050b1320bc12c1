"""Picture of what an equity fund mobilises: social money by yuan of government's, and what was planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from fundsim.report.canvas import BLUE, GREY, INK, VERMILLION, Picture, canvas
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, scale_of
from fundsim.results.statistics import Distribution, Floats

__all__ = ["Mobilised", "mobilised_picture"]

BINS = 40
"""Bars from 0 to the plan's ratio; both have a bar of their own, half of it on each side."""
TALLEST, TALLEST_OF_TWO = 0.62, 0.5
"""Height of the tallest bar of a row, whose rows are 1 apart; and where two ratios share a row."""
LINE = 0.18
"""Height of a line of words."""
REACHED = 1e-9
"""A ratio within this part of the plan's has reached it."""


@dataclass(frozen=True, slots=True)
class Mobilised:
    """The distribution of one ratio."""

    name: str
    """What it is, in the picture's language."""
    values: Floats
    """One value a path, shape (paths,)."""
    law: Distribution
    planned: float
    """The plan's ratio."""
    through: Mobilised | None = None
    """The same by looking through sub-funds."""


def mobilised_picture(rows: Sequence[Mobilised], caption: Caption) -> Picture:
    """Draw the distributions of ratios below each other, with the plan's ratio as a line.

    A value that many paths share exactly, such as the plan's own, would dwarf every other bar: its bar is cut
    at the height of the tallest other one, and its share stands in words.  What is seen through sub-funds
    stands on its row as an outline.

    Args:
        rows: Ratios of money committed, called, invested, from top to bottom.
        caption: Texts.
    """
    both = [*rows, *(row.through for row in rows if row.through is not None)]
    highest_plan = max(row.planned for row in both)
    scale = scale_of("times", highest_plan, caption.lang)
    footnotes = [
        caption.text(
            "Bars: share of paths, each row by itself, bars of a value that many paths share cut; means ± "
            "one standard error."
        )
    ]
    if len(both) > len(rows):
        footnotes.append(
            caption.text("Blue bars: the fund's own partners; outlines: looking through sub-funds.")
        )
    figure, axes = canvas(caption.title, (caption.metric,), (*footnotes, caption.run), left=24.0)
    highest = max([highest_plan, *(float(np.max(row.values)) for row in both if len(row.values))])
    width = highest_plan / BINS
    edges = np.asarray((np.arange(int(np.ceil(highest / width)) + 3) - 0.5) * width, dtype=np.float64)
    for place, row in enumerate(reversed(rows)):
        _draw_row(axes, place, row, edges, scale, caption)
    _draw_plans(axes, rows, float(edges[-1]), caption)
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    axes.set_ylim(-0.02, len(rows) + 0.12)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
    return Picture(figure)


def _draw_plans(axes: Axes, rows: Sequence[Mobilised], end: float, caption: Caption) -> None:
    """Mark what was planned: of the fund's own partners, and by looking through."""
    plans = [(rows[0].planned, "plan 1 : {ratio}", "-")]
    if rows[0].through is not None:
        plans.append((rows[0].through.planned, "plan looking through 1 : {ratio}", "--"))
    for planned, text, style in plans:
        if planned <= 0.0:
            continue
        axes.axvline(planned, color=VERMILLION, linewidth=1.3, linestyle=style, ymax=0.94)
        axes.text(
            planned,
            0.99,
            caption.text(text, ratio=f"{planned:.4g}"),
            transform=axes.get_xaxis_transform(),
            ha="right" if planned > 0.85 * end else "center",
            va="top",
            fontsize=8.5,
            color=VERMILLION,
        )


def _draw_row(axes: Axes, place: int, row: Mobilised, edges: Floats, scale: Scale, caption: Caption) -> None:
    """Draw one ratio as bars, and what is seen through sub-funds as an outline over them."""
    axes.axhline(place, color=GREY, linewidth=0.6)
    if row.through is None:
        _draw(axes, place, row, edges, TALLEST, fill=True)
        _write(axes, place + TALLEST + 0.06, row, INK, scale, caption)
        return
    _draw(axes, place, row, edges, TALLEST_OF_TWO, fill=True)
    _draw(axes, place, row.through, edges, TALLEST_OF_TWO, fill=False)
    _write(axes, place + TALLEST_OF_TWO + 0.06 + LINE, row, BLUE, scale, caption)
    _write(axes, place + TALLEST_OF_TWO + 0.06, row.through, INK, scale, caption)


def _draw(axes: Axes, place: int, row: Mobilised, edges: Floats, tallest: float, *, fill: bool) -> None:
    shares = np.histogram(row.values, edges)[0] / max(1, len(row.values))
    heights = place + np.minimum(shares / _tallest(shares), 1.0) * tallest
    if fill:
        axes.stairs(heights, edges, baseline=place, fill=True, color=BLUE, alpha=0.75, linewidth=0)
    else:
        axes.stairs(heights, edges, baseline=place, fill=False, color=INK, linewidth=1.0)
    mean = row.law.mean.value
    axes.plot([mean, mean], [place, place + 0.9 * tallest], color=INK, linewidth=1.2, linestyle=(0, (4, 2)))


def _write(axes: Axes, height: float, row: Mobilised, colour: str, scale: Scale, caption: Caption) -> None:
    """Write the mean of a ratio and how often the plan is reached."""
    n = max(1, len(row.values))
    reached = float(np.mean(row.values >= row.planned * (1.0 - REACHED))) if len(row.values) else 0.0
    error = float(np.sqrt(reached * (1.0 - reached) / n))
    text = caption.text(
        "{name}: mean {mean} ± {se}; the plan is reached on {share} of paths",
        name=row.name,
        mean=scale.number(row.law.mean.value, row.law.mean.se),
        se=caption.error(scale, row.law.mean.value, row.law.mean.se),
        share=caption.amount(Scale(0.01, "%"), reached, error),
    )
    axes.text(
        0.01,
        height,
        text,
        fontsize=8.5,
        color=colour,
        transform=axes.get_yaxis_transform(),
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.5},
    )


def _tallest(shares: Floats) -> float:
    """Return the share that has a bar of full height: the largest but for one that towers above the next."""
    largest, *others = np.sort(shares)[::-1].tolist()
    second = max(others, default=0.0)
    return max(second if 0.0 < second < 0.5 * largest else largest, 1e-12)
