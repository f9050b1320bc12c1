"""What is said of a size below its table: what is held, what the outcome means, what was not reached."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.decide.size.extremes import EFFECT_PATHS
from fundsim.decide.size.judged import Verdict, least_paths
from fundsim.decide.size.search import Found
from fundsim.decide.size.sizing import Reading, SizeData
from fundsim.report.keys import close, range_warning
from fundsim.report.size.values import shown_value, target_text
from fundsim.report.texts import Language, word

__all__ = ["notes", "reading_word"]

PYTHON = {"--paths": "paths=", "--largest": "largest=True", "--within": "within="}
"""Option of the command line → the argument of the call in Python."""


def reading_word(reading: Reading, lang: Language) -> str:
    """Return what a reading is called."""
    return word("lending held" if reading.held else "lending follows", lang)


def notes(data: SizeData, lang: Language, *, python: bool = False) -> list[str]:
    """Return the notes, a sentence each.

    Args:
        data: the size.
        lang: their language.
        python: whether options are called as in Python, not as on the command line.
    """
    texts = dict.fromkeys(_texts(data, lang))  # both readings may say the same
    return [_sentence(close(_called(text, python), lang), data, lang) for text in texts]


def _called(text: str, python: bool) -> str:
    for option, argument in PYTHON.items() if python else ():
        text = text.replace(option, argument)
    return text


def _sentence(text: str, data: SizeData, lang: Language) -> str:
    """Return a text as a sentence; a key at its beginning stays as it is written."""
    stop = "" if text.endswith(("?", "？")) else "." if lang == "en" else "。"
    is_name = text.startswith((data.question.vary.number.short, *(t.measured for t in data.question.targets)))
    return f"{text if is_name else text[0].upper() + text[1:]}{stop}"


def _texts(data: SizeData, lang: Language) -> Iterator[str]:
    warning = range_warning(data.question.vary, lang)
    if warning is not None:
        yield warning
    yield from _what_is_held(data, lang)
    for reading in data.readings:
        yield from _of_reading(data, reading, lang)
    for value, error in data.refused.items():
        fault = error.faults[0].text(lang)
        yield word("at {value} the scenario is not sound: {fault}", lang).format(
            value=shown_value(data, value, lang), fault=fault
        )
    yield from _of_ends(data, lang)
    yield word("intervals cover simulation error only, not doubt about the inputs", lang)
    yield word(
        "{paths:,} paths in all, seed {seed}; figures at the end of the run-off unless @window is said",
        lang,
    ).format(paths=data.simulated, seed=data.question.seed)


def _what_is_held(data: SizeData, lang: Language) -> Iterator[str]:
    if data.lending_now is None:
        return
    for reading in data.readings:
        if reading.held:
            yield word(
                "lending held: each path's new loans are those at the present value, loan by loan", lang
            )
        else:
            yield word("lending follows: new loans are what the scheme itself decides on at each value", lang)
    if len(data.readings) == 1 and not data.readings[0].held:
        if data.same_lending:
            yield word("lending is the same at every value, so that both readings agree", lang)
        elif data.both:
            yield word("both readings give the same figures on these paths", lang)
        else:
            yield word("lending can't be held, because {key} changes the loans themselves", lang).format(
                key=data.question.vary.number.short
            )


def _of_reading(data: SizeData, reading: Reading, lang: Language) -> Iterator[str]:
    found, question = reading.found, data.question
    name, value = reading_word(reading, lang), shown_value(data, found.value, lang)
    empty = [p.value for p in found.points if p.verdict.empty]
    if found.outcome == "every":
        end = question.vary.most if question.largest else question.vary.least
        text = (
            "every value in the range meets the targets ({reading}): the answer lies beyond {edge}"
            if end is None
            else "every value in the range meets the targets ({reading}), and {key} can't be beyond {edge}"
        )
        yield word(text, lang).format(reading=name, edge=value, key=question.vary.number.short)
    elif found.outcome == "none" and len(empty) == len(found.points):
        yield word("no path has a value of the figure at any value that was tried ({reading})", lang).format(
            reading=name
        )
    elif found.outcome == "none":
        yield word("no value in the range meets the targets ({reading}); the nearest is {best}", lang).format(
            reading=name, best=value
        )
    elif found.outcome == "edge" and question.largest:
        yield word("the targets are met at the edge {edge} and missed elsewhere ({reading})", lang).format(
            reading=name, edge=value
        )
    elif found.outcome == "edge":
        yield word(
            "the targets are met at the edge {edge} and missed elsewhere ({reading}); --{other} finds where "
            "they begin to be missed",
            lang,
        ).format(reading=name, edge=value, other="largest")
    elif found.outcome == "unresolved" and not _short(data, found.verdict):
        yield word(
            "the figure is within its error of the bound everywhere ({reading}): it hardly depends on {key}",
            lang,
        ).format(reading=name, key=question.vary.number.short)
    yield from _of_figures(data, found, name, lang)
    if question.vary.whole and found.outcome == "found":
        yield _of_neighbours(data, found, name, lang)
    yield from _doubts(data, reading, name, lang)


def _short(data: SizeData, verdict: Verdict) -> list[tuple[int, int]]:
    """Return the targets whose figures have too few paths, by position, with the paths that they need."""
    found = []
    for at, (target, figure) in enumerate(zip(data.question.targets, verdict.figures, strict=True)):
        needed = least_paths(target)
        if figure.n and figure.n < needed:
            found.append((at, needed))
    return found


def _of_figures(data: SizeData, found: Found, name: str, lang: Language) -> Iterator[str]:
    """Yield what is to be said of the figures themselves: too few paths, paths without a value, P <= 0."""
    targets, empty = data.question.targets, [p.value for p in found.points if p.verdict.empty]
    for at, needed in _short(data, found.verdict):
        known = found.verdict.figures[at].error_known
        text = (
            "too few paths to be sure of {target}: {needed:,} are needed at least"
            if known
            else "too few paths for the error of {figure}: {needed:,} are needed"
        )
        yield word(text, lang).format(
            target=target_text(targets[at], lang), figure=targets[at].measured, needed=needed
        )
    for target, figure in zip(targets, found.verdict.figures, strict=True):
        if 0 < figure.n < figure.paths:
            yield word(
                "{figure} is over the paths that have a value: {n:,} of {paths:,} at {value} ({reading})",
                lang,
            ).format(
                figure=target.measured,
                n=figure.n,
                paths=figure.paths,
                value=shown_value(data, found.value, lang),
                reading=name,
            )
        if target.never_sure:
            yield word(
                "no number of paths can show {target}: more paths never help; ask for a small chance, "
                "such as {other}",
                lang,
            ).format(target=target_text(target, lang), other="<= 0.1%" if target.at_most else ">= 99.9%")
    if empty and len(empty) < len(found.points):
        yield word(
            "no path has a value of the figure at {values}, which therefore neither meets nor misses the "
            "target ({reading})",
            lang,
        ).format(
            values=(", " if lang == "en" else "、").join(shown_value(data, value, lang) for value in empty),
            reading=name,
        )


def _of_neighbours(data: SizeData, found: Found, name: str, lang: Language) -> str:
    """Return that the key is a whole number, with what its neighbours' figures say."""
    near = [p for p in found.points if abs(p.value - found.value) <= 1.0]
    said = []
    for point in near:
        verdict = point.verdict
        state = "met" if verdict.sure else "undecided" if verdict.possible else "missed"
        said.append(word(f"{state} at {{value}}", lang).format(value=shown_value(data, point.value, lang)))
    return word("{key} is a whole number: {verdicts} ({reading})", lang).format(
        key=data.question.vary.number.short,
        verdicts=(", " if lang == "en" else "，").join(said),
        reading=name,
    )


