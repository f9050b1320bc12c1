"""Words for units in the cells of a workbook, and the unit in which a number is easiest to read."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from fundsim.errors import Lang
from fundsim.units import ANNUAL_RATE, DAILY_RATE, DAYS, MONEY, MONTHS, MULTIPLE, SHARE, YEARS, Quantity

__all__ = ["ENDINGS", "unit_of"]

ENDINGS = MappingProxyType(
    {
        "元": "元", "千元": "千元", "万元": "万元", "百万元": "百万元", "千万元": "千万元", "亿元": "亿元",
        "万": "万", "亿": "亿", "yuan": "元", "thousand yuan": "千元", "million yuan": "百万元",
        "100 million yuan": "亿元", "%": "%", "‰": "‰", "个月": "个月", "月": "个月", "months": "个月",
        "年": "年", "years": "年", "天": "天", "days": "天", "倍": "倍", "times": "倍",
        "fraction": "", "比例": "", "1/year": "", "每年": "", "1/day": "", "每天": "", "number": "",
        "a number": "", "个": "", "数": "", "unit of the metric": "", "指标单位": "", "sd": "",
        "个标准差": "", "degrees of freedom": "", "自由度": "", "correlation": "", "相关系数": "",
    }
)  # fmt: skip
"""What a number has behind it whose unit is written so: a scenario's own ending, none where it needs none."""
_FRACTIONS = frozenset(quantity.name for quantity in (SHARE, ANNUAL_RATE, DAILY_RATE))
_WITH_ENDING = MappingProxyType(
    {
        MONTHS.name: ("months", "个月"),
        YEARS.name: ("years", "年"),
        DAYS.name: ("days", "天"),
        MULTIPLE.name: ("times", "倍"),
    }
)


def unit_of(quantity: Quantity, value: float | None, lang: Lang) -> tuple[str, Decimal]:
    """Return the word for the unit in which a number is written, and how many of the quantity's unit it is.

    >>> unit_of(MONEY, 5e7, "zh"), unit_of(MONEY, 5e7, "en"), unit_of(SHARE, 0.4, "en")
    (('万元', Decimal('10000')), ('million yuan', Decimal('1000000')), ('%', Decimal('0.01')))
    """
    if quantity.name == MONEY.name:
        return _money(value, lang)
    if quantity.name in _FRACTIONS:
        return "%", Decimal("0.01")
    word, word_zh = _WITH_ENDING.get(quantity.name, (quantity.unit, quantity.unit_zh))
    return (word if lang == "en" else word_zh), Decimal(1)


def _money(value: float | None, lang: Lang) -> tuple[str, Decimal]:
    scales = (("亿元", 8), ("万元", 4), ("元", 0)) if lang == "zh" else (("million yuan", 6), ("yuan", 0))
    for word, power in scales:
        if not value and power <= 6:
            return word, Decimal(10) ** power
        if value and abs(value) >= 10**power:
            return word, Decimal(10) ** power
    return scales[-1][0], Decimal(1)
