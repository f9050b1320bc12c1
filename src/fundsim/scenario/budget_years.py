"""Amounts by budget year: the calendar year in which each begins, within the policy window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundsim.scenario.term import Item, TermFault, term
from fundsim.units import Money

__all__ = ["YearAmount", "amounts_of", "faults_of_years", "years_of"]


def _year_of(window: Any, calendar_year: int) -> int:
    """Return the budget year, counted from 0, that begins in a calendar year."""
    return calendar_year - int(window.start.year)


def years_of(window: Any) -> tuple[int, ...]:
    """Return the calendar years in which the budget years of a window begin."""
    return tuple(window.start.year + y for y in range(-(-window.months // 12)))


class YearAmount(Item):
    """An amount for a budget year."""

    year: int = term(
        ge=1990,
        le=2100,
        unit="calendar year",
        meaning="Budget year, by the calendar year in which it begins",
        zh="预算年度",
    )
    amount: Money = term(meaning="Amount", zh="金额")


def faults_of_years(key: str, items: tuple[YearAmount, ...], window: Any) -> Iterator[TermFault]:
    """Require each year once, within the window."""
    known = years_of(window)
    seen: set[int] = set()
    for index, item in enumerate(items):
        if item.year not in known:
            yield TermFault(
                (key, index, "year"),
                f"is no budget year of the window ({known[0]} … {known[-1]})",
                "write one of them",
                f"不是政策期内的预算年度（{known[0]} 至 {known[-1]}）",
                "请写其中之一",
            )
        elif item.year in seen:
            yield TermFault(
                (key, index, "year"),
                "stands here for the second time",
                "give each year one amount",
                "重复出现",
                "每个年度只写一个金额",
            )
        seen.add(item.year)


def amounts_of(items: tuple[YearAmount, ...], window: Any) -> tuple[float, ...]:
    """Return amounts by budget year [yuan], 0 where none is written."""
    found = {_year_of(window, item.year): item.amount for item in items}
    return tuple(found.get(y, 0.0) for y in range(len(years_of(window))))
