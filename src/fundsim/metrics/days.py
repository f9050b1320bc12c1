"""What laws of days are in the mean."""

from __future__ import annotations

import math

from scipy.special import ndtr

from fundsim.scheme import DaysLaw

__all__ = ["mean_days"]


def mean_days(law: DaysLaw) -> float:
    """Return the mean of a law of days, cut at its longest.

    >>> mean_days(DaysLaw(law="fixed", mean=10.0, longest=7.0))
    7.0
    >>> mean_days(DaysLaw(law="empirical", days=(5.0, 20.0), probabilities=(0.5, 0.5), longest=10.0))
    7.5
    """
    longest = law.longest
    if law.law == "empirical":
        pairs = zip(law.days, law.probabilities, strict=True)
        return math.fsum(min(day, longest) * probability for day, probability in pairs)
    if law.law == "fixed" or math.isinf(longest):
        return min(law.mean, longest)
    if law.law == "exponential":
        return -law.mean * math.expm1(-longest / law.mean)
    variance = math.log1p(law.cv * law.cv)
    sigma = math.sqrt(variance)
    score = (math.log(longest / law.mean) + 0.5 * variance) / sigma
    return float(law.mean * ndtr(score - sigma) + longest * ndtr(-score))
