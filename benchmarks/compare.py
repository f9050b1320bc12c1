"""The core against NumPy on the same jobs: ``python -m benchmarks.compare``.

Programs take turns, so that a busy moment of the machine hits all of them, and medians are compared.
A time counts only if the answer is right: every figure must lie within 4.9 standard errors of the
known one, or of the rival's.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from benchmarks.jobs import JOBS, Job, Outcome, Program, run_core
from fundsim.core import engine

__all__ = ["main"]

Z_LIMIT = 4.9
"""A false alarm once in a million comparisons."""
POWER = Z_LIMIT + 1.28
"""A difference of this many standard errors is caught with a probability of 90 %."""


def programs(job: Job) -> dict[str, Program]:
    """Return every program for a job by name, compiled and ready; the core comes last."""
    prepared = engine(job.scheme(), series=())
    prepared.run(0, 0, 8)
    return {**job.rivals, "core": partial(run_core, job, prepared)}


def measure(
    ready: Mapping[str, Program], n_paths: int, repeat: int, threads: int
) -> tuple[dict[str, float], dict[str, Outcome]]:
    """Return the median seconds of each program, and its outcome from the last turn."""
    seconds: dict[str, list[float]] = {name: [] for name in ready}
    outcomes = {}
    for turn in range(repeat):
        for name, program in ready.items():
            start = time.perf_counter()
            outcomes[name] = program(n_paths, turn + 1, threads)
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}, outcomes


def estimate(values: np.ndarray) -> tuple[float, float]:
    """Return the mean of a figure and its standard error."""
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))


def checks(
    job: Job, outcomes: Mapping[str, Outcome]
) -> Iterator[tuple[str, str, float, float, float, float]]:
    """Yield (program, figure, got, expected, z, smallest difference caught with 90 %)."""
    for name, outcome in outcomes.items():
        for figure, values in outcome.items():
            if job.known:
                expected, expected_se = job.known[figure]
            elif name == "core":
                expected, expected_se = estimate(next(iter(outcomes.values()))[figure])
            else:
                continue
            got, se = estimate(values)
            both = math.hypot(se, expected_se)
            z = (got - expected) / both if both else math.copysign(math.inf, got - expected)
            yield name, figure, got, expected, 0.0 if got == expected else z, POWER * both


def compare(name: str, n_paths: int | None, repeat: int) -> bool:
    """Print one job's times and checks; return whether every figure is right."""
    job = JOBS[name]
    paths = n_paths or job.paths
    ready = programs(job)
    width = max(map(len, ready))
    print(f"\n{name}: {paths:,} paths, median of {repeat}")
    print(f"  {'program':{width}}  threads   seconds      paths/s   core is")
    for threads in (1, 2):
        seconds, outcomes = measure(ready, paths, repeat, threads)
        for program, spent in seconds.items():
            faster = "" if program == "core" else f"{spent / seconds['core']:6.2f} x"
            print(f"  {program:{width}}  {threads:7d}  {spent:8.3f}  {paths / spent:11,.0f}  {faster}")
    print(f"\n  {'program':{width}}  {'figure':12}  {'got':>12}  {'expected':>12}      z  would catch")
    right = True
    for program, figure, got, expected, z, caught in checks(job, outcomes):
        right &= abs(z) <= Z_LIMIT
        verdict = "" if abs(z) <= Z_LIMIT else "  WRONG"
        row = f"{figure:12}  {got:12.6g}  {expected:12.6g}  {z:5.2f}  {caught:11.2g}"
        print(f"  {program:{width}}  {row}{verdict}")
    return right


def main() -> int:
    """Run the comparison; the exit status is 1 if any figure is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--job", choices=[*JOBS, "all"], default="all")
    parser.add_argument("--paths", type=int, help="paths a run (each job has its own number)")
    parser.add_argument("--repeat", type=int, default=7, help="turns that each median is taken of")
    options = parser.parse_args()
    names = list(JOBS) if options.job == "all" else [options.job]
    right = [compare(name, options.paths, options.repeat) for name in names]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
