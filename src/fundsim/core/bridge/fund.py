"""A month of a bridge fund in continuous time.

At one instant recoveries and injections come first, then returns, service, expiry and arrival; every event
is followed by service.  Capital and money out are added up over the days between events.
"""

from __future__ import annotations

import math

from fundsim.core.bridge.draws import block_of, day_in_month, days_of, probability_of_score
from fundsim.core.bridge.lists import (
    first_time,
    free_slot,
    keep,
    next_in_queue,
    pop,
    push,
    take_from_queue,
)
from fundsim.core.bridge.outcomes import end_bridged, end_unserved
from fundsim.core.bridge.shortage import private_law
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Queue
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["live_month"]


@kernel
def pass_time(work, figures, time):
    """Count capital and money out up to a time [days]."""
    days = time - work.clock
    figures.capital_days += work.capital * days
    figures.out_days += work.out * days
    figures.stopped_days += work.stopped * days
    work.clock = time


@kernel
def read_breaker(fund, work, figures, month):
    """Stop service at overdue ÷ (capital + overdue) ≥ threshold, lift that at ≤ reset."""
    base = work.capital + work.overdue
    level = work.overdue / base if base > 0.0 else 0.0
    if work.stopped == 0:
        if level >= fund.breaker_threshold:
            work.stopped = 1
            figures.stopped_month = min(figures.stopped_month, month)
    elif level <= fund.breaker_reset:
        work.stopped = 0


@kernel
def fee_of(tables, fund, amount, days):
    """Return the fee of a use: each slice of its days at the rate of its tier, the free days left out."""
    fee = 0.0
    begin = 0.0
    for k in range(fund.first_tier, fund.end_tier):
        tier = tables.bridges.tiers[k]
        slice_of_days = min(days, tier.to_days) - max(begin, fund.fee_free)
        if slice_of_days > 0.0:
            fee += tier.per_day * slice_of_days
        begin = tier.to_days
    return amount * fee


@kernel
def index_of(tables, state, origin, month):
    """Return the index X that decides in a month whether a bank lends again: the segment's, or Z."""
    seen = min(max(month, 0), tables.window.total - 1)
    if origin >= 0:
        return state.economy[seen, tables.classes[origin].segment].index
    return state.factors[seen, 0]


@kernel
def begin_use(tables, state, j, slot):
    """Serve a request: its amount is out until the days of its use have passed."""
    memory = state.bridge
    work = memory.work[j]
    figures = state.bridges[j]
    request = memory.requests[j, slot]
    waited = work.clock - request.due
    figures.n_served += 1
    figures.lent += request.amount
    figures.waiting_days_served += waited
    figures.waiting_days += waited
    if request.origin >= 0:
        short = tables.bridges.shortages[tables.classes[request.origin].segment]
        figures.avoided += short.default_if_unserved
        figures.avoided_amount += short.default_if_unserved * request.amount
    work.lent += request.amount
    work.out += request.amount
    figures.peak_out = max(figures.peak_out, work.out)
    push(memory.tickets[j], work.n_tickets, work.clock + request.days, slot)
    work.n_tickets += 1


@kernel
def end_use(tables, state, j, month, passing):
    """End the use that ends first: the bank lends again and the money returns with its fee, or it is overdue."""
    memory = state.bridge
    work = memory.work[j]
    fund = tables.bridges.funds[j]
    figures = state.bridges[j]
    slot = pop(memory.tickets[j], work.n_tickets)
    work.n_tickets -= 1
    request = memory.requests[j, slot]
    work.out -= request.amount
    if work.n_tickets == 0:
        work.out = 0.0  # not what floating-point sums leave behind
    figures.ended += request.amount
    figures.use_days += request.amount * request.days
    score = fund.not_threshold - fund.not_sensitivity * index_of(tables, state, request.origin, month)
    relent = request.relend >= probability_of_score(score)
    if relent:
        fee = fee_of(tables, fund, request.amount, request.days)
        figures.n_returned += 1
        figures.fees += fee
        work.returned += request.amount
        work.fees += fee
    else:
        fall_overdue(fund, memory, j, figures, request.amount, month)
    end_bridged(state, request, relent, passing)
    keep(memory, j, slot)


@kernel
def fall_overdue(fund, memory, j, figures, amount, month):
    """Move an amount that was not re-lent from out to overdue; its recovery comes after the lag."""
    work = memory.work[j]
    figures.n_overdue += 1
    figures.became_overdue += amount
    work.capital -= amount
    work.overdue += amount
    arrives = month + fund.warm_up_months + fund.recovery_lag
    if arrives < memory.recovering.shape[1]:
        memory.recovering[j, arrives] += amount
    read_breaker(fund, work, figures, month)


@kernel
def serve(tables, state, j):
    """Serve the requests that wait, as far as money and the queue's rule allow."""
    memory = state.bridge
    work = memory.work[j]
    while work.n_waiting > 0 and work.stopped == 0:
        place = next_in_queue(memory, j, tables.bridges.funds[j].queue, work.capital - work.out)
        if place < 0:
            return
        begin_use(tables, state, j, take_from_queue(memory, j, place))


@outlined
def expire(tables, state, j, month, passing):
    """Let the request that has waited longest leave unserved at its deadline."""
    memory = state.bridge
    figures = state.bridges[j]
    slot = take_from_queue(memory, j, 0)
    request = memory.requests[j, slot]
    waited = request.deadline - request.due
    figures.n_refused += 1
    figures.refused += request.amount
    figures.waiting_days += waited
    state.bridge_sizes[request.size].n_refused += 1
    state.bridge_sizes[request.size].refused += request.amount
    c = request.origin
    if c >= 0:
        law = private_law(tables, tables.classes[c].segment, j)
        end_unserved(
            tables, state, c, request.column, request.month, request.number, law, request.amount, passing
        )
    keep(memory, j, slot)


