"""Picture of a budget: where the money of each year comes from and goes to, as planned and as paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim.report.canvas import GREY, INK, WIDTH, Picture, canvas, label_values, mark_run_off, wrapped
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, money_scale
from fundsim.results.statistics import Distribution

__all__ = ["BudgetPart", "BudgetSide", "budget_picture"]

BLUES = ("#0B3C5D", "#0072B2", "#6BA9D1", "#B8D8EC", "#DCE9F2")
OTHERS = ("#D55E00", "#E69F00", "#F0E442", "#009E73", "#CC79A7", "#8C564B", "#F4C7A8")
"""Colours of sources and of uses: those of Okabe & Ito, and shades of them."""
MOST = (len(BLUES), len(OTHERS))
LOW, HIGH = "0.05", "0.95"
WIDE = 0.36
"""Width of a bar, where a year is 1."""
KEYS = 150.0
"""Room at the right for the names of the parts [points]."""


@dataclass(frozen=True, slots=True)
class BudgetPart:
    """A level, or a line: what is planned by year."""

    name: str
    planned: Sequence[float]
    """By year [yuan]."""
    pays: bool = True
    """Whether anything is paid from it: not from what no line is given."""


@dataclass(frozen=True, slots=True)
class BudgetSide:
    """Sources, or uses: the parts of a bar, and what was paid in the year."""

    name: str
    parts: Sequence[BudgetPart]
    paid: Sequence[Distribution]
    """By year."""


def budget_picture(
    years: Sequence[str], window_years: int, sides: tuple[BudgetSide, BudgetSide], caption: Caption, rest: str
) -> Picture:
    """Draw sources beside uses for each budget year: bars as planned, on them what was paid.

    Args:
        years: Names of the years, in order.
        window_years: How many of them lie in the policy window.
        sides: Sources and uses.
        caption: Texts.
        rest: What the smallest parts are called together where there are more than colours.
    """
    sides = (_folded(sides[0], MOST[0], rest), _folded(sides[1], MOST[1], rest))
    tops = [sum(part.planned[year] for part in side.parts) for side in sides for year in range(len(years))]
    ends = [law.quantiles[HIGH].value for side in sides for law in side.paid]
    scale = money_scale([*tops, *ends], caption.lang)
    figure, axes = canvas(caption.title, (caption.metric,), (_footnote(sides, scale, caption), caption.run))
    place = axes.get_position()
    axes.set_position((place.x0, place.y0, place.width - KEYS / WIDTH, place.height))
    for at, (side, colours) in enumerate(zip(sides, (BLUES, OTHERS), strict=True)):
        middle = np.arange(len(years)) + (at - 0.5) * (WIDE + 0.04)
        handles = _draw(axes, middle, side, colours, scale)
        keys = axes.legend(
            handles=handles[::-1],
            title=side.name,
            loc="upper left" if at == 0 else "lower left",
            bbox_to_anchor=(1.0, 1.03 if at == 0 else -0.06),
            fontsize=7,
            title_fontsize=8,
            alignment="left",
            frameon=False,
            handlelength=1.1,
            handleheight=0.9,
            labelspacing=0.35,
            borderaxespad=0.0,
        )
        if at == 0:
            axes.add_artist(keys)  # the second legend takes the place of the first, and is drawn anyway
    if window_years < len(years):
        mark_run_off(axes, window_years - 0.5, caption.text("run-off"))
    axes.set_xlim(-0.6, len(years) - 0.4)
    axes.set_ylim(0.0, 1.08 * max(*tops, *ends, 1.0) / scale.divisor)
    axes.set_xticks(range(len(years)), years)
    axes.set_xlabel(caption.text("budget year"), fontsize=9, color=INK)
    label_values(axes, caption.axis(scale))
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    return Picture(figure)


def _folded(side: BudgetSide, most: int, rest: str) -> BudgetSide:
    """Return a side with at most so many coloured parts; the smallest of them become one."""
    paying = [part for part in side.parts if part.pays and any(part.planned)]
    idle = [part for part in side.parts if not part.pays and any(part.planned)]
    if len(paying) > most:
        largest = sorted(paying, key=lambda part: -sum(part.planned))[: most - 1]
        small = [part for part in paying if part not in largest]
        together = [sum(amounts) for amounts in zip(*(part.planned for part in small), strict=True)]
        paying = [*(part for part in paying if part in largest), BudgetPart(rest, together)]
    return BudgetSide(side.name, [*paying, *idle], side.paid)


def _draw(
    axes: Axes, middle: np.ndarray, side: BudgetSide, colours: Sequence[str], scale: Scale
) -> list[Patch]:
    floor, handles = np.zeros(len(middle)), []
    fills = iter(colours)
    for part in side.parts:
        fill, edge, hatch = (next(fills), "white", None) if part.pays else ("white", GREY, "////")
        heights = np.array(part.planned) / scale.divisor
        axes.bar(middle, heights, WIDE, bottom=floor, color=fill, edgecolor=edge, linewidth=0.5, hatch=hatch)
        floor = floor + heights
        name = "\n".join(wrapped(part.name, 7.0, KEYS - 26.0))
        handles.append(Patch(facecolor=fill, edgecolor=edge, linewidth=0.5, hatch=hatch, label=name))
    for place, law in zip(middle.tolist(), side.paid, strict=True):
        low, mean, high = (
            value / scale.divisor
            for value in (law.quantiles[LOW].value, law.mean.value, law.quantiles[HIGH].value)
        )
        for colour, width in (("white", 3.6), (INK, 1.3)):
            axes.plot([place, place], [low, high], color=colour, linewidth=width, solid_capstyle="butt")
        axes.plot(
            [place], [mean], "o", color=INK, markersize=4.5, markeredgecolor="white", markeredgewidth=0.8
        )
    return handles


def _footnote(sides: Sequence[BudgetSide], scale: Scale, caption: Caption) -> str:
    law = max((law for side in sides for law in side.paid), key=lambda law: np.nan_to_num(law.mean.se))
    return caption.text(
        "Bars: sources and uses as planned. Dots: mean of what was paid in the year (± {error} at most), "
        "lines: {low} to {high} of the paths. What is paid after acceptance is paid in the next year; "
        "what no line is given is not paid.",
        low=caption.level(LOW),
        high=caption.level(HIGH),
        error=caption.error(scale, law.mean.value, law.mean.se),
    )
