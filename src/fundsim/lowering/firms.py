"""The firms of a segment: their number by age, and the risk of those that a screening accepts."""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri

from fundsim.lowering.roots import brent_root
from fundsim.scenario.terms import Population as PopulationTerms
from fundsim.scheme import Population

__all__ = ["accepted_pd", "lower_population"]

REACH = 38.0
"""Scores beyond ± this many standard deviations have no probability that a float could hold."""


def accepted_pd(pd: float, accuracy_ratio: float, rejected: float) -> float:
    """Return the PD of the applicants that a screening accepts, by the binormal model.

    Scores are N(0, 1) for sound firms and N(−d, 1) for those that will default, so that the accuracy
    ratio is ``2 Φ(d/√2) − 1`` (Engelmann, Hayden and Tasche 2003, "Testing rating accuracy").  Refused
    are scores below the c that solves ``p Φ(c + d) + (1 − p) Φ(c) = rejected``; what remains has
    ``p (1 − Φ(c + d))/(1 − rejected)``.

    Args:
        pd: yearly PD p of all applicants.
        accuracy_ratio: of the score, 0 … below 1.
        rejected: share of the applicants that is refused, 0 … below 1.

    >>> accepted_pd(0.03, 0.0, 0.4)    # a score without information
    0.03
    """
    if accuracy_ratio == 0.0 or rejected == 0.0:
        return pd
    distance = math.sqrt(2.0) * float(ndtri(0.5 * (1.0 + accuracy_ratio)))

    def excess(cutoff: float) -> float:
        return float(pd * ndtr(cutoff + distance) + (1.0 - pd) * ndtr(cutoff)) - rejected

    cutoff = brent_root(excess, -REACH - distance, REACH, tolerance=1e-12)
    return pd * float(ndtr(-cutoff - distance)) / (1.0 - rejected)


def lower_population(terms: PopulationTerms) -> Population:
    """Return the firms of a population by age, whole ones whose sum is exact, and their exit rates."""
    opening = []
    share = 0.0
    given = 0
    for part in terms.age_shares:
        share += part
        n = math.floor(share * terms.opening + 0.5) - given
        opening.append(n)
        given += n
    return Population(
        opening=tuple(opening), entry_annual=float(terms.entry_annual), exit_annual=terms.exit_rates
    )
