"""How the values of a varied key and the bounds of targets are written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fundsim.decide.size.sizing import SizeData
from fundsim.decide.size.target import Target
from fundsim.report.keys import key_number, scale_of_key
from fundsim.report.texts import Language
from fundsim.report.units import Scale, scale_of, with_unit

__all__ = ["bound_text", "figure_label", "key_scale", "shown_key", "shown_value", "target_text"]


def key_scale(data: SizeData, lang: Language) -> Scale:
    """Return the one scale for all values of the key."""
    found = [one.found.value for one in data.readings if one.found.outcome != "every"]
    return scale_of_key(data.question.vary, found, lang)


def shown_value(data: SizeData, value: float, lang: Language) -> str:
    """Return a value of the key with its unit."""
    scale = key_scale(data, lang)
    return with_unit(key_number(data.question.vary, scale, value), scale.unit, lang)


def target_text(target: Target, lang: Language) -> str:
    """Return a target with its bound in readable units."""
    return f"{target.measured} {target.sign} {bound_text(target, lang)}"


def figure_label(target: Target, targets: Sequence[Target], lang: Language) -> str:
    """Return what a target's figure is called: with the bound, where several are on the same figure."""
    several = sum(one.measured == target.measured for one in targets) > 1
    return target_text(target, lang) if several else target.measured


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
    scale = scale_of(target.unit, target.bound if math.isfinite(target.bound) else 0.0, lang)
    return with_unit(f"{target.bound / scale.divisor:,.10g}", scale.unit, lang)
