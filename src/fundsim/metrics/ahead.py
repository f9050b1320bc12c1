"""How long claims can still fall due after a date, and what a loan that defaults then may lose and return."""

from __future__ import annotations

import math

from fundsim.scheme import Contract, Facility, Scheme, Segment

__all__ = ["Ahead"]


class Ahead:
    """What a scheme says of the time after a date at which lending has ended.

    Args:
        scheme: the scheme.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.contracts = {c.name: c for c in scheme.contracts}
        self.facilities = {f.name: f for f in scheme.facilities}
        self.segments = {s.name: s for s in scheme.segments}
        self._waiting = scheme.window.waiting
        self._all = scheme.contracts

    def payer_months(self, payer: str) -> int:
        """Return the months after the date of the last claim that a payer may have to pay.

        It falls due after the longest term and the contract's delay.  Arrears wait for money until the
        run-off ends.
        """
        own = [c for c in self.contracts.values() if c.payer == payer]
        waits = self._waiting if any(c.carry for c in own) else 0
        return max([waits, *(self._longest_term(c.facility) + c.delay(self._all) for c in own)])

    def _longest_term(self, facility: str) -> int:
        return max(self.segments[b.segment].term_months for b in self.facilities[facility].borrowers)

    def loss_of(self, contract: Contract, segment: str) -> float:
        """Return the most that a lender's contract counts as lost per yuan of performing principal."""
        most = 1.0
        if contract.basis == "principal_and_interest":
            most += contract.trigger_months / 12.0 * self.segments[segment].rate_annual
        if contract.net:
            most *= _lgds(self.segments[segment], self.facilities[contract.facility])[1]
        return most

    def recovery(self, contract: Contract) -> float:
        """Return the most that comes back to a payer of a yuan that it pays on a default after the date.

        It counts as far as it arrives before the last claim on that payer.
        """
        if self.is_net(contract):
            return 0.0
        facility = self.facilities[contract.facility]
        months = self.payer_months(contract.payer)
        in_time = math.fsum(part.share for part in facility.recovery if part.lag_months < months)
        least = min(_lgds(self.segments[b.segment], facility)[0] for b in facility.borrowers)
        return min(1.0, in_time * (1.0 - facility.recovery_cost) * (1.0 - least))

    def is_net(self, contract: Contract) -> bool:
        """Return whether recoveries are netted out of a contract's claims, or of those that it covers."""
        if contract.net or contract.covers is None:
            return contract.net
        return self.is_net(self.contracts[contract.covers])


def _lgds(segment: Segment, facility: Facility) -> tuple[float, float]:
    """Return the least and the most that a segment's loans on a facility may lose, given default."""
    if segment.lgd.sd > 0.0:
        return 0.0, 1.0
    least = most = segment.lgd.mean
    if facility.tape is not None and segment.name in facility.tape.segments:
        mine = facility.tape.segment == facility.tape.segments.index(segment.name)
        own = facility.tape.lgd_mean[mine]
        least, most = float(own.min(initial=least)), float(own.max(initial=most))
    return least, most
