"""A payment from a budget line: what falls due, what waits, what is owed, and what becomes of it."""

from __future__ import annotations

import math
from collections import defaultdict

from fundsim.reference.budget_levels import MONTHS
from fundsim.reference.part_paid import part_paid
from fundsim.scheme import LinePayment
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Owing"]


class Owing:
    """One payment's account on one path; attributes with the name of a record are that record [yuan].

    Args:
        terms: its rule.
    """

    def __init__(self, terms: LinePayment) -> None:
        self.terms = terms
        self.due = 0.0
        self.capped = 0.0
        self.paid = 0.0
        self.refused = 0.0
        self.n_paid = 0.0
        self.n_refused = 0.0
        self.arrears = 0.0
        self._due_in: dict[int, float] = defaultdict(float)
        """Budget year → what fell due in it."""
        self._waiting: dict[int, float] = defaultdict(float)
        """Month in which it becomes payable → what waits for it."""

    @property
    def owed(self) -> float:
        """Fallen due and neither paid nor refused."""
        return self.arrears + sum(self._waiting.values())

    def fall_due(self, amount: float, month: int, payable_in: int) -> None:
        """Let an amount fall due, as far as the caps leave room for it.

        Args:
            amount: before the caps [yuan].
            month: the present month.
            payable_in: month in which the line pays it, this one or a later one.
        """
        year = month // MONTHS
        room = min(self.terms.cap_year - self._due_in[year], self.terms.cap_total - self.due)
        within = min(amount, self.n_awards(room) * self.terms.amount if self.terms.whole else max(0.0, room))
        self.capped += amount - within
        self.due += within
        self._due_in[year] += within
        if within > 0.0:
            self._waiting[payable_in] += within

    def n_awards(self, money: float) -> float:
        """Return for how many whole awards some money is enough, half a fen given."""
        if math.isinf(money):
            return math.inf
        return float(math.floor((max(0.0, money) + HALF_A_FEN) / self.terms.amount))

    def payable(self, month: int) -> float:
        """Take what is payable in a month out of what waits [yuan]."""
        return self._waiting.pop(month, 0.0)

    def wanted_of(self, amount: float, money: float) -> float:
        """Return what a line with some money left for it pays of an amount, when its turn comes [yuan]."""
        if self.terms.whole:
            awards = min(float(round(amount / self.terms.amount)), self.n_awards(money))
            return awards * self.terms.amount
        return part_paid(money, amount) * amount

    def note_paid(self, amount: float, settled: float) -> None:
        """Count what has been paid, and what that settles [yuan]."""
        self.paid += amount
        self.n_paid += self._n_events(settled)

    def leave(self, unpaid: float) -> None:
        """Keep what stays unpaid as arrears, or refuse it for good."""
        if self.terms.arrears:
            self.arrears += unpaid
        else:
            self.refused += unpaid
            self.n_refused += self._n_events(unpaid)

    def _n_events(self, amount: float) -> float:
        return amount / self.terms.amount if self.terms.base == "counted" else 0.0
