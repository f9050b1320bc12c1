"""The core against NumPy on the same jobs: ``python -m benchmarks.compare``.

Programs take turns, so that a busy moment of the machine hits all of them, and medians are compared.
Processor seconds stand beside the clock's: on a machine with other work they are the ones to trust.
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
from typing import NamedTuple

import numpy as np

from benchmarks.jobs import JOBS, Job, Outcome, Program, core_program

__all__ = ["main"]

Z_LIMIT = 4.9
"""A false alarm once in a million comparisons."""
POWER = Z_LIMIT + 1.28
"""A difference of this many standard errors is caught with a probability of 90 %."""


class Spent(NamedTuple):
    """Seconds of a run: by the clock, and of all processors together."""

    clock: float
    processor: float


def programs(job: Job) -> dict[str, Program]:
    """Return every program for a job by name, compiled and ready; the core comes last."""
    return {**job.rivals, "core": core_program(job)}


def measure(
    ready: Mapping[str, Program], n_paths: int, repeat: int, threads: int
) -> tuple[dict[str, Spent], dict[str, Outcome]]:
    """Return the median seconds of each program, and its outcome from the last turn."""
    turns: dict[str, list[Spent]] = {name: [] for name in ready}
    outcomes = {}
    for turn in range(repeat):
        for name, program in ready.items():
            clock, processor = time.perf_counter(), time.process_time()
            outcomes[name] = program(n_paths, turn + 1, threads)
            turns[name].append(Spent(time.perf_counter() - clock, time.process_time() - processor))
    medians = {
        name: Spent(*(statistics.median(column) for column in zip(*spent, strict=True)))
        for name, spent in turns.items()
    }
    return medians, outcomes


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
    print(f"  {'program':{width}}  threads   seconds      paths/s   core is   processor s   core is")
    for threads in (1, 2):
        medians, outcomes = measure(ready, paths, repeat, threads)
        core = medians["core"]
        for program, spent in medians.items():
            rate = f"{spent.clock:8.3f}  {paths / spent.clock:11,.0f}"
            by_clock, by_processor = spent.clock / core.clock, spent.processor / core.processor
            row = f"{rate}  {by_clock:6.2f} x   {spent.processor:11.3f}  {by_processor:6.2f} x"
            print(f"  {program:{width}}  {threads:7d}  {row}")
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
