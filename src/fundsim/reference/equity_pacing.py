"""A fund that calls and distributes by rates, in place of deals (Takahashi and Alexander 2002)."""

from __future__ import annotations

from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_money import Money
from fundsim.scheme.equity_laws import Pacing

__all__ = ["Paced"]


class Paced:
    """What a fund with rates holds: one value that grows, and that acts in the last month of each year.

    Args:
        rates: of calls, growth and distributions.
        life: of the fund [months].
        books: what it counts.
        money: its accounts.
    """

    def __init__(self, rates: Pacing, life: int, books: EquityBooks, money: Money) -> None:
        self._rates = rates
        self._years = life // 12
        self._books = books
        self._money = money
        self._came_in = 0.0
        """On the call of this year [yuan]."""
        self.proceeds_now = 0.0
        """What has been brought since this was last set to 0 [yuan]."""
        self.cost = 0.0
        """Net asset value [yuan]."""

    def __len__(self) -> int:
        return 0

    def invest(self, month: int, age: int) -> None:
        """Call a part of what is not called yet."""
        year, after = divmod(age + 1, 12)
        if after == 0:
            found = self._money.find(self._rates.called(year) * self._money.calls.uncalled)
            self._money.pay_firm(found.total)
            self._books.invested += found.total
            self._books.invested_social += found.social
            self._came_in = found.total

    def end_month(self, month: int, age: int) -> None:
        """Bring a part of the value of the year before, which has grown; what was called is added to it."""
        year, after = divmod(age + 1, 12)
        if after == 0:
            grown = self.cost * (1.0 + self._rates.growth)
            brought = self._rates.distributed(year, self._years) * grown
            self._books.proceeds += brought
            self._money.have_from_firm(brought)
            self.proceeds_now += brought
            self.cost = grown - brought + self._came_in
            self._came_in = 0.0

    def expected_value(self, month: int) -> float:
        """Return the same as its cost [yuan]."""
        return self.cost

    def marked(self, month: int) -> float:
        """Return the same as its cost [yuan]."""
        return self.cost

    def joint_expected(self, month: int) -> float:
        """Return 0: nobody joins it."""
        return 0.0
