"""The budget of a scenario: what levels of government give in each year, and the lines that it goes to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.scenario.term import Item, Term, TermFault, exact, idle, rounded_down, term, unknown_name
from fundsim.units import Money, Months, Share

__all__ = [
    "Budget",
    "BudgetLine",
    "GovernmentLevel",
    "PaidShare",
    "YearAmount",
    "amounts_of",
    "drawn_lines",
    "faults_of_years",
    "years_of",
]

SUM_TOLERANCE = 0.005
"""Sums of amounts that differ by less are the same [yuan]."""


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


class PaidShare(Term):
    """What part of its appropriations a level pays, drawn once a budget year.

    A prefecture paid 59.7 % of the interest subsidy that was due in a year. Left out, all is paid.
    """

    mean: Share = term(meaning="Mean share of a year's appropriations that is paid", zh="拨款到位率均值")
    sd: Share = term(
        0.0, meaning="Standard deviation of the beta law that it is drawn from", zh="拨款到位率标准差"
    )
    rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance behind it that the city factor explains: bad times pay less",
        zh="到位率与经济的相关度",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require moments that a beta law can have, and a correlation with something to move."""
        bound = rounded_down(0.99 * math.sqrt(self.mean * (1 - self.mean)))
        if self.sd > bound:
            yield TermFault(
                ("sd",),
                f"no beta law with mean {exact(self.mean)} has so large a standard deviation",
                f"write {bound:g} or less",
                f"均值为 {exact(self.mean)} 的贝塔分布不可能有这么大的标准差",
                f"请写不大于 {bound:g} 的数",
            )
        elif self.sd == 0 and self.rho > 0:
            yield idle("rho", "sd is 0: the share is fixed", "sd 为 0，到位率固定")


class GovernmentLevel(Term):
    """A level of government: what it gives in each budget year, how surely and when."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    amounts: tuple[YearAmount, ...] = term(
        (), max_length=10, meaning="What it gives to the programme, by budget year", zh="各年度资金"
    )
    paid: PaidShare | None = term(
        None, meaning="Part of it that is paid; left out, all of it", zh="拨款到位率"
    )
    unpaid: Literal["lost", "next_year"] = term(
        "lost",
        meaning="Whether what is not paid is lost, or due again next year",
        zh="未到位资金（lost 不再拨付，next_year 次年补拨）",
    )
    delay_months: Months = term(
        0, le=24, meaning="Months from the start of a budget year to its payment", zh="拨付时滞"
    )
    matches: str | None = term(
        None,
        min_length=1,
        meaning="Level whose payments it matches: the same share of its own amounts is paid",
        zh="配套的层级（随其到位率拨付）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require each year once."""
        yield from faults_of_years("amounts", self.amounts, context.window)

    def faults_matching(self, context: Any) -> Iterator[TermFault]:
        """Require the level that it matches to be another one with a share of its own."""
        if self.matches is None:
            return
        levels = context.budget.levels
        if self.matches not in levels:
            yield unknown_name(("matches",), self.matches, levels, "level", "层级")
        elif levels[self.matches] is self or levels[self.matches].matches is not None:
            yield TermFault(
                ("matches",),
                "names a level that itself matches another",
                "name the level that pays first",
                "所写层级本身也在配套其他层级",
                "请写首先拨付的层级",
            )
        if self.paid is not None:
            yield TermFault(
                ("paid",),
                "stands beside matches, which already says what is paid",
                "keep one of the two",
                "与 matches 同时出现，而 matches 已确定到位率",
                "请只保留其中一个",
            )

    def faults_idle(self, context: Any) -> Iterator[TermFault]:
        """Warn of money that is always paid and yet said to come next year."""
        if self.paid is None and self.matches is None and self.unpaid == "next_year":
            yield idle("unpaid", "all is paid", "资金全部到位")


