"""How the keys, values and cells of a sweep are called."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.decide.sweep.axes import Axis
from fundsim.decide.sweep.sweeping import Cell, Described, SweepData
from fundsim.report.keys import scale_of_key
from fundsim.report.texts import Language
from fundsim.report.titles import first_clause, probability_of
from fundsim.report.units import Scale, with_unit

__all__ = [
    "axis_heading",
    "axis_scale",
    "cell_equation",
    "cell_name",
    "key_text",
    "meaning_of",
    "number_of",
    "value_text",
    "with_brackets",
]

MOST_DECIMALS = 8


def axis_scale(axis: Axis, lang: Language) -> Scale:
    """Return the one scale for all values of a key."""
    return scale_of_key(axis.vary, axis.values, lang)


def number_of(value: float, values: Sequence[float], scale: Scale) -> str:
    """Write a value exactly, with as many decimals as any of some values needs.

    >>> number_of(8.0, (8.0, 12.5), Scale(1.0, "times"))
    '8.0'
    """
    decimals = max(_decimals(one / scale.divisor) for one in (value, *values))
    return f"{round(value / scale.divisor, decimals) + 0.0:,.{decimals}f}"


def _decimals(value: float) -> int:
    for decimals in range(MOST_DECIMALS):
        if abs(round(value, decimals) - value) <= 1e-9 * abs(value):
            return decimals
    return MOST_DECIMALS


def value_text(axis: Axis, value: float, lang: Language) -> str:
    """Return a value of a key with its unit."""
    scale = axis_scale(axis, lang)
    within = axis.values if value in axis.values else ()
    return with_unit(number_of(value, within, scale), scale.unit, lang)


def cell_name(data: SweepData, cell: Cell, lang: Language) -> str:
    """Return the values of a cell: ``200 million yuan, 30 %``."""
    values = zip(data.question.axes, cell.values, strict=True)
    return (", " if lang == "en" else "、").join(value_text(axis, value, lang) for axis, value in values)


def cell_equation(data: SweepData, cell: Cell, lang: Language) -> str:
    """Return the keys of a cell with their values: ``pool.multiple = 8 times``."""
    values = zip(data.question.axes, cell.values, strict=True)
    comma = ", " if lang == "en" else "，"
    return comma.join(f"{axis.number.short} = {value_text(axis, value, lang)}" for axis, value in values)


def with_brackets(name: str, unit: str, lang: Language) -> str:
    """Return a name with its unit, as a heading has it."""
    if not unit:
        return name
    return f"{name} [{unit}]" if lang == "en" else f"{name}（{unit}）"


def axis_heading(axis: Axis, lang: Language) -> str:
    """Return what a column of values of a key is called."""
    return with_brackets(axis.number.short, axis_scale(axis, lang).unit, lang)


def key_text(axis: Axis, lang: Language) -> str:
    """Return a key with its meaning."""
    number = axis.number
    meaning = (number.meaning if lang == "en" else number.meaning_zh).rstrip(".。")
    if not meaning:
        return number.short
    if lang == "zh":
        return f"{number.short}（{meaning}）"
    return f"{number.short} ({meaning[0].lower()}{meaning[1:]})"


def meaning_of(described: Described, lang: Language) -> str:
    """Return what a figure's metric means, as a title."""
    meaning = described.meaning if lang == "en" else described.meaning_zh
    if not meaning:
        return ""
    return probability_of(meaning, lang) if described.event else first_clause(meaning)
