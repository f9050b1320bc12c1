"""Parts of a run on the workers of an executor: other processes of this machine, or of other machines.

Each task is a stretch of paths, simulated and collected where it runs; what comes back is a part, and parts
make the same bits however the run was split (0018).  Workers must have this code and the same libraries;
another processor is reported, because code that is compiled for it may differ in the last bits.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from fundsim import core
from fundsim.core.machine import compiling
from fundsim.errors import EngineError, FundsimError, UsageError
from fundsim.results.gathering import Gathering
from fundsim.results.identity import RunIdentity
from fundsim.results.part import PART_STEP, Part
from fundsim.results.plan import Plan
from fundsim.scheme import LendingOf

__all__ = ["Done", "MixedProcessorsWarning", "Task", "Worker", "part_by_workers"]

TASK_SECONDS = 2.0
"""A task takes about so long: long enough to be worth sending, short enough for progress and a new start."""
AT_HAND = 2
"""Tasks a worker: one that runs and one that waits."""
_reported: set[str] = set()
"""Other processors that were reported; a search has hundreds of runs, and one report is enough."""
LIBRARIES = ("fundsim", "numba", "llvmlite", "numpy", "scipy", "simpy")


Simulate = Callable[[Plan, int, int, int, str, Callable[[int, int], None], LendingOf | None], Part]


class MixedProcessorsWarning(UserWarning):
    """Workers have different processors, so results may differ in the last bits from those of one machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What a process is, as far as its figures may depend on it."""

    code: str
    """Digest of fundsim's sources."""
    versions: tuple[tuple[str, str], ...]
    """(library, version), Python's among them."""
    processor: str
    """What kernels are compiled for, and the kind of machine."""

    @classmethod
    def here(cls, engine: str) -> Worker:
        """Return what this process is; for the reference engine nothing is compiled, and numba stays out."""
        compiled = core.target() if engine == "core" else "not compiled"
        return cls(
            code=_digest_of_code(),
            versions=(("python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)),
            processor=f"{platform.machine()}, {compiled}",
        )

    def difference(self, other: Worker) -> str | None:
        """Return what another process has that this one has not, processors apart; None if nothing.

        >>> one = Worker(code="ab", versions=(("numpy", "2.1.0"),), processor="x86_64, znver4, private")
        >>> one.difference(Worker(code="ab", versions=(("numpy", "2.2.0"),), processor="x86_64"))
        'numpy 2.2.0, not 2.1.0'
        """
        for (name, mine), (_, its) in zip(self.versions, other.versions, strict=True):
            if mine != its:
                return f"{name} {its}, not {mine}"
        return None if self.code == other.code else "other sources of fundsim"


@cache
def _digest_of_code() -> str:
    """Return a digest of all sources of the package that is running [16 hex digits]."""
    digest = hashlib.blake2b(digest_size=8)
    package = Path(__file__).parent
    for source in sorted(package.rglob("*.py")):
        text = source.read_bytes()
        digest.update(f"{source.relative_to(package).as_posix()} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Done:
    """What a task brings back."""

    part: Part
    seconds: float
    """That the paths took, compilation apart."""
    worker: Worker


@dataclass(frozen=True, slots=True)
class Task:
    """A stretch of paths to simulate somewhere; it can be pickled.

    Args:
        simulate: (plan, first path, paths, seed, engine, progress, lending) → part; a function of a module.
        plan: the plan, pickled once for all tasks.
        first: number of the first path.
        paths: number of paths.
        seed: first word of the key.
        engine: ``core`` or ``reference``.
        lending: what gives the new lending of another run, pickled likewise; None for the scheme's own.
    """

    simulate: Simulate
    plan: bytes
    first: int
    paths: int
    seed: int
    engine: str
    lending: bytes | None = None

    def __call__(self) -> Done:
        """Simulate the paths here."""
        started = time.perf_counter()

        def begin(done: int, _total: int) -> None:
            nonlocal started
            if done == 0:
                started = time.perf_counter()

        plan = _plan(self.plan)
        lending = None if self.lending is None else _lending(self.lending)
        part = self.simulate(plan, self.first, self.paths, self.seed, self.engine, begin, lending)
        return Done(part, time.perf_counter() - started, Worker.here(self.engine))


@lru_cache(maxsize=2)
def _plan(pickled: bytes) -> Plan:
    """Return a plan; the tasks of one run follow each other."""
    plan: Plan = pickle.loads(pickled)  # noqa: S301 - from the process that gave the task
    return plan


@lru_cache(maxsize=2)
def _lending(pickled: bytes) -> LendingOf:
    """Return what gives new lending; runs that follow each other share it, so that it may keep some."""
    lending: LendingOf = pickle.loads(pickled)  # noqa: S301 - from the process that gave the task
    return lending


def part_by_workers(  # noqa: PLR0913  (all but two by keyword)
    simulate: Simulate,
    plan: Plan,
    *,
    first: int,
    paths: int,
    seed: int,
    engine: str,
    executor: Executor,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
    lending: LendingOf | None = None,
) -> Part:
    """Return paths ``first … first + paths − 1`` of a run, simulated by the workers of an executor.

    Args:
        simulate: what each task calls, see ``Task``.
        plan: what the run keeps, of which scheme.
        first: number of the first path, 0 or a multiple of 1,024.
        paths: number of paths.
        seed: first word of the key.
        engine: ``core`` or ``reference``.
        executor: takes the tasks.
        workers: how many tasks it runs at a time.
        progress: called with (paths done, paths in all).
        lending: gives the new lending of another run; it can be pickled, and workers call their copy of it.

    Raises:
        UsageError: a worker has other code or other libraries than this process.
        EngineError: a worker was lost for good, or a part is missing.
    """
    here = Worker.here(engine)
    identity = RunIdentity.of(plan.digest, seed, engine)
    gathering = Gathering(identity, first, paths)
    packed = pickle.dumps(plan, protocol=pickle.HIGHEST_PROTOCOL)
    held = None if lending is None else pickle.dumps(lending, protocol=pickle.HIGHEST_PROTOCOL)
    waiting: set[Future[Done]] = set()
    begin, length, end = first, PART_STEP, first + paths
    if progress:
        progress(0, paths)
    try:
        while begin < end or waiting:
            while begin < end and len(waiting) < AT_HAND * workers:
                count = min(length, _fair(end - begin, workers), end - begin)
                waiting.add(executor.submit(Task(simulate, packed, begin, count, seed, engine, held)))
                begin += count
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                done = _result(future)
                _check(here, done.worker)
                gathering.add(done.part)
                length = _length(done)
                if progress:
                    progress(gathering.done, paths)
    finally:
        for future in waiting:
            future.cancel()
    return gathering.whole()


def _fair(left: int, workers: int) -> int:
    """Return the paths of a task when so many are left, so that the last tasks end together."""
    return PART_STEP * max(1, left // (AT_HAND * workers * PART_STEP))


def _length(done: Done) -> int:
    """Return the paths of a task of the length aimed at, from the speed of the last one."""
    per_second = done.part.n_paths / max(done.seconds, 1e-3)
    return PART_STEP * max(1, round(TASK_SECONDS * per_second / PART_STEP))


def _result(future: Future[Done]) -> Done:
    try:
        return future.result()
    except FundsimError:
        raise
    except Exception as error:
        raise EngineError(f"a worker failed: {type(error).__name__}: {error}") from error


def _check(here: Worker, worker: Worker) -> None:
    """Refuse a worker whose figures are not this process's; report each other processor once."""
    difference = here.difference(worker)
    if difference is not None:
        raise UsageError(
            f"a worker has {difference}: its figures could differ; install the same on all machines",
            f"有一个工作进程的环境不同（{difference}），结果可能不一致；请在所有机器上安装相同版本",
        )
    if worker.processor not in (here.processor, *_reported):
        _reported.add(worker.processor)
        compiling.notice(
            f"a worker has another processor ({worker.processor}, here {here.processor}): figures may differ "
            "in the last bits from those of one machine",
            f"有一个工作进程的处理器不同（{worker.processor}，本机为 {here.processor}）："
            "数值末位可能与单机结果不同",
            MixedProcessorsWarning,
        )
