"""Step 6 and step 3 of the month: claims along the contracts, and recoveries back along them.

The unit of bookkeeping is the batch: the defaults of one month on one facility and one cohort.
Each contract has one claim on each batch.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from fundsim.reference.books import Default
from fundsim.scheme import Contract, Facility

__all__ = ["Batch", "Claim", "Cover", "due_lag"]


@dataclass(slots=True, eq=False)
class Cover:
    """A contract on one path: what it has paid so far; the first six are the records of those names.

    ``due = paid + above_cap + unpaid + relieved`` at every month's end.
    """

    contract: Contract
    due: float = 0.0
    paid: float = 0.0
    above_cap: float = 0.0
    unpaid: float = 0.0
    """Lapsed or, under ``carry``, open."""
    relieved: float = 0.0
    recovered: float = 0.0
    claimed: float = 0.0
    """Running sum of raw claims, for the attachment."""
    claimed_in: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Policy year → running sum of what passes the cumulative attachment, for the yearly one."""
    paid_in_year: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Policy year → gross payments."""
    recovered_in_year: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Policy year → recoveries handed to the payer."""
    paid_on: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Month of default → gross payments on the defaults of that month."""
    claims: list[Claim] = field(default_factory=list)
    """Claims that have fallen due, the oldest first."""
    waiting: list[Claim] = field(default_factory=list)
    """Claims that have not yet fallen due."""

    @property
    def open_arrears(self) -> float:
        """Unpaid claims that are carried [yuan]."""
        return sum(claim.arrears for claim in self.claims) if self.contract.carry else 0.0

    def pending(self) -> float:
        """Share × basis of the claims that have not yet fallen due [yuan]."""
        return sum(claim.expected() for claim in self.waiting)

    def claimable(self) -> float:
        """Return the claims as they stand on losses that the insured has had and that are not yet due."""
        return sum(claim.standing() for claim in self.waiting)

    def to_recover(self, month: int, until: int) -> float:
        """Return what recoveries on the defaults to date can bring the payer after a month [yuan].

        Args:
            month: the month that ends.
            until: the last month in which the payer may have claims to pay.
        """
        return sum(
            claim.batch.recovery_between(month, until) * claim.part_of_recovery()
            for claim in (*self.waiting, *self.claims)
        )

    def cap_left(self, month: int, last_claim: int, volumes: Mapping[int, float]) -> float:
        """Return the smallest of what the caps of years, life and cohorts leave; infinity without one.

        Args:
            month: the month that ends.
            last_claim: the month in which the last claim can fall due.
            volumes: cohort → principal granted to it to date [yuan].
        """
        cohorts = sum(self.room_of_cohort(cohort, volume) for cohort, volume in volumes.items())
        capped = math.isfinite(self.contract.cohort_cap_rate)
        # Of years that have not begun nothing is used: theirs is the whole limit.
        years = sum(self.room_in_year(year) for year in range((month + 1) // 12, last_claim // 12 + 1))
        return min(self.room_for_life(), years, cohorts if capped else math.inf)

    def attach_left(self, month: int) -> float:
        """Return what the claims after a month must pass before any is due [yuan]."""
        of_life = max(0.0, self.contract.attach - self.claimed)
        of_year = max(0.0, self.contract.year_attach - self.claimed_in[(month + 1) // 12])
        return of_life + of_year

    def book_recovery(self, amount: float, year: int) -> None:
        """Count a recovery handed to the payer [yuan]."""
        self.recovered += amount
        self.recovered_in_year[year] += amount

    def room_for_life(self) -> float:
        """Return what the cumulative limit leaves [yuan]."""
        back = self.recovered if self.contract.cap_on_net else 0.0
        return max(0.0, self.contract.limit - (self.paid - back))

    def room_in_year(self, year: int) -> float:
        """Return what the yearly limit leaves [yuan]."""
        back = self.recovered_in_year[year] if self.contract.cap_on_net else 0.0
        used = self.paid_in_year[year] - back
        return max(0.0, self.contract.year_limit - used)

    def room_of_cohort(self, cohort: int, volume: float) -> float:
        """Return what the cohort's cap leaves [yuan]."""
        if math.isinf(self.contract.cohort_cap_rate):
            return math.inf
        of_cohort = [claim for claim in self.claims if claim.batch.cohort == cohort]
        back = sum(claim.recovered for claim in of_cohort) if self.contract.cap_on_net else 0.0
        used = sum(claim.paid for claim in of_cohort) - back
        return max(0.0, self.contract.cohort_cap_rate * volume - used)


@dataclass(slots=True, eq=False)
class Batch:
    """The defaults of one month on one facility and one cohort."""

    facility: Facility
    month: int
    cohort: int
    defaults: list[Default]
    claims: list[Claim] = field(default_factory=list)
    """One of each contract of the facility, in listed order."""
    reached_lender: float = 0.0
    """Recoveries, net of costs, that have reached the lender [yuan]."""

    @property
    def defaulted(self) -> float:
        """Principal defaulted [yuan]."""
        return sum(default.principal for default in self.defaults)

    @property
    def recoverable(self) -> float:
        """(1 − LGD) × principal, summed [yuan]."""
        return sum(default.recoverable for default in self.defaults)

    @property
    def lgd(self) -> float:
        """Loss given default of the whole batch."""
        return 1.0 - self.recoverable / self.defaulted

    def gross_loss(self, contract: Contract) -> float:
        """Return the lender's loss before recoveries, on the contract's basis [yuan].

        Principal, plus principal × rate × trigger months/12 under ``principal_and_interest``.
        """
        return sum(default.loss(contract) for default in self.defaults)

    def recovery_between(self, after: int, until: int) -> float:
        """Return what is recovered in months after one and up to another, net of costs [yuan]."""
        parts = [p.share for p in self.facility.recovery if after < self.month + p.lag_months <= until]
        return self.recoverable * sum(parts) * (1.0 - self.facility.recovery_cost)

    def contracts_of(self, covers: Claim | None) -> list[Claim]:
        """Return the claims of one insured: the lender (None), or the payer of ``covers``."""
        return [claim for claim in self.claims if claim.covers is covers]


