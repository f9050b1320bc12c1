"""The budget of a scenario: what levels of government give in each year, and the lines that it goes to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.scenario.budget_years import YearAmount, amounts_of, faults_of_years, years_of
from fundsim.scenario.common_rules import faults_of_beta
from fundsim.scenario.term import Term, TermFault, exact, idle, rounded_down, term, unknown_name
from fundsim.units import Money, Months, Share

__all__ = [
    "Budget",
    "BudgetLine",
    "GovernmentLevel",
    "PaidShare",
    "drawn_lines",
]

SUM_TOLERANCE = 0.005
"""Sums of amounts that differ by less are the same [yuan]."""
MONTHS = 12
ROUNDING = 0.01
"""Part of a year's sources beyond which a difference is no rounding of a document."""


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
        yield from faults_of_beta(self.mean, self.sd)
        if self.sd == 0 and self.rho > 0:
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
        """Warn of money that comes next year where nothing is left over, or another level says what is."""
        if self.unpaid == "next_year" and self.paid is None:
            if self.matches is None:
                yield idle("unpaid", "all is paid", "资金全部到位")
            else:
                yield idle("unpaid", f"{self.matches} says it", f"由 {self.matches} 确定")

    def faults_use(self, context: Any) -> Iterator[TermFault]:
        """Warn of a level that no line asks for money."""
        budget, window = context.budget, context.window
        name = next((name for name, level in budget.levels.items() if level is self), None)
        lines = budget.lines.values()
        if name is None or any(any(line.shares_of(name, budget, window)) for line in lines):
            return
        yield TermFault(
            (),
            "no line is paid by this level, so nothing of it comes",
            "name it in shares: {…} of a line, or leave it out",
            "没有预算项目由该层级出资，其资金不会拨付",
            "请在某个预算项目的 shares 中写明，或删去本项",
            warning=True,
        )

    def faults_late(self, context: Any) -> Iterator[TermFault]:
        """Warn of money that comes after the window, when lines that pay in the year are closed."""
        budget, window = context.budget, context.window
        name = next((name for name, level in budget.levels.items() if level is self), "")
        for year, calendar in enumerate(years_of(window)):
            if MONTHS * year + self.delay_months < window.months:
                continue
            asked = math.fsum(
                line.shares_of(name, budget, window)[year] * amounts_of(line.amounts, window)[year]
                for line in budget.lines.values()
                if not line.after_acceptance
            )
            if asked > 0:
                yield TermFault(
                    ("delay_months",),
                    f"money of {calendar} comes after the window then, and is lost",
                    f"write {window.months - MONTHS * year - 1} or less",
                    f"{calendar} 年资金将在政策期之后到位，因而作废",
                    f"请写不大于 {window.months - MONTHS * year - 1} 的数",
                    warning=True,
                )
                return


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

    def shares_of(self, level: str, budget: Any, window: Any) -> tuple[float, ...]:
        """Return the part of its amounts that a level pays, by budget year."""
        years = range(len(years_of(window)))
        if self.shares:
            return tuple(self.shares.get(level, 0.0) for _ in years)
        given = {
            name: amounts_of(one.amounts if one.matches is None else (), window)
            for name, one in budget.levels.items()
        }
        sums = [math.fsum(of[year] for of in given.values()) for year in years]
        return tuple(given[level][year] / sums[year] if sums[year] > 0.0 else 0.0 for year in years)

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
            if item.amount > 0 and item.year in years_of(context.window) and item.year not in given:
                yield TermFault(
                    ("amounts", index),
                    "no level of its own gives anything in that year, so it isn't said who pays",
                    "write shares: {…}, or amounts of the levels",
                    "该年度没有任何层级出资，未说明由谁拨付",
                    "请写 shares: {…}，或写各层级的 amounts",
                )

    def faults_use(self, context: Any) -> Iterator[TermFault]:
        """Warn of a line on which nothing draws, and of one that is drawn on and has nothing."""
        name = next((name for name, line in context.budget.lines.items() if line is self), None)
        if name is None:
            return
        if name in drawn_lines(context):
            if not any(amounts_of(self.amounts, context.window)):
                yield TermFault(
                    ("amounts",),
                    "are 0 in every year, and instruments draw on this line: nothing is paid",
                    "write amounts, or leave the line out",
                    "各年度均为 0，而有工具使用该预算项目：不会支付任何资金",
                    "请写金额，或删去该预算项目",
                    warning=True,
                )
        else:
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

    def faults_tolerance(self, context: Any) -> Iterator[TermFault]:
        """Warn of a tolerance that is no rounding: levels then pay more than they give."""
        years = range(len(years_of(context.window)))
        sources = [self.sources(context.window, year) for year in years]
        least = min((amount for amount in sources if amount > 0), default=0.0)
        if 0 < ROUNDING * least < self.tolerance:
            yield TermFault(
                ("tolerance",),
                f"is more than {ROUNDING:.0%} of a year's sources ({exact(least)}): levels may have to pay "
                "more than they give",
                f"write {exact(rounded_down(ROUNDING * least))} or less, or change an amount",
                f"超过某年度资金来源（{exact(least)}）的 {ROUNDING:.0%}：各层级实际拨付可能超过其出资",
                f"请写不大于 {exact(rounded_down(ROUNDING * least))} 的金额，或修改金额",
                warning=True,
            )

    def faults_balance(self, context: Any) -> Iterator[TermFault]:
        """Require sources and uses to be equal within the rounding, where sources are stated."""
        window = context.window
        listed = [level.amounts for level in self.levels.values()]
        listed += [line.amounts for line in self.lines.values()]
        if not any(level.amounts for level in self.levels.values()):
            return
        if any(True for items in (*listed, self.unallocated) for _ in faults_of_years("", items, window)):
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

    def faults_levels(self, context: Any) -> Iterator[TermFault]:
        """Warn of a level that lines ask for more than it gives."""
        window = context.window
        for name, level in self.levels.items():
            for year, calendar in enumerate(years_of(window)):
                given = amounts_of(level.amounts, window)[year]
                asked = math.fsum(
                    line.shares_of(name, self, window)[year] * amounts_of(line.amounts, window)[year]
                    for line in self.lines.values()
                )
                if level.amounts and asked > given + self.tolerance + SUM_TOLERANCE:
                    yield TermFault(
                        ("levels", name),
                        f"gives {exact(round(given, 2))} in {calendar}, and lines are to have "
                        f"{exact(round(asked, 2))} of it",
                        "change an amount, or the shares of a line",
                        f"{calendar} 年出资 {exact(round(given, 2))}，而各预算项目共需其拨付 "
                        f"{exact(round(asked, 2))}",
                        "请修改金额，或某个预算项目的 shares",
                        warning=True,
                    )
                    break

    def faults_names(self, context: Any) -> Iterator[TermFault]:
        """Refuse a line that has the name of a level: each has an account of that name."""
        if "all" in self.lines:
            yield TermFault(
                ("lines", "all"),
                "the program itself uses the name all",
                "choose another name",
                "all 是程序自用的名称",
                "请换一个名称",
            )
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
