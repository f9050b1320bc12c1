"""Requests that are given directly: a Poisson process, drawn in batches.

The blocks and the logarithms of a batch do not wait for each other, so that they overlap in the processor.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.bridge.draws import block_of, day_in_month, days_of
from fundsim.core.bridge.lists import free_slot
from fundsim.core.bridge.outcomes import DIRECT_REQUEST
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["draw_next", "open_requests"]


@kernel
def open_requests(tables, state, fund, j, month, asks):
    """Begin a month of a fund: draw the first of its requests, if it has any of its own."""
    terms, work = fund.terms[0], fund.work[0]
    work.next_due = math.inf
    if terms.serves == 0 and asks:
        calendar = (tables.bridges.first_calendar + month) % 12
        work.expected = terms.per_day * tables.bridges.seasonality[j, calendar] * DAYS_PER_MONTH
        work.next_gap = 0.0
        work.n_drawn = 0
        work.n_taken = 0
        if work.expected > 0.0:
            draw_next(tables, state, fund, month)


@outlined
def draw_batch(tables, path_key, terms, work, drawn, month):
    """Draw the next requests of a month, about as many as are still to come, up to a batch."""
    # Kept outside the loops: for all that the compiler knows, what they store might be one of these.
    key = path_key[0], path_key[1]
    entity, law, first, expected = terms.entity, terms.law, work.n_taken, work.expected
    left = 1.0 + (1.0 - work.next_gap) * expected
    n = drawn.size if left > drawn.size else np.int64(left)
    for k in range(n):
        gap, part, days, relend = block_of(key, entity, month, first + k)
        drawn[k].gap = -math.log(unit_interval(gap))
        drawn[k].part = unit_interval(part)
        drawn[k].days = days_of(tables.bridges.laws, tables.bridges.points, law, unit_interval(days))
        drawn[k].relend = unit_interval(relend)
    for k in range(n):
        drawn[k].gap /= expected
    work.first_drawn = first
    work.n_drawn = first + n


@kernel
def draw_next(tables, state, fund, month):
    """Draw the next request given directly of a month; its day is infinity when the month has no more."""
    terms, work = fund.terms[0], fund.work[0]
    work.next_due = math.inf
    while True:
        if work.n_taken == work.n_drawn:
            draw_batch(tables, state.key, terms, work, fund.drawn, month)
        drawn = fund.drawn[work.n_taken - work.first_drawn]
        work.n_taken += 1
        work.next_gap += drawn.gap
        if work.next_gap >= 1.0:
            return
        part = day_in_month(terms, tables.bridges.first_calendar, month, work.next_gap)
        due = month * DAYS_PER_MONTH + part
        if due >= -terms.warm_up_days:
            note(tables, fund, due, drawn)
            return


@kernel
def note(tables, fund, due, drawn):
    """Keep the next request given directly, which comes on its day."""
    terms, work = fund.terms[0], fund.work[0]
    work.next_due = due
    work.next_slot = free_slot(fund)
    k = terms.first_amount
    while drawn.part >= tables.bridges.amounts[k].cumulative:
        k += 1
    request = fund.requests[work.next_slot]
    work.n_serials += 1
    request.serial = work.n_serials
    request.origin = DIRECT_REQUEST
    request.size_row = terms.first_size + tables.bridges.amounts[k].size_row
    request.due = due
    request.deadline = due + terms.deadline
    request.amount = tables.bridges.amounts[k].amount
    request.days = drawn.days
    request.relend = drawn.relend
