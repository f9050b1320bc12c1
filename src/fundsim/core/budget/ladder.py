"""Step 1, once a year: recognitions are reviewed, then firms move up the ladder."""

from __future__ import annotations

import math

from fundsim.core.draws import purposes
from fundsim.core.draws.binomial import binomial
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.streams import CREDIT, open_stream
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.economy import index_of
from fundsim.core.pack.budget_tables import AGES

__all__ = ["open_ladders", "recognise"]

MOVES = 1 << 40
"""First draw of the moves into a tier: far behind those of its reviews."""
OUTSIDE = -1


@kernel
def open_ladders(tables, state):
    """Put the opening firms on the ladders, by years since their recognition."""
    for i in range(tables.budget.tiers.size):
        firms = state.budget.firms[i]
        firms[0] = tables.budget.tiers[i].youngest
        firms[1] = tables.budget.tiers[i].middle
        firms[2] = tables.budget.tiers[i].oldest


@kernel
def review(tables, state, i, month):
    """Review the firms of a tier whose recognition ends: they lapse or are renewed; the others grow older."""
    firms, record = state.budget.firms[i], state.ladders[i]
    open_stream(state.stream[CREDIT], tables.budget.tiers[i].entity, month, purposes.BUDGET, 0)
    ending = firms[AGES - 1]
    lost = binomial(state.stream[CREDIT], state.key, ending, tables.budget.tiers[i].lapse)
    for age in range(AGES - 1, 0, -1):
        firms[age] = firms[age - 1]
    firms[0] = ending - lost
    record.renewed += ending - lost
    record.lapsed += lost
    record.n -= lost


@kernel
def move_up(tables, state, ladder, i, month):
    """Move firms into a tier from the one below it, or from outside."""
    tier = tables.budget.tiers[i]
    x = index_of(ladder, state, month)
    chance = -math.expm1(-normal_hazard(tier.threshold + tier.sensitivity * x))
    open_stream(state.stream[CREDIT], tier.entity, month, purposes.BUDGET, MOVES)
    entered = 0
    if tier.below == OUTSIDE:
        entered = binomial(state.stream[CREDIT], state.key, ladder.candidates, chance)
    else:
        below = state.budget.firms[tier.below]
        for age in range(AGES):
            n = binomial(state.stream[CREDIT], state.key, below[age], chance)
            below[age] -= n
            entered += n
        state.ladders[tier.below].n -= entered
    state.budget.firms[i, 0] += entered
    state.ladders[i].entered += entered
    state.ladders[i].n += entered


@outlined
def recognise(tables, state, month):
    """Review and move the firms of the ladders whose month this is, from the top: a firm moves one tier."""
    for j in range(tables.budget.ladders.size):
        ladder = tables.budget.ladders[j]
        if month % 12 == ladder.month:
            for i in range(ladder.first_tier, ladder.end_tier):
                review(tables, state, i, month)
            for i in range(ladder.end_tier - 1, ladder.first_tier - 1, -1):
                move_up(tables, state, ladder, i, month)
