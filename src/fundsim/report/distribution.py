"""The picture of a distribution: what share of the paths ends where.

It states its unit, its Monte Carlo error, the number of paths and the seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from fundsim.report.canvas import BLUE, GREY, INK, VERMILLION, Picture, canvas, label_values
from fundsim.report.caption import Caption, plain_number
from fundsim.report.units import Scale, scale_of
from fundsim.results.statistics import Distribution, Floats

__all__ = ["distribution_picture"]

BINS = 60
FEW = 5
"""With no more distinct values than these, each of them has a bar of its own."""
LONGEST_TAIL = 1.5
"""The axis goes on beyond the 1 % and 99 % quantiles by so many times their distance at the most."""
ATOM = 0.05
"""A single value that more than this share of paths takes is given in words instead of a bar."""


def distribution_picture(
    values: Floats, law: Distribution, caption: Caption, *, rate: bool = False
) -> Picture:
    """Draw the distribution of a metric over the paths.

    A value that many paths share exactly (a coverage of 100 %, no default at all) would dwarf every
    other bar: its share is written out, and the bars show the other paths.

    Args:
        values: One value a path, shape (paths,); NaN where a path has none.
        law: Its figures, as the run reports them.
        caption: Texts.
        rate: Whether it is a rate of return: the median is marked beside the mean, which says little, and the
            paths without a rate are written out.
    """
    values = values[~np.isnan(values)]
    scale = scale_of(caption.unit, float(np.max(np.abs(values), initial=0.0)), caption.lang)
    distinct, counts = np.unique(values, return_counts=True)
    if 1 <= len(distinct) <= FEW:
        return _few_values(distinct, counts, law, scale, caption)
    atoms = _atoms(values)
    rest = values[~np.isin(values, list(atoms))]
    tail = _tail(law)
    edges = _bin_edges(rest, caption.unit)
    beyond = int(np.count_nonzero((rest < edges[0]) | (rest > edges[-1])))
    figure, axes = canvas(
        caption.title,
        (caption.metric, _law_line(law, tail, scale, caption), caption.doubt),
        (_law_error(law, tail, beyond, scale, caption), caption.run),
    )
    shares = np.histogram(rest, edges)[0] / max(1, len(values)) * 100.0
    axes.stairs(shares, edges / scale.divisor, fill=True, color=BLUE, linewidth=0)
    ends = _with_near_atoms(edges, atoms)
    axes.set_xlim(ends[0] / scale.divisor, ends[1] / scale.divisor)
    if caption.doubt_range is not None:
        start, end = (min(max(value, ends[0]), ends[1]) / scale.divisor for value in caption.doubt_range)
        axes.axvspan(start, end, color=VERMILLION, alpha=0.1, linewidth=0)
    levels = sorted({*tail, "0.5"}) if rate else tail
    lowest = _mark_levels(
        axes, law, [k for k in levels if law.quantiles[k].value not in atoms], scale, caption
    )
    # The highest bar stays below the lowest label.
    axes.set_ylim(0, max(float(shares.max()), 1e-9) * max(1.25, 1.0 / (lowest - 0.1)))
    low, high = axes.get_xlim()
    left = law.mean.value / scale.divisor > 0.5 * (low + high)
    notes = _notes_of_atoms(atoms, len(values), scale, caption)
    if rate and law.missing > 0.0:
        notes.append(_without_rate(law, caption))
    _write_notes(axes, notes, left=left)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    _finish(axes, scale, caption)
    if rate:
        label_values(axes, caption.text("share of paths that have a rate [%]"))
    return Picture(figure)


def _without_rate(law: Distribution, caption: Caption) -> str:
    n = law.n / (1.0 - law.missing) if law.n else 1.0
    error = math.sqrt(law.missing * (1.0 - law.missing) / n)
    return caption.text(
        "not drawn: {share} of paths, which have no rate",
        share=caption.amount(Scale(0.01, "%"), law.missing, error),
    )


def _finish(axes: Axes, scale: Scale, caption: Caption) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
    label_values(axes, caption.text("share of paths [%]"))


def _few_values(
    distinct: Floats, counts: NDArray[np.int64], law: Distribution, scale: Scale, caption: Caption
) -> Picture:
    """Draw the few values that the paths have, as bars with their shares."""
    tail = _tail(law)
    figure, axes = canvas(
        caption.title,
        (caption.metric, _law_line(law, tail, scale, caption), caption.doubt),
        (_law_error(law, tail, 0, scale, caption), caption.run),
    )
    shares, n = counts / counts.sum(), int(counts.sum())
    axes.bar(range(len(distinct)), shares * 100.0, 0.3, color=BLUE)
    axes.set_xlim(-1.0, len(distinct))
    axes.set_ylim(0.0, 115.0)
    axes.set_xticks(range(len(distinct)), [caption.number(scale, float(value)) for value in distinct])
    for place, share in enumerate(shares.tolist()):
        label = caption.amount(Scale(0.01, "%"), share, math.sqrt(share * (1.0 - share) / n))
        axes.text(place, share * 100.0 + 2.0, label, fontsize=9, color=INK, ha="center", va="bottom")
    _finish(axes, scale, caption)
    return Picture(figure)


def _atoms(values: Floats) -> dict[float, float]:
    if not len(values):
        return {}
    distinct, counts = np.unique(values, return_counts=True)
    # Whole numbers of defaults repeat by nature; an atom stands out against the other values.
    common = counts > np.maximum(ATOM * len(values), 8.0 * _median_of_others(counts))
    return {float(v): float(c) / len(values) for v, c in zip(distinct[common], counts[common], strict=True)}


def _median_of_others(counts: NDArray[np.int64]) -> Floats:
    """Return for each value the median number of paths that another value has; there are two or more."""
    ordered = np.sort(counts).astype(float)
    places, middle = np.searchsorted(ordered, counts), (len(counts) - 2) / 2.0
    found = [
        np.where(at >= places, ordered[at + 1], ordered[at]) for at in (math.floor(middle), math.ceil(middle))
    ]
    return np.asarray((found[0] + found[1]) / 2.0)


def _with_near_atoms(edges: Floats, atoms: Mapping[float, float]) -> tuple[float, float]:
    """Stretch the axis to the values that are given in words, where they lie near enough."""
    low, high = float(edges[0]), float(edges[-1])
    near = [value for value in atoms if low - 0.25 * (high - low) <= value <= high + 0.25 * (high - low)]
    return min([low, *near]), max([high, *near])


def _notes_of_atoms(atoms: Mapping[float, float], n: int, scale: Scale, caption: Caption) -> list[str]:
    """Return the values that have no bar, in words."""
    per_cent = Scale(0.01, "%")
    return [
        caption.text(
            "not drawn: {share} of paths, exactly {value}",
            share=caption.amount(per_cent, share, math.sqrt(share * (1.0 - share) / n)),
            value=caption.amount(scale, value),
        )
        for value, share in sorted(atoms.items())
    ]


def _write_notes(axes: Axes, notes: Sequence[str], *, left: bool) -> None:
    """Write what is not drawn on the side where few paths are."""
    for line, note in enumerate(notes):
        axes.text(
            0.02 if left else 0.98,
            0.84 - 0.1 * line,
            note,
            transform=axes.transAxes,
            ha="left" if left else "right",
            fontsize=9,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": GREY, "linewidth": 0.6, "pad": 4.0},
            zorder=5,
        )


def _bin_edges(values: Floats, unit: str) -> Floats:
    if not len(values):
        return np.linspace(0.0, 1.0, BINS + 1)
    # The outermost path in a thousand on each side would stretch the axis for nobody's good.
    ends = np.quantile(values, (0.0005, 0.01, 0.99, 0.9995), method="inverted_cdf")
    low, inner_low, inner_high, high = (float(end) for end in ends)
    # Nor would a tail so long, as that of a rate of return: its paths are counted in words.
    if inner_high > inner_low:
        reach = LONGEST_TAIL * (inner_high - inner_low)
        low, high = max(low, inner_low - reach), min(high, inner_high + reach)
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


def _mark_levels(axes: Axes, law: Distribution, tail: Sequence[str], scale: Scale, caption: Caption) -> float:
    """Mark mean and quantiles; return how high the lowest of the labels stands, as a part of the axis."""
    low, high = axes.get_xlim()
    marks = [(caption.text("mean"), law.mean.value, VERMILLION, "-")]
    marks += [(caption.level(level), law.quantiles[level].value, INK, "--") for level in tail]
    height, last, lowest = 0.99, -np.inf, 0.99
    for name, value, colour, style in sorted(marks, key=lambda mark: mark[1]):
        place = value / scale.divisor
        if not low <= place <= high:
            continue
        # Labels that would run into each other step down; one at the right edge turns inwards.
        close = place - last < 0.1 * (high - low)
        height = height - 0.075 if close else 0.99
        last, lowest = place, min(lowest, height)
        inwards = place > high - 0.07 * (high - low)
        axes.axvline(place, color=colour, linewidth=1.1, linestyle=style, ymax=height - 0.07)
        axes.text(
            place,
            height,
            name,
            transform=axes.get_xaxis_transform(),
            # A label below another one stands clear of the other's line.
            ha="right" if inwards else "left" if close else "center",
            va="top",
            fontsize=8,
            color=colour,
        )
    return lowest


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


def _law_line(law: Distribution, tail: tuple[str, str], scale: Scale, caption: Caption) -> str:
    parts = [f"{caption.text('mean')} {caption.amount(scale, law.mean.value, law.mean.se)}"]
    levels = sorted({"0.05", "0.5", "0.95", *tail}, key=float)
    # All quantiles end at the same decimal, as in the table.
    coarsest = _coarsest(law, levels)
    parts += [
        f"{caption.level(level)} {caption.amount(scale, law.quantiles[level].value, coarsest)}"
        for level in levels
    ]
    return " · ".join(parts)


def _coarsest(law: Distribution, levels: Sequence[str]) -> float:
    """Return the largest standard error among mean and quantiles, which says how many digits all have."""
    widths = (law.quantiles[level].ci95 for level in levels)
    errors = [(high - low) / 4.0 for low, high in widths if math.isfinite(high - low)]
    return max([law.mean.se, *errors])


def _law_error(law: Distribution, tail: tuple[str, str], beyond: int, scale: Scale, caption: Caption) -> str:
    outer = min(tail, key=lambda level: min(float(level), 1.0 - float(level)))
    low, high = law.quantiles[outer].ci95
    coarsest = _coarsest(law, ("0.05", "0.5", "0.95", *tail))
    parts = [
        caption.text(
            "Monte Carlo error: mean ± {se} (one standard error)",
            se=caption.error(scale, law.mean.value, law.mean.se),
        ),
        caption.text(
            "95 % interval of {level}: {low} to {high}",
            level=caption.level(outer),
            low=caption.amount(scale, low, coarsest),
            high=caption.amount(scale, high, coarsest),
        ),
    ]
    if law.missing > 0.0:
        parts.append(
            caption.text(
                "paths without a value: {share}", share=caption.amount(Scale(0.01, "%"), law.missing)
            )
        )
    if beyond:
        parts.append(caption.text("paths beyond the axis: {count:,}", count=beyond))
    return caption.sentence(parts)
