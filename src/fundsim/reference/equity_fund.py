"""An equity fund on one path: one process is the fund, and one is each of its deals.

In a month it closes, pays its fee and makes deals; then deals that ring wake; then it distributes what they
have brought.  A fund of funds closes and pays before its sub-funds, which call it for their deals, and
distributes after they have distributed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundsim.reference.clock import Process, Stage
from fundsim.reference.economy import index_of
from fundsim.reference.equity_beside import Beside
from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_custody import Custody
from fundsim.reference.equity_deals import DealLaws
from fundsim.reference.equity_draws import EquityDraws, beta_value
from fundsim.reference.equity_family import Stake, SubFunds
from fundsim.reference.equity_money import Money
from fundsim.reference.equity_pacing import Paced
from fundsim.reference.equity_payout import Holdings, Payout
from fundsim.reference.equity_portfolio import Portfolio
from fundsim.reference.equity_raising import Raised
from fundsim.reference.equity_spending import Spending
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
        parent: the stakes of its parent, if it has one.
    """

    def __init__(self, terms: EquityFund, city: City, parent: SubFunds | None = None) -> None:
        self.terms = terms
        self._clock = city.clock
        self._window_end = city.policy_months - 1
        self._end = terms.end(city.scheme)
        is_parent = terms.is_parent(city.scheme)
        self._stages = (
            (Stage.PARENT_FUNDS, Stage.PARENT_DISTRIBUTIONS)
            if is_parent
            else (Stage.EQUITY, Stage.DISTRIBUTIONS)
        )
        draws = EquityDraws(terms, city.seed, city.path)
        self._raised = Raised(terms, city.factors.city, draws)
        self.books = EquityBooks(self._raised.share)
        self._stake: Stake | None = None if parent is None else parent.stake(self.books)
        self._payer = Custody(terms, city.ledger) if self._stake is None else self._stake
        shortfall = beta_value(terms.call_shortfall, draws.shortfall)
        self.money = Money(terms, city.ledger, self._payer, self.books, shortfall)
        self._beside = Beside(terms, city.ledger, self.books)
        spending = Spending(terms, self._raised, self.money)
        self.sub_funds: SubFunds | None = None
        self._holdings: Holdings
        if is_parent:
            self.sub_funds = SubFunds(terms, city.clock, self.books, spending)
            self._holdings = self.sub_funds
        else:
            self._holdings = self._own_holdings(city, draws, spending)
        self._payout = Payout(
            terms, self.books, self.money, self._holdings, self._raised, is_parent=is_parent
        )

    def _own_holdings(self, city: City, draws: EquityDraws, spending: Spending) -> Holdings:
        """Return what a fund holds that is no parent."""
        terms = self.terms
        if terms.pacing is not None:
            return Paced(terms.pacing, terms.life, self.books, self.money)
        laws = DealLaws(terms, index_of(city.factors, terms.city_weight, terms.sector))
        return Portfolio(terms, laws, draws, city.clock, self.books, spending, self._beside)

    def live(self) -> Process:
        """The fund: from the window's first month on, because custody may be paid in before its own.

        Funds that act at one stage do so in the order of the scheme, as their processes have been started.
        """
        first, second = self._stages
        for month in range(self._end + 1):
            yield self._clock.tick(month, first)
            self.money.see_custody()
            age = month - self.terms.start
            alive = self.terms.start <= month <= self.terms.last
            if alive:
                self._begin_month(month, age)
            yield self._clock.tick(month, second)
            if alive:
                self._payout.pay_out(month, age)
            if self._needs_no_more(month):
                self.money.empty_custody()
            self._beside.give_back(month)
            if alive:
                self._payout.mark(month)
            if self._stake is not None and month == self.terms.last:
                self._stake.end()
            if month in (self._window_end, self.terms.last):
                self.books.rates[month] = self._payout.rates(month)

    def _needs_no_more(self, month: int) -> bool:
        """Return whether the fund can't call what custody holds, from the end of this month on."""
        never_set_up = self.books.not_set_up_month <= month
        return never_set_up or self.money.calls.sold or month >= self.terms.last

    def _begin_month(self, month: int, age: int) -> None:
        committed_before = self.money.calls.committed
        self.money.begin_month()
        if age == 0:
            self._commit(month)
        self._close(month, age)
        if self.books.set_up:
            self._pay_fee(age, committed_before)
            self._holdings.invest(month, age)

    def _commit(self, month: int) -> None:
        """Hear how much of the planned money may be committed; with next to nothing there is no fund."""
        committed = self._payer.commit(self.terms.planned)
        self._raised.part = committed / self.terms.planned
        if committed < HALF_A_FEN:
            self.books.not_set_up_month = float(month)

    def _close(self, month: int, age: int) -> None:
        """Hold the closing of a month, if there is one, and see whether it sets the fund up."""
        if self.books.not_set_up_month <= month:
            return
        calls = self.money.calls
        calls.commit(*self._raised.closing(age))
        if self.books.set_up:
            return
        if self._raised.sets_up(age, calls.committed_social):
            self.books.set_up = True
            self.books.set_up_month = float(month)
            if self._stake is not None:
                self._stake.begin()
        elif self._raised.too_late(age):
            self.books.not_set_up_month = float(month)

    def _pay_fee(self, age: int, committed_before: float) -> None:
        """Pay the fee of a month: on commitments before its closing, after the investment period on cost."""
        terms = self.terms
        if age < terms.life:
            base = committed_before if age < terms.investment else self._holdings.cost
            self.money.pay_fee((terms.fee_rate * base + terms.fund_cost) / 12.0)
