"""Known figures of queues, as data: what a bridge fund refuses of the requests that it is given directly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fundsim.scheme import DaysLaw
from fundsim.verify.cases import Sampled

__all__ = [
    "LAWS_OF_TEN_DAYS",
    "MIXED_FUNDS",
    "PATIENT_QUEUES",
    "STEADY_DAYS",
    "MixedFund",
    "PatientQueue",
    "SizeOfRequest",
]


@dataclass(frozen=True)
class SizeOfRequest:
    """Requests of one size."""

    per_day: float
    units: int
    refused: float
    """Part of them that is refused."""


@dataclass(frozen=True)
class MixedFund:
    """A fund in which nobody waits, and its requests by size."""

    name: str
    capacity: int
    """[units]"""
    mean_days: float
    sizes: tuple[SizeOfRequest, ...]
    mean_out: float
    """[units]"""


MIXED_FUNDS: Final = (
    MixedFund(
        name="Town fund of 2,000万, sizes 200, 500 and 1,000万",
        capacity=20,
        mean_days=5.0,
        sizes=(
            SizeOfRequest(0.3, 2, 0.05640935992620812),
            SizeOfRequest(0.2, 5, 0.1487525110254227),
            SizeOfRequest(0.06, 10, 0.38544124509852973),
        ),
        mean_out=8.93068562979867,
    ),
    MixedFund(
        name="City fund of 1亿, sizes 300, 700 and 2,000万",
        capacity=100,
        mean_days=5.0,
        sizes=(
            SizeOfRequest(1.2, 3, 0.03640865544962641),
            SizeOfRequest(0.9, 7, 0.08895169484727668),
            SizeOfRequest(0.3, 20, 0.28936751772108155),
        ),
        mean_out=67.36164028258507,
    ),
    MixedFund(
        name="Fund of 0.3亿, all requests 500万",
        capacity=6,
        mean_days=10.0,
        sizes=(SizeOfRequest(0.25, 1, 0.028234294955773797),),
        mean_out=2.4294142626105657,
    ),
)
"""Blocking by Kaufman's and Roberts's recursion, derived by a second program; exact for any law of days."""


@dataclass(frozen=True)
class PatientQueue:
    """Equal requests that wait for so many days at most, first come first served."""

    per_day: float
    mean_days: float
    places: int
    patience: float
    """[days]"""
    refused: Sampled
    """Part that leaves unserved."""
    queued: Sampled
    """Part that is not served at once."""


PATIENT_QUEUES: Final = (
    PatientQueue(4.0, 10.0, 40, 3.0, Sampled(0.04852222401451705, 0.0), Sampled(0.6307889121887221, 0.0)),
    PatientQueue(4.0, 10.0, 40, 0.0, Sampled(0.11615598431075574, 0.0), Sampled(0.11615598431075574, 0.0)),
    PatientQueue(1.0, 10.0, 10, 2.0, Sampled(0.1501452877874369, 0.0), Sampled(0.4504358633623108, 0.0)),
)
"""Exponential days, M/M/c+D: derived by a second program in extended precision."""

STEADY_DAYS: Final = PatientQueue(
    4.0,
    10.0,
    40,
    3.0,
    Sampled(0.03404705, 4.93002890e-05),
    Sampled(0.7111940250000001, 3.28758469e-04),
)
"""All days of one length, M/D/c+D, which has no simple form: 200 million customers of another program."""

LAWS_OF_TEN_DAYS: Final = (
    DaysLaw(law="fixed", mean=10.0),
    DaysLaw(law="exponential", mean=10.0),
    DaysLaw(law="lognormal", mean=10.0, cv=1.0),
    DaysLaw(law="empirical", days=(4.0, 10.0, 25.0), probabilities=(0.5, 0.3, 0.2)),
)
"""Laws of one mean, under which a fund in which nobody waits refuses the same part."""
