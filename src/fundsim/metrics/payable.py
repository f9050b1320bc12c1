"""The most that each payer can pay after a date at which lending has ended: what is asked, within its money.

A limited payer can pay what it holds and what can still reach it: recoveries on what it has paid or will
pay, and refunds from those who cover it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundsim.metrics.ahead import Ahead
from fundsim.metrics.formulas import ZERO, divided, largest, plus, recorded, scaled, smallest
from fundsim.scheme import Contract, Formula, Scheme
from fundsim.scheme.records import contract_record, party_record

__all__ = ["payable_by_payers"]


def payable_by_payers(scheme: Scheme, asked: Mapping[str, Formula]) -> dict[str, Formula]:
    """Return payer → the most that it can pay on all of its contracts [yuan].

    Args:
        scheme: the scheme.
        asked: contract → the most that it can be asked for.
    """
    ahead = Ahead(scheme)
    own: dict[str, list[Contract]] = {}
    for contract in scheme.contracts:
        own.setdefault(contract.payer, []).append(contract)
    limited = {p.name for p in scheme.parties if p.limited}
    limited -= _with_other_income(scheme)
    purses = [_purse(scheme, ahead, payer, own[payer], limited) for payer in own if payer in limited]
    rounds = max((c.depth(scheme.contracts) for c in scheme.contracts), default=0)
    most = {payer: plus(*(asked[c.name] for c in contracts)) for payer, contracts in own.items()}
    for _ in range(rounds):  # what a payer can pay bounds the refunds of those that it covers
        most |= {purse.payer: purse.most(asked, most) for purse in purses}
    return most


def _with_other_income(scheme: Scheme) -> set[str]:
    """Return the parties that money may reach after the window by other ways than claims and recoveries."""
    return {
        *(f.lender for f in scheme.facilities),
        *(p.payee for p in scheme.payments if p.base == "fixed"),
        *(m.payee for m in scheme.margin_refunds),
    }


@dataclass(frozen=True, slots=True)
class _Purse:
    """A limited payer: its contracts, who refunds it, and how fast its money grows."""

    payer: str
    contracts: tuple[Contract, ...]
    covers: tuple[Contract, ...]
    """Contracts that cover those of the payer."""
    limited: tuple[str, ...]
    """Limited payers among those who cover it."""
    back: tuple[tuple[float, float], ...]
    """By contract: what a yuan paid brings back, with the refunds of all covers and without limited ones."""
    growth: float

    def most(self, asked: Mapping[str, Formula], most: Mapping[str, Formula]) -> Formula:
        """Return the most that the payer can pay.

        Refunds of limited payers count by their shares of what is paid, or as all that these can pay.
        """
        held = largest(recorded(party_record(self.payer, "balance")), ZERO)
        coming = plus(*(recorded(contract_record(c.name, "to_recover")) for c in self.contracts))
        held = plus(held, coming)
        claims = [asked[c.name] for c in self.contracts]
        known = [(c.payer, smallest(_owed(c), asked[c.name])) for c in self.covers]
        whole = self._within(plus(held, *(v for _, v in known)), claims, [b for b, _ in self.back])
        rest = plus(held, *(v for payer, v in known if payer not in self.limited))
        rest = plus(rest, *(most[payer] for payer in self.limited))
        return smallest(whole, self._within(rest, claims, [b for _, b in self.back]))

    def _within(self, money: Formula, claims: Sequence[Formula], back: Sequence[float]) -> Formula:
        """Return the most that money pays of claims if each yuan paid brings a part of it back."""
        returned = plus(*(scaled(claim, part) for part, claim in zip(back, claims, strict=True)))
        most = smallest(plus(*claims), scaled(plus(money, returned), self.growth))
        kept = 1.0 - self.growth * max(back)
        return smallest(most, divided(scaled(money, self.growth), kept)) if kept > 1e-9 else most


def _owed(cover: Contract) -> Formula:
    """Return what a cover can pay on losses that the payer has had: claims not yet due, and its arrears."""
    claimable = recorded(contract_record(cover.name, "claimable"))
    return plus(claimable, recorded(contract_record(cover.name, "unpaid"))) if cover.carry else claimable


def _purse(scheme: Scheme, ahead: Ahead, payer: str, contracts: list[Contract], limited: set[str]) -> _Purse:
    covers = [c for c in scheme.contracts if c.covers in {own.name for own in contracts}]
    monthly = math.prod(
        1.0 + i.rate_annual / 12.0 for i in scheme.payments if i.base == "balance" and i.payee == payer
    )
    return _Purse(
        payer=payer,
        contracts=tuple(contracts),
        covers=tuple(covers),
        limited=tuple(dict.fromkeys(c.payer for c in covers if c.payer in limited)),
        back=tuple(
            (_back(ahead, own, covers), _back(ahead, own, [c for c in covers if c.payer not in limited]))
            for own in contracts
        ),
        growth=max(1.0, monthly) ** ahead.payer_months(payer),
    )


def _back(ahead: Ahead, contract: Contract, covers: list[Contract]) -> float:
    """Return the most that a yuan paid on a contract brings back: refunds of its covers, and recoveries."""
    kept = 1.0
    of_original = 0.0
    for cover in covers:
        if cover.covers == contract.name:
            if cover.of == "original":
                of_original += cover.share
            else:
                kept *= 1.0 - cover.share
    # Shares of the whole and shares of what is left: as if both came first.
    refunded = min(1.0, 1.0 - kept + of_original)
    return 1.0 - (1.0 - refunded) * (1.0 - ahead.recovery(contract))
