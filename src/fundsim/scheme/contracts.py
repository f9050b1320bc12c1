"""Contracts say who pays whom when a loan is lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.metrics import About
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["Contract"]

RECORDS = (
    Record(
        name="due",
        nature=Nature.FLOW,
        unit="yuan",
        step=6,
        english="claims that fell due",
        chinese="应付代偿",
    ),
    Record(name="paid", nature=Nature.FLOW, unit="yuan", step=6, english="claims paid", chinese="已付代偿"),
    Record(
        name="above_cap",
        nature=Nature.FLOW,
        unit="yuan",
        step=6,
        english="claims cut by a cap",
        chinese="超出上限的代偿",
    ),
    Record(
        name="unpaid",
        nature=Nature.FLOW,
        unit="yuan",
        step=6,
        english="claims unpaid for lack of money",
        chinese="未付代偿（余额不足）",
    ),
    Record(
        name="relieved",
        nature=Nature.FLOW,
        unit="yuan",
        step=3,
        english="unpaid claims that a recovery took away",
        chinese="追偿冲减的未付代偿",
    ),
    Record(
        name="recovered",
        nature=Nature.FLOW,
        unit="yuan",
        step=3,
        english="recoveries handed to the payer",
        chinese="追偿分回",
    ),
    Record(
        name="pending",
        nature=Nature.SNAPSHOT,
        unit="yuan",
        english="share × basis of defaults not yet due",
        chinese="未决代偿",
    ),
    Record(
        name="claimable",
        nature=Nature.SNAPSHOT,
        unit="yuan",
        english="claims on known losses that are not yet due",
        chinese="已知损失中尚未到期的代偿",
    ),
    Record(
        name="to_recover",
        nature=Nature.SNAPSHOT,
        unit="yuan",
        english="the most that recoveries still to come bring the payer",
        chinese="今后最多可分回的追偿",
    ),
    Record(
        name="cap_left",
        nature=Nature.SNAPSHOT,
        unit="yuan",
        start=math.inf,
        english="what the caps leave",
        chinese="上限剩余额度",
    ),
    Record(
        name="attach_left",
        nature=Nature.SNAPSHOT,
        unit="yuan",
        english="what of the attachments is not yet passed",
        chinese="起赔点剩余额度",
    ),
)
"""Of the records that exist at snapshots only:

