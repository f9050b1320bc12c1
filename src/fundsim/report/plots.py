"""The pictures of a run by name: ``results.plot``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

from fundsim import arguments
from fundsim.errors import UsageError
from fundsim.report.bars import Layer, Yearly, layers_picture, years_picture
from fundsim.report.budget_plots import SOURCES_AND_USES, sources_and_uses_of
from fundsim.report.canvas import FORMATS, Picture
from fundsim.report.caption import Caption, source_line
from fundsim.report.distribution import distribution_picture
from fundsim.report.fund_plots import back_of, drawn_of, mobilised_of, mobilises
from fundsim.report.in_doubt import doubt_line, figure_of
from fundsim.report.months import depletion_picture, fan_picture
from fundsim.report.sizes import SizeBar, sizes_picture
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import first_clause, probability_of, titled, year_name
from fundsim.report.together import figures_together, together_picture
from fundsim.results.folder import file_name
from fundsim.results.lookup import placed, unknown, without_year, years_of
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon, split_name
from fundsim.results.sources_and_uses import has_budget
from fundsim.results.stored import DEPLETED, DEPLETION_MONTH
from fundsim.scheme import About

__all__ = ["Plots"]

SCHEME = "scheme"
RUN_OFF: Horizon = "run_off"
LAYERS = ("public_capital", "paid_in", "bank_line", "outstanding", "lent")
"""From public money to loans, as plans stack them, whichever of them is larger."""
MOST_INSTRUMENTS = 6
"""A run draws by itself the pictures of so many instruments, those that lend or invest most; others on
demand."""
RATE = "irr"
"""Own name of internal rates of return, whose mean says little and which some paths don't have."""
MONEY_OUT = ("lent", "invested")
"""Metrics by which instruments are ranked."""


def _checked(lang: object) -> Language:
    return cast(Language, arguments.choice("lang", lang, arguments.LANGUAGES))


