"""The jobs by name, and what the core's records say of each path.

``engine`` runs the very schemes that the NumPy programs hard-code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import numpy_single_pool, numpy_tape, numpy_two_layers, single_pool, tape, two_layers
from fundsim.core import engine
from fundsim.results.views import RecordView, records_read
from fundsim.scheme import Scheme, record_names
from fundsim.scheme.metrics import Records
from fundsim.scheme.records import book_record, contract_record, party_record

__all__ = ["JOBS", "Job", "Outcome", "Program", "core_program"]

BLOCK = 2048
"""Paths that the core is given at a time."""

Floats = NDArray[np.float64]
Outcome = Mapping[str, Floats]
"""Name of a figure → its value on each path."""
Program = Callable[[int, int, int], Outcome]
"""(paths, seed, threads) → outcome."""


class Job(NamedTuple):
    """A job: its scheme, what to read from the records, and NumPy's programs by name."""

    scheme: Callable[[], Scheme]
    read: Callable[[Records], Outcome]
    rivals: Mapping[str, Program]
    paths: int
    known: Mapping[str, tuple[float, float]]
    """Figures known from elsewhere: value and standard error."""


def single_pool_outcome(records: Records) -> Outcome:
    """Return coverage and depletion of each path."""
    due, paid = records[contract_record("pool.claim", "due")], records[contract_record("pool.claim", "paid")]
    coverage = np.ones_like(due)
    np.divide(paid, due, out=coverage, where=due > 0.0)
    depleted = np.isfinite(records[party_record("pool", "unpaid_month")])
    return {"coverage": coverage, "depleted": depleted.astype(float)}


def two_layers_outcome(records: Records) -> Outcome:
    """Return the sums over districts that the NumPy program gives, by its names."""
    books = [(district, segment) for district in two_layers.DISTRICTS for segment in two_layers.SEGMENTS]

    def books_sum(what: str) -> Floats:
        return np.sum([records[book_record(*book, what)] for book in books], axis=0)

    def contracts_sum(kind: str, what: str) -> Floats:
        names = [f"{district}.{kind}" for district in two_layers.DISTRICTS]
        return np.sum([records[contract_record(name, what)] for name in names], axis=0)

    payers = (*two_layers.DISTRICTS, "reguarantor")
    unpaid = [np.isfinite(records[party_record(party, "unpaid_month")]) for party in payers]
    return {
        "lent": books_sum("lent_new") + books_sum("lent_renewed"),
        "due": contracts_sum("claim", "due"),
        "paid": contracts_sum("claim", "paid"),
        "upper_paid": contracts_sum("reguarantee", "paid"),
        "balance": np.sum([records[party_record(party, "balance")] for party in payers], axis=0),
        "n_defaulted": books_sum("n_defaulted"),
        "depleted": np.any(unpaid, axis=0).astype(float),
    }


def tape_outcome(records: Records) -> Outcome:
    """Return the loss of the loans of the tape on each path, and whether it is a large one."""

    def books_sum(what: str) -> Floats:
        return np.sum([records[book_record("loans", name, what)] for name in tape.SEGMENTS], axis=0)

    loss = books_sum("defaulted") - books_sum("recoverable")
    return {
        "loss": loss,
        "n_defaulted": books_sum("n_defaulted"),
        "above_q99": (loss > tape.Q99).astype(float),
    }


def core_program(job: Job) -> Program:
    """Return the core's program for a job, compiled; like its rivals it gives only what is read of a path."""
    scheme = job.scheme()
    records = records_read(job.read, frozenset(record_names(scheme).all), (1,))
    positions = {name: position for position, name in enumerate(records)}
    prepared = engine(scheme, (), records)
    prepared.run(0, 0, 8)

    def program(n_paths: int, seed: int, threads: int) -> Outcome:
        def run(first: int) -> Outcome:
            block = prepared.run(seed, first, min(BLOCK, n_paths - first))
            return job.read(RecordView(positions, block.snapshots[:, -1]))

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
}