class BudgetLine(Term):
    """A line of the budget: its money by year, from which levels, and what becomes of the rest.

    Injections and payments of instruments that name the line draw on it, in their order.
    """

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    amounts: tuple[YearAmount, ...] = term(
        min_length=1, max_length=10, meaning="Its money, by budget year", zh="各年度金额"
    )
    shares: Mapping[str, Share] = term(
        {},
        meaning="Part of it that each level pays; left out, in proportion to what the levels give in the "
        "year, but for those that match another",
        zh="各层级承担比例",
    )
    after_acceptance: bool = term(
        False,
        unit="yes/no",
        meaning="Whether it is paid after acceptance, in month 3 of the next budget year",
        zh="验收后拨付",
    )
    unspent: Literal["lapse", "carry_over"] = term(
        "lapse",
        meaning="Whether what is unspent at a year's end goes back, or stays for the next year",
        zh="结余处理（lapse 交回，carry_over 结转）",
    )
    order: Literal["listed", "pro_rata"] = term(
        "listed",
        meaning="Whether payments draw on it in the order in which instruments are listed, or in proportion",
        zh="资金不足时的支付顺序（listed 按顺序，pro_rata 按比例）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require each year once, and levels that there are."""
        yield from faults_of_years("amounts", self.amounts, context.window)

    def faults_shares(self, context: Any) -> Iterator[TermFault]:
        """Require shares of levels that there are, and that make the whole."""
        for level in self.shares:
            if level not in context.budget.levels:
                yield unknown_name(("shares", level), level, context.budget.levels, "level", "层级")
        total = math.fsum(self.shares.values())
        if self.shares and abs(total - 1.0) > 1e-9:
            yield TermFault(
                ("shares",),
                f"sum to {total:g}, not to 1",
                "let them sum to 100%",
                f"合计为 {total:g}，不等于 1",
                "请使其合计为 100%",
            )

    def faults_sources(self, context: Any) -> Iterator[TermFault]:
        """Require somebody who pays in each year with money."""
        if self.shares:
            return
        given = {
            item.year
            for level in context.budget.levels.values()
            for item in level.amounts
            if level.matches is None and item.amount > 0
        }
        for index, item in enumerate(self.amounts):
            if item.amount > 0 and item.year not in given:
                yield TermFault(
                    ("amounts", index),
                    "no level of its own gives anything in that year, so it isn't said who pays",
                    "write shares: {…}, or amounts of the levels",
                    "该年度没有任何层级出资，未说明由谁拨付",
                    "请写 shares: {…}，或写各层级的 amounts",
                )

    def faults_use(self, context: Any) -> Iterator[TermFault]:
        """Warn of a line on which nothing draws."""
        name = next((name for name, line in context.budget.lines.items() if line is self), None)
        if name is not None and name not in drawn_lines(context):
            yield TermFault(
                (),
                "nothing draws on this line, so its money only goes back",
                "name it as line: of an instrument, or leave it out",
                "没有工具使用该预算项目，资金只会原样退回",
                "请在工具中写 line，或删去本项",
                warning=True,
            )


class Budget(Term):
    """Where the programme's money comes from and goes to, by budget year.

    Sources and uses must be equal in each year within `tolerance`. Without a budget every injection is paid
    by the city's treasury, in full and on time.
    """

    tolerance: Money = term(
        0.0, meaning="Rounding of the document, by which sources and uses may differ in a year", zh="允许误差"
    )
    levels: Mapping[str, GovernmentLevel] = term(
        min_length=1, max_length=10, meaning="Levels of government by name; city is the city", zh="政府层级"
    )
    lines: Mapping[str, BudgetLine] = term(
        min_length=1, max_length=100, meaning="Budget lines by name", zh="预算项目"
    )
    unallocated: tuple[YearAmount, ...] = term(
        (),
        max_length=10,
        meaning="What no line is given, by budget year; nothing draws on it",
        zh="未分配资金",
    )

    def sources(self, window: Any, year: int) -> float:
        """Return what levels give in a budget year [yuan]."""
        return math.fsum(amounts_of(level.amounts, window)[year] for level in self.levels.values())

    def uses(self, window: Any, year: int) -> float:
        """Return what lines get in a budget year, and what is left to none [yuan]."""
        lines = math.fsum(amounts_of(line.amounts, window)[year] for line in self.lines.values())
        return lines + amounts_of(self.unallocated, window)[year]

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require each year of unallocated money once."""
        yield from faults_of_years("unallocated", self.unallocated, context.window)

    def faults_balance(self, context: Any) -> Iterator[TermFault]:
        """Require sources and uses to be equal within the rounding, where sources are stated."""
        window = context.window
        if not any(level.amounts for level in self.levels.values()):
            return
        for year, calendar in enumerate(years_of(window)):
            sources, uses = self.sources(window, year), self.uses(window, year)
            if abs(sources - uses) > self.tolerance + SUM_TOLERANCE:
                word, word_zh = ("more", "多") if sources > uses else ("less", "少")
                gap = exact(abs(sources - uses))
                yield TermFault(
                    ("lines",),
                    f"in {calendar} sources are {exact(sources)} and uses {exact(uses)}: {gap} {word}",
                    f"change an amount, write unallocated, or a tolerance of {gap}",
                    f"{calendar} 年来源为 {exact(sources)}，用途为 {exact(uses)}，来源{word_zh} {gap}",
                    f"请修改金额，写 unallocated，或把 tolerance 写为 {gap}",
                )

    def faults_names(self, context: Any) -> Iterator[TermFault]:
        """Refuse a line that has the name of a level: each has an account of that name."""
        for name in self.lines:
            if name in self.levels:
                yield TermFault(
                    ("lines", name),
                    "a level has the same name",
                    "choose another name",
                    "与某个层级同名",
                    "请换一个名称",
                )


def drawn_lines(context: Any) -> set[str]:
    """Return the names of the lines on which an instrument draws, at whatever depth it says so."""
    return set(_lines_named(context.instruments))


def _lines_named(value: Any) -> Iterator[str]:
    if isinstance(value, Term):
        line = value.__dict__.get("line")
        if isinstance(line, str):
            yield line
        for inner in value.__dict__.values():
            yield from _lines_named(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _lines_named(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _lines_named(inner)
