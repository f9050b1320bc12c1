"""Pictures of a few amounts side by side: cost by budget year, leverage layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from fundsim.report.canvas import (
    BLUE,
    GREY,
    INK,
    VERMILLION,
    Picture,
    canvas,
    label_values,
    mark_run_off,
)
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, money_scale, scale_of
from fundsim.results.statistics import Distribution

__all__ = ["Layer", "Yearly", "layers_picture", "years_picture"]

MARKS = {"0.95": ("_", 9.0, 1.6), "0.99": ("^", 5.0, 0.8)}
"""Quantile → its mark in the picture of years: shape, size and thickness [points]."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """One amount of each budget year."""

    name: str
    """What the amount is, in the picture's language."""
    laws: Sequence[Distribution]
    """Its distribution by year."""


def years_picture(
    years: Sequence[str], window_years: int, amounts: Sequence[Yearly], caption: Caption
) -> Picture:
    """Draw amounts by budget year: bars of means, marks at the 95 % and 99 % quantiles.

    Args:
        years: Names of the years, in order.
        window_years: How many of them lie in the policy window.
        amounts: At most two amounts, each with a distribution a year.
        caption: Texts.
    """
    shown = [law for amount in amounts for law in amount.laws]
    ends = [abs(v) for law in shown for v in (law.mean.value, law.quantiles["0.99"].value)]
    scale = scale_of("yuan", max(ends), caption.lang)
    figure, axes = canvas(
        caption.title,
        (caption.metric,),
        (_years_error(years, amounts, scale, caption), caption.run),
        legend=True,
    )
    width = 0.8 / len(amounts)
    looks = (("#6BA9D1", BLUE, None), ("#F4C7A8", VERMILLION, "///"))
    for place, (amount, look) in enumerate(zip(amounts, looks, strict=False)):
        at = np.arange(len(years)) + (place - 0.5 * (len(amounts) - 1)) * width
        _draw_amount(axes, at, 0.92 * width, amount, look, scale, caption)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    if window_years < len(years):
        mark_run_off(axes, window_years - 0.5, caption.text("run-off"))
    axes.set_xlim(-0.6, len(years) - 0.4)
    axes.margins(y=0.12)
    axes.set_xticks(range(len(years)), years)
    axes.set_xlabel(caption.text("budget year"), fontsize=9, color=INK)
    label_values(axes, caption.axis(scale))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    _name_marks(axes, caption)
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=4, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
    return Picture(figure)


def _name_marks(axes: Axes, caption: Caption) -> None:
    """Put the marks of the quantiles into the legend once, whatever amount they belong to."""
    for level, (marker, size, edge) in MARKS.items():
        axes.plot(
            [],
            [],
            linestyle="none",
            marker=marker,
            markersize=size,
            markeredgewidth=edge,
            color=INK,
            label=caption.level(level),
        )


def _draw_amount(
    axes: Axes,
    at: np.ndarray,
    width: float,
    amount: Yearly,
    look: tuple[str, str, str | None],
    scale: Scale,
    caption: Caption,
) -> None:
    fill, edge, hatch = look
    means = [law.mean.value / scale.divisor for law in amount.laws]
    axes.bar(
        at,
        means,
        width,
        color=fill,
        edgecolor=edge,
        linewidth=0.8,
        hatch=hatch,
        label=caption.text("{amount}: mean", amount=amount.name),
    )
    for level, (marker, size, thickness) in MARKS.items():
        values = [law.quantiles[level].value / scale.divisor for law in amount.laws]
        axes.plot(
            at,
            values,
            linestyle="none",
            marker=marker,
            markersize=size,
            markeredgewidth=thickness,
            color=edge,
        )


def _years_error(years: Sequence[str], amounts: Sequence[Yearly], scale: Scale, caption: Caption) -> str:
    """Return the errors of the year in which they are largest; what is the same on every path has none."""
    parts = []
    for amount in amounts:
        worst = max(range(len(years)), key=lambda year: np.nan_to_num(amount.laws[year].mean.se))
        law = amount.laws[worst]
        if law.sd.value == 0.0:
            continue
        low, high = law.quantiles["0.99"].ci95
        parts.append(
            caption.text(
                "{amount} {year}: mean ± {se}, 95 % interval of {level} {low} to {high}",
                amount=amount.name,
                year=years[worst],
                se=caption.error(scale, law.mean.value, law.mean.se),
                level=caption.level("0.99"),
                low=caption.amount(scale, low, (high - low) / 4.0),
                high=caption.amount(scale, high, (high - low) / 4.0),
            )
        )
    return (
        caption.text("Largest Monte Carlo errors: {errors}", errors=caption.sentence(parts)) if parts else ""
    )


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of stacked leverage."""

    name: str
    """What it is, in the picture's language."""
    law: Distribution


def layers_picture(layers: Sequence[Layer], caption: Caption) -> Picture:
    """Draw how money grows from layer to layer: mean and the middle 90 % of the paths, on a log scale.

    Args:
        layers: At least two, each with a positive mean; the first is what the others are multiples of.
        caption: Texts.
    """
    scale = money_scale((layer.law.mean.value for layer in layers), caption.lang)
    footnote = caption.text(
        "Points: means ± one standard error; lines: {low} to {high} of the paths; "
        "multiples: of the first layer's mean.",
        low=caption.level("0.05"),
        high=caption.level("0.95"),
    )
    figure, axes = canvas(caption.title, (caption.metric,), (footnote, caption.run), left=24.0)
    first = layers[0].law.mean.value
    for row, layer in enumerate(reversed(layers)):
        _draw_layer(axes, row, layer, first, scale, caption)
    _finish_layers(axes, layers, scale, caption)
    return Picture(figure)


def _draw_layer(axes: Axes, row: int, layer: Layer, first: float, scale: Scale, caption: Caption) -> None:
    low, high = (layer.law.quantiles[level].value / scale.divisor for level in ("0.05", "0.95"))
    mean = layer.law.mean.value / scale.divisor
    if low > 0.0:
        axes.plot([low, high], [row, row], color="#6BA9D1", linewidth=5, solid_capstyle="butt")
    axes.plot([mean], [row], marker="o", markersize=6, color=BLUE)
    times = f"× {layer.law.mean.value / first:.3g}"
    law = layer.law.mean
    error = caption.error(scale, law.value, law.se)
    text = f"{layer.name}  {scale.number(law.value, law.se)} ± {error}  ({times})"
    axes.text(0.01, row + 0.22, text, fontsize=9, color=INK, transform=axes.get_yaxis_transform())


def _finish_layers(axes: Axes, layers: Sequence[Layer], scale: Scale, caption: Caption) -> None:
    means = [layer.law.mean.value / scale.divisor for layer in layers]
    lows = [layer.law.quantiles["0.05"].value / scale.divisor for layer in layers]
    highs = [layer.law.quantiles["0.95"].value / scale.divisor for layer in layers]
    axes.set_xscale("log")
    axes.set_xlim(min([*means, *(low for low in lows if low > 0.0)]) / 1.6, max([*means, *highs]) * 1.6)
    axes.set_ylim(-0.4, len(layers) - 0.35)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
