"""How the values of a varied key and the bounds of targets are written."""

from __future__ import annotations

from fundsim.decide.sizing import SizeData
from fundsim.decide.target import Target
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of, with_unit

__all__ = ["bound_text", "key_scale", "shown_key", "shown_value"]

FRACTIONS = ("fraction", "1/year", "1/day")
BARE = ("correlation", "degrees of freedom", "number")


def key_scale(data: SizeData, lang: Language) -> Scale:
    """Return the one scale for all values of the key."""
    vary = data.question.vary
    unit = vary.number.unit
    if unit == "yuan":
        values = [one.found.value for one in data.readings if one.found.outcome != "every"]
        return money_scale([*values, vary.number.value] if values else [vary.number.value], lang)
    if unit in FRACTIONS:
        return Scale(0.01, "%")
    return Scale(1.0, "" if unit in BARE else word(unit, lang))


def shown_value(data: SizeData, value: float, lang: Language) -> str:
    """Return a value of the key with its unit."""
    scale = key_scale(data, lang)
    return with_unit(scale.number(value), scale.unit, lang)


def shown_key(data: SizeData, lang: Language) -> str:
    """Return the key with its meaning."""
    number = data.question.vary.number
    meaning = number.meaning if lang == "en" else number.meaning_zh
    if not meaning:
        return number.short
    return (
        f"{number.short} ({meaning[0].lower()}{meaning[1:]})"
        if lang == "en"
        else f"{number.short}（{meaning}）"
    )


def bound_text(target: Target, lang: Language) -> str:
    """Return a target's bound with its unit."""
    scale = scale_of(target.unit, target.bound, lang)
    return with_unit(f"{target.bound / scale.divisor:,.10g}", scale.unit, lang)
