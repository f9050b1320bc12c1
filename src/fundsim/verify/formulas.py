"""Closed forms against printed and derived figures: what the engines are then checked against."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from fundsim.verify import cases, queue_cases
from fundsim.verify.cash_forms import pool_depletion, ruin_probability
from fundsim.verify.closed_forms import (
    VasicekLimit,
    basel_risk_weight,
    capped_guarantee_payout,
    conditional_pd,
    finite_pool,
    heterogeneous_pool,
    joint_default_probability,
    student_t_pool,
    vintage_default_moments,
    worst_case_default_rate,
)
from fundsim.verify.judge import Check, Subject, compare_exact
from fundsim.verify.mixtures import UNEQUAL_LOANS
from fundsim.verify.queue_forms import erlang_b, kaufman_roberts, refused_after_patience
from fundsim.verify.stated_years import cells

__all__ = ["formula_checks", "queue_checks"]

EXACT = 1e-12

Figures = list[tuple[str, float, float]]
"""Figure, expected, got."""


def formula_checks() -> Iterator[Check]:
    """Yield one check a case; each shows the worst of the case's figures."""
    yield from _limit_laws()
    yield from _basel()
    yield from _finite_pools()
    yield from _unequal_pools()
    yield from _pools_with_cash()
    yield from queue_checks()
    yield from _stated_years()


def _worst(case: str, source: str, figures: Figures, tolerance: float) -> Check:
    """Return the check of the figure with the largest error, and say of how many."""
    label, expected, got = max(figures, key=lambda figure: abs(figure[2] - figure[1]))
    if len(figures) > 1:
        label = f"{label} (worst of {len(figures)})"
    subject = Subject(case, label, "formula", source)
    return compare_exact(subject, expected=expected, got=got, tolerance=tolerance)


def _limit_laws() -> Iterator[Check]:
    printed: Figures = []
    exact: Figures = []
    for (pd, rho), (paper, derived) in cases.VASICEK_TABLE.items():
        limit = VasicekLimit(pd, rho)
        for level, seen, known in zip(cases.VASICEK_TABLE_LEVELS, paper, derived, strict=True):
            got = (limit.quantile(level) - pd) / limit.sd
            label = f"PD {pd:g}, ρ {rho:g}, {level:.2%}"
            printed.append((label, seen, got))
            # The quantiles reach 32 standard deviations: the tolerance is relative.
            exact.append((label, 1.0, got / known))
    yield _worst("Vasicek's table, printed", "Vasicek 2002, Risk 15(12)", printed, 0.1)
    yield _worst("Vasicek's table, derived", "extended precision", exact, EXACT)
    for (pd, rho), figures in cases.LIMIT_LAWS.items():
        limit = VasicekLimit(pd, rho)
        got_all = [limit.sd] + [limit.quantile(a) for a in (0.95, 0.99, 0.995, 0.999, 0.9999)]
        labels = ("sd", "q95", "q99", "q99.5", "q99.9", "q99.99")
        rows = list(zip(labels, figures, got_all, strict=True))
        yield _worst(f"Limit law, PD {pd:g}, ρ {rho:g}", "Vasicek 1991; derived", rows, EXACT)
    rate = worst_case_default_rate(0.02, 0.1, 0.999)
    yield _worst("Worst-case default rate", "Hull, Risk Management", [("WCDR 99.9 %", 0.128, rate)], 5e-4)
    joint = [
        (f"{a:g}, {b:g}, ρ {rho:g}", 1.0, joint_default_probability(a, b, rho) / p)
        for (a, b, rho), p in cases.JOINT_DEFAULTS.items()
    ]
    yield _worst("Joint default of two firms", "bivariate normal; derived", joint, EXACT)


def _basel() -> Iterator[Check]:
    rows: Figures = []
    for column in cases.BASEL_RISK_WEIGHTS:
        for pd, printed in zip(cases.BASEL_PDS, column.risk_weights_percent, strict=True):
            got = basel_risk_weight(pd, column.lgd, column.exposure, turnover_million=column.turnover_million)
            rows.append((f"{column.exposure}, LGD {column.lgd:g}, PD {pd:.2%}", printed, got))
    yield _worst("Basel II risk weights", "BCBS 2006, Annex 5", rows, 0.006)


