"""What a comparison answers in words: which figures surely differ, the largest first, and targets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from fundsim.decide.compare.cells import Cell
from fundsim.decide.compare.comparison import ComparisonData, Figure
from fundsim.decide.paired import Difference
from fundsim.report.compare.cells import POINTS, signed
from fundsim.report.compare.tables import figure_label
from fundsim.report.pages import said
from fundsim.report.sheets import estimate_cells, event_cells
from fundsim.report.targets import target_title
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of, with_unit
from fundsim.report.words import decisions as texts
from fundsim.results.statistics import Probability

__all__ = ["answers"]

MOST = 4
"""Figures of a scenario that have a sentence of their own."""
DUST = 1e-12
"""A difference below this part of the figures comes from rounding."""


def answers(data: ComparisonData, lang: Language) -> list[str]:
    """Return the sentences, each chosen by the figures."""
    if data.common.paths == 1:
        return [said(texts.ONE_PATH, lang)]
    others = range(1, len(data.sides))
    return [text for at in others for text in (*_differences(data, at, lang), *_targets(data, at, lang))]


def _letters(data: ComparisonData, at: int) -> dict[str, str]:
    return {"side": data.sides[at].letter, "first": data.sides[0].letter}


def _differences(data: ComparisonData, at: int, lang: Language) -> Iterator[str]:
    names = _letters(data, at)
    known = [one for one in data.figures if _known(one.cells[at].difference)]
    if not data.changes[at - 1]:
        yield said(texts.SAME_INPUTS, lang, **names)
    if not known:
        yield said(texts.NONE_KNOWN, lang, **names)
        return
    sure = sorted((one for one in known if is_sure(one, at)), key=lambda one: -_size(one, at))
    if not sure:
        yield said(texts.NONE_SURE, lang, count=len(known), **names)
    for one in sure[:MOST]:
        yield _differs(data, one, at, lang)
    if len(sure) > MOST:
        yield said(texts.MORE_DIFFER, lang, count=len(sure) - MOST, all=len(known), **names)


def _known(change: Difference | None) -> bool:
    return change is not None and all(map(math.isfinite, (change.value, *change.ci95)))


def is_sure(figure: Figure, at: int) -> bool:
    """Return whether a figure surely differs: the 95 % interval of the paired difference leaves out 0."""
    change = figure.cells[at].difference
    if change is None or not _known(change):
        return False
    low, high = change.ci95
    return not low <= 0.0 <= high and abs(change.value) > DUST * _magnitude(figure, at)


def _magnitude(figure: Figure, at: int) -> float:
    return max(abs(figure.cells[place].estimate.value) for place in (0, at))


def _size(figure: Figure, at: int) -> float:
    """Return how large a difference is: of a probability itself, else as a part of the larger figure."""
    change, most = figure.cells[at].difference, _magnitude(figure, at)
    if change is None or not most:
        return 0.0
    return abs(change.value) if figure.event else abs(change.value) / most


def _differs(data: ComparisonData, figure: Figure, at: int, lang: Language) -> str:
    change = figure.cells[at].difference
    assert change is not None  # noqa: S101  (it is sure)
    scale = _scale(figure, at, lang)
    return said(
        texts.DIFFERS,
        lang,
        figure=figure_label(figure, data, lang),
        value=_value(figure.cells[at], scale, lang),
        other=_value(figure.cells[0], scale, lang),
        change=_points(change, lang) if figure.event else _change(change, scale, lang),
        **_letters(data, at),
    )


def _scale(figure: Figure, at: int, lang: Language) -> Scale:
    if figure.unit == "yuan":
        return money_scale((figure.cells[place].estimate.value for place in (0, at)), lang)
    return scale_of(figure.unit, 0.0, lang)


def _value(cell: Cell, scale: Scale, lang: Language) -> str:
    if isinstance(cell.figure, Probability):
        p, interval = event_cells(cell.figure, lang)
        return f"{p} ({interval})"
    return with_unit(" ± ".join(estimate_cells(cell.estimate, scale)), scale.unit, lang)


def _change(change: Difference, scale: Scale, lang: Language) -> str:
    unit = word("percentage points", lang) if scale.unit == "%" else scale.unit
    return with_unit(f"{signed(change, scale)} ± {scale.error(change.value, change.se)}", unit, lang)


def _points(change: Difference, lang: Language) -> str:
    low, high = change.ci95
    finest = Difference(change.value, change.se or (high - low) / 4.0, change.ci95)
    ends = " – ".join(POINTS.number(end, finest.se) for end in (low, high))
    return f"{with_unit(signed(finest, POINTS), word('percentage points', lang), lang)} ({ends})"


def _targets(data: ComparisonData, at: int, lang: Language) -> Iterator[str]:
    """Yield how probable it is that all targets are met, or the only one."""
    found = data.targets_met
    if found.every:
        yield from _met(data, found.every, at, lang, "")
    elif found.each:
        one = found.each[0]
        yield from _met(
            data, one.cells, at, lang, target_title(one.about, data.sides[one.side].resolved, lang)
        )


def _met(data: ComparisonData, cells: Sequence[Cell], at: int, lang: Language, target: str) -> Iterator[str]:
    first, own, change = cells[0].figure, cells[at].figure, cells[at].difference
    if not (isinstance(first, Probability) and isinstance(own, Probability)):
        return
    more = []
    if change is not None and _known(change):
        low, high = change.ci95
        form = texts.NOT_SURE_BY if low <= 0.0 <= high else texts.BY
        more.append((form.en if lang == "en" else form.zh).format(change=_points(change, lang)))
    yield said(
        texts.TARGET_MET if target else texts.TARGETS_MET,
        lang,
        *more,
        target=target,
        count=data.targets_met.of[at],
        p=_value(cells[at], POINTS, lang),
        q=_value(cells[0], POINTS, lang),
        **_letters(data, at),
    )
