"""Pictures over the months of a run: the depletion curve and the fan chart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from fundsim.report.canvas import (
    BLUE,
    INK,
    VERMILLION,
    Picture,
    canvas,
    label_values,
    mark_run_off,
    month_axis,
)
from fundsim.report.caption import Caption, minus, plain_number
from fundsim.report.units import Scale, scale_of
from fundsim.results.series import Fan
from fundsim.results.statistics import Estimate, Floats, clopper_pearson

__all__ = ["depletion_picture", "fan_picture"]

BANDS = (
    ("q01", "q99", "#DCEAF4", "98 % of paths"),
    ("q05", "q95", "#AFD0E6", "90 %"),
    ("q25", "q75", "#6BA9D1", "50 %"),
)
"""Lower and upper quantile, shade and name of a fan's bands."""


def depletion_picture(months: Floats, window: Mapping[str, int], caption: Caption) -> Picture:
    """Draw the probability that a fund has been depleted by each month's end, with its 95 % band.

    Args:
        months: Month of depletion (1 is the first month) a path, shape (paths,); NaN where never.
        window: ``year``, ``month``, ``months`` and ``run_off`` of the scenario.
        caption: Texts.
    """
    n, total = len(months), window["months"] + window["run_off"]
    fallen = np.bincount(months[~np.isnan(months)].astype(np.int64), minlength=total + 1)
    depleted = np.cumsum(fallen[: total + 1])
    # At month 0 nothing can have happened yet: the band starts at a point.
    band = np.array([(0.0, 0.0)] + [clopper_pearson(int(k), n) for k in depleted[1:]])
    elapsed = np.arange(total + 1)
    moments = [(caption.text("by the end"), total)]
    if window["run_off"]:
        moments.insert(0, (caption.text("by the window's end"), window["months"]))
    levels = [f"{when} {_estimate(depleted[at] / n, band[at], caption)}" for when, at in moments]
    footnote = caption.text(
        "Band and brackets: pointwise 95 % interval (Clopper–Pearson) of the Monte Carlo estimate."
    )
    figure, axes = canvas(
        caption.title, (caption.metric, " · ".join(levels), caption.doubt), (footnote, caption.run), left=62.0
    )
    axes.fill_between(elapsed, band[:, 0] * 100.0, band[:, 1] * 100.0, color=BLUE, alpha=0.28, linewidth=0)
    axes.plot(elapsed, depleted / n * 100.0, color=BLUE, linewidth=1.6)
    axes.set_ylim(0, max(float(band[:, 1].max()) * 115.0, 1e-6))
    # The title says of what.
    label_values(axes, caption.text("cumulative probability [%]"))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    _finish_months(axes, window, caption)
    return Picture(figure)


def _estimate(p: float, band: Floats, caption: Caption) -> str:
    scale, error = Scale(0.01, "%"), float(band[1] - band[0]) / 4.0
    low, high = (scale.number(float(end), error) for end in band)
    return f"{caption.amount(scale, p, error)} ({low}–{high})"


def fan_picture(
    fan: Fan, window: Mapping[str, int], caption: Caption, mean: Estimate | None, n_sample: int
) -> Picture:
    """Draw a metric month by month: mean, median and bands of 50, 90 and 98 % of the paths.

    Args:
        fan: Month-end means and quantiles, each of shape (months,).
        window: ``year``, ``month``, ``months`` and ``run_off`` of the scenario.
        caption: Texts.
        mean: Mean at the window's end with its error, if it is known.
        n_sample: Paths that the quantiles come from.
    """
    elapsed = np.arange(1, len(fan.mean) + 1)
    scale = scale_of(caption.unit, _largest(fan), caption.lang)
    low, high = clopper_pearson(round(0.05 * n_sample), n_sample)
    footnote = caption.text(
        "Bands from the first {paths:,} paths: the drawn 5 % line is, with 95 % confidence, "
        "between the true {low:.2f} % and {high:.2f} % lines.",
        paths=n_sample,
        low=low * 100,
        high=high * 100,
    )
    mean_text = "" if mean is None else _mean_at_end(mean, scale, caption)
    shown = _months_shown(fan, window)
    still = "" if shown is None else caption.text("No change after this.")
    figure, axes = canvas(
        caption.title, (caption.metric, mean_text), (footnote, still, caption.run), legend=True
    )
    quantiles = {name: values / scale.divisor for name, values in fan.quantiles.items()}
    for lower, upper, shade, name in BANDS:
        axes.fill_between(
            elapsed,
            quantiles[lower],
            quantiles[upper],
            color=shade,
            linewidth=0,
            label=caption.text(name),
        )
    axes.plot(elapsed, quantiles["q50"], color=INK, linewidth=1.4, label=caption.text("median"))
    axes.plot(
        elapsed,
        fan.mean / scale.divisor,
        color=VERMILLION,
        linewidth=1.3,
        linestyle=(0, (5, 2)),
        label=caption.text("mean"),
    )
    _leave_room(axes, fan, scale)
    label_values(axes, caption.axis(scale))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=5, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
    _finish_months(axes, window, caption, shown)
    return Picture(figure)


def _months_shown(fan: Fan, window: Mapping[str, int]) -> int | None:
    """Return after how many months the axis may end: more than a third of it would show no change.

    A bridge fund, whose money is out for days, is at rest soon after the window, and the run-off of the
    loans goes on for years.  None where the axis has all months.
    """
    table = np.vstack([fan.mean, *fan.quantiles.values()])
    moving = np.flatnonzero((table != table[:, -1:]).any(axis=0))
    end = max(int(moving[-1]) + 2 if len(moving) else 1, window["months"]) + 3
    return end if end < 2 * table.shape[1] / 3 else None


def _mean_at_end(mean: Estimate, scale: Scale, caption: Caption) -> str:
    """Return the mean at the window's end in words, in the unit of the axis."""
    return caption.text(
        "mean at the window's end {mean} ± {se}",
        mean=minus(scale.number(mean.value, mean.se)),
        se=caption.error(scale, mean.value, mean.se),
    )


def _leave_room(axes: Axes, fan: Fan, scale: Scale) -> None:
    """Begin the axis at zero where nothing is negative, and leave room for the words at the top."""
    lowest, highest = (fan.quantiles[level][~np.isnan(fan.quantiles[level])] for level in ("q01", "q99"))
    if not lowest.size:  # a figure that no path ever has
        return
    low, high = min(float(lowest.min()), 0.0), float(highest.max())
    if high > low:
        below = 0.05 * (high - low) if low < 0.0 else 0.0
        axes.set_ylim((low - below) / scale.divisor, (high + 0.12 * (high - low)) / scale.divisor)


def _largest(fan: Fan) -> float:
    values = np.concatenate([fan.mean, *fan.quantiles.values()])
    return float(np.nanmax(np.abs(values), initial=0.0))


def _finish_months(axes: Axes, window: Mapping[str, int], caption: Caption, shown: int | None = None) -> None:
    month_axis(axes, window, caption.lang, shown)
    if window["run_off"]:
        mark_run_off(axes, window["months"], caption.text("run-off"))
