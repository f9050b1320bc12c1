"""How the values of a scenario's key are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fundsim.decide.variation import Variation
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of, with_unit

__all__ = ["close", "key_number", "range_warning", "scale_of_key"]

FRACTIONS = ("fraction", "1/year", "1/day")
BARE = ("correlation", "degrees of freedom", "number", "a number", "unit of the metric")
COUNTED = ("days", "firms", "loans", "years")
"""What a count counts, where the end of its key says so."""
STEPS = 8
"""Steps of a scan: values so far apart are written with different digits."""
_BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff（）：；，。]) (?=[\u4e00-\u9fff（）：；，。])")


def scale_of_key(vary: Variation, values: Sequence[float], lang: Language) -> Scale:
    """Return the one scale for some values of a key."""
    unit = vary.number.unit
    if unit == "yuan":
        beside = (vary.low, vary.high) if vary.leaves_out_now else (vary.number.value,)
        return money_scale([*values, *beside], lang)
    if unit in FRACTIONS:
        return Scale(0.01, "%")
    own = vary.number.steps[-1] if vary.number.steps else ""
    counted = next((word(what, lang) for what in COUNTED if own.endswith(what)), "")
    scale = Scale(1.0, counted if unit in BARE else word(unit, lang))
    return replace(scale, finest=0) if vary.whole else scale


def key_number(vary: Variation, scale: Scale, value: float) -> str:
    """Write a value of the key: whole if it must be, and with digits that distinguish the range's values."""
    plain = scale.number(value)
    if vary.whole or vary.in_logarithms or not vary.low <= value <= vary.high:
        return plain
    finer = scale.number(value, (vary.high - vary.low) / STEPS / 4.0)
    return max(plain, finer, key=len)


def range_warning(vary: Variation, lang: Language, option: str = "--within") -> str | None:
    """Return a warning of a range that leaves out the key's present value; None of any other."""
    if not vary.leaves_out_now:
        return None
    low, now, high = (_by_itself(vary, value, lang) for value in (vary.low, vary.number.value, vary.high))
    text = word("{option}: {low} to {high} leaves out the present value, {now}", lang).format(
        option=option, low=low, high=high, now=now
    )
    meant = word("; did you mean {range}?", lang).format(range=vary.meant) if vary.meant else ""
    return close(text + meant, lang)


def _by_itself(vary: Variation, value: float, lang: Language) -> str:
    """Return a value of the key in the unit that suits it alone."""
    scale = scale_of("yuan", value, lang) if vary.number.unit == "yuan" else scale_of_key(vary, (), lang)
    return with_unit(scale.number(value), scale.unit, lang)


def close(text: str, lang: Language) -> str:
    """Return a text without the blanks that values with Chinese units leave between Chinese signs.

    >>> close("现为 3,000 万元 处；范围", "zh")
    '现为 3,000 万元处；范围'
    """
    return text if lang == "en" else _BETWEEN_CHINESE.sub("", text)
