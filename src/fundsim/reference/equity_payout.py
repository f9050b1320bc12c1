"""The end of a fund's month: it recycles, distributes, cedes, and says what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_concession import base_of, ceded, is_tested, strike
from fundsim.reference.equity_money import Money
from fundsim.reference.equity_portfolio import Portfolio
from fundsim.scheme import CallOption, EquityFund, ExcessShare
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Payout"]


class Payout:
    """What a fund does with the proceeds of its deals.

    Args:
        terms: the fund.
        books: what it counts.
        money: its accounts.
        portfolio: its deals.
        committed_government: what government commits in all closings of the path [yuan].
    """

    def __init__(
        self,
        terms: EquityFund,
        books: EquityBooks,
        money: Money,
        portfolio: Portfolio,
        committed_government: float,
    ) -> None:
        self._terms = terms
        self._books = books
        self._money = money
        self._portfolio = portfolio
        self._committed_government = committed_government
        self._distributed_government = 0.0
        """Without clawbacks, which are not ceded [yuan]."""

    def pay_out(self, month: int, age: int) -> None:
        """Recycle, distribute and cede what a month has brought; at the end sell the rest first."""
        money, last = self._money, month == self._terms.last
        if last:
            self._portfolio.liquidate()
        partners = money.distribute(self._recycle(age))
        money.pay_partners(partners, self._cede(age, money.part_of_government(partners)))
        if last:
            money.pay_partners(money.claw_back())
        if self._books.set_up:
            self._offer_stake(month, age)

    def _recycle(self, age: int) -> float:
        """Keep proceeds for new deals; return what is to be distributed [yuan]."""
        money, proceeds = self._money, self._portfolio.proceeds_now
        self._portfolio.proceeds_now = 0.0
        if age < self._terms.investment - 1:
            room = self._terms.recycling * money.calls.committed - self._books.recycled
            kept = min(proceeds, max(0.0, room))
            self._books.recycled += kept
            money.recycled += kept
            return proceeds - kept
        left, money.recycled = money.recycled, 0.0
        return proceeds + left

    def _cede(self, age: int, to_government: float) -> float:
        """Return what government leaves of its part of a month's distribution [yuan]."""
        self._distributed_government += to_government
        rule = self._terms.concession
        if not isinstance(rule, ExcessShare):
            return 0.0
        base = base_of(
            self._terms,
            age,
            committed=self._committed_government,
            called=self._money.calls.called_government,
            unsold_cost=self._portfolio.cost,
        )
        return ceded(
            rule,
            distributed_now=to_government,
            distributed=self._distributed_government,
            base=base,
            before=self._books.ceded,
        )

    def _offer_stake(self, month: int, age: int) -> None:
        """Sell government's stake if social partners gain by it."""
        rule, money = self._terms.concession, self._money
        if not isinstance(rule, CallOption) or money.calls.sold or not is_tested(rule, self._terms, age):
            return
        price = strike(rule, money.government_calls, self._distributed_government)
        value = self._of_government(money.recycled + rule.option_mark * self._portfolio.cost)
        if value > price + HALF_A_FEN:
            money.sell_stake(price)
            self._books.sold_month = float(month)
            self._books.option_cost += value - price

    def _of_government(self, value: float) -> float:
        """Return government's part of a value, if it ran through the waterfall now [yuan]."""
        return self._money.part_of_government(self._money.waterfall.would_give_partners(value))

    def mark(self, month: int) -> None:
        """Say at a month's end what is left, and what it is worth."""
        books, money, portfolio = self._books, self._money, self._portfolio
        expected = portfolio.expected_value(month)
        cost = portfolio.cost
        books.hurdle_owed = money.waterfall.owed
        books.n_unsold, books.unsold_cost, books.expected_value = len(portfolio), cost, expected
        books.nav = money.recycled + (cost if self._terms.mark == "cost" else expected)
        books.nav_government = self._of_government(books.nav)
        books.nav_social = money.waterfall.would_give_partners(books.nav) - books.nav_government
        books.expected_government = self._of_government(money.recycled + expected)

    def rates(self) -> Callable[[], Mapping[str, float]]:
        """Return what finds the records of internal rates of return at this month's end, if anybody asks."""
        books, money = self._books, self._money
        calls = money.calls
        called = {
            "fund": calls.contributions,
            "government": calls.called_government,
            "social": calls.called_social,
            "treasury": money.flows.paid_into_custody,
        }
        left = {
            "fund": books.nav_government + books.nav_social,
            "government": books.nav_government,
            "social": books.nav_social,
            "treasury": books.nav_government + money.in_custody,
        }
        return money.flows.rates(called=called, left=left)
