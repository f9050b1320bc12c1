"""What a request draws: its day, its size, the days of its use, and how it ends.

Every request has blocks of its own, so that its draws don't depend on the queue: a fund of another size
meets the same requests.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Days
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["block_of", "day_in_month", "days_of", "probability_of_score", "size_of"]

BEFORE = 1 << 32
"""Added to the number of a month before the window: counter words are not negative."""


@kernel
def block_of(key, entity, month, number):
    """Return the four words of a block of requests; ``month`` may lie before the window."""
    word = np.uint64(month + BEFORE if month < 0 else month)
    return philox(np.uint64(number), entity, word, purposes.BRIDGE, key[0], key[1])


@kernel
def probability_of_score(score):
    """Return Φ(score), 0 and 1 at the infinities."""
    if score == math.inf:
        return 1.0
    if score == -math.inf:
        return 0.0
    return -math.expm1(-normal_hazard(score))


@kernel
def day_in_month(fund, first_calendar, month, u):
    """Return where in a month, in days from its start, the part u of its requests has come.

    Uniform, or with a density ``month_end_times`` as high in the last days of a quarter.
    """
    calendar = (first_calendar + month) % 12
    if fund.month_end_days == 0.0 or calendar % 3 != 2:
        return u * DAYS_PER_MONTH
    early = DAYS_PER_MONTH - fund.month_end_days
    mass = u * (early + fund.month_end_days * fund.month_end_times)
    return mass if mass <= early else early + (mass - early) / fund.month_end_times


@outlined
def empirical_days(law, points, u):
    """Return the first value whose cumulated probability exceeds u."""
    k = law.first_point
    while u >= points[k].cumulative:
        k += 1
    return points[k].days


@kernel
def days_of(laws, points, row, u):
    """Return the days of a bridge that a law gives for a uniform, cut at its longest."""
    law = laws[row]
    days = law.mean_days
    if law.law == Days.EXPONENTIAL:
        days = -law.mean_days * math.log(u)
    elif law.law == Days.LOGNORMAL:
        days = math.exp(law.mu + law.sigma * normal_quantile(u))
    elif law.law == Days.EMPIRICAL:
        days = empirical_days(law, points, u)
    return min(days, law.longest)


@kernel
def size_of(bridged, principal, word):
    """Draw the size of a loan within the band of its class: all requests have the law of the segment."""
    if bridged.sigma == 0.0:
        return principal
    u = bridged.low + bridged.width * unit_interval(word)
    # The slices end at 1 but for rounding.
    size = math.exp(bridged.mu + bridged.sigma * normal_quantile(min(u, 1.0 - 1e-16)))
    return min(size, bridged.cap)
