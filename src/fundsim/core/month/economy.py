"""Step 1, the economy: factors of a path and what they make of each segment's hazard.

The factors are exogenous, so a path's whole economy is drawn before its first month: that is the
same as month by month, and lets the processor overlap the draws.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.exp import exp_of_negative
from fundsim.core.draws.normal import normal_quantile, normal_quantiles
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["simulate_economy"]

FIRST_DRAW = np.uint64(0)

MIXING_NODES_PER_UNIT = 64.0
MIXING_LIMIT = 8.5


@kernel
def draw_innovations(economy, state, steps):
    """Draw one uniform for each step and factor, then turn all of them into normals.

    Loop after loop rather than one: the blocks of the generator overlap in the processor.
    """
    n_factors = economy.entity.size
    for step in range(steps):
        month = np.uint64(step * economy.step_months)
        for j in range(n_factors):
            word, _, _, _ = philox(
                FIRST_DRAW, economy.entity[j], month, purposes.FACTOR, state.key[0], state.key[1]
            )
            state.uniforms[step * n_factors + j] = unit_interval(word)
    normal_quantiles(state.uniforms, state.innovations, state.tails, steps * n_factors)


@outlined
def correlate_sectors(economy, state, steps):
    """Give the sectors' innovations their correlation: multiply by the Cholesky factor in place."""
    n_factors = economy.entity.size
    for step in range(steps):
        row = step * n_factors
        for j in range(n_factors - 1, 0, -1):
            innovation = 0.0
            for i in range(1, j + 1):
                innovation += economy.cholesky[j - 1, i - 1] * state.innovations[row + i]
            state.innovations[row + j] = innovation


@kernel
def run_factors(economy, state, months, steps):
    """Run ``Z' = φ Z + sqrt(1 − φ²) ε`` from a stationary start and spread it over the months."""
    per_step = months if economy.step_months == 0 else economy.step_months
    n_factors = economy.entity.size
    for j in range(n_factors):
        value = state.innovations[j]
        if j == 0 and not math.isnan(economy.start):
            value = economy.start
        for step in range(steps):
            if step > 0:
                value = (
                    economy.persistence * value + economy.innovation * state.innovations[step * n_factors + j]
                )
            for month in range(step * per_step, min((step + 1) * per_step, months)):
                state.factors[month, j] = value


@outlined
def apply_stress(economy, state, months):
    """Shift or fix the city factor in the months of a stress."""
    for month in range(months):
        overlay = economy.overlay[month]
        if math.isnan(overlay.fixed):
            state.factors[month, 0] += overlay.shift
        else:
            state.factors[month, 0] = overlay.fixed


@kernel
def root_of_mixing(nodes, z):
    """Return sqrt(χ²_ν⁻¹(Φ(z))/ν) by cubic Hermite interpolation (error below 1e-9)."""
    position = (z + MIXING_LIMIT) * MIXING_NODES_PER_UNIT
    node = np.int64(position)
    u = position - node
    rest = 1.0 - u
    rise = rest * nodes[node].slope - u * nodes[node + 1].slope
    return (
        nodes[node].value * (1.0 + 2.0 * u) * rest * rest
        + nodes[node + 1].value * u * u * (3.0 - 2.0 * u)
        + rise * u * rest / MIXING_NODES_PER_UNIT
    )


@outlined
def draw_mixing(economy, state, months, steps):
    """Draw the mixing variable g = χ²_ν/ν of each step and spread its root over the step's months."""
    per_step = months if economy.step_months == 0 else economy.step_months
    for step in range(steps):
        first = step * per_step
        word, _, _, _ = philox(
            FIRST_DRAW,
            economy.mixing_entity,
            np.uint64(first),
            purposes.MIXING,
            state.key[0],
            state.key[1],
        )
        root = root_of_mixing(economy.mixing_nodes, normal_quantile(unit_interval(word)))
        for month in range(first, min(first + per_step, months)):
            state.root_mixing[month] = root


@kernel
def hazard_of_step(threshold, sensitivity, x):
    """Return −ln(1 − q(x)), q(x) = Φ((Φ⁻¹(q) − sqrt(ρ) x)/sqrt(1 − ρ)), Vasicek (2002).

    Under a Student-t copula Φ⁻¹(q) is t_ν⁻¹(q) sqrt(g).
    """
    return normal_hazard(threshold - sensitivity * x)


@kernel
def index_of(segment, state, month):
    """Return a segment's index X of a month."""
    x = segment.city_loading * state.factors[month, 0]
    return x + segment.sector_loading * state.factors[month, segment.factor]


@kernel
def note_survival(economy, s, rows, in_life):
    """Fill the survival without the hazard held back for maturity from the accumulated hazard."""
    for row in range(1, rows + 1):
        economy[row, s].survival = exp_of_negative(-in_life * economy[row, s].cumulative)


@kernel
def hazards_by_month(segment, s, per_month, state, months):
    """Fill a segment's index, accumulated hazard and survival for all months."""
    before = math.nan
    hazard = 0.0
    total = 0.0
    for month in range(months):
        x = index_of(segment, state, month)
        if x != before:
            hazard = hazard_of_step(segment.threshold, segment.sensitivity, x) * per_month
            before = x
        total += hazard
        state.economy[month, s].index = x
        state.economy[month + 1, s].cumulative = total
    note_survival(state.economy, s, months, 1.0 - segment.maturity_share)


@outlined
def mixed_hazards_by_month(segment, s, per_month, state, months):
    """The same under a Student-t copula, where each step has a threshold of its own: t_ν⁻¹(q) sqrt(g)."""
    before = math.nan
    root_before = math.nan
    hazard = 0.0
    total = 0.0
    for month in range(months):
        x = index_of(segment, state, month)
        root = state.root_mixing[month]
        if x != before or root != root_before:
            hazard = hazard_of_step(segment.threshold * root, segment.sensitivity, x) * per_month
            before, root_before = x, root
        total += hazard
        state.economy[month, s].index = x
        state.economy[month + 1, s].cumulative = total
    note_survival(state.economy, s, months, 1.0 - segment.maturity_share)


@outlined
def hazards_by_age(segment, s, age_threshold, root, state, months):
    """Static factor: survival ``1 − G(a/12)`` by month of life a (Li 2000)."""
    x = index_of(segment, state, 0)
    for age in range(age_threshold.shape[0]):
        total = hazard_of_step(age_threshold[age, s] * root, segment.sensitivity, x)
        state.economy[age + 1, s].cumulative = total
    note_survival(state.economy, s, age_threshold.shape[0], 1.0)
    for month in range(months):
        state.economy[month, s].index = x


@kernel
def simulate_economy(tables, state):
    """Draw the factors of a path and fill the hazards of all its months."""
    economy = tables.economy
    months = tables.window.total
    static = tables.window.static == 1
    mixed = economy.mixed == 1
    steps = 1 if static else -(-months // economy.step_months)
    draw_innovations(economy, state, steps)
    if economy.entity.size > 2:
        correlate_sectors(economy, state, steps)
    run_factors(economy, state, months, steps)
    if economy.stressed == 1:
        apply_stress(economy, state, months)
    if mixed:
        draw_mixing(economy, state, months, steps)
    for s in range(tables.segments.size):
        state.economy[0, s].survival = 1.0
        if static:
            root = state.root_mixing[0] if mixed else 1.0
            hazards_by_age(tables.segments[s], s, tables.age_threshold, root, state, months)
        elif mixed:
            mixed_hazards_by_month(tables.segments[s], s, 1.0 / economy.step_months, state, months)
        else:
            hazards_by_month(tables.segments[s], s, 1.0 / economy.step_months, state, months)
