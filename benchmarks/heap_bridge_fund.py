"""The bridge job in plain Python, twice: a loop over events, and the shortest program for this one job.

``by_event`` lives through returns, expiries and arrivals with a heap and a queue, which any rule of service
could be written into.  ``by_place`` uses that all amounts are equal and nobody passes another: a request is
served by the place that is free first, if that is soon enough.  It has no queue, and knows no moment at which
to read what is out.  Both draw their numbers in bulk.
"""

from __future__ import annotations

import math
from collections import deque
from heapq import heappop, heappush, heapreplace

import numpy as np

from benchmarks import bridge_fund as job
from benchmarks.queue_outcome import Outcome, of_paths

__all__ = ["by_event", "by_place"]


def draw(generator: np.random.Generator) -> tuple[list[float], list[float]]:
    """Return the days on which requests come within the window, and the days that each would last."""
    mean = job.PER_DAY * job.WINDOW_DAYS
    gaps = generator.exponential(1.0 / job.PER_DAY, int(mean + 10.0 * math.sqrt(mean)))
    times = np.cumsum(gaps)
    times = times[times < job.WINDOW_DAYS]
    return times.tolist(), generator.exponential(job.MEAN_DAYS, times.size).tolist()


def path_by_event(generator: np.random.Generator) -> tuple[float, ...]:
    """Live through the events of one path and return its figures, in the order of ``Outcome``."""
    times, uses = draw(generator)
    end, patience, places = job.WINDOW_DAYS, job.PATIENCE, job.PLACES
    never = math.inf
    busy: list[tuple[float, float]] = []
    queue: deque[tuple[float, float]] = deque()
    queued = served = refused = returned = peak = 0
    waited = waited_served = used = out_days = clock = 0.0
    coming = iter(zip(times, uses, strict=True))
    arrival, days = next(coming, (never, 0.0))
    while busy or queue or arrival < never:
        back = busy[0][0] if busy else never
        leaves = queue[0][0] + patience if queue else never
        if back <= leaves and back <= arrival:
            now = min(back, end)
            out_days += len(busy) * (now - clock)
            clock = now
            used += heappop(busy)[1]
            returned += 1
            if queue:
                since, wanted = queue.popleft()
                served += 1
                waited += back - since
                waited_served += back - since
                heappush(busy, (back + wanted, wanted))
        elif leaves <= arrival:
            queue.popleft()
            refused += 1
            waited += patience
        else:
            if len(busy) < places:
                served += 1
                out_days += len(busy) * (arrival - clock)
                clock = arrival
                heappush(busy, (arrival + days, days))
                peak = max(peak, len(busy))
            else:
                queued += 1
                queue.append((arrival, days))
            arrival, days = next(coming, (never, 0.0))
    counts = len(times), queued, served, refused
    return *counts, waited, waited_served, returned, used, out_days, peak


def path_by_place(generator: np.random.Generator) -> tuple[float, ...]:
    """Give each request of one path the place that is free first; return the figures of ``Outcome``."""
    times, uses = draw(generator)
    end, patience = job.WINDOW_DAYS, job.PATIENCE
    free = [0.0] * job.PLACES
    queued = refused = 0
    waited_served = used = out_days = 0.0
    for arrival, days in zip(times, uses, strict=True):
        begin = free[0]
        if begin <= arrival:
            begin = arrival
        else:
            queued += 1
            if begin - arrival > patience:
                refused += 1
                continue
            waited_served += begin - arrival
        heapreplace(free, begin + days)
        used += days
        if begin + days <= end:
            out_days += days
        elif begin < end:
            out_days += end - begin
    served = len(times) - refused
    # All places are in use as soon as somebody waits; on a path without that the peak is not known.
    peak = job.PLACES if queued else math.nan
    counts = len(times), queued, served, refused
    return *counts, waited_served + patience * refused, waited_served, served, used, out_days, peak


def by_event(n_paths: int, seed: int) -> Outcome:
    """Return the figures of so many paths, event by event.

    Args:
        n_paths: number of paths.
        seed: of the numbers of all of them.
    """
    generator = np.random.default_rng(seed)
    return of_paths(path_by_event(generator) for _ in range(n_paths))


def by_place(n_paths: int, seed: int) -> Outcome:
    """Return the figures of so many paths, request by request."""
    generator = np.random.default_rng(seed)
    return of_paths(path_by_place(generator) for _ in range(n_paths))
