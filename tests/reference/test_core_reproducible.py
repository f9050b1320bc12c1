"""The same scheme and seed give the same bits: threads, blocks, processes, neighbours, compiled or not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from tests.laws.fingerprint import fingerprints, fingerprints_elsewhere
from tests.laws.schemes import seeded_scheme

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.reference import engine as reference
from fundsim.scheme import record_names

THREADS = (1, 2, 3, 8)
BLOCKS = (1, 7, 512, 8192)


SEEDS = {"random": 4, "guaranteed": 27, "taped": 141}
"""Random schemes: any; one with two guarantors, drawn multiples and an obligor limit; one with a tape, a
Student-t copula, a population, a guarantor and a drawn multiple; the last two with amortising loans."""


def scheme_of(name):
    return seeded_scheme(SEEDS[name]) if name in SEEDS else lower(fs.load(name))


def run_in(prepared, paths, threads, block):
    """Run blocks of paths on a pool of threads, and put them together in the order of the paths."""
    spans = [(first, min(block, paths - first)) for first in range(0, paths, block)]
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda span: prepared.run(2015, *span), spans))
    return (
        np.concatenate([part.snapshots for part in parts]),
        np.concatenate([part.series for part in parts]),
    )


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("textbook/j3_single_pool", 8200),
        ("taiyuan_2015_2017", 600),
        ("random", 2000),
        ("guaranteed", 600),
        ("taped", 600),
    ],
)
def test_threads_and_blocks_change_no_bit(name, paths):
    scheme = scheme_of(name)
    names = record_names(scheme)
    series = names.stocks[:3]
    prepared = engine(scheme, series)
    whole = prepared.run(2015, 0, paths)
    assert np.unique(whole.snapshots[:, -1], axis=0).shape[0] > paths // 2
    for threads in THREADS:
        for block in BLOCKS:
            snapshots, months = run_in(engine(scheme, series), paths, threads, block)
            assert np.array_equal(snapshots, whole.snapshots, equal_nan=True), (threads, block)
            assert np.array_equal(months, whole.series, equal_nan=True), (threads, block)


def test_a_path_is_the_same_alone_and_among_others_and_after_others():
    scheme = scheme_of("random")
    prepared = engine(scheme)
    together = prepared.run(3, 0, 50).snapshots
    for path in (49, 0, 17):
        assert np.array_equal(prepared.run(3, path, 1).snapshots[0], together[path], equal_nan=True)
    assert not np.array_equal(together[17], together[18], equal_nan=True)


def test_memory_of_one_scheme_says_nothing_to_another():
    first, second = scheme_of("random"), scheme_of("minimal")
    alone = engine(second).run(1, 0, 20).snapshots
    one, other = engine(first), engine(second)
    for _ in range(3):
        one.run(1, 0, 20)
        assert np.array_equal(other.run(1, 0, 20).snapshots, alone, equal_nan=True)


def test_another_seed_gives_another_path():
    prepared = engine(scheme_of("minimal"))
    assert not np.array_equal(
        prepared.run(1, 0, 5).snapshots, prepared.run(2, 0, 5).snapshots, equal_nan=True
    )


@pytest.mark.parametrize("prepare", [engine, reference])
def test_some_records_are_those_among_all_in_the_order_asked_for(prepare):
    scheme = seeded_scheme(SEEDS["random"])
    names = record_names(scheme).all
    some = names[-1::-3]
    whole = prepare(scheme, ()).run(1, 0, 3).snapshots
    assert np.array_equal(
        prepare(scheme, (), some).run(1, 0, 3).snapshots, whole[:, :, ::-1][:, :, ::3], equal_nan=True
    )
    assert len(np.unique(whole)) > 20
    assert prepare(scheme, (), ()).run(1, 0, 3).snapshots.shape == (3, whole.shape[1], 0)


def test_records_asked_for_month_by_month_change_no_bit():
    scheme = scheme_of("taiyuan_2015_2017")
    names = record_names(scheme)
    few = engine(scheme).run(1, 0, 20)
    many = engine(scheme, names.flows + names.stocks).run(1, 0, 20)
    assert np.array_equal(few.snapshots, many.snapshots, equal_nan=True)
    at_the_end = [names.all.index(name) for name in names.flows + names.stocks]
    assert np.array_equal(many.series[:, -1], many.snapshots[:, -1, at_the_end], equal_nan=True)


def test_metrics_left_out_change_none_that_is_kept():
    scenario = fs.load("minimal")
    every = fs.simulate(scenario, paths=300, seed=5, threads=1).paths
    one = fs.simulate(scenario, paths=300, seed=5, threads=2, metrics=["pool.claims_paid"]).paths
    kept = [column for column in one.columns if column != "path"]
    assert 0 < len(kept) < len(every.columns) - 5
    assert all(np.array_equal(every[column], one[column], equal_nan=True) for column in kept)


def test_identical_schemes_compare_to_exactly_nothing():
    scheme = scheme_of("taiyuan_2015_2017")
    left, right = (engine(replace(scheme)).run(9, 100, 50).snapshots for _ in range(2))
    assert np.array_equal(left, right, equal_nan=True)


@pytest.mark.timeout(1200)
def test_fresh_and_cached_kernels_in_new_processes_give_the_bits_of_this_one(tmp_path):
    """The first process compiles into an empty folder, the second replays what it finds there."""
    here = fingerprints(0, 12)
    cache = {"FUNDSIM_CACHE_DIR": str(tmp_path)}
    fresh = fingerprints_elsewhere(0, 12, **cache)
    (folder,) = tmp_path.iterdir()
    compiled = {file.name: file.stat().st_mtime_ns for file in folder.rglob("*.nb*")}
    assert compiled
    used = fingerprints_elsewhere(0, 12, **cache)
    assert {file.name: file.stat().st_mtime_ns for file in folder.rglob("*.nb*")} == compiled
    assert here == fresh == used


@pytest.mark.timeout(900)
def test_plain_python_gives_the_bits_of_the_compiled_core():
    assert fingerprints_elsewhere(0, 60, NUMBA_DISABLE_JIT="1") == fingerprints(0, 60)


@pytest.mark.timeout(900)
def test_no_kernel_counts_an_index_from_the_end():
    """Compiled kernels have no wraparound, so they would read and write what lies before the array."""
    strictly = {"NUMBA_DISABLE_JIT": "1", "REFUSE_NEGATIVE_INDICES": "1"}
    assert fingerprints_elsewhere(20, 30, **strictly) == fingerprints(20, 30)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_plain_python_gives_the_bits_of_the_compiled_core_on_five_hundred_schemes():
    assert fingerprints_elsewhere(60, 560, NUMBA_DISABLE_JIT="1") == fingerprints(60, 560)
