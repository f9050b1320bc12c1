"""The headline table of a run: for terminals, pipes and notebooks."""

from __future__ import annotations

import html as markup
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from fundsim.report.answers import answers
from fundsim.report.binding import binding_sheet, idle_keys
from fundsim.report.budget_table import budget_notes, budget_sheet
from fundsim.report.dependence import dependence_sheet, pairs_left_out
from fundsim.report.doubt_sheet import doubt_note, doubt_sheet
from fundsim.report.folding import fold
from fundsim.report.grid import GLUE
from fundsim.report.sheets import (
    Row,
    Sheet,
    estimate_cells,
    event_cells,
    grid_of,
    group_of,
    html_of,
    label_of,
)
from fundsim.report.targets import target_notes, targets_sheet
from fundsim.report.texts import Language, word
from fundsim.report.titles import UNDOCUMENTED, Resolved
from fundsim.report.units import Scale, money_scale, scale_of
from fundsim.results.headlines import FISCAL_COST, headlines, shown_metrics, shown_years, table_figures
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Distribution, Estimate, Quantile

__all__ = ["LEVELS", "headline", "html", "label_of_figure", "parts_of", "table_money"]

LEVELS = ("0.05", "0.5", "0.95", "0.99")


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline figures, drawn for whatever width there is."""

    sheets: tuple[Sheet, ...]
    closing: str
    plain: bool
    opening: str = ""
    """What the figures say in words, before the tables."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw tables, or figures below each other where tables would cut numbers."""
        if self.opening:
            yield from map(Text, [*_unbroken(self.opening, options.max_width), ""])
        for sheet in self.sheets:
            yield grid_of(sheet, self.plain)
        yield from map(Text, fold(self.closing, options.max_width))


def _unbroken(text: str, width: int) -> list[str]:
    """Return lines of a text in which a figure stands on one line with its error and its unit."""
    glued = re.sub(r"(?<=\d) (?=[%±–])|(?<=[±–]) (?=\d)", GLUE, text)
    return [line.replace(GLUE, " ") for line in fold(glued, width)]


