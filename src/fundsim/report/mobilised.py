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
TALLEST = 0.62
"""Height of the tallest bar of a row, whose rows are 1 apart."""
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


def mobilised_picture(rows: Sequence[Mobilised], planned: float, caption: Caption) -> Picture:
    """Draw the distributions of ratios below each other, with the plan's ratio as a line.

    A value that many paths share exactly, such as the plan's own, would dwarf every other bar: its bar is cut
    at the height of the tallest other one, and its share stands in words.

    Args:
        rows: Ratios of money committed, called, invested, from top to bottom.
        planned: The plan's ratio.
        caption: Texts.
    """
    scale = scale_of("times", planned, caption.lang)
    footnote = caption.text(
        "Bars: share of paths, each row by itself, bars of a value that many paths share cut; means ± one "
        "standard error."
    )
    figure, axes = canvas(caption.title, (caption.metric,), (footnote, caption.run), left=24.0)
    highest = max([planned, *(float(np.max(row.values)) for row in rows if len(row.values))])
    width = planned / BINS
    edges = np.asarray((np.arange(int(np.ceil(highest / width)) + 3) - 0.5) * width, dtype=np.float64)
    for place, row in enumerate(reversed(rows)):
        _draw(axes, place, row, edges, planned, scale, caption)
    axes.axvline(planned, color=VERMILLION, linewidth=1.3, ymax=0.94)
    axes.text(
        planned,
        0.99,
        caption.text("plan 1 : {ratio}", ratio=f"{planned:g}"),
        transform=axes.get_xaxis_transform(),
        ha="right" if planned > 0.85 * edges[-1] else "center",
        va="top",
        fontsize=8.5,
        color=VERMILLION,
    )
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    axes.set_ylim(-0.02, len(rows) + 0.12)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
    return Picture(figure)


def _draw(
    axes: Axes,
    place: int,
    row: Mobilised,
    edges: Floats,
    planned: float,
    scale: Scale,
    caption: Caption,
) -> None:
    shares = np.histogram(row.values, edges)[0] / max(1, len(row.values))
    heights = np.minimum(shares / _tallest(shares), 1.0) * TALLEST
    axes.stairs(place + heights, edges, baseline=place, fill=True, color=BLUE, alpha=0.75, linewidth=0)
    axes.axhline(place, color=GREY, linewidth=0.6)
    reached = float(np.mean(row.values >= planned * (1.0 - REACHED))) if len(row.values) else 0.0
    law, per_cent = row.law.mean, Scale(0.01, "%")
    error = float(np.sqrt(reached * (1.0 - reached) / max(1, len(row.values))))
    text = caption.text(
        "{name}: mean {mean} ± {se}; the plan is reached on {share} of paths",
        name=row.name,
        mean=scale.number(law.value, law.se),
        se=caption.error(scale, law.value, law.se),
        share=caption.amount(per_cent, reached, error),
    )
    axes.text(
        0.01, place + TALLEST + 0.06, text, fontsize=8.5, color=INK, transform=axes.get_yaxis_transform()
    )
    _mark_mean(axes, place, law.value)


def _mark_mean(axes: Axes, place: int, mean: float) -> None:
    axes.plot([mean, mean], [place, place + 0.9 * TALLEST], color=INK, linewidth=1.2, linestyle=(0, (4, 2)))


def _tallest(shares: Floats) -> float:
    """Return the share that has a bar of full height: the largest but for one that towers above the next."""
    largest, *others = np.sort(shares)[::-1].tolist()
    second = max(others, default=0.0)
    return max(second if 0.0 < second < 0.5 * largest else largest, 1e-12)
