"""The one rule of payments: a rate on a base, or an amount, from a payer to a payee."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.borrowers import Borrowers, Segment
from fundsim.scheme.noun import Entry, Line, Noun, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["BASES", "Base", "Payment", "in_order"]

Base = Literal["granted", "balance", "fixed"]
BASES: tuple[Base, ...] = ("granted", "balance", "fixed")
"""In the order in which a month's payments are made: fees, then interest, then costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Noun):
    """What ``payer`` pays ``payee`` on a base; a limited payer pays no more than it holds.

    * ``granted``: ``rate`` × principal + ``rate_annual`` × principal × Σ_a s_a/12 on the loans of facility
      ``of``, for their coming term: a fee, a premium, a contribution.  Σ_a s_a is the term of a bullet loan
      [months], and the sum of ``outstanding_share`` of an amortising one.  On new loans at the moment of
      grant (step 8), on renewals at step 7 of the month of renewal if ``on_renewal``.
    * ``balance``: at step 7, ``rate_annual``/12 of what the party ``of`` then holds: interest.
    * ``fixed``: at step 7, ``amount_annual``/12: a running cost.

    The payments of step 7 are made in the order of ``BASES``, those of one base in the order of the scheme.
    """

    payer: str
    payee: str
    base: Base
    kind: str
    of: str = ""
    """The facility, or the party, that the base is taken from; nothing for ``fixed``."""
    rate: float = 0.0
    """Paid once per yuan of the base; ``granted`` only."""
    rate_annual: float = 0.0
    """Paid per yuan of the base and year."""
    amount_annual: float = 0.0
    """Paid a year [yuan]; ``fixed`` only."""
    on_renewal: bool = True
    """Whether renewals pay it too; ``granted`` only."""

    @classmethod
    def fee(
        cls,
        *,
        facility: str,
        payer: str,
        payee: str,
        rate: float = 0.0,
        rate_annual: float = 0.0,
        on_renewal: bool = True,
        kind: str = "fee",
    ) -> Payment:
        """Return a payment on what a facility grants."""
        return cls(
            payer=payer,
            payee=payee,
            base="granted",
            kind=kind,
            of=facility,
            rate=rate,
            rate_annual=rate_annual,
            on_renewal=on_renewal,
        )

    @classmethod
    def interest(cls, *, party: str, payer: str, rate_annual: float, kind: str = "interest") -> Payment:
        """Return what a party earns on what it holds."""
        return cls(payer=payer, payee=party, base="balance", kind=kind, of=party, rate_annual=rate_annual)

    @classmethod
    def running_cost(
        cls, *, party: str, payee: str, amount_annual: float, kind: str = "running_cost"
    ) -> Payment:
        """Return what a party pays every month."""
        return cls(payer=party, payee=payee, base="fixed", kind=kind, amount_annual=amount_annual)

    place: ClassVar[str] = "payments"
    kinds: ClassVar[Mapping[str, Words]] = {
        "interest": ("interest on the balance", "存款利息"),
        "running_cost": ("running cost", "管理费用"),
        "fee": ("fees", "费用"),
        "premium": ("insurance premium", "保费"),
        "reguarantee_fee": ("reguarantee fee", "再担保费"),
        "margin": ("margin paid in by firms", "企业缴纳助保金"),
    }

    def per_yuan(self, segment: Segment) -> float:
        """Return what is paid per yuan granted to a segment, for the coming term."""
        months = math.fsum(segment.outstanding_share) or segment.term_months
        return self.rate + self.rate_annual * months / 12

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what it books: on renewals at step 7 and on new loans at step 8, or at step 7."""
        line = Line(source=self.payer, target=self.payee, kind=self.kind)
        if self.base != "granted":
            yield Entry(line=line, steps=(7,))
            return
        renewed = self._on_renewals(scheme) if self.on_renewal else ()
        # Before the loan of the same step: what a firm pays then does not come out of another's loan.
        yield Entry(line=line, steps=(7, 8) if renewed else (8,), early=renewed, rank=-1)

    def _on_renewals(self, scheme: Scheme) -> tuple[tuple[str, float], ...]:
        segments = {s.name: s for s in scheme.segments}
        return tuple(
            (Borrowers.record(f"{f.name}/{b.segment}", "lent_renewed"), self.per_yuan(segments[b.segment]))
            for f in scheme.facilities
            if f.name == self.of
            for b in f.borrowers
        )

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield terms that its base does not have, and a base taken from nothing."""
        name = f"payment {self.kind} from {self.payer} to {self.payee}"
        known = {
            "granted": {f.name for f in scheme.facilities},
            "balance": {p.name for p in scheme.parties},
            "fixed": {""},
        }[self.base]
        if self.of not in known:
            yield f"{name}: no such base: {self.base} of {self.of or 'nothing'}"
        foreign = {
            "granted": {"amount_annual": self.amount_annual},
            "balance": {"rate": self.rate, "amount_annual": self.amount_annual},
            "fixed": {"rate": self.rate, "rate_annual": self.rate_annual},
        }[self.base]
        for term, value in foreign.items():
            if value:
                yield f"{name}: a {self.base} base has no {term}"


def in_order(payments: tuple[Payment, ...]) -> tuple[Payment, ...]:
    """Return the payments of a month in the order in which they are made."""
    return tuple(sorted(payments, key=lambda payment: BASES.index(payment.base)))
