"""The table of performance targets (绩效目标表): planned, expected, and the probability of meeting each."""

from __future__ import annotations

import math
from collections.abc import Iterable

from fundsim.report.sheets import Row, Sheet, event_cells
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of, with_unit
from fundsim.results.lookup import without_year
from fundsim.results.run_data import RunData
from fundsim.results.targets import Met
from fundsim.scenario.target_terms import HEADINGS

__all__ = ["target_notes", "targets_sheet"]


def targets_sheet(run: RunData, lang: Language) -> Sheet:
    """Return the targets under their headings, of which those without a target are left blank."""
    found = run.figures.targets
    heads = ("target", "planned", "expected", "±", "met", "95 % interval")
    rows = list(_rows(run, found, lang)) if found else []
    words = tuple(text if text == "±" else word(text, lang) for text in heads)
    return Sheet(words, tuple(rows), with_unit=False)


def target_notes(found: Iterable[Met], lang: Language) -> list[str]:
    """Return which targets at the window's end leave out what is paid later, and from which lines."""
    comma, stop = (", ", ".") if lang == "en" else ("、", "。")
    form = word("{metric}@window leaves out payments after the window ({names}); @run_off has them", lang)
    texts = (form.format(metric=one.metric, names=comma.join(one.left_out)) for one in found if one.left_out)
    return [f"{text}{stop}" for text in dict.fromkeys(texts)]


def _rows(run: RunData, found: tuple[Met, ...], lang: Language) -> Iterable[Row]:
    for heading in HEADINGS:
        under = [one for one in found if one.name and one.heading == heading]
        name = word(heading, lang)
        for one in under:
            yield Row(name, _cells(run, one, lang))
        if not under:
            yield Row(name, ("–", *[""] * 5))
    for one in found:
        if not one.name:
            yield Row("", (word("all targets together", lang), "", "", "", *event_cells(one.p, lang)))


def _cells(run: RunData, one: Met, lang: Language) -> tuple[str, ...]:
    terms = run.manifest["scenario"]["resolved"]["targets"][one.name]
    title = terms.get("title_zh" if lang == "zh" else "title") or terms.get("title") or one.name
    scale = _scale(one, lang)
    sign = "≥" if one.at_least else "≤"
    at = "" if one.horizon == "run_off" or without_year(one.metric) != one.metric else f"@{one.horizon}"
    missing = math.isnan(one.expected.value)
    return (
        f"{title}\n{one.metric}{at}",
        with_unit(f"{sign} {_planned(one.bound, scale)}", scale.unit, lang),
        "–" if missing else with_unit(scale.number(one.expected.value, one.expected.se), scale.unit, lang),
        "" if missing else scale.error(one.expected.value, one.expected.se),
        *event_cells(one.p, lang),
    )


def _planned(bound: float, scale: Scale) -> str:
    """Return a bound as a plan writes it: a whole number without decimals."""
    shown = bound / scale.divisor
    return f"{shown:,.0f}" if abs(shown) >= 1.0 and shown == round(shown) else scale.number(bound)


def _scale(one: Met, lang: Language) -> Scale:
    if one.unit == "yuan":
        return money_scale([one.bound, one.expected.value], lang)
    return scale_of(one.unit, one.bound, lang)
