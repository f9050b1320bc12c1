"""The two-layer job in vectorised NumPy, written for this job alone and for speed.

Defaults depend on the factors and never on the pools, so a cohort's defaults over its whole life,
at maturity included, are drawn when it is granted or renewed: the count by inverting the binomial
law, whose first term decides most cells, and the month by inverting the cumulative hazard.  Firms
that leave at maturity are drawn from alias tables (Walker 1977).  All claims of a district and
month share one fate, so that two numbers a batch carry the recoveries back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import binom

from benchmarks import two_layers as job
from benchmarks.chunks import run_chunks

__all__ = ["Outcome", "run"]

CHUNK = 512
Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

_TIE = 1e-9
N_DISTRICTS, N_SEGMENTS, N_SIZES = len(job.DISTRICTS), len(job.SEGMENTS), len(job.SIZES)
N_CLASSES = N_DISTRICTS * N_SEGMENTS * N_SIZES
EXPOSED = job.MONTHS + job.TERM
"""Months in which a loan can be alive."""
TOTAL = job.MONTHS + job.RUN_OFF
PRINCIPAL = np.tile([principal for principal, _ in job.SIZES], N_DISTRICTS * N_SEGMENTS)
"""Principal of each class; classes run over districts, then segments, then sizes."""
SEGMENT_OF = np.tile(np.repeat(np.arange(N_SEGMENTS), N_SIZES), N_DISTRICTS)
DISTRICT_OF = np.repeat(np.arange(N_DISTRICTS), N_SEGMENTS * N_SIZES)
RECOVERED = (1.0 - np.array(job.LGD))[SEGMENT_OF] * PRINCIPAL * (1.0 - job.RECOVERY_COST)
CLAIM_MONTHS = job.TRIGGER + job.CLAIM_LAG
MOST = 32
"""No cohort of a class has as many loans."""


class Outcome(NamedTuple):
    """What the program says of each path, shape (paths,), money in yuan."""

    lent: Floats
    due: Floats
    paid: Floats
    upper_paid: Floats
    balance: Floats
    n_defaulted: Floats
    depleted: Floats


def applications() -> Floats:
    """Return the loans applied for each month, in whole loans, shape (months, classes)."""
    mean = sum(principal * share for principal, share in job.SIZES)
    wanted = np.array(
        [
            demand / N_SEGMENTS * share / mean
            for demand in job.DEMAND
            for _ in job.SEGMENTS
            for _, share in job.SIZES
        ]
    )
    carry = np.zeros(N_CLASSES)
    months = []
    for _ in range(job.MONTHS):
        whole = np.floor(wanted + carry + _TIE)
        carry += wanted - whole
        months.append(whole)
    return np.array(months)


def alias_tables() -> tuple[Floats, Floats]:
    """Return acceptance and alias for the number that leaves among n, flat, n = 0 … MOST − 1."""
    accept, alias = np.ones((MOST, MOST)), np.tile(np.arange(float(MOST)), (MOST, 1))
    for n in range(MOST):
        weight = binom.pmf(np.arange(MOST), n, 1.0 - job.RENEW) * MOST
        small = [k for k in range(MOST) if weight[k] < 1.0]
        large = [k for k in range(MOST) if weight[k] >= 1.0]
        while small and large:
            low, high = small.pop(), large[-1]
            accept[n, low], alias[n, low] = weight[low], high
            weight[high] -= 1.0 - weight[low]
            if weight[high] < 1.0:
                small.append(large.pop())
    return accept.ravel(), alias.ravel()


APPLICATIONS = applications()
ACCEPT, ALIAS = alias_tables()


def cumulative_hazard(generator: np.random.Generator, n: int) -> Floats:
    """Return Σ −ln(1 − p) over the months before t, shape (segments, exposed + 9, n).

    The last eight rows are infinite, so that a binary search over 16 months needs no bounds.
    """
    correlation = np.full((N_SEGMENTS, N_SEGMENTS), job.SECTOR_CORRELATION)
    np.fill_diagonal(correlation, 1.0)
    cholesky = np.linalg.cholesky(correlation)
    carried = job.PERSISTENCE ** (1.0 / 12.0)
    innovation = np.sqrt(1.0 - carried**2)
    hazard = np.empty((N_SEGMENTS, EXPOSED + 9, n))
    hazard[:, 0] = 0.0
    hazard[:, EXPOSED + 1 :] = np.inf
    city = generator.standard_normal(n)
    sectors = cholesky @ generator.standard_normal((N_SEGMENTS, n))
    pd_monthly = 1.0 - (1.0 - np.array(job.PD_ANNUAL)) ** (1.0 / 12.0)
    rho = np.array(job.RHO)
    threshold = (ndtri(pd_monthly) / np.sqrt(1.0 - rho))[:, None]
    slope = -np.sqrt(rho / (1.0 - rho))[:, None]
    for month in range(EXPOSED):
        if month:
            city = carried * city + innovation * generator.standard_normal(n)
            shock = generator.standard_normal((N_SEGMENTS, n))
            sectors = carried * sectors + innovation * (cholesky @ shock)
        index = np.sqrt(job.CITY_WEIGHT) * city + np.sqrt(1.0 - job.CITY_WEIGHT) * sectors
        index *= slope
        index += threshold
        pd = ndtr(index, out=index)
        np.negative(pd, out=pd)
        hazard[:, month + 1] = hazard[:, month] - np.log1p(pd, out=pd)
    return hazard


class Chunk:
    """The state of a chunk of paths."""

    def __init__(self, generator: np.random.Generator, n: int) -> None:
        self.generator = generator
        self.n = n
        self.hazard = cumulative_hazard(generator, n)
        path = np.tile(np.arange(n), N_CLASSES)
        rows = self.hazard.shape[1]
        self.hazard_at = np.repeat(SEGMENT_OF, n) * (rows * n) + path
        self.batch_at = np.repeat(DISTRICT_OF, n) * n + path
        self.defaulted = np.zeros((TOTAL, N_DISTRICTS, n))
        self.recoverable = np.zeros((TOTAL, N_DISTRICTS, n))
        self.paid = np.zeros((TOTAL, N_DISTRICTS, n))
        self.upper_paid = np.zeros((TOTAL, N_DISTRICTS, n))
        self.left = np.zeros((job.TERM, N_CLASSES, n))
        self.performing = np.zeros((N_DISTRICTS, n))
        self.undecided = np.zeros((N_DISTRICTS, n))
        demand = np.array(job.DEMAND)
        self.balance = np.repeat(job.opening(demand)[:, None], n, axis=1)
        self.upper_balance = np.full(n, job.REGUARANTOR_OPENING)
        self.depleted = np.zeros(n, dtype=bool)
        self.lent, self.due, self.n_defaulted = np.zeros((3, n))
        self.scratch = np.empty((4, N_CLASSES, n))
        self.key = np.empty((N_CLASSES, n), dtype=np.intp)


def by_district(loans: Floats) -> Floats:
    """Return Σ loans × principal of each district, shape (districts, n)."""
    per_size = loans.reshape(N_DISTRICTS, N_SEGMENTS, N_SIZES, -1).sum(axis=1)
    return np.einsum("k,dkn->dn", PRINCIPAL[:N_SIZES], per_size)


def simulate(generator: np.random.Generator, n: int) -> Outcome:
    """Simulate ``n`` paths."""
    chunk = Chunk(generator, n)
    for month in range(TOTAL):
        inject(chunk, month)
        recover(chunk, month)
        chunk.performing -= chunk.defaulted[month]
        cohort = mature(chunk, month) if month < EXPOSED else None
        settle(chunk, month)
        if cohort is not None and month < job.MONTHS:
            lend(chunk, month, cohort)
            draw_lives(chunk, month, cohort)
    return Outcome(
        chunk.lent,
        chunk.due,
        chunk.paid.sum(axis=(0, 1)),
        chunk.upper_paid.sum(axis=(0, 1)),
        chunk.balance.sum(axis=0) + chunk.upper_balance,
        chunk.n_defaulted,
        chunk.depleted.astype(float),
    )


def inject(chunk: Chunk, month: int) -> None:
    """Pay the month's appropriations."""
    if month in job.INJECTION_DATES:
        chunk.balance += job.injection(np.array(job.DEMAND))[:, None]
        chunk.upper_balance += job.REGUARANTOR_INJECTION


