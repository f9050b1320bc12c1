"""asv: the core's speed, memory and compile time on all jobs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import ClassVar

from benchmarks.jobs import JOBS, core_program


class Jobs:
    """Each job on one thread and on two."""

    params: ClassVar = [list(JOBS), [1, 2]]
    param_names: ClassVar = ["job", "threads"]
    paths: ClassVar = {"single_pool": 50_000, "two_layers": 2_000, "tape": 5_000, "bridge_fund": 2_000}
    timeout = 300.0

    def setup(self, job: str, threads: int) -> None:
        self.program, self.n_paths = core_program(JOBS[job]), self.paths[job]

    def time_paths(self, job: str, threads: int) -> None:
        self.program(self.n_paths, 1, threads)

    def peakmem_paths(self, job: str, threads: int) -> None:
        self.program(self.n_paths, 1, threads)

    def track_paths_per_second(self, job: str, threads: int) -> float:
        best = float("inf")
        for seed in range(3):
            start = time.perf_counter()
            self.program(self.n_paths, seed, threads)
            best = min(best, time.perf_counter() - start)
        return self.n_paths / best

    track_paths_per_second.unit = "paths/s"  # type: ignore[attr-defined]


class Compile:
    """Seconds from a fresh process to the first path: with an empty kernel cache, and with a full one."""

    timeout = 600.0

    def setup(self) -> None:
        self.folder = tempfile.TemporaryDirectory()

    def teardown(self) -> None:
        self.folder.cleanup()

    def _first_path(self) -> float:
        script = (
            "from benchmarks import single_pool; from fundsim.core import engine; "
            "engine(single_pool.scheme(), series=()).run(1, 0, 1)"
        )
        root = str(Path(__file__).resolve().parents[1])
        environment = os.environ | {"FUNDSIM_CACHE_DIR": self.folder.name, "PYTHONPATH": root}
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", script], check=True, env=environment)  # noqa: S603 - our own text
        return time.perf_counter() - start

    def track_empty_cache(self) -> float:
        return self._first_path()

    def track_full_cache(self) -> float:
        self._first_path()
        return self._first_path()

    track_empty_cache.unit = "s"  # type: ignore[attr-defined]
    track_full_cache.unit = "s"  # type: ignore[attr-defined]
