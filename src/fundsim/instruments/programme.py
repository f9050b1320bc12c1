"""How covered lending becomes a facility, contracts, and the parties that pay."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from fundsim.instruments.cover import Caps, breakers_of
from fundsim.instruments.covered_lending import CoveredLending, FundedLending
from fundsim.instruments.funding import FundMoney, interest_of, running_costs_of
from fundsim.instruments.lending import borrowers_of, demand_of, recovery_of
from fundsim.instruments.loan_tape import tape_of, tape_principal
from fundsim.instruments.opening import opening_of
from fundsim.instruments.part import Context, Part, joined
from fundsim.metrics.funds import claims_metrics, pool_metrics
from fundsim.metrics.lending import breaker_metrics, lending_metrics
from fundsim.metrics.payer_words import POOL, PayerWords
from fundsim.scheme import (
    About,
    Capacity,
    Contract,
    Demand,
    Facility,
    Party,
)

__all__ = [
    "Programme",
    "contract_of",
    "covered",
    "fund_of",
    "lent_by",
    "programme_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A lending programme on its way into a scheme."""

    terms: CoveredLending
    context: Context
    facility: Facility
    opening_left: float = 0.0
    """What whole loans leave of the stated opening stock, in yuan of an amount or loans of a number."""

    @property
    def name(self) -> str:
        """Name of the facility."""
        return self.facility.name

    @property
    def lender(self) -> str:
        """Name of the bank."""
        return self.facility.lender

    @property
    def opening_principal(self) -> float:
        """Principal on the books before the first month [yuan]."""
        segments = self.context.segments
        cells = (s.n_loans * segments[s.segment].bands[s.band].principal for s in self.facility.opening)
        return math.fsum(cells) + tape_principal(self.facility)


def programme_of(
    name: str,
    terms: CoveredLending,
    context: Context,
    *,
    of: str = "",
    lender: str | None = None,
    part: float = 1.0,
    carried: float = 0.0,
) -> Programme:
    """Return a programme that has a part of the demand and of the opening stock of its terms.

    Args:
        name: name of the instrument.
        terms: its terms.
        context: the scenario around it.
        of: whose programme it is, such as a county's, where an instrument has several.
        lender: name of the bank, if the terms don't say it.
        part: part of demand and opening stock that it has.
        carried: what the opening loans of the parts before this one have left.
    """
    seasonality = terms.demand.seasonality
    opening = opening_of(terms.opening_stock, terms.borrowers, context, part, carried, seasonality)
    demand = demand_of(terms.demand, context)
    whole = About(name, of).name
    has_limit = isinstance(terms, FundedLending) and terms.multiple is not None
    facility = Facility(
        name=whole,
        instrument=name,
        part=of,
        lender=lender or terms.lender or f"{name}.bank",
        borrowers=borrowers_of(terms.borrowers),
        demand=Demand(
            monthly=tuple(part * amount for amount in demand.monthly),
            hold=tuple(part * level for level in demand.hold),
        ),
        capacities=(whole,) if has_limit else (),
        opening=opening.loans,
        tape=tape_of(terms.opening_stock, context, part),
        recovery=recovery_of(terms.recovery),
        recovery_cost=0.0 if terms.recovery is None else terms.recovery.cost,
        claim_months=terms.claim_months,
        write_off_months=terms.write_off_months,
        cliff=terms.after_window == "cliff",
    )
    return Programme(terms=terms, context=context, facility=facility, opening_left=opening.left)


def _limit(value: float | None) -> float:
    return math.inf if value is None else value


def contract_of(
    programme: Programme,
    share: float,
    *,
    part: str = "",
    of: Literal["uncovered", "original"] = "uncovered",
    caps: Caps | None = None,
    basis: Literal["principal", "principal_and_interest"] = "principal",
    carry: bool = False,
    cohort_cap_rate: float | None = None,
) -> Contract:
    """Return the contract, named like its payer, by which a payer covers a share of the bank's loss.

    Args:
        programme: the lending programme.
        share: share of the loss that it pays.
        part: part of the instrument that pays; the programme's own fund unless given.
        of: what the share is a share of.
        caps: limits of what it pays; none unless given.
        basis: what counts as lost.
        carry: whether unpaid claims are carried.
        cohort_cap_rate: cap on a cohort, where it is not that of ``caps``.
    """
    caps = caps or Caps()
    trigger = programme.terms.trigger
    facility = programme.facility
    payer = About(facility.instrument, part) if part else facility.about
    return Contract(
        name=payer.name,
        instrument=payer.instrument,
        part=payer.part,
        facility=facility.name,
        payer=payer.name,
        share=share,
        of=of,
        basis=basis,
        carry=carry,
        net=trigger.final_loss is not None,
        trigger_months=trigger.months,
        claim_lag=programme.terms.claim_lag,
        loan_attach=caps.loan_attach,
        loan_limit=_limit(caps.loan_limit),
        year_attach=caps.year_attach,
        year_limit=_limit(caps.year_limit),
        attach=caps.attach,
        limit=_limit(caps.limit),
        cohort_cap_rate=_limit(caps.cohort_rate) if cohort_cap_rate is None else cohort_cap_rate,
        cap_on_net=caps.cap_on == "net",
    )


def lent_by(programme: Programme) -> Part:
    """Return the bank and its facility, which nobody covers."""
    return Part(parties=(Party(name=programme.lender, limited=False),), facilities=(programme.facility,))


def fund_of(
    programme: Programme,
    money: FundMoney,
    *,
    of: Literal["uncovered", "original"] = "uncovered",
    called: PayerWords = POOL,
) -> Part:
    """Return the fund that bears the programme's name: its party, its money, its contract, its breaker."""
    terms = programme.terms
    if not isinstance(terms, FundedLending):
        raise TypeError(f"the terms of {programme.name} say nothing of a fund")
    name = programme.name
    contract = contract_of(
        programme,
        terms.share,
        of=of,
        caps=terms.caps,
        basis=terms.basis,
        carry=terms.arrears == "carry",
    )
    breakers = breakers_of(name, terms.breaker, name)
    part = Part(
        parties=(Party(name=name, opening=money.opening, public=True),),
        capacities=()
        if terms.multiple is None
        else (Capacity(name=name, party=name, basis=terms.capacity_base, multiple=terms.multiple),),
        contracts=(contract,),
        breakers=breakers,
        injections=money.injections,
        top_ups=money.top_ups,
        payments=(
            *interest_of(name, programme.lender, terms.deposit_rate),
            *running_costs_of(name, terms.running_cost),
        ),
        metrics=(
            *claims_metrics(contract),
            *pool_metrics(programme.facility, contract, called),
            *(m for breaker in breakers for m in breaker_metrics(programme.facility, breaker.name)),
        ),
    )
    return joined(part, lent_by(programme))


NOTHING = Part()


def covered(programme: Programme, fund: Part, first: Part = NOTHING, beside: Part = NOTHING) -> Part:
    """Return a whole instrument: the fund, who pays before it, and who pays beside or after it."""
    whole = joined(fund, first, beside)
    contracts = (*first.contracts, *fund.contracts, *beside.contracts)
    lending = lending_metrics(programme.facility, contracts, programme.context.segments)
    return replace(whole, contracts=contracts, metrics=(*lending, *whole.metrics))
