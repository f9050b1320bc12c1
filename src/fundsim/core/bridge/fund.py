"""A month of a bridge fund in continuous time.

At one instant recoveries and injections come first, then returns, service, expiry and arrival; every event
is followed by service.  Capital and money out are added up over the days between events.
"""

from __future__ import annotations

import math

from fundsim.core.bridge.at_work import fund_of, log, private_law
from fundsim.core.bridge.calendar import first_time, pop, push
from fundsim.core.bridge.direct import draw_next, open_requests
from fundsim.core.bridge.draws import probability_of_score
from fundsim.core.bridge.lists import (
    join_queue,
    keep,
    next_in_queue,
    take_from_queue,
    waiting_at,
)
from fundsim.core.bridge.outcomes import DIRECT_REQUEST, end_bridged, end_unserved, segment_of
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Happening, Queue
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["live_month", "read_breaker"]


@kernel
def pass_time(fund, time, counts):
    """Count capital and money out up to a time [days], in the window only."""
    work, figures = fund.work[0], fund.figures[0]
    days = time - work.clock if counts else 0.0
    figures.capital_days += work.capital * days
    figures.out_days += work.out * days
    if work.stopped == 1:
        figures.stopped_days += days
    work.clock = time


@kernel
def read_breaker(fund, month):
    """Stop service at overdue ÷ (capital + overdue) ≥ threshold, lift that at ≤ reset."""
    work = fund.work[0]
    base = work.capital + work.overdue
    level = 0.0
    if work.overdue > HALF_A_FEN:
        level = work.overdue / base if base > 0.0 else math.inf
    if work.stopped == 0:
        if level >= fund.terms[0].breaker_threshold:
            work.stopped = 1
            fund.figures[0].stopped_month = min(fund.figures[0].stopped_month, month)
    elif level <= fund.terms[0].breaker_reset:
        work.stopped = 0


@kernel
def fee_of(tables, terms, amount, days):
    """Return the fee of a use: each slice of its days at the rate of its tier, the free days left out."""
    fee = 0.0
    begin = 0.0
    for k in range(terms.first_tier, terms.end_tier):
        tier = tables.bridges.tiers[k]
        slice_of_days = min(days, tier.to_days) - max(begin, terms.fee_free)
        if slice_of_days > 0.0:
            fee += tier.per_day * slice_of_days
        begin = tier.to_days
    return amount * fee


@kernel
def index_of(tables, state, request, month):
    """Return the index X that decides in a month whether a bank lends again: the segment's, or Z."""
    seen = min(max(month, 0), tables.window.total - 1)
    if request.origin == DIRECT_REQUEST:
        return state.factors[seen, 0]
    return state.economy[seen, segment_of(tables, request)].index


@kernel
def is_relent(tables, state, terms, request, month):
    """Decide whether the bank lends again at the end of a use."""
    if terms.not_threshold == -math.inf:
        return True
    score = terms.not_threshold - terms.not_sensitivity * index_of(tables, state, request, month)
    return request.relend >= probability_of_score(score)


@outlined
def note_avoided(tables, figures, request):
    """Count the default that a bridge avoids, as far as it is expected."""
    short = tables.bridges.shortages[segment_of(tables, request)]
    figures.avoided += short.default_if_unserved
    figures.avoided_amount += short.default_if_unserved * request.amount


@kernel
def begin_use(tables, fund, slot):
    """Serve a request: its amount is out until the days of its use have passed."""
    work, figures = fund.work[0], fund.figures[0]
    request = fund.requests[slot]
    waited = work.clock - request.due
    figures.n_served += 1
    figures.lent += request.amount
    figures.waiting_days_served += waited
    figures.waiting_days += waited
    if request.origin != DIRECT_REQUEST:
        note_avoided(tables, figures, request)
    log(fund, Happening.SERVED, request, request.amount)
    work.lent += request.amount
    work.out += request.amount
    figures.peak_out = max(figures.peak_out, work.out)
    push(fund.tickets, slot, work.clock + request.days)
    work.n_tickets += 1


@kernel
def end_use(tables, state, fund, month, passing):
    """End the use that ends first: the bank lends again and the money returns, or it is overdue."""
    work, figures = fund.work[0], fund.figures[0]
    slot = pop(fund.tickets)
    work.n_tickets -= 1
    request = fund.requests[slot]
    # An empty book holds nothing, not what floating-point sums leave behind.
    work.out = work.out - request.amount if work.n_tickets > 0 else 0.0
    figures.ended += request.amount
    figures.use_days += request.amount * request.days
    relent = is_relent(tables, state, fund.terms[0], request, month)
    if relent:
        fee = fee_of(tables, fund.terms[0], request.amount, request.days)
        figures.n_returned += 1
        figures.fees += fee
        work.returned += request.amount
        work.fees += fee
        log(fund, Happening.RETURNS, request, request.amount)
        log(fund, Happening.PAYS_FEE, request, fee)
    else:
        log(fund, Happening.FALLS_OVERDUE, request, request.amount)
        fall_overdue(fund, request.amount, month)
    end_bridged(state, request, relent, passing)
    keep(fund, slot)


