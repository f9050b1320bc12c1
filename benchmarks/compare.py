"""The core against NumPy, SimPy and plain Python on the same jobs: ``python -m benchmarks.compare``.

Programs take turns, so that a busy moment of the machine hits all of them.  A rival's time a path is
divided by the core's of the same turn, and the median of these ratios is printed.
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
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.jobs import JOBS, Job, Outcome, Program, core_program

__all__ = ["main"]

Z_LIMIT = 4.9
"""A false alarm once in a million comparisons."""
POWER = Z_LIMIT + 1.28
"""A difference of this many standard errors is caught with a probability of 90 %."""


class Spent(NamedTuple):
    """Seconds of a path, or how many times as many: by the clock, and of all processors together."""

    clock: float
    processor: float


def programs(job: Job) -> dict[str, Program]:
    """Return every program for a job by name, compiled and ready; the core comes last."""
    return {**job.rivals, "core": core_program(job)}


def measure(
    ready: Mapping[str, Program], paths: Mapping[str, int], repeat: int, threads: int
) -> tuple[dict[str, list[Spent]], dict[str, Outcome]]:
    """Return what each program spends on a path in each turn, and its outcome from the last turn."""
    turns: dict[str, list[Spent]] = {name: [] for name in ready}
    outcomes = {}
    for turn in range(repeat):
        for name, program in ready.items():
            clock, processor = time.perf_counter(), time.process_time()
            outcomes[name] = program(paths[name], turn + 1, threads)
            spent = time.perf_counter() - clock, time.process_time() - processor
            turns[name].append(Spent(*(seconds / paths[name] for seconds in spent)))
    return turns, outcomes


def median(turns: Sequence[Spent]) -> Spent:
    """Return the median of each kind of seconds."""
    return Spent(*(statistics.median(column) for column in zip(*turns, strict=True)))


def times(slow: Sequence[Spent], fast: Sequence[Spent]) -> Spent:
    """Return by how many times one program is faster than another, turn by turn: the medians of that."""
    return median(
        [Spent(*(a / b for a, b in zip(x, y, strict=True))) for x, y in zip(slow, fast, strict=True)]
    )


def estimate(values: np.ndarray) -> tuple[float, float]:
    """Return the mean of a figure and its standard error."""
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))


def checks(
    job: Job, outcomes: Mapping[str, Outcome]
) -> Iterator[tuple[str, str, float, float, float, float]]:
    """Yield (program, figure, got, expected, z, smallest difference caught with 90 %).

    What is not known from elsewhere is expected to be as the rival with the most paths has it.
    """
    judge = max(job.rivals, key=lambda name: len(next(iter(outcomes[name].values()))))
    for name, outcome in outcomes.items():
        for figure, values in outcome.items():
            if job.known:
                expected, expected_se = job.known[figure]
            elif name != judge:
                expected, expected_se = estimate(outcomes[judge][figure])
            else:
                continue
            got, se = estimate(values)
            both = math.hypot(se, expected_se)
            z = (got - expected) / both if both else math.copysign(math.inf, got - expected)
            yield name, figure, got, expected, 0.0 if got == expected else z, POWER * both


def compare(name: str, n_paths: int | None, repeat: int) -> bool:
    """Print one job's times and checks; return whether every figure is right."""
    job = JOBS[name]
    ready = programs(job)
    paths = {program: job.paths_of(program, n_paths or job.paths) for program in ready}
    width = max(map(len, ready))
    print(f"\n{name}: {paths['core']:,} paths of the core, median of {repeat}")
    print(f"  {'program':{width}}  threads    paths      paths/s   core is   processor µs   core is")
    for threads in job.threads:
        turns, outcomes = measure(ready, paths, repeat, threads)
        for program, spent in turns.items():
            own, ratio = median(spent), times(spent, turns["core"])
            row = f"{threads:7d}  {paths[program]:7,d}  {1.0 / own.clock:11,.0f}  {ratio.clock:6.2f} x"
            print(f"  {program:{width}}  {row}   {1e6 * own.processor:12.3f}  {ratio.processor:6.2f} x")
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
