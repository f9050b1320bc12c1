"""What a year of moving factors does to one firm and to a pair: quadrature over an AR(1) path.

A firm whose score falls below a threshold c defaults in a step with probability
``q(x, g) = Φ((c sqrt(g) − sqrt(ρ) x)/sqrt(1 − ρ))``, given the index x of the step and, under a Student-t
copula, its mixing variable g (1 in a Gaussian one).  g is drawn again in each step, independent of the
index, so it is averaged out of each step alone.  Expectations over the path are taken backwards, step by
step, by the trapezoid rule on a grid that is fine against the innovation and against the slope of q; the
rule then converges exponentially.  Defaults and survivals are accumulated each by itself, so that small
probabilities keep their digits.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainccinv, gammaincinv, ndtr

__all__ = [
    "FactorYear",
    "StepLaw",
    "YearOdds",
    "ar1_transition",
    "conditional_default",
    "grid",
    "mean_over_mixing",
    "spacing_for",
    "spacing_of_steps",
]

Floats = NDArray[np.float64]

REACH = 12.0
"""The grid covers ± this many standard deviations: a default in 10¹² is driven by an index near −7."""
POINTS_PER_WIDTH = 2.5
"""Grid points per standard deviation of what is integrated."""
FINEST = 2.0**-15
"""The finest grid of all: it is reached where 1 − ρ is below 6e-9, and all firms default together."""
LEAST_SPACING = 2.0**-7
"""Of a grid on which steps follow each other, whose matrix takes 75 MB with this one.  It is reached where ρ
is above 0.9996; there the PD of a year that sees two steps is good to about 1 % of itself."""


class StepLaw(NamedTuple):
    """How defaults of one step depend on the index: threshold of the score, and asset correlation."""

    threshold: float
    """c [standard deviations of the score]"""
    rho: float


@lru_cache(maxsize=8)
def _mixing(t_degrees: float | None) -> tuple[Floats, Floats]:
    """Return points of ``sqrt(g)``, g = χ²_ν/ν, and their weights; without a t copula g is 1."""
    if t_degrees is None:
        return np.ones(1), np.ones(1)
    z = _points(0.1)
    weight = _normal_weights(z)
    shape = 0.5 * t_degrees
    g = np.where(z < 0.0, gammaincinv(shape, ndtr(z)), gammainccinv(shape, ndtr(-z))) / shape
    return np.sqrt(g), weight


def _points(spacing: float) -> Floats:
    half = math.ceil(REACH / spacing)
    return np.asarray(np.arange(-half, half + 1) * spacing, dtype=np.float64)


def _normal_weights(x: Floats) -> Floats:
    weight = np.exp(-0.5 * x * x)
    return np.asarray(weight / weight.sum())


@lru_cache(maxsize=32)
def grid(spacing: float) -> tuple[Floats, Floats]:
    """Return equidistant points and standard-normal weights that sum to 1."""
    x = _points(spacing)
    return x, _normal_weights(x)


@lru_cache(maxsize=8)
def ar1_transition(persistence: float, spacing: float) -> Floats:
    """Return the matrix of one AR(1) step on the grid; its rows sum to 1."""
    x, _ = grid(spacing)
    innovation = math.sqrt(1.0 - persistence * persistence)
    kernel = np.exp(-0.5 * ((x[None, :] - persistence * x[:, None]) / innovation) ** 2)
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True))


def spacing_for(rho: float, innovation: float) -> float:
    """Return a spacing of the grid that is fine enough, one of a few so that grids are used again."""
    slope = math.sqrt((1.0 - rho) / rho) if rho > 0.0 else math.inf
    wanted = min(1.0, innovation, slope) / POINTS_PER_WIDTH
    return max(FINEST, float(2.0 ** (math.floor(4.0 * math.log2(wanted)) / 4.0)))


def spacing_of_steps(rho: float, innovation: float) -> float:
    """Return a spacing for steps that follow each other, so that the matrix of one step fits in memory."""
    return max(LEAST_SPACING, spacing_for(rho, innovation))


def conditional_default(law: StepLaw, x: Floats, t_degrees: float | None) -> tuple[Floats, Floats]:
    """Return q(x, g) and 1 − q(x, g), each of shape (points of g, points of x)."""
    root, _ = _mixing(t_degrees)
    score = (law.threshold * root[:, None] - math.sqrt(law.rho) * x) / math.sqrt(1.0 - law.rho)
    return np.asarray(ndtr(score)), np.asarray(ndtr(-score))


def mean_over_mixing(values: Floats, t_degrees: float | None) -> Floats:
    """Return the mean over g of values of shape (points of g, points of x)."""
    _, weight = _mixing(t_degrees)
    return np.asarray(weight @ values)


class YearOdds(NamedTuple):
    """How a year ends for one firm, and for a pair."""

    default: float
    both_default: float
    alive: float
    both_alive: float


class FactorYear(NamedTuple):
    """Twelve months of stationary factors that begin with a step.

    One step a year is Vasicek's (2002) yearly model; its pair probability is ``Φ₂(c, c; ρ)``.
    """

    persistence: float
    """AR(1) coefficient of one step."""
    steps: int
    """Steps in a year: 12, 4 or 1."""
    t_degrees: float | None = None

    def odds(self, law: StepLaw) -> YearOdds:
        """Return how a year ends for one firm, and for a pair."""
        innovation = math.sqrt(1.0 - self.persistence**2) if self.steps > 1 else 1.0
        spacing = (spacing_of_steps if self.steps > 1 else spacing_for)(law.rho, innovation)
        x, weight = grid(spacing)
        q, survives = conditional_default(law, x, self.t_degrees)
        one = mean_over_mixing(q, self.t_degrees)
        both = mean_over_mixing(q * q, self.t_degrees)
        lives = mean_over_mixing(survives, self.t_degrees)
        one_of_two = mean_over_mixing(q * survives, self.t_degrees)
        both_live = mean_over_mixing(survives * survives, self.t_degrees)
        ends = np.column_stack([one, both, lives, both_live])
        if self.steps > 1:
            transition = ar1_transition(self.persistence, spacing)
            for _ in range(self.steps - 1):
                default, pair, alive, pair_alive = (transition @ ends).T
                pair = both + 2.0 * one_of_two * default + both_live * pair
                ends = np.column_stack([one + lives * default, pair, lives * alive, both_live * pair_alive])
        return YearOdds(*(float(value) for value in weight @ ends))
