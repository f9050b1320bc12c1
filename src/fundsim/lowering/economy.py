"""Asset correlation at the factor's own step, and the yearly PD that the factors imply.

ρ is stated at a one-year horizon.  With a step below a year a pair's defaults within a year come from
several factor values; the ρ of the step is solved so that the one-year default correlation of a pair
is what the yearly ρ gives, under the same copula.  Expectations over an AR(1) path are taken by the
trapezoid rule on a grid that is fine against the innovation, which converges exponentially.

Under a Student-t copula the mixing variable g is drawn afresh in each step, independent of the factors.
So it can be averaged out of each step alone: given the factor a pair survives a step with probability
``s₂(x) = E_g[(1 − q(x, g))²]`` and one firm with ``s₁(x) = E_g[1 − q(x, g)]``, and a year is E[Π s(X_j)]
over the AR(1) path as before.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainccinv, gammaincinv, ndtr, ndtri, stdtrit

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


def default_correlation(pd: float, rho: float, t_degrees: float | None = None) -> float:
    """Return the default correlation of a pair in one step: ``(P₂ − p²)/(p (1 − p))``.

    The joint probability P₂ is ``E[q(X)²]`` over the factor (Vasicek 2002), by the trapezoid rule:
    Φ₂(c, c; ρ) with c = Φ⁻¹(p).  Under a t copula it is ``E[q(X, g)²]``, over g as well.
    """
    x, weight = _grid(0.02)
    joint = float(np.sum(weight * _moment(_conditional(pd, rho, x, t_degrees) ** 2, t_degrees)))
    return (joint - pd * pd) / (pd * (1.0 - pd))


def _grid(step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return equidistant points and standard-normal weights that sum to 1."""
    n = 2 * math.ceil(REACH / step) + 1
    x = np.linspace(-REACH, REACH, n)
    weight = np.exp(-0.5 * x * x)
    return x, weight / weight.sum()


@lru_cache(maxsize=8)
def _mixing(t_degrees: float | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points of ``sqrt(g)``, g = χ²_ν/ν, and their weights; without a t copula g is 1."""
    if t_degrees is None:
        return np.ones(1), np.ones(1)
    z, weight = _grid(0.1)
    shape = 0.5 * t_degrees
    g = np.where(z < 0.0, gammaincinv(shape, ndtr(z)), gammainccinv(shape, ndtr(-z))) / shape
    return np.sqrt(g), weight


def _conditional(
    pd: float, rho: float, x: NDArray[np.float64], t_degrees: float | None
) -> NDArray[np.float64]:
    """Return ``q(x, g) = Φ((t_ν⁻¹(q) sqrt(g) − sqrt(ρ) x)/sqrt(1 − ρ))``, shape (g, x)."""
    threshold = ndtri(pd) if t_degrees is None else stdtrit(t_degrees, pd)
    root, _ = _mixing(t_degrees)
    return np.asarray(ndtr((threshold * root[:, None] - math.sqrt(rho) * x) / math.sqrt(1.0 - rho)))


def _moment(values: NDArray[np.float64], t_degrees: float | None) -> NDArray[np.float64]:
    """Return the mean over g of values of shape (g, x)."""
    _, weight = _mixing(t_degrees)
    return np.asarray(weight @ values)


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


def _year(
    pd: float, rho: float, step_months: int, persistence: float, t_degrees: float | None
) -> tuple[float, float]:
    """Return E[S] and E[S²], S the survival of a year given the factor path and the mixing variables."""
    step_pd = -math.expm1(step_months / 12 * math.log1p(-pd))
    x, weight, transition = _transition(persistence ** (step_months / 12))
    survival = 1.0 - _conditional(step_pd, rho, x, t_degrees)

    def expected(power: int) -> float:
        of_step = _moment(survival**power, t_degrees)
        return expected_survival(of_step, weight, transition, 12 // step_months)

    return expected(1), expected(2)


def implied_annual_pd(
    pd: float, rho: float, step_months: int, persistence: float, t_degrees: float | None = None
) -> float:
    """Return the one-year PD that stationary factors of this step imply (a little below the stated)."""
    if step_months in (0, 12):
        return pd
    return 1.0 - _year(pd, rho, step_months, persistence, t_degrees)[0]


def one_year_correlation(
    pd: float, rho: float, step_months: int, persistence: float, t_degrees: float | None = None
) -> float:
    """Return the one-year default correlation of a pair when ρ holds at the factor's step."""
    once, twice = _year(pd, rho, step_months, persistence, t_degrees)
    return (twice - once * once) / (once * (1.0 - once))


def step_rho(
    pd: float, rho: float, step_months: int, persistence: float, t_degrees: float | None = None
) -> float:
    """Return the ρ of a step that keeps the yearly ρ's one-year default correlation.

    Args:
        pd: yearly probability of default.
        rho: asset correlation at the one-year horizon.
        step_months: 12, 3, 1, or 0 for static.
        persistence: yearly AR(1) coefficient of the factors.
        t_degrees: degrees of freedom of a Student-t copula; None means Gaussian.

    Raises:
        ValueError: under a t copula the mixing variables of the steps alone correlate defaults more than
            is wanted, so that no ρ of a step is low enough.
    """
    # A Gaussian correlation of a millionth is none, and could not be told from the quadrature's error.
    if step_months in (0, 12) or (rho < 1e-6 and t_degrees is None):
        return rho
    wanted = default_correlation(pd, rho, t_degrees)

    def excess(candidate: float) -> float:
        return one_year_correlation(pd, candidate, step_months, persistence, t_degrees) - wanted

    if t_degrees is not None and excess(0.0) > 0.0:
        raise ValueError(f"no correlation of a step is low enough under {t_degrees:g} degrees of freedom")
    high = max(rho, 0.01)
    while excess(high) < 0.0:
        high = 0.5 * (1.0 + high)
        if high > 0.9999:
            return high
    return brent_root(excess, 1e-9, high, tolerance=1e-10)