class Plots:
    """Draws the pictures of one run.

    Every method returns a ``Picture``: it shows itself in a notebook, ``save`` writes a PNG, SVG or PDF,
    and ``figure`` is the matplotlib figure for further changes.  ``lang`` is ``en`` or ``zh``.
    """

    def __init__(self, results: RunData) -> None:
        self._results = results
        self._described = {m["name"]: m for m in results.manifest["metrics"]}

    def distribution(self, metric: str, *, lang: Language = "en") -> Picture:
        """Draw the distribution of a metric over the paths; ``metric@window`` names the horizon.

        Raises:
            UsageError: The run has no such metric.
        """
        lang = _checked(lang)
        law = self._results.distribution(metric)
        name, horizon = placed(metric, self._results.figures.metrics)
        caption = self._caption(lang, name, horizon)
        rate = self._describe(name)["own_name"] == RATE
        return distribution_picture(self._results.values(metric), law, caption, rate=rate)

    def depletion(self, metric: str, *, lang: Language = "en") -> Picture:
        """Draw the probability of depletion by month, from ``zhubaodai.depleted`` or its month.

        Raises:
            UsageError: The run has no such metric.
        """
        lang = _checked(lang)
        name, horizon = split_name(arguments.text("metric", metric, "the name of a metric", "指标名"))
        party = name.removesuffix(DEPLETION_MONTH).removesuffix(DEPLETED)
        months = self._results.values(f"{party}{DEPLETION_MONTH}@{horizon}")
        caption = self._caption(lang, f"{party}{DEPLETED}", None)
        return depletion_picture(months, self._results.manifest["window"], caption)

    def fan(self, metric: str, *, lang: Language = "en") -> Picture:
        """Draw a metric month by month: mean, median and bands over the paths.

        Raises:
            UsageError: The run has no such series.
        """
        lang = _checked(lang)
        fan = self._results.fan(metric)
        n_sample = self._results.manifest["series"]["quantile_paths"]
        law = self._results.figures.metrics.get((metric, "window"))
        window = self._results.manifest["window"]
        mean = law.mean if law is not None and law.n else None
        return fan_picture(fan, window, self._caption(lang, metric, None), mean, n_sample)

    def cost(self, *metrics: str, lang: Language = "en") -> Picture:
        """Draw amounts by budget year, by default fiscal outlay and fiscal cost.

        Args:
            metrics: One or two metrics in yuan that have years.
            lang: Language of the texts.

        Raises:
            UsageError: The run has no such metric by year.
        """
        lang = _checked(lang)
        for metric in metrics:
            arguments.text("metrics", metric, "the name of a metric", "指标名")
        names = metrics or tuple(self._with_picture("cost"))
        starts = years_of(names[0], self._results.figures.metrics) if names else []
        if not names or (not metrics and not starts):
            raise UsageError("this run has no cost by year", "本次运行没有分年度的财政成本")
        if len(names) > 2:
            raise UsageError("the picture shows one or two metrics", "该图只显示一个或两个指标")
        for name in names:
            self._refuse_without_years(name)
        amounts = [
            Yearly(
                self._short(name, lang),
                [self._law_of_year(name, year) for year in starts],
            )
            for name in names
        ]
        window = self._results.manifest["window"]
        title = word("Cost by budget year", lang)
        caption = Caption(
            title=title,
            metric=" · ".join(names),
            quantity=word("amount in the year", lang),
            unit="yuan",
            run=source_line(self._results.manifest, lang),
            lang=lang,
        )
        return years_picture(
            [year_name(window, year) for year in starts], -(-window["months"] // 12), amounts, caption
        )

    def layers(self, instrument: str, *, lang: Language = "en") -> Picture:
        """Draw an instrument's leverage layer by layer at the window's end.

        Raises:
            UsageError: The instrument declares fewer than two layers, or they hold nothing.
        """
        lang = _checked(lang)
        arguments.text("instrument", instrument, "the name of an instrument", "政策工具名")
        layers = [
            Layer(first_clause(self._meaning(name, lang)), self._results.distribution(f"{name}@window"))
            for name in self._layers_of(instrument)
        ]
        if len(layers) < 2:
            raise UsageError(f"{instrument} has no layers of leverage", f"{instrument} 没有可分层的放大倍数")
        caption = Caption(
            title=titled(self._resolved, About(instrument), word("Leverage layer by layer", lang), lang),
            metric=f"{instrument} · {word(HORIZON_WORDS['window'], lang)}",
            quantity=word("amount", lang),
            unit="yuan",
            run=source_line(self._results.manifest, lang),
            lang=lang,
        )
        return layers_picture(layers, caption)

    def sizes(self, instrument: str, *, lang: Language = "en") -> Picture:
        """Draw the part of the requests that a bridge fund refused, by their size.

        Raises:
            UsageError: The instrument reports no sizes, or nobody asked.
        """
        lang = _checked(lang)
        arguments.text("instrument", instrument, "the name of an instrument", "政策工具名")
        bars = [
            SizeBar(first_clause(self._meaning(name, lang)), self._results.distribution(f"{name}@run_off"))
            for name in self._with_picture("size", [instrument])
        ]
        if not any(bar.law.n for bar in bars):
            raise UsageError(f"{instrument} has no requests by size", f"{instrument} 没有分规模的申请")
        caption = Caption(
            title=titled(self._resolved, About(instrument), word("Refusals by size", lang), lang),
            metric=f"{instrument} · {word(HORIZON_WORDS['run_off'], lang)}",
            quantity=word("share of the requests refused", lang),
            unit="share",
            run=source_line(self._results.manifest, lang),
            lang=lang,
        )
        return sizes_picture(bars, caption)

    def mobilised(self, instrument: str, *, lang: Language = "en") -> Picture:
        """Draw what an equity fund mobilises of social money, beside what the plan promised.

        Raises:
            UsageError: The instrument mobilises no money.
        """
        lang = _checked(lang)
        arguments.text("instrument", instrument, "the name of an instrument", "政策工具名")
        return mobilised_of(self._results, instrument, lang)

    def back(self, instrument: str, *, lang: Language = "en") -> Picture:
        """Draw the cash that an equity fund brings back to the treasury by budget year.

        Raises:
            UsageError: The instrument brings none back, or the run has no years of it.
        """
        lang = _checked(lang)
        arguments.text("instrument", instrument, "the name of an instrument", "政策工具名")
        return back_of(self._results, instrument, lang)

    def dependence(self, *, lang: Language = "en") -> Picture:
        """Draw which figures of different instruments are bad on the same paths.

        Raises:
            UsageError: The run has no two such figures.
        """
        lang = _checked(lang)
        found = figures_together(self._results, lang)
        if len(found.names) < 2:
            raise UsageError(
                "this run has no two figures of different instruments that have a bad end",
                "本次运行没有两个不同工具的可比指标",
            )
        return together_picture(found, self._results, lang)

    def sources_and_uses(self, *, lang: Language = "en") -> Picture:
        """Draw where the budget's money comes from and goes to by budget year, as planned and as paid.

        Raises:
            UsageError: The run has no budget.
        """
        return sources_and_uses_of(self._results, _checked(lang))

    def write_all(self, folder: Path, *, lang: Language = "en", form: str = "png") -> list[Path]:
        """Write the pictures that a run has by itself into a folder and return their paths.

        Those of ``says_nothing`` are left out.
        """
        form = arguments.choice("form", form, tuple(FORMATS))
        folder = arguments.file_name("folder", folder)
        return [picture.save(folder / file_name(name, f".{form}")) for name, picture in self.each(lang=lang)]

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield name and picture of all that a run has by itself, as ``write_all`` writes them."""
        empty = set(self.says_nothing())
        for name, draw in self._standard(_checked(lang)):
            if name not in empty:
                yield name, draw()

    def says_nothing(self) -> list[str]:
        """Return the names of pictures that a run does not draw by itself: they would show one value.

        They are the distribution of a figure that is the same on every path, the curve of a depletion
        that happens on no path, and the cost of a scheme that costs nothing.  Each can be drawn by
        ``distribution``, ``depletion`` or ``cost`` all the same.
        """
        chosen = self._chosen_instruments()
        laws = self._results.figures.metrics
        drawn, curves = (list(self._with_picture(kind, chosen)) for kind in ("distribution", "depletion"))
        months = {name: laws[name.removesuffix(DEPLETED) + DEPLETION_MONTH, RUN_OFF] for name in curves}
        return [
            *(f"{name}.distribution" for name in drawn if not laws[name, RUN_OFF].sd.value > 0.0),
            *(f"{name}.curve" for name, month in months.items() if not month.n),
            *((f"{SCHEME}.cost_by_year",) if self._costs_nothing() else ()),
        ]

    def _costs_nothing(self) -> bool:
        """Return whether there are costs by year, and all of them are 0 on every path."""
        found = [
            self._law_of_year(name, year)
            for name in self._with_picture("cost")
            for year in years_of(name, self._results.figures.metrics)
        ]
        return bool(found) and all(law.mean.value == 0.0 == law.sd.value for law in found)

    def _standard(self, lang: Language) -> Iterator[tuple[str, Callable[[], Picture]]]:
        chosen = self._chosen_instruments()
        for name in self._with_picture("distribution", chosen):
            yield f"{name}.distribution", lambda metric=name: self.distribution(metric, lang=lang)  # type: ignore[misc]
        for name in self._with_picture("depletion", chosen):
            yield f"{name}.curve", lambda metric=name: self.depletion(metric, lang=lang)  # type: ignore[misc]
        for name in self._with_picture("fan", chosen):
            yield f"{name}.fan", lambda metric=name: self.fan(metric, lang=lang)  # type: ignore[misc]
        of_instruments: dict[str, Callable[[str], bool]] = {
            "layers": lambda name: len(self._layers_of(name)) > 1,
            "sizes": self._has_sizes,
            "mobilised": lambda name: mobilises(self._results, name),
            "back": lambda name: len(drawn_of(self._results, "back", name)) > 1,
        }
        for picture, has in of_instruments.items():
            for name in filter(has, chosen):
                yield f"{name}.{picture}", partial(getattr(self, picture), name, lang=lang)
        if has_budget(self._results):
            yield SOURCES_AND_USES, lambda: self.sources_and_uses(lang=lang)
        yield from self._of_the_scheme(lang)

    def _of_the_scheme(self, lang: Language) -> Iterator[tuple[str, Callable[[], Picture]]]:
        if len(figures_together(self._results, lang).names) > 1:
            yield f"{SCHEME}.dependence", lambda: self.dependence(lang=lang)
        cost = [name for name in self._with_picture("cost") if years_of(name, self._results.figures.metrics)]
        if cost:
            yield f"{SCHEME}.cost_by_year", lambda: self.cost(*cost[:2], lang=lang)

    def _with_picture(self, picture: str, instruments: list[str] | None = None) -> Iterator[str]:
        """Yield the metrics that declare a picture and that the run has kept what it needs of."""
        for name, described in self._described.items():
            if described.get("picture") != picture:
                continue
            if instruments is not None and described["instrument"] not in instruments:
                continue
            needed = name.removesuffix(DEPLETED) + DEPLETION_MONTH if picture == "depletion" else name
            kept = f"{needed}@{'window' if picture == 'layer' else 'run_off'}" in self._results.column_keys
            if name in self._results.fans if picture == "fan" else kept or picture == "cost":
                yield name

    def _chosen_instruments(self) -> list[str]:
        """Return the instruments that get pictures, in the order of the scenario."""
        found = list(
            dict.fromkeys(
                described["instrument"] for described in self._described.values() if described.get("picture")
            )
        )
        found = [name for name in found if name != SCHEME]

        def weight(instrument: str) -> float:
            laws = self._results.figures.metrics
            found = (laws.get((f"{instrument}.{name}", "window")) for name in MONEY_OUT)
            return min((-law.mean.value for law in found if law is not None), default=0.0)

        largest = sorted(found, key=weight)[:MOST_INSTRUMENTS]
        return [name for name in found if name in largest]

    def _layers_of(self, instrument: str) -> list[str]:
        laws = self._results.figures.metrics
        held = [
            name
            for name in self._with_picture("layer", [instrument])
            if (law := laws.get((name, "window"))) is not None and law.mean.value > 0.0
        ]

        def place(name: str) -> int:
            own_name = self._described[name]["own_name"]
            return (*LAYERS, own_name).index(own_name)

        return sorted(held, key=place)

    def _has_sizes(self, instrument: str) -> bool:
        """Return whether anybody asked an instrument that reports requests by size."""
        laws = self._results.figures.metrics
        return any(laws[name, RUN_OFF].n for name in self._with_picture("size", [instrument]))

    def _refuse_without_years(self, metric: str) -> None:
        """Refuse a metric that the run has not by year; a year has no horizon after ``@``."""
        if not years_of(metric, self._results.figures.metrics):
            yearly = [
                (name, None) for name in self._described if years_of(name, self._results.figures.metrics)
            ]
            raise unknown(metric, "cost", {"cost": yearly}, self._described)

    def _law_of_year(self, metric: str, year: int) -> Any:
        for horizon in ("window", "run_off"):
            law = self._results.figures.metrics.get((f"{metric}.{year}", horizon))
            if law is not None:
                return law
        raise unknown(f"{metric}.{year}", "cost", {"cost": ()}, (f"{metric}.{year}",))

    def _caption(self, lang: Language, name: str, horizon: str | None) -> Caption:
        described = self._describe(name)
        meaning = self._meaning(name, lang)
        event = probability_of(meaning, lang) if described.get("event") else ""
        about = About(described["instrument"], described["part"])
        when = f" · {word(HORIZON_WORDS[horizon], lang)}" if horizon else ""
        known = None if self._results.in_doubt is None else figure_of(self._results.in_doubt, name, horizon)
        return Caption(
            title=titled(self._resolved, about, event or first_clause(meaning), lang),
            metric=f"{name}{when}",
            quantity=event[:1].lower() + event[1:] if event else self._short(described["name"], lang),
            unit=described["unit"],
            run=source_line(self._results.manifest, lang),
            lang=lang,
            doubt="" if known is None else doubt_line(self._results, known, described["unit"], lang),
            doubt_range=None if known is None else (known.low, known.high),
        )

    @property
    def _resolved(self) -> dict[str, Any]:
        """The scenario as resolved, with the titles that it gives."""
        resolved: dict[str, Any] = self._results.manifest["scenario"]["resolved"]
        return resolved

    def _meaning(self, name: str, lang: Language) -> str:
        meaning: str = self._describe(name)["meaning" if lang == "en" else "meaning_zh"]
        return meaning.rstrip(".。")

    def _short(self, name: str, lang: Language) -> str:
        """Return a metric's name for axes and legends."""
        return (
            first_clause(self._meaning(name, lang))
            if lang == "zh"
            else str(self._describe(name)["own_name"]).replace("_", " ")
        )

    def _describe(self, name: str) -> dict[str, Any]:
        # A policy year's figure is described by the metric itself.
        found = self._described.get(name) or self._described.get(without_year(name))
        if found is None:
            raise unknown(name, "values", {"values": [(known, None) for known in self._described]})
        described: dict[str, Any] = found
        return described
