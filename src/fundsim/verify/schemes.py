"""The schemes of the published and derived cases, lowered by hand: the smallest that show them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fundsim.scheme import (
    Band,
    Borrowers,
    Capacity,
    Contract,
    Demand,
    Economy,
    Facility,
    Injection,
    Lgd,
    OpeningLoans,
    Party,
    RecoveryPart,
    Scheme,
    Segment,
    Weight,
    Window,
)

__all__ = [
    "band_weights",
    "capped_pool",
    "cover",
    "layered_pool",
    "lending",
    "opening_loans",
    "reguarantee_chain",
    "revolving_pool",
    "segment",
    "single_pool",
    "static_pool",
    "world",
]


def segment(
    *, pd_annual: float, rho: float, principal: float, lgd: float, maturity_share: float = 0.0
) -> Segment:
    """Return a segment of equal twelve-month loans under the city factor alone, without renewals.

    Args:
        pd_annual: yearly PD.
        rho: asset correlation at the factor's step.
        principal: of each loan [yuan].
        lgd: fixed loss given default.
        maturity_share: share of the hazard that strikes at maturity.
    """
    return Segment(
        name="firms",
        sector=None,
        city_weight=1.0,
        pd_annual=pd_annual,
        rho=rho,
        maturity_share=maturity_share,
        lgd=Lgd(mean=lgd),
        term_months=12,
        rate_annual=0.0,
        bands=(Band(principal=principal, probability=1.0),),
        renew=0.0,
        default_if_not_renewed=0.0,
    )


def world(*parties: Party) -> tuple[Party, ...]:
    """Return parties and the unlimited ones that every scheme has: bank, treasury, firms, outside."""
    unlimited = (Party(name=name, limited=False) for name in ("bank", "treasury", "firms", "outside"))
    return (*parties, *unlimited)


def opening_loans(
    months_left: int, n_loans: int, *, segment: str = "firms", band: int = 0
) -> tuple[OpeningLoans, ...]:
    """Return an opening stock of like loans.

    Args:
        months_left: 1 … term of the segment.
        n_loans: number of loans.
        segment: name of the segment.
        band: position of their size band.
    """
    return (OpeningLoans(segment=segment, band=band, months_left=months_left, n_loans=n_loans),)


def lending(monthly: Sequence[float], **terms: Any) -> Facility:
    """Return the facility ``loans``, on which the bank lends to the segment ``firms``.

    Args:
        monthly: demand of each month of the window [yuan].
        terms: fields of the facility that are to be other than so.
    """
    borrowers = (Borrowers(segment="firms", share=1.0),)
    plain = Facility(name="loans", lender="bank", borrowers=borrowers, demand=Demand(monthly=tuple(monthly)))
    return replace(plain, **terms)


def cover(share: float, payer: str = "pool", **terms: Any) -> Contract:
    """Return a payer's contract, called like the payer, for its share of what defaults on ``loans``.

    Args:
        share: of the loss that earlier contracts leave, 0 … 1.
        payer: name of the party that pays.
        terms: fields of the contract that are to be other than so.
    """
    return replace(Contract(name=payer, facility="loans", payer=payer, share=share), **terms)


def band_weights(
    *by_band: float, segments: Sequence[str] = ("firms",), facility: str = "loans"
) -> tuple[Weight, ...]:
    """Return the weights of a facility's loans in a guarantor's liability, alike in all its segments.

    Args:
        by_band: weight of each size band.
        segments: names of the segments.
        facility: name of the facility.
    """
    return tuple(
        Weight(facility=facility, segment=segment, band=band, weight=weight)
        for segment in segments
        for band, weight in enumerate(by_band)
    )


def static_pool(
    *, n_loans: int, pd_annual: float, rho: float, principal: float = 1.0, lgd: float = 1.0
) -> Scheme:
    """Return one year of an opening stock of equal twelve-month loans under one yearly factor.

    Its number of defaults has exactly the law of Vasicek's finite pool.

    Args:
        n_loans: number of loans.
        pd_annual: yearly PD.
        rho: asset correlation.
        principal: of each loan [yuan].
        lgd: fixed loss given default.
    """
    return Scheme(
        window=Window(year=2015, month=1, months=12, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(segment(pd_annual=pd_annual, rho=rho, principal=principal, lgd=lgd),),
        parties=world(),
        facilities=(lending((0.0,) * 12, opening=opening_loans(12, n_loans)),),
    )


def layered_pool(
    loans: Sequence[tuple[float, int]], *, rho: float, layers: Sequence[tuple[int, int]]
) -> Scheme:
    """Return a year of unequal loans under one yearly factor, a segment each, and layers on their loss.

    One contract a layer, in order, each paying what those before it leave, and a last one for the rest.

    Args:
        loans: PD and principal [yuan] of each; all of it is lost on default.
        rho: asset correlation.
        layers: attachment and detachment of each [yuan], ascending and without gaps.
    """
    base = static_pool(n_loans=1, pd_annual=0.01, rho=rho)
    names = [f"loan_{number:03}" for number in range(len(loans))]
    firms = [
        replace(segment(pd_annual=pd, rho=rho, principal=float(amount), lgd=1.0), name=name)
        for name, (pd, amount) in zip(names, loans, strict=True)
    ]
    facility = replace(
        base.facilities[0],
        borrowers=tuple(Borrowers(segment=name, share=1.0 / len(names)) for name in names),
        opening=tuple(stock for name in names for stock in opening_loans(12, 1, segment=name)),
    )
    widths = [*(float(detach - attach) for attach, detach in layers), math.inf]
    return replace(
        base,
        segments=tuple(firms),
        parties=world(*(Party(name=f"layer_{j}", limited=False) for j in range(len(widths)))),
        facilities=(facility,),
        contracts=tuple(cover(1.0, f"layer_{j}", limit=width) for j, width in enumerate(widths)),
    )


def single_pool() -> Scheme:
    """Return the single-pool job: 36 months of a pool that bears half of each loss, ten times levered.

    Units of a million yuan: loans of 3, opening 60, 20 more in months 12 and 24, lending up to ten
    times the balance and 60 loans a month, PD 10 %, ρ = 0.25 by month, AR(1) 0.95 a month.
    """
    months = 36
    return Scheme(
        window=Window(year=2015, month=1, months=months, run_off=0),
        economy=Economy(step_months=1, persistence=0.95),
        segments=(segment(pd_annual=0.10, rho=0.25, principal=3.0, lgd=0.6),),
        parties=world(Party(name="pool", opening=60.0, public=True)),
        facilities=(lending((180.0,) * months, capacities=("pool",)),),
        capacities=(Capacity(name="pool", party="pool", basis="balance", multiple=10.0),),
        contracts=(cover(0.5, net=True),),
        injections=tuple(
            Injection(source="treasury", target="pool", month=month, amount=20.0) for month in (12, 24)
        ),
    )


def capped_pool(*, share: float, pd_annual: float, rho: float, n_loans: int = 3000) -> Scheme:
    """Return three yearly vintages at ten times a pool of 1, its claims uncapped by the balance.

    One vintage a factor year: an opening stock and grants at the end of months 11 and 23, each of
    total principal 10 in ``n_loans`` equal loans.  The payer has no limit, so that the claims due are
    the demand on the pool.

    Args:
        share: the pool's share of each loss.
        pd_annual: yearly PD.
        rho: asset correlation.
        n_loans: loans in each vintage.
    """
    schedule = tuple(10.0 if month in {11, 23} else 0.0 for month in range(36))
    return Scheme(
        window=Window(year=2015, month=1, months=36, run_off=0),
        economy=Economy(step_months=12, persistence=0.5),
        segments=(segment(pd_annual=pd_annual, rho=rho, principal=10.0 / n_loans, lgd=1.0),),
        parties=world(Party(name="pool", opening=1.0, limited=False, public=True)),
        facilities=(lending(schedule, opening=opening_loans(12, n_loans)),),
        contracts=(cover(share),),
    )


def reguarantee_chain(*, loss: float = 100.0, recovery: float = 35.0) -> Scheme:
    """Return one loan that is certain to default under the 2:2:4:2 chain.

    Bank 20 %, guarantor 40 %, province 20 %, national fund 20 %: the guarantor pays the bank 80 % and
    has half of it back from province and national fund in equal parts.

    Args:
        loss: principal of the loan [yuan].
        recovery: what comes back six months after the default [yuan].
    """
    funds = (Party(name=name, opening=10.0 * loss) for name in ("guarantor", "province", "national"))
    # All of the hazard strikes at maturity, in month 0.
    certain = segment(
        pd_annual=1.0 - 1e-12, rho=0.0, principal=loss, lgd=1.0 - recovery / loss, maturity_share=1.0
    )
    guarantee = cover(0.8, "guarantor", name="guarantee")
    upstream = replace(guarantee, covers="guarantee", share=0.25, of="original")
    return Scheme(
        window=Window(year=2015, month=1, months=12, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(certain,),
        parties=world(*funds),
        facilities=(
            lending(
                (0.0,) * 12,
                opening=opening_loans(1, 1),
                recovery=(RecoveryPart(lag_months=6, share=1.0),),
            ),
        ),
        contracts=(
            guarantee,
            replace(upstream, name="province", payer="province"),
            replace(upstream, name="national", payer="national"),
        ),
    )


def revolving_pool() -> Scheme:
    """Return 100 independent loans that are replaced as they fail, and a pool that pays each in full.

    Monthly PD 1 %, loans of 1, all renewed at maturity; a pool of 30, and 10 more in months 12 and 24;
    36 months.  Its depletion has an exact dynamic programme.
    """
    months, n_loans = 36, 100
    firms = segment(pd_annual=1.0 - 0.99**12, rho=0.0, principal=1.0, lgd=1.0)
    return Scheme(
        window=Window(year=2015, month=1, months=months, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(replace(firms, renew=1.0),),
        parties=world(Party(name="pool", opening=30.0, public=True)),
        facilities=(
            lending(
                (),
                demand=Demand(monthly=(0.0,) * months, hold=(float(n_loans),) * months),
                opening=opening_loans(12, n_loans),
            ),
        ),
        contracts=(cover(1.0),),
        injections=tuple(
            Injection(source="treasury", target="pool", month=month, amount=10.0) for month in (12, 24)
        ),
    )
