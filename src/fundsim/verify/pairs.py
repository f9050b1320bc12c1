"""The two engines against each other: schemes without chance, and scenarios on shared factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fundsim.results.collect import RecordView
from fundsim.scheme import Aggregate, Metric, Scheme, record_names
from fundsim.verify.certain import certain_scheme
from fundsim.verify.judge import Check, Subject, compare_exact, compare_pairs
from fundsim.verify.sampling import Sampler, prepare

__all__ = ["certain_check", "largest_difference", "scenario_checks"]

Floats = NDArray[np.float64]
Horizon = Literal["window", "run_off"]

HORIZONS: tuple[Horizon, ...] = ("window", "run_off")
FEN = 0.01


def largest_difference(scheme: Scheme, seed: int) -> tuple[float, str]:
    """Return the largest difference between the engines on path 0, and the record that shows it.

    Args:
        scheme: a scheme without chance.
        seed: any; nothing depends on it.

    Returns:
        The difference over all records, snapshots and months [the record's unit; infinite where one
        engine alone has a value], and the record's name.
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
    worst = int(by_record.argmax())
    return float(by_record[worst]), (names.all + monthly)[worst]


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


def scenario_checks(sampler: Sampler, name: str, scheme: Scheme, paths: int) -> Iterator[Check]:
    """Yield a check of each metric of a scenario at both horizons, paired on shared factors.

    Args:
        sampler: runs the paths.
        name: name of the scenario.
        scheme: its lowered scheme.
        paths: number of pairs.
    """
    core = sampler.snapshots("core", scheme, paths)
    reference = sampler.snapshots("reference", scheme, paths)
    positions = {record: column for column, record in enumerate(record_names(scheme).all)}
    horizons = HORIZONS if scheme.window.run_off else HORIZONS[:1]
    for row, horizon in enumerate(horizons):
        views = [RecordView(positions, values[:, row, :]) for values in (core, reference)]
        for metric in scheme.metrics:
            subject = Subject(name, f"{metric.name}@{horizon}", "core − reference", "the other engine")
            if isinstance(metric, Aggregate):
                yield _aggregate_check(subject, metric, *views)
            else:
                yield from _metric_checks(subject, metric, *views)


def _metric_checks(
    subject: Subject, metric: Metric, core: Mapping[str, Floats], reference: Mapping[str, Floats]
) -> Iterator[Check]:
    """Compare a metric's mean where both engines have it, and how often it is missing."""
    ours, theirs = (np.asarray(metric.formula(view), dtype=np.float64) for view in (core, reference))
    have = np.isfinite(ours), np.isfinite(theirs)
    if not (have[0] & have[1]).all():
        missing = subject._replace(figure=f"{subject.figure} is missing")
        values = [(~there).astype(np.float64) for there in have]
        yield compare_pairs(missing, values[0], values[1], event=True)
    both = have[0] & have[1]
    if both.any():
        yield compare_pairs(subject, ours[both], theirs[both], event=metric.event)


def _aggregate_check(
    subject: Subject, aggregate: Aggregate, core: Mapping[str, Floats], reference: Mapping[str, Floats]
) -> Check:
    """Compare a ratio of sums by its linear part: numerator − ratio × denominator, path by path."""
    sums = [(aggregate.numerator(view), aggregate.denominator(view)) for view in (core, reference)]
    whole = sum(float(denominator.sum()) for _, denominator in sums)
    ratio = sum(float(numerator.sum()) for numerator, _ in sums) / whole if whole else 0.0
    scale = whole / (2.0 * sums[0][0].size) or 1.0
    ours, theirs = ((numerator - ratio * denominator) / scale + ratio for numerator, denominator in sums)
    return compare_pairs(subject, ours, theirs)
