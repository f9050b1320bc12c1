"""What is said of a size below its table: what is held, what the outcome means, what was not reached."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.decide.extremes import EFFECT_PATHS
from fundsim.decide.sizing import Reading, SizeData
from fundsim.report.size_values import shown_value
from fundsim.report.texts import Language, word

__all__ = ["notes", "reading_word"]


def reading_word(reading: Reading, lang: Language) -> str:
    """Return what a reading is called."""
    return word("lending held" if reading.held else "lending follows", lang)


def notes(data: SizeData, lang: Language) -> list[str]:
    """Return the notes, a sentence each."""
    stop = "." if lang == "en" else "。"
    texts = dict.fromkeys(_texts(data, lang))  # both readings may say the same
    return [f"{text[0].upper()}{text[1:]}{stop}" for text in texts]


def _texts(data: SizeData, lang: Language) -> Iterator[str]:
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
        if data.both:
            yield word("lending is the same at every value, so that both readings agree", lang)
        else:
            yield word("lending can't be held, because {key} changes the loans themselves", lang).format(
                key=data.question.vary.number.short
            )


def _of_reading(data: SizeData, reading: Reading, lang: Language) -> Iterator[str]:
    found, question = reading.found, data.question
    name, value = reading_word(reading, lang), shown_value(data, found.value, lang)
    if found.outcome == "every":
        yield word(
            "every value in the range meets the targets ({reading}): the answer lies beyond {edge}",
            lang,
        ).format(reading=name, edge=value)
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
    elif found.outcome == "unresolved":
        yield word(
            "the figure is within its error of the bound everywhere ({reading}): it hardly depends on {key}",
            lang,
        ).format(reading=name, key=question.vary.number.short)
    yield from _doubts(data, reading, name, lang)


def _doubts(data: SizeData, reading: Reading, name: str, lang: Language) -> Iterator[str]:
    found, question = reading.found, data.question
    if reading.idle:
        yield word("{key} changes the figure on no path of the scan ({reading})", lang).format(
            key=question.vary.number.short, reading=name
        )
    if not found.unique:
        yield word("not unique: values beyond the answer miss the targets too ({reading})", lang).format(
            reading=name
        )
    if not found.monotone:
        yield word(
            "not monotone: the figure rises in one part of the range and falls in another ({reading})", lang
        ).format(reading=name)
    if not found.precise and found.outcome == "found":
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
            if extreme.refused is not None:
                yield word(
                    "with all assumptions at their {end} ends the scenario is not sound: {fault}", lang
                ).format(
                    end=word("worse" if extreme.worse else "better", lang),
                    fault=extreme.refused.faults[0].text(lang),
                )
