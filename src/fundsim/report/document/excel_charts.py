"""Sheets of charts: distributions, months and layers, each with its figures in the cells beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fundsim.report.document.excel_book import Cell, Column, Number, Page, Series
from fundsim.report.document.excel_figures import MONEY, instrument_of, label_of_figure, number, scale_in
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.units import Scale
from fundsim.results.run_data import RunData
from fundsim.results.series import SERIES_LEVELS, Fan
from fundsim.results.statistics import Distribution, Floats

__all__ = ["MOST", "distributions", "drawn", "layers", "layers_of", "month_by_month"]

Metric = Mapping[str, Any]
MOST = 12
"""Of more metrics with a chart of a kind, those of the instruments that lend or invest most have one."""
BINS = 30
FEW = 20
"""Of no more distinct values than these each has a bar of its own."""
TAIL = 0.005
"""Share of paths at each end that may lie in a bar without an end."""
LAYERS = ("public_capital", "private_capital", "paid_in", "bank_line", "outstanding", "lent")
"""From public money to loans."""
MONEY_OUT = ("lent", "invested")
CHART_LINES = 19
"""Lines of a sheet that a chart is high."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram, from its start up to its end; the last one has its end as well."""

    start: float
    end: float
    count: int


def drawn(run: RunData, picture: str) -> list[Metric]:
    """Return the metrics that declare a picture and have kept what it needs, in the order of the scenario."""
    keys = {*run.column_keys}
    every = [metric for metric in run.manifest["metrics"] if metric.get("picture") == picture]
    if picture == "fan":
        found = [metric for metric in every if metric["name"] in run.fans]
    else:
        found = [metric for metric in every if f"{metric['name']}@run_off" in keys]

    def weight(metric: Metric) -> float:
        laws = (run.figures.metrics.get((f"{metric['instrument']}.{name}", "window")) for name in MONEY_OUT)
        return min((-law.mean.value for law in laws if law is not None and law.n), default=0.0)

    largest = {metric["name"] for metric in sorted(found, key=weight)[:MOST]}
    return [metric for metric in found if metric["name"] in largest]


def _title(metric: Metric, run: RunData, lang: Language, when: str = "") -> str:
    resolved = run.manifest["scenario"]["resolved"]
    group = instrument_of(metric, resolved, lang)
    colon, label = (": " if lang == "en" else "："), label_of_figure(metric, resolved, lang)
    title = f"{group}{colon}{label}"
    return f"{title} · {when}" if when else title


def _named(text: str, unit: str, lang: Language) -> str:
    """Return a heading with its unit."""
    if not unit:
        return text
    return f"{text} [{unit}]" if lang == "en" else f"{text}（{unit}）"


def distributions(page: Page, run: RunData, lang: Language) -> None:
    """Write how many paths end where, a table and a chart a metric."""
    heads = (("range", 24), ("from", 12), ("to", 12), ("paths", 11), ("share of paths", 11))
    page.widths([Column("", width) for _, width in heads])
    page.line(word("Counts are of all paths that have a value.", lang))
    page.row += 1
    for metric in drawn(run, "distribution"):
        values = run.values(metric["name"])
        values = values[~np.isnan(values)]
        if not len(values):
            continue
        scale = scale_in(metric["unit"], lang)
        units = [scale.unit] * 3 + ["", "%"]
        columns = [
            Column(_named(word(text, lang), unit, lang), width)
            for (text, width), unit in zip(heads, units, strict=True)
        ]
        rows = list(_bar_rows(bars_of(values / _divisor(scale)), len(values), scale, lang))
        top = page.row
        place = page.table(_title(metric, run, lang, word(HORIZON_WORDS["run_off"], lang)), columns, rows)
        page.chart(
            (place.head, 6),
            (place.title, 0),
            [Series(4, place.first, place.last, place.head)],
            (columns[0].heading, columns[4].heading),
        )
        page.row = max(page.row, top + CHART_LINES)


def _divisor(scale: Scale) -> float:
    # Shares stay shares, and cells show them in per cent.
    return 1.0 if scale.unit == "%" else scale.divisor


