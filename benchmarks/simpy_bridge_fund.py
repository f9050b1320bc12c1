"""The bridge job in SimPy, as its documentation teaches: a process a request, a resource of forty places."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks import bridge_fund as job
from benchmarks.queue_outcome import Outcome, of_paths

__all__ = ["run"]


class Path:
    """One path: the fund, and what came of the requests.

    Args:
        seed: of its random numbers.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a simulation
        self.environment = simpy.Environment()
        self.fund = simpy.Resource(self.environment, job.PLACES)
        self.n_requests = self.n_queued = self.n_served = self.n_refused = self.n_returned = 0
        self.waiting_days = self.waiting_days_served = self.use_days = self.out_days = 0.0
        self.out = self.peak_out = 0
        self.clock = 0.0

    def ask(self) -> Generator[Any, Any, None]:
        """Let requests come until the window ends."""
        while True:
            yield self.environment.timeout(self.random.expovariate(job.PER_DAY))
            if self.environment.now >= job.WINDOW_DAYS:
                return
            self.environment.process(self.request())

    def request(self) -> Generator[Any, Any, None]:
        """Wait for a place as long as patience lasts, and use it."""
        arrived = self.environment.now
        self.n_requests += 1
        with self.fund.request() as place:
            if not place.triggered:
                self.n_queued += 1
                yield place | self.environment.timeout(job.PATIENCE)
                if not place.triggered:
                    self.n_refused += 1
                    self.waiting_days += job.PATIENCE
                    return
            waited = self.environment.now - arrived
            self.n_served += 1
            self.waiting_days += waited
            self.waiting_days_served += waited
            days = self.random.expovariate(1.0 / job.MEAN_DAYS)
            self.count(1)
            yield self.environment.timeout(days)
            self.count(-1)
            self.n_returned += 1
            self.use_days += days

    def count(self, change: int) -> None:
        """Count the days of the places in use, within the window, and change their number."""
        now = min(self.environment.now, job.WINDOW_DAYS)
        self.out_days += self.out * (now - self.clock)
        self.clock = now
        self.out += change
        self.peak_out = max(self.peak_out, self.out)

    def run(self) -> tuple[float, ...]:
        """Live through the path and return its figures, in the order of ``Outcome``."""
        self.environment.process(self.ask())
        self.environment.run()
        counts = self.n_requests, self.n_queued, self.n_served, self.n_refused
        waits = self.waiting_days, self.waiting_days_served
        return *counts, *waits, self.n_returned, self.use_days, self.out_days, self.peak_out


def run(n_paths: int, seed: int) -> Outcome:
    """Return the figures of so many paths.

    Args:
        n_paths: number of paths.
        seed: of the first; the others follow.
    """
    return of_paths(Path(1_000_003 * seed + path).run() for path in range(n_paths))
