"""Who does the work of a call: threads of this process, an executor of the caller's, or a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fundsim import arguments
from fundsim.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Crew", "crew", "dask_executor"]

LOCAL = "local:"
"""``local:N`` starts N workers on this machine, which end with the command."""
RETRIES = 3
"""How often Dask runs a task again whose worker was lost."""
TIMEOUT = 20
"""Seconds to wait for a cluster, and for its first worker."""

Crew = tuple[Executor | None, int]
"""An executor, None for the calling thread, and how many tasks it runs at a time."""


@contextmanager
def crew(executor: Executor | None, threads: int | None) -> Iterator[Crew]:
    """Yield who works: the executor given, else threads of this process, one a processor unless given.

    Raises:
        UsageError: the executor is none.
    """
    workers = arguments.threads_or_all(threads)
    if executor is not None:
        yield (
            arguments.instance(
                "executor",
                executor,
                Executor,
                "an executor of concurrent.futures is expected, such as client.get_executor() of Dask",
                "此处应为 concurrent.futures 的 Executor，如 Dask 的 client.get_executor()",
            ),
            workers,
        )
    elif workers == 1:
        yield None, 1
    else:
        with ThreadPoolExecutor(workers) as threads_of_ours:
            yield threads_of_ours, workers


def _local_workers(address: str) -> int:
    try:
        return arguments.thread_count(address.removeprefix(LOCAL), written=True)
    except UsageError:
        raise _no_address(address) from None


def _no_address(text: str) -> UsageError:
    return UsageError(
        f"--dask {text}: the address of a scheduler is expected, or a number of workers on this machine; "
        "write such as tcp://10.0.0.5:8786, or local:2",
        f"--dask {text}：此处应为调度器地址或本机工作进程数；请写如 tcp://10.0.0.5:8786 或 local:2",
    )


def _executor(client: Client) -> Executor:
    executor: Executor = client.get_executor(retries=RETRIES)  # type: ignore[no-untyped-call]
    return executor


@contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """Yield an executor on a Dask cluster, and how many tasks it runs at a time.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``, or ``local:N`` for N workers here.

    Raises:
        UsageError: Dask isn't installed, there is no such cluster, or it has no worker.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise UsageError(
            "--dask needs Dask, which is not installed; install it with: pip install 'fundsim[dask]'",
            "--dask 需要 Dask，尚未安装；请运行：pip install 'fundsim[dask]'",
        ) from None
    if address.startswith(LOCAL):
        workers = _local_workers(address)
        cluster = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.ERROR,
        )
        with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
            yield _executor(client), workers
        return
    if "://" not in address:
        raise _no_address(address)
    try:
        client = Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}: {error}; start one with: dask scheduler",
            f"{address} 处没有 Dask 调度器应答：{error}；请先运行：dask scheduler",
        ) from error
    with client:
        workers = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
        if not workers:
            raise UsageError(
                f"the Dask cluster at {address} has no worker; start one with: "
                f"dask worker {address} --nthreads 1",
                f"{address} 的 Dask 集群没有工作进程；请先运行：dask worker {address} --nthreads 1",
            )
        yield _executor(client), workers
