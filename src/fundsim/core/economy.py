"""Step 1, the economy: factors of a path and what they make of each segment's hazard.

The factors are exogenous, so a path's whole economy is drawn before its first month: that is the
same as month by month, and lets the processor overlap the draws.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.compile import kernel
from fundsim.core.normal import normal_quantile
from fundsim.core.normal_hazard import normal_hazard
from fundsim.core.philox import philox
from fundsim.core.streams import unit_interval

__all__ = ["simulate_economy"]

FACTOR_PURPOSE = np.uint64(1)
FIRST_DRAW = np.uint64(0)


@kernel
def advance_factors(economy, state, month):
    """Move all factors by one step: ``Z' = φ Z + sqrt(1 − φ²) ε``; stationary in month 0."""
    n_factors = economy.entity.size
    for j in range(n_factors):
        word, _, _, _ = philox(
            FIRST_DRAW, economy.entity[j], np.uint64(month), FACTOR_PURPOSE, state.key[0], state.key[1]
        )
        state.factors.draw[j] = normal_quantile(unit_interval(word))
    kept = 0.0 if month == 0 else economy.persistence
    fresh = 1.0 if month == 0 else economy.innovation
    state.factors.value[0] = kept * state.factors.value[0] + fresh * state.factors.draw[0]
    for j in range(1, n_factors):
        innovation = 0.0
        for i in range(1, j + 1):
            innovation += economy.cholesky[j - 1, i - 1] * state.factors.draw[i]
        state.factors.value[j] = kept * state.factors.value[j] + fresh * innovation
    if month == 0 and not math.isnan(economy.start):
        state.factors.value[0] = economy.start


@kernel
def city_factor(economy, state, month):
    """Return Z of a month, with the stress of that month."""
    if math.isnan(economy.overlay.fixed[month]):
        return state.factors.value[0] + economy.overlay.shift[month]
    return economy.overlay.fixed[month]


@kernel
def hazard_of_step(threshold, sensitivity, x):
    """Return −ln(1 − q(x)), q(x) = Φ((Φ⁻¹(q) − sqrt(ρ) x)/sqrt(1 − ρ)), Vasicek (2002)."""
    return normal_hazard(threshold - sensitivity * x)


@kernel
def accumulate(segments, state, month, s, hazard):
    """Add a month's hazard; the survival curve leaves out what is held back for maturity."""
    total = state.economy.cumulative[month, s] + hazard
    state.economy.cumulative[month + 1, s] = total
    state.economy.survival[month + 1, s] = math.exp(-(1.0 - segments.maturity_share[s]) * total)


@kernel
def hazards_of_month(segments, per_month, state, city, month):
    """Fill the index of every segment for one month, its cumulative hazard and survival."""
    for s in range(segments.size):
        x = segments.city_loading[s] * city + segments.sector_loading[s] * state.factors.value[segments.factor[s]]
        hazard = hazard_of_step(segments.threshold[s], segments.sensitivity[s], x) * per_month
        state.economy.index[month, s] = x
        accumulate(segments, state, month, s, hazard)


@kernel
def repeat_month(segments, state, month):
    """Carry a month's hazards on from the month before: same step, same stress."""
    for s in range(segments.size):
        state.economy.index[month, s] = state.economy.index[month - 1, s]
        accumulate(segments, state, month, s, state.economy.cumulative[month, s] - state.economy.cumulative[month - 1, s])


@kernel
def survival_by_age(segments, age_threshold, state, city):
    """Static factor: survival ``1 − G(a/12)`` by month of life a (Li 2000)."""
    for s in range(segments.size):
        x = segments.city_loading[s] * city + segments.sector_loading[s] * state.factors.value[segments.factor[s]]
        state.economy.survival[0, s] = 1.0
        for age in range(age_threshold.shape[0]):
            total = hazard_of_step(age_threshold[age, s], segments.sensitivity[s], x)
            state.economy.cumulative[age + 1, s] = total
            state.economy.survival[age + 1, s] = math.exp(-total)
        for month in range(state.economy.shape[0]):
            state.economy.index[month, s] = x


@kernel
def simulate_economy(tables, state):
    """Draw the factors of a path and fill the hazards of all its months."""
    window = tables.window
    economy = tables.economy
    segments = tables.segments
    if window.static == 1:
        advance_factors(economy, state, 0)
        survival_by_age(segments, tables.age_threshold, state, city_factor(economy, state, 0))
        return
    for s in range(segments.size):
        state.economy.survival[0, s] = 1.0
    per_month = 1.0 / economy.step_months
    before = 0.0
    next_step = 0
    for month in range(window.total):
        step_begins = month == next_step
        if step_begins:
            advance_factors(economy, state, month)
            next_step += economy.step_months
        city = city_factor(economy, state, month)
        if step_begins or city != before:
            hazards_of_month(segments, per_month, state, city, month)
        else:
            repeat_month(segments, state, month)
        before = city
