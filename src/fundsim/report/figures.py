"""Four pictures, each from plain numbers: distribution, depletion curve, fan chart.

A picture states its units, its Monte Carlo error, the number of paths and the seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim.report.canvas import BLUE, GREY, INK, VERMILLION, Picture, canvas, month_axis
from fundsim.report.units import Scale, scale_of
from fundsim.report.words import Language, word
from fundsim.results.series import Fan
from fundsim.results.statistics import Distribution, Floats, clopper_pearson

__all__ = ["Caption", "depletion_picture", "distribution_picture", "fan_picture"]

BINS = 60
ATOM = 0.05
"""A single value that more than this share of paths takes is told in words instead of a bar."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture says about itself besides its numbers."""

    title: str
    metric: str
    """Name of the metric with its horizon."""
    quantity: str
    """What the axis of values measures, without its unit."""
    unit: str
    """Unit of the metric, as the metric declares it."""
    run: str
    """Where the numbers come from: program, scenario, paths, seed."""
    lang: Language = "en"

    def text(self, english: str, **values: object) -> str:
        """Return a text in the picture's language with its values put in."""
        return word(english, self.lang).format(**values)


def distribution_picture(values: Floats, law: Distribution, caption: Caption) -> Picture:
    """Draw the distribution of a metric over the paths.

    A value that many paths share exactly (a coverage of 100 %, no default at all) would dwarf every
    other bar: its share is written out, and the bars show the other paths.

    Args:
        values: One value a path, shape (paths,); NaN where a path has none.
        law: Its figures, as the run reports them.
        caption: Texts.
    """
    values = values[~np.isnan(values)]
    scale = scale_of(caption.unit, float(np.max(np.abs(values), initial=0.0)), caption.lang)
    atoms = _atoms(values)
    rest = values[~np.isin(values, list(atoms))]
    tail = _tail(law)
    edges = _bin_edges(rest, caption.unit)
    beyond = int(np.count_nonzero((rest < edges[0]) | (rest > edges[-1])))
    footnote = _law_error(law, tail, beyond, scale, caption)
    figure, axes = canvas(caption.title, _law_line(law, tail, scale, caption), footnote)
    shares = np.histogram(rest, edges)[0] / max(1, len(values)) * 100.0
    axes.stairs(shares, edges / scale.divisor, fill=True, color=BLUE, linewidth=0)
    ends = _with_near_atoms(edges, atoms)
    axes.set_xlim(ends[0] / scale.divisor, ends[1] / scale.divisor)
    axes.set_ylim(0, max(float(shares.max()), 1e-9) * 1.25)
    _mark_levels(axes, law, [k for k in tail if law.quantiles[k].value not in atoms], scale, caption)
    _tell_atoms(axes, atoms, len(values), scale, caption)
    if not len(rest):
        axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_plain_number))
    axes.set_xlabel(_axis_label(caption, scale), fontsize=9, color=INK)
    axes.set_ylabel(caption.text("share of paths [%]"), fontsize=9, color=INK)
    return Picture(figure)


def _atoms(values: Floats) -> dict[float, float]:
    if not len(values):
        return {}
    distinct, counts = np.unique(values, return_counts=True)
    # Whole numbers of defaults repeat by nature; an atom stands out against its neighbours.
    common = counts > max(ATOM * len(values), 8.0 * float(np.median(counts)))
    if len(distinct) == 1:
        common = np.array([True])
    return {float(v): float(c) / len(values) for v, c in zip(distinct[common], counts[common], strict=True)}


def _with_near_atoms(edges: Floats, atoms: Mapping[float, float]) -> tuple[float, float]:
    """Stretch the axis to the values that are told in words, where they lie near enough."""
    low, high = float(edges[0]), float(edges[-1])
    near = [value for value in atoms if low - 0.25 * (high - low) <= value <= high + 0.25 * (high - low)]
    return min([low, *near]), max([high, *near])


def _tell_atoms(axes: Axes, atoms: Mapping[float, float], n: int, scale: Scale, caption: Caption) -> None:
    per_cent = Scale(0.01, "%")
    for line, (value, share) in enumerate(sorted(atoms.items())):
        told = per_cent.number(share, math.sqrt(share * (1.0 - share) / n))
        axes.text(
            0.02,
            0.84 - 0.09 * line,
            caption.text(
                "not drawn: {share} of paths, exactly {value}",
                share=f"{told} %",
                value=_with_unit(scale, value),
            ),
            transform=axes.transAxes,
            fontsize=9,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": GREY, "linewidth": 0.6, "pad": 4.0},
            zorder=5,
        )


