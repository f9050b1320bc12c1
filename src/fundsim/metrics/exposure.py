"""The most that each contract can be asked for after a date at which lending has ended.

``min(max(0, share × loss that can be uncovered + claimable − attach_left), caps left) + arrears``, contract
by contract in the order of depth: the loss of a lender is all that performs, as if all of it defaulted;
that of an insured payer what its own contract can be asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fundsim.metrics.ahead import Ahead
from fundsim.metrics.formulas import (
    ZERO,
    divided,
    largest,
    minus,
    plus,
    recorded,
    scaled,
    smallest,
    sum_of,
)
from fundsim.scheme import Contract, Formula, Scheme
from fundsim.scheme.records import book_record, contract_record, party_record

__all__ = ["asked_of_contracts"]


def asked_of_contracts(scheme: Scheme) -> dict[str, Formula]:
    """Return contract → the most that it can be asked for [yuan], before its payer's money."""
    ahead = Ahead(scheme)
    asked: dict[str, Formula] = {}
    for contract in sorted(scheme.contracts, key=lambda c: c.depth(scheme.contracts)):
        asked[contract.name] = _plan(scheme, ahead, contract).most(asked)
    return asked


@dataclass(frozen=True, slots=True)
class _Before:
    """What a contract listed earlier is certain to take of a loss."""

    share: float
    of_original: bool
    money_of: str | None
    """Its payer, where that can pay no more than it holds; None without limit."""
    no_later: bool
    """Whether it falls due together with the contract in hand, not before it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """One contract, with what the scheme says of its claims after the date."""

    contract: Contract
    loans: tuple[tuple[str, float], ...]
    """Of a lender's contract: record of a performing stock, and the most that a yuan of it may lose."""
    before: tuple[_Before, ...]
    recovery: float
    """The most that comes back of a yuan paid on a loan that has still to default."""

    def read(self, what: str) -> Formula:
        """Return a record of the contract."""
        return recorded(contract_record(self.contract.name, what))

    def most(self, asked: Mapping[str, Formula]) -> Formula:
        """Return the most that can be asked for, given what earlier contracts of the order can be."""
        if self.contract.covers is None:
            loss = sum_of(scaled(recorded(record), factor) for record, factor in self.loans)
        else:
            loss = asked[self.contract.covers]
        claims = largest(minus(self._claims(loss), self.read("attach_left")), ZERO)
        claims = smallest(claims, self._room(claims))
        return plus(claims, self.read("unpaid")) if self.contract.carry else claims

    def _claims(self, loss: Formula) -> Formula:
        """Return share × what can be uncovered, of losses to come and of those that are known."""
        contract = self.contract
        known = self.read("claimable")
        fraction, left = 1.0, loss
        for first in self.before:
            if first.money_of is not None:
                held = largest(recorded(party_record(first.money_of, "balance")), ZERO)
                left = minus(left, smallest(scaled(left, first.share), held))
                continue
            fraction = fraction - first.share if first.of_original else fraction * (1.0 - first.share)
            fraction = max(0.0, fraction)
            left = smallest(scaled(left, 1.0 - first.share), scaled(loss, fraction))
            if first.no_later and contract.of == "uncovered":
                known = scaled(known, 1.0 - first.share)
        if contract.of == "original":
            return plus(smallest(scaled(loss, contract.share), left), known)
        return plus(scaled(left, contract.share), known)

    def _room(self, claims: Formula) -> Formula:
        """Return what the caps leave, with what recoveries can restore of them."""
        room = self.read("cap_left")
        if not self.contract.cap_on_net:
            return room
        room = plus(room, self.read("to_recover"))
        if self.recovery >= 1.0:
            return plus(room, claims)
        return smallest(divided(room, 1.0 - self.recovery), plus(room, scaled(claims, self.recovery)))


def _plan(scheme: Scheme, ahead: Ahead, contract: Contract) -> _Plan:
    siblings = [c for c in scheme.contracts if _insured(c) == _insured(contract)]
    earlier = siblings[: siblings.index(contract)]
    borrowers = ahead.facilities[contract.facility].borrowers
    return _Plan(
        contract=contract,
        loans=tuple(
            (book_record(contract.facility, b.segment, "performing"), ahead.loss_of(contract, b.segment))
            for b in borrowers
        ),
        before=tuple(
            _Before(
                share=first.share,
                of_original=first.of == "original",
                money_of=first.payer if _is_limited(scheme, first.payer) else None,
                no_later=first.delay(scheme.contracts) == contract.delay(scheme.contracts),
            )
            for number, first in enumerate(earlier)
            if first.delay(scheme.contracts) <= contract.delay(scheme.contracts)
            and _interest_months(first) >= _interest_months(contract)
            and _is_certain(scheme, first, first_in_line=number == 0)
        ),
        recovery=ahead.recovery(contract),
    )


def _insured(contract: Contract) -> tuple[str, str | None]:
    return contract.facility, contract.covers


def _interest_months(contract: Contract) -> int:
    return contract.trigger_months if contract.basis == "principal_and_interest" else 0


def _is_limited(scheme: Scheme, party: str) -> bool:
    return any(p.limited for p in scheme.parties if p.name == party)


def _is_certain(scheme: Scheme, contract: Contract, *, first_in_line: bool) -> bool:
    """Return whether nothing can keep a contract from taking its share, except its payer's balance."""
    limits = (contract.loan_limit, contract.year_limit, contract.limit, contract.cohort_cap_rate)
    if max(contract.loan_attach, contract.year_attach, contract.attach) > 0.0 or min(limits) < math.inf:
        return False
    if not _is_limited(scheme, contract.payer):
        return True
    return (contract.of == "uncovered" or first_in_line) and _pays_nothing_else(scheme, contract)


def _pays_nothing_else(scheme: Scheme, contract: Contract) -> bool:
    """Return whether all that a payer holds is kept for the claims on one contract.

    A margin goes back to firms that repay, but then their loans can't default any more: a refund of at most
    the principal repaid leaves others no more to pay.  An amortising loan owes less than was granted, and
    its refund may be more than what it owed.
    """
    payer = contract.payer
    amortising = {s.name for s in scheme.segments if s.outstanding_share}
    other = [
        *(c.payer for c in scheme.contracts if c.name != contract.name),
        *(p.payer for p in scheme.payments),
        *(i.source for i in scheme.injections),
        *(t.source for t in scheme.top_ups),
        *(f.lender for f in scheme.facilities),
    ]
    borrowers = {f.name: {b.segment for b in f.borrowers} for f in scheme.facilities}
    refunds = [m for m in scheme.margin_refunds if m.party == payer]
    harmless = all(
        m.facility == contract.facility and m.rate <= 1.0 and not amortising & borrowers[m.facility]
        for m in refunds
    )
    return payer not in other and harmless and len(refunds) <= 1
