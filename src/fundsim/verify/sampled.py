"""Both engines against exact and published results, by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from fundsim.scheme import Scheme
from fundsim.verify import cases
from fundsim.verify.bridges import bridge_checks
from fundsim.verify.cases import Cell, FinitePool
from fundsim.verify.cash_forms import pool_depletion
from fundsim.verify.closed_forms import finite_pool, vintage_default_moments
from fundsim.verify.judge import Check, Subject, compare_exact, compare_sample, compare_share
from fundsim.verify.mixtures import hold_to_law, limit_checks, mixture_checks
from fundsim.verify.sampling import EngineName, Sampler
from fundsim.verify.schemes import (
    capped_pool,
    reguarantee_chain,
    revolving_pool,
    single_pool,
    static_pool,
)

__all__ = ["FULL", "QUICK", "Effort", "sampled_checks"]


@dataclass(frozen=True, slots=True)
class Effort:
    """Numbers of paths, by engine."""

    core: int
    reference: int
    single_pool_reference: int
    """The single pool's probability of depletion needs more paths than the rest."""
    cells: tuple[Cell, ...]
    """Which of the fifteen cells are run."""
    certain: int
    """Number of schemes without chance."""
    pairs: int
    """Paths of each bundled scenario."""
    plans: int
    """Paths of each that has a budget, a whole plan as a rule: its instruments are in other scenarios too,
    so that few paths show whether they work together."""
    bridges_core: int
    """Of each case of a bridge fund, in which a path has hundreds of events; the slow engine has its own."""

    def paths_of_pairs(self, scheme: Scheme) -> int:
        """Return the number of paths of a scenario in pairs."""
        return self.plans if any(line.appropriations for line in scheme.budget_lines) else self.pairs

    def paths(self, engine: EngineName) -> int:
        """Return the number of paths of an engine."""
        return self.core if engine == "core" else self.reference


FULL = Effort(
    core=200_000,
    reference=4_000,
    single_pool_reference=25_000,
    cells=cases.FIFTEEN_CELLS,
    certain=400,
    pairs=3_400,
    plans=400,
    bridges_core=20_000,
)
QUICK = Effort(
    core=20_000,
    reference=400,
    single_pool_reference=400,
    cells=cases.FIFTEEN_CELLS[4:5],
    certain=60,
    pairs=100,
    plans=64,
    bridges_core=5_000,
)

ENGINES: tuple[EngineName, ...] = ("core", "reference")


def sampled_checks(sampler: Sampler, effort: Effort, progress: Callable[[str], None]) -> Iterator[Check]:
    """Yield the checks of every case that an engine can run.

    Args:
        sampler: runs the paths.
        effort: how many.
        progress: called with what is being done.
    """
    progress("infinitely fine pools, core")
    yield from limit_checks(sampler, effort.core)
    for engine in ENGINES:
        progress(f"exact and published results, {engine}")
        yield from _chain(engine, sampler)
        for pool in cases.FINITE_POOLS:
            yield from _static_pool(engine, sampler, pool, effort.paths(engine))
        yield from mixture_checks(engine, sampler, effort.paths(engine))
        yield from _revolving_pool(engine, sampler, effort.paths(engine))
        for cell in effort.cells if engine == "core" else effort.cells[-1:]:
            yield from _cell(engine, sampler, cell, effort.paths(engine))
        progress(f"bridge funds, {engine}")
        paths = effort.bridges_core if engine == "core" else effort.reference
        yield from bridge_checks(engine, sampler, paths)
        progress(f"single pool, {engine}")
        yield from _single_pool(engine, sampler, effort)


def _chain(engine: EngineName, sampler: Sampler) -> Iterator[Check]:
    """Hold the 2:2:4:2 chain to 13 / 26 / 13 / 13 after a loss of 100 and a recovery of 35."""
    scheme = reguarantee_chain()
    parties = {party.name: party.opening for party in scheme.parties}
    names = [f"party/{name}/balance" for name in ("bank", "guarantor", "province", "national")]
    got = sampler.final(engine, scheme, 1, *names)
    for name, expected in (("bank", 13.0), ("guarantor", 26.0), ("province", 13.0), ("national", 13.0)):
        # The bank's own ledger does not show the loan, granted before the first month.
        start = parties[name] + (100.0 if name == "bank" else 0.0)
        outlay = start - float(got[f"party/{name}/balance"][0])
        subject = Subject("2:2:4:2, loss 100, recovery 35", f"net outlay of {name}", engine, "arithmetic")
        yield compare_exact(subject, expected=expected, got=outlay, tolerance=1e-9)


