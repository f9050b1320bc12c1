"""The targets of a comparison, as tables: how probable it is that each is met, and how many are met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fundsim.decide.compare.cells import Cell
from fundsim.decide.compare.comparison import ComparisonData
from fundsim.decide.compare.targets_met import ComparedTarget
from fundsim.report.compare.cells import estimate_pair, probability_pair, side_headings, starts
from fundsim.report.sheets import Row, Sheet
from fundsim.report.targets import bound_text, target_key, target_notes, target_scale, target_title
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, with_unit
from fundsim.scenario.target_terms import HEADINGS

__all__ = ["compared_target_notes", "compared_targets"]

COUNT = Scale(1.0, "")


def compared_targets(data: ComparisonData, lang: Language) -> tuple[Sheet, Sheet]:
    """Return a line for each target and for all together, and one with the mean number met."""
    first = (word("target", lang), word("planned", lang))
    points = word("points", lang)
    sheet = Sheet(
        (*first, *side_headings(data, word("95 % interval", lang), points)),
        tuple(_target_rows(data, lang)),
        with_unit=False,
        starts=starts(data, 2) | {2},
    )
    number = Sheet(
        (word("targets met", lang), *side_headings(data, "±", "")),
        tuple(_number_rows(data, lang)),
        with_unit=False,
        starts=starts(data, 1),
    )
    return sheet, number


def compared_target_notes(data: ComparisonData, lang: Language) -> list[str]:
    """Return which targets leave out what is paid after the window, in any scenario."""
    found = [met for one in data.targets_met.each for met in one.mets if met is not None]
    return target_notes(found, lang)


def _target_rows(data: ComparisonData, lang: Language) -> Iterator[Row]:
    # As in the table of one run, but headings without a target are left out.
    each = sorted(data.targets_met.each, key=lambda one: HEADINGS.index(one.about.heading))
    for one in each:
        cells = _probabilities(one.cells, lang)
        yield Row(word(one.about.heading, lang), (_label(one, data, lang), _planned(one, data, lang), *cells))
    if data.targets_met.every:
        cells = _probabilities(data.targets_met.every, lang)
        yield Row("", (word("all targets together", lang), "", *cells))


def _probabilities(cells: Sequence[Cell], lang: Language) -> list[str]:
    return [text for at, cell in enumerate(cells) for text in probability_pair(at, cell, lang)]


def _number_rows(data: ComparisonData, lang: Language) -> Iterator[Row]:
    found = data.targets_met
    if found.number:
        same = len(set(found.of)) == 1
        letters = (f"{side.letter} {of}" for side, of in zip(data.sides, found.of, strict=True))
        of = str(found.of[0]) if same else (", " if lang == "en" else "，").join(letters)
        cells = [text for at, cell in enumerate(found.number) for text in estimate_pair(at, cell, COUNT)]
        yield Row("", (word("mean number, of {count}", lang).format(count=of), *cells))


def _label(one: ComparedTarget, data: ComparisonData, lang: Language) -> str:
    return f"{target_title(one.about, data.sides[one.side].resolved, lang)}\n{target_key(one.about)}"


def _planned(one: ComparedTarget, data: ComparisonData, lang: Language) -> str:
    """Return the bound; of each scenario where they differ."""
    given = [(side.letter, met) for side, met in zip(data.sides, one.mets, strict=True) if met is not None]
    scale = target_scale([met for _, met in given], lang)
    bounds = {bound_text(met, scale) for _, met in given}
    if len(bounds) == 1:
        return with_unit(bounds.pop(), scale.unit, lang)
    texts = (f"{letter} {bound_text(met, scale)}" for letter, met in given)
    return with_unit((", " if lang == "en" else "，").join(texts), scale.unit, lang)
