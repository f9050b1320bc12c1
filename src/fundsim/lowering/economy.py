"""PD, asset correlation and persistence are stated by the year; here they become those of a factor's step.

With a step below a year three things are solved, so that a simulated year is the stated one:

* the persistence of a step: averages of a factor over adjacent policy years correlate as stated;
* for each segment together, the threshold and the ρ of a step: over the twelve months from the start of a
  policy year, with stationary factors, a firm defaults with the stated PD, and both of a pair with the
  probability that the yearly step gives.

``rho_horizon: step`` solves none of them.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from fundsim.lowering.factor_year import FactorYear, StepLaw, YearOdds
from fundsim.lowering.roots import brent_root

__all__ = ["STEPS_A_YEAR", "Factors", "StepLaw", "default_quantile", "factors_of", "step_persistence"]

STEPS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
HIGHEST_RHO = 0.999
"""The largest ρ of a step; beyond it the grid would have to be finer than any simulation could show."""
SURE = 1e-12
"""PDs nearer to 0 or 1 than this have the ρ of this one: no simulation could show a difference."""
NODES_PER_UNIT = 4
"""Nodes of the map from a PD to its step, per unit of Φ⁻¹(PD)."""
STENCIL = 6
"""Nodes that the map reads for one PD."""


def _correlation_of_years(persistence: float, steps: int) -> float:
    """Return the correlation of the averages of an AR(1) over adjacent years of some steps."""
    apart = np.arange(1, 2 * steps)
    within = np.arange(1 - steps, steps)
    between = np.sum((steps - np.abs(apart - steps)) * persistence ** apart.astype(float))
    return float(between / np.sum((steps - np.abs(within)) * persistence ** np.abs(within).astype(float)))


@lru_cache(maxsize=64)
def step_persistence(yearly: float, steps: int) -> float:
    """Return the AR(1) coefficient of a step with which averages over adjacent years correlate as stated.

    Args:
        yearly: stated persistence, 0 … below 1.
        steps: steps in a year.

    >>> round(step_persistence(0.5, 12), 4)
    0.909
    """
    if steps == 1 or yearly == 0.0:
        return yearly
    return brent_root(lambda a: _correlation_of_years(a, steps) - yearly, 0.0, 1.0, tolerance=1e-15)


class Factors(NamedTuple):
    """How the factors of a scenario move, and at which horizon its PDs and correlations are stated."""

    steps: int
    """Steps in a year; 0 for a static factor."""
    persistence: float
    """AR(1) coefficient of one step."""
    t_degrees: float | None
    solved: bool
    """Whether threshold and ρ are solved for the step."""

    @property
    def year(self) -> FactorYear:
        """The quadrature over a year of these factors."""
        return FactorYear(self.persistence, self.steps, self.t_degrees)

    def natural_threshold(self, pd: float) -> float:
        """Return c of the step's ``q = 1 − (1 − pd)^(1/steps)``: Φ⁻¹(q), or t_ν⁻¹(q)."""
        return default_quantile(-math.expm1(math.log1p(-pd) / self.steps), self.t_degrees)

    def law(self, pd: float, rho: float) -> StepLaw:
        """Return threshold and ρ of a step for a yearly PD and a yearly ρ.

        Raises:
            ValueError: under a t copula the mixing variables of the steps alone tie defaults of a pair more
                closely than is wanted, so that no ρ of a step is low enough.
        """
        if not self.solved:
            return StepLaw(self.natural_threshold(pd), rho)
        return _solve(pd, rho, self)

    def laws(self, pd: NDArray[np.float64], rho: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return thresholds and ρ of a step for many PDs at one yearly ρ.

        They are interpolated in Φ⁻¹(PD) between solved nodes at fixed places, so that what a loan gets does
        not depend on its neighbours.

        Args:
            pd: yearly PDs, shape (loans,).
            rho: yearly asset correlation.

        Raises:
            ValueError: as ``law``.
        """
        different, which = np.unique(pd, return_inverse=True)
        solved = [
            _interpolated(float(p), rho, self) if self.solved else self.law(float(p), rho) for p in different
        ]
        both = np.array(solved, dtype=np.float64).reshape(-1, 2)
        return both[which, 0], both[which, 1]


def factors_of(step: str, persistence: float, t_degrees: float | None, rho_horizon: str) -> Factors:
    """Return the factors of an economy as a scenario states it."""
    steps = STEPS_A_YEAR.get(step, 0)
    if steps == 0:
        return Factors(0, 0.0, t_degrees, solved=False)
    if rho_horizon == "step":
        return Factors(steps, persistence ** (1.0 / steps), t_degrees, solved=False)
    return Factors(steps, step_persistence(persistence, steps), t_degrees, solved=steps > 1)


def default_quantile(probability: float, t_degrees: float | None) -> float:
    """Return the score below which a firm falls with a probability, under the law of the copula."""
    if probability <= 0.0:
        return -math.inf  # stdtrit has no value there
    return float(ndtri(probability) if t_degrees is None else stdtrit(t_degrees, probability))


@lru_cache(maxsize=4096)
def _solve(pd: float, rho: float, factors: Factors) -> StepLaw:
    """Solve threshold and ρ of a step together: the threshold for each ρ that is tried, then ρ by Brent."""
    inside = min(max(pd, SURE), 1.0 - SURE)
    if rho == 0.0 and factors.t_degrees is None:
        return StepLaw(factors.natural_threshold(pd), 0.0)
    yearly = StepLaw(default_quantile(inside, factors.t_degrees), min(rho, HIGHEST_RHO))
    tried = _Thresholds(inside, factors)
    # The rarer end of a year distinguishes pairs: both default, or, of firms that hardly survive, both live.
    pair = 1 if inside <= 0.5 else 3
    wanted = FactorYear(0.0, 1, factors.t_degrees).odds(yearly)[pair]

    def excess(candidate: float) -> float:
        return math.log(tried.odds(candidate)[pair] / wanted)

    if factors.t_degrees is not None and excess(0.0) > 0.0:
        raise ValueError(
            f"no correlation of a step is low enough under {factors.t_degrees:g} degrees of freedom"
        )
    high = min(max(rho, 0.01), HIGHEST_RHO)
    while excess(high) < 0.0 and high < HIGHEST_RHO:
        high = min(0.5 * (1.0 + high), HIGHEST_RHO)
    try:
        solved = high if excess(high) <= 0.0 else brent_root(excess, 0.0, high, tolerance=1e-11)
    except ValueError:
        if factors.t_degrees is not None or excess(0.0) < 0.0:
            raise
        return StepLaw(factors.natural_threshold(pd), 0.0)  # rounding leaves nothing of such a ρ
    threshold = tried.threshold(solved)
    # Beyond a sure default or none the threshold moves on as the step's own would.
    return StepLaw(threshold + factors.natural_threshold(pd) - factors.natural_threshold(inside), solved)


class _Thresholds:
    """Thresholds that keep the PD for one ρ of a step after another, each sought from the last."""

    def __init__(self, pd: float, factors: Factors) -> None:
        self._pd = pd
        self._year = factors.year
        self._last = factors.natural_threshold(pd)

    def threshold(self, rho: float) -> float:
        """Return the threshold with which a year has the PD: Newton's rule on its score, by secants."""
        wanted = float(ndtri(self._pd)) if self._pd <= 0.5 else -float(ndtri(1.0 - self._pd))

        def missed(threshold: float) -> float:
            odds = self._year.odds(StepLaw(threshold, rho))
            score = ndtri(odds.default) if self._pd <= 0.5 else -ndtri(odds.alive)
            return float(score) - wanted

        before, now = self._last, self._last + 0.02
        f_before, f_now = missed(before), missed(now)
        for _ in range(60):
            if abs(f_now) < 1e-13 or f_now == f_before:
                break
            before, now, f_before = now, now - f_now * (now - before) / (f_now - f_before), f_now
            f_now = missed(now)
        self._last = now
        return now

    def odds(self, rho: float) -> YearOdds:
        """Return how a year ends that keeps the PD."""
        return self._year.odds(StepLaw(self.threshold(rho), rho))


def _interpolated(pd: float, rho: float, factors: Factors) -> StepLaw:
    """Return threshold and ρ of a PD by Lagrange's rule between the nodes around it."""
    place = float(ndtri(min(max(pd, SURE), 1.0 - SURE))) * NODES_PER_UNIT
    first = math.floor(place) - STENCIL // 2 + 1
    try:
        nodes = [_node(first + j, rho, factors) for j in range(STENCIL)]
    except ValueError:
        # Near the edge of what a t copula can reach the loan's own PD decides.
        return _solve(pd, rho, factors)
    weights = [
        math.prod((place - first - k) / (j - k) for k in range(STENCIL) if k != j) for j in range(STENCIL)
    ]
    return StepLaw(*(math.fsum(w * node[i] for w, node in zip(weights, nodes, strict=True)) for i in (0, 1)))


def _node(position: int, rho: float, factors: Factors) -> StepLaw:
    return _solve(float(ndtr(position / NODES_PER_UNIT)), rho, factors)
