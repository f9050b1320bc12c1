"""Firms that are sound and yet can't repay for a few days when their loan falls due."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["DAYS_PER_MONTH", "DaysLaw", "Shortage", "SizeLaw"]

DAYS_PER_MONTH = 365.0 / 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysLaw:
    """Law of the days that a bridge takes: a draw from the law, cut at ``longest``.  Calendar days."""

    law: Literal["fixed", "exponential", "lognormal", "empirical"]
    mean: float = 0.0
    """Mean of the draw before the cut; of no meaning for an empirical law."""
    cv: float = 0.0
    """Standard deviation ÷ mean, of a lognormal law."""
    days: tuple[float, ...] = ()
    """Values of an empirical law, ascending."""
    probabilities: tuple[float, ...] = ()
    """Their probabilities; they sum to 1."""
    longest: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLaw:
    """Law of loan sizes min(Y, cap) [yuan], ln Y normal; a segment's bands are its quadrature."""

    mu: float
    sigma: float
    cap: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """How many sound firms of a segment are short of cash when a loan falls due, and what becomes of them.

    In policy year y a sound loan is short with probability ``Φ((Φ⁻¹(s) − sqrt(rho) X)/sqrt(1 − rho))``,
    s = min(1, probability × trend^y), X the segment's index of the month.  A short firm that no bridge
    serves defaults with ``default_if_unserved``, else it finds a private bridge and is renewed.
    """

    probability: float
    rho: float = 0.0
    trend: float = 1.0
    default_if_unserved: float = 0.0
    private_fee_per_day: float = 0.0
    """Per yuan and calendar day."""
    private_days: DaysLaw | None = None
    """Days of a private bridge; None: those of the fund that would have served the firm."""

    def in_year(self, year: int) -> float:
        """Return s of a policy year y = 0, 1, 2 …, the mean over X.

        >>> Shortage(probability=0.2, trend=0.5).in_year(2)
        0.05
        """
        return min(1.0, self.probability * self.trend**year)
