"""A size on workers in other processes has the bits of one in this process, lending held included."""

import multiprocessing
import os
import pickle
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import numpy as np
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.decide.size import held
from fundsim.decide.size.held import BaseLending
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.simulation import simulate_part

QUESTION = ("pool.opening", "P(pool.depleted) <= 5%")
FEW = {"paths": 2048, "precision": 0.3, "extremes": False}


class AtOnce(Executor):
    """Runs a task when it is given, after its way through a pickle, and keeps its length in bytes."""

    def __init__(self):
        self.tasks = []
        self.longest = 0

    def submit(self, fn, /, *args, **kwargs):
        packed = pickle.dumps(fn)
        self.longest = max(self.longest, len(packed))
        task = pickle.loads(packed)  # noqa: S301 - our own
        self.tasks.append(task)
        future = Future()
        future.set_result(task())
        return future


@pytest.fixture(scope="module")
def scenario():
    return fs.load("minimal")


@pytest.fixture(scope="module")
def here(scenario):
    return fs.size(scenario, *QUESTION, threads=1, **FEW).to_json()


@pytest.fixture(scope="module")
def lending(scenario):
    return BaseLending(lower(scenario), "core")


def test_both_readings_are_the_same_on_workers(scenario, here):
    executor = AtOnce()
    assert fs.size(scenario, *QUESTION, threads=2, executor=executor, **FEW).to_json() == here
    assert len(here["readings"]) == 2
    assert {task.lending is None for task in executor.tasks} == {True, False}


def test_the_ends_of_assumptions_are_the_same_on_workers(scenario):
    unsure = scenario.set(
        "small_firms.pd", {"value": 0.03, "low": 0.02, "high": 0.05, "source": "assumption"}
    )
    options = {"hold_lending": True, "paths": 1024, "precision": 0.5}
    alone = fs.size(unsure, *QUESTION, threads=1, **options).to_json()
    assert fs.size(unsure, *QUESTION, threads=1, executor=AtOnce(), **options).to_json() == alone
    assert len(alone["readings"][0]["extremes"]) == 2


def test_processes_give_the_same_size(scenario, here):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert fs.size(scenario, *QUESTION, threads=2, executor=executor, **FEW).to_json() == here


def test_no_lending_travels(scenario, lending):
    before = len(pickle.dumps(lending))
    granted = lending(1, 0, 2048).granted
    assert granted.nbytes > 20_000
    assert len(pickle.dumps(lending)) == before < 20_000
    executor = AtOnce()
    plan = Plan(lower(scenario), ("pool.depleted",))
    simulate_part(plan, first=0, paths=2048, seed=1, executor=executor, workers=1, lending=lending)
    assert executor.longest < len(pickle.dumps(plan)) + before + 2_000


def test_parts_with_lending_held_have_the_same_bits_however_tasks_are_cut(scenario, lending):
    smaller = Plan(lower(scenario.set("pool.opening", 3e6)))
    whole, parts = (
        simulate_part(smaller, first=1024, paths=3000, seed=5, executor=one, workers=3, lending=lending)
        for one in (None, AtOnce())
    )
    free = simulate_part(smaller, first=1024, paths=3000, seed=5)
    for name in whole.columns.names:
        np.testing.assert_array_equal(whole.columns.read(name), parts.columns.read(name))
    lent = "pool.lent@run_off"
    assert (whole.columns.read(lent) != free.columns.read(lent)).any()


def test_a_copy_gives_the_same_lending_and_keeps_less(lending, monkeypatch):
    monkeypatch.setattr(held, "MOST_BYTES_OF_A_COPY", 100_000)
    copy = pickle.loads(pickle.dumps(lending))  # noqa: S301 - our own
    first, later = copy(1, 0, 1024), copy(1, 1024, 1024)
    for mine, its in ((lending(1, 0, 1024), first), (lending(1, 1024, 1024), later)):
        np.testing.assert_array_equal(mine.granted, its.granted)
        np.testing.assert_array_equal(mine.stopped, its.stopped)
    assert copy(1, 0, 1024) is first
    assert copy(1, 1024, 1024) is not later


def test_a_size_with_threads_and_a_cluster_is_refused(capsys):
    call = ["size", "minimal", "--vary", QUESTION[0], "--target", QUESTION[1]]
    assert main([*call, "--dask", "local:2", "--threads", "2"]) == 2
    assert "--threads and --dask were both given" in capsys.readouterr().err
    assert main([*call, "--dask", "local:none"]) == 2
    assert "or local:2" in capsys.readouterr().err


@pytest.mark.long
def test_a_dask_cluster_gives_the_same_size_though_a_worker_is_killed(scenario, here):
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
            if done > 9 * 2048 and not killed:
                killed.append(next(iter(processes.values())))
                os.kill(killed[0], signal.SIGKILL)

        executor = client.get_executor(retries=3)
        found = fs.size(scenario, *QUESTION, threads=2, executor=executor, progress=kill_one, **FEW)
        assert len(killed) == 1
        assert found.to_json() == here
