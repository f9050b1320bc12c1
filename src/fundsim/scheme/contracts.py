"""Contracts say who pays whom when a loan is lost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from fundsim.scheme.metrics import About

__all__ = ["Contract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
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
