"""asv: the rivals on the same jobs, in NumPy, SimPy and plain Python, so that a ratio has its history too."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.jobs import JOBS


class Rivals:
    """Each rival on one thread and on two; plain Python has only one."""

    params: ClassVar = [
        [f"{job}: {program}" for job, described in JOBS.items() for program in described.rivals],
        [1, 2],
    ]
    param_names: ClassVar = ["program", "threads"]
    paths: ClassVar = {"single_pool": 50_000, "two_layers": 2_000, "tape": 5_000, "bridge_fund": 4_000}
    timeout = 300.0

    def setup(self, program: str, threads: int) -> None:
        job, name = program.split(": ")
        if threads not in JOBS[job].threads:
            raise NotImplementedError
        self.program = JOBS[job].rivals[name]
        self.n_paths = JOBS[job].paths_of(name, self.paths[job])

    def time_paths(self, program: str, threads: int) -> None:
        self.program(self.n_paths, 1, threads)
