"""The waterfall: contributions back, hurdle, catch-up, carry, over all deals of a fund together."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from fundsim.scheme import equity_laws

__all__ = ["Split", "Waterfall"]


@dataclass(frozen=True, slots=True)
class Split:
    """One distribution by step [yuan]."""

    to_contributions: float
    to_hurdle: float
    to_catch_up: float
    to_carry: float
    to_partners: float

    @property
    def partners(self) -> float:
        """What partners take."""
        return self.to_contributions + self.to_hurdle + self.to_partners

    @property
    def manager(self) -> float:
        """What the manager takes."""
        return self.to_catch_up + self.to_carry


@dataclass(slots=True)
class Waterfall:
    """What partners are owed and what has been distributed [yuan]."""

    terms: equity_laws.Waterfall
    owed: float = 0.0
    """The hurdle account H: contributions and hurdle that partners are still owed."""
    contributed: float = 0.0
    paid_back: float = 0.0
    """Contributions paid back."""
    distributed: float = 0.0
    """To partners and manager."""
    carry: float = 0.0
    """What the manager has taken."""

    def begin_month(self) -> None:
        """Let the hurdle account grow by a month."""
        self.owed *= (1.0 + self.terms.hurdle) ** (1.0 / 12.0)

    def contribute(self, amount: float) -> None:
        """Add what partners paid on a call."""
        self.contributed += amount
        self.owed += amount

    def distribute(self, amount: float) -> Split:
        """Distribute money, step by step."""
        first = min(amount, self.owed)
        to_contributions = min(first, max(0.0, self.contributed - self.paid_back))
        self.owed -= first
        self.paid_back += to_contributions
        self.distributed += first

        rest = amount - first
        catching_up = min(rest, self._until_caught_up())
        to_catch_up = self.terms.catch_up * catching_up
        to_carry = self.terms.carry * (rest - catching_up)
        self.distributed += rest
        self.carry += to_catch_up + to_carry
        return Split(
            to_contributions, first - to_contributions, to_catch_up, to_carry, rest - to_catch_up - to_carry
        )

    def _until_caught_up(self) -> float:
        """Return y with carry + κ y = c × (all distributions + y − contributions); 0 without a catch-up."""
        share, carry = self.terms.catch_up, self.terms.carry
        if share == 0.0:
            return 0.0
        missing = carry * (self.distributed - self.contributed) - self.carry
        return max(0.0, missing / (share - carry))

    def claw_back(self) -> float:
        """Return what the manager gives back to partners at the end; 0 without a clawback."""
        if not self.terms.clawback:
            return 0.0
        earned = self.terms.carry * max(0.0, self.distributed - self.contributed)
        back = min(self.carry, max(self.carry - earned, self.owed))
        self.owed = max(0.0, self.owed - back)
        return back

    def would_give_partners(self, amount: float) -> float:
        """Return what partners would take of money that were distributed now."""
        return copy(self).distribute(amount).partners
