"""Who simulates for a command: threads of this process, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fundsim.errors import UsageError

__all__ = ["workers_of"]


@contextmanager
def workers_of(dask: str | None, threads: int | None) -> Iterator[dict[str, Any]]:
    """Yield the arguments ``threads`` and ``executor`` of a call.

    Args:
        dask: address of a scheduler, ``local:N``, or None for threads of this process.
        threads: number of threads, None for one a processor.

    Raises:
        UsageError: both are given, or there is no such cluster.
    """
    if dask is None:
        yield {"threads": threads}
        return
    if threads is not None:
        raise UsageError(
            "--threads and --dask were both given; the cluster decides how many workers there are: leave out "
            "--threads",
            "同时给出了 --threads 和 --dask；工作进程数由集群决定，请去掉 --threads",
        )
    from fundsim.api.workers import dask_executor  # noqa: PLC0415  (help must not pay for it)

    with dask_executor(dask) as (executor, workers):
        yield {"threads": workers, "executor": executor}
