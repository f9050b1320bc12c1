"""The pictures of a doubt: how far a figure ranges over the draws, and which assumptions drive it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from fundsim import arguments
from fundsim.decide.doubt.doubting import DoubtData, Doubted
from fundsim.decide.doubt.plain import ranked
from fundsim.report.canvas import BLUE, FORMATS, GREY, INK, VERMILLION, Picture, canvas, label_values, wrapped
from fundsim.report.caption import Caption, plain_number
from fundsim.report.doubt.inputs import range_text
from fundsim.report.doubt.tables import answers, scale_of_figure
from fundsim.report.texts import Language, word

__all__ = ["DoubtPlots"]

BINS = 40
MOST_BARS = 10
LABEL_WIDTH = 168.0
"""Room for the names of assumptions [points]."""
PER_CENT = 100.0


class DoubtPlots:
    """Draws the pictures of a doubt."""

    def __init__(self, data: DoubtData) -> None:
        self._data = data

    def range(self, figure: int = 0, *, lang: Language = "en") -> Picture:
        """Draw how far a figure ranges over the draws of the assumptions.

        Args:
            figure: which figure, from 0 on.
            lang: language of the texts.

        Raises:
            UsageError: there is no such figure.
        """
        lang, one = self._chosen(figure, lang)
        scale, values = scale_of_figure(one, lang), one.by_draw[~np.isnan(one.by_draw)]
        caption = self._caption(one, "How sure is {figure}", lang)
        bars = caption.text(
            "Each bar: draws of the assumptions whose {paths:,} paths give this figure.",
            paths=self._data.inquiry.paths,
        )
        drawn, axes = canvas(
            caption.title, (answers(self._data, lang)[figure],), (bars, caption.run), legend=True
        )
        counts, edges = np.histogram(values / scale.divisor, BINS)
        axes.stairs(counts * PER_CENT / len(values), edges, fill=True, color=BLUE, alpha=0.75, linewidth=0)
        axes.axvspan(
            one.low.value / scale.divisor, one.high.value / scale.divisor, color=BLUE, alpha=0.12,
            linewidth=0, label=caption.text("5 – 95 % of the draws"),
        )  # fmt: skip
        for value, colour, text, style in (
            (one.plugged_in.value, INK, "assumptions at their values", "--"),
            (one.predictive, VERMILLION, "assumptions in doubt", "-"),
        ):
            axes.axvline(
                value / scale.divisor, color=colour, linewidth=1.3, linestyle=style, label=caption.text(text)
            )
        axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(plain_number))
        axes.set_xlabel(caption.axis(scale), fontsize=9, color=INK)
        label_values(axes, caption.text("share of draws [%]"))
        _legend(axes)
        return Picture(drawn)

    def drivers(self, figure: int = 0, *, lang: Language = "en") -> Picture:
        """Draw what each assumption explains by itself of a figure's rank among the draws.

        Args:
            figure: which figure, from 0 on.
            lang: language of the texts.

        Raises:
            UsageError: there is no such figure, or nothing is known of single assumptions.
        """
        lang, one = self._chosen(figure, lang)
        if one.rank_shares is None:
            raise arguments.refused("figure", figure, (
                "nothing is known of single assumptions", "take more draws, or another figure",
                "单项假设的作用未知", "请增加抽取次数，或另选统计量",
            ))  # fmt: skip
        caption = self._caption(one, "What drives {figure}", lang)
        note = caption.text(
            "Bars: what an assumption explains by itself of the order of the draws; ▲ the figure rises with "
            "it, ▼ it falls. Lines: 95 % intervals by bootstrap. Grey, left of the dashed line: no more than "
            "chance."
        )
        drawn, axes = canvas(
            caption.title,
            (answers(self._data, lang)[figure],),
            (note, caption.run),
            left=LABEL_WIDTH + 20.0,
            legend=False,
        )
        shown = ranked(one, len(self._data.inquiry.assumptions))[:MOST_BARS]
        self._bars(axes, one, shown, lang)
        axes.axvline(one.rank_shares.noise_level * PER_CENT, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.set_xlabel(
            caption.text("explains of the order of the draws [%]"),
            fontsize=9,
            color=INK,
        )
        axes.xaxis.set_major_formatter(FuncFormatter(plain_number))
        return Picture(drawn)

    def _bars(self, axes: Axes, one: Doubted, shown: list[int], lang: Language) -> None:
        known, shares = self._data.inquiry.assumptions, one.rank_shares
        if shares is None:
            return
        labels = []
        for place, at in enumerate(shown):
            share = shares.shares[at]
            colour = GREY if share.noise else VERMILLION if share.raises else BLUE
            axes.barh(place, max(0.0, share.value) * PER_CENT, 0.62, color=colour, alpha=0.85)
            axes.plot(
                [end * PER_CENT for end in share.ci95], [place, place], color=INK, linewidth=0.9, zorder=3
            )
            sign = "▲" if share.raises else "▼"
            name = "\n".join(wrapped(known[at].short, 7.6, LABEL_WIDTH))
            labels.append(f"{name} {sign if not share.noise else ''}\n{range_text(known[at], lang)}".rstrip())
        axes.set_yticks(range(len(shown)), labels, fontsize=7.6, linespacing=1.1)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", color="#E6E6E6", linewidth=0.7)
        axes.set_xlim(left=0.0)

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield the pictures of every figure with their names."""
        for at, one in enumerate(self._data.figures):
            yield f"range.{at + 1}", self.range(at, lang=lang)
            if one.rank_shares is not None:
                yield f"drivers.{at + 1}", self.drivers(at, lang=lang)

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write the pictures of every figure into a folder and return their paths."""
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / f"{name}.{form}") for name, picture in self.each(lang=lang)]

    def _chosen(self, figure: object, lang: Language) -> tuple[Language, Doubted]:
        lang = cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))
        count = len(self._data.figures)
        if isinstance(figure, bool) or not isinstance(figure, int) or not 0 <= figure < count:
            raise arguments.refused("figure", figure, (
                f"there are {count} figures", "count them from 0 on",
                f"共有 {count} 个统计量", "请从 0 起编号",
            ))  # fmt: skip
        return lang, self._data.figures[figure]

    def _caption(self, one: Doubted, title: str, lang: Language) -> Caption:
        inquiry = self._data.inquiry
        source = (
            "Source: fundsim {version}, scenario {scenario}, {draws:,} draws × {paths:,} paths, seed {seed}"
        )
        return Caption(
            title=word(title, lang).format(figure=one.measure.measured),
            metric=one.measure.measured,
            quantity=one.measure.measured,
            unit=one.measure.unit,
            run=word(source, lang).format(
                version=version("fundsim"),
                scenario=self._data.scenario.name,
                draws=inquiry.draws,
                paths=inquiry.paths,
                seed=inquiry.seed,
            ),
            lang=lang,
        )


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower left", fontsize=8, frameon=False, ncols=4, bbox_to_anchor=(0.0, 0.99), borderaxespad=0.1
    )
