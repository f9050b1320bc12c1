"""Run a scheme: choose the engine, run threads over blocks of paths, collect in path order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal

from fundsim.results.collect import Collector
from fundsim.results.manifest import Run
from fundsim.results.run_data import RunData
from fundsim.scheme import Engine, Prepared, RecordBlock, Scheme

__all__ = ["EngineName", "simulate_scheme"]

EngineName = Literal["core", "reference"]
RECORD_BYTES = 192 * 2**20
"""Memory that the records of all blocks at hand may take together; it decides nothing but memory."""
LARGEST_BLOCK = 4096


def _engine(name: EngineName) -> Engine:
    """Return an engine; the other one is not even imported."""
    if name == "core":
        from fundsim.core import engine as core_engine  # noqa: PLC0415

        return core_engine
    from fundsim.reference import engine as reference_engine  # noqa: PLC0415

    return reference_engine


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
) -> RunData:
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
