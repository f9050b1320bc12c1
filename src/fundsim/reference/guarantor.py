"""Prudential books of a guarantor: what it may owe, what it expects back, what it has earned."""

from __future__ import annotations

import math

from fundsim.reference.books import Portfolio
from fundsim.reference.ledger import Ledger
from fundsim.reference.settlement import ClaimsDesk
from fundsim.scheme import Guarantor

__all__ = ["GuarantorBooks"]

HALF_A_FEN = 0.005
"""Net assets further below zero than this make a guarantor insolvent [yuan]."""


class GuarantorBooks:
    """The books of one guarantor on one path; all amounts in yuan.

    Args:
        terms: its weights, rates and lines of income.
        portfolios: facilities by name.
        claims: the path's claims desk.
        ledger: the path's ledger.
    """

    def __init__(
        self, terms: Guarantor, portfolios: dict[str, Portfolio], claims: ClaimsDesk, ledger: Ledger
    ) -> None:
        self.terms = terms
        self.portfolios = portfolios
        self.claims = claims
        self.ledger = ledger
        self.reserve = 0.0
        self.insolvent_month = math.inf
        self._weights = {(w.facility, w.segment, w.band): w.weight for w in terms.weights}
        self._fees_to_date: list[float] = []
        """Fees received up to each month's end."""

    def weight(self, facility: str, segment: str, band: int) -> float:
        """Return what a yuan of principal of a band counts in the liability; 0 if it is not guaranteed."""
        return self._weights.get((facility, segment, band), 0.0)

    def liability(self, month: int) -> float:
        """Σ weight × outstanding principal."""
        return sum(
            w.weight * self.portfolios[w.facility].outstanding_of(w.segment, w.band, month)
            for w in self.terms.weights
        )

    def receivable(self, month: int) -> float:
        """What it may expect to recover of what it paid and has not had back from those who cover it."""
        return self.terms.expected_recovery * sum(
            self._awaited(contract, month) for contract in self.terms.contracts
        )

    def _awaited(self, contract: str, month: int) -> float:
        """Return payments on one contract, net of what covers paid, × the recovery parts still to come."""
        cover = self.claims.covers[contract]
        above = [c for c in self.claims.covers.values() if c.contract.covers == contract]
        parts = self.portfolios[cover.contract.facility].facility.recovery
        return sum(
            (paid - sum(c.paid_on.get(default, 0.0) for c in above))
            * sum(part.share for part in parts if default + part.lag_months > month)
            for default, paid in cover.paid_on.items()
        )

    def unearned(self, month: int) -> float:
        """A share of the fees received in the last twelve months, the present one included."""
        before = self._fees_to_date[month - 12] if month >= 12 else 0.0
        return self.terms.unearned_share * (self._received() - before)

    def _received(self) -> float:
        return sum(self.ledger.moved[line] for line in self.terms.fees)

    def net_assets(self, month: int) -> float:
        """Balance + receivable − unearned premium − reserve − arrears of claims."""
        party = self.terms.party
        own = self.ledger.balance[party] - self.claims.owed(party)
        return own + self.receivable(month) - self.unearned(month) - self.reserve

    def _set_reserve_aside(self, month: int) -> None:
        """Let the compensation reserve grow on all that is out, new loans included; cut it to its cap."""
        liability = self.liability(month)
        grown = self.reserve + self.terms.reserve_rate * liability
        self.reserve = min(grown, self.terms.reserve_cap * liability)

    def close_month(self, month: int) -> None:
        """At the month's end set reserves aside if a year ends; note fees, and net assets below zero."""
        if month % 12 == 11:
            self._set_reserve_aside(month)
        if self.net_assets(month) < -HALF_A_FEN:
            self.insolvent_month = min(self.insolvent_month, float(month))
        self._fees_to_date.append(self._received())