def _doubts(data: SizeData, reading: Reading, name: str, lang: Language) -> Iterator[str]:
    found, question = reading.found, data.question
    if reading.idle and not found.verdict.empty:
        yield word("{key} changes the figure on no path of the scan ({reading})", lang).format(
            key=question.vary.number.short, reading=name
        )
    if found.missed is not None:
        text = (
            "not unique: missed again beyond the answer, e.g. at {missed} ({reading})"
            if found.again is None
            else "not unique: met at every tried value from {again} on; missed e.g. at {missed} ({reading})"
        )
        yield word(text, lang).format(
            again="" if found.again is None else shown_value(data, found.again, lang),
            missed=shown_value(data, found.missed, lang),
            reading=name,
        )
    if not found.monotone:
        yield word(
            "not monotone: the figure rises in one part of the range and falls in another ({reading})", lang
        ).format(reading=name)
    helped = not (question.vary.whole or _short(data, found.verdict))
    helped = helped and not any(target.never_sure for target in question.targets)
    if not found.precise and found.outcome == "found" and helped:
        precision = (
            f"{100 * question.precision:.3g} %" if lang == "en" else f"{100 * question.precision:.3g}%"
        )
        yield word(
            "the budget of {paths:,} paths ended before half of the interval was {precision} of the answer "
            "({reading}); --paths allows more",
            lang,
        ).format(paths=found.paths, precision=precision, reading=name)
    if found.outcome in ("found", "every", "edge") and not reading.fresh.possible:
        yield word(
            "fresh paths contradict the answer ({reading}): their interval does not reach the bound", lang
        ).format(reading=name)
    if reading.marginal is not None:
        yield word("marginal cost between {low} and {high}, by scheme.fiscal_cost", lang).format(
            low=shown_value(data, reading.marginal.low, lang),
            high=shown_value(data, reading.marginal.high, lang),
        )


def _of_ends(data: SizeData, lang: Language) -> Iterator[str]:
    ends = data.ends
    if ends is None:
        return
    if not (ends.better or ends.without_effect or ends.refused):
        yield word("the scenario states no assumption with low and high", lang)
        return
    yield word(
        "assumptions: {moving} move the target; {idle} show no effect on {paths:,} paths and stay as they "
        "are; {refused} can't be moved",
        lang,
    ).format(
        moving=len(ends.better),
        idle=len(ends.without_effect),
        refused=len(ends.refused),
        paths=EFFECT_PATHS,
    )
    for reading in data.readings:
        for extreme in reading.extremes:
            if extreme.refused is not None and extreme.left_out:
                yield word(
                    "all assumptions can't stand at their {end} ends together: {fault} Left out there, so "
                    "that the scenario can be run: {names}",
                    lang,
                ).format(
                    end=word("worse" if extreme.worse else "better", lang),
                    fault=_with_stop(extreme.refused.faults[0].text(lang), lang),
                    names=(", " if lang == "en" else "、").join(extreme.left_out),
                )
            elif extreme.refused is not None:
                yield word(
                    "with all assumptions at their {end} ends the scenario is not sound: {fault}", lang
                ).format(
                    end=word("worse" if extreme.worse else "better", lang),
                    fault=extreme.refused.faults[0].text(lang),
                )


def _with_stop(text: str, lang: Language) -> str:
    return text if text.endswith((".", "。", "?", "？")) else f"{text}{'.' if lang == 'en' else '。'}"
