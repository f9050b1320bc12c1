"""The lists of a fund: slots for requests, a heap by time, and the queue in order of arrival."""

from __future__ import annotations

import math

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.bridge_tables import Queue
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["first_time", "free_slot", "keep", "next_in_queue", "pop", "push", "take_from_queue"]


@kernel
def free_slot(memory, j):
    """Return a slot for a request; if there is none, say so and return the last one given."""
    work = memory.work[j]
    if work.n_free == 0:
        memory.full[0] = 1
        return memory.free[j, 0]
    work.n_free -= 1
    return memory.free[j, work.n_free]


@kernel
def keep(memory, j, slot):
    """Give a slot back."""
    work = memory.work[j]
    if work.n_free < memory.free.shape[1]:
        memory.free[j, work.n_free] = slot
        work.n_free += 1


@kernel
def first_time(heap, n):
    """Return the earliest time of a heap of n, infinity when it is empty."""
    return heap[0].time if n > 0 else math.inf


@kernel
def push(heap, n, time, slot):
    """Put a slot on a heap that holds n, by its time; equal times in order of the slot's coming."""
    place = n
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].time <= time:
            break
        heap[place].time = heap[above].time
        heap[place].slot = heap[above].slot
        place = above
    heap[place].time = time
    heap[place].slot = slot


@kernel
def pop(heap, n):
    """Take the earliest slot off a heap that holds n; return it."""
    slot = heap[0].slot
    last = n - 1
    time = heap[last].time
    moved = heap[last].slot
    place = 0
    below = 1
    while below < last:
        right = below + 1
        if right < last and heap[right].time < heap[below].time:
            below = right
        if heap[below].time >= time:
            break
        heap[place].time = heap[below].time
        heap[place].slot = heap[below].slot
        place = below
        below = 2 * place + 1
    heap[place].time = time
    heap[place].slot = moved
    return slot


@outlined
def next_in_queue(memory, j, queue, lendable):
    """Return the place in the queue of the request that is served next, or −1 if none can be."""
    n = memory.work[j].n_waiting
    requests = memory.requests[j]
    waiting = memory.waiting[j]
    if queue == Queue.FIFO:
        return 0 if requests[waiting[0]].amount <= lendable + HALF_A_FEN else -1
    found = -1
    for place in range(n):
        amount = requests[waiting[place]].amount
        if queue == Queue.FIFO_PASS:
            if amount <= lendable + HALF_A_FEN:
                return place
        elif found < 0 or amount < requests[waiting[found]].amount:
            found = place
    if found >= 0 and requests[waiting[found]].amount <= lendable + HALF_A_FEN:
        return found
    return -1


@kernel
def take_from_queue(memory, j, place):
    """Take the request at a place out of the queue; return its slot."""
    work = memory.work[j]
    waiting = memory.waiting[j]
    slot = waiting[place]
    work.n_waiting -= 1
    for k in range(place, work.n_waiting):
        waiting[k] = waiting[k + 1]
    return slot
