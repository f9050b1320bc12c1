"""Picture of which figures are bad on the same paths: their correlations, as the lower half of a square."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from fundsim.report.canvas import BLUE, INK, VERMILLION, Picture, canvas, wrapped
from fundsim.report.caption import Caption, minus, source_line
from fundsim.report.texts import Language, word
from fundsim.report.titles import first_clause, instrument_title
from fundsim.report.units import Scale
from fundsim.results.dependence import Dependence
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Estimate

__all__ = ["Together", "figures_together", "together_picture"]

MOST_FIGURES = 12
"""More of them can't be read: those that go together most surely with some other are drawn."""
LEFT, LABEL, NUMBER = 196.0, 7.6, 6.8
"""Room for the labels, and sizes of type [points]."""
UNDER = 0.045
"""Part of the picture's height that the axis needs less, as it has no label."""
DARK = 0.55
"""From this correlation on a cell is so dark that its numbers are white."""
COLOURS = LinearSegmentedColormap.from_list("together", [BLUE, "#FFFFFF", VERMILLION])
PLAIN = Scale(1.0, "")
SIGN = {"high": 1.0, "low": -1.0}


@dataclass(frozen=True, slots=True)
class Together:
    """Figures, and how each goes together with those before it."""

    names: Sequence[str]
    """What the figures are, in the picture's language."""
    correlations: Mapping[tuple[int, int], Estimate]
    """(row, column < row) → correlation of how bad the two are: above 0 if they are bad together."""


def figures_together(run: RunData, lang: Language) -> Together:
    """Return one figure of each instrument that varies, with the correlations between them."""
    pairs = [one for one in run.figures.dependence if not math.isnan(one.correlation.value)]
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    first_of: dict[str, str] = {}
    surest: dict[str, float] = {}
    bad: dict[str, str] = {}
    for one in pairs:
        bad |= {one.first: one.first_bad, one.second: one.second_bad}
        for name in (one.first, one.second):
            first_of.setdefault(described[name]["instrument"], name)
            surest[name] = max(surest.get(name, 0.0), one.surely)
    drawn = sorted(first_of.values(), key=lambda name: -surest[name])[:MOST_FIGURES]
    ranks = {name: rank for rank, name in enumerate(n for n in described if n in drawn)}
    correlations = {}
    for one in pairs:
        if one.first in ranks and one.second in ranks:
            key = sorted((ranks[one.first], ranks[one.second]), reverse=True)
            correlations[key[0], key[1]] = _of_badness(one)
    resolved = run.manifest["scenario"]["resolved"]
    return Together([_label(described[name], bad[name], resolved, lang) for name in ranks], correlations)


def _of_badness(one: Dependence) -> Estimate:
    r = one.correlation
    return Estimate(SIGN[one.first_bad] * SIGN[one.second_bad] * r.value, r.se)


def _label(metric: Mapping[str, Any], bad: str, resolved: Mapping[str, Any], lang: Language) -> str:
    title = instrument_title(resolved, metric["instrument"], lang) or word("all instruments", lang)
    if lang == "zh":
        return f"{title} {first_clause(metric['meaning_zh'])}（{word(bad, lang)}）"
    return f"{title}: {str(metric['own_name']).replace('_', ' ')} {bad}"


def together_picture(found: Together, run: RunData, lang: Language) -> Picture:
    """Draw the correlations as the lower half of a square, each with its error.

    Args:
        found: Two figures at least.
        run: The run that they are of.
        lang: Language of the texts.
    """
    caption = Caption(
        title=word("Bad on the same paths", lang),
        metric=word("correlation between figures by path, at the end of the run-off", lang),
        quantity="",
        unit="",
        run=source_line(run.manifest, lang),
        lang=lang,
    )
    note = caption.text(
        "Orange: bad on the same paths; blue: one is bad where the other is good. ± one standard error. "
        "High or low: the bad end of a figure."
    )
    figure, axes = canvas(caption.title, (caption.metric,), (note, caption.run), left=LEFT)
    n = len(found.names)
    for (row, column), r in found.correlations.items():
        _cell(axes, (row, column), r)
    axes.set_xlim(-0.5, n - 1.5)
    axes.set_ylim(n - 0.5, -0.5)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    place = axes.get_position()
    axes.set_position((place.x0, place.y0 - UNDER, place.width, place.height + UNDER))
    axes.set_xticks(range(n - 1), [str(place + 1) for place in range(n - 1)], fontsize=LABEL)
    _name_rows(axes, found.names)
    return Picture(figure)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Number the figures, and name each beside its row; the first has none before it."""
    axes.set_yticks([])
    for row, name in enumerate(names):
        lines = wrapped(f"{row + 1}  {name}", LABEL, LEFT - 16.0)
        axes.annotate(
            "\n".join(lines[:2]),
            (0.0, row),
            xycoords=("axes fraction", "data"),
            xytext=(-6.0, 0.0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=LABEL,
            color=INK,
            linespacing=1.15,
        )


def _cell(axes: Axes, place: tuple[int, int], r: Estimate) -> None:
    row, column = place
    axes.add_patch(
        Rectangle(
            (column - 0.48, row - 0.46),
            0.96,
            0.92,
            facecolor=COLOURS(0.5 + 0.5 * max(-1.0, min(1.0, r.value))),
            edgecolor="none",
        )
    )
    axes.text(
        column,
        row,
        f"{minus(PLAIN.number(r.value, max(r.se, 0.005)))}\n± {PLAIN.error(r.value, max(r.se, 0.005))}",
        ha="center",
        va="center",
        fontsize=NUMBER,
        linespacing=1.1,
        color="white" if abs(r.value) > DARK else INK,
    )
