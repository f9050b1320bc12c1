"""Picture of the cash that an equity fund brings back to the treasury, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim.report.canvas import (
    BLUE,
    GREY,
    INK,
    VERMILLION,
    Picture,
    below,
    canvas,
    label_values,
    mark_run_off,
)
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, money_scale
from fundsim.results.statistics import Distribution, Estimate

__all__ = ["BackPart", "Panel", "back_picture"]

LOOKS = ((BLUE, None), ("#6BA9D1", "///"))
UNUSED = (("#F4C7A8", None),)
LOW, HIGH = "0.05", "0.95"
BELOW = 0.4
"""Part of the height that the money given back unused has."""


@dataclass(frozen=True, slots=True)
class BackPart:
    """One source of the cash."""

    name: str
    """What it is, in the picture's language."""
    laws: Sequence[Distribution]
    """Its distribution by year."""
    all_years: Estimate
    """Its mean over all years together."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Sources that stand one on the other."""

    parts: Sequence[BackPart]
    whole: Sequence[Distribution]
    """The distribution of all of them together, by year."""


def back_picture(
    years: Sequence[str], window_years: int, earned: Panel, unused: Panel, caption: Caption
) -> Picture:
    """Draw bars of means with the middle 90 % of the paths: what investments brought, what was never used.

    Each has an axis of its own, for what was never used may be many times as much.

    Args:
        years: Names of the years, in order.
        window_years: How many of them lie in the policy window.
        earned: What came back of what was invested, at most two sources.
        unused: What was given back unused, one source.
        caption: Texts.
    """
    highest = [law.quantiles[HIGH].value for panel in (earned, unused) for law in panel.whole]
    scale = money_scale(highest, caption.lang)
    footnote = caption.text(
        "Bars: means; lines: {low} to {high} of the paths. Largest Monte Carlo errors: mean ± {earned} "
        "above, ± {unused} below.",
        low=caption.level(LOW),
        high=caption.level(HIGH),
        earned=_largest_error(earned, scale, caption),
        unused=_largest_error(unused, scale, caption),
    )
    figure, upper = canvas(caption.title, (caption.metric,), (footnote, caption.run), legend=True)
    lower = below(figure, upper, BELOW)
    _draw(upper, earned, LOOKS, scale, caption)
    _draw(lower, unused, UNUSED, scale, caption)
    for axes in (upper, lower):
        axes.set_xlim(-0.6, len(years) - 0.4)
        axes.set_xticks(range(len(years)), years if axes is lower else [""] * len(years))
        if window_years < len(years):
            mark_run_off(axes, window_years - 0.5, caption.text("run-off") if axes is upper else "")
    lower.set_xlabel(caption.text("budget year"), fontsize=9, color=INK)
    label_values(upper, caption.axis(scale))
    return Picture(figure)


def _draw(
    axes: Axes, panel: Panel, looks: Sequence[tuple[str, str | None]], scale: Scale, caption: Caption
) -> None:
    at, floor = np.arange(len(panel.whole)), np.zeros(len(panel.whole))
    for part, (colour, hatch) in zip(panel.parts, looks, strict=False):
        means = np.array([law.mean.value for law in part.laws]) / scale.divisor
        axes.bar(
            at,
            means,
            0.6,
            bottom=floor,
            color=colour,
            edgecolor=VERMILLION if looks is UNUSED else BLUE,
            linewidth=0.5,
            hatch=hatch,
            label=_label(part, scale, caption),
        )
        floor = floor + means
    for place, law in zip(at.tolist(), panel.whole, strict=True):
        ends = [law.quantiles[level].value / scale.divisor for level in (LOW, HIGH)]
        axes.plot([place, place], ends, color=INK, linewidth=1.1, marker="_", markersize=6.0)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.margins(y=0.12)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=2, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )


def _label(part: BackPart, scale: Scale, caption: Caption) -> str:
    """Return what a part is, and how much it is over all years."""
    one = part.all_years
    return caption.text(
        "{name}: in all {amount} ± {se}",
        name=part.name,
        amount=scale.number(one.value, one.se),
        se=caption.error(scale, one.value, one.se),
    )


def _largest_error(panel: Panel, scale: Scale, caption: Caption) -> str:
    law = max(panel.whole, key=lambda law: np.nan_to_num(law.mean.se))
    return caption.error(scale, law.mean.value, law.mean.se)
