"""Terms of a paying party's own money, and what they become: injections, replenishment, interest, cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from fundsim.amounts import amount_text
from fundsim.instruments.lending import DatedAmount, faults_of_dates
from fundsim.instruments.part import Context
from fundsim.scenario.term import Term, TermFault, idle, term, unknown_name
from fundsim.scheme import Injection, Payment
from fundsim.scheme import TopUp as TopUpRule
from fundsim.scheme.surroundings import CITY, OUTSIDE, line_party
from fundsim.units import Money

__all__ = [
    "FundMoney",
    "MoneyIn",
    "OnLine",
    "TopUp",
    "injections_of",
    "interest_of",
    "money_of",
    "running_costs_of",
    "top_ups_of",
    "treasury_of",
]


class TopUp(Term):
    """Replenishment: when the balance is below one level, fill it to another."""

    below: Money = term(gt=0, meaning="Balance under which the fund is filled up", zh="补足触发线")
    to: Money = term(gt=0, meaning="Balance to which it is filled", zh="补足目标")
    year_limit: Money | None = term(None, meaning="Most that one policy year pays", zh="年度补足上限")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require the target not to lie below the trigger."""
        if self.to < self.below:
            yield TermFault(
                ("to",),
                f"lies under the level that triggers it ({amount_text(self.below)} yuan)",
                f"write {amount_text(self.below)} or more",
                f"低于触发线（{amount_text(self.below)}元）",
                f"请写不小于 {amount_text(self.below)} 的金额",
            )


class OnLine(Term):
    """Public money that is drawn from a line of the budget, where there is one."""

    line: str | None = term(
        None,
        min_length=1,
        meaning="Budget line that its money is drawn from; compulsory where the scenario has a budget",
        zh="预算项目",
    )

    @property
    def draws(self) -> bool:
        """Whether it draws any money."""
        return True

    def faults_line(self, context: Any) -> Iterator[TermFault]:
        """Require a line of the budget for all money that is drawn, and none without a budget."""
        if context.budget is None:
            if self.line is not None:
                yield TermFault(
                    ("line",),
                    "there is no budget, so there are no lines",
                    "add budget: {…}, or leave it out",
                    "没有 budget，因此没有预算项目",
                    "请添加 budget: {…}，或删去本项",
                )
            return
        lines = context.budget.lines
        if self.line is None:
            if self.draws:
                yield TermFault(
                    ("line",),
                    "is missing: the scenario has a budget, and it isn't said which line pays",
                    f"write one of {', '.join(lines)}",
                    "缺少该项：方案有预算，而未说明由哪个预算项目拨付",
                    f"请写其中之一：{'、'.join(lines)}",
                )
        elif self.line not in lines:
            yield unknown_name(("line",), self.line, lines, "budget line", "预算项目")
        elif not self.draws:
            yield idle("line", "nothing is drawn from it", "没有从中支出的资金")
        else:
            yield from self.acceptance_faults(lines[self.line])

    def acceptance_faults(self, line: Any) -> Iterator[TermFault]:
        """Refuse injections from a line that pays after acceptance only."""
        if line.after_acceptance:
            yield TermFault(
                ("line",),
                "pays after the acceptance at a year's end, and injections are paid when they are due",
                "name another line",
                "该预算项目验收后拨付，而注资须按期到位",
                "请写其他预算项目",
            )


class MoneyIn(OnLine):
    """Where a fund's money comes from."""

    opening: Money = term(0.0, meaning="Money in the fund at the start", zh="期初余额")
    injections: tuple[DatedAmount, ...] = term((), meaning="Money paid in by month", zh="注资")
    top_up: TopUp | None = term(None, meaning="Replenishment by rule", zh="自动补足")

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Check the dates of the injections."""
        yield from faults_of_dates(self.injections, "injections", context)

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Warn of a fund without money."""
        if not self.has_money:
            sources = [key for key in ("opening", "injections", "top_up") if key not in self.left_out]
            *first, last = sources
            yield TermFault(
                ("opening",),
                "the fund never gets any money",
                f"give {', '.join(first)} or {last}",
                "资金没有任何来源",
                f"请写 {'、'.join(first)} 或 {last}",
                warning=True,
            )

    @property
    def draws(self) -> bool:
        """Whether the city ever pays into it."""
        return bool(self.injections) or self.top_up is not None

    @property
    def has_money(self) -> bool:
        """Whether the fund ever gets any money."""
        return self.opening > 0 or bool(self.injections) or self.top_up is not None

    @property
    def paid_in(self) -> float:
        """Money given at the start and by month [yuan]."""
        return math.fsum([self.opening, *(item.amount for item in self.injections)])


@dataclass(frozen=True, slots=True, kw_only=True)
class FundMoney:
    """What a fund is given: at the start, by month, by rule."""

    opening: float = 0.0
    injections: tuple[Injection, ...] = ()
    top_ups: tuple[TopUpRule, ...] = ()


def money_of(fund: str, terms: MoneyIn, context: Context) -> FundMoney:
    """Return what the city pays into a fund."""
    return FundMoney(
        opening=terms.opening,
        injections=injections_of(fund, terms, context),
        top_ups=top_ups_of(fund, terms.top_up, treasury_of(terms.line)),
    )


class Injected(Protocol):
    """Terms with injections from a line, or from the city."""

    @property
    def line(self) -> str | None:
        """Name of the budget line."""
        ...

    @property
    def injections(self) -> tuple[DatedAmount, ...]:
        """Amounts by month."""
        ...


def treasury_of(line: str | None) -> str:
    """Return the party that pays: the account of a budget line, or the city's treasury without one."""
    return CITY if line is None else line_party(line)


def injections_of(party: str, terms: Injected, context: Context) -> tuple[Injection, ...]:
    """Return what a budget line, or the city's treasury, pays into a party by month."""
    start = context.window.start
    source = treasury_of(terms.line)
    return tuple(
        Injection(source=source, target=party, month=item.date.months_since(start), amount=item.amount)
        for item in terms.injections
    )


def top_ups_of(party: str, top_up: TopUp | None, source: str = CITY) -> tuple[TopUpRule, ...]:
    """Return the rule by which a budget line, or the city's treasury, replenishes a party."""
    if top_up is None:
        return ()
    limit = float("inf") if top_up.year_limit is None else top_up.year_limit
    return (TopUpRule(source=source, target=party, below=top_up.below, to=top_up.to, year_limit=limit),)


def interest_of(party: str, bank: str, rate_annual: float) -> tuple[Payment, ...]:
    """Return the interest that a bank pays on a party's balance."""
    return (Payment.interest(party=party, payer=bank, rate_annual=rate_annual),) if rate_annual else ()


def running_costs_of(party: str, amount_annual: float) -> tuple[Payment, ...]:
    """Return the running cost of a party."""
    return (
        (Payment.running_cost(party=party, payee=OUTSIDE, amount_annual=amount_annual),)
        if amount_annual
        else ()
    )