def headline(results: RunData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the headline figures at the end of the run-off as rich tables with a closing line.

    Args:
        results: The run.
        lang: Language of names, headings and units.
        plain: Without lines and colours, for pipes.
    """
    sheets = tuple(sheet for sheet in _sheets(results, lang) if sheet.rows)
    return Headline(sheets, "\n".join(_notes(results, lang)), plain, "\n".join(answers(results, lang)))


def parts_of(results: RunData, lang: Language) -> tuple[tuple[Sheet, ...], list[str]]:
    """Return the tables of a run that have rows, the headline figures first, and the notes below them."""
    return tuple(sheet for sheet in _sheets(results, lang) if sheet.rows), _notes(results, lang)


def html(results: RunData, lang: Language = "en") -> str:
    """Return the headline figures as HTML tables; every text in them is escaped."""
    parts = [f"<p>{markup.escape(repr(results))}</p>"]
    parts += [f"<p>{markup.escape(line)}</p>" for line in answers(results, lang)]
    parts += [html_of(sheet) for sheet in _sheets(results, lang) if sheet.rows]
    parts += [f"<p>{markup.escape(note)}</p>" for note in _notes(results, lang)]
    return "\n".join(parts)


def _sheets(results: RunData, lang: Language) -> tuple[Sheet, ...]:
    figures = tuple(_figure_rows(results, lang))
    events = tuple(_event_rows(results, lang))
    levels = tuple(f"p{float(level) * 100:g}" for level in LEVELS)
    return (
        Sheet((word("metric", lang), word("unit", lang), word("mean", lang), "±", *levels), figures, True),
        Sheet((word("event", lang), word("probability", lang), word("95 % interval", lang)), events, False),
        doubt_sheet(results, lang),
        binding_sheet(results, lang),
        dependence_sheet(results, lang),
        budget_sheet(results, lang),
        targets_sheet(results, lang),
    )


def table_money(results: RunData, lang: Language) -> Scale:
    """Return the one unit of all amounts of the table."""
    sizes = []
    for metric, name, horizon in table_figures(results):
        if metric["unit"] != "yuan" or name != metric["name"]:
            continue  # a year is a part of the whole, which decides on the unit
        law = results.figures.metrics.get((name, horizon))
        ratio = results.figures.aggregates.get((name, horizon))
        sizes += [_outer(law)] if law is not None else []
        sizes += [ratio.value] if ratio is not None else []
    return money_scale(sizes, lang)


def _outer(law: Distribution) -> float:
    """Return the largest magnitude that the table shows of a law."""
    shown = (law.mean.value, *(law.quantiles[level].value for level in LEVELS))
    return max(0.0, *(abs(value) for value in shown if not math.isnan(value)))


def _figure_rows(results: RunData, lang: Language) -> Iterator[Row]:
    money, resolved = table_money(results, lang), results.manifest["scenario"]["resolved"]
    for metric, name, horizon in table_figures(results):
        scale = money if metric["unit"] == "yuan" else scale_of(metric["unit"], 0.0, lang)
        law = results.figures.metrics.get((name, horizon))
        ratio = results.figures.aggregates.get((name, horizon))
        label, group = (
            label_of_figure(metric, name, horizon, resolved, lang),
            group_of(metric, resolved, lang),
        )
        if law is not None:
            yield Row(group, (label, *_law_cells(law, scale)))
        elif ratio is not None:
            yield Row(group, (label, *_ratio_cells(ratio, scale)))


def _event_rows(results: RunData, lang: Language) -> Iterator[Row]:
    resolved = results.manifest["scenario"]["resolved"]
    for metric, name, horizon in table_figures(results):
        event = results.figures.probabilities.get((name, horizon))
        if event is not None:
            cells = (label_of_figure(metric, name, horizon, resolved, lang), *event_cells(event, lang))
            yield Row(group_of(metric, resolved, lang), cells)


def label_of_figure(
    metric: Mapping[str, Any], name: str, horizon: Horizon, resolved: Resolved, lang: Language
) -> str:
    """Return what the table's first column says of a figure; one of a year has its date in its name."""
    return label_of(metric, name, horizon if name == metric["name"] else "run_off", resolved, lang)


def _law_cells(law: Distribution, scale: Scale) -> tuple[str, ...]:
    # All quantiles of a row end at the same decimal: the one that the least certain of them allows.
    coarsest = max([law.mean.se, *(_error(law.quantiles[k]) for k in LEVELS)])
    quantiles = (scale.number(law.quantiles[k].value, coarsest) for k in LEVELS)
    return scale.unit, *estimate_cells(law.mean, scale), *quantiles


def _error(quantile: Quantile) -> float:
    """Return about one standard error of a quantile, 0 where its interval has no end."""
    low, high = quantile.ci95
    return (high - low) / 4.0 if math.isfinite(high - low) else 0.0


def _ratio_cells(ratio: Estimate, scale: Scale) -> tuple[str, ...]:
    return scale.unit, *estimate_cells(ratio, scale), *("" for _ in LEVELS)


def _notes(results: RunData, lang: Language) -> list[str]:
    """Return which keys changed nothing, and what the table's figures are."""
    stop = "." if lang == "en" else "。"
    idle = [f"{text[0].upper()}{text[1:]}{stop}" for text in idle_keys(results, lang)]
    return [
        *idle,
        *budget_notes(results, lang),
        *target_notes(results.figures.targets, lang),
        *_undocumented(results, lang),
        _closing(results, lang),
        doubt_note(results, lang),
    ]


def _undocumented(results: RunData, lang: Language) -> list[str]:
    """Return what the mark of instruments means whose money the plan does not give, if there are any."""
    resolved = results.manifest["scenario"]["resolved"]
    marked = (
        terms for terms in resolved.get("instruments", {}).values() if not terms.get("in_document", True)
    )
    text = "{mark} not in the document: the plan gives no amount, so read figures per yuan of its money"
    return [
        word(text, lang).format(mark=UNDOCUMENTED) + ("." if lang == "en" else "。") for _ in [*marked][:1]
    ]


def _closing(results: RunData, lang: Language) -> str:
    manifest = results.manifest
    form = "{paths:,} path, seed {seed}" if manifest["paths"] == 1 else "{paths:,} paths, seed {seed}"
    run = word(form, lang).format(paths=manifest["paths"], seed=manifest["seed"])
    stop = "." if lang == "en" else "。"
    note = word(
        "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error", lang
    )
    separator = "; " if lang == "en" else "；"
    hidden = len(headlines(results)) - len(shown_metrics(results))
    more = word("{count} more headline metrics: --metrics chooses, summary.json has all", lang)
    parts = [run, note, *([more.format(count=hidden)] if hidden else []), *_years_left_out(results, lang)]
    parts += pairs_left_out(results, lang)
    return f"{separator.join(parts)}{stop}"


def _years_left_out(results: RunData, lang: Language) -> list[str]:
    """Return how many years of the fiscal cost the table leaves out, if it does and has the cost at all."""
    left = shown_years(results)[1]
    text = "of the yearly fiscal costs the table has the highest p99; summary.json has {count} more years"
    has_cost = any(name == FISCAL_COST for _, name, _ in table_figures(results))
    return [word(text, lang).format(count=left)] if left and has_cost else []
