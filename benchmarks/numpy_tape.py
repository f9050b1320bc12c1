"""The tape job in NumPy, written as fast as we could: chunks of paths, loans of like PD side by side.

Uniforms for a bin of loans and a chunk of paths fit into the processor's cache.  They are checked against
the conditional PD of the bin's riskiest loan, one number a path, and only those few that lie below it
against the loan's own.  Losses are drawn for defaulted loans alone, by linear interpolation of BetaInv(Φ(z))
on a grid that is fine enough for an error of 1e-7.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from benchmarks import tape as job
from benchmarks.chunks import run_chunks

__all__ = ["Outcome", "run"]

CHUNK = 512
"""Paths of a chunk."""
BIN_RATIO = 1.5
"""Largest PD of a bin divided by its smallest: more bins cost calls, fewer cost loans looked at in vain."""
NODES_PER_UNIT, LIMIT = 512, 8.5
Floats = NDArray[np.float64]


class Outcome(NamedTuple):
    """What the program says of each path, shape (paths,)."""

    loss: Floats
    n_defaulted: Floats
    above_q99: Floats


class Bin(NamedTuple):
    """Loans of one segment with like PDs."""

    segment: int
    worst: float
    """Threshold of the riskiest loan."""
    threshold: Floats
    principal: Floats
    law: NDArray[np.intp]
    """First node of each loan's LGD law in the table."""


@cache
def bins() -> tuple[Bin, ...]:
    """Return the tape's loans in bins."""
    tape = job.tape()
    pd = -np.expm1(np.log1p(-tape.pd_annual) / 12.0)
    grid = np.floor(np.log(pd / pd.min()) / np.log(BIN_RATIO) + 1e-9)
    law = np.searchsorted(job.LGD_MEANS, tape.lgd_mean) * lgd_table().shape[1]
    found = []
    for s, rho in enumerate(job.RHO):
        for number in np.unique(grid):
            rows = np.flatnonzero((tape.segment == s) & (grid == number))
            if rows.size:
                threshold = ndtri(pd[rows]) / np.sqrt(1.0 - rho)
                found.append(Bin(s, threshold.max(), threshold, tape.principal[rows], law[rows]))
    return tuple(found)


@cache
def lgd_table() -> Floats:
    """Return BetaInv(Φ(z)) at equidistant z, shape (laws, nodes)."""
    z = np.linspace(-LIMIT, LIMIT, 2 * round(LIMIT * NODES_PER_UNIT) + 1)
    rows = []
    for mean in job.LGD_MEANS:
        size = mean * (1.0 - mean) / job.LGD_SD**2 - 1.0
        a, b = mean * size, (1.0 - mean) * size
        rows.append(np.where(z < 0.0, betaincinv(a, b, ndtr(z)), 1.0 - betaincinv(b, a, ndtr(-z))))
    return np.array(rows)


def indices(generator: np.random.Generator, n: int) -> Floats:
    """Return the index X of each segment, shape (segments, n)."""
    n_sectors = len(job.SEGMENTS)
    correlation = np.full((n_sectors, n_sectors), job.SECTOR_CORRELATION)
    np.fill_diagonal(correlation, 1.0)
    city = generator.standard_normal(n)
    sectors = np.linalg.cholesky(correlation) @ generator.standard_normal((n_sectors, n))
    weight = np.array(job.CITY_WEIGHT)[:, None]
    return np.sqrt(weight) * city + np.sqrt(1.0 - weight) * sectors


def simulate(generator: np.random.Generator, n: int) -> Outcome:
    """Simulate ``n`` paths."""
    index = indices(generator, n)
    rho = np.array(job.RHO)
    drift = np.sqrt(rho / (1.0 - rho))[:, None] * index
    buffer = np.empty(n * max(b.threshold.size for b in bins()))
    below = np.empty(buffer.size, dtype=bool)
    paths, segments, principals, laws = [], [], [], []
    for loans in bins():
        shape = (n, loans.threshold.size)
        uniform = buffer[: n * shape[1]].reshape(shape)
        hit = below[: n * shape[1]].reshape(shape)
        generator.random(out=uniform)
        np.less(uniform, ndtr(loans.worst - drift[loans.segment])[:, None], out=hit)
        candidate = np.flatnonzero(hit)
        path, loan = np.divmod(candidate, shape[1])
        own = ndtr(loans.threshold.take(loan) - drift[loans.segment].take(path))
        kept = np.flatnonzero(uniform.ravel().take(candidate) < own)
        loan = loan.take(kept)
        paths.append(path.take(kept))
        segments.append(np.full(kept.size, loans.segment))
        principals.append(loans.principal.take(loan))
        laws.append(loans.law.take(loan))
    path = np.concatenate(paths)
    systematic = index.ravel().take(np.concatenate(segments) * n + path)
    principal = np.concatenate(principals)
    lgd = draw_lgd(generator, systematic, np.concatenate(laws))
    loss = np.bincount(path, weights=principal * lgd, minlength=n)
    return Outcome(loss, np.bincount(path, minlength=n).astype(float), (loss > job.Q99).astype(float))


def draw_lgd(generator: np.random.Generator, systematic: Floats, law: NDArray[np.intp]) -> Floats:
    """Return the loss given default of each default."""
    score = generator.standard_normal(systematic.size)
    score *= np.sqrt(1.0 - job.LGD_CORRELATION)
    score -= np.sqrt(job.LGD_CORRELATION) * systematic
    np.clip(score, -LIMIT, LIMIT - 1e-9, out=score)
    score += LIMIT
    score *= NODES_PER_UNIT
    node = score.astype(np.intp)
    score -= node
    node += law
    table = lgd_table().ravel()
    left = table.take(node)
    node += 1
    right = table.take(node)
    right -= left
    right *= score
    left += right
    return left


def run(n_paths: int, seed: int, threads: int = 1) -> Outcome:
    """Run the program over ``n_paths`` paths in chunks and return what it says of each path."""
    return run_chunks(simulate, CHUNK, n_paths, seed, threads)
