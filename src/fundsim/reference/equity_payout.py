"""The end of a fund's month: it recycles, distributes, cedes, and says what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_concession import base_of, ceded, is_tested, strike
from fundsim.reference.equity_money import Money
from fundsim.reference.equity_raising import Raised
from fundsim.scheme import CallOption, EquityFund, ExcessShare
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Holdings", "Payout"]


class Holdings(Protocol):
    """What a fund holds: deals, stakes in sub-funds, or one value that grows at a rate."""

    proceeds_now: float
    """What it has brought since this was last set to 0 [yuan]."""

    @property
    def cost(self) -> float:
        """Cost of what has not ended [yuan]."""
        ...

    def __len__(self) -> int: ...

    def invest(self, month: int, age: int) -> None:
        """Put the fund's money to work."""
        ...

    def end_month(self, month: int, age: int) -> None:
        """Bring what it brings by itself before the fund distributes."""
        ...

    def expected_value(self, month: int) -> float:
        """Return what it is expected to bring [yuan]."""
        ...

    def joint_expected(self, month: int) -> float:
        """Return what government's own part beside the fund is expected to bring [yuan]."""
        ...

    def marked(self, month: int) -> float:
        """Return its value at the stated mark [yuan]."""
        ...


class Payout:
    """What a fund does with the proceeds of its holdings.

    Args:
        terms: the fund.
        books: what it counts.
        money: its accounts.
        holdings: what it holds.
        raised: what its partners commit.
        is_parent: whether sub-funds may call it to its end.
    """

    def __init__(
        self,
        terms: EquityFund,
        books: EquityBooks,
        money: Money,
        holdings: Holdings,
        raised: Raised,
        *,
        is_parent: bool,
    ) -> None:
        self._terms = terms
        self._books = books
        self._money = money
        self._holdings = holdings
        self._raised = raised
        self._is_parent = is_parent
        self._distributed_government = 0.0
        """Without clawbacks, which are not ceded [yuan]."""

    def pay_out(self, month: int, age: int) -> None:
        """Recycle, distribute and cede what a month has brought."""
        money, last = self._money, month == self._terms.last
        self._holdings.end_month(month, age)
        partners = money.distribute(self._recycle(age))
        money.pay_partners(partners, self._cede(age, money.part_of_government(partners)))
        if last:
            money.pay_partners(money.claw_back())
        if self._books.set_up:
            self._offer_stake(month, age)

    def _recycle(self, age: int) -> float:
        """Keep proceeds for new deals; return what is to be distributed [yuan]."""
        money, proceeds = self._money, self._holdings.proceeds_now
        self._holdings.proceeds_now = 0.0
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
        base = self._raised.government
        if not self._is_parent:
            base = base_of(
                self._terms,
                age,
                committed=base,
                called=self._money.calls.called_government,
                unsold_cost=self._holdings.cost,
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
        value = self._of_government(money.recycled + rule.option_mark * self._holdings.cost)
        if value > price + HALF_A_FEN:
            money.sell_stake(price)
            self._books.sold_month = float(month)
            self._books.option_cost += value - price

    def _of_government(self, value: float) -> float:
        """Return government's part of a value, if it ran through the waterfall now [yuan]."""
        return self._money.part_of_government(self._money.waterfall.would_give_partners(value))

    def mark(self, month: int) -> None:
        """Say at a month's end what is left, and what it is worth."""
        books, money, holdings = self._books, self._money, self._holdings
        expected = holdings.expected_value(month)
        books.hurdle_owed = money.waterfall.owed
        books.n_unsold, books.unsold_cost, books.expected_value = len(holdings), holdings.cost, expected
        books.joint_expected = holdings.joint_expected(month)
        books.nav = money.recycled + holdings.marked(month)
        books.nav_government = self._of_government(books.nav)
        books.nav_social = money.waterfall.would_give_partners(books.nav) - books.nav_government
        books.expected_government = self._of_government(money.recycled + expected)

    def rates(self, month: int) -> Callable[[], Mapping[str, float]]:
        """Return what finds the records of internal rates of return at a month's end, if anybody asks.

        Value that is left counts as received, but not at the fund's end or later.
        """
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
        if month >= self._terms.last:
            left = dict.fromkeys(left, 0.0)
        return money.flows.rates(called=called, left=left)
