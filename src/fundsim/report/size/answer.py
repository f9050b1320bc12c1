"""What a size answers in words: the value, its interval, what confirms it, how often limits bind."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fundsim.decide.size.judged import Verdict
from fundsim.decide.size.sizing import Reading, SizeData
from fundsim.report.pages import said
from fundsim.report.size.notes import reading_word
from fundsim.report.size.tables import answer_text, figure_text
from fundsim.report.size.values import shown_value, target_text
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, with_unit
from fundsim.report.words import decisions as texts

__all__ = ["answers"]


def answers(data: SizeData, lang: Language) -> list[str]:
    """Return the sentences, each chosen by the figures."""
    key = data.question.vary.number
    now = said(texts.NOW, lang, key=key.short, now=shown_value(data, key.value, lang))
    found = [text for one in data.readings for text in _of_reading(data, one, lang)]
    return [*found, now]


def _of_reading(data: SizeData, one: Reading, lang: Language) -> Iterator[str]:
    reading = _in_brackets(data, one, lang)
    yield _answer(data, one, reading, lang)
    if one.found.outcome in ("found", "every", "edge"):
        form = texts.CONFIRMED if one.fresh.possible else texts.CONTRADICTED
        figures = _figures(data, one.fresh, lang)
        yield said(form, lang, seed=data.question.other_seed, figures=figures, reading=reading)
    yield from _binding(one, lang)
    for end in one.extremes:
        if end.found is not None:
            form = texts.AT_WORSE if end.worse else texts.AT_BETTER
            yield said(form, lang, answer=answer_text(end.found, data, lang), reading=reading)


def _in_brackets(data: SizeData, one: Reading, lang: Language) -> str:
    """Return what a reading is called, in brackets; nothing where there is one only."""
    if len(data.readings) == 1:
        return ""
    return word(" ({reading})", lang).format(reading=reading_word(one, lang))


def _answer(data: SizeData, one: Reading, reading: str, lang: Language) -> str:
    found, question = one.found, data.question
    known = {
        "key": question.vary.number.short,
        "targets": word(" and ", lang).join(target_text(target, lang) for target in question.targets),
        "low": shown_value(data, question.vary.low, lang),
        "high": shown_value(data, question.vary.high, lang),
        "best": shown_value(data, found.value, lang),
        "reading": reading,
    }
    if found.outcome == "found":
        which = word("largest" if question.largest else "smallest", lang)
        return said(texts.FOUND, lang, which=which, answer=answer_text(found, data, lang), **known)
    if found.outcome == "none" and found.verdict.empty:
        return said(texts.NOTHING_KNOWN, lang, **known)
    if found.outcome == "none":
        figures = _figures(data, found.verdict, lang)
        return said(texts.NO_VALUE_MEETS, lang, figures=figures, **known)
    forms = {"every": texts.EVERY, "edge": texts.EDGE}
    return said(forms.get(found.outcome, texts.UNRESOLVED), lang, **known)


def _figures(data: SizeData, verdict: Verdict, lang: Language) -> str:
    form = texts.FIGURE_IS.en if lang == "en" else texts.FIGURE_IS.zh
    each = zip(data.question.targets, verdict.figures, strict=True)
    parts = [form.format(figure=t.measured, value=figure_text(t, judged, lang)) for t, judged in each]
    return word("; ", lang).join(dict.fromkeys(parts))


def _binding(one: Reading, lang: Language) -> Iterator[str]:
    """Yield how often limits cut lending; of lending that is held they decide nothing."""
    lending = one.lending
    if lending is None or one.held or math.isnan(lending.cut_months) or math.isnan(lending.refused_share):
        return
    if not lending.cut_months:
        yield said(texts.NEVER_CUT, lang)
        return
    shares = (lending.cut_months, lending.refused_share)
    months, refused = (with_unit(Scale(0.01, "%").number(share, 5e-4), "%", lang) for share in shares)
    yield said(texts.CUT, lang, months=months, refused=refused)
