"""The budget of a scenario: what levels of government give in each year, and the lines that it goes to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.amounts import amount_text
from fundsim.scenario.budget_levels import GovernmentLevel
from fundsim.scenario.budget_lines import BudgetLine
from fundsim.scenario.budget_years import YearAmount, amounts_of, faults_of_years, years_of
from fundsim.scenario.term import Term, TermFault, rounded_down, term
from fundsim.units import Money

__all__ = ["Budget"]

SUM_TOLERANCE = 0.005
"""Sums of amounts that differ by less are the same [yuan]."""
ROUNDING = 0.01
"""Part of a year's sources beyond which a difference is no rounding of a document."""


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
                f"is more than {ROUNDING:.0%} of a year's sources ({_text(least)} yuan): levels may have to "
                "pay more than they give",
                f"write {amount_text(rounded_down(ROUNDING * least))} or less, or change an amount",
                f"超过某年度资金来源（{_text(least)}元）的 {ROUNDING:.0%}：各层级实际拨付可能超过其出资",
                f"请写不大于 {amount_text(rounded_down(ROUNDING * least))} 的金额，或修改金额",
                warning=True,
            )

    def gap(self, window: Any, year: int) -> float:
        """Return by how much sources exceed uses in a year, beyond the rounding; 0 where none are stated."""
        if not any(level.amounts for level in self.levels.values()):
            return 0.0
        difference = self.sources(window, year) - self.uses(window, year)
        return difference if abs(difference) > self.tolerance + SUM_TOLERANCE else 0.0

    def faults_balance(self, context: Any) -> Iterator[TermFault]:
        """Require sources and uses to be equal within the rounding, where sources are stated."""
        window = context.window
        listed = [level.amounts for level in self.levels.values()]
        listed += [line.amounts for line in self.lines.values()]
        if any(True for items in (*listed, self.unallocated) for _ in faults_of_years("", items, window)):
            return
        for year, calendar in enumerate(years_of(window)):
            if difference := self.gap(window, year):
                word, word_zh = ("more", "多") if difference > 0 else ("less", "少")
                sources, uses = (_text(of(window, year)) for of in (self.sources, self.uses))
                gap = _text(abs(difference))
                yield TermFault(
                    ("lines",),
                    f"in {calendar} sources are {sources} yuan and uses {uses} yuan: {gap} {word}",
                    f"change an amount, write unallocated, or a tolerance of {gap}",
                    f"{calendar} 年来源为 {sources}元，用途为 {uses}元，来源{word_zh} {gap}元",
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
                        f"gives {_text(given)} yuan in {calendar}, and lines are to have {_text(asked)} yuan "
                        "of it",
                        "change an amount, or the shares of a line",
                        f"{calendar} 年出资 {_text(given)}元，而各预算项目共需其拨付 {_text(asked)}元",
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


def _text(yuan: float) -> str:
    """Return a sum of amounts to the fen, as messages quote it."""
    return amount_text(round(yuan, 2))
