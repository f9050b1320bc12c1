"""How the plausible values of an assumption are written."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.decide.plausible import Plausible, Range
from fundsim.decide.variation import Variation
from fundsim.report.size_values import scale_of_key
from fundsim.report.texts import Language
from fundsim.report.units import with_unit

__all__ = ["meaning_of", "range_text", "short_name"]


def short_name(name: str) -> str:
    """Return an assumption's key without ``segments.`` or ``instruments.``, unless it is that of several.

    >>> short_name("instruments.zhubaodai.share"), short_name("segments.*.pd")
    ('zhubaodai.share', 'segments.*.pd')
    """
    group, _, rest = name.partition(".")
    return rest if group in ("segments", "instruments") and not rest.startswith("*") else name


def meaning_of(one: Plausible, lang: Language) -> str:
    """Return what the key of an assumption means; empty where it has no words of its own."""
    number = one.ranges[0].number
    return number.meaning if lang == "en" else number.meaning_zh


def range_text(one: Plausible, lang: Language) -> str:
    """Return value, low and high of an assumption: ``4 % (2 – 6.5)``, of several keys those of each kind.

    Args:
        one: the assumption.
        lang: language of units.
    """
    texts = dict.fromkeys(_range(each, one.ranges, lang) for each in one.ranges)
    separator = "; " if lang == "en" else "；"
    return separator.join(texts)


def _range(one: Range, of: Sequence[Range], lang: Language) -> str:
    vary = Variation(one.number, one.low, one.high)
    scale = scale_of_key(vary, [end for each in of for end in (each.low, each.high)], lang)
    low, value, high = (f"{end / scale.divisor:,.6g}" for end in (one.low, one.number.value, one.high))
    return f"{with_unit(value, scale.unit, lang)} ({low} – {high})"
