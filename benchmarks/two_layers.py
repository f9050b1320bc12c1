"""The two-layer job, as constants and as a scheme: six districts under one reguarantor.

Six pools each pay 80 % of their bank's loss five months after a default and have 40 % of what they
paid back from the reguarantor four months later; what the bank recovers after a year goes back along
the same edges.  Five segments of two loan sizes borrow from each district: 60 classes, 12 contracts,
36 months of lending, 30 of run-off.
"""

from __future__ import annotations

import itertools
from typing import Final

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
    Party,
    RecoveryPart,
    Scheme,
    Segment,
    Window,
)

__all__ = ["scheme"]

MONTHS: Final = 36
RUN_OFF: Final = 30
TERM: Final = 12
MULTIPLE: Final = 10.0
"""Lending limit of a district: outstanding ≤ multiple × its pool's balance."""

SEGMENTS: Final = ("manufacturing", "other", "services", "technology", "trade")
PD_ANNUAL: Final = (0.040, 0.050, 0.030, 0.045, 0.035)
RHO: Final = (0.06, 0.05, 0.05, 0.08, 0.05)
"""Asset correlation at the monthly step."""
LGD: Final = (0.50, 0.60, 0.55, 0.65, 0.55)
PERSISTENCE: Final = 0.5
"""Yearly AR(1) coefficient of every factor."""
CITY_WEIGHT: Final = 0.6
SECTOR_CORRELATION: Final = 0.3
MATURITY_SHARE: Final = 0.6
RENEW: Final = 0.85
SIZES: Final = ((1e6, 0.6), (3e6, 0.4))
"""Principal [yuan] and its probability among new loans."""

DISTRICTS: Final = ("d1", "d2", "d3", "d4", "d5", "d6")
DEMAND: Final = (1.8e7, 2.2e7, 2.6e7, 3.0e7, 3.4e7, 3.8e7)
"""Applications for new loans a month [yuan]."""
OPENING_MONTHS: Final = 2.2
INJECTED_MONTHS: Final = 0.6
"""A pool opens with 2.2 and is given twice 0.6 months of its district's demand."""
INJECTION_DATES: Final = (12, 24)
REGUARANTOR_OPENING: Final = 8e7
REGUARANTOR_INJECTION: Final = 2.5e7

SHARE: Final = 0.8
TRIGGER: Final = 3
CLAIM_LAG: Final = 2
UPPER_SHARE: Final = 0.4
UPPER_LAG: Final = 4
RECOVERY_LAG: Final = 12
RECOVERY_COST: Final = 0.05


def opening(demand: float) -> float:
    """Return what a district's pool holds at the start [yuan]."""
    return OPENING_MONTHS * demand


def injection(demand: float) -> float:
    """Return what a district's pool is given at each date [yuan]."""
    return INJECTED_MONTHS * demand


def segment(number: int) -> Segment:
    """Return a segment by its position in ``SEGMENTS``."""
    return Segment(
        name=SEGMENTS[number],
        sector=SEGMENTS[number],
        city_weight=CITY_WEIGHT,
        pd_annual=PD_ANNUAL[number],
        rho=RHO[number],
        maturity_share=MATURITY_SHARE,
        lgd=Lgd(mean=LGD[number]),
        term_months=TERM,
        rate_annual=0.06,
        bands=tuple(Band(principal=principal, probability=share) for principal, share in SIZES),
        renew=RENEW,
        default_if_not_renewed=0.0,
    )


def facility(district: str, demand: float) -> Facility:
    """Return a district's lending programme."""
    return Facility(
        name=district,
        lender="bank",
        borrowers=tuple(Borrowers(segment=name, share=1.0 / len(SEGMENTS)) for name in SEGMENTS),
        demand=Demand(monthly=(demand,) * MONTHS),
        capacities=(district,),
        recovery=(RecoveryPart(lag_months=RECOVERY_LAG, share=1.0),),
        recovery_cost=RECOVERY_COST,
        claim_months=TRIGGER + CLAIM_LAG,
    )


def scheme() -> Scheme:
    """Return the job as a lowered scheme."""
    n_sectors = len(SEGMENTS)
    districts = tuple(zip(DISTRICTS, DEMAND, strict=True))
    lower = tuple(
        Contract(
            name=f"{name}.claim",
            facility=name,
            payer=name,
            share=SHARE,
            trigger_months=TRIGGER,
            claim_lag=CLAIM_LAG,
        )
        for name in DISTRICTS
    )
    upper = tuple(
        Contract(
            name=f"{name}.reguarantee",
            facility=name,
            payer="reguarantor",
            share=UPPER_SHARE,
            covers=f"{name}.claim",
            claim_lag=UPPER_LAG,
        )
        for name in DISTRICTS
    )
    payments = [(name, injection(demand)) for name, demand in districts]
    payments.append(("reguarantor", REGUARANTOR_INJECTION))
    return Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=RUN_OFF),
        economy=Economy(
            step_months=1,
            persistence=PERSISTENCE,
            sectors=SEGMENTS,
            sector_correlation=tuple(
                tuple(1.0 if i == j else SECTOR_CORRELATION for j in range(n_sectors))
                for i in range(n_sectors)
            ),
        ),
        segments=tuple(segment(number) for number in range(n_sectors)),
        parties=(
            *(Party(name=name, opening=opening(demand), public=True) for name, demand in districts),
            Party(name="reguarantor", opening=REGUARANTOR_OPENING, public=True),
            *(Party(name=name, limited=False) for name in ("bank", "treasury", "firms", "outside")),
        ),
        facilities=tuple(facility(name, demand) for name, demand in districts),
        capacities=tuple(
            Capacity(name=name, party=name, basis="balance", multiple=MULTIPLE) for name in DISTRICTS
        ),
        contracts=lower + upper,
        injections=tuple(
            Injection(source="treasury", target=target, month=month, amount=amount)
            for month, (target, amount) in itertools.product(INJECTION_DATES, payments)
        ),
    )
