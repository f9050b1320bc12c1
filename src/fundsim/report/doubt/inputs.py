"""How the plausible values of an assumption are written."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.decide.doubt.plausible import Plausible, Range
from fundsim.decide.variation import Variation
from fundsim.report.keys import scale_of_key
from fundsim.report.texts import Language
from fundsim.report.units import with_unit

__all__ = ["range_text"]


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
