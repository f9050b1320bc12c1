"""Step 1: events of one sort, Poisson in each month, more of them in good times."""

from __future__ import annotations

import math

from fundsim.core.budget.draws import uniform_of
from fundsim.core.equity.draws import number_of_deals
from fundsim.core.machine.decorators import kernel
from fundsim.core.month.economy import index_of

__all__ = ["happen"]


@kernel
def happen(tables, state, h, month):
    """Draw how often something happens in a month: Poisson, mean n ÷ 12 × exp(β X − β²/2)."""
    terms = tables.budget.happenings[h]
    mean = tables.budget.expected[h, month // 12]
    if mean > 0.0:
        mean *= math.exp(terms.beta * index_of(terms, state, month) - terms.drift)
        state.happenings[h].n += number_of_deals(uniform_of(state.key, terms.entity, month), mean)
