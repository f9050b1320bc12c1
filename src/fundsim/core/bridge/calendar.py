"""A calendar queue: slots in order of their time, as in a calendar that is used again when it has ended.

Time is cut into spans of equal length, a bucket each; after the last bucket comes the first again.  A bucket
is a list of slots in order of time, whose first slot knows the last; a bit for each bucket says whether it
holds any.  Where the slots spread over the buckets, adding and taking one costs the same however many there
are (Brown, Communications of the ACM 31, 1988); where all share a bucket the order still holds.
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
    calendar.head[0].time = math.inf
    calendar.head[0].per_day = calendar.buckets.size / days


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
    span = span_of(calendar, time)
    number = span & (calendar.buckets.size - 1)
    bucket = calendar.buckets[number]
    first = bucket.first - 1
    links[slot].time = time
    if first < 0:
        calendar.busy[number >> SHIFT] |= ONE << np.uint64(number & (BITS - 1))
        links[slot].last = slot
        bucket.first = slot + 1
        bucket.time = time
    elif time < bucket.time:
        links[slot].after = first
        links[slot].last = links[first].last
        bucket.first = slot + 1
        bucket.time = time
    else:
        insert(links, first, slot, time)
    if time < head.time:
        head.first = slot
        head.span = span
        head.time = time


@kernel
def insert(links, first, slot, time):
    """Put a slot into a bucket behind all that do not come later, the first of which it has."""
    before = links[first].last
    if links[before].time <= time:
        links[first].last = slot
    else:
        before = first
        while links[links[before].after].time <= time:
            before = links[before].after
        links[slot].after = links[before].after
    links[before].after = slot


@kernel
def pop(calendar):
    """Take the earliest slot out of a calendar that is not empty; return it."""
    head, links = calendar.head[0], calendar.links
    slot = head.first
    number = head.span & (calendar.buckets.size - 1)
    row = number >> SHIFT
    word = calendar.busy[row]
    last = links[slot].last
    if slot == last:
        word &= ~(ONE << np.uint64(number & (BITS - 1)))
        calendar.busy[row] = word
        calendar.buckets[number].first = 0
    else:
        after = links[slot].after
        links[after].last = last
        calendar.buckets[number].first = after + 1
        calendar.buckets[number].time = links[after].time
    find_first(calendar, number, row, word & (ALL << np.uint64(number & (BITS - 1))))
    return slot


@kernel
def find_first(calendar, begin, row, word):
    """Find the earliest slot of a calendar, in which none lies before the one that was.

    Once around, from the bucket of that one on: the first slot of a bucket is the earliest of all if its span
    is the next of this bucket.  If all lie further ahead, it is the earliest of those that were seen.

    Args:
        calendar: the ``Calendar``.
        begin: the bucket to begin with.
        row: the row of ``busy`` that it is in.
        word: that row, without the buckets before it.
    """
    head, buckets, busy = calendar.head[0], calendar.buckets, calendar.busy
    found = np.int64(-1)
    earliest = math.inf
    for _ in range(busy.size + 1):
        while word != 0:
            number = (row << SHIFT) + lowest_bit(word)
            time = buckets[number].time
            span = span_of(calendar, time)
            if span == head.span + ((number - begin) & (buckets.size - 1)):
                head.first = buckets[number].first - 1
                head.span = span
                head.time = time
                return
            if time < earliest:
                found = number
                earliest = time
            word &= word - ONE
        row = (row + 1) & (busy.size - 1)
        word = busy[row]
    head.first = buckets[found].first - 1 if found >= 0 else -1
    head.span = span_of(calendar, earliest) if found >= 0 else 0
    head.time = earliest
