"""A calendar queue: slots in order of their time, as in a calendar of a desk that begins again when it ends.

Time is cut into spans of equal length, a bucket each; after the last bucket comes the first again.  A bucket
is a ring of slots in order of time, known by its last one; a bit for each bucket says whether it holds any.
Where the slots spread over the buckets, adding and taking one costs the same however many there are (Brown,
Communications of the ACM 31, 1988); where all share a bucket the order still holds.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.machine.decorators import kernel
from fundsim.core.machine.lowest_bit import lowest_bit

__all__ = ["first_time", "open_calendar", "pop", "push"]

BITS = 64
"""Buckets that a word of bits stands for."""
SHIFT = 6
"""Its logarithm."""
ALL = np.uint64(2**64 - 1)
ONE = np.uint64(1)


@kernel
def open_calendar(calendar, days):
    """Begin with an empty calendar of zeroed memory, whose buckets span so many days together."""
    calendar.head[0].first = -1
    calendar.head[0].time = math.inf
    calendar.head[0].per_day = calendar.last.size / days


@kernel
def first_time(calendar):
    """Return the earliest time of a calendar, infinity when it is empty."""
    return calendar.head[0].time


@kernel
def span_of(calendar, time):
    """Return the number of the span of time that a time lies in; its last bits are the bucket."""
    return np.int64(math.floor(time * calendar.head[0].per_day))


@kernel
def push(calendar, slot, time):
    """Put a slot down for a time; equal times come in the order in which they were put down."""
    head, links = calendar.head[0], calendar.links
    bucket = span_of(calendar, time) & (calendar.last.size - 1)
    last = calendar.last[bucket] - 1
    links[slot].time = time
    if last < 0:
        links[slot].after = slot
        calendar.last[bucket] = slot + 1
        calendar.busy[bucket >> SHIFT] |= ONE << np.uint64(bucket & (BITS - 1))
    else:
        before = last
        if links[last].time <= time:
            calendar.last[bucket] = slot + 1
        else:
            while links[links[before].after].time <= time:
                before = links[before].after
        links[slot].after = links[before].after
        links[before].after = slot
    if time < head.time:
        head.first = slot
        head.time = time


@kernel
def pop(calendar):
    """Take the earliest slot out of a calendar that is not empty; return it."""
    head, links = calendar.head[0], calendar.links
    slot = head.first
    span = span_of(calendar, head.time)
    bucket = span & (calendar.last.size - 1)
    last = calendar.last[bucket] - 1
    if slot == last:
        calendar.last[bucket] = 0
        calendar.busy[bucket >> SHIFT] &= ~(ONE << np.uint64(bucket & (BITS - 1)))
    else:
        links[last].after = links[slot].after
    find_first(calendar, span)
    return slot


@kernel
def find_first(calendar, span):
    """Find the earliest slot of a calendar in which none lies before a span.

    Once around, from the bucket of that span on: the first slot of a bucket is the earliest of all if its
    span is the next of this bucket.  If all lie further ahead, it is the earliest of those that were seen.
    """
    head, links = calendar.head[0], calendar.links
    head.first = -1
    head.time = math.inf
    begin = span & (calendar.last.size - 1)
    row = begin >> SHIFT
    word = calendar.busy[row] & (ALL << np.uint64(begin & (BITS - 1)))
    for _ in range(calendar.busy.size + 1):
        while word != 0:
            bucket = (row << SHIFT) + lowest_bit(word)
            slot = links[calendar.last[bucket] - 1].after
            time = links[slot].time
            if time < head.time:
                head.first = slot
                head.time = time
            if span_of(calendar, time) == span + ((bucket - begin) & (calendar.last.size - 1)):
                return
            word &= word - ONE
        row = (row + 1) & (calendar.busy.size - 1)
        word = calendar.busy[row]