def _finite_pools() -> Iterator[Check]:
    for pool in cases.FINITE_POOLS:
        law = finite_pool(pool.n_loans, pool.pd, pool.rho)
        cdf = law.cdf
        rows: Figures = [
            ("mean", 1.0, law.mean / (pool.n_loans * pool.pd)),
            ("sd", 1.0, law.sd / pool.sd),
            ("q99", 1.0, law.quantile(0.99) / pool.q99),
            ("q99.9", 1.0, law.quantile(0.999) / pool.q999),
            ("ES 99 %", 1.0, law.expected_shortfall(0.99) / pool.es99),
            ("P(none)", 1.0, float(law.probabilities[0]) / pool.p_none),
            ("P(≤ q99)", 1.0, float(cdf[pool.q99]) / pool.cdf_at_q99),
            ("P(< q99)", 1.0, float(cdf[pool.q99 - 1]) / pool.cdf_below_q99),
            ("P(one)", 1.0, float(law.probabilities[1]) / pool.p_one),
            ("P(≤ q99.9)", 1.0, float(cdf[pool.q999]) / pool.cdf_at_q999),
            ("P(< q99.9)", 1.0, float(cdf[pool.q999 - 1]) / pool.cdf_below_q999),
            ("correlation of a pair", 1.0, _pair_correlation(pool) / pool.pair_correlation),
        ]
        name = f"Finite pool of {pool.n_loans}, got ÷ expected"
        yield _worst(name, "Vasicek 1987; extended precision", rows, EXACT)


def _pair_correlation(pool: cases.FinitePool) -> float:
    """Return the correlation of the defaults of two loans."""
    p = pool.pd
    return (joint_default_probability(p, p, pool.rho) - p * p) / (p * (1.0 - p))


def _unequal_pools() -> Iterator[Check]:
    student = cases.STUDENT_POOL
    law = student_t_pool(student.n_loans, student.pd, student.rho, student.degrees)
    rows: Figures = [
        ("sd", 1.0, law.sd / student.sd),
        ("q99", 1.0, law.quantile(0.99) / student.q99),
        ("q99.9", 1.0, law.quantile(0.999) / student.q999),
        ("ES 99 %", 1.0, law.expected_shortfall(0.99) / student.es99),
        ("P(none)", 1.0, float(law.probabilities[0]) / student.p_none),
        ("P(≤ q99)", 1.0, float(law.cdf[student.q99]) / student.cdf_at_q99),
        ("P(< q99)", 1.0, float(law.cdf[student.q99 - 1]) / student.cdf_below_q99),
    ]
    yield _worst("Student-t pool, got ÷ expected", "two-dimensional quadrature", rows, 1e-9)

    known = cases.HETEROGENEOUS
    law = heterogeneous_pool([p for p, _ in UNEQUAL_LOANS], [c for _, c in UNEQUAL_LOANS], known.rho)
    rows = [("mean", known.mean, law.mean), ("sd", known.sd, law.sd)]
    rows += [("q99", known.q99, law.quantile(0.99)), ("q99.9", known.q999, law.quantile(0.999))]
    rows += [(f"P(L > {level})", p, law.tail(level)) for level, p in known.beyond.items()]
    rows += [(f"tranche {a}–{d}", el, law.tranche(a, d)) for (a, d), el in known.tranches.items()]
    yield _worst("100 unequal loans", "Andersen, Sidenius and Basu 2003", rows, 1e-11)


