"""Run a scheme: choose the engine, run blocks of paths on an executor, collect in path order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Literal, cast, get_args

from fundsim import arguments
from fundsim.lowering import implied_pd
from fundsim.results.collect import Collector
from fundsim.results.manifest import Run
from fundsim.results.part import Part
from fundsim.results.plan import Plan
from fundsim.results.run_data import RunData
from fundsim.results.whole import run_data
from fundsim.scenario import Scenario
from fundsim.scenario.scenario import content_digest
from fundsim.scenario.stated import stated
from fundsim.scheme import Engine, LendingOf, Prepared, RecordBlock
from fundsim.team import part_by_workers

__all__ = [
    "EngineName",
    "facts_of",
    "prepare",
    "simulate_part",
    "simulate_plan",
    "simulate_scenario",
]

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


def prepare(plan: Plan, engine: EngineName = "core") -> Prepared:
    """Return a plan's scheme made ready by an engine."""
    return _engine(engine)(plan.scheme, plan.series_records, plan.records)


def _block_length(plan: Plan, n_paths: int, workers: int) -> int:
    """Return the number of paths of a block: small enough for memory and for showing progress."""
    window = plan.scheme.window
    words = len(plan.records) * len(window.snapshots) + len(plan.series_records) * window.total
    fair = -(-n_paths // (8 * workers))
    # At hand are the blocks at work, one more that waits, and the one that is collected.
    at_hand = 1 if workers == 1 else workers + 2
    return max(1, min(LARGEST_BLOCK, RECORD_BYTES // (at_hand * 8 * max(words, 1)), fair))


RunOf = Callable[[int, int], RecordBlock]
"""Simulates so many paths from a number on."""


def _run_of(prepared: Prepared, seed: int, lending: LendingOf | None) -> RunOf:
    """Return what simulates a block, with the new lending of another run if that is given."""
    if lending is None:
        return lambda first, count: prepared.run(seed, first, count)
    return lambda first, count: prepared.run(seed, first, count, lending(seed, first, count))


def _blocks(
    run: RunOf, spans: Sequence[tuple[int, int]], executor: Executor | None, workers: int
) -> Iterator[RecordBlock]:
    """Yield the blocks in path order while later ones are being simulated."""
    if executor is None:
        for first, count in spans:
            yield run(first, count)
        return
    waiting: deque[Future[RecordBlock]] = deque()
    try:
        for first, count in spans:
            waiting.append(executor.submit(run, first, count))
            # No more blocks in memory than keep every worker busy.
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def simulate_part(  # noqa: PLR0913  (all but the plan by keyword)
    plan: Plan,
    *,
    first: int,
    paths: int,
    seed: int,
    engine: EngineName = "core",
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    lending: LendingOf | None = None,
) -> Part:
    """Simulate paths ``first … first + paths − 1`` of a run.

    Args:
        plan: what the run keeps, of which scheme.
        first: number of the first path, 0 or a multiple of 1,024.
        paths: number of paths, 1 or more.
        seed: first word of every random number's key.
        engine: ``core`` or ``reference``.
        executor: threads run blocks of paths, any other executor's workers stretches of the part; None: the
            calling thread.
        workers: how many of these the executor runs at a time.
        progress: called with (paths done, paths in all), first with 0 when compiling is over.
        lending: gives the new lending of another run on the paths of a block, from seed, first path and
            count; it is granted in place of the scheme's own.  Parts of a run have all the same.  Workers in
            other processes call a pickled copy.

    Returns:
        What was collected; it depends on neither the executor nor the number of workers.

    Raises:
        EngineError: a part can't begin at ``first``, has no path, or has paths beyond the last that there is.
        UsageError: there is no such seed or engine, or there is not enough disk or memory.
    """
    seed = arguments.seed(seed)
    engine = cast(EngineName, arguments.choice("engine", engine, get_args(EngineName)))
    if executor is not None and not isinstance(executor, ThreadPoolExecutor):
        return part_by_workers(
            _stretch,
            plan,
            first=first,
            paths=paths,
            seed=seed,
            engine=engine,
            executor=executor,
            workers=workers,
            progress=progress,
            lending=lending,
        )
    collector = Collector(plan, first, paths, seed=seed, engine=engine)
    prepared = prepare(plan, engine)
    if engine == "core":
        prepared.run(seed, first, 1)  # compiles, or loads what was compiled; the clock starts after it
    if progress:
        progress(0, paths)
    length = _block_length(plan, paths, workers)
    end = first + paths
    spans = [(start, min(length, end - start)) for start in range(first, end, length)]
    done = 0
    for block in _blocks(_run_of(prepared, seed, lending), spans, executor, workers):
        collector.add(block)
        done += len(block.snapshots)
        del block  # or it would stay until the next one is complete
        if progress:
            progress(done, paths)
    return collector.part()


def _stretch(
    plan: Plan,
    first: int,
    paths: int,
    seed: int,
    engine: str,
    progress: Callable[[int, int], None],
    lending: LendingOf | None,
) -> Part:
    """Simulate a stretch of paths where this is called: what a worker does."""
    name = cast(EngineName, engine)
    return simulate_part(
        plan, first=first, paths=paths, seed=seed, engine=name, progress=progress, lending=lending
    )


def simulate_plan(
    plan: Plan,
    *,
    paths: int,
    seed: int,
    engine: EngineName = "core",
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    facts: Callable[[float], Run],
) -> RunData:
    """Simulate all paths of a run and take every figure from them.

    Args:
        plan: what the run keeps, of which scheme.
        paths: number of paths.
        seed: first word of every random number's key.
        engine: ``core`` or ``reference``.
        executor: threads run blocks of paths, any other executor's workers whole parts of the run; None: the
            calling thread.
        workers: how many of these the executor runs at a time; results don't depend on it.
        progress: called with (paths done, paths in all), first with 0 when compiling is over.
        facts: gives the run's facts for the manifest, from the seconds that it took.
    """
    started = time.perf_counter()

    def note(done: int, total: int) -> None:
        nonlocal started
        if done == 0:
            started = time.perf_counter()
        if progress:
            progress(done, total)

    whole = simulate_part(
        plan,
        first=0,
        paths=paths,
        seed=seed,
        engine=engine,
        executor=executor,
        workers=workers,
        progress=note,
    )
    return run_data(plan, whole, facts(time.perf_counter() - started))


def simulate_scenario(
    scenario: Scenario,
    plan: Plan,
    *,
    paths: int,
    seed: int,
    engine: EngineName = "core",
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> RunData:
    """Simulate a scenario that was lowered and planned; its manifest says what was run.

    Args:
        scenario: the scenario.
        plan: what the run keeps, of the scheme that the scenario lowers to.
        paths: number of paths.
        seed: first word of every random number's key.
        engine: ``core`` or ``reference``.
        executor: threads run blocks of paths, any other executor's workers whole parts of the run; None: the
            calling thread.
        workers: how many of these the executor runs at a time; results don't depend on it.
        progress: called with (paths done, paths in all), first with 0 when compiling is over.
    """
    return simulate_plan(
        plan,
        paths=paths,
        seed=seed,
        engine=engine,
        executor=executor,
        workers=workers,
        progress=progress,
        facts=facts_of(scenario, plan, paths=paths, seed=seed, engine=engine, workers=workers),
    )


def facts_of(
    scenario: Scenario, plan: Plan, *, paths: int, seed: int, engine: EngineName, workers: int
) -> Callable[[float], Run]:
    """Return what gives a run's facts for its manifest, from the seconds that it took.

    Args:
        scenario: the scenario.
        plan: what the run keeps, of the scheme that the scenario lowers to.
        paths: number of paths.
        seed: first word of every random number's key.
        engine: ``core`` or ``reference``.
        workers: how many blocks were run at a time.
    """
    scheme = plan.scheme
    implied = implied_pd(scheme)

    # With paths and seed as they were run, so that a repetition has the same scenario to the digest.
    resolved = scenario.resolved()
    resolved["run"] = {**resolved["run"], "paths": paths, "seed": seed}

    def facts(seconds: float) -> Run:
        return Run(
            scenario=scenario.name,
            sha256=content_digest(resolved),
            resolved=resolved,
            seed=seed,
            engine=engine,
            seconds=seconds,
            threads=workers,
            implied_pd={name: pd.mean for name, pd in implied.items()},
            straddling_pd={n: pd.straddling for n, pd in implied.items() if scheme.economy.step_months > 1},
            applicant_pd={n: s.pd for n, s in scenario.terms.segments.items() if s.screening is not None},
            tape_folders=scenario.tape_folders,
            inputs=stated(scenario),
        )

    return facts
