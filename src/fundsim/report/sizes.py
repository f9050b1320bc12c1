"""Picture of what is refused by size: the larger the request, the more often the money does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from fundsim.report.canvas import BLUE, INK, Picture, canvas
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, scale_of
from fundsim.results.statistics import Distribution

__all__ = ["SizeBar", "sizes_picture"]


@dataclass(frozen=True, slots=True)
class SizeBar:
    """What is refused of one size."""

    name: str
    """What it is, in the picture's language."""
    law: Distribution


def sizes_picture(bars: Sequence[SizeBar], caption: Caption) -> Picture:
    """Draw a share by size: bars of means with their errors, and the middle 90 % of the paths.

    Args:
        bars: One a size, the smallest first.
        caption: Texts.
    """
    scale = scale_of("share", 1.0, caption.lang)
    footnote = caption.text(
        "Bars: means ± one standard error; lines: {low} to {high} of the paths.",
        low=caption.level("0.05"),
        high=caption.level("0.95"),
    )
    figure, axes = canvas(caption.title, (caption.metric,), (footnote, caption.run), left=24.0)
    for row, bar in enumerate(reversed(bars)):
        _draw(axes, row, bar, scale, caption)
    highest = max(max(bar.law.mean.value, bar.law.quantiles["0.95"].value) for bar in bars if bar.law.n)
    axes.set_xlim(0.0, max(1.05 * highest / scale.divisor, 1.0))
    axes.set_ylim(-0.5, len(bars) - 0.3)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
    return Picture(figure)


def _draw(axes: Axes, row: int, bar: SizeBar, scale: Scale, caption: Caption) -> None:
    law = bar.law
    text = f"{bar.name}  {caption.text('no requests')}"
    if law.n:
        mean = law.mean.value / scale.divisor
        low, high = (law.quantiles[level].value / scale.divisor for level in ("0.05", "0.95"))
        axes.barh([row - 0.12], [mean], height=0.36, color="#6BA9D1", edgecolor=BLUE, linewidth=0.8)
        axes.plot([low, high], [row - 0.12] * 2, color=INK, linewidth=1.2)
        error = caption.error(scale, law.mean.value, law.mean.se)
        text = f"{bar.name}  {scale.number(law.mean.value, law.mean.se)} ± {error}"
    axes.text(0.01, row + 0.14, text, fontsize=8.5, color=INK, transform=axes.get_yaxis_transform())
