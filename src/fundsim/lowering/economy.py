"""Asset correlation at the factor's own step, and the yearly PD that the factors imply.

ρ is stated at a one-year horizon.  With a step below a year a pair's defaults within a year come from
several factor values; the ρ of the step is solved so that the one-year default correlation of a pair
is what the yearly ρ gives.  Expectations over an AR(1) path are taken by the trapezoid rule on a grid
that is fine against the innovation, which converges exponentially.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fundsim.lowering.roots import brent_root

__all__ = [
    "default_correlation",
    "expected_survival",
    "implied_annual_pd",
    "one_year_correlation",
    "step_rho",
]

REACH = 9.0
"""The grid covers ± this many standard deviations."""


def default_correlation(pd: float, rho: float) -> float:
    """Return the default correlation of a pair: ``(Φ₂(c, c; ρ) − p²)/(p (1 − p))``, c = Φ⁻¹(p).

    The joint probability is E[p(X)²] over the factor (Vasicek 2002), by the trapezoid rule.
    """
    x, weight = _grid(0.02)
    return (float(np.sum(weight * _conditional(pd, rho, x) ** 2)) - pd * pd) / (pd * (1.0 - pd))


def _grid(step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return equidistant points and standard-normal weights that sum to 1."""
    n = 2 * math.ceil(REACH / step) + 1
    x = np.linspace(-REACH, REACH, n)
    weight = np.exp(-0.5 * x * x)
    return x, weight / weight.sum()


def _conditional(pd: float, rho: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(ndtr((ndtri(pd) - math.sqrt(rho) * x) / math.sqrt(1.0 - rho)))


def _transition(persistence: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return grid, stationary weights and the matrix of one AR(1) step (rows sum to 1)."""
    innovation = math.sqrt(1.0 - persistence * persistence)
    x, weight = _grid(min(0.05, innovation / 2.5))
    kernel = np.exp(-0.5 * ((x[None, :] - persistence * x[:, None]) / innovation) ** 2)
    return x, weight, kernel / kernel.sum(axis=1, keepdims=True)


def expected_survival(
    survival: NDArray[np.float64], weight: NDArray[np.float64], transition: NDArray[np.float64], steps: int
) -> float:
    """Return E[Π S(X_s)] over consecutive steps of a stationary path."""
    value = survival.copy()
    for _ in range(steps - 1):
        value = survival * (transition @ value)
    return float(np.sum(weight * value))


def _year(pd: float, rho: float, step_months: int, persistence: float, power: int) -> float:
    """Return E[S^power], S the survival of a year given the factor path."""
    step_pd = -math.expm1(step_months / 12 * math.log1p(-pd))
    x, weight, transition = _transition(persistence ** (step_months / 12))
    survival = (1.0 - _conditional(step_pd, rho, x)) ** power
    return expected_survival(survival, weight, transition, 12 // step_months)


def implied_annual_pd(pd: float, rho: float, step_months: int, persistence: float) -> float:
    """Return the one-year PD that stationary factors of this step imply (a little below the stated)."""
    if step_months in (0, 12):
        return pd
    return 1.0 - _year(pd, rho, step_months, persistence, 1)


def one_year_correlation(pd: float, rho: float, step_months: int, persistence: float) -> float:
    """Return the one-year default correlation of a pair when ρ holds at the factor's step."""
    once = _year(pd, rho, step_months, persistence, 1)
    twice = _year(pd, rho, step_months, persistence, 2)
    return (twice - once * once) / (once * (1.0 - once))


def step_rho(pd: float, rho: float, step_months: int, persistence: float) -> float:
    """Return the ρ of a step that keeps the yearly ρ's one-year default correlation.

    Args:
        pd: yearly probability of default.
        rho: asset correlation at the one-year horizon.
        step_months: 12, 3, 1, or 0 for static.
        persistence: yearly AR(1) coefficient of the factors.
    """
    if step_months in (0, 12) or rho == 0.0:
        return rho
    wanted = default_correlation(pd, rho)

    def excess(candidate: float) -> float:
        return one_year_correlation(pd, candidate, step_months, persistence) - wanted

    high = rho
    while excess(high) < 0.0:
        high = 0.5 * (1.0 + high)
        if high > 0.9999:
            return high
    return brent_root(excess, 1e-9, high, tolerance=1e-10)
