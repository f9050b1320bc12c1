"""Commitments to an equity fund, and the calls that draw on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fundsim.scheme import EquityFund

__all__ = ["Calls", "Paid"]


@dataclass(frozen=True, slots=True)
class Paid:
    """What came in on one call [yuan]."""

    social: float = 0.0
    """By social partners themselves."""
    stake: float = 0.0
    """On government's stake: by government, or by those who bought it."""

    @property
    def total(self) -> float:
        """All of it."""
        return self.social + self.stake


@dataclass(slots=True)
class Calls:
    """What partners have committed and paid; fields with the name of a record are that record [yuan]."""

    terms: EquityFund
    shortfall: float
    """Part of what is due by social partners that fails, on this path."""
    committed_social: float = 0.0
    committed_government: float = 0.0
    called_government: float = 0.0
    called_by_buyers: float = 0.0
    failed_calls: float = 0.0
    called: float = 0.0
    """Of the commitments, paid or not."""
    due_social: float = 0.0
    paid_social: float = 0.0
    """By social partners for themselves."""
    sold: bool = False
    """Whether social partners have bought government's stake."""

    @property
    def called_social(self) -> float:
        """What social partners have paid, for themselves and on a stake that they bought."""
        return self.paid_social + self.called_by_buyers

    @property
    def committed(self) -> float:
        """Commitments to date."""
        return self.committed_social + self.committed_government

    @property
    def uncalled(self) -> float:
        """Commitments to date that have not been called."""
        return max(0.0, self.committed - self.called)

    @property
    def contributions(self) -> float:
        """All that was paid on calls."""
        return self.called_social + self.called_government

    @property
    def stake_share(self) -> float:
        """Share of government's stake in the contributions, sold or not; 0 without contributions."""
        paid = self.contributions
        return (self.called_government + self.called_by_buyers) / paid if paid > 0.0 else 0.0

    @property
    def social_share(self) -> float:
        """Share of the contributions that social partners have paid; 0 without contributions."""
        paid = self.contributions
        return self.called_social / paid if paid > 0.0 else 0.0

    def commit(self, social: float, government: float) -> None:
        """Take the commitments of a closing."""
        self.committed_social += social
        self.committed_government += government

    def call(self, wanted: float, government: Callable[[float], float]) -> Paid:
        """Call so much, and return what comes in.

        Args:
            wanted: what is called.
            government: takes what is asked of it and returns what it pays; it is not asked any more when
                others have bought its stake.
        """
        asked = min(wanted, self.uncalled)
        self.called += asked
        target = self.terms.social_target
        if self.terms.government_first or target == 0.0:
            stake = self._pay_stake(asked, government)
            social = self._pay_social(asked - stake)
        else:
            social = self._pay_social(asked * target / (target + self.terms.planned))
            stake = self._pay_stake(social * self.terms.planned / target, government)
        return Paid(social, stake)

    def _pay_stake(self, due: float, government: Callable[[float], float]) -> float:
        """Have government, or those who bought its stake, pay what is due; never more than it committed."""
        left = self.committed_government - self.called_government - self.called_by_buyers
        due = min(due, max(0.0, left))
        if self.sold:
            self.called_by_buyers += due
            return due
        paid = government(due)
        self.called_government += paid
        return paid

    def _pay_social(self, due: float) -> float:
        """Have social partners pay what is due but for the part that fails; never more than committed."""
        due = min(due, max(0.0, self.committed_social - self.due_social))
        self.due_social += due
        failed = due * self.shortfall
        self.failed_calls += failed
        self.paid_social += due - failed
        return due - failed
