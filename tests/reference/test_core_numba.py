"""What the core asks of numba beyond its promises, guarded: a private option, the pin, the cache's key."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from tests.laws.strict_arrays import strict

import fundsim
from fundsim.core.machine.by_reference import by_reference
from fundsim.core.machine.cache import CACHE_FOLDER
from fundsim.core.machine.decorators import kernel as core_kernel
from fundsim.core.machine.mode import PRIVATE_VERSIONS, is_known
from fundsim.core.machine.private.compilers import EntryCompiler, KernelCompiler

ROOT = Path(__file__).parents[2]


def tangled(table, out):
    total = 0.0
    for j in range(table.size):
        row = table[j]
        out[j] = row.share * row.amount
        total += out[j]
    return total


def test_a_kernel_without_numbas_run_time_gives_what_one_with_it_gives():
    table = np.zeros(50, dtype=[("share", "f8"), ("amount", "f8")]).view(np.recarray)
    table.share, table.amount = np.linspace(0.0, 1.0, 50), np.linspace(1e6, 3e8, 50)
    results = []
    for options in ({}, {"_nrt": False}, {"_nrt": False, "nogil": True, "error_model": "numpy"}):
        out = np.zeros(50)
        total = numba.njit(**options)(tangled)(table, out)
        results.append((total, out.tobytes()))
    assert results[0] == results[1] == results[2]
    assert results[0][0] == tangled(table, np.zeros(50))


def one_before_the_first(values):
    return values[-1]


def test_kernels_have_no_wraparound_of_indices_and_all_else_keeps_it():
    """Kernels never use it: test_no_kernel_counts_an_index_from_the_end."""
    window = np.arange(10.0)[4:8]
    kernel = numba.njit(pipeline_class=EntryCompiler)(one_before_the_first)
    assert kernel(window) == 3.0
    assert numba.njit(one_before_the_first)(window) == window[-1] == 7.0
    table = np.zeros(50, dtype=[("share", "f8"), ("amount", "f8")]).view(np.recarray)
    table.share, table.amount = np.linspace(0.0, 1.0, 50), np.linspace(1e6, 3e8, 50)
    out = np.zeros((2, 50))
    totals = [
        numba.njit(**options)(tangled)(table, row)
        for options, row in zip(({}, {"pipeline_class": EntryCompiler}), out, strict=True)
    ]
    assert totals[0] == totals[1] > 0.0
    assert np.array_equal(out[0], out[1])


class Rates(NamedTuple):
    """Members of one type: numba lays them out as an array."""

    up: Any
    down: Any


class Shelf(NamedTuple):
    scale: Any
    rates: Any
    loans: Any
    out: Any


def shelf_of(n):
    loans = np.zeros(n, dtype=[("share", "f8"), ("amount", "f8")]).view(np.recarray)
    loans.share, loans.amount = np.linspace(0.0, 1.0, n), np.linspace(1e6, 3e8, n)
    return Shelf(0.75, Rates(np.linspace(0.0, 0.1, n), np.linspace(0.2, 0.3, n)), loans, np.zeros((2, n)))


@numba.njit(_nrt=False, pipeline_class=KernelCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def weighed(rates, shelf, j):
    shelf.out[1, j] += rates.up[j] - rates.down[j]
    return shelf.scale * shelf.loans[j].share * shelf.loans[j].amount


def fill(shelf):
    shelf.loans[2].amount = 5.0
    for j in range(shelf.loans.size):
        shelf.out[0, j] = weighed(shelf.rates, shelf, j)


def fill_with_references(shelf):
    loans, rates, out = shelf.loans, shelf.rates, shelf.out
    for j in range(loans.size):
        out[0, j] += rates.up[j]


def test_a_tuple_handed_on_by_its_address_reads_and_writes_the_same():
    plain, direct, referred = shelf_of(9), shelf_of(9), shelf_of(9)
    for j in range(9):
        plain.out[1, j] = plain.rates.up[j] - plain.rates.down[j]
    plain.loans[2].amount = 5.0
    plain.out[0] = 0.75 * plain.loans.share * plain.loans.amount
    numba.njit(_nrt=False)(fill)(direct)
    kernel = numba.njit(_nrt=False)(fill)

    @numba.njit(_nrt=False)
    def entry(shelf):
        kernel(by_reference(shelf))

    entry(referred)
    for shelf in (direct, referred):
        assert np.array_equal(shelf.out, plain.out)
        assert np.array_equal(shelf.loans, plain.loans)
    assert len(kernel.signatures) == 1
    assert len(str(kernel.signatures[0][0])) < 50  # part of the name of every function that takes it
    assert by_reference(plain) is plain


def test_reading_a_member_of_an_address_keeps_the_count_of_references():
    """Kernels of the public interface count them: one too few would free an array that Python still has."""
    shelf = shelf_of(9)
    counts = [sys.getrefcount(member) for member in (*shelf, *shelf.rates)]
    kernel = numba.njit(fill_with_references)

    @numba.njit
    def entry(shelf):
        kernel(by_reference(shelf))

    for _ in range(3):
        entry(shelf)
    assert [sys.getrefcount(member) for member in (*shelf, *shelf.rates)] == counts
    assert np.array_equal(shelf.out[0], 3 * shelf.rates.up)


def test_a_member_that_a_tuple_does_not_have_is_refused():
    @numba.njit(_nrt=False)
    def entry(shelf):
        return by_reference(shelf).height

    with pytest.raises(numba.TypingError, match="height"):
        entry(shelf_of(3))


def test_a_kernel_is_compiled_once_for_a_type_and_not_for_each_constant():
    @core_kernel
    def shifted(values, by):
        return values[0] + by

    @numba.njit(_nrt=False)
    def entry(values):
        return shifted(values, 1) + 10 * shifted(values, by=2) + 100 * shifted(values, values.size)

    assert entry(np.array([4, 5, 6])) == 5 + 60 + 700
    assert len(shifted.nopython_signatures) == 1


def test_arrays_for_finding_such_indices_refuse_them():
    values = strict(np.arange(6.0).reshape(2, 3))
    assert values[1, 2] == 5.0
    for index in (-1, (0, -1), np.int64(-2)):
        with pytest.raises(IndexError, match="from the end"):
            values[index]


def test_users_may_have_any_later_numba_and_tests_run_with_the_newest_known_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for_users, for_tests = (
        [pin for pin in pins if pin.startswith("numba")]
        for pins in (project["dependencies"], project["optional-dependencies"]["test"])
    )
    major, number = PRIVATE_VERSIONS[-1].split(".")
    assert for_users == [f"numba>={PRIVATE_VERSIONS[0]}"]
    assert for_tests == [f"numba<{major}.{int(number) + 1}"]
    assert is_known(numba.__version__)


def cache_folder(source: Path) -> str:
    script = "from fundsim.core.machine.cache import CACHE_FOLDER; print(CACHE_FOLDER.name)"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("file", "moves"),
    [("core/month/ledger.py", True), ("scheme/draws.py", True), ("reference/ledger.py", False)],
)
def test_any_edit_in_the_core_or_the_scheme_moves_the_cache_of_kernels(tmp_path, file, moves):
    """numba itself would replay a kernel whose callee in another file was edited."""
    source = tmp_path / "src"
    shutil.copytree(
        Path(fundsim.__file__).parent, source / "fundsim", ignore=shutil.ignore_patterns("__pycache__")
    )
    before = cache_folder(source)
    assert before == CACHE_FOLDER.name
    with (source / "fundsim" / file).open("a", encoding="utf-8") as edited:
        edited.write("ADDED = 1\n")
    assert (cache_folder(source) != before) == moves


def test_a_new_or_renamed_file_of_the_core_moves_the_cache_of_kernels(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(
        Path(fundsim.__file__).parent, source / "fundsim", ignore=shutil.ignore_patterns("__pycache__")
    )
    seen = {cache_folder(source)}
    room = source / "fundsim" / "core" / "room"
    room.mkdir()
    (room / "new.py").write_text("ADDED = 1\n", encoding="utf-8")
    seen.add(cache_folder(source))
    (room / "new.py").rename(room / "other.py")
    seen.add(cache_folder(source))
    assert len(seen) == 3


def test_the_cache_can_be_moved_and_survives_a_folder_that_cant_be_written(tmp_path):
    wanted = subprocess.run(
        [sys.executable, "-c", "from fundsim.core.machine.cache import CACHE_FOLDER; print(CACHE_FOLDER)"],
        env={**os.environ, "FUNDSIM_CACHE_DIR": str(tmp_path / "kernels")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert Path(wanted).parent == tmp_path / "kernels"
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    elsewhere = subprocess.run(
        [sys.executable, "-c", "from fundsim.core.machine.cache import CACHE_FOLDER; print(CACHE_FOLDER)"],
        env={**os.environ, "FUNDSIM_CACHE_DIR": str(blocked)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert blocked not in Path(elsewhere).parents
