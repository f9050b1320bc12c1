"""Terms of a paying party's own money, and what they become: injections, replenishment, interest, cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fundsim.instruments.lending import DatedAmount, faults_of_dates
from fundsim.instruments.part import Context
from fundsim.scenario.term import Term, TermFault, exact, term
from fundsim.scheme import Injection, Payment
from fundsim.scheme import TopUp as TopUpRule
from fundsim.scheme.surroundings import CITY, OUTSIDE
from fundsim.units import Money

__all__ = [
    "FundMoney",
    "MoneyIn",
    "TopUp",
    "injections_of",
    "interest_of",
    "money_of",
    "running_costs_of",
    "top_ups_of",
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
                f"lies under the level that triggers it ({exact(self.below)})",
                f"write {exact(self.below)} or more",
                f"低于触发线（{exact(self.below)}）",
                f"请写不小于 {exact(self.below)} 的金额",
            )


class MoneyIn(Term):
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
        injections=injections_of(fund, terms.injections, context),
        top_ups=top_ups_of(fund, terms.top_up),
    )


def injections_of(party: str, injections: tuple[DatedAmount, ...], context: Context) -> tuple[Injection, ...]:
    """Return what the city's treasury pays into a party by month."""
    start = context.window.start
    return tuple(
        Injection(source=CITY, target=party, month=item.date.months_since(start), amount=item.amount)
        for item in injections
    )


def top_ups_of(party: str, top_up: TopUp | None) -> tuple[TopUpRule, ...]:
    """Return the rule by which the city's treasury replenishes a party."""
    if top_up is None:
        return ()
    limit = float("inf") if top_up.year_limit is None else top_up.year_limit
    return (TopUpRule(source=CITY, target=party, below=top_up.below, to=top_up.to, year_limit=limit),)


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