def _bin_edges(values: Floats, unit: str) -> Floats:
    if not len(values):
        return np.linspace(0.0, 1.0, BINS + 1)
    # The outermost path in a thousand on each side would stretch the axis for nobody's good.
    low, high = (float(end) for end in np.quantile(values, (0.0005, 0.9995), method="inverted_cdf"))
    spacing = 1.0 if unit in ("loans", "firms", "months") else _spacing(values)
    if spacing:
        width = spacing * max(1, math.ceil((high - low) / (BINS * spacing)))
        return np.arange(low - 0.5 * spacing, high + width, width)
    if high <= low:
        low, high = low - (abs(low) or 1.0) * 1e-3, low + (abs(low) or 1.0) * 1e-3
    return np.linspace(low, high, BINS + 1)


def _spacing(values: Floats) -> float:
    """Return the step of values on a lattice, 0 if they lie on none.

    Equal loans make rates that are multiples of one loan; bars that hold now four, now five of them
    would show teeth that are not there.
    """
    distinct = np.unique(values)
    if not 2 <= len(distinct) <= 20 * BINS:
        return 0.0
    step = float(np.diff(distinct).min())
    multiples = (distinct - distinct[0]) / step
    return step if np.allclose(multiples, np.round(multiples), rtol=0.0, atol=1e-3) else 0.0


def _mark_levels(axes: Axes, law: Distribution, tail: Sequence[str], scale: Scale, caption: Caption) -> None:
    low, high = axes.get_xlim()
    marks = [(caption.text("mean"), law.mean.value, VERMILLION, "-")]
    marks += [(_level_name(level), law.quantiles[level].value, INK, "--") for level in tail]
    height, last = 0.99, -np.inf
    for name, value, colour, style in sorted(marks, key=lambda mark: mark[1]):
        place = value / scale.divisor
        if not low <= place <= high:
            continue
        # Labels that would run into each other step down; one at the right edge turns inwards.
        height = height - 0.06 if place - last < 0.07 * (high - low) else 0.99
        last = place
        inwards = place > high - 0.07 * (high - low)
        axes.axvline(place, color=colour, linewidth=1.1, linestyle=style, ymax=height - 0.06)
        axes.text(
            place,
            height,
            name,
            transform=axes.get_xaxis_transform(),
            ha="right" if inwards else "center",
            va="top",
            fontsize=8,
            color=colour,
        )


def _tail(law: Distribution) -> tuple[str, str]:
    """Return the two quantiles of the longer tail: those that a reader should see marked."""
    middle = law.quantiles["0.5"].value
    for low, inner_low, inner_high, high in (
        ("0.01", "0.05", "0.95", "0.99"),
        ("0.001", "0.01", "0.99", "0.999"),
    ):
        below, above = middle - law.quantiles[low].value, law.quantiles[high].value - middle
        # Nearly all paths may share one value; the tail then begins further out.
        if below != above:
            return (low, inner_low) if below > above else (inner_high, high)
    return "0.95", "0.99"


def _level_name(level: str) -> str:
    return f"p{float(level) * 100:g}"


def _law_line(law: Distribution, tail: tuple[str, str], scale: Scale, caption: Caption) -> str:
    parts = [f"{caption.text('mean')} {_with_unit(scale, law.mean.value, law.mean.se)}"]
    levels = sorted({"0.05", "0.5", "0.95", *tail}, key=float)
    parts += [f"{_level_name(level)} {_with_unit(scale, law.quantiles[level].value)}" for level in levels]
    return f"{caption.metric}    {' · '.join(parts)}"


def _law_error(law: Distribution, tail: tuple[str, str], beyond: int, scale: Scale, caption: Caption) -> str:
    outer = min(tail, key=lambda level: min(float(level), 1.0 - float(level)))
    low, high = law.quantiles[outer].ci95
    parts = [
        caption.text(
            "Monte Carlo error: mean ± {se} {unit} (one standard error); "
            "95 % interval of {level}: {low} to {high}",
            se=scale.error(law.mean.value, law.mean.se),
            unit=scale.unit,
            level=_level_name(outer),
            low=_bound(scale, low),
            high=_bound(scale, high),
        )
    ]
    if law.missing > 0.0:
        parts.append(caption.text("paths without a value: {share}", share=_percent(law.missing)))
    if beyond:
        parts.append(caption.text("paths beyond the axis: {count:,}", count=beyond))
    return f"{'; '.join(parts)}.\n{caption.run}"


