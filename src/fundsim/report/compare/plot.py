"""Pictures of a comparison: differences to the first scenario with their 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim import arguments
from fundsim.decide.compare.comparison import ComparisonData, Figure
from fundsim.decide.paired import Difference
from fundsim.errors import UsageError
from fundsim.report.canvas import BLUE, FORMATS, GREY, INK, VERMILLION, Picture, canvas
from fundsim.report.caption import Caption, minus, plain_number
from fundsim.report.compare.cells import signed
from fundsim.report.compare.tables import figure_label, legend
from fundsim.report.texts import Language, word
from fundsim.report.typeface import width_of
from fundsim.report.units import Scale, money_scale, scale_of

__all__ = ["ComparisonPlots"]

MOST_ROWS = 14
LABEL, LEAST_LABEL = 7.5, 5.5
"""Sizes of type of the names of metrics [points]."""
WIDEST_LABEL = 215.0
NUMBERS = 0.24
"""Room for the numbers right of the points, as a part of the axis."""
LOOKS = ((BLUE, "o"), (VERMILLION, "s"), ("#009E73", "^"), ("#CC79A7", "D"), (GREY, "v"), (INK, "x"))
"""Colours of Okabe & Ito (2008) with a shape each, by scenario; from the seventh on they come again."""
SHARES = ("share", "yes/no")
UNEQUAL = 20.0
"""From this ratio of the largest to the smallest difference on, each row has a scale of its own."""


class ComparisonPlots:
    """Draws the pictures of a comparison.

    Figures that no path of any scenario changes are left out; they stand in the table.
    """

    def __init__(self, data: ComparisonData) -> None:
        self._data = data

    @property
    def units(self) -> list[str]:
        """Units in which there is a difference to draw; probabilities stand among shares."""
        return list(dict.fromkeys(_unit(figure) for figure in self._data.figures if _drawable(figure)))

    def differences(self, unit: str | None = None, *, lang: Language = "en") -> Picture:
        """Draw the differences to the first scenario with their 95 % intervals, of the metrics of one unit.

        Args:
            unit: unit of the metrics, such as ``yuan`` or ``share`` (with the probabilities); that of most
                metrics unless given.
            lang: language of the texts.

        Raises:
            UsageError: no metric of the comparison is in that unit.
        """
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        known = self.units
        if not known:
            raise UsageError("there is no difference to draw", "没有可绘制的差异")
        of_unit = {u: [f for f in self._data.figures if _drawable(f) and _unit(f) == u] for u in known}
        if unit is None:
            unit = max(known, key=lambda u: len(of_unit[u]))
        chosen = arguments.choice("unit", unit, known)
        in_table = sum(_has_difference(f) and _unit(f) == chosen for f in self._data.figures)
        return self._draw(of_unit[chosen], chosen, lang, in_table)

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield a picture for each unit with its name."""
        for unit in self.units:
            yield f"differences.{unit.replace(' ', '_')}", self.differences(unit, lang=lang)

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write a picture for each unit into a folder and return their paths."""
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / f"{name}.{form}") for name, picture in self.each(lang=lang)]

    def _draw(self, figures: Sequence[Figure], unit: str, lang: Language, in_table: int) -> Picture:
        data, shown = self._data, figures[:MOST_ROWS]
        scale = _scale(shown, unit, lang)
        extents = [_extent(figure) for figure in shown]
        apart = max(extents) > UNEQUAL * min(extents)
        caption = Caption(
            title=word("Differences from {first}", lang).format(first=data.sides[0].letter),
            metric=word("; ", lang).join(legend(data)),
            quantity=word("difference", lang),
            unit=unit,
            run=self._source(lang),
            lang=lang,
        )
        notes = caption.text(
            "Points and lines: paired differences and their 95 % intervals; they cover simulation error only."
        )
        if apart:
            own = caption.text("Each row has a scale of its own, because they are of very different size.")
            notes = f"{notes} {own}" if lang == "en" else f"{notes}{own}"
        if in_table > len(shown):
            more = caption.text("More metrics in the table: {count}", count=in_table - len(shown))
            notes = f"{notes} {more}{'.' if lang == 'en' else '。'}"
        labels = [figure_label(figure, data, lang) for figure in shown]
        size, left = _label_size(labels)
        several = len(data.sides) > 2
        drawn = canvas(caption.title, (caption.metric,), (notes, caption.run), legend=several, left=left)
        axes = drawn[1]
        for row, figure in enumerate(reversed(shown)):
            self._draw_row(axes, row, figure, scale, _extent(figure) if apart else scale.divisor)
        _finish(axes, labels, size, _axis(scale, unit, caption))
        if several:
            self._name_sides(axes)
        low, high = axes.get_xlim()
        if apart:
            axes.set_xticks([0.0], ["0"])
        if apart or not several:
            axes.set_xlim(low, high + NUMBERS * (high - low))
        return Picture(drawn[0])

    def _draw_row(self, axes: Axes, row: int, figure: Figure, scale: Scale, size: float) -> None:
        """Draw the differences of a figure, divided by a size; with numbers where the axis has none."""
        others = len(figure.cells) - 1
        for position, cell in enumerate(figure.cells[1:]):
            change = cell.difference
            if change is None or not _is_finite(change):
                continue
            at = row + (0.5 * (others - 1) - position) * 0.7 / others
            colour, marker = LOOKS[position % len(LOOKS)]
            low, high = (end / size for end in change.ci95)
            axes.plot([low, high], [at, at], color=colour, linewidth=1.6, solid_capstyle="butt")
            axes.plot([change.value / size], [at], marker=marker, markersize=4.5, color=colour)
            if others == 1 or size != scale.divisor:
                text = f" {minus(signed(change, scale))} ± {scale.error(change.value, change.se)}"
                place = axes.get_yaxis_transform()
                type_size, ink = (6.8, INK) if others == 1 else (5.8, colour)
                axes.text(
                    0.995, at, text, fontsize=type_size, color=ink, ha="right", va="center", transform=place
                )

    def _name_sides(self, axes: Axes) -> None:
        first = self._data.sides[0].letter
        for place, side in enumerate(self._data.sides[1:]):
            colour, marker = LOOKS[place % len(LOOKS)]
            axes.plot([], [], marker=marker, markersize=4.5, color=colour, label=f"{side.letter} − {first}")
        axes.legend(
            loc="lower left",
            fontsize=8,
            frameon=False,
            ncols=6,
            bbox_to_anchor=(0.0, 0.99),
            borderaxespad=0.1,
        )

    def _source(self, lang: Language) -> str:
        manifest, common = self._data.sides[0].run.manifest, self._data.common
        return word("Source: fundsim {version}, {paths:,} paths, seed {seed}, {engine}", lang).format(
            version=manifest["versions"]["fundsim"],
            paths=common.paths,
            seed=common.seed,
            engine=word(f"{common.engine} engine", lang),
        )


def _unit(figure: Figure) -> str:
    return "share" if figure.unit in SHARES else figure.unit


def _is_finite(change: Difference) -> bool:
    return all(math.isfinite(value) for value in (change.value, *change.ci95))


def _finite_changes(figure: Figure) -> list[Difference]:
    changes = [cell.difference for cell in figure.cells]
    return [change for change in changes if change is not None and _is_finite(change)]


def _has_difference(figure: Figure) -> bool:
    return bool(_finite_changes(figure))


def _drawable(figure: Figure) -> bool:
    """Return whether there is more to draw than 0 ± 0."""
    return any(change.value or change.se for change in _finite_changes(figure))


def _extent(figure: Figure) -> float:
    """Return the largest magnitude that the intervals of a figure's differences reach."""
    return max(abs(end) for change in _finite_changes(figure) for end in change.ci95)


def _scale(figures: Sequence[Figure], unit: str, lang: Language) -> Scale:
    if unit != "yuan":
        return scale_of(unit, 0.0, lang)
    changes = [cell.difference for figure in figures for cell in figure.cells]
    return money_scale((change.value for change in changes if change is not None), lang)


def _axis(scale: Scale, unit: str, caption: Caption) -> str:
    if unit == "share":
        return caption.axis(Scale(scale.divisor, caption.text("percentage points")))
    return caption.axis(scale)


def _label_size(labels: Sequence[str]) -> tuple[float, float]:
    """Return the size of the names' type and the room left of the axes [points]."""
    widest = max(width_of(label, LABEL) for label in labels)
    size = max(LEAST_LABEL, min(LABEL, LABEL * WIDEST_LABEL / widest))
    return size, 16.0 + min(WIDEST_LABEL, widest * size / LABEL)


def _finish(axes: Axes, labels: Sequence[str], size: float, label: str) -> None:
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_yticks(range(len(labels)), list(reversed(labels)), fontsize=size)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.7)
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
    axes.set_xlabel(label, fontsize=9, color=INK)
