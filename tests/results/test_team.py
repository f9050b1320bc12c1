"""A run on workers in other processes has the bits of a run in this one, whatever happens to the workers."""

import multiprocessing
import os
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import fundsim as fs
from fundsim import team
from fundsim.api import workers
from fundsim.errors import EngineError, UsageError
from fundsim.lowering import lower
from fundsim.results.gathering import Gathering
from fundsim.results.identity import RunIdentity
from fundsim.results.plan import Plan
from fundsim.results.summary import to_json
from fundsim.simulation import simulate_part

N = 7_000


class LastFirst(Executor):
    """Runs what it is given when it is asked for a result, the last task first, in this process."""

    def __init__(self, change=lambda done: done):
        self.tasks = []
        self.lengths = []
        self._change = change

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.lengths.append(fn.paths)
        self.tasks.append((future, fn))
        if len(self.tasks) == 2 or sum(self.lengths) == N:
            while self.tasks:
                waiting, task = self.tasks.pop()
                try:
                    waiting.set_result(self._change(task()))
                except ValueError as error:
                    waiting.set_exception(error)
        return future


def bits(results):
    return (
        to_json(results.figures),
        {key: results.values(key).tobytes() for key in results.column_keys},
        {name: fan.mean.tobytes() for name, fan in results.fans.items()},
    )


@pytest.fixture(scope="module")
def here():
    return bits(fs.simulate(fs.load("minimal"), paths=N, seed=3, threads=1))


def as_worker(**other):
    """Return an executor whose workers have something other than this process."""
    return LastFirst(lambda done: replace(done, worker=replace(done.worker, **other)))


def run(executor, **how):
    return fs.simulate(fs.load("minimal"), paths=N, seed=3, executor=executor, **how)


def test_tasks_that_end_in_any_order_give_the_same_bits(here):
    executor = LastFirst()
    seen = []
    assert bits(run(executor, threads=1, progress=lambda done, total: seen.append((done, total)))) == here
    assert sum(executor.lengths) == N
    assert len(executor.lengths) > 2
    assert all(length % 1024 == 0 for length in executor.lengths[:-1])
    assert seen[0] == (0, N)
    assert seen[-1] == (N, N)


def test_processes_give_the_same_bits(here):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert bits(run(executor, threads=2)) == here


def test_a_run_to_a_precision_has_the_same_bits_on_workers():
    scenario = fs.load("minimal")
    alone = fs.simulate(scenario, paths=N, seed=3, threads=1, precision="20%")
    assert bits(run(AtOnce(), threads=1, precision="20%")) == bits(alone)


def test_two_scenarios_compare_on_workers_as_in_this_process():
    sides = fs.load("minimal"), fs.load("minimal", overrides=["pool.opening=0.1亿"])
    alone = fs.compare(*sides, paths=2048, seed=1, threads=1).table
    spread = fs.compare(*sides, paths=2048, seed=1, threads=1, executor=AtOnce()).table
    assert alone.equals(spread)


class AtOnce(Executor):
    """Runs a task when it is given."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_worker_with_other_sources_is_refused():
    with pytest.raises(UsageError, match="other sources of fundsim"):
        run(as_worker(code="0" * 16))


def test_a_worker_with_another_numpy_is_refused():
    versions = tuple((name, "1.0" if name == "numpy" else v) for name, v in team.Worker.here("core").versions)
    with pytest.raises(UsageError, match=r"numpy 1\.0, not ") as refused:
        run(as_worker(versions=versions))
    assert "所有机器" in refused.value.faults[0].problem_zh + refused.value.faults[0].fix_zh


def test_a_worker_with_another_processor_is_reported_once_and_used(here):
    with pytest.warns(team.MixedProcessorsWarning, match="x86_64, elderly") as warned:
        assert bits(run(as_worker(processor="x86_64, elderly"))) == here
    assert len(warned) == 1


def test_a_worker_that_fails_ends_the_run_with_its_reason():
    def fail(done):
        raise ValueError("no memory left")

    with pytest.raises(EngineError, match="a worker failed: ValueError: no memory left"):
        run(LastFirst(fail))


def test_what_is_no_executor_is_refused():
    with pytest.raises(UsageError, match="an Executor is expected"):
        run("tcp://127.0.0.1:8786")


def parts_of(plan, *spans):
    return [simulate_part(plan, first=first, paths=count, seed=1) for first, count in spans]


@pytest.fixture(scope="module")
def plan():
    return Plan(lower(fs.load("minimal")))


def test_gathered_parts_make_the_whole_in_any_order(plan):
    whole = simulate_part(plan, first=0, paths=3000, seed=1)
    gathering = Gathering(RunIdentity.of(plan.digest, 1, "core"), 0, 3000)
    for part in reversed(parts_of(plan, (0, 1024), (1024, 1024), (2048, 952))):
        gathering.add(part)
    gathered = gathering.whole()
    assert gathering.done == gathered.n_paths == 3000
    for name in whole.columns.names:
        np.testing.assert_array_equal(gathered.columns.read(name), whole.columns.read(name))


def test_a_part_that_comes_twice_or_not_at_all_is_an_error(plan):
    gathering = Gathering(RunIdentity.of(plan.digest, 1, "core"), 0, 2048)
    (part,) = parts_of(plan, (0, 1024))
    gathering.add(part)
    with pytest.raises(EngineError, match="there twice"):
        gathering.add(part)
    with pytest.raises(EngineError, match="1024 of 2048 paths have come"):
        gathering.whole()


def test_a_part_of_another_seed_is_an_error(plan):
    gathering = Gathering(RunIdentity.of(plan.digest, 2, "core"), 0, 1024)
    with pytest.raises(EngineError, match="of another run: seed 1, not 2"):
        gathering.add(parts_of(plan, (0, 1024))[0])


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(workers, "TIMEOUT", 1)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_address_without_a_scheduler_is_refused(quick):
    with pytest.raises(UsageError, match="no Dask scheduler answers"):  # noqa: SIM117
        with workers.dask_executor("tcp://127.0.0.1:1"):
            pass


@pytest.mark.parametrize("text", ["local:0", "local:two", "local:", "local", "elsewhere"])
def test_a_number_of_workers_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="or local:2"):  # noqa: SIM117
        with workers.dask_executor(text):
            pass


@pytest.mark.long
def test_a_dask_cluster_gives_the_same_bits_though_a_worker_is_killed(here):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        processes = client.run(os.getpid)
        killed = []

        def kill_one(done, total):
            if done and not killed:
                killed.append(next(iter(processes.values())))
                os.kill(killed[0], signal.SIGKILL)

        results = run(client.get_executor(retries=3), threads=2, progress=kill_one)
        assert len(killed) == 1
        assert bits(results) == here
