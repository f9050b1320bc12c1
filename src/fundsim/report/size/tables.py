"""The table of a size: the answer in its readings, what stands beside it, and what is to be said of it."""

from __future__ import annotations

import html as markup
import math
from collections.abc import Iterator
from dataclasses import replace

from fundsim.decide.size.judged import Judged
from fundsim.decide.size.search import Found
from fundsim.decide.size.sizing import Extreme, LendingAt, Reading, SizeData
from fundsim.decide.size.target import Target
from fundsim.report.keys import close, key_number
from fundsim.report.sheets import Row, Sheet, html_of
from fundsim.report.size.notes import notes, reading_word
from fundsim.report.size.values import figure_label, key_scale, shown_key, shown_value, target_text
from fundsim.report.table import Headline
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of, with_unit
from fundsim.results.statistics import Estimate

__all__ = ["answer_text", "figure_text", "html", "question_lines", "sized"]

NONE = "–"


def sized(data: SizeData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the tables of a size with the notes below them.

    Args:
        data: the size.
        lang: language of names, headings and units.
        plain: without lines and colours, for pipes.
    """
    return Headline(_sheets(data, lang), "\n".join(notes(data, lang)), plain)


def question_lines(data: SizeData, lang: Language) -> list[str]:
    """Return what was asked: the key with its present value and range, and the targets."""
    question = data.question
    number = question.vary.number
    first = word("{key} is {value} now; looked for from {low} to {high}", lang).format(
        key=shown_key(data, lang),
        value=shown_value(data, number.value, lang),
        low=shown_value(data, question.vary.low, lang),
        high=shown_value(data, question.vary.high, lang),
    )
    targets = word(" and ", lang).join(target_text(t, lang) for t in question.targets)
    lines = [first, word("target: {targets}", lang).format(targets=targets)]
    return [close(line, lang) for line in lines]


def html(data: SizeData, lang: Language = "en") -> str:
    """Return question, tables and notes as HTML; every text in them is escaped."""
    parts = [f"<p>{markup.escape(line)}</p>" for line in question_lines(data, lang)]
    parts += [html_of(sheet) for sheet in _sheets(data, lang)]
    return "\n".join([*parts, *(f"<p>{markup.escape(note)}</p>" for note in notes(data, lang, python=True))])


def _sheets(data: SizeData, lang: Language) -> tuple[Sheet, Sheet]:
    return _answers(data, lang), _scan(data, lang)


def _answers(data: SizeData, lang: Language) -> Sheet:
    heads = (word("answer", lang), *(reading_word(one, lang) for one in data.readings))
    rows = [Row("", (name, *cells)) for name, cells in _lines(data, lang)]
    return Sheet(heads, tuple(rows), with_unit=False)


def _lines(data: SizeData, lang: Language) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each line, and a cell for each reading."""
    question, readings = data.question, data.readings
    scale = key_scale(data, lang)
    which = "largest {key}" if question.largest else "smallest {key}"
    name = word(which, lang).format(key=question.vary.number.short)
    yield name, [_answer(one.found, data, scale, lang) for one in readings]
    if any(one.found.outcome in ("found", "unresolved") for one in readings):
        yield (
            word("95 % interval, Monte Carlo error only", lang),
            [_interval(one.found, data, scale, lang) for one in readings],
        )
    for at, target in enumerate(question.targets):
        yield (
            word("{figure} there", lang).format(figure=figure_label(target, question.targets, lang)),
            [figure_text(target, one.found.verdict.figures[at], lang) for one in readings],
        )
        yield (
            word("on fresh paths, seed {seed}", lang).format(seed=question.other_seed),
            [figure_text(target, one.fresh.figures[at], lang) for one in readings],
        )
    yield from _beside(data, lang)


def _beside(data: SizeData, lang: Language) -> Iterator[tuple[str, list[str]]]:
    readings = data.readings
    for worse, english in (
        (False, "all assumptions at their better ends"),
        (True, "all assumptions at their worse ends"),
    ):
        ends = [next((e for e in one.extremes if e.worse == worse), None) for one in readings]
        if any(end is not None for end in ends):
            yield word(english, lang), [_extreme(end, data, lang) for end in ends]
    lending = [one.lending for one in readings if one.lending is not None]
    if not lending:
        return
    money = money_scale([one.lent.value for one in lending], lang)
    yield word("lent", lang), [_lent(one.lending, money, lang) for one in readings]
    if data.lending_now is not None:
        yield (
            word("lent at the present value", lang),
            [_lent(data.lending_now, money, lang) for _ in readings],
        )
    yield (
        word("months in which a lending limit cut lending", lang),
        [_share(one, "cut_months", lang) for one in readings],
    )
    yield (
        word("refused by lending limits, of what was asked for", lang),
        [_share(one, "refused_share", lang) for one in readings],
    )
    if any(one.marginal is not None for one in readings):
        yield word("fiscal cost of one more yuan lent", lang), [_marginal(one, lang) for one in readings]
    yield word("paths for each value", lang), [f"{one.found.paths:,}" for one in readings]


def answer_text(found: Found, data: SizeData, lang: Language) -> str:
    """Return an answer with its interval, in one line."""
    scale = key_scale(data, lang)
    text = _answer(found, data, scale, lang)
    if found.outcome != "found":
        return text
    return f"{text} ({_interval(found, data, replace(scale, unit=''), lang)})"


def _answer(found: Found, data: SizeData, scale: Scale, lang: Language) -> str:
    value = _value(found, data, scale, lang)
    if found.outcome == "every":
        return word("every value does; the edge is {edge}", lang).format(edge=value)
    if found.outcome == "none" and found.verdict.empty:
        return word("no path has a value", lang)
    if found.outcome == "none":
        return word("no value does; nearest at {best}", lang).format(best=value)
    if found.outcome == "edge":
        return word("{edge}, the edge of the range", lang).format(edge=value)
    if found.outcome == "unresolved":
        return word("{value}, undecided", lang).format(value=value)
    return value


def _error(found: Found) -> float:
    if found.low is None or found.high is None:
        return math.nan
    return (found.high - found.low) / 4.0


def _value(found: Found, data: SizeData, scale: Scale, lang: Language) -> str:
    return with_unit(_number(found.value, found, data, scale), scale.unit, lang)


def _number(value: float, found: Found, data: SizeData, scale: Scale) -> str:
    """Write a value of the key with the digits that the answer's error leaves, if it is known."""
    error = _error(found)
    known = math.isfinite(error) and error > 0.0
    return scale.number(value, error) if known else key_number(data.question.vary, scale, value)


def _interval(found: Found, data: SizeData, scale: Scale, lang: Language) -> str:
    if found.outcome not in ("found", "unresolved"):
        return NONE
    if found.low is None and found.high is None:
        return word("error unknown", lang)
    vary = data.question.vary
    low = _number(vary.low if found.low is None else found.low, found, data, scale)
    high = _number(vary.high if found.high is None else found.high, found, data, scale)
    low = word("{low} or less", lang).format(low=low) if found.low is None else low
    high = word("{high} or more", lang).format(high=high) if found.high is None else high
    return with_unit(f"{low} – {high}", scale.unit, lang)


def figure_text(target: Target, judged: Judged, lang: Language) -> str:
    """Return the figure of a target with its interval and its unit; a dash where no path has a value."""
    if math.isnan(judged.value):
        return NONE
    scale = scale_of(target.unit, abs(target.bound) or abs(judged.value), lang)
    low, high = judged.ci95
    error = (high - low) / 4.0 if math.isfinite(high - low) else math.nan
    text = with_unit(scale.number(judged.value, error), scale.unit, lang)
    if not judged.error_known:
        return f"{text} ({word('error unknown', lang)})"
    if math.isinf(high):
        return f"{text} ({word('{low} or more', lang).format(low=scale.number(low))})"
    if math.isinf(low):
        return f"{text} ({word('{high} or less', lang).format(high=scale.number(high))})"
    return f"{text} ({scale.number(low, error)} – {scale.number(high, error)})"


def _extreme(end: Extreme | None, data: SizeData, lang: Language) -> str:
    if end is None:
        return NONE
    if end.found is None:
        return word("the scenario can't be run", lang)
    return answer_text(end.found, data, lang)


def _lent(lending: LendingAt | None, scale: Scale, lang: Language) -> str:
    return NONE if lending is None else _estimate(lending.lent, scale, lang)


def _estimate(estimate: Estimate, scale: Scale, lang: Language) -> str:
    value, se = estimate.value, estimate.se
    return with_unit(f"{scale.number(value, se)} ± {scale.error(value, se)}", scale.unit, lang)


def _share(reading: Reading, what: str, lang: Language) -> str:
    if reading.lending is None or reading.held:
        return NONE
    value = getattr(reading.lending, what)
    return NONE if math.isnan(value) else with_unit(Scale(0.01, "%").number(value, 5e-4), "%", lang)


def _marginal(reading: Reading, lang: Language) -> str:
    if reading.marginal is None:
        return NONE
    return _estimate(reading.marginal.cost, Scale(1.0, word("yuan", lang)), lang)


def _scan(data: SizeData, lang: Language) -> Sheet:
    """Return the figures at the values of the scan, for each reading and target."""
    scale, targets = key_scale(data, lang), data.question.targets
    heads = [_scan_heading(scale.unit, lang)]
    for one in data.readings:
        reading, comma = reading_word(one, lang), ", " if lang == "en" else "，"
        labels = [figure_label(target, targets, lang) for target in targets]
        heads += [f"{label}{comma}{reading}" if len(data.readings) > 1 else label for label in labels]
    rows = []
    for value in data.readings[0].found.scanned:
        cells = [key_number(data.question.vary, scale, value)]
        for one in data.readings:
            (point,) = [p for p in one.found.points if p.value == value]
            cells += [figure_text(t, j, lang) for t, j in zip(targets, point.verdict.figures, strict=True)]
        rows.append(Row("", tuple(cells)))
    return Sheet(tuple(heads), tuple(rows), with_unit=False, unit_of_first=scale.unit)


def _scan_heading(unit: str, lang: Language) -> str:
    scan = word("scan", lang)
    if not unit:
        return scan
    return f"{scan} [{unit}]" if lang == "en" else f"{scan}（{unit}）"