* ``pending``: share × basis of defaults not yet due.
* ``claimable``: claims as they stand, before layers, caps and balance, on batches whose insured has had
  its loss (the lender's default; what the payer of the covered contract paid, once that fell due) and
  whose claim on this contract is not yet due.
* ``to_recover``: what recoveries still to come on the defaults to date can bring the payer, up to the
  month of the last claim on any of its contracts; to the end of the run-off at least, where one of them
  carries arrears.  Of each, net of its cost, the product along the chain of contracts: (paid + open
  arrears) ÷ basis where the claim has fallen due, share where it has not; 0 under a net contract.
* ``cap_left``: the smallest of what the yearly limits leave, summed over the policy years from that of
  the next month to that of the contract's last claim; what the limit of life leaves; and the sum of
  what the cohorts' caps leave; infinity without a cap.
* ``attach_left``: what of the attachment of life, and of the smallest of those years', is not yet passed.

The last claim of a contract after a date falls due as many months later as the longest term of the
facility's segments and the months from a default to the contract's due date together.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Noun):
    """A payer covers a share of an insured's loss on the defaults of one facility.

    The insured is the lender (``covers`` None) or the payer of the contract named by ``covers``.
    On the batch of one month's defaults of one cohort:

    * basis of a lender: principal defaulted (+ principal × rate × trigger_months/12), less what
      recoveries have reached the lender on it; of an upstream contract: what the insured payer paid,
      less what recoveries have reached it on it.
      The basis of a ``net`` contract (final loss) is LGD of the batch × the loss before recoveries.
    * uncovered = basis − what earlier contracts of the same insured paid, net of what they had back.
    * raw claim = share × uncovered, or min(share × basis, uncovered) if ``of`` is ``original``.
    * per-loan layer: the claim of each loan is cut to ``min(max(claim − attach, 0), limit)``.
    * yearly and cumulative layers: of the running sum of raw claims only what lies above the
      attachment is due; due is cut by limit − paid so far (policy year of payment; life).  A cohort
      cap is ``cohort_cap_rate × volume`` (principal granted to the cohort to date; of the opening
      cohort, what was outstanding before month 0).  What a cap cuts is ``above_cap``;
      several batches that meet one cap in a month are cut pro rata.
    * paid = due within caps × min(1, payer's balance ÷ all that falls due from this payer at this
      depth this month).  The rest is ``unpaid``.

    Contracts of one lender on one facility are all net, or none is: side by side they would pay a part of a
    loss twice, because a recovery is netted out of one claim and shared by the other.

    It falls due ``trigger_months + claim_lag`` months after the default; an upstream contract
    ``trigger_months + claim_lag`` months after the contract that it covers fell due.
    """

    name: str
    instrument: str = ""
    """Instrument that it belongs to; left out, one of its own name."""
    part: str = ""
    """Part of the instrument that pays on it, if that is not the instrument itself."""
    facility: str
    payer: str
    share: float
    covers: str | None = None
    of: Literal["uncovered", "original"] = "uncovered"
    basis: Literal["principal", "principal_and_interest"] = "principal"
    net: bool = False
    trigger_months: int = 0
    claim_lag: int = 0
    loan_attach: float = 0.0
    loan_limit: float = math.inf
    year_attach: float = 0.0
    year_limit: float = math.inf
    attach: float = 0.0
    limit: float = math.inf
    cohort_cap_rate: float = math.inf
    cap_on_net: bool = False
    """Whether recoveries handed to the payer restore the caps."""
    carry: bool = False
    """Whether unpaid claims are carried (oldest first, before what falls due now) or lapse.

    A contract that carries has no yearly, cumulative or cohort limit and is not itself covered.
    """

    @property
    def about(self) -> About:
        """The instrument, or the part of it, whose claims these are."""
        return About(self.instrument or self.name, self.part)

    place: ClassVar[str] = "contracts"
    prefix: ClassVar[str] = "contract"
    records: ClassVar[tuple[Record, ...]] = RECORDS
    kinds: ClassVar[Mapping[str, Words]] = {
        "claim": ("claims paid", "代偿"),
        "recovery_share": ("share of a recovery handed on", "追偿款分配"),
    }

    def insured(self, scheme: Scheme) -> str:
        """Return the party that it insures: the lender, or the payer of the contract that it covers."""
        if self.covers is None:
            return next(f.lender for f in scheme.facilities if f.name == self.facility)
        return next(c.payer for c in scheme.contracts if c.name == self.covers)

    def chain(self, contracts: Iterable[Contract]) -> tuple[Contract, ...]:
        """Return this contract, the one that it covers, and so on to the cover of the lender.

        Raises:
            KeyError: it covers a contract that does not exist.
            ValueError: contracts cover each other in a circle.
        """
        by_name = {contract.name: contract for contract in contracts}
        found = [self]
        while (covered := found[-1].covers) is not None:
            circle = covered in {contract.name for contract in found}
            found.append(by_name[covered])
            if circle:
                raise ValueError(
                    f"contracts cover each other in a circle: {' > '.join(c.name for c in found)}"
                )
        return tuple(found)

    def depth(self, contracts: Iterable[Contract]) -> int:
        """Return 1 for a cover of a lender, one more for each contract in between."""
        return len(self.chain(contracts))

    def delay(self, contracts: Iterable[Contract]) -> int:
        """Return the months from a default to the month in which the claim on it falls due."""
        return sum(contract.trigger_months + contract.claim_lag for contract in self.chain(contracts))

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield claims, and the recoveries that the insured hands on; those of a lender come first."""
        insured, depth = self.insured(scheme), self.depth(scheme.contracts)
        yield Entry(line=Line(source=self.payer, target=insured, kind="claim"), steps=(6,), rank=depth)
        yield Entry(
            line=Line(source=insured, target=self.payer, kind="recovery_share"), steps=(3,), rank=depth
        )

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield arrears under a cap (does it bound payments or claims?) or under a cover."""
        if not self.carry:
            return
        if min(self.limit, self.year_limit, self.cohort_cap_rate) < math.inf:
            yield f"contract {self.name} carries arrears, so it can't have a cap"
        if any(c.covers == self.name for c in scheme.contracts):
            yield f"contract {self.name} carries arrears, so it can't be covered"
