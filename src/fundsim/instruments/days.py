"""Laws of days: from what is written to the scheme's, and their means."""

from __future__ import annotations

import math

from scipy.special import ndtr

from fundsim.scenario.terms import LawOfDays
from fundsim.scheme import DaysLaw

__all__ = ["law_of_days", "mean_days"]


def law_of_days(terms: LawOfDays, unit: float = 1.0, longest: float = math.inf) -> DaysLaw:
    """Return a law of calendar days.

    Args:
        terms: the law as written.
        unit: calendar days per day as written, 7/5 for working days.
        longest: most calendar days, infinity for no limit.
    """
    weights: dict[float, float] = {}
    for value in terms.values:
        weights[value.days] = weights.get(value.days, 0.0) + value.weight
    days = sorted(day for day, weight in weights.items() if weight > 0.0)
    total = math.fsum(weights.values())
    return DaysLaw(
        law=terms.law,
        mean=unit * (terms.mean or 0.0),
        cv=terms.cv or 0.0,
        days=tuple(unit * day for day in days),
        probabilities=tuple(weights[day] / total for day in days),
        longest=longest,
    )


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
