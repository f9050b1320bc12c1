"""The single-pool job, as constants and as a scheme.

One city factor moves every month, one pool pays half of the net loss of 3-yuan loans, and the bank
lends ten times what the pool still holds.  Its figures are known to five digits from four million
paths of independent programs, so a fast answer that is wrong shows at once.
"""

from __future__ import annotations

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
    Scheme,
    Segment,
    Window,
)

__all__ = [
    "COVERAGE",
    "COVERAGE_SE",
    "DEPLETED",
    "DEPLETED_SE",
    "INJECTIONS",
    "LGD",
    "LOAN",
    "MONTHS",
    "MULTIPLE",
    "NEW_LOANS",
    "OPENING",
    "PD_ANNUAL",
    "PERSISTENCE_MONTHLY",
    "RHO",
    "SHARE",
    "TERM",
    "scheme",
]

MONTHS: Final = 36
TERM: Final = 12
"""Term of every loan [months]."""
OPENING: Final = 60.0
"""What the pool holds at the start [yuan]."""
INJECTIONS: Final = {12: 20.0, 24: 20.0}
"""Money put into the pool at step 2 of a month [yuan]."""
LOAN: Final = 3.0
"""Principal of a loan [yuan]."""
NEW_LOANS: Final = 60
"""Applications a month [loans]."""
MULTIPLE: Final = 10.0
"""Lending limit: outstanding ≤ multiple × balance."""
PD_ANNUAL: Final = 0.1
RHO: Final = 0.25
"""Asset correlation at the monthly step."""
PERSISTENCE_MONTHLY: Final = 0.95
"""AR(1) coefficient of the factor from one month to the next."""
LGD: Final = 0.6
SHARE: Final = 0.5
"""Share of the net loss that the pool pays."""

DEPLETED: Final = 0.06996225
"""P(some month's claim is not paid in full), four million paths."""
DEPLETED_SE: Final = 0.00012754169276646117
COVERAGE: Final = 0.9907507740152642
"""Mean of claims paid ÷ claims due (1 if none is due), four million paths."""
COVERAGE_SE: Final = 2.2029244717826975e-05


def scheme() -> Scheme:
    """Return the job as a lowered scheme."""
    segment = Segment(
        name="firms",
        sector=None,
        city_weight=1.0,
        pd_annual=PD_ANNUAL,
        rho=RHO,
        maturity_share=0.0,
        lgd=Lgd(mean=LGD),
        term_months=TERM,
        rate_annual=0.0,
        bands=(Band(principal=LOAN, probability=1.0),),
        renew=0.0,
        default_if_not_renewed=0.0,
    )
    facility = Facility(
        name="pool",
        lender="bank",
        borrowers=(Borrowers(segment="firms", share=1.0),),
        demand=Demand(monthly=(NEW_LOANS * LOAN,) * MONTHS),
        capacities=("pool",),
    )
    return Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=0),
        economy=Economy(step_months=1, persistence=PERSISTENCE_MONTHLY**12),
        segments=(segment,),
        parties=(
            Party(name="pool", opening=OPENING, public=True),
            Party(name="bank", limited=False),
            Party(name="treasury", limited=False),
            Party(name="firms", limited=False),
            Party(name="outside", limited=False),
        ),
        facilities=(facility,),
        capacities=(Capacity(name="pool", party="pool", basis="balance", multiple=MULTIPLE),),
        contracts=(Contract(name="pool.claim", facility="pool", payer="pool", share=SHARE, net=True),),
        injections=tuple(
            Injection(source="treasury", target="pool", month=month, amount=amount)
            for month, amount in INJECTIONS.items()
        ),
    )
