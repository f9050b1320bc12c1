"""Levels of government in a budget: what each gives in a budget year, how surely and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal

from fundsim.scenario.budget_years import YearAmount, amounts_of, faults_of_years, years_of
from fundsim.scenario.common_rules import faults_of_beta
from fundsim.scenario.term import Term, TermFault, idle, listed, term, unknown_name
from fundsim.units import Months, Share

__all__ = ["GovernmentLevel", "PaidShare", "misnaming"]

MONTHS = 12
MOST_DELAY = 24
"""Months of delay beyond which nobody calls a payment late."""


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
        0, meaning="Months from the start of a budget year to its payment, at most 24", zh="拨付时滞"
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
        levels = context.budget.levels
        name = next((name for name, level in levels.items() if level is self), None)
        if name is None or self.matches is None:
            return
        circle = circle_of(name, levels)
        if circle:
            if name == head_of(circle, levels):
                yield _circular(name, circle, levels)
        elif self.matches not in levels:
            yield unknown_name(("matches",), self.matches, levels, "level", "层级")
        elif matched(self.matches, levels) is not None:
            first = _first_of(self.matches, levels)
            if first is None:
                return  # the name at the end of the chain is at fault, and reported there
            yield TermFault(
                ("matches",),
                "names a level that itself matches another",
                f"write {first}",
                "所写层级本身也在配套其他层级",
                f"请写 {first}",
            )

    def faults_paid(self, context: Any) -> Iterator[TermFault]:
        """Refuse a share of its own beside the one that it follows."""
        levels = context.budget.levels
        name = next((name for name, level in levels.items() if level is self), None)
        if name is None or self.paid is None or matched(name, levels) is None:
            return
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
            levels = context.budget.levels
            if self.matches is None:
                yield idle("unpaid", "all is paid", "资金全部到位")
            elif not any(level is self for level in misnaming(levels).values()):
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

    def faults_delay(self, context: Any) -> Iterator[TermFault]:
        """Refuse a delay of more than two years; what it advises lies within the window as well."""
        if self.delay_months <= MOST_DELAY:
            return
        latest = MOST_DELAY
        with suppress(AttributeError):  # what lines ask for can't be read: the delay is too long all the same
            latest = min(latest, self._latest(context, self._asked_in(context)))
        yield TermFault(
            ("delay_months",),
            f"is more than {MOST_DELAY} months",
            f"write {latest} or less",
            f"超过 {MOST_DELAY} 个月",
            f"请写不大于 {latest} 的数",
        )

    def faults_late(self, context: Any) -> Iterator[TermFault]:
        """Warn of money that comes after the window, when lines that pay in the year are closed."""
        if self.delay_months > MOST_DELAY:
            return
        asked = self._asked_in(context)
        lost = [year for year in asked if self._latest(context, [year]) < self.delay_months]
        if lost:
            calendar = [str(years_of(context.window)[year]) for year in lost]
            latest = self._latest(context, asked)
            yield TermFault(
                ("delay_months",),
                f"money of {listed(calendar)} comes after the window then, and is lost",
                f"write {latest} or less",
                f"{'、'.join(calendar)} 年资金将在政策期之后到位，因而作废",
                f"请写不大于 {latest} 的数",
                warning=True,
            )

    def _asked_in(self, context: Any) -> list[int]:
        """Return the budget years in which lines that pay in the year ask it for money."""
        budget, window = context.budget, context.window
        name = next((name for name, level in budget.levels.items() if level is self), "")
        lines = [line for line in budget.lines.values() if not line.after_acceptance]
        return [
            year
            for year in range(len(years_of(window)))
            if any(
                line.shares_of(name, budget, window)[year] * amounts_of(line.amounts, window)[year] > 0
                for line in lines
            )
        ]

    def _latest(self, context: Any, years: list[int]) -> int:
        """Return the longest delay at which money of some budget years comes within the window."""
        return min((int(context.window.months) - MONTHS * year - 1 for year in years), default=MOST_DELAY)


def circle_of(name: str, levels: Mapping[str, GovernmentLevel]) -> tuple[str, ...]:
    """Return the levels that match each other in a circle with one, in the order of the budget; or none."""
    found = [name]
    while (after := levels[found[-1]].matches) is not None and after in levels:
        if after == name:
            return tuple(one for one in levels if one in found)
        if after in found:
            break
        found.append(after)
    return ()


def head_of(circle: tuple[str, ...], levels: Mapping[str, GovernmentLevel]) -> str:
    """Return the level of a circle that is to match none: one that says what it pays, or what it gives."""
    stating = [name for name in circle if levels[name].paid is not None]
    giving = [name for name in circle if levels[name].amounts]
    return [*stating, *giving, *circle][0]


def matched(name: str, levels: Mapping[str, GovernmentLevel]) -> str | None:
    """Return the level that a level matches, where a circle is broken as its message says."""
    circle = circle_of(name, levels)
    if not circle:
        return levels[name].matches
    head = head_of(circle, levels)
    return None if name == head else head


def misnaming(levels: Mapping[str, GovernmentLevel]) -> dict[str, GovernmentLevel]:
    """Return the levels by name of which `matches` is at fault: what comes of them is not known."""
    return {name: level for name, level in levels.items() if _misnames(name, levels)}


def _misnames(name: str, levels: Mapping[str, GovernmentLevel]) -> bool:
    other = levels[name].matches
    return other is not None and (
        bool(circle_of(name, levels)) or other not in levels or matched(other, levels) is not None
    )


def _first_of(name: str, levels: Mapping[str, GovernmentLevel]) -> str | None:
    """Return the level at the end of a chain of matches, or None if the end is not known."""
    while (after := matched(name, levels)) is not None:
        if after not in levels:
            return None
        name = after
    return name


def _circular(name: str, circle: tuple[str, ...], levels: Mapping[str, GovernmentLevel]) -> TermFault:
    if len(circle) == 1:
        return TermFault(
            ("matches",),
            "is the level itself",
            "name another level, or leave it out",
            "为本层级自身",
            "请写其他层级，或删去本项",
        )
    others = [one for one in circle if one != name and levels[one].matches != name]
    return TermFault(
        ("matches",),
        f"{listed(circle)} match each other in a circle: none of them pays first",
        "leave it out here" + (f", and write matches: {name} in {listed(others)}" if others else ""),
        f"{'、'.join(circle)} 相互配套，没有首先拨付的层级",
        "请删去本项" + (f"，并在 {'、'.join(others)} 中写 matches: {name}" if others else ""),
    )
