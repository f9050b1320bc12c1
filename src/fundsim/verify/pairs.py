"""The two engines against each other: schemes without chance, and scenarios on shared factors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fundsim.metrics.program import Program
from fundsim.results.views import RecordView
from fundsim.scheme import (
    Aggregate,
    BridgeFund,
    Formula,
    LawFigure,
    Metric,
    Population,
    Scheme,
    Segment,
    Tape,
    record_names,
)
from fundsim.verify.certain import certain_scheme
from fundsim.verify.certain_bridges import OF_DAYS
from fundsim.verify.judge import Check, Subject, compare_exact, compare_pairs
from fundsim.verify.sampling import Sampler, prepare

__all__ = ["certain_check", "largest_difference", "merge_loans", "scenario_checks"]

Floats = NDArray[np.float64]
Horizon = Literal["window", "run_off"]

HORIZONS: tuple[Horizon, ...] = ("window", "run_off")
FEN = 0.01
MOST_LOANS = 4000
"""The slow engine carries no more loans than this on a path; a finer scheme has its loans merged."""
MERGED_LOANS = 300


def largest_difference(scheme: Scheme, seed: int) -> tuple[float, str]:
    """Return the largest difference between the engines on path 0, and the record that shows it.

    Args:
        scheme: a scheme without chance.
        seed: any; nothing depends on it.

    Returns:
        The difference over all records but those summed over days, over snapshots and months [the
        record's unit; infinite where one engine alone has a value], and the record's name.
    """
    names = record_names(scheme)
    monthly = names.flows + names.stocks + names.months
    core, reference = (prepare(name)(scheme, monthly).run(seed, 0, 1) for name in ("core", "reference"))
    by_record = np.concatenate(
        [
            _difference(core.snapshots[0], reference.snapshots[0]).max(axis=0),
            _difference(core.series[0], reference.series[0]).max(axis=0),
        ]
    )
    recorded = names.all + monthly
    by_record[[name.startswith("bridge/") and name.endswith(OF_DAYS) for name in recorded]] = 0.0
    worst = int(by_record.argmax())
    return float(by_record[worst]), recorded[worst]


def _difference(core: Floats, reference: Floats) -> Floats:
    """Return absolute differences: 0 where both are infinite, infinity where one is or a NaN is there."""
    same = (core == reference) | (np.isnan(core) & np.isnan(reference))
    finite = np.isfinite(core) & np.isfinite(reference)
    difference = np.full(core.shape, np.inf)
    np.subtract(core, reference, out=difference, where=finite)
    return np.where(same, 0.0, np.abs(difference))


def certain_check(count: int, seed: int) -> Check:
    """Return the check of every record of ``count`` schemes in which nothing is left to chance.

    Args:
        count: number of schemes.
        seed: seed of the runs.
    """
    worst, where = 0.0, "every record, every month"
    for number in range(count):
        difference, record = largest_difference(certain_scheme(number), seed)
        if difference > worst:
            worst, where = difference, f"{record} (scheme {number})"
    subject = Subject(
        f"{count} schemes without chance", where, "core − reference", "the other engine, to a fen"
    )
    return compare_exact(subject, expected=0.0, got=worst, tolerance=FEN)


def merge_loans(scheme: Scheme) -> tuple[Scheme, int]:
    """Return a scheme with k loans merged to one where it has more than the slow engine can carry, and k.

    Principals, what a bridge fund is asked for, and limits and layers per loan, grow by k; numbers of opening
    loans and firms shrink by k; of a tape every k-th loan is kept.  The rules and the amounts are the same,
    the granularity is coarser, for both engines alike.
    """
    mean = {s.name: sum(b.probability * b.principal for b in s.bands) for s in scheme.segments}
    n_loans = sum(
        facility.n_opening
        + sum(b.share * sum(facility.demand.monthly) / mean[b.segment] for b in facility.borrowers)
        for facility in scheme.facilities
    )
    if n_loans <= MOST_LOANS:
        return scheme, 1
    k = math.ceil(n_loans / MERGED_LOANS)
    segments = tuple(_larger_loans(s, k) for s in scheme.segments)
    facilities = tuple(
        replace(
            f,
            opening=tuple(replace(o, n_loans=math.ceil(o.n_loans / k)) for o in f.opening),
            tape=None if f.tape is None else _every_kth(f.tape, k),
        )
        for f in scheme.facilities
    )
    contracts = tuple(
        replace(c, loan_attach=k * c.loan_attach, loan_limit=k * c.loan_limit) for c in scheme.contracts
    )
    limits = tuple(replace(limit, share=k * limit.share) for limit in scheme.obligor_limits)
    return replace(
        scheme,
        segments=segments,
        facilities=facilities,
        contracts=contracts,
        obligor_limits=limits,
        bridges=tuple(_larger_requests(fund, k) for fund in scheme.bridges),
    ), k


def _larger_loans(segment: Segment, k: int) -> Segment:
    """Return a segment with loans k times as large, and as many fewer firms."""
    sizes = segment.sizes
    return replace(
        segment,
        bands=tuple(replace(band, principal=k * band.principal) for band in segment.bands),
        firms=None if segment.firms is None else math.ceil(segment.firms / k),
        population=None if segment.population is None else _fewer_firms(segment.population, k),
        sizes=None if sizes is None else replace(sizes, mu=sizes.mu + math.log(k), cap=k * sizes.cap),
    )


def _larger_requests(fund: BridgeFund, k: int) -> BridgeFund:
    """Return a fund whose facilities have loans k times as large; what it is asked directly stays."""
    if fund.requests is not None:
        return fund
    return replace(
        fund,
        sizes=tuple(replace(size, up_to=k * size.up_to) for size in fund.sizes),
        cap_per_firm=k * fund.cap_per_firm,
        bridged=tuple(_larger_loans(segment, k) for segment in fund.bridged),
    )


def _fewer_firms(population: Population, k: int) -> Population:
    return replace(
        population,
        opening=tuple(math.ceil(n / k) for n in population.opening),
        entry_annual=population.entry_annual / k,
    )


def _every_kth(tape: Tape, k: int) -> Tape:
    """Keep every k-th loan of a tape, k times as large."""
    return replace(
        tape,
        segment=tape.segment[::k],
        principal=k * tape.principal[::k],
        months_left=tape.months_left[::k],
        pd_annual=tape.pd_annual[::k],
        lgd_mean=tape.lgd_mean[::k],
        threshold=None if tape.threshold is None else tape.threshold[::k],
        rho=None if tape.rho is None else tape.rho[::k],
        lgd_law_mean=None if tape.lgd_law_mean is None else tape.lgd_law_mean[::k],
    )


def scenario_checks(sampler: Sampler, name: str, scheme: Scheme, paths: int) -> Iterator[Check]:
    """Yield a check of each metric of a scenario at both horizons, paired on shared factors.

    Args:
        sampler: runs the paths.
        name: name of the scenario.
        scheme: its lowered scheme.
        paths: number of pairs.
    """
    scheme, merged = merge_loans(scheme)
    if merged > 1:
        name = f"{name} (loans merged {merged}:1)"
    core = sampler.snapshots("core", scheme, paths)
    reference = sampler.snapshots("reference", scheme, paths)
    positions = {record: column for column, record in enumerate(record_names(scheme).all)}
    program = Program([formula for metric in scheme.metrics for formula in _formulas(metric)])
    horizons = HORIZONS if scheme.window.run_off else HORIZONS[:1]
    for row, horizon in enumerate(horizons):
        views = [RecordView(positions, values[:, row, :]) for values in (core, reference)]
        found = [dict(program.values(view)) for view in views]
        for metric in scheme.metrics:
            if isinstance(metric, LawFigure):
                continue  # its metric is compared
            subject = Subject(name, f"{metric.name}@{horizon}", "core − reference", "the other engine")
            if isinstance(metric, Aggregate):
                sums = [(values[metric.numerator], values[metric.denominator]) for values in found]
                yield _aggregate_check(subject, sums)
            else:
                yield from _metric_checks(subject, metric, *(values[metric.formula] for values in found))


def _formulas(metric: Metric | Aggregate | LawFigure) -> tuple[Formula, ...]:
    """Return the formulas of a metric; those of a law's figure are its metric's."""
    if isinstance(metric, Aggregate):
        return metric.numerator, metric.denominator
    return (metric.formula,) if isinstance(metric, Metric) else ()


def _metric_checks(subject: Subject, metric: Metric, ours: Floats, theirs: Floats) -> Iterator[Check]:
    """Compare a metric's mean where both engines have it, and how often it is missing."""
    have = np.isfinite(ours), np.isfinite(theirs)
    if not (have[0] & have[1]).all():
        missing = subject._replace(figure=f"{subject.figure} is missing")
        values = [(~there).astype(np.float64) for there in have]
        yield compare_pairs(missing, values[0], values[1], event=True)
    both = have[0] & have[1]
    if both.any():
        rounding = FEN if metric.unit == "yuan" else 1e-9
        yield compare_pairs(subject, ours[both], theirs[both], event=metric.event, rounding=rounding)


def _aggregate_check(subject: Subject, sums: Sequence[tuple[Floats, Floats]]) -> Check:
    """Compare a ratio of sums by its linear part: numerator − ratio × denominator, path by path.

    ``sums`` are numerator and denominator by either engine.
    """
    whole = sum(float(denominator.sum()) for _, denominator in sums)
    ratio = sum(float(numerator.sum()) for numerator, _ in sums) / whole if whole else 0.0
    scale = whole / (2.0 * sums[0][0].size) or 1.0
    ours, theirs = ((numerator - ratio * denominator) / scale + ratio for numerator, denominator in sums)
    return compare_pairs(subject, ours, theirs)
