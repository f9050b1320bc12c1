"""Financing guarantee (融资担保, 政府性融资担保): a guarantor, its capital, and those who reinsure it.

The guarantor pays the bank its share of each loss and is refunded by reguarantors and by a
compensation fund later.  How much it may guarantee follows from its net assets and, where banks give
it one, from a credit line on its capital.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from fundsim.instruments.cover import breakers_of
from fundsim.instruments.funding import injections_of, interest_of, running_costs_of, top_ups_of, treasury_of
from fundsim.instruments.guarantee_capital import WEIGHTS_SINCE, DrawnMultiple
from fundsim.instruments.guarantee_terms import FUND, Guarantee, direct
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.programme import programme_of
from fundsim.metrics.guarantor import REGUARANTEE_FEE, guarantee_metrics
from fundsim.scheme import (
    Capacity,
    Contract,
    Drawn,
    Guarantor,
    Injection,
    Line,
    ObligorLimit,
    Party,
    Payment,
    Weight,
)
from fundsim.scheme.surroundings import FIRMS

__all__ = ["KIND", "Guarantee", "lower"]


@dataclass(frozen=True, slots=True)
class _Named:
    """Terms with the names that their parts bear in the scheme."""

    name: str
    terms: Guarantee
    context: Context

    @property
    def investors(self) -> str:
        return f"{self.name}.investors"

    @property
    def fund(self) -> str:
        return f"{self.name}.{FUND}"

    @property
    def bank_line(self) -> str:
        return f"{self.name}.bank_line"

    def layer(self, layer: str | None) -> str:
        """Return the party and contract of a layer; those of the guarantor for None."""
        return self.name if layer is None else f"{self.name}.{layer}"

    @property
    def retained(self) -> float:
        """Share of a loan that stays with the guarantor after bank and reguarantors."""
        ceded = math.fsum(layer.share for layer in direct(self.terms.reguarantee).values())
        return self.terms.share * (1.0 - ceded)

    def assumed(self, layer: str | None) -> float:
        """Return the share of a loan's loss that falls on a party before its own reinsurers pay."""
        if layer is None:
            return self.terms.share
        terms = self.terms.reguarantee[layer]
        return terms.share * self.assumed(terms.covers)


def _guarantor(of: _Named) -> Guarantor:
    """Return the prudential books of the guarantor."""
    weights = tuple(
        Weight(facility=of.name, segment=segment, band=band, weight=weight * of.retained)
        for segment in of.terms.borrowers
        for band, weight in enumerate(_weights(of, segment))
    )
    reserves = of.terms.reserves
    return Guarantor(
        party=of.name,
        contracts=(of.name,),
        weights=weights,
        fees=(Line(source=FIRMS, target=of.name, kind="fee"),) if of.terms.fee else (),
        expected_recovery=_expected_recovery(of),
        unearned_share=reserves.unearned,
        reserve_rate=reserves.compensation_rate,
        reserve_cap=reserves.compensation_cap,
    )


def _weights(of: _Named, segment: str) -> list[float]:
    """Return the prudential weight of each band of a segment, before the retained share."""
    terms = of.terms.weights
    small = terms.small_loan
    if small is None:
        year = of.context.regime_year
        small = 0.75 if year is None or year >= WEIGHTS_SINCE else 1.0
    if segment in of.terms.not_small:
        small = terms.other
    return [
        small if band.principal <= terms.small_up_to else terms.other
        for band in of.context.segments[segment].bands
    ]


def _expected_recovery(of: _Named) -> float:
    """Return what recoveries are expected to return of a yuan paid, net of costs.

    Segments count by what is expected to default of them: their share of the lending × PD.
    """
    if of.terms.recovery is None:
        return 0.0
    segments = of.context.segments
    defaulting = {name: share * segments[name].pd_annual for name, share in of.terms.borrowers.items()}
    recovered = math.fsum(amount * (1.0 - segments[name].lgd.mean) for name, amount in defaulting.items())
    return (1.0 - of.terms.recovery.cost) * recovered / math.fsum(defaulting.values())


def _contracts(of: _Named) -> tuple[Contract, ...]:
    """Return the guarantee, its reguarantors in the order written, and the fund last."""
    terms = of.terms
    guarantee = Contract(
        name=of.name,
        instrument=of.name,
        facility=of.name,
        payer=of.name,
        share=terms.share,
        basis=terms.basis,
        trigger_months=terms.trigger.months,
        claim_lag=terms.claim_lag,
        carry=terms.arrears == "carry",
    )
    layers = tuple(
        Contract(
            name=of.layer(name),
            instrument=of.name,
            part=name,
            facility=of.name,
            payer=of.layer(name),
            share=layer.share,
            covers=of.layer(layer.covers),
            of="original",
            claim_lag=layer.lag_months,
            # A compensation rate is per yuan guaranteed; the cap of a contract is per yuan lent.
            cohort_cap_rate=math.inf if layer.rate_cap is None else layer.rate_cap * of.assumed(name),
        )
        for name, layer in terms.reguarantee.items()
    )
    return (guarantee, *layers, *_fund_contract(of))


def _fund_contract(of: _Named) -> tuple[Contract, ...]:
    fund = of.terms.compensation_fund
    if fund is None:
        return ()
    return (
        Contract(
            name=of.fund,
            instrument=of.name,
            part=FUND,
            facility=of.name,
            payer=of.fund,
            share=fund.share,
            covers=of.name,
            claim_lag=fund.lag_months,
            year_limit=math.inf if fund.year_limit is None else fund.year_limit,
        ),
    )