@dataclass(slots=True, eq=False)
class Claim:
    """The claim of one contract on one batch.  Amounts in yuan."""

    cover: Cover
    batch: Batch
    covers: Claim | None
    """The claim whose payment is insured; None for the lender's own loss."""
    insured: str
    due_month: int
    basis: float = 0.0
    """What the claim was computed from; 0 while it waits, and for a net contract."""
    within_caps: float = 0.0
    paid: float = 0.0
    arrears: float = 0.0
    recovered: float = 0.0
    at_desk: bool = False
    """True from its assessment to its payment in the same month."""

    @property
    def contract(self) -> Contract:
        """Terms of the claim."""
        return self.cover.contract

    @property
    def indemnity(self) -> float:
        """What the insured has from this claim, net of recoveries handed on.

        A claim that lies on the desk counts as if paid in full: the next contract of the same payer
        must not pay for what that payer is about to leave unpaid.
        """
        return self.within_caps if self.at_desk else self.paid - self.recovered

    def gross_basis(self) -> float:
        """Return the insured's loss before recoveries."""
        return self.batch.gross_loss(self.contract) if self.covers is None else self.covers.paid

    def net_basis(self) -> float:
        """Return the insured's loss less the recoveries that have reached it."""
        back = self.batch.reached_lender if self.covers is None else self.covers.recovered
        return self.gross_basis() - back

    def earlier(self) -> list[Claim]:
        """Return the claims of the same insured that are listed before this one."""
        siblings = self.batch.contracts_of(self.covers)
        return siblings[: siblings.index(self)]

    def raw(self) -> float:
        """Return what the contract promises on this batch before layers, caps and balance.

        ``share × uncovered``, or ``min(share × basis, uncovered)`` of the original loss; the basis of a
        net contract is the batch's LGD × the loss before recoveries.
        """
        return self._layer_per_loan(self._before_layers())

    def _before_layers(self) -> float:
        """Return ``raw`` before the layer per loan."""
        contract = self.contract
        if contract.net:
            paid = sum(c.within_caps if c.at_desk else c.paid for c in self.earlier())
            basis = self.batch.lgd * self.gross_basis()
            uncovered = basis - paid
        else:
            basis = self.net_basis()
            uncovered = basis - sum(c.indemnity for c in self.earlier())
        amount = contract.share * uncovered
        if contract.of == "original":
            amount = min(contract.share * basis, uncovered)
        return max(0.0, amount)

    @property
    def is_waiting(self) -> bool:
        """Whether the claim has not yet fallen due."""
        return self in self.cover.waiting

    def standing(self) -> float:
        """Return the claim before layers as it stands, 0 as long as the insured has not had its loss."""
        return 0.0 if self.covers is not None and self.covers.is_waiting else self._before_layers()

    def part_of_recovery(self) -> float:
        """Return the part of a recovery at the lender that can come to this payer, along the chain.

        Arrears may yet be paid, and then count like what is paid; a claim that is still to fall due may be
        paid in full.
        """
        below = 1.0 if self.covers is None else self.covers.part_of_recovery()
        if self.contract.net:
            return 0.0
        if self.is_waiting:
            return below * self.contract.share
        return below * (self.paid + self.arrears) / self.basis if self.basis > 0.0 else 0.0

    def _layer_per_loan(self, amount: float) -> float:
        """Cut each loan's part of a claim to the loan's layer.

        A lender's claim on a loan goes by the loss on it, interest included where that is covered; a claim
        for what was paid on a batch goes by principal.
        """
        attach, limit = self.contract.loan_attach, self.contract.loan_limit
        if attach == 0.0 and math.isinf(limit):
            return amount
        own = self.covers is None
        losses = [d.loss(self.contract) if own else d.principal for d in self.batch.defaults]
        parts = (amount * loss / sum(losses) for loss in losses)
        return sum(min(max(part - attach, 0.0), limit) for part in parts)

    def expected(self) -> float:
        """Return share × basis as it stands before the claim falls due; a net contract's after LGD."""
        if self.covers is not None and self.covers.is_waiting:
            basis = self.covers.expected()
        else:
            basis = self.gross_basis() if self.contract.net else self.net_basis()
        return self.contract.share * basis * (self.batch.lgd if self.contract.net else 1.0)


def due_lag(contract: Contract, contracts: dict[str, Contract]) -> int:
    """Return the months from a default to the month in which a contract's claim falls due.

    Args:
        contract: the contract.
        contracts: all contracts by name.
    """
    own = contract.trigger_months + contract.claim_lag
    return own if contract.covers is None else own + due_lag(contracts[contract.covers], contracts)
