"""Figures in readable units: million yuan or 亿元 for money, per cent for shares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fundsim.report.texts import Language, word

__all__ = ["Scale", "money_scale", "scale_of", "with_unit"]


@dataclass(frozen=True, slots=True)
class Scale:
    """How figures of one unit are written."""

    divisor: float
    unit: str
    """The unit's label."""
    finest: int = 8
    """Decimals beyond which the unit has no meaning: two for yuan, a fen."""

    def number(self, value: float, error: float = math.nan) -> str:
        """Write a figure with the digits that its error leaves, or three significant ones.

        One digit of the error is shown, two if it begins with 1, and the figure stops at the same place.

        >>> Scale(1e6, "million yuan").number(123_456_789.0, 34_567.0)
        '123.46'
        >>> Scale(0.01, "%").number(0.0699612)
        '7.00'
        """
        if math.isnan(value):
            return "–"
        decimals = self._decimals(value, error)
        # Rounded first and added to zero, a small negative figure is 0 and not −0.
        # A number of NumPy would be rounded by another rule than Python's.
        return f"{round(float(value) / self.divisor, decimals) + 0.0:,.{decimals}f}"

    def error(self, value: float, error: float) -> str:
        """Write an error with as many decimals as the figure that it belongs to."""
        if math.isnan(error):
            return "–"
        return f"{error / self.divisor:,.{self._decimals(value, error)}f}"

    def _decimals(self, value: float, error: float) -> int:
        scaled = abs(error) / self.divisor
        # A difference of large amounts that never varies has an error of dust, not of noise.
        if math.isfinite(scaled) and scaled > 1e-12 * abs(value) / self.divisor:
            digit = math.floor(math.log10(scaled))
            leads_with_one = scaled < 2.0 * 10.0**digit
            return min(self.finest, max(0, leads_with_one - digit))
        scaled = abs(value) / self.divisor
        if scaled == 0.0 or not math.isfinite(scaled):
            return 0
        return min(self.finest, max(0, 2 - math.floor(math.log10(scaled))))


_STEPS: dict[Language, tuple[tuple[float, float, str], ...]] = {
    "en": ((1e10, 1e9, "billion yuan"), (1e5, 1e6, "million yuan")),
    "zh": ((1e8, 1e8, "亿元"), (1e4, 1e4, "万元")),
}
"""From so many yuan on: the divisor and the unit's name."""


def scale_of(unit: str, largest: float, lang: Language) -> Scale:
    """Return the scale for figures of a unit whose largest magnitude is given, in base units.

    >>> scale_of("yuan", 2.32e8, "en")
    Scale(divisor=1000000.0, unit='million yuan', finest=8)
    >>> scale_of("yuan", 2.32e8, "zh")
    Scale(divisor=100000000.0, unit='亿元', finest=8)
    """
    if unit == "yuan":
        return _money(abs(largest), lang)
    if unit in ("share", "yes/no"):
        return Scale(0.01, "%")
    return Scale(1.0, word(unit, lang))


def money_scale(magnitudes: Iterable[float], lang: Language) -> Scale:
    """Return one scale for amounts that stand together: the unit that suits the middle one of them.

    Readers compare the rows of a table, so none of them has a unit of its own.

    >>> money_scale([5.5e8, 0.0, 8e6, 4.5e6], "zh").unit
    '万元'
    """
    found = sorted(size for value in magnitudes if math.isfinite(size := abs(value)) and size > 0.0)
    return _money(found[len(found) // 2] if found else 0.0, lang)


def with_unit(number: str, unit: str, lang: Language) -> str:
    """Put a unit behind a number; Chinese has no space before the sign of per cent.

    >>> with_unit("5.0", "%", "en"), with_unit("5.0", "%", "zh"), with_unit("5.0", "亿元", "zh")
    ('5.0 %', '5.0%', '5.0 亿元')
    """
    text = f"{number} {unit}".rstrip()
    return text.replace(" %", "%") if lang == "zh" else text


def _money(largest: float, lang: Language) -> Scale:
    steps = _STEPS[lang]
    for from_yuan, divisor, unit in steps:
        if largest >= from_yuan:
            return Scale(divisor, unit)
    return Scale(1.0, word("yuan", lang), finest=2)