def _pools_with_cash() -> Iterator[Check]:
    got = pool_depletion(n_loans=100, monthly_pd=0.01, opening=30, months=36, injections={12: 10, 24: 10})
    labels = ("p_depleted", "unpaid", "end_balance")
    rows: Figures = [
        (name, 1.0, value / cases.POOL_DEPLETION[name]) for name, value in zip(labels, got, strict=True)
    ]
    yield _worst("Depletion of a pool, got ÷ expected", "dynamic programme", rows, EXACT)
    ruin = [
        (f"λ {rate:.3f}, u {u:g}, T {horizon:g}", p, ruin_probability(rate, u, horizon))
        for (rate, u), row in cases.RUIN.items()
        for horizon, p in zip(cases.RUIN_HORIZONS, row, strict=True)
    ]
    yield _worst("Ruin in finite time", "Asmussen 2000, IV.1.3", ruin, EXACT)

    x = np.linspace(-12.0, 12.0, 400_001)
    weights = np.exp(-0.5 * x * x) * (x[1] - x[0]) / math.sqrt(2.0 * math.pi)
    payouts: Figures = []
    for share, cap, lgd in ((0.5, 0.2, 1.0), (0.8, 0.125, 1.0), (0.8, 0.05, 0.6)):
        by_definition = float(weights @ (share * np.minimum(lgd * conditional_pd(0.03, 0.12, x), cap)))
        got_payout = capped_guarantee_payout(share, cap, 0.03, 0.12, lgd)
        payouts.append((f"share {share:g}, cap {cap:g}, LGD {lgd:g}", by_definition, got_payout))
    yield _worst("Capped guarantee", "its own integral", payouts, 1e-9)

    means: Figures = []
    for cell in cases.FIFTEEN_CELLS:
        mean, _ = vintage_default_moments(
            n_loans=1000, n_vintages=3, pd=cell.pd, rho=cell.rho, persistence=0.5
        )
        means.append((f"share {cell.share:g}, PD {cell.pd:g}", cell.mean, 10.0 * cell.share * mean))
    yield _worst("Mean of the fifteen cells", "sizing table, three decimals", means, 5e-4)


def queue_checks() -> Iterator[Check]:
    """Yield one check of the queues in which nobody waits, and one of those with patience."""
    rows: Figures = []
    for fund in queue_cases.MIXED_FUNDS:
        loads = [size.per_day * fund.mean_days for size in fund.sizes]
        refused, out = kaufman_roberts(fund.capacity, [size.units for size in fund.sizes], loads)
        rows += [
            (f"{fund.name}: {size.units} units", 1.0, float(got) / size.refused)
            for size, got in zip(fund.sizes, refused, strict=True)
        ]
        rows.append((f"{fund.name}: units out", 1.0, out / fund.mean_out))
    equal = queue_cases.MIXED_FUNDS[2]
    (size,) = equal.sizes
    blocked = erlang_b(equal.capacity, size.per_day * equal.mean_days)
    rows.append((f"{equal.name}: Erlang B", 1.0, blocked / size.refused))
    yield _worst("Bridge funds without waiting, got ÷ expected", "Kaufman 1981, Roberts 1981", rows, EXACT)
    waiting: Figures = []
    for queue in queue_cases.PATIENT_QUEUES:
        got = refused_after_patience(queue.places, queue.per_day, queue.mean_days, queue.patience)
        label = f"λ {queue.per_day:g}, {queue.places} places, {queue.patience:g} days"
        waiting.append((f"{label}: refused", 1.0, got[0] / queue.refused.value))
        waiting.append((f"{label}: queued", 1.0, got[1] / queue.queued.value))
    yield _worst("Queues with patience, got ÷ expected", "Zeltyn and Mandelbaum 2005", waiting, 1e-10)


def _stated_years() -> Iterator[Check]:
    for on_tape in (False, True):
        ratios = [(cell.label, cell.ratios) for cell in cells(on_tape=on_tape) if cell.ratios is not None]
        of = "of a tape" if on_tape else "of a segment"
        years = [(label, 1.0, ratio[0]) for label, ratio in ratios]
        pairs = [(label, 1.0, ratio[1]) for label, ratio in ratios]
        yield _worst(f"PD of a year in finer steps, {of}", "own quadrature", years, 1e-5)
        yield _worst(f"Pair in a year of finer steps, {of}", "own quadrature", pairs, 1e-4)
