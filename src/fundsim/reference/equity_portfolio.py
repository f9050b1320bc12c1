"""The deals that an equity fund holds; a process is a deal, from its month until one of its clocks rings."""

from __future__ import annotations

from fundsim.reference.clock import Clock, Process, Stage
from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_deals import Deal, DealLaws
from fundsim.reference.equity_money import Money

__all__ = ["Portfolio"]


class Portfolio:
    """Deals that have not ended, and what those that end bring.

    Args:
        laws: how deals end on the path.
        clock: the city's.
        books: what the fund counts.
        money: its accounts.
    """

    def __init__(self, laws: DealLaws, clock: Clock, books: EquityBooks, money: Money) -> None:
        self._laws = laws
        self._clock = clock
        self._books = books
        self._money = money
        self._unsold: list[Deal] = []
        self.proceeds_now = 0.0
        """What deals have brought since this was last set to 0 [yuan]."""

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

    def __len__(self) -> int:
        return len(self._unsold)

    def add(self, deal: Deal) -> None:
        """Take a deal, and let its clocks run."""
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

    def liquidate(self) -> None:
        """Sell all that is left."""
        for deal in tuple(self._unsold):
            self._books.n_liquidated += 1
            self._end(deal, self._laws.liquidated(deal))

    def _end(self, deal: Deal, proceeds: float) -> None:
        self._unsold.remove(deal)
        self._books.realised_cost += deal.cost
        self._books.proceeds += proceeds
        self._books.lost += max(0.0, deal.cost - proceeds)
        self.proceeds_now += proceeds
        self._money.have_from_firm(proceeds)
