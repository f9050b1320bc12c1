"""The headline table of a run: for terminals, pipes and notebooks."""

from __future__ import annotations

import html as markup
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from fundsim.report.folding import fold
from fundsim.report.grid import Grid, Line
from fundsim.report.texts import Language, word
from fundsim.report.titles import instrument_title, labelled, probability_of
from fundsim.report.units import Scale, money_scale, scale_of, with_unit
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Distribution, Estimate, Probability, Quantile
from fundsim.scheme import About
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["headline", "html"]

LEVELS = ("0.05", "0.5", "0.95", "0.99")
RUN_OFF: Horizon = "run_off"
WINDOW: Horizon = "window"
ROUNDING = 1e-9
MOST_ROWS = 60
"""From this number of headline metrics on, the table shows only the most informative ones."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; its first cell is the name."""

    group: str
    """Instrument that it belongs to, as a reader sees it; empty where there is only one."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    with_unit: bool
    """Whether the second column is the unit."""

    def groups(self) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
        """Yield the groups in order with the cells of their lines."""
        for group, rows in groupby(self.rows, key=lambda row: row.group):
            yield group, [row.cells for row in rows]


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline figures, drawn for whatever width there is."""

    sheets: tuple[Sheet, ...]
    closing: str
    plain: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw tables, or figures below each other where tables would cut numbers."""
        for sheet in self.sheets:
            yield _grid(sheet, self.plain)
        yield from map(Text, fold(self.closing, options.max_width))


def headline(results: RunData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the headline figures at the end of the run-off as rich tables with a closing line.

    Args:
        results: The run.
        lang: Language of names, headings and units.
        plain: Without lines and colours, for pipes.
    """
    sheets = tuple(sheet for sheet in _sheets(results, lang) if sheet.rows)
    return Headline(sheets, _closing(results, lang), plain)


def html(results: RunData, lang: Language = "en") -> str:
    """Return the headline figures as HTML tables; every text in them is escaped."""
    parts = [f"<p>{markup.escape(repr(results))}</p>"]
    for sheet in _sheets(results, lang):
        if sheet.rows:
            head = "".join(f"<th>{markup.escape(cell)}</th>" for cell in sheet.headings)
            body = "".join(_html_group(group, rows, len(sheet.headings)) for group, rows in sheet.groups())
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    parts.append(f"<p>{markup.escape(_closing(results, lang))}</p>")
    return "\n".join(parts)


def _html_group(group: str, rows: list[tuple[str, ...]], width: int) -> str:
    heading = f'<tr><th colspan="{width}">{markup.escape(group)}</th></tr>' if group else ""
    cells = ("".join(f"<td>{markup.escape(cell)}</td>" for cell in row) for row in rows)
    return heading + "".join(f"<tr>{row}</tr>" for row in cells)


def _grid(sheet: Sheet, plain: bool) -> Grid:
    """Return a table of a sheet: names and units are words, all other columns numbers."""
    words = 2 if sheet.with_unit else 1
    return Grid(
        sheet.headings,
        [Line(row.cells, row.group) for row in sheet.rows],
        numeric=frozenset(range(words, len(sheet.headings))),
        plain=plain,
        unit=1 if sheet.with_unit else None,
    )


def _sheets(results: RunData, lang: Language) -> tuple[Sheet, Sheet]:
    figures = tuple(_figure_rows(results, lang))
    events = tuple(_event_rows(results, lang))
    levels = tuple(f"p{float(level) * 100:g}" for level in LEVELS)
    return (
        Sheet((word("metric", lang), word("unit", lang), word("mean", lang), "±", *levels), figures, True),
        Sheet((word("event", lang), word("probability", lang), word("95 % interval", lang)), events, False),
    )


def _headlines(results: RunData) -> list[dict[str, Any]]:
    """Return the metrics marked as headlines, or all that were kept if none of those is among them."""
    known = {name for part in _figures(results) for name, _ in part}
    kept = [metric for metric in results.manifest["metrics"] if metric["name"] in known]
    return [metric for metric in kept if metric["headline"]] or kept


def _shown(results: RunData) -> list[dict[str, Any]]:
    """Return the metrics of the table: where there are many, those that a run draws, then those of events.

    If metrics were chosen, all of them that are headlines are shown.
    """
    found = _headlines(results)
    if len(found) <= MOST_ROWS or results.manifest["kept"] is not None:
        return found
    return [metric for metric in found if metric.get("picture") or metric.get("event")][:MOST_ROWS]


def _group(metric: dict[str, Any], results: RunData, lang: Language) -> str:
    """Return what a reader sees of the instrument of a metric, if the run has several."""
    resolved = results.manifest["scenario"]["resolved"].get("instruments", {})
    name = metric["instrument"]
    if len(resolved) < 2:
        return ""
    if name not in resolved:
        return word("all instruments", lang)
    title = instrument_title(results.manifest["scenario"]["resolved"], name, lang)
    return f"{title} ({name})" if title else name


def _figures(results: RunData) -> tuple[Any, Any, Any]:
    return results.figures.metrics, results.figures.aggregates, results.figures.probabilities