@outlined
def fall_overdue(fund, amount, month):
    """Move an amount that was not re-lent from out to overdue; its recovery comes after the lag."""
    work = fund.work[0]
    fund.figures[0].n_overdue += 1
    fund.figures[0].became_overdue += amount
    work.capital -= amount
    work.overdue += amount
    arrives = month + fund.terms[0].warm_up_months + fund.terms[0].recovery_lag
    if arrives < fund.recovering.size:
        fund.recovering[arrives] += amount
    read_breaker(fund, month)


@kernel
def serve(tables, fund):
    """Serve the requests that wait, as far as money and the queue's rule allow."""
    work = fund.work[0]
    while work.n_waiting > 0 and work.stopped == 0:
        place = next_in_queue(fund, work.capital - work.out)
        if place < 0:
            return
        begin_use(tables, fund, take_from_queue(fund, place))


@outlined
def expire(tables, state, fund, j, passing):
    """Let the request that has waited longest leave unserved at its deadline."""
    figures = fund.figures[0]
    slot = take_from_queue(fund, 0)
    request = fund.requests[slot]
    log(fund, Happening.UNSERVED, request, request.amount)
    figures.n_refused += 1
    figures.refused += request.amount
    figures.waiting_days += request.deadline - request.due
    state.bridge_sizes[request.size_row].n_refused += 1
    state.bridge_sizes[request.size_row].refused += request.amount
    if request.origin != DIRECT_REQUEST:
        law = private_law(tables, segment_of(tables, request), j)
        end_unserved(tables, state, request, law, request.amount, passing)
    keep(fund, slot)


@kernel
def arrive(tables, state, fund, j, slot, passing):
    """Let a request come: served at once, or it joins the queue, or leaves at once if it may not wait."""
    work, figures = fund.work[0], fund.figures[0]
    request = fund.requests[slot]
    log(fund, Happening.ASKS, request, request.amount)
    figures.n_requests += 1
    figures.requested += request.amount
    state.bridge_sizes[request.size_row].n_requests += 1
    state.bridge_sizes[request.size_row].requested += request.amount
    first = work.n_waiting == 0 or fund.terms[0].queue != Queue.FIFO
    if first and work.stopped == 0 and request.amount <= work.capital - work.out + HALF_A_FEN:
        # Those that wait don't fit, or they would have been served: it passes nobody that could be.
        begin_use(tables, fund, slot)
        return
    figures.n_queued += 1
    join_queue(fund, slot)
    if fund.terms[0].deadline == 0.0:
        # All others with its deadline have left, so it is the only one.
        expire(tables, state, fund, j, passing)


@kernel
def open_month(tables, state, fund, j, month, asks):
    """Begin a month: recoveries, then injections, then the breaker; draw the first request given directly."""
    work, figures, terms = fund.work[0], fund.figures[0], fund.terms[0]
    amount = fund.recovering[month + terms.warm_up_months]
    if amount > 0.0:
        fund.recovering[month + terms.warm_up_months] = 0.0
        back = (1.0 - terms.lgd) * amount
        work.capital += back
        work.overdue -= amount
        work.recovered += back
        figures.recoveries += back
        figures.losses += amount - back
    paid_in = state.parties[terms.account].paid_in
    work.capital += paid_in - work.paid_in
    work.paid_in = paid_in
    read_breaker(fund, month)
    open_requests(tables, state, fund, j, month, asks)


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
    fund = fund_of(tables, state, j)
    work = fund.work[0]
    end = (month + 1) * DAYS_PER_MONTH
    work.clock = begin
    open_month(tables, state, fund, j, month, asks)
    serve(tables, fund)
    while fund.full[0] == 0:
        returns = first_time(fund.tickets)
        expires = waiting_at(fund, 0).deadline if work.n_waiting > 0 else math.inf
        arrives = min(first_time(fund.arrivals), work.next_due)
        time = min(returns, expires, arrives)
        if time >= end:
            break
        pass_time(fund, time, asks)
        if returns == time:
            while first_time(fund.tickets) == time:
                end_use(tables, state, fund, month, passing)
            serve(tables, fund)
        elif expires == time:
            expire(tables, state, fund, j, passing)
            serve(tables, fund)
        elif work.next_due == time:
            arrive(tables, state, fund, j, work.next_slot, passing)
            draw_next(tables, state, fund, month)
        else:
            arrive(tables, state, fund, j, pop(fund.arrivals), passing)
    pass_time(fund, end, asks)