def _bound(scale: Scale, value: float) -> str:
    return _with_unit(scale, value) if np.isfinite(value) else "–"


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
    band = np.array([(0.0, 0.0)] + [clopper_pearson(int(k), n) for k in depleted[1:]]) * 100.0
    elapsed = np.arange(total + 1)
    told = [(caption.text("by the end"), total)]
    if window["run_off"]:
        told.insert(0, (caption.text("by the window's end"), window["months"]))
    levels = [f"{when} {_estimate(depleted[at] / n, band[at])}" for when, at in told]
    footnote = caption.text(
        "Band and brackets: pointwise 95 % interval (Clopper–Pearson) of the Monte Carlo estimate."
    )
    figure, axes = canvas(
        caption.title, f"{caption.metric}    {' · '.join(levels)}", f"{footnote}\n{caption.run}"
    )
    axes.fill_between(elapsed, band[:, 0], band[:, 1], color=BLUE, alpha=0.28, linewidth=0)
    axes.plot(elapsed, depleted / n * 100.0, color=BLUE, linewidth=1.6)
    axes.set_ylim(0, max(float(band[:, 1].max()) * 1.15, 1e-6))
    axes.set_ylabel(caption.text("share of paths depleted so far [%]"), fontsize=9, color=INK)
    _finish_months(axes, window, caption)
    return Picture(figure)


def _estimate(p: float, band: Floats) -> str:
    scale, error = Scale(1.0, "%"), float(band[1] - band[0]) / 4.0
    low, high = (scale.number(float(end), error) for end in band)
    return f"{scale.number(p * 100.0, error)} % ({low}–{high})"


def fan_picture(fan: Fan, window: Mapping[str, int], caption: Caption, error: str, n_sample: int) -> Picture:
    """Draw a metric month by month: mean, median and bands of 50, 90 and 98 % of the paths.

    Args:
        fan: Month-end means and quantiles, each of shape (months,).
        window: ``year``, ``month``, ``months`` and ``run_off`` of the scenario.
        caption: Texts.
        error: Monte Carlo error of the mean, in words; may be empty.
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
    figure, axes = canvas(caption.title, f"{caption.metric}    {error}", f"{footnote}\n{caption.run}")
    for lower, upper, shade, name in (
        ("q01", "q99", "#DCEAF4", "98 % of paths"),
        ("q05", "q95", "#AFD0E6", "90 %"),
        ("q25", "q75", "#6BA9D1", "50 %"),
    ):
        axes.fill_between(
            elapsed,
            fan.quantiles[lower] / scale.divisor,
            fan.quantiles[upper] / scale.divisor,
            color=shade,
            linewidth=0,
            label=caption.text(name),
        )
    axes.plot(
        elapsed, fan.quantiles["q50"] / scale.divisor, color=INK, linewidth=1.4, label=caption.text("median")
    )
    axes.plot(
        elapsed,
        fan.mean / scale.divisor,
        color=VERMILLION,
        linewidth=1.3,
        linestyle=(0, (5, 2)),
        label=caption.text("mean"),
    )
    _leave_room(axes, fan, scale)
    axes.set_ylabel(_axis_label(caption, scale), fontsize=9, color=INK)
    axes.yaxis.set_major_formatter(FuncFormatter(_plain_number))
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=5, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
    _finish_months(axes, window, caption)
    return Picture(figure)


def _leave_room(axes: Axes, fan: Fan, scale: Scale) -> None:
    """Begin the axis at zero where nothing is negative, and leave room for the words at the top."""
    low, high = float(np.nanmin(fan.quantiles["q01"])), float(np.nanmax(fan.quantiles["q99"]))
    low = min(low, 0.0)
    if high > low:
        below = 0.05 * (high - low) if low < 0.0 else 0.0
        axes.set_ylim((low - below) / scale.divisor, (high + 0.12 * (high - low)) / scale.divisor)


def _largest(fan: Fan) -> float:
    values = np.concatenate([fan.mean, *fan.quantiles.values()])
    return float(np.nanmax(np.abs(values), initial=0.0))


def _finish_months(axes: Axes, window: Mapping[str, int], caption: Caption) -> None:
    month_axis(axes, dict(window), caption.lang)
    if window["run_off"]:
        axes.text(
            window["months"],
            0.985,
            f" {caption.text('run-off')}",
            transform=axes.get_xaxis_transform(),
            fontsize=8,
            color=GREY,
            va="top",
        )


def _axis_label(caption: Caption, scale: Scale) -> str:
    return f"{caption.quantity} [{scale.unit}]"


def _plain_number(value: float, _position: Any = None) -> str:
    return f"{value:,.10g}"


def _with_unit(scale: Scale, value: float, error: float = float("nan")) -> str:
    return f"{scale.number(value, error)} {scale.unit}".rstrip()


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"
