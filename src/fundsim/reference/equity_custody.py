"""Who stands behind government's stake in an equity fund: a custody account, or a parent."""

from __future__ import annotations

from typing import Protocol

from fundsim.reference.ledger import Ledger
from fundsim.scheme import EquityFund

__all__ = ["Custody", "Payer"]


class Payer(Protocol):
    """Pays the calls on government's stake, and has what it brings."""

    @property
    def paid_in(self) -> float:
        """What has been paid into custody since the path began [yuan]."""
        ...

    @property
    def held(self) -> float:
        """What custody holds [yuan]."""
        ...

    def commit(self, planned: float) -> float:
        """Say in the fund's first month how much of its planned money may be committed [yuan]."""
        ...

    def pay(self, asked: float) -> float:
        """Have so much ready for a call, as far as there is so much, and return it [yuan]."""
        ...

    def receive(self, amount: float) -> None:
        """Have what the treasury, or the parent, has been paid by the fund or for its stake [yuan]."""
        ...

    def give_back(self) -> float:
        """Give back all that custody holds, and return it [yuan]."""
        ...


class Custody:
    """Government's own account for its money in a fund.

    Args:
        terms: the fund.
        ledger: the city's.
    """

    def __init__(self, terms: EquityFund, ledger: Ledger) -> None:
        self._terms = terms
        self._ledger = ledger

    @property
    def paid_in(self) -> float:
        """What has been paid in since the path began, its opening money included [yuan]."""
        return self._ledger.paid_in.get(self._terms.custody, 0.0)

    @property
    def held(self) -> float:
        """What lies there [yuan]."""
        return self._ledger.payable(self._terms.custody)

    def commit(self, planned: float) -> float:
        """Commit all that is planned [yuan]."""
        return planned

    def pay(self, asked: float) -> float:
        """Return what a call can have of what lies there [yuan]."""
        return min(asked, self.held)

    def receive(self, amount: float) -> None:
        """Do nothing: the treasury keeps what it is paid."""

    def give_back(self) -> float:
        """Give all to the treasury, and return it [yuan]."""
        return self._ledger.transfer(self._terms.custody, self._terms.treasury, "equity_custody", self.held)
