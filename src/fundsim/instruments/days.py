"""Laws of days: from what is written to the scheme's."""

from __future__ import annotations

import math

from fundsim.scenario.terms import LawOfDays
from fundsim.scheme import DaysLaw

__all__ = ["law_of_days"]


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
