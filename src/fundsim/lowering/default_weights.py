"""With which index of the factor the defaults of a loan come: quadrature over the factor's path.

A loan lives through its term with stationary factors.  Relative to the normal law of the index, the
weight of an index x is the probability to default in a month whose index is x:

* in life, with the share 1 − m of the hazard, for a term that begins with a step;
* at maturity, with the share m, at the index of its last month; loans are granted evenly over the months of
  a step, for with long steps it matters how much of the hazard was borne in earlier ones.

A static factor is one for the whole term.  The AR(1) process is reversible, so weights move forward from
step to step with the same matrix as expectations move backwards.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fundsim.lowering.economy import Factors, default_quantile
from fundsim.lowering.factor_year import (
    StepLaw,
    ar1_transition,
    conditional_default,
    grid,
    mean_over_mixing,
    spacing_for,
    spacing_of_steps,
)

__all__ = ["SCORES", "Life", "life_of", "score_weights"]

Floats = NDArray[np.float64]

SCORES = np.linspace(-9.0, 9.0, 577)
"""Normal scores of a loss at which weights are tabulated; a higher score is a higher loss."""
LEAST_LOG = -700.0
"""ln of the least survival of a step: below it exp would be 0 and its logarithm no number."""


class Life(NamedTuple):
    """All that decides at which index the loans of one kind default."""

    law: StepLaw
    """Threshold and ρ of a step; in a static economy those of the whole term."""
    factors: Factors
    term_months: int
    maturity_share: float


def life_of(pd: float, rho: float, factors: Factors, term_months: int, maturity_share: float) -> Life:
    """Return the life of loans with a yearly PD and a yearly ρ.

    Raises:
        ValueError: no ρ of a step gives the yearly one under a t copula.
    """
    if factors.steps > 0:
        return Life(factors.law(pd, rho), factors, term_months, maturity_share)
    within_term = -math.expm1(term_months / 12.0 * math.log1p(-pd))
    return Life(StepLaw(default_quantile(within_term, factors.t_degrees), rho), factors, term_months, 0.0)


@lru_cache(maxsize=256)
def score_weights(life: Life, correlation: float) -> Floats:
    """Return the expected weight of the index given each of ``SCORES``, −sqrt(c) X + sqrt(1 − c) η.

    Args:
        life: the life of the loans.
        correlation: c, the share of the score's variance that the index explains.
    """
    x, weight = _index_weights(life)
    eta, probability = grid(spacing_for(life.law.rho, 1.0) / 2.0)
    index = -math.sqrt(correlation) * SCORES[:, None] + math.sqrt(1.0 - correlation) * eta
    return np.asarray(_between(x, weight, index) @ probability)


def _between(x: Floats, weight: Floats, index: Floats) -> Floats:
    """Return weights at any index: Lagrange's cubic through the logarithms at four grid points around it."""
    log_weight = np.log(np.maximum(weight, 1e-300))
    place = np.clip((index - x[0]) / (x[1] - x[0]), 1.0, x.size - 2.0)
    first = np.minimum(place.astype(np.int64), x.size - 3)
    u = place - first
    a, b, c, d = (log_weight[first + j] for j in (-1, 0, 1, 2))
    outer = u * (u - 1.0) / 6.0
    inner = 0.5 * (u + 1.0) * (u - 2.0)
    return np.asarray(np.exp(outer * ((u + 1.0) * d - (u - 2.0) * a) + inner * ((u - 1.0) * b - u * c)))


def _index_weights(life: Life) -> tuple[Floats, Floats]:
    """Return a grid of the index and the probability of default at each of its points."""
    moves = life.factors.steps > 0
    innovation = math.sqrt(1.0 - life.factors.persistence**2) if moves else 1.0
    spacing = (spacing_of_steps if moves else spacing_for)(life.law.rho, innovation)
    x, _ = grid(spacing)
    q, survives = conditional_default(life.law, x, life.factors.t_degrees)
    if not moves:
        return x, mean_over_mixing(q, life.factors.t_degrees)
    with np.errstate(divide="ignore"):
        log_survival = np.maximum(np.where(q < 0.5, np.log1p(-q), np.log(survives)), LEAST_LOG)
    path = _Path(ar1_transition(life.factors.persistence, spacing), log_survival, life.factors.t_degrees)
    step = 12 // life.factors.steps
    weight = path.in_life(_parts(life.term_months, step, 0), 1.0 - life.maturity_share)
    if life.maturity_share > 0.0:
        ends = [path.at_maturity(_parts(life.term_months, step, o), life.maturity_share) for o in range(step)]
        weight = weight + np.mean(ends, axis=0)
    return x, np.asarray(weight)


def _parts(term_months: int, step: int, offset: int) -> list[float]:
    """Return the share of each step that a term covers whose first month lies ``offset`` months into a step.

    >>> _parts(12, 3, 1)
    [0.6666666666666666, 1.0, 1.0, 1.0, 0.3333333333333333]
    """
    edges = [0, *range(step - offset, term_months, step), term_months]
    return [(end - begin) / step for begin, end in pairwise(edges)]


class _Path(NamedTuple):
    """Steps of the index, and what survival costs in one of them."""

    transition: Floats
    log_survival: Floats
    """ln(1 − q(x, g)) of a step, shape (points of g, points of x)."""
    t_degrees: float | None

    def in_life(self, parts: list[float], share: float) -> Floats:
        """Return the probability to default at each index within a term, bearing a share of the hazard."""
        alive, lost = np.ones(self.log_survival.shape[1]), np.zeros(self.log_survival.shape[1])
        for part in parts:
            defaults = self._mean(-np.expm1(share * part * self.log_survival))
            lost += alive * defaults
            alive = self.transition @ (alive * (1.0 - defaults))
        return lost

    def at_maturity(self, parts: list[float], held_back: float) -> Floats:
        """Return the probability to default at maturity by the index there, after surviving in life."""
        alive, doomed = np.ones(self.log_survival.shape[1]), np.zeros(self.log_survival.shape[1])
        for later, part in enumerate(parts):
            if later:
                alive, doomed = self.transition @ alive, self.transition @ doomed
            in_life = np.exp((1.0 - held_back) * part * self.log_survival)
            struck = self._mean(-in_life * np.expm1(held_back * part * self.log_survival))
            doomed = doomed * self._mean(np.exp(part * self.log_survival)) + alive * struck
            alive = alive * self._mean(in_life)
        return doomed

    def _mean(self, values: Floats) -> Floats:
        return mean_over_mixing(values, self.t_degrees)
