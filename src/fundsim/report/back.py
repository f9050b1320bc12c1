"""Picture of the cash that an equity fund brings back to the treasury, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import FuncFormatter

from fundsim.report.canvas import BLUE, GREY, INK, Picture, canvas, label_values, mark_run_off
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, scale_of
from fundsim.results.statistics import Distribution, Estimate

__all__ = ["BackPart", "back_picture"]

LOOKS = ((BLUE, None), ("#F4C7A8", "///"), ("#D9D9D9", "..."))
LOW, HIGH = "0.05", "0.95"


@dataclass(frozen=True, slots=True)
class BackPart:
    """One source of the cash."""

    name: str
    """What it is, in the picture's language."""
    laws: Sequence[Distribution]
    """Its distribution by year."""
    all_years: Estimate
    """Its mean over all years together."""


def back_picture(
    years: Sequence[str],
    window_years: int,
    parts: Sequence[BackPart],
    whole: Sequence[Distribution],
    caption: Caption,
) -> Picture:
    """Draw bars of means, one part on the other, with the middle 90 % of the paths of the whole.

    Args:
        years: Names of the years, in order.
        window_years: How many of them lie in the policy window.
        parts: At most three sources, each with a distribution a year.
        whole: The distribution of all of it, by year.
        caption: Texts.
    """
    scale = scale_of("yuan", max(law.quantiles[HIGH].value for law in whole), caption.lang)
    worst = max(range(len(years)), key=lambda year: np.nan_to_num(whole[year].mean.se))
    law = whole[worst]
    footnote = caption.text(
        "Bars: means; lines: {low} to {high} of the paths, of all together. Largest Monte Carlo error: "
        "{year}, mean ± {se}.",
        low=caption.level(LOW),
        high=caption.level(HIGH),
        year=years[worst],
        se=caption.error(scale, law.mean.value, law.mean.se),
    )
    figure, axes = canvas(caption.title, (caption.metric,), (footnote, caption.run), legend=True)
    at, floor = np.arange(len(years)), np.zeros(len(years))
    for part, (colour, hatch) in zip(parts, LOOKS, strict=False):
        means = np.array([law.mean.value for law in part.laws]) / scale.divisor
        axes.bar(
            at, means, 0.6, bottom=floor, color=colour, edgecolor=GREY, linewidth=0.5, hatch=hatch,
            label=_label(part, scale, caption),
        )  # fmt: skip
        floor = floor + means
    for level_low, level_high, place in zip(
        (law.quantiles[LOW].value for law in whole),
        (law.quantiles[HIGH].value for law in whole),
        at,
        strict=True,
    ):
        ends = [level_low / scale.divisor, level_high / scale.divisor]
        axes.plot([place, place], ends, color=INK, linewidth=1.1, marker="_", markersize=6.0)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    if window_years < len(years):
        mark_run_off(axes, window_years - 0.5, caption.text("run-off"))
    axes.set_xlim(-0.6, len(years) - 0.4)
    axes.margins(y=0.12)
    axes.set_xticks(range(len(years)), years)
    axes.set_xlabel(caption.text("budget year"), fontsize=9, color=INK)
    label_values(axes, caption.axis(scale))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=3, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
    return Picture(figure)


def _label(part: BackPart, scale: Scale, caption: Caption) -> str:
    """Return what a part is, and how much it is over all years."""
    one = part.all_years
    return caption.text(
        "{name}: in all {amount} ± {se}",
        name=part.name,
        amount=scale.number(one.value, one.se),
        se=caption.error(scale, one.value, one.se),
    )
