"""Run a scenario: choose the engine, run threads over blocks of paths, collect in path order."""

from __future__ import annotations

import importlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal, cast, get_args

from fundsim import arguments
from fundsim.lowering import implied_pd, lower
from fundsim.results.collect import Collector
from fundsim.results.manifest import Run
from fundsim.results.model import Results
from fundsim.scenario import Scenario
from fundsim.scheme import Engine, Prepared, RecordBlock, Scheme

__all__ = ["EngineName", "simulate", "simulate_scheme"]

EngineName = Literal["core", "reference"]
RECORD_BYTES = 192 * 2**20
"""Memory that the records of all blocks at hand may take together; it decides nothing but memory."""
LARGEST_BLOCK = 4096


def _engine(name: EngineName) -> Engine:
    """Return an engine; the other one is not even imported."""
    engine: Engine = importlib.import_module(f"fundsim.{name}").engine
    return engine


def _block_length(collector: Collector, threads: int) -> int:
    """Return the number of paths of a block: small enough for memory and for showing progress."""
    window = collector.scheme.window
    words = len(collector.records) * len(window.snapshots) + len(collector.series_records) * window.total
    fair = -(-collector.n_paths // (8 * threads))
    # At hand are the blocks on threads, one more that waits, and the one that is collected.
    at_hand = 1 if threads == 1 else threads + 2
    return max(1, min(LARGEST_BLOCK, RECORD_BYTES // (at_hand * 8 * max(words, 1)), fair))


def _blocks(
    prepared: Prepared, seed: int, spans: Sequence[tuple[int, int]], threads: int
) -> Iterator[RecordBlock]:
    """Yield the blocks in path order while later ones are being simulated."""
    if threads == 1:
        for first, count in spans:
            yield prepared.run(seed, first, count)
        return
    waiting: deque[Future[RecordBlock]] = deque()
    queue = iter(spans)
    with ThreadPoolExecutor(threads) as pool:
        try:
            for first, count in queue:
                waiting.append(pool.submit(prepared.run, seed, first, count))
                # No more blocks in memory than keep every thread busy.
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def simulate_scheme(
    scheme: Scheme,
    *,
    paths: int,
    seed: int,
    threads: int = 1,
    engine: EngineName = "core",
    metrics: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    facts: Callable[[float], Run],
) -> Results:
    """Simulate a scheme and collect its metrics.

    Args:
        scheme: the lowered scheme.
        paths: number of paths.
        seed: first word of every random number's key.
        threads: number of threads; results don't depend on it.
        engine: ``core`` or ``reference``.
        metrics: glob patterns of the metrics to keep; None keeps all.
        progress: called with (paths done, paths in all), first with 0 when compiling is over.
        facts: gives the run's facts for the manifest, from the seconds that it took.
    """
    collector = Collector(scheme, paths, None if metrics is None else tuple(metrics))
    prepared = _engine(engine)(scheme, collector.series_records, collector.records)
    if engine == "core":
        prepared.run(seed, 0, 1)  # compiles, or loads what was compiled; the clock starts after it
    started = time.perf_counter()
    if progress:
        progress(0, paths)
    length = _block_length(collector, threads)
    spans = [(first, min(length, paths - first)) for first in range(0, paths, length)]
    done = 0
    for block in _blocks(prepared, seed, spans, threads):
        collector.add(block)
        done += len(block.snapshots)
        del block  # or it would stay until the next one is complete
        if progress:
            progress(done, paths)
    return collector.finish(facts(time.perf_counter() - started))


def simulate(
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    engine: EngineName | None = None,
    metrics: str | Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Simulate a scenario.

    A scenario that was read from a run's manifest repeats that run: what is not given is the run's.

    Args:
        scenario: what ``load`` returned.
        paths: number of paths; the scenario's unless given.
        seed: seed, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  Results don't depend on it.
        engine: ``core`` unless given, or ``reference`` for the slow second engine.
        metrics: glob patterns of the metrics to keep, such as ``"*.claims_paid"``; all unless given.
        progress: called with (paths done, paths in all).

    Returns:
        The results: ``.summary()``, ``.probabilities()``, ``.paths``, ``.series``, ``.plot``.

    Raises:
        ScenarioError: the scenario can't be lowered.
        UsageError: an argument is out of its range, a pattern of ``metrics`` names no metric, or so many
            paths need more memory or disk than there is.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    run, repeats = scenario.terms.run, scenario.repeats
    n_paths = run.paths if paths is None else arguments.number_of_paths(paths)
    n_threads = (
        min(os.cpu_count() or 1, arguments.MOST_THREADS)
        if threads is None
        else (arguments.thread_count(threads))
    )
    chosen_seed = run.seed if seed is None else arguments.seed(seed)
    if engine is None:
        engine = "core" if repeats is None else cast(EngineName, repeats.engine)
    chosen_engine = cast(EngineName, arguments.choice("engine", engine, get_args(EngineName)))
    kept = arguments.patterns("metrics", metrics)
    if kept is None and repeats is not None:
        kept = repeats.metrics
    arguments.function("progress", progress)

    scheme = lower(scenario)
    implied = implied_pd(scheme)

    def facts(seconds: float) -> Run:
        return Run(
            scenario=scenario.name,
            sha256=scenario.sha256,
            resolved=scenario.resolved(),
            seed=chosen_seed,
            engine=chosen_engine,
            seconds=seconds,
            threads=n_threads,
            implied_pd={name: pd.mean for name, pd in implied.items()},
            straddling_pd={n: pd.straddling for n, pd in implied.items() if scheme.economy.step_months > 1},
            applicant_pd={n: s.pd for n, s in scenario.terms.segments.items() if s.screening is not None},
            tape_folders=scenario.tape_folders,
        )

    return simulate_scheme(
        scheme,
        paths=n_paths,
        seed=chosen_seed,
        threads=n_threads,
        engine=chosen_engine,
        metrics=kept,
        progress=progress,
        facts=facts,
    )