def _money(results: RunData, lang: Language) -> Scale:
    """Return the one unit of all amounts of the table."""
    sizes = []
    for metric in _shown(results):
        for horizon in _horizons(metric["name"], results) if metric["unit"] == "yuan" else ():
            law = results.figures.metrics.get((metric["name"], horizon))
            ratio = results.figures.aggregates.get((metric["name"], horizon))
            sizes += [_outer(law)] if law is not None else []
            sizes += [ratio.value] if ratio is not None else []
    return money_scale(sizes, lang)


def _outer(law: Distribution) -> float:
    """Return the largest magnitude that the table shows of a law."""
    shown = (law.mean.value, *(law.quantiles[level].value for level in LEVELS))
    return max(0.0, *(abs(value) for value in shown if not math.isnan(value)))


def _figure_rows(results: RunData, lang: Language) -> Iterator[Row]:
    money = _money(results, lang)
    for metric in _shown(results):
        scale = money if metric["unit"] == "yuan" else scale_of(metric["unit"], 0.0, lang)
        for horizon in _horizons(metric["name"], results):
            law = results.figures.metrics.get((metric["name"], horizon))
            ratio = results.figures.aggregates.get((metric["name"], horizon))
            label = _label(metric, horizon, results, lang)
            group = _group(metric, results, lang)
            if law is not None:
                yield Row(group, (label, *_law_cells(law, scale)))
            elif ratio is not None:
                yield Row(group, (label, *_ratio_cells(ratio, scale)))


def _event_rows(results: RunData, lang: Language) -> Iterator[Row]:
    for metric in _shown(results):
        for horizon in _horizons(metric["name"], results):
            event = results.figures.probabilities.get((metric["name"], horizon))
            if event is not None:
                cells = (_label(metric, horizon, results, lang), *_event_cells(event, lang))
                yield Row(_group(metric, results, lang), cells)


def _horizons(name: str, results: RunData) -> tuple[Horizon, ...]:
    """Return the run-off, or the window where only that was kept or nothing is left to show later."""
    found: list[Horizon] = [
        horizon for horizon in (RUN_OFF, WINDOW) if any((name, horizon) in part for part in _figures(results))
    ]
    laws = [results.figures.metrics.get((name, horizon)) for horizon in found]
    nothing = [law is not None and _is_nothing(law, results.figures.units[name]) for law in laws]
    return (WINDOW,) if nothing == [True, False] else tuple(found[:1])


def _is_nothing(law: Distribution, unit: str) -> bool:
    """Return whether a stock has run off on all paths except for rounding: no loan is out, none pending."""
    ends = (law.mean.value, law.quantiles["0.001"].value, law.quantiles["0.999"].value)
    return all(abs(end) < (HALF_A_FEN if unit == "yuan" else ROUNDING) for end in ends)


def _label(metric: dict[str, Any], horizon: Horizon, results: RunData, lang: Language) -> str:
    name = metric["name"] if horizon == "run_off" else f"{metric['name']}@{horizon}"
    # What comes after it is advice, which `list metrics` prints.
    meaning = metric["meaning_zh"].rstrip("。").partition("；")[0]
    if metric.get("event"):
        meaning = probability_of(meaning, "zh", whole=True)
    label = name if lang == "en" else f"{meaning} {name}"
    about = About(metric["instrument"], metric["part"])
    return labelled(results.manifest["scenario"]["resolved"], about, label, lang)


def _law_cells(law: Distribution, scale: Scale) -> tuple[str, ...]:
    # All quantiles of a row end at the same decimal: the one that the least certain of them allows.
    coarsest = max([law.mean.se, *(_error(law.quantiles[k]) for k in LEVELS)])
    quantiles = (scale.number(law.quantiles[k].value, coarsest) for k in LEVELS)
    return scale.unit, *_estimate_cells(law.mean, scale), *quantiles


def _error(quantile: Quantile) -> float:
    """Return about one standard error of a quantile, 0 where its interval has no end."""
    low, high = quantile.ci95
    return (high - low) / 4.0 if math.isfinite(high - low) else 0.0


def _ratio_cells(ratio: Estimate, scale: Scale) -> tuple[str, ...]:
    return scale.unit, *_estimate_cells(ratio, scale), *("" for _ in LEVELS)


def _estimate_cells(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    return scale.number(estimate.value, estimate.se), scale.error(estimate.value, estimate.se)


def _event_cells(event: Probability, lang: Language) -> tuple[str, str]:
    scale = Scale(0.01, "%")
    low, high = event.ci95
    error = (high - low) / 4.0
    interval = with_unit(f"{scale.number(low, error)} – {scale.number(high, error)}", "%", lang)
    return with_unit(scale.number(event.p, error), "%", lang), interval if event.n else "–"


def _closing(results: RunData, lang: Language) -> str:
    manifest = results.manifest
    form = "{paths:,} path, seed {seed}" if manifest["paths"] == 1 else "{paths:,} paths, seed {seed}"
    run = word(form, lang).format(paths=manifest["paths"], seed=manifest["seed"])
    stop = "." if lang == "en" else "。"
    note = word(
        "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error", lang
    )
    separator = "; " if lang == "en" else "；"
    hidden = len(_headlines(results)) - len(_shown(results))
    more = word("{count} more headline metrics: --metrics chooses, summary.json has all", lang)
    parts = [run, note, *([more.format(count=hidden)] if hidden else [])]
    return f"{separator.join(parts)}{stop}"