def recover(chunk: Chunk, month: int) -> None:
    """Share what arrives on the defaults of a year ago along the contracts."""
    batch = month - job.RECOVERY_LAG
    if batch < 0:
        return
    share = np.zeros((N_DISTRICTS, chunk.n))
    principal, paid = chunk.defaulted[batch], chunk.paid[batch]
    np.divide(paid, principal, out=share, where=principal > 0.0)
    share *= chunk.recoverable[batch]
    chunk.balance += share
    upper = np.zeros((N_DISTRICTS, chunk.n))
    np.divide(chunk.upper_paid[batch], paid, out=upper, where=paid > 0.0)
    upper *= share
    chunk.balance -= upper
    chunk.upper_balance += upper.sum(axis=0)


def mature(chunk: Chunk, month: int) -> Floats:
    """Repay or renew what matures; return the renewed loans, shape (classes, n)."""
    cohort = chunk.left[month % job.TERM]
    if month < job.TERM:
        return cohort
    if month >= job.MONTHS:
        chunk.performing -= by_district(cohort)
        return cohort
    leave, fraction, kept, other = chunk.scratch
    key = chunk.key
    chunk.generator.random(out=fraction)
    fraction *= MOST
    np.floor(fraction, out=leave)
    fraction -= leave
    np.multiply(cohort, MOST, out=kept)
    kept += leave
    np.copyto(key, kept, casting="unsafe")
    ACCEPT.take(key, out=kept, mode="clip")
    ALIAS.take(key, out=other, mode="clip")
    np.copyto(leave, other, where=kept <= fraction)
    cohort -= leave
    chunk.performing -= by_district(leave)
    chunk.lent += by_district(cohort).sum(axis=0)
    return cohort


