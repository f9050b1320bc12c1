"""What is to be said below the tables of a tornado."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Sequence

from fundsim.decide.together import End
from fundsim.decide.tornado.swings import Bar, Swing, Together, TornadoData
from fundsim.errors import ScenarioError
from fundsim.report.measures import points_of
from fundsim.report.texts import Language, word
from fundsim.report.tornado.values import input_text, listed, name_of
from fundsim.report.units import Scale, with_unit

__all__ = ["notes", "unseen_text"]


def notes(data: TornadoData, lang: Language) -> Iterator[str]:
    """Yield the notes, each as a sentence or more."""
    yield from _refused(data, lang)
    yield from _of_together(data, lang)
    yield from _closing(data, lang)


def unseen_text(bars: Sequence[Bar], scale: Scale, lang: Language) -> str:
    """Return which assumptions show no effect, with how large their effects may be at most."""
    ends = [abs(end) for bar in bars for _, effect in bar.effects for end in effect.difference.ci95]
    most = max((end for end in ends if math.isfinite(end)), default=0.0)
    points = points_of(scale, lang)
    bound = ""
    if most and len(ends) == sum(map(math.isfinite, ends)):
        written = with_unit(points.number(most, most / 4.0), points.unit, lang)
        bound = word(", none beyond {bound} either way", lang).format(bound=written)
    return word("no effect seen: {count}{bound}: {names}", lang).format(
        count=len(bars), bound=bound, names=listed((name_of(bar.swing) for bar in bars), lang)
    )


def _refused(data: TornadoData, lang: Language) -> Iterator[str]:
    """Yield the ends that can't be run, each with its fault and the figures that it keeps from being had."""
    found: dict[tuple[str, End, str], tuple[Swing, list[str]]] = {}
    for at, measure in enumerate(data.measures):
        for swing, end, error in data.refused(at):
            key = (swing.assumption.name, end, _said(error, lang))
            found.setdefault(key, (swing, []))[1].append(measure.measured)
    if found:
        ends = {(name, end) for name, end, _ in found}
        yield word("ends that can't be run: {count}", lang).format(count=len(ends))
    for (_, end, fault), (swing, figures) in found.items():
        partly = len(figures) < len(data.measures)
        form = "{name} at {value}, {figures} only: {fault}" if partly else "{name} at {value}: {fault}"
        yield "  " + word(form, lang).format(
            name=name_of(swing),
            value=input_text(swing, end, lang),
            figures=listed(figures, lang),
            fault=fault,
        )


def _said(error: ScenarioError, lang: Language) -> str:
    return (" " if lang == "en" else "").join(_stopped(fault.text(lang), lang) for fault in error.faults)


def _stopped(text: str, lang: Language) -> str:
    """Return a text as a sentence."""
    stop = "." if lang == "en" else "。"
    return text if text.endswith((".", "。", "?", "？")) else f"{text}{stop}"


def _of_together(data: TornadoData, lang: Language) -> Iterator[str]:
    figure, names = data.measures[0].measured, {s.assumption.name: name_of(s) for s in data.swings}
    if not data.together:
        text = "no assumption is seen to move {figure}, so nothing is put together"
        yield _sentence(word(text, lang).format(figure=figure), lang)
        return
    if data.ranking(0).unseen:
        text = "assumptions without a seen effect on {figure} keep their values there"
        yield _sentence(word(text, lang).format(figure=figure), lang)
    for one in data.together:
        yield from _of_one(one, names, lang)


def _of_one(one: Together, names: dict[str, str], lang: Language) -> Iterator[str]:
    way = "raise" if one.raises else "lower"
    if one.fault is not None:
        text = f"not all go together at the ends that {way} it: {{fault}} Left out: {{names}}"
        yield _sentence(
            word(text, lang).format(
                fault=_said(one.fault, lang), names=listed((names[a.name] for a in one.left_out), lang)
            ),
            lang,
        )
    if one.kept:
        text = f"neither end {way}s it, so these keep their values there: {{names}}"
        kept = listed((names[a.name] for a in one.kept), lang)
        yield _sentence(word(text, lang).format(names=kept), lang)


def _sentence(text: str, lang: Language) -> str:
    return _stopped(text[0].upper() + text[1:] if lang == "en" else text, lang)


def _closing(data: TornadoData, lang: Language) -> Iterator[str]:
    first = word(
        "{assumptions} assumptions, each alone at its low and its high; {paths:,} paths each, seed {seed}, "
        "on the same random numbers",
        lang,
    ).format(assumptions=len(data.swings), paths=data.paths, seed=data.seed)
    second = word(
        "± is one Monte Carlo standard error, brackets are 95 % intervals; figures at the end of the run-off "
        "unless @window is said",
        lang,
    )
    yield _stopped(word("; ", lang).join((first, second)), lang)
    alone = word("One assumption at a time hides what they do to each other", lang)
    errors = word("errors cover simulation error only, not doubt about the inputs: {command}", lang).format(
        command=f"fundsim doubt {shlex.quote(data.scenario.file)}"
    )
    yield _stopped(word("; ", lang).join((alone, errors)), lang)
