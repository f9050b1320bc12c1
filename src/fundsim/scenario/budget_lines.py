"""Lines of a budget: what the money is for, who pays it, and what becomes of the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.scenario.budget_levels import misnaming
from fundsim.scenario.budget_years import YearAmount, amounts_of, faults_of_years, years_of
from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.units import Share

__all__ = ["BudgetLine", "drawn_lines"]


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
        """Return the part of its amounts that a level pays, by budget year.

        Raises:
            AttributeError: if levels share in proportion, and `matches` of one is at fault.
        """
        years = range(len(years_of(window)))
        if self.shares:
            return tuple(self.shares.get(level, 0.0) for _ in years)
        if misnaming(budget.levels):
            raise AttributeError("it isn't known which levels pay of their own")
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
        budget, window = context.budget, context.window
        if self.shares:
            return
        levels = budget.levels
        own = [level for level in levels.values() if level.matches is None]
        own += misnaming(levels).values()  # which may be meant to pay of their own
        if any(True for level in own for _ in faults_of_years("amounts", level.amounts, window)):
            return  # in which year a level gives is at fault itself
        given = {item.year for level in own for item in level.amounts if item.amount > 0}
        for index, item in enumerate(self.amounts):
            known = years_of(window)
            if item.amount == 0 or item.year not in known or item.year in given:
                continue
            year = known.index(item.year)
            if budget.sources(window, year) == 0 and budget.gap(window, year):
                continue  # that nobody gives anything is reported of the sums
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
