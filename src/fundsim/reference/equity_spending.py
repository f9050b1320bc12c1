"""What an equity fund may spend: what it plans to invest, and what fees to come leave of its money."""

from __future__ import annotations

from fundsim.reference.equity_money import Money
from fundsim.reference.equity_raising import Raised
from fundsim.scheme import EquityFund

__all__ = ["Spending"]


class Spending:
    """Plans of a fund on a path.

    Args:
        terms: its rules.
        raised: what its partners commit.
        money: its accounts.
    """

    def __init__(self, terms: EquityFund, raised: Raised, money: Money) -> None:
        self._terms = terms
        self._raised = raised
        self.money = money

    @property
    def investable(self) -> float:
        """I: what is to be invested in all [yuan]."""
        return self._terms.investable(self._raised.total)

    def room(self, age: int) -> float:
        """Return recycled and uncalled money less planned fees that are not yet due [yuan].

        Args:
            age: month of the fund's life, whose fee has been paid.
        """
        terms = self._terms
        to_live = max(0, terms.life - 1 - age)
        to_invest = max(0, terms.investment - 1 - age)
        fees = terms.fee_rate * (self._raised.total * to_invest + self.investable * (to_live - to_invest))
        fees += terms.fund_cost * to_live
        return max(0.0, self.money.recycled + self.money.calls.uncalled - fees / 12.0)
