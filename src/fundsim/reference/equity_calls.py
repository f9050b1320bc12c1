"""Commitments to an equity fund, and the calls that draw on them."""

from __future__ import annotations

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

    def call(self, wanted: float, in_custody: float) -> Paid:
        """Call so much, and return what comes in.

        Args:
            wanted: what is called.
            in_custody: what custody holds; it is no limit for buyers of the stake.
        """
        asked = min(wanted, self.uncalled)
        self.called += asked
        left = self.committed_government - self.called_government - self.called_by_buyers
        most = max(0.0, left if self.sold else min(left, in_custody))
        target = self.terms.social_target
        whole = target + self.terms.planned
        if self.terms.government_first or target == 0.0:
            stake = min(asked, most)
            social = self._pay_social(asked - stake)
        else:
            social = self._pay_social(asked * target / whole)
            stake = min(social * self.terms.planned / target, most)
        if self.sold:
            self.called_by_buyers += stake
        else:
            self.called_government += stake
        return Paid(social, stake)

    def _pay_social(self, due: float) -> float:
        """Have social partners pay what is due but for the part that fails; never more than committed."""
        due = min(due, max(0.0, self.committed_social - self.due_social))
        self.due_social += due
        failed = due * self.shortfall
        self.failed_calls += failed
        self.paid_social += due - failed
        return due - failed