def settle(chunk: Chunk, month: int) -> None:
    """Pay the claims that fall due: the pools theirs, then the reguarantor its own pro rata."""
    chunk.undecided += chunk.defaulted[month]
    batch = month - CLAIM_MONTHS
    if batch < 0:
        return
    chunk.undecided -= chunk.defaulted[batch]
    due = job.SHARE * chunk.defaulted[batch]
    paid = np.minimum(due, chunk.balance, out=chunk.paid[batch])
    chunk.balance -= paid
    chunk.due += due.sum(axis=0)
    chunk.depleted |= (due - paid > 0.005).any(axis=0)
    batch -= job.UPPER_LAG
    if batch < 0:
        return
    upper_due = job.UPPER_SHARE * chunk.paid[batch]
    total = upper_due.sum(axis=0)
    fraction = np.ones(chunk.n)
    held = np.maximum(chunk.upper_balance, 0.0)
    np.divide(held, total, out=fraction, where=total > held)
    chunk.depleted |= total * (1.0 - fraction) > 0.005
    upper_paid = np.multiply(upper_due, fraction, out=chunk.upper_paid[batch])
    chunk.upper_balance -= upper_paid.sum(axis=0)
    chunk.balance += upper_paid


def lend(chunk: Chunk, month: int, cohort: Floats) -> None:
    """Grant what was applied for, cut to the lending limit, and add it to the renewed loans."""
    wanted = APPLICATIONS[month]
    asked = by_district(wanted[:, None])
    fraction = job.MULTIPLE * chunk.balance
    fraction -= chunk.performing
    fraction -= chunk.undecided
    fraction /= asked
    np.clip(fraction, 0.0, 1.0, out=fraction)
    granted = chunk.scratch[0]
    shape = (N_DISTRICTS, N_SEGMENTS * N_SIZES, -1)
    np.multiply(wanted.reshape(shape), fraction[:, None, :], out=granted.reshape(shape))
    granted += _TIE
    np.floor(granted, out=granted)
    cohort += granted
    principal = by_district(granted)
    chunk.performing += principal
    chunk.lent += principal.sum(axis=0)