def bars_of(values: Floats) -> list[Bar]:
    """Return the bars of a histogram, which hold all values: each of few values, else bars of even width.

    Bars without a start or an end hold what lies far out.

    >>> [(bar.start, bar.count) for bar in bars_of(np.array([0.0, 1.0, 1.0]))]
    [(0.0, 1), (1.0, 2)]
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= FEW:
        pairs = zip(distinct, counts, strict=True)
        return [Bar(float(value), float(value), int(count)) for value, count in pairs]
    low, high = (float(end) for end in np.quantile(values, (TAIL, 1.0 - TAIL), method="inverted_cdf"))
    if high <= low:
        low, high = float(distinct[0]), float(distinct[-1])
    edges = _edges(low, high)
    inner, _ = np.histogram(values, edges)
    bars = [
        Bar(float(start), float(end), int(count))
        for start, end, count in zip(edges[:-1], edges[1:], inner, strict=True)
    ]
    below, above = int(np.count_nonzero(values < edges[0])), int(np.count_nonzero(values > edges[-1]))
    first = [Bar(-math.inf, float(edges[0]), below)] if below else []
    return [*first, *bars, *([Bar(float(edges[-1]), math.inf, above)] if above else [])]


def _edges(low: float, high: float) -> Floats:
    """Return about as many round edges as there are to be bars."""
    rough = (high - low) / BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-12))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return np.arange(first, max(last, first + 1) + 1, dtype=np.float64) * step


def _bar_rows(bars: Sequence[Bar], n: int, scale: Scale, lang: Language) -> Iterator[list[Cell]]:
    percent = scale.unit == "%"
    factor = 100.0 if percent else 1.0
    finite = [end * factor for bar in bars for end in (bar.start, bar.end) if math.isfinite(end)]
    decimals = _decimals(finite)

    def shown(value: float) -> str:
        return f"{value * factor:,.{decimals}f}"

    for bar in bars:
        if math.isinf(bar.start):
            label = word("up to {end}", lang).format(end=shown(bar.end))
        elif math.isinf(bar.end):
            label = word("from {start}", lang).format(start=shown(bar.start))
        else:
            label = shown(bar.start) if bar.start == bar.end else f"{shown(bar.start)} – {shown(bar.end)}"
        ends = [Number(end, decimals, percent) for end in (bar.start, bar.end)]
        yield [label, *ends, Number(bar.count), Number(bar.count / n, 2, percent=True)]


def _decimals(values: Sequence[float]) -> int:
    """Return with how many decimals, at most, neighbours differ."""
    gaps = np.diff(np.unique(values))
    gap = float(gaps.min()) if len(gaps) else abs(values[0]) / 100.0 if values else 1.0
    return min(8, max(0, math.ceil(-math.log10(gap) - 1e-9))) if gap > 0.0 else 0


def month_by_month(page: Page, run: RunData, lang: Language) -> None:
    """Write metrics month by month, a table and a chart each."""
    sample = run.manifest["series"]["quantile_paths"]
    page.widths([Column("", 11)] * (2 + len(SERIES_LEVELS)))
    note = word("Mean of all paths, quantiles of the first {paths:,}.", lang).format(paths=sample)
    page.line(note)
    page.row += 1
    for metric in drawn(run, "fan"):
        scale = scale_in(metric["unit"], lang)
        fan = run.fans[metric["name"]]
        heads = [word("mean", lang), *(f"p{float(level) * 100:g}" for level in SERIES_LEVELS.values())]
        columns = [Column(word("month", lang), 11), *(Column(head, 11) for head in heads)]
        title = _named(_title(metric, run, lang), scale.unit, lang)
        place = page.table(title, columns, _month_rows(fan, run.manifest["window"], scale))
        lines = (1, *(2 + list(SERIES_LEVELS).index(name) for name in ("q05", "q50", "q95")))
        page.chart(
            (place.head, 10),
            (place.title, 0),
            [Series(column, place.first, place.last, place.head, kind="line") for column in lines],
            (word("month", lang), scale.unit),
        )
        page.row = max(page.row, place.title + CHART_LINES)


def _month_rows(fan: Fan, window: Metric, scale: Scale) -> Iterator[list[Cell]]:
    first = 12 * window["year"] + window["month"] - 1
    for place in range(len(fan.mean)):
        year, month = divmod(first + place, 12)
        values = [fan.mean[place], *(fan.quantiles[name][place] for name in SERIES_LEVELS)]
        yield [f"{year}-{month + 1:02d}", *(number(float(value), scale) for value in values)]


def layers_of(run: RunData) -> dict[str, list[tuple[Metric, Distribution]]]:
    """Return the layers of each instrument that has two or more, with their laws at the window's end."""
    found: dict[str, list[tuple[Metric, Distribution]]] = {}
    for metric in run.manifest["metrics"]:
        law = run.figures.metrics.get((metric["name"], "window"))
        if metric.get("picture") == "layer" and law is not None and law.mean.value > 0.0:
            found.setdefault(metric["instrument"], []).append((metric, law))

    def place(one: tuple[Metric, Distribution]) -> int:
        own_name = one[0]["own_name"]
        return (*LAYERS, own_name).index(own_name)

    return {name: sorted(ones, key=place) for name, ones in found.items() if len(ones) > 1}


def layers(page: Page, run: RunData, lang: Language) -> None:
    """Write how money grows from layer to layer, a table and a chart an instrument."""
    heads = (("layer", 34), ("mean", 14), ("±", 11), ("p5", 14), ("p95", 14), ("multiple of the first", 11))
    page.widths([Column("", width) for _, width in heads])
    page.line(word("Mean at the end of the window, and the 5 % and 95 % quantiles.", lang))
    page.row += 1
    money = MONEY[lang]
    resolved = run.manifest["scenario"]["resolved"]
    columns = [Column(text if text[0] in "±p" else word(text, lang), width) for text, width in heads]
    for ones in layers_of(run).values():
        group = instrument_of(ones[0][0], resolved, lang)
        first = ones[0][1].mean.value
        rows = [
            [
                label_of_figure(metric, resolved, lang),
                *_of_layer(law, money),
                Number(law.mean.value / first, 2),
            ]
            for metric, law in ones
        ]
        place = page.table(_named(group, money.unit, lang), columns, rows)
        page.chart(
            (place.head, 7),
            (place.title, 0),
            [Series(1, place.first, place.last, place.head, kind="bar")],
            (word("layer", lang), _named(word("mean", lang), money.unit, lang)),
            log_from=10.0 ** math.floor(math.log10(min(law.mean.value for _, law in ones) / money.divisor)),
        )
        page.row = max(page.row, place.title + CHART_LINES)


def _of_layer(law: Distribution, scale: Scale) -> Iterator[Cell]:
    yield number(law.mean.value, scale, law.mean.se)
    yield number(law.mean.se, scale, law.mean.se)
    for level in ("0.05", "0.95"):
        low, high = law.quantiles[level].ci95
        yield number(law.quantiles[level].value, scale, (high - low) / 4.0)
