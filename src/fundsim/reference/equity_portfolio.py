"""The deals that an equity fund holds; a process is a deal, from its month until one of its clocks rings."""

from __future__ import annotations

from fundsim.reference.clock import Clock, Process, Stage
from fundsim.reference.equity_beside import MONTHS_BETWEEN_GRANTS, Beside
from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_deals import Deal, DealLaws
from fundsim.reference.equity_draws import EquityDraws, poisson_value
from fundsim.reference.equity_spending import Spending
from fundsim.scheme import EquityFund
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Portfolio"]


class Portfolio:
    """Deals that have not ended, and what those that end bring.

    Args:
        terms: the fund.
        laws: how deals end on the path.
        draws: draws of the fund.
        clock: the city's.
        books: what the fund counts.
        spending: its money, and what it may spend.
        beside: public money beside it.
    """

    def __init__(
        self,
        terms: EquityFund,
        laws: DealLaws,
        draws: EquityDraws,
        clock: Clock,
        books: EquityBooks,
        spending: Spending,
        beside: Beside,
    ) -> None:
        self._terms = terms
        self._laws = laws
        self._draws = draws
        self._clock = clock
        self._books = books
        self._money = spending.money
        self._spending = spending
        self._beside = beside
        self._unsold: list[Deal] = []
        self.proceeds_now = 0.0
        """What deals, and subsidies for them, have brought since this was last set to 0 [yuan]."""

    @property
    def cost(self) -> float:
        """Cost of the deals that have not ended [yuan]."""
        return sum((deal.cost for deal in self._unsold), 0.0)

    def expected_value(self, month: int) -> float:
        """Return what deals that have not ended by a month's end are expected to bring [yuan]."""
        return sum(
            (deal.cost * self._laws.expected_multiple(deal, month) for deal in self._unsold),
            0.0,
        )

    def joint_expected(self, month: int) -> float:
        """Return what government's own part in these deals is expected to bring [yuan]."""
        return sum(
            (deal.joined * self._laws.expected_multiple(deal, month) for deal in self._unsold),
            0.0,
        )

    def marked(self, month: int) -> float:
        """Return the value of these deals at the stated mark [yuan]."""
        return self.cost if self._terms.mark == "cost" else self.expected_value(month)

    def __len__(self) -> int:
        return len(self._unsold)

    def invest(self, month: int, age: int) -> None:
        """Make the deals of a month of the investment period, and grant money to firms."""
        if age < self._terms.investment:
            months = self._terms.investment - (int(self._books.set_up_month) - self._terms.start)
            mean = self._spending.investable / self._terms.deal_size / months
            for k in range(poisson_value(mean, self._draws.number(month))):
                self._make_deal(month, age, k)
        self._beside.grant(self._made_in(month), self._made_in(month - MONTHS_BETWEEN_GRANTS))

    def _made_in(self, month: int) -> list[Deal]:
        return [deal for deal in self._unsold if deal.made == month]

    def _make_deal(self, month: int, age: int, k: int) -> None:
        """Put money into a firm, and let the clocks of the deal run."""
        money, books, draws = self._money, self._books, self._draws.deal(month, k)
        wanted = min(self._laws.size(draws), self._spending.room(age))
        if wanted < HALF_A_FEN:
            return
        found = money.find(wanted)
        cost = found.total
        if cost < HALF_A_FEN:
            money.recycled += cost
            return
        money.pay_firm(cost)
        books.n_deals += 1
        books.invested += cost
        books.invested_social += found.social
        if draws.locality < self._terms.local_share:
            books.invested_local += cost
        deal = Deal(self._laws.stage(draws), month, cost, draws, self._beside.join(cost))
        self.proceeds_now += self._beside.subsidise_cost(deal)
        self._unsold.append(deal)
        self._clock.start(self._hold(deal))

    def _hold(self, deal: Deal) -> Process:
        """A deal: wait until a clock rings, which may be never in the fund's life."""
        ending = self._laws.ending(deal)
        if ending is None:
            return
        yield self._clock.tick(ending.month, Stage.DEAL_ENDS)
        if ending.failed:
            self._books.n_failed += 1
        else:
            self._books.n_exited += 1
        self._end(deal, ending.proceeds)

    def end_month(self, month: int, age: int) -> None:
        """Sell all that is left, in the fund's last month."""
        if month == self._terms.last:
            for deal in tuple(self._unsold):
                self._books.n_liquidated += 1
                self._end(deal, self._laws.liquidated(deal))

    def _end(self, deal: Deal, proceeds: float) -> None:
        self._unsold.remove(deal)
        self._books.realised_cost += deal.cost
        self._books.proceeds += proceeds
        self._books.lost += max(0.0, deal.cost - proceeds)
        self.proceeds_now += proceeds + self._beside.subsidise_loss(deal, proceeds)
        self._money.have_from_firm(proceeds)
        self._beside.leave(deal, proceeds)
