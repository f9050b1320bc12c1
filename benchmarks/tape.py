"""The tape job, as constants and as a scheme: 10,000 unlike loans in one period.

Eight segments, each with a sector factor of its own beside the city's, ρ and PD stated for the one
month that is simulated (``step: month``, term 1).  Every loan has its own principal, PD and one of three
mean losses; losses given default are beta and fall with the factor.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from fundsim.scheme import (
    Band,
    Borrowers,
    Demand,
    Economy,
    Facility,
    Lgd,
    Party,
    Scheme,
    Segment,
    Tape,
    Window,
)

__all__ = ["LOANS", "Q99", "SEGMENTS", "scheme", "tape"]

LOANS: Final = 10_000
SEGMENTS: Final = tuple(f"s{number}" for number in range(8))
RHO: Final = (0.08, 0.10, 0.12, 0.15, 0.10, 0.20, 0.12, 0.08)
CITY_WEIGHT: Final = (0.5, 0.6, 0.4, 0.5, 0.7, 0.5, 0.6, 0.4)
SECTOR_CORRELATION: Final = 0.3
LGD_MEANS: Final = (0.35, 0.50, 0.65)
"""Mean loss given default by collateral; which of them is a loan's own."""
LGD_SD: Final = 0.2
LGD_CORRELATION: Final = 0.2
"""Share of the variance of an LGD's normal score that the segment's index explains."""
MEDIAN_PD: Final = 0.015
"""Of the period: lognormal with a standard deviation of 0.8, between 0.1 % and 20 %; the mean is 2 %."""
SEED: Final = 20150101

Q99: Final = 1330.0
"""About the 99 % quantile of the loss [million yuan]; the job counts how often it is passed."""


@cache
def tape() -> Tape:
    """Return the tape, the same in every run: loans in the order of their segments."""
    random = np.random.Generator(np.random.PCG64(SEED))
    pd = np.clip(MEDIAN_PD * np.exp(0.8 * random.standard_normal(LOANS)), 0.001, 0.2)
    return Tape(
        segments=SEGMENTS,
        segment=np.arange(LOANS) * len(SEGMENTS) // LOANS,
        principal=np.round(np.clip(2.0 * np.exp(0.8 * random.standard_normal(LOANS)), 0.1, 10.0), 2),
        months_left=np.ones(LOANS, dtype=np.int64),
        # A yearly PD whose month is the PD of the period.
        pd_annual=-np.expm1(12.0 * np.log1p(-pd)),
        lgd_mean=np.array(LGD_MEANS)[random.integers(0, len(LGD_MEANS), LOANS)],
    )


def _segment(number: int) -> Segment:
    return Segment(
        name=SEGMENTS[number],
        sector=SEGMENTS[number],
        city_weight=CITY_WEIGHT[number],
        pd_annual=0.2,
        rho=RHO[number],
        maturity_share=0.0,
        lgd=Lgd(mean=LGD_MEANS[1], sd=LGD_SD, factor_correlation=LGD_CORRELATION),
        term_months=1,
        rate_annual=0.0,
        bands=(Band(principal=1.0, probability=1.0),),
        renew=0.0,
        default_if_not_renewed=0.0,
    )


def scheme() -> Scheme:
    """Return the job as a lowered scheme; money is in million yuan."""
    n = len(SEGMENTS)
    facility = Facility(
        name="loans",
        lender="bank",
        borrowers=tuple(Borrowers(segment=name, share=1.0 / n) for name in SEGMENTS),
        demand=Demand(monthly=(0.0,)),
        tape=tape(),
    )
    return Scheme(
        window=Window(year=2015, month=1, months=1, run_off=0),
        economy=Economy(
            step_months=1,
            persistence=0.0,
            sectors=SEGMENTS,
            sector_correlation=tuple(
                tuple(1.0 if a == b else SECTOR_CORRELATION for b in range(n)) for a in range(n)
            ),
        ),
        segments=tuple(map(_segment, range(n))),
        parties=tuple(Party(name=name, limited=False) for name in ("bank", "firms", "outside")),
        facilities=(facility,),
    )