def draw_lives(chunk: Chunk, month: int, cohort: Floats) -> None:
    """Draw when the loans granted or renewed in ``month`` default, and take them from ``cohort``."""
    n, generator = chunk.n, chunk.generator
    life = chunk.hazard[:, month + 1 + job.TERM] - chunk.hazard[:, month + 1]
    none, uniform = chunk.scratch[0], chunk.scratch[1]
    shape = (N_DISTRICTS, N_SEGMENTS, N_SIZES, n)
    np.multiply(cohort.reshape(shape), -life[:, None, :], out=none.reshape(shape))
    np.exp(none, out=none)
    generator.random(out=uniform)
    hit = np.flatnonzero(uniform > none)
    cell_life = life.ravel().take(np.repeat(SEGMENT_OF, n).take(hit) * n + hit % n)
    lost = invert_binomial(
        uniform.ravel().take(hit), none.ravel().take(hit), cohort.ravel().take(hit), np.expm1(cell_life)
    )
    flat = cohort.ravel()
    flat[hit] -= lost
    one_each = np.repeat(np.arange(len(hit)), lost)
    cell = hit.take(one_each)
    # In hazard time a default is exponential and cut at the life's end.  What the maturity holds
    # back of the hazard comes last, so that later times than the life's share strike at maturity.
    at = generator.random(len(cell))
    at *= -np.expm1(-cell_life).take(one_each)
    np.negative(at, out=at)
    np.log1p(at, out=at)
    at *= -1.0 / (1.0 - job.MATURITY_SHARE)
    position = chunk.hazard_at.take(cell)
    position += (month + 1) * n
    hazard = chunk.hazard.ravel()
    at += hazard.take(position)
    elapsed = np.zeros(len(cell), dtype=np.intp)
    for months in (8, 4, 2, 1):
        later = hazard.take(position + months * n) < at
        step = later * months
        elapsed += step
        step *= n
        position += step
    np.minimum(elapsed, job.TERM - 1, out=elapsed)
    elapsed += month + 1
    elapsed *= N_DISTRICTS * n
    elapsed += chunk.batch_at.take(cell)
    classes = cell // n
    np.add.at(chunk.defaulted.ravel(), elapsed, PRINCIPAL.take(classes))
    np.add.at(chunk.recoverable.ravel(), elapsed, RECOVERED.take(classes))
    np.add.at(chunk.n_defaulted, cell - classes * n, 1.0)


def invert_binomial(uniform: Floats, none: Floats, loans: Floats, odds: Floats) -> Positions:
    """Return the binomial count at each uniform, given that it is at least 1.

    ``none`` is the probability of 0, ``odds`` = q ÷ (1 − q).
    """
    count = np.ones(len(uniform), dtype=np.intp)
    at = np.arange(len(uniform))
    term = none * loans * odds
    total = none + term
    k = 1
    while True:
        more = np.flatnonzero((uniform > total) & (loans > k))
        if not len(more):
            return count
        at, uniform, loans, odds = at.take(more), uniform.take(more), loans.take(more), odds.take(more)
        term, total = term.take(more), total.take(more)
        k += 1
        count[at] = k
        term *= (loans - (k - 1)) / k
        term *= odds
        total += term


def run(n_paths: int, seed: int, threads: int = 1) -> Outcome:
    """Run the program over ``n_paths`` paths in chunks and return what it says of each path."""
    return run_chunks(simulate, CHUNK, n_paths, seed, threads)
