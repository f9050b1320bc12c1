"""Paths of either engine: threads for the compiled one, processes for the slow one."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import Engine, RecordBlock, Scheme

__all__ = ["EngineName", "Floats", "Sampler", "prepare"]

EngineName = Literal["core", "reference"]
Floats = NDArray[np.float64]
Names = tuple[str, ...] | None

BLOCK = {"core": 8192, "reference": 50}
"""Paths of one task."""


@cache
def prepare(engine: EngineName) -> Engine:
    """Return an engine by name; neither is imported before it is asked for."""
    if engine == "core":
        from fundsim.core import engine as core  # noqa: PLC0415

        return core
    from fundsim.reference import engine as reference  # noqa: PLC0415

    return reference


def _slow_block(scheme: Scheme, records: Names, seed: int, first: int, count: int) -> RecordBlock:
    return prepare("reference")(scheme, (), records).run(seed, first, count)


class Sampler(AbstractContextManager["Sampler"]):
    """Runs paths on all cores.

    Args:
        seed: seed of every run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.workers = os.cpu_count() or 1
        self._pools: dict[str, Executor] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; work that has not begun is dropped."""
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)

    def _pool(self, engine: EngineName) -> Executor:
        if engine not in self._pools:
            make = ThreadPoolExecutor if engine == "core" else ProcessPoolExecutor
            self._pools[engine] = make(max_workers=self.workers)
        return self._pools[engine]

    def blocks(
        self, engine: EngineName, scheme: Scheme, paths: int, first: int = 0, records: Names = None
    ) -> Iterator[RecordBlock]:
        """Yield the blocks of paths ``first … first + paths − 1`` in order, with all records or some."""
        # Formulas of metrics are functions, which do not travel to another process.
        bare = replace(scheme, metrics=())
        pool, waiting = self._pool(engine), deque[Future[RecordBlock]]()
        prepared = prepare("core")(bare, (), records) if engine == "core" else None
        for start in range(first, first + paths, BLOCK[engine]):
            count = min(BLOCK[engine], first + paths - start)
            if prepared is not None:
                waiting.append(pool.submit(prepared.run, self.seed, start, count))
            else:
                waiting.append(pool.submit(_slow_block, bare, records, self.seed, start, count))
            # Blocks wait for their reader: no more of them than keep the workers busy.
            if len(waiting) > 2 * self.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def final(self, engine: EngineName, scheme: Scheme, paths: int, *names: str) -> dict[str, Floats]:
        """Return some records at the end of the run-off, shape (paths,) each."""
        return self._at(-1, engine, scheme, paths, names)

    def at_window(self, engine: EngineName, scheme: Scheme, paths: int, *names: str) -> dict[str, Floats]:
        """Return some records at the window's end, shape (paths,) each."""
        row = scheme.window.snapshots.index(scheme.window.months)
        return self._at(row, engine, scheme, paths, names)

    def _at(
        self, row: int, engine: EngineName, scheme: Scheme, paths: int, names: tuple[str, ...]
    ) -> dict[str, Floats]:
        rows = [block.snapshots[:, row, :] for block in self.blocks(engine, scheme, paths, records=names)]
        return dict(zip(names, np.concatenate(rows).T, strict=True))

    def snapshots(self, engine: EngineName, scheme: Scheme, paths: int, first: int = 0) -> Floats:
        """Return all records at the window's end and at the end of the run-off.

        Returns:
            Shape (paths, 2, records).
        """
        at_window = scheme.window.snapshots.index(scheme.window.months)
        return np.concatenate(
            [block.snapshots[:, [at_window, -1], :] for block in self.blocks(engine, scheme, paths, first)]
        )
