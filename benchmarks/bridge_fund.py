"""The bridge job, as constants and as a scheme.

A bridge fund of forty places is asked for four equal amounts a day over 36 months.  A use lasts ten days on
average, exponential; a request waits three days at most, first come first served.  The fund starts empty.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    DirectRequests,
    Economy,
    Party,
    RequestSize,
    Scheme,
    Window,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["MEAN_DAYS", "MONTHS", "PATIENCE", "PER_DAY", "PLACES", "WINDOW_DAYS", "scheme"]

MONTHS: Final = 36
WINDOW_DAYS: Final = MONTHS * DAYS_PER_MONTH
PER_DAY: Final = 4.0
MEAN_DAYS: Final = 10.0
PLACES: Final = 40
PATIENCE: Final = 3.0
"""Days that a request waits at most."""


def scheme() -> Scheme:
    """Return the job as a lowered scheme; a request is for one yuan."""
    fund = BridgeFund(
        name="fund",
        party="fund",
        requests=DirectRequests(per_day=PER_DAY, amounts=(1.0,), probabilities=(1.0,)),
        sizes=(RequestSize(up_to=math.inf),),
        days=DaysLaw(law="exponential", mean=MEAN_DAYS),
        deadline_days=PATIENCE,
    )
    job = Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(),
        parties=(
            Party(name="fund", opening=float(PLACES), limited=False, public=True),
            Party(name="bank", limited=False),
            Party(name="treasury", limited=False),
            Party(name="firms", limited=False),
            Party(name="outside", limited=False),
        ),
        facilities=(),
        bridges=(fund,),
    )
    return replace(job, window=with_longest_life(job))
