"""The headline table of a run: for terminals, pipes and notebooks."""

from __future__ import annotations

import html as markup
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from fundsim.report.units import Scale, scale_of
from fundsim.report.words import Language, word
from fundsim.results.model import Results
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Distribution, Estimate, Probability, Quantile

__all__ = ["headline", "html"]

LEVELS = ("0.05", "0.5", "0.95", "0.99")
RUN_OFF: Horizon = "run_off"
WINDOW: Horizon = "window"
HALF_A_FEN = 0.005
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: headings and rows of cells; the first two columns are words."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def headline(results: Results, lang: Language, *, plain: bool = False) -> Group:
    """Return the headline figures at the end of the run-off as rich tables with a closing line.

    Args:
        results: The run.
        lang: Language of names, headings and units.
        plain: Without lines and colours, for pipes.
    """
    sheets = [sheet for sheet in _sheets(results, lang) if sheet.rows]
    return Group(*[_drawn(sheet, plain) for sheet in sheets], Text(_closing(results, lang)))


def html(results: Results, lang: Language = "en") -> str:
    """Return the headline figures as HTML tables; every text in them is escaped."""
    parts = [f"<p>{markup.escape(repr(results))}</p>"]
    for sheet in _sheets(results, lang):
        if sheet.rows:
            head = "".join(f"<th>{markup.escape(cell)}</th>" for cell in sheet.headings)
            body = "".join(f"<tr>{_html_cells(row)}</tr>" for row in sheet.rows)
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    parts.append(f"<p>{markup.escape(_closing(results, lang))}</p>")
    return "\n".join(parts)


def _html_cells(row: tuple[str, ...]) -> str:
    return "".join(f"<td>{markup.escape(cell)}</td>" for cell in row)


def _drawn(sheet: Sheet, plain: bool) -> Table:
    table = Table(
        box=None if plain else SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=not plain,
        header_style="" if plain else "bold",
    )
    for position, heading in enumerate(sheet.headings):
        table.add_column(
            heading, justify="left" if position < 2 else "right", no_wrap=position > 0, overflow="fold"
        )
    for row in sheet.rows:
        table.add_row(*row)
    return table


def _sheets(results: Results, lang: Language) -> tuple[Sheet, Sheet]:
    figures = tuple(_figure_rows(results, lang))
    events = tuple(_event_rows(results, lang))
    levels = tuple(f"p{float(level) * 100:g}" for level in LEVELS)
    return (
        Sheet((word("metric", lang), word("unit", lang), word("mean", lang), "±", *levels), figures),
        Sheet((word("event", lang), "", word("probability", lang), word("95 % interval", lang)), events),
    )


def _shown(results: Results) -> list[dict[str, Any]]:
    """Return the metrics marked as headlines, or all that were kept if none of those is among them."""
    described = results.manifest["metrics"]
    known = {name for part in _figures(results) for name, _ in part}
    kept = [metric for metric in described if metric["name"] in known]
    return [metric for metric in kept if metric["headline"]] or kept


def _figures(results: Results) -> tuple[Any, Any, Any]:
    return results.figures.metrics, results.figures.aggregates, results.figures.probabilities


def _figure_rows(results: Results, lang: Language) -> Iterator[tuple[str, ...]]:
    for metric in _shown(results):
        for horizon in _horizons(metric["name"], results):
            law = results.figures.metrics.get((metric["name"], horizon))
            ratio = results.figures.aggregates.get((metric["name"], horizon))
            label = _label(metric, horizon, lang)
            if law is not None:
                yield label, *_law_cells(law, metric["unit"], lang)
            elif ratio is not None:
                yield label, *_ratio_cells(ratio, metric["unit"], lang)


def _event_rows(results: Results, lang: Language) -> Iterator[tuple[str, ...]]:
    for metric in _shown(results):
        for horizon in _horizons(metric["name"], results):
            event = results.figures.probabilities.get((metric["name"], horizon))
            if event is not None:
                yield _label(metric, horizon, lang), "", *_event_cells(event)


def _horizons(name: str, results: Results) -> tuple[Horizon, ...]:
    """Return the run-off, or the window where only that was kept or nothing is left to show later."""
    found: list[Horizon] = [
        horizon for horizon in (RUN_OFF, WINDOW) if any((name, horizon) in part for part in _figures(results))
    ]
    laws = [results.figures.metrics.get((name, horizon)) for horizon in found]
    nothing = [law is not None and _is_nothing(law, results.figures.units[name]) for law in laws]
    return (WINDOW,) if nothing == [True, False] else tuple(found[:1])


def _is_nothing(law: Distribution, unit: str) -> bool:
    """Tell whether a stock has run off on all paths but for rounding: no loan is out, none pending."""
    ends = (law.mean.value, law.quantiles["0.001"].value, law.quantiles["0.999"].value)
    return all(abs(end) < (HALF_A_FEN if unit == "yuan" else ROUNDING) for end in ends)


def _label(metric: dict[str, Any], horizon: Horizon, lang: Language) -> str:
    name = metric["name"] if horizon == "run_off" else f"{metric['name']}@{horizon}"
    return name if lang == "en" else f"{metric['meaning_zh'].rstrip('。')} {name}"


def _law_cells(law: Distribution, unit: str, lang: Language) -> tuple[str, ...]:
    outer = max(abs(law.mean.value), *(abs(law.quantiles[level].value) for level in LEVELS))
    scale = scale_of(unit, 0.0 if math.isnan(outer) else outer, lang)
    # All quantiles of a row end at the same decimal: the one that the least certain of them allows.
    coarsest = max([law.mean.se, *(_error(law.quantiles[k]) for k in LEVELS)])
    quantiles = (scale.number(law.quantiles[k].value, coarsest) for k in LEVELS)
    return scale.unit, *_estimate_cells(law.mean, scale), *quantiles


def _error(quantile: Quantile) -> float:
    """Return about one standard error of a quantile, 0 where its interval has no end."""
    low, high = quantile.ci95
    return (high - low) / 4.0 if math.isfinite(high - low) else 0.0


def _ratio_cells(ratio: Estimate, unit: str, lang: Language) -> tuple[str, ...]:
    scale = scale_of(unit, 0.0 if math.isnan(ratio.value) else ratio.value, lang)
    return scale.unit, *_estimate_cells(ratio, scale), *("" for _ in LEVELS)


def _estimate_cells(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    return scale.number(estimate.value, estimate.se), scale.error(estimate.value, estimate.se)


def _event_cells(event: Probability) -> tuple[str, str]:
    scale = Scale(0.01, "%")
    low, high = event.ci95
    error = (high - low) / 4.0
    told = f"{scale.number(low, error)} – {scale.number(high, error)} %"
    return f"{scale.number(event.p, error)} %", told if event.n else "–"


def _closing(results: Results, lang: Language) -> str:
    manifest = results.manifest
    told = "{paths:,} path, seed {seed}" if manifest["paths"] == 1 else "{paths:,} paths, seed {seed}"
    run = word(told, lang).format(paths=manifest["paths"], seed=manifest["seed"])
    stop = "." if lang == "en" else "。"
    note = word(
        "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error", lang
    )
    return f"{run}{'; ' if lang == 'en' else '；'}{note}{stop}"
