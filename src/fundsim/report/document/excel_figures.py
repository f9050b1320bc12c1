"""Figures as cells: each with its unit, its error, and its quantiles with their intervals."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.document.excel_book import Cell, Column, Number
from fundsim.report.document.excel_topics import Figure
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import part_title, party_title, probability_of, year_name
from fundsim.report.units import Scale, scale_of
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Distribution, Estimate, Probability, Quantile
from fundsim.scheme import About
from fundsim.scheme.surroundings import BUDGET

__all__ = [
    "FIRST_LEVEL",
    "LEVELS",
    "MEAN",
    "MONEY",
    "PERIOD",
    "decimals_of",
    "figure_cells",
    "figure_columns",
    "instrument_of",
    "label_of_figure",
    "level_name",
    "number",
    "period_of",
    "scale_in",
    "year_cell",
]

MONEY: dict[Language, Scale] = {"en": Scale(1e6, "million yuan"), "zh": Scale(1e4, "万元")}
"""The one unit of all amounts of a workbook, so that cells can be added."""
LEVELS = ("0.05", "0.5", "0.95", "0.99")
PERIOD, MEAN, FIRST_LEVEL = 2, 4, 8
"""Columns of the period, of the mean, and of the first quantile; each has two ends beside it."""
_PARTS_PER_CENT = ("share", "yes/no")


def scale_in(unit: str, lang: Language) -> Scale:
    """Return how figures of a unit are written in every sheet."""
    return MONEY[lang] if unit == "yuan" else scale_of(unit, 0.0, lang)


def number(value: float | None, scale: Scale, error: float = math.nan) -> Cell:
    """Return a figure as a number in its unit; a share stays a share and is shown in per cent.

    All digits are in the cell.  It shows those that the error leaves.

    >>> number(123_456_789.0, MONEY["zh"], 34_567.0)
    Number(value=12345.6789, decimals=0, percent=False, plain=False)
    """
    if value is None or not math.isfinite(value):
        return None
    finite = error if math.isfinite(error) else math.nan
    decimals = decimals_of(scale.number(value, finite))
    percent = scale.unit == "%"
    return Number(float(value) if percent else float(value) / scale.divisor, decimals, percent)


def decimals_of(written: str) -> int:
    """Return the number of decimals of a number that is written out.

    >>> decimals_of("1,234.50"), decimals_of("1,234")
    (2, 0)
    """
    return max(0, written[::-1].find("."))


def level_name(level: str) -> str:
    """Return the name of a quantile.

    >>> level_name("0.05")
    'p5'
    """
    return f"p{float(level) * 100:g}"


def figure_columns(lang: Language) -> list[Column]:
    """Return the columns of a table of figures."""
    start = [
        Column(word("instrument", lang), 20),
        Column(word("metric", lang), 34),
        Column(word("period", lang), 11),
        Column(word("unit", lang), 9),
        Column(word("mean or probability", lang), 13),
        Column("±", 10),
        Column(word("95 % from", lang), 10),
        Column(word("95 % to", lang), 10),
    ]
    for level in LEVELS:
        name = level_name(level)
        start.append(Column(name, 12))
        start += [Column(word(text, lang).format(level=name), 11) for text in ("{level} from", "{level} to")]
    return [*start, Column(word("paths without a value", lang), 10), Column(word("name", lang), 34)]


def figure_cells(run: RunData, figure: Figure, lang: Language) -> list[Cell]:
    """Return the line of a figure."""
    resolved = run.manifest["scenario"]["resolved"]
    scale = scale_in(figure.metric["unit"], lang)
    group = instrument_of(figure.metric, resolved, lang)
    label, period = label_of_figure(figure.metric, resolved, lang), period_of(run, figure, lang)
    unit = "%" if scale.unit == "%" else scale.unit
    return [group, label, period, unit, *_numbers(run, figure, scale), figure.key]


def instrument_of(metric: Mapping[str, Any], resolved: Mapping[str, Any], lang: Language) -> str:
    """Return what a reader calls the instrument of a metric."""
    name = str(metric["instrument"])
    if name != BUDGET and name not in resolved.get("instruments", {}):
        return word("all instruments", lang)
    return party_title(resolved, name, lang)


def label_of_figure(metric: Mapping[str, Any], resolved: Mapping[str, Any], lang: Language) -> str:
    """Return what a reader calls a metric: the title of its part, and its meaning."""
    meaning = metric["meaning" if lang == "en" else "meaning_zh"]
    # Behind a semicolon stands advice.  What stands in brackets distinguishes figures of one name.
    clause = re.split("[;；]", meaning.rstrip(".。"))[0]
    text = probability_of(meaning, lang) if metric.get("event") else f"{clause[:1].upper()}{clause[1:]}"
    part = part_title(resolved, About(metric["instrument"], metric["part"]), lang)
    colon = ": " if lang == "en" else "："
    return f"{part}{colon}{text}" if part else text


def period_of(run: RunData, figure: Figure, lang: Language) -> Cell:
    """Return the date or the year of a figure."""
    if figure.year is None:
        return word(HORIZON_WORDS[figure.horizon], lang)
    return year_cell(run.manifest["window"], figure.year)


def year_cell(window: Mapping[str, Any], year: int) -> Cell:
    """Return a year: a number where it begins in January, both of its years in words otherwise."""
    name = year_name(window, year)
    return Number(year, plain=True) if name == str(year) else name


def _numbers(run: RunData, figure: Figure, scale: Scale) -> Iterator[Cell]:
    key = (figure.name, figure.horizon)
    law = run.figures.metrics.get(key)
    event = run.figures.probabilities.get(key)
    if law is not None:
        yield from _law(law, scale)
    elif event is not None:
        yield from _event(event, scale)
    else:
        yield from _estimate(run.figures.aggregates[key], scale)
        yield from [None] * (3 + 3 * len(LEVELS))


def _estimate(one: Estimate, scale: Scale) -> Iterator[Cell]:
    yield number(one.value, scale, one.se)
    yield _error(one.value, one.se, scale)


def _error(value: float, error: float, scale: Scale) -> Cell:
    """Return an error, shown with the decimals of its figure."""
    figure, own = number(value, scale, error), number(error, scale, error)
    if not isinstance(own, Number):
        return None
    return Number(own.value, figure.decimals if isinstance(figure, Number) else own.decimals, own.percent)


def _law(law: Distribution, scale: Scale) -> Iterator[Cell]:
    yield from _estimate(law.mean, scale)
    yield from (None, None)
    for level in LEVELS:
        yield from _quantile(law.quantiles[level], scale)
    yield _missing(law.missing)


def _quantile(one: Quantile, scale: Scale) -> Iterator[Cell]:
    low, high = one.ci95
    error = (high - low) / 4.0
    yield from (number(value, scale, error) for value in (one.value, low, high))


def _event(event: Probability, scale: Scale) -> Iterator[Cell]:
    low, high = event.ci95
    error = (high - low) / 4.0
    yield number(event.p, scale, error)
    yield None
    yield from (number(end, scale, error) for end in (low, high))
    yield from [None] * (3 * len(LEVELS))
    yield _missing(event.missing)


def _missing(share: float) -> Cell:
    return number(share, Scale(0.01, "%")) if share else None
