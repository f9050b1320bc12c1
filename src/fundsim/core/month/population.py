"""Step 1, the firms: those that are eligible for a loan enter, grow older and leave."""

from __future__ import annotations

from fundsim.core.draws import purposes
from fundsim.core.draws.binomial import binomial
from fundsim.core.draws.poisson import poisson
from fundsim.core.draws.streams import CREDIT, open_stream
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["move_firms"]


@kernel
def grow_older(state, first, end):
    """Make every firm a year older; the last age is that age and older."""
    for a in range(end - 1, first, -1):
        older = state.ages[a - 1]
        state.ages[a - 1] = 0
        state.ages[a] += older


@outlined
def move_firms(tables, state, month):
    """Step 1 of a month: birthdays each twelve months, then exits by age, then entries.

    Leaving is not defaulting: no loan is touched.
    """
    for p in range(tables.populations.size):
        firms = tables.populations[p]
        record = state.populations[p]
        if month > 0 and month % 12 == 0:
            grow_older(state, firms.first_age, firms.end_age)
        open_stream(state.stream[CREDIT], firms.entity, month, purposes.POPULATION, 0)
        exited = 0
        for a in range(firms.first_age, firms.end_age):
            leave = tables.population_ages[a].exit_monthly
            n = binomial(state.stream[CREDIT], state.key, state.ages[a], leave)
            state.ages[a] -= n
            exited += n
        entered = poisson(state.stream[CREDIT], state.key, firms.entry_monthly)
        state.ages[firms.first_age] += entered
        record.entered += entered
        record.exited += exited
        record.population += entered - exited
