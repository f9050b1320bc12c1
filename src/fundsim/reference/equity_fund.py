"""An equity fund on one path: one process is the fund, and one is each of its deals.

In a month it closes, pays its fee and makes deals; then deals that ring wake; then it distributes what they
have brought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundsim.reference.clock import Process, Stage
from fundsim.reference.economy import index_of
from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_deals import Deal, DealLaws
from fundsim.reference.equity_draws import EquityDraws, beta_value, poisson_value
from fundsim.reference.equity_money import Money
from fundsim.reference.equity_payout import Payout
from fundsim.reference.equity_portfolio import Portfolio
from fundsim.reference.equity_raising import Raised
from fundsim.scheme import EquityFund
from fundsim.scheme.money import HALF_A_FEN

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["Fund"]


class Fund:
    """An equity fund on one path.

    Args:
        terms: its rules.
        city: the path that it belongs to.
    """

    def __init__(self, terms: EquityFund, city: City) -> None:
        self.terms = terms
        self._clock = city.clock
        self._window_end = city.policy_months - 1
        self._end = terms.end(city.scheme)
        self._draws = EquityDraws(terms, city.seed, city.path)
        self._raised = Raised(terms, city.factors.city, self._draws)
        self._laws = DealLaws(terms, index_of(city.factors, terms.city_weight, terms.sector))
        self._investable = terms.investable(self._raised.total)
        self._set_up_age = 0
        self.books = EquityBooks(self._raised.share)
        shortfall = beta_value(terms.call_shortfall, self._draws.shortfall)
        self.money = Money(terms, city.ledger, self.books, shortfall)
        self.portfolio = Portfolio(self._laws, city.clock, self.books, self.money)
        self._payout = Payout(terms, self.books, self.money, self.portfolio, self._raised.government)

    def live(self) -> Process:
        """The fund: from the window's first month on, because custody may be paid in before its own."""
        for month in range(self._end + 1):
            yield self._clock.tick(month, Stage.EQUITY)
            self.money.see_custody()
            age = month - self.terms.start
            alive = self.terms.start <= month <= self.terms.last
            if alive:
                self._begin_month(month, age)
            yield self._clock.tick(month, Stage.DISTRIBUTIONS)
            if alive:
                self._payout.pay_out(month, age)
            if self._needs_no_more(month):
                self.money.empty_custody()
            if alive:
                self._payout.mark(month)
            if month in (self._window_end, self.terms.last):
                self.books.rates[month] = self._payout.rates()

    def _needs_no_more(self, month: int) -> bool:
        """Return whether the fund can't call what custody holds, from the end of this month on."""
        never_set_up = self.books.not_set_up_month <= month
        return never_set_up or self.money.calls.sold or month >= self.terms.last

    def _begin_month(self, month: int, age: int) -> None:
        committed_before = self.money.calls.committed
        self.money.begin_month()
        self._close(month, age)
        if self.books.set_up:
            self._pay_fee(age, committed_before)
            if age < self.terms.investment:
                self._invest(month, age)

    def _close(self, month: int, age: int) -> None:
        """Hold the closing of a month, if there is one, and see whether it sets the fund up."""
        if self.books.not_set_up_month < month:
            return
        calls = self.money.calls
        calls.commit(*self._raised.closing(age))
        if self.books.set_up:
            return
        if self._raised.sets_up(age, calls.committed_social):
            self.books.set_up = True
            self.books.set_up_month = float(month)
            self._set_up_age = age
        elif self._raised.too_late(age):
            self.books.not_set_up_month = float(month)

    def _pay_fee(self, age: int, committed_before: float) -> None:
        """Pay the fee of a month: on commitments before its closing, after the investment period on cost."""
        terms = self.terms
        if age < terms.life:
            base = committed_before if age < terms.investment else self.portfolio.cost
            self.money.pay_fee((terms.fee_rate * base + terms.fund_cost) / 12.0)

    def _invest(self, month: int, age: int) -> None:
        """Make the deals of a month."""
        months = self.terms.investment - self._set_up_age
        mean = self._investable / self.terms.deal_size / months
        for k in range(poisson_value(mean, self._draws.number(month))):
            self._make_deal(month, age, k)

    def _room(self, age: int) -> float:
        """Return what the fund has for a deal: recycled and uncalled money, less fees still to be called."""
        terms = self.terms
        to_invest, after = terms.investment - 1 - age, terms.life - terms.investment
        fees = terms.fee_rate / 12.0 * (self._raised.total * to_invest + self._investable * after)
        fees += terms.fund_cost / 12.0 * (terms.life - 1 - age)
        return max(0.0, self.money.recycled + self.money.calls.uncalled - fees)

    def _make_deal(self, month: int, age: int, k: int) -> None:
        """Put money into a firm: recycled money first; the rest is called."""
        money, books, draws = self.money, self.books, self._draws.deal(month, k)
        wanted = min(self._laws.size(draws), self._room(age))
        if wanted < HALF_A_FEN:
            return
        recycled = min(money.recycled, wanted)
        social = recycled * money.calls.social_share
        paid = money.call(wanted - recycled)
        cost = recycled + paid.total
        if cost < HALF_A_FEN:
            money.recycled += paid.total
            return
        social += paid.total if money.calls.sold else paid.social
        money.recycled -= recycled
        money.pay_firm(cost)
        books.n_deals += 1
        books.invested += cost
        books.invested_social += social
        if draws.locality < self.terms.local_share:
            books.invested_local += cost
        self.portfolio.add(Deal(self._laws.stage(draws), month, cost, draws))
