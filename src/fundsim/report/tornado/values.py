"""How a tornado writes assumptions, their inputs, and the figures that they move."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.together import End
from fundsim.decide.tornado.swings import Effect, Outcome, Swing, TornadoData
from fundsim.decide.variation import Variation
from fundsim.report.keys import scale_of_key
from fundsim.report.measures import difference_text, error_of, measure_scale, measured_text, points_of
from fundsim.report.texts import Language, word
from fundsim.report.titles import first_clause, probability_of, titled
from fundsim.report.units import Scale, with_unit
from fundsim.scenario.numbers import NumberAt

__all__ = [
    "change_text",
    "figure_scale",
    "figure_text",
    "figure_title",
    "input_text",
    "listed",
    "meaning_of",
    "name_of",
    "named",
    "number_text",
]

NONE = "–"
SINGULAR = {"months": "month", "days": "day", "years": "year", "loans": "loan", "firms": "firm"}


def name_of(swing: Swing) -> str:
    """Return the key of an assumption as users write it, with ``*`` where several have it."""
    return swing.numbers[0].short if len(swing.numbers) == 1 else swing.assumption.name


def meaning_of(swing: Swing, lang: Language) -> str:
    """Return what an assumption means in few words, as a title; empty where its term says nothing."""
    number = swing.numbers[0]
    clause = first_clause(number.meaning if lang == "en" else number.meaning_zh)
    return re.split(": |：", clause)[0]


def named(swing: Swing, lang: Language) -> str:
    """Return the key of an assumption with its meaning."""
    name, meaning = name_of(swing), meaning_of(swing, lang)
    if not meaning:
        return name
    if lang == "zh":
        return f"{meaning} {name}"
    return f"{name} ({meaning[0].lower()}{meaning[1:]})"


def input_text(swing: Swing, end: End, lang: Language) -> str:
    """Return the input at an end with its unit; of members with different values, the range of these.

    Both ends are written in the same unit.
    """
    of_end = dict(swing.assumption.at(end))
    texts = []
    for numbers in _by_unit(swing.numbers):
        ends = [dict(swing.assumption.at(one))[n.key] for one in ("low", "high") for n in numbers]
        vary = Variation(numbers[0], min(ends), max(ends))
        scale = scale_of_key(vary, ends, lang)
        values = [of_end[number.key] for number in numbers]
        written = list(dict.fromkeys(_exact(value, scale) for value in (min(values), max(values))))
        unit = SINGULAR.get(scale.unit, scale.unit) if written == ["1"] else scale.unit
        texts.append(with_unit("–".join(written), unit, lang))
    return word("; ", lang).join(texts)


def _by_unit(numbers: Sequence[NumberAt]) -> Iterator[list[NumberAt]]:
    for unit in dict.fromkeys(number.unit for number in numbers):
        yield [number for number in numbers if number.unit == unit]


def _exact(value: float, scale: Scale) -> str:
    """Write an input as it was given: it has no error, so no digit is added or left out."""
    return f"{value / scale.divisor:,.10g}"


def figure_scale(data: TornadoData, at: int, lang: Language) -> Scale:
    """Return the one scale for all values of a figure."""
    known = [data.base[at].value, *_values(data, at)]
    return measure_scale(data.measures[at], [value for value in known if math.isfinite(value)], lang)


def _values(data: TornadoData, at: int) -> Iterator[float]:
    outcomes = [side.outcomes[at] for swing in data.swings for side in swing.sides]
    yield from (o.measured.value for o in outcomes if isinstance(o, Effect))


def number_text(outcome: Outcome, scale: Scale) -> str:
    """Return a figure without its error and unit; a dash where there is none."""
    if not isinstance(outcome, Effect):
        return NONE
    return scale.number(outcome.measured.value, error_of(outcome.measured))


def change_text(outcome: Outcome, scale: Scale, lang: Language) -> str:
    """Return a difference with its error, without its unit: 0 where no path can show any.

    Args:
        outcome: what a variant does to a figure.
        scale: how the figure's values are written.
        lang: language of words.
    """
    if not isinstance(outcome, Effect):
        return NONE
    change = outcome.difference
    if change.value == 0.0 and change.ci95 == (0.0, 0.0):
        return "0"
    return difference_text(change, points_of(scale, lang), lang)


def figure_text(measure: Measure, figure: Measured, scale: Scale, lang: Language) -> str:
    """Return a figure with its error and unit: ``0.06 % (0.02 – 0.13)``, ``41.9 ± 0.8 million yuan``."""
    text = measured_text(measure, figure, replace(scale, unit=""), lang)
    number, bracket, interval = text.partition(" (")
    if math.isnan(figure.value):
        return text
    return f"{with_unit(number, scale.unit, lang)}{bracket}{interval}"


def figure_title(data: TornadoData, at: int, lang: Language) -> str:
    """Return what a figure means, as a title with its instrument."""
    measure, metric = data.measures[at], data.described[at]
    meaning = metric.meaning if lang == "en" else metric.meaning_zh
    clause = probability_of(meaning, lang) if measure.figure == "probability" else first_clause(meaning)
    level = f"{Decimal(measure.level) * 100:f}".rstrip("0").rstrip(".") if measure.level else ""
    forms = {
        "quantile": "{meaning}, {level} % quantile",
        "shortfall": "{meaning}, mean beyond its {level} % quantile",
        "mean": "{meaning}, mean",
    }
    own = "mean" if clause.casefold().startswith(("mean ", "average ")) else ""
    if measure.figure in forms and measure.figure != own:
        clause = word(forms[measure.figure], lang).format(meaning=clause, level=level)
    return titled(data.scenario.resolved(), metric.about, clause, lang)


def listed(names: Iterable[str], lang: Language) -> str:
    """Return names as a list."""
    return (", " if lang == "en" else "、").join(names)
