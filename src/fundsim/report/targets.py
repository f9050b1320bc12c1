"""The table of performance targets (绩效目标表): planned, expected, and the probability of meeting each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from fundsim.report.sheets import Row, Sheet, event_cells
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved
from fundsim.report.units import Scale, money_scale, scale_of, with_unit
from fundsim.results.lookup import without_year
from fundsim.results.run_data import RunData
from fundsim.results.targets import Met
from fundsim.scenario.target_terms import HEADINGS

__all__ = ["bound_text", "target_key", "target_notes", "target_scale", "target_title", "targets_sheet"]


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
    scale = target_scale([one], lang)
    missing = math.isnan(one.expected.value)
    return (
        f"{target_title(one, run.manifest['scenario']['resolved'], lang)}\n{target_key(one)}",
        with_unit(bound_text(one, scale), scale.unit, lang),
        "–" if missing else with_unit(scale.number(one.expected.value, one.expected.se), scale.unit, lang),
        "" if missing else scale.error(one.expected.value, one.expected.se),
        *event_cells(one.p, lang),
    )


def target_title(one: Met, resolved: Resolved, lang: Language) -> str:
    """Return what a scenario calls a target, its name where it has no title."""
    terms = resolved["targets"][one.name]
    return str(terms.get("title_zh" if lang == "zh" else "title") or terms.get("title") or one.name)


def target_key(one: Met) -> str:
    """Return the metric of a target with its date, as a scenario writes it."""
    at_end = one.horizon == "run_off" or without_year(one.metric) != one.metric
    return one.metric if at_end else f"{one.metric}@{one.horizon}"


def bound_text(one: Met, scale: Scale) -> str:
    """Return a bound as a plan writes it: a whole number without decimals."""
    shown = one.bound / scale.divisor
    whole = abs(shown) >= 1.0 and shown == round(shown)
    return f"{'≥' if one.at_least else '≤'} {f'{shown:,.0f}' if whole else scale.number(one.bound)}"


def target_scale(found: Sequence[Met], lang: Language) -> Scale:
    """Return the one unit of the bounds of a target, and of what is expected."""
    if found[0].unit == "yuan":
        return money_scale([size for one in found for size in (one.bound, one.expected.value)], lang)
    return scale_of(found[0].unit, found[0].bound, lang)
