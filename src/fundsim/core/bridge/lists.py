"""The lists of a fund: slots for requests, and the queue in order of arrival."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Queue
from fundsim.scheme.money import HALF_A_FEN

__all__ = [
    "free_slot",
    "join_queue",
    "keep",
    "next_in_queue",
    "take_from_queue",
    "waiting_at",
]


@kernel
def free_slot(fund):
    """Return a slot for a request; if there is none, say so and return the last one given."""
    work = fund.work[0]
    if work.n_free == 0:
        fund.full[0] = 1
        return fund.free[0]
    work.n_free -= 1
    return fund.free[work.n_free]


@kernel
def keep(fund, slot):
    """Give a slot back."""
    work = fund.work[0]
    if work.n_free < fund.free.size:
        fund.free[work.n_free] = slot
        work.n_free += 1


@kernel
def join_queue(fund, slot):
    """Put a request at the end of the queue."""
    work = fund.work[0]
    if work.first_waiting + work.n_waiting == fund.waiting.size:
        for k in range(work.n_waiting):
            fund.waiting[k] = fund.waiting[work.first_waiting + k]
        work.first_waiting = 0
    fund.waiting[work.first_waiting + work.n_waiting] = slot
    work.n_waiting += 1


@kernel
def waiting_at(fund, place):
    """Return the request at a place of the queue."""
    return fund.requests[fund.waiting[fund.work[0].first_waiting + place]]


@outlined
def next_that_fits(fund, room):
    """Return the place of the first request of an amount that fits, or −1."""
    for place in range(fund.work[0].n_waiting):
        if waiting_at(fund, place).amount <= room:
            return place
    return -1


@outlined
def smallest(fund):
    """Return the place of the smallest request, of several the first."""
    found = 0
    for place in range(1, fund.work[0].n_waiting):
        if waiting_at(fund, found).amount <= fund.terms[0].least:
            return found  # none is smaller
        if waiting_at(fund, place).amount < waiting_at(fund, found).amount:
            found = place
    return found


@kernel
def next_in_queue(fund, lendable):
    """Return the place in a queue that is not empty of whom is served next; −1 if nobody can be."""
    room = lendable + HALF_A_FEN
    if room < fund.terms[0].least:
        return -1  # without a look at each of a long queue
    if fund.terms[0].queue == Queue.FIFO_PASS:
        return next_that_fits(fund, room)
    place = smallest(fund) if fund.terms[0].queue == Queue.SMALL_FIRST else 0
    return place if waiting_at(fund, place).amount <= room else -1


@kernel
def take_from_queue(fund, place):
    """Take the request at a place out of the queue; return its slot."""
    work = fund.work[0]
    first = work.first_waiting
    slot = fund.waiting[first + place]
    # Those before it move up: mostly there are none.
    for k in range(first + place, first, -1):
        fund.waiting[k] = fund.waiting[k - 1]
    work.n_waiting -= 1
    work.first_waiting = first + 1 if work.n_waiting > 0 else 0
    return slot
