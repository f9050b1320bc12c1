"""Funds of funds: what a parent holds is stakes in sub-funds, and each of them calls it."""

from __future__ import annotations

from fundsim.reference.clock import Clock
from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_spending import Spending
from fundsim.scheme import EquityFund
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Stake", "SubFunds"]


class SubFunds:
    """The stakes of a parent.

    Args:
        terms: the parent.
        clock: the city's.
        books: what the parent counts.
        spending: its money, and what it may spend.
    """

    def __init__(self, terms: EquityFund, clock: Clock, books: EquityBooks, spending: Spending) -> None:
        self._terms = terms
        self._clock = clock
        self._spending = spending
        self.books = books
        self._stakes: list[Stake] = []
        self.proceeds_now = 0.0
        """What sub-funds have brought since this was last set to 0 [yuan]."""

    def stake(self, books: EquityBooks) -> Stake:
        """Return the stake in a new sub-fund that counts in these books."""
        self._stakes.append(Stake(self, books))
        return self._stakes[-1]

    def commit(self, planned: float) -> float:
        """Commit to a sub-fund what it plans, as far as the parent still invests so much [yuan]."""
        books = self.books
        if not books.set_up:
            return 0.0
        amount = min(planned, self._spending.investable - books.committed_down)
        if amount < HALF_A_FEN:
            return 0.0
        books.committed_down += amount
        return amount

    def pay(self, asked: float) -> float:
        """Have so much ready for a call of a sub-fund: recycled money first; the rest is called [yuan]."""
        age = self._clock.month - self._terms.start
        found = self._spending.money.find(min(asked, self._spending.room(age)))
        self.books.invested += found.total
        self.books.invested_social += found.social
        return found.total

    def __len__(self) -> int:
        return sum(stake.lives for stake in self._stakes)

    @property
    def cost(self) -> float:
        """What was paid to sub-funds that live, less what each has brought, which is not below 0 [yuan]."""
        return sum((stake.cost for stake in self._stakes), 0.0)

    def invest(self, month: int, age: int) -> None:
        """Do nothing: sub-funds call."""

    def end_month(self, month: int, age: int) -> None:
        """Do nothing: sub-funds have ended by themselves."""

    def expected_value(self, month: int) -> float:
        """Return the parent's part of what sub-funds have and are expected to bring [yuan]."""
        return sum((stake.books.expected_government for stake in self._stakes), 0.0)

    def marked(self, month: int) -> float:
        """Return the parent's part of the sub-funds' net asset value, each at its own mark [yuan]."""
        return sum((stake.books.nav_government for stake in self._stakes), 0.0)

    def joint_expected(self, month: int) -> float:
        """Return 0: nobody joins a parent."""
        return 0.0


class Stake:
    """A parent's stake in one sub-fund, whose calls it pays.

    Args:
        family: the parent's stakes.
        books: what the sub-fund counts.
    """

    paid_in = held = 0.0
    """It has no custody."""

    def __init__(self, family: SubFunds, books: EquityBooks) -> None:
        self._family = family
        self.books = books
        self.lives = False
        """Whether the sub-fund is set up and has not ended."""
        self._paid = self._received = 0.0

    @property
    def cost(self) -> float:
        """What was paid less what was received, not below 0; 0 once the sub-fund has ended [yuan]."""
        return max(0.0, self._paid - self._received) if self.lives else 0.0

    def commit(self, planned: float) -> float:
        """Return how much of what is planned the parent commits [yuan]."""
        return self._family.commit(planned)

    def pay(self, asked: float) -> float:
        """Have so much ready in the parent's account, as far as it comes in [yuan]."""
        paid = self._family.pay(asked)
        self._paid += paid
        return paid

    def receive(self, amount: float) -> None:
        """Have what the sub-fund, or who buys the stake, has paid to the parent [yuan]."""
        self._received += amount
        self._family.proceeds_now += amount

    def give_back(self) -> float:
        """Do nothing: there is no custody."""
        return 0.0

    def begin(self) -> None:
        """Count the sub-fund, which has been set up."""
        self.lives = True
        self._family.books.n_deals += 1

    def end(self) -> None:
        """Count the sub-fund, which has lived its last month, as sold for all that it brought."""
        if self.lives:
            books = self._family.books
            books.n_exited += 1
            books.realised_cost += self._paid
            books.proceeds += self._received
            books.lost += max(0.0, self._paid - self._received)
            self.lives = False