def _static_pool(engine: EngineName, sampler: Sampler, pool: FinitePool, paths: int) -> Iterator[Check]:
    """Hold an opening stock under a yearly factor to Vasicek's finite pool."""
    scheme = static_pool(n_loans=pool.n_loans, pd_annual=pool.pd, rho=pool.rho)
    (defaults,) = sampler.final(engine, scheme, paths, "book/loans/firms/n_defaulted").values()
    law = finite_pool(pool.n_loans, pool.pd, pool.rho)

    def subject(figure: str) -> Subject:
        return Subject(f"Finite pool of {pool.n_loans}", figure, engine, "Vasicek 1987, exact")

    yield from hold_to_law(subject, defaults, law, pool.q99)


def _revolving_pool(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Hold a pool under independent loans, replaced as they fail, to its dynamic programme."""
    names = ("party/pool/unpaid_month", "contract/pool/unpaid", "party/pool/balance")
    got = sampler.final(engine, revolving_pool(), paths, *names)
    exact = pool_depletion(n_loans=100, monthly_pd=0.01, opening=30, months=36, injections={12: 10, 24: 10})

    def subject(figure: str) -> Subject:
        return Subject("Revolving pool", figure, engine, "dynamic programme, exact")

    yield compare_share(subject("P(depleted)"), np.isfinite(got[names[0]]), expected=exact[0])
    yield compare_sample(subject("unpaid"), got[names[1]], expected=exact[1])
    yield compare_sample(subject("balance at the end"), got[names[2]], expected=exact[2])


def _single_pool(engine: EngineName, sampler: Sampler, effort: Effort) -> Iterator[Check]:
    """Hold the single-pool job to four million paths of other programs."""
    paths = effort.core if engine == "core" else effort.single_pool_reference
    names = ("party/pool/unpaid_month", "contract/pool/paid", "contract/pool/due", "party/pool/balance")
    got = sampler.final(engine, single_pool(), paths, *names)
    due = got["contract/pool/due"]
    coverage = np.where(due > 0.0, got["contract/pool/paid"] / np.where(due > 0.0, due, 1.0), 1.0)
    known = cases.SINGLE_POOL

    def subject(figure: str) -> Subject:
        return Subject("Single pool, 36 months", figure, engine, "4,000,000 paths of other programs")

    depleted = known["depleted"]
    happened = np.isfinite(got["party/pool/unpaid_month"])
    yield compare_share(subject("P(depleted)"), happened, expected=depleted.value, expected_se=depleted.se)
    columns = {"claims_coverage": coverage, "claims_due": due, "balance": got["party/pool/balance"]}
    for name, values in columns.items():
        expected = known[name]
        yield compare_sample(subject(name), values, expected=expected.value, expected_se=expected.se)
    for level, quantile in cases.SINGLE_POOL_COVERAGE.items():
        # The quantile of the other programs is itself a sample's.
        own = math.sqrt(level * (1.0 - level) / cases.SINGLE_POOL_PATHS)
        tail = subject(f"P(claims_coverage ≤ q{100 * level:g})")
        yield compare_share(tail, coverage <= quantile + 1e-9, expected=level, expected_se=own)


def _cell(engine: EngineName, sampler: Sampler, cell: Cell, paths: int) -> Iterator[Check]:
    """Hold three yearly vintages to their exact moments, and fine ones to the sizing table."""
    n_loans = 30_000 if engine == "core" else 100
    scheme = capped_pool(share=cell.share, pd_annual=cell.pd, rho=cell.rho, n_loans=n_loans)
    (due,) = sampler.final(engine, scheme, paths, "contract/pool/due").values()
    mean, sd = vintage_default_moments(
        n_loans=n_loans, n_vintages=3, pd=cell.pd, rho=cell.rho, persistence=0.5
    )
    unit = 10.0 * cell.share

    def subject(figure: str, source: str) -> Subject:
        case = f"Three vintages, share {cell.share:g}, PD {cell.pd:g}, ρ {cell.rho:g}"
        return Subject(case, figure, engine, source)

    exact = "bivariate normal, exact"
    yield compare_sample(subject("mean", exact), due, expected=unit * mean)
    squares = (due - unit * mean) ** 2
    yield compare_sample(subject("variance", exact), squares, expected=(unit * sd) ** 2)
    if engine == "core":
        table = "sizing table, 12,000,000 draws"
        # The table is a simulation, printed to four decimals.
        p = cell.p_exhausted
        own_error = math.hypot(math.sqrt(p * (1.0 - p) / 12e6), 5e-5)
        yield compare_share(subject("P(exhausted)", table), due > 1.0, expected=p, expected_se=own_error)
