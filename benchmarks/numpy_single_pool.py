"""The single-pool job in vectorised NumPy, twice: the plain way and the fastest exact way found.

``by_month`` draws the defaults of every cohort in every month, 36 × 12 binomials a path, as anyone
would write it.  ``by_life`` uses that a loan's default depends on the factor and never on the pool:
it draws a cohort's defaults over its whole life when it is granted, one binomial a cohort, and then
the month of each default by inverting the cumulative hazard.  Both have the same law.

Paths go through in chunks whose arrays stay in the processor's second-level cache, every chunk with
its own generator, so that the result does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from benchmarks import single_pool as job
from benchmarks.chunks import run_chunks

__all__ = ["Outcome", "by_life", "by_month", "run"]

CHUNK = 8192
_TIE = 1e-9
_THRESHOLD = ndtri(1.0 - (1.0 - job.PD_ANNUAL) ** (1.0 / 12.0))
_CLAIM = job.LOAN * job.LGD * job.SHARE

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Outcome(NamedTuple):
    """What a program says of each path, shape (paths,)."""

    coverage: Floats
    depleted: NDArray[np.bool_]


class Pool:
    """The pool's books and the lending limit, for one chunk of paths."""

    def __init__(self, n: int) -> None:
        self.balance = np.full(n, job.OPENING)
        self.due = np.zeros(n)
        self.paid = np.zeros(n)
        self.depleted = np.zeros(n, dtype=bool)
        self._claim, self._pay, self._room = np.empty((3, n))

    def settle(self, defaults: Counts) -> None:
        """Pay a month's claims as far as the money goes."""
        claim, pay = self._claim, self._pay
        np.multiply(defaults, _CLAIM, out=claim)
        np.minimum(claim, self.balance, out=pay)
        self.due += claim
        self.paid += pay
        self.balance -= pay
        self.depleted |= pay < claim

    def new_loans(self, n_outstanding: Counts) -> Counts:
        """Return how many loans are granted, shape (n,)."""
        room = self._room
        np.multiply(self.balance, job.MULTIPLE / job.LOAN, out=room)
        room += _TIE
        room -= n_outstanding
        np.minimum(room, job.NEW_LOANS, out=room)
        np.maximum(room, 0.0, out=room)
        return room.astype(np.int64)

    def outcome(self) -> Outcome:
        """Return coverage and depletion of each path."""
        coverage = np.ones_like(self.due)
        np.divide(self.paid, self.due, out=coverage, where=self.due > 0.0)
        return Outcome(coverage, self.depleted)


def conditional_pd(generator: np.random.Generator, n: int, out: Floats) -> None:
    """Fill ``out``, shape (months, n), with the monthly PD on each path."""
    generator.standard_normal(out=out)
    innovation = np.sqrt(1.0 - job.PERSISTENCE_MONTHLY**2)
    carried = np.empty(n)
    for month in range(1, len(out)):
        out[month] *= innovation
        np.multiply(out[month - 1], job.PERSISTENCE_MONTHLY, out=carried)
        out[month] += carried
    for row in out:  # a row at a time stays in the first-level cache
        np.multiply(row, -np.sqrt(job.RHO / (1.0 - job.RHO)), out=row)
        np.add(row, _THRESHOLD / np.sqrt(1.0 - job.RHO), out=row)
        ndtr(row, out=row)


def by_month(generator: np.random.Generator, n: int) -> Outcome:
    """Simulate ``n`` paths with one binomial a cohort and month."""
    pd = np.empty((job.MONTHS, n))
    conditional_pd(generator, n, pd)
    pool = Pool(n)
    alive = np.zeros((job.TERM, n), dtype=np.int64)
    outstanding = np.zeros(n, dtype=np.int64)
    defaults = np.empty(n, dtype=np.int64)
    for month in range(job.MONTHS):
        pool.balance += job.INJECTIONS.get(month, 0.0)
        defaults[:] = 0
        for cohort in alive[: min(month, job.TERM)]:
            lost = generator.binomial(cohort, pd[month])
            np.subtract(cohort, lost, out=cohort)
            defaults += lost
        pool.settle(defaults)
        outstanding -= defaults
        maturing = alive[month % job.TERM]
        outstanding -= maturing
        maturing[:] = pool.new_loans(outstanding)
        outstanding += maturing
    return pool.outcome()


def cumulative_hazard(generator: np.random.Generator, n: int) -> Floats:
    """Return Σ −ln(1 − p) over the months before t, shape (months + 9, n).

    The last eight rows are infinite, so that a binary search over 16 months needs no bounds.
    """
    hazard = np.empty((job.MONTHS + 9, n))
    hazard[0] = 0.0
    hazard[job.MONTHS + 1 :] = np.inf
    monthly = hazard[1 : job.MONTHS + 1]
    conditional_pd(generator, n, monthly)
    for month, row in enumerate(monthly):
        np.negative(row, out=row)
        np.log1p(row, out=row)
        np.subtract(hazard[month], row, out=row)
    return hazard


def by_life(generator: np.random.Generator, n: int) -> Outcome:
    """Simulate ``n`` paths with one binomial a cohort, drawn for its whole life at its grant."""
    hazard = cumulative_hazard(generator, n)
    pool = Pool(n)
    defaults = np.zeros((job.MONTHS, n), dtype=np.int64)
    left = np.zeros((job.TERM, n), dtype=np.int64)
    outstanding = np.zeros(n, dtype=np.int64)
    for month in range(job.MONTHS):
        pool.balance += job.INJECTIONS.get(month, 0.0)
        pool.settle(defaults[month])
        outstanding -= defaults[month]
        maturing = left[month % job.TERM]
        outstanding -= maturing
        granted = pool.new_loans(outstanding)
        outstanding += granted
        maturing[:] = granted
        if month + 1 < job.MONTHS:
            draw_lives(generator, hazard, month, maturing, defaults)
    return pool.outcome()


def draw_lives(
    generator: np.random.Generator, hazard: Floats, month: int, cohort: Counts, defaults: Counts
) -> None:
    """Draw when the loans granted in ``month`` default: take them from ``cohort``, add to ``defaults``."""
    n = len(cohort)
    last = min(month + job.TERM, job.MONTHS - 1)
    path = np.flatnonzero(cohort)
    start = hazard[month + 1].take(path)
    pd_life = hazard[last + 1].take(path)
    pd_life -= start
    np.negative(pd_life, out=pd_life)
    np.expm1(pd_life, out=pd_life)
    np.negative(pd_life, out=pd_life)
    lost = generator.binomial(cohort.take(path), pd_life)
    cohort[path] -= lost

    one_each = np.repeat(np.arange(len(path)), lost)
    # A default's hazard time is exponential, cut at the end of its life: inverted from a uniform.
    at = generator.random(len(one_each))
    at *= pd_life.take(one_each)
    np.negative(at, out=at)
    np.log1p(at, out=at)
    np.subtract(start.take(one_each), at, out=at)
    cell = path.take(one_each)
    cell += (month + 1) * n
    flat, ahead = hazard.ravel(), one_each
    for months in (8, 4, 2, 1):
        np.add(cell, months * n, out=ahead)
        later = flat.take(ahead) < at
        np.multiply(later, months * n, out=ahead)
        cell += ahead
    np.add.at(defaults.ravel(), cell, 1)


def run(
    program: Callable[[np.random.Generator, int], Outcome], n_paths: int, seed: int, threads: int = 1
) -> Outcome:
    """Run a program over ``n_paths`` paths in chunks and return what it says of each path."""
    return run_chunks(program, CHUNK, n_paths, seed, threads)
