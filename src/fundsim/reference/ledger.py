"""Money: balances, and the one function that moves them."""

from __future__ import annotations

import math
from collections import defaultdict

from fundsim.scheme import Line, Party

__all__ = ["Ledger"]


class Ledger:
    """Balances of all parties and the cumulative amount of every line [yuan].

    A party that the scheme does not list (the firms, the outside world) has no limit and opens at 0.
    """

    def __init__(self, parties: tuple[Party, ...]) -> None:
        self.balance: dict[str, float] = defaultdict(float, {p.name: p.opening for p in parties})
        self.paid_in: dict[str, float] = {p.name: p.opening for p in parties}
        self.moved: dict[Line, float] = defaultdict(float)
        self._limited = {p.name for p in parties if p.limited}

    def payable(self, party: str) -> float:
        """Return the most that a party can pay now: what it holds, or infinity if it has no limit."""
        return max(0.0, self.balance[party]) if party in self._limited else math.inf

    def transfer(self, source: str, target: str, kind: str, amount: float) -> float:
        """Move money and book it on its line; return what was moved.

        A limited source never pays more than it holds.

        Args:
            source: the party that pays.
            target: the party that is paid.
            kind: what for.
            amount: what is to be paid [yuan], 0 or more.
        """
        moved = min(amount, self.payable(source))
        if moved > 0.0:
            self._move(source, target, kind, moved)
        return max(0.0, moved)

    def correct(self, source: str, target: str, kind: str, amount: float) -> None:
        """Book an amount that may be below zero: money that moved before month 0, on one line [yuan]."""
        self._move(source, target, kind, amount)

    def _move(self, source: str, target: str, kind: str, amount: float) -> None:
        self.balance[source] -= amount
        self.balance[target] += amount
        self.moved[Line(source=source, target=target, kind=kind)] += amount

    def pay_in(self, source: str, target: str, kind: str, amount: float) -> float:
        """Move money that counts as paid-in capital of the target; return what was moved [yuan]."""
        moved = self.transfer(source, target, kind, amount)
        self.paid_in[target] = self.paid_in.get(target, 0.0) + moved
        return moved

    def pay_in_settled(self, source: str, target: str, kind: str, amount: float) -> None:
        """Move money that counts as paid-in capital, by half a fen more than the source holds at most."""
        self._move(source, target, kind, amount)
        self.paid_in[target] = self.paid_in.get(target, 0.0) + amount