def _fees(of: _Named) -> tuple[Payment, ...]:
    """Return what firms pay the guarantor, and what each covered party pays its layers."""
    fees = []
    if of.terms.fee:
        fees.append(
            Payment.fee(
                facility=of.name, payer=FIRMS, payee=of.name, rate_annual=of.terms.fee * of.terms.share
            )
        )
    for name, layer in of.terms.reguarantee.items():
        if layer.fee:
            fees.append(
                Payment.fee(
                    facility=of.name,
                    payer=of.layer(layer.covers),
                    payee=of.layer(name),
                    rate_annual=layer.fee * of.assumed(name),
                    kind=REGUARANTEE_FEE,
                )
            )
    return tuple(fees)


def _injections(of: _Named) -> tuple[Injection, ...]:
    """Return public capital, the private capital that follows it, and the fund's money."""
    terms = of.terms
    public = injections_of(of.name, terms, of.context)
    fund = terms.compensation_fund
    refills = () if fund is None else injections_of(of.fund, fund, of.context)
    return (*(paid for item in public for paid in (item, *_attracted(of, item))), *refills)


def _attracted(of: _Named, public: Injection) -> tuple[Injection, ...]:
    """Return the private capital that follows an injection, if it comes within the window."""
    terms = of.terms.private_capital
    if terms is None or public.month + terms.lag_months >= of.context.window.months:
        return ()
    drawn = isinstance(terms.multiple, DrawnMultiple)
    return (
        Injection(
            source=of.investors,
            target=of.name,
            month=public.month + terms.lag_months,
            amount=public.amount * (1.0 if isinstance(terms.multiple, DrawnMultiple) else terms.multiple),
            drawn=f"{of.name}.private_capital" if drawn else None,
            follows=True,
        ),
    )


def _drawn(of: _Named) -> tuple[Drawn, ...]:
    """Return the multiples that each path draws."""
    return tuple(
        Drawn(name=f"{of.name}.{key}", low=terms.multiple.least, high=terms.multiple.most)
        for key, terms in (("private_capital", of.terms.private_capital), ("bank_line", of.terms.bank_line))
        if terms is not None and isinstance(terms.multiple, DrawnMultiple)
    )


def _capacities(of: _Named) -> tuple[Capacity, ...]:
    """Return the banks' line on capital and the leverage on net assets."""
    leverage = Capacity(
        name=f"{of.name}.leverage", party=of.name, basis="net_assets", multiple=of.terms.leverage
    )
    if of.terms.bank_line is None:
        return (leverage,)
    multiple = of.terms.bank_line.multiple
    name = of.bank_line
    if isinstance(multiple, DrawnMultiple):
        line = Capacity(name=name, party=of.name, basis="paid_in", multiple=1.0, drawn=name)
    else:
        line = Capacity(name=name, party=of.name, basis="paid_in", multiple=multiple)
    return (line, leverage)


def _parties(of: _Named, lender: str) -> tuple[Party, ...]:
    terms = of.terms
    parties = [
        Party(name=of.name, opening=terms.opening, public=True),
        Party(name=lender, limited=False),
    ]
    if terms.private_capital is not None:
        parties.append(Party(name=of.investors, limited=False))
    for name, layer in terms.reguarantee.items():
        parties.append(
            Party(
                name=of.layer(name),
                opening=layer.money or 0.0,
                limited=layer.money is not None,
                public=layer.public,
            )
        )
    if terms.compensation_fund is not None:
        parties.append(Party(name=of.fund, opening=terms.compensation_fund.opening, public=True))
    return tuple(parties)


def _obligor_limits(of: _Named) -> tuple[ObligorLimit, ...]:
    if of.terms.obligor_share is None:
        return ()
    return (
        ObligorLimit(facility=of.name, party=of.name, share=of.terms.obligor_share, retained=of.retained),
    )


def lower(name: str, terms: Guarantee, context: Context) -> Part:
    """Lower a guarantor: one facility, its contract, its layers, its books."""
    of = _Named(name, terms, context)
    limits = _capacities(of)
    facility = replace(
        programme_of(name, terms, context).facility, capacities=tuple(limit.name for limit in limits)
    )
    part = Part(
        parties=_parties(of, facility.lender),
        drawn=_drawn(of),
        facilities=(facility,),
        capacities=limits,
        guarantors=(_guarantor(of),),
        obligor_limits=_obligor_limits(of),
        contracts=_contracts(of),
        breakers=breakers_of(name, terms.breaker, name),
        injections=_injections(of),
        top_ups=top_ups_of(name, terms.top_up, treasury_of(terms.line)),
        payments=(
            *_fees(of),
            *interest_of(name, facility.lender, terms.deposit_rate),
            *running_costs_of(name, terms.running_cost),
        ),
    )
    metrics = guarantee_metrics(
        part, context.segments, investors=of.investors, line=of.bank_line, fund=of.fund
    )
    return replace(part, metrics=metrics)


KIND = Kind(
    name="guarantee",
    meaning="Financing guarantor with leverage on net assets, reguarantee and a compensation fund",
    meaning_zh="融资担保（可含再担保、风险补偿资金）",
    terms=Guarantee,
    lower=lower,
)
