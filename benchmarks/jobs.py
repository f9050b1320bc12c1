"""The jobs by name, and what the core's records say of each path.

``engine`` runs the very schemes that its rivals hard-code, in NumPy and, for queues, in SimPy and Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import (
    bridge_fund,
    heap_bridge_fund,
    numpy_single_pool,
    numpy_tape,
    numpy_two_layers,
    queue_outcome,
    simpy_bridge_fund,
    single_pool,
    tape,
    two_layers,
)
from fundsim.core import engine
from fundsim.metrics.formulas import (
    happened,
    largest,
    minus,
    number,
    over_books,
    ratio,
    recorded,
    total,
    where_positive,
)
from fundsim.metrics.program import Program as Steps
from fundsim.results.views import RecordView
from fundsim.scheme import Formula, Scheme, record_names
from fundsim.scheme.records import contract_record, party_record

__all__ = ["JOBS", "Job", "Outcome", "Program", "core_program"]

BLOCK = 2048
"""Paths that the core is given at a time."""

Floats = NDArray[np.float64]
Outcome = Mapping[str, Floats]
"""Name of a figure → its value on each path."""
Formulas = Mapping[str, Formula]
"""Name of a figure → its formula over records."""
Program = Callable[[int, int, int], Outcome]
"""(paths, seed, threads) → outcome."""


class Job(NamedTuple):
    """A job: its scheme, what to read from the records, and the rival programs by name."""

    scheme: Callable[[], Scheme]
    read: Callable[[], Formulas]
    rivals: Mapping[str, Program]
    paths: int
    known: Mapping[str, tuple[float, float]]
    """Figures known from elsewhere: value and standard error."""
    rival_paths: Mapping[str, int] = {}
    """Rivals that are so slow that they are given fewer paths."""
    threads: tuple[int, ...] = (1, 2)
    """Numbers of threads on which all of its programs run."""
    every_record: bool = False
    """Whether the core writes all records down, and not only those that are read."""

    def paths_of(self, program: str, paths: int) -> int:
        """Return the paths of a program where the core has so many."""
        return max(1, self.rival_paths.get(program, self.paths) * paths // self.paths)


def single_pool_outcome() -> Formulas:
    """Return coverage and depletion of each path."""
    due, paid = (recorded(contract_record("pool.claim", what)) for what in ("due", "paid"))
    return {"coverage": ratio(paid, due, 1.0), "depleted": happened(party_record("pool", "unpaid_month"))}


def two_layers_outcome() -> Formulas:
    """Return the sums over districts that the NumPy program gives, by its names."""
    books = [(district, segment) for district in two_layers.DISTRICTS for segment in two_layers.SEGMENTS]

    def contracts_sum(kind: str, what: str) -> Formula:
        return total([contract_record(f"{district}.{kind}", what) for district in two_layers.DISTRICTS])

    payers = (*two_layers.DISTRICTS, "reguarantor")
    return {
        "lent": over_books(books, "lent_new", "lent_renewed"),
        "due": contracts_sum("claim", "due"),
        "paid": contracts_sum("claim", "paid"),
        "upper_paid": contracts_sum("reguarantee", "paid"),
        "balance": total([party_record(party, "balance") for party in payers]),
        "n_defaulted": over_books(books, "n_defaulted"),
        "depleted": largest(*(happened(party_record(party, "unpaid_month")) for party in payers)),
    }


def tape_outcome() -> Formulas:
    """Return the loss of the loans of the tape on each path, and whether it is a large one."""
    books = [("loans", name) for name in tape.SEGMENTS]
    loss = minus(over_books(books, "defaulted"), over_books(books, "recoverable"))
    return {
        "loss": loss,
        "n_defaulted": over_books(books, "n_defaulted"),
        "above_q99": where_positive(minus(loss, number(tape.Q99)), number(1.0)),
    }


def bridge_fund_outcome() -> Formulas:
    """Return what became of the requests on each path, by the names of the rivals' figures."""
    return {what: recorded(f"bridge/fund/{what}") for what in queue_outcome.Outcome._fields}


def core_program(job: Job) -> Program:
    """Return the core's program for a job, compiled; like its rivals it gives only what is read of a path."""
    scheme = job.scheme()
    formulas = job.read()
    steps = Steps(list(formulas.values()))
    records = record_names(scheme).all if job.every_record else steps.records
    positions = {name: position for position, name in enumerate(records)}
    prepared = engine(scheme, (), records)
    prepared.run(0, 0, 8)

    def program(n_paths: int, seed: int, threads: int) -> Outcome:
        def run(first: int) -> Outcome:
            block = prepared.run(seed, first, min(BLOCK, n_paths - first))
            values = dict(steps.values(RecordView(positions, block.snapshots[:, -1])))
            return {name: values[formula] for name, formula in formulas.items()}

        firsts = range(0, n_paths, BLOCK)
        if threads == 1:
            blocks = [run(first) for first in firsts]
        else:
            with ThreadPoolExecutor(threads) as executor:
                blocks = list(executor.map(run, firsts))
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    return program


def _by_month(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(numpy_single_pool.run(numpy_single_pool.by_month, n_paths, seed, threads))


def _by_life(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(numpy_single_pool.run(numpy_single_pool.by_life, n_paths, seed, threads))


def _two_layers(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(numpy_two_layers.run(n_paths, seed, threads))


def _tape(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(numpy_tape.run(n_paths, seed, threads))


def _simpy(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(simpy_bridge_fund.run(n_paths, seed))


def _by_event(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(heap_bridge_fund.by_event(n_paths, seed))


def _by_place(n_paths: int, seed: int, threads: int) -> Outcome:
    return _named(heap_bridge_fund.by_place(n_paths, seed))


def _named(outcome: NamedTuple) -> Outcome:
    return {name: np.asarray(values, dtype=float) for name, values in outcome._asdict().items()}


JOBS: Mapping[str, Job] = {
    "single_pool": Job(
        scheme=single_pool.scheme,
        read=single_pool_outcome,
        rivals={"NumPy by month": _by_month, "NumPy by life": _by_life},
        paths=100_000,
        known={
            "coverage": (single_pool.COVERAGE, single_pool.COVERAGE_SE),
            "depleted": (single_pool.DEPLETED, single_pool.DEPLETED_SE),
        },
    ),
    "two_layers": Job(
        scheme=two_layers.scheme,
        read=two_layers_outcome,
        rivals={"NumPy by life": _two_layers},
        paths=20_000,
        known={},
    ),
    "tape": Job(
        scheme=tape.scheme,
        read=tape_outcome,
        rivals={"NumPy by thresholds": _tape},
        paths=100_000,
        known={},
    ),
    "bridge_fund": Job(
        scheme=bridge_fund.scheme,
        read=bridge_fund_outcome,
        rivals={"SimPy": _simpy, "heap by event": _by_event, "heap by place": _by_place},
        paths=4_000,
        known={},
        rival_paths={"SimPy": 40, "heap by event": 1_000},
        threads=(1,),
        every_record=True,
    ),
}