@kernel
def arrive(tables, state, j, slot, month, passing):
    """Let a request come: served at once, or it joins the queue, or leaves at once if it may not wait."""
    memory = state.bridge
    work = memory.work[j]
    fund = tables.bridges.funds[j]
    figures = state.bridges[j]
    request = memory.requests[j, slot]
    figures.n_requests += 1
    figures.requested += request.amount
    state.bridge_sizes[request.size].n_requests += 1
    state.bridge_sizes[request.size].requested += request.amount
    alone = work.n_waiting == 0 or fund.queue != Queue.FIFO
    if alone and work.stopped == 0 and request.amount <= work.capital - work.out + HALF_A_FEN:
        # Those that wait don't fit, or they would have been served: it passes nobody that could be.
        begin_use(tables, state, j, slot)
        return
    memory.waiting[j, work.n_waiting] = slot
    work.n_waiting += 1
    if fund.deadline == 0.0:
        # All with its deadline have left, so it is the only one.
        expire(tables, state, j, month, passing)


@kernel
def draw_gap(tables, state, j, month):
    """Draw the next request given directly of a month: its day; infinity when the month has no more."""
    fund = tables.bridges.funds[j]
    work = state.bridge.work[j]
    calendar = (tables.bridges.first_calendar + month) % 12
    mean = fund.per_day * tables.bridges.seasonality[j, calendar] * DAYS_PER_MONTH
    while True:
        if mean <= 0.0:
            work.next_due = math.inf
            return
        gap, size, days, relend = block_of(state.key, fund.entity, month, work.n_drawn)
        work.n_drawn += 1
        work.next_gap -= math.log(unit_interval(gap)) / mean
        if work.next_gap >= 1.0:
            work.next_due = math.inf
            return
        due = month * DAYS_PER_MONTH + day_in_month(
            fund, tables.bridges.first_calendar, month, work.next_gap
        )
        if due >= -fund.warm_up_days:
            work.next_due = due
            note_direct(tables, state, j, due, unit_interval(size), days, relend)
            return


@kernel
def note_direct(tables, state, j, due, u, days, relend):
    """Keep the next request given directly, which has come when its day has."""
    memory = state.bridge
    fund = tables.bridges.funds[j]
    work = memory.work[j]
    work.next_slot = free_slot(memory, j)
    k = fund.first_amount
    while u >= tables.bridges.amounts[k].cumulative:
        k += 1
    request = memory.requests[j, work.next_slot]
    request.origin = -1
    request.size = fund.first_size + tables.bridges.amounts[k].size
    request.due = due
    request.deadline = due + fund.deadline
    request.amount = tables.bridges.amounts[k].amount
    request.days = days_of(tables.bridges.laws, tables.bridges.points, fund.law, days)
    request.relend = unit_interval(relend)


@kernel
def open_month(tables, state, j, month, asks):
    """Begin a month: recoveries, then injections, then the breaker; draw the first request given directly."""
    memory = state.bridge
    work = memory.work[j]
    fund = tables.bridges.funds[j]
    figures = state.bridges[j]
    amount = memory.recovering[j, month + fund.warm_up_months]
    if amount > 0.0:
        memory.recovering[j, month + fund.warm_up_months] = 0.0
        back = (1.0 - fund.lgd) * amount
        work.capital += back
        work.overdue -= amount
        work.recovered += back
        figures.recoveries += back
        figures.losses += amount - back
    paid_in = state.parties[fund.account].paid_in
    work.capital += paid_in - work.paid_in
    work.paid_in = paid_in
    read_breaker(fund, work, figures, month)
    work.next_due = math.inf
    work.n_drawn = 0
    work.next_gap = 0.0
    if fund.serves == 0 and asks:
        draw_gap(tables, state, j, month)


@kernel
def live_month(tables, state, j, month, begin, asks, passing):
    """Let a fund live through a month: returns, service, expiry and arrival in the order of time.

    Args:
        tables: the tables.
        state: the state of the thread.
        j: the fund.
        month: the month, negative in a warm-up.
        begin: the day from which on it lives.
        asks: whether requests may still come.
        passing: a ``Pass``.
    """
    memory = state.bridge
    work = memory.work[j]
    figures = state.bridges[j]
    end = (month + 1) * DAYS_PER_MONTH
    work.clock = begin
    open_month(tables, state, j, month, asks)
    serve(tables, state, j)
    while True:
        returns = first_time(memory.tickets[j], work.n_tickets)
        expires = math.inf
        if work.n_waiting > 0:
            expires = memory.requests[j, memory.waiting[j, 0]].deadline
        arrives = min(first_time(memory.arrivals[j], work.n_arrivals), work.next_due)
        time = min(returns, expires, arrives)
        if time >= end or memory.full[0] == 1:
            break
        pass_time(work, figures, time)
        if returns == time:
            while first_time(memory.tickets[j], work.n_tickets) == time:
                end_use(tables, state, j, month, passing)
            serve(tables, state, j)
        elif expires == time:
            expire(tables, state, j, month, passing)
            serve(tables, state, j)
        elif work.next_due == time:
            arrive(tables, state, j, work.next_slot, month, passing)
            draw_gap(tables, state, j, month)
        else:
            slot = pop(memory.arrivals[j], work.n_arrivals)
            work.n_arrivals -= 1
            arrive(tables, state, j, slot, month, passing)
    pass_time(work, figures, end)
