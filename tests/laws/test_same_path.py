"""A path is the same path no matter who runs it, whatever runs beside it and whatever ran before it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from fundsim.core import engine
from fundsim.scheme import record_names
from fundsim.scheme.records import party_record

from .bridging import in_window
from .histories import history
from .neighbours import SURROUNDINGS, beside
from .schemes import law, schemes, seeded_scheme

PATHS = 23


@law(25)
@given(schemes())
def test_threads_and_blocks_change_no_bit_of_any_scheme(scheme):
    names = record_names(scheme)
    series = names.flows + names.stocks + names.months
    whole = engine(scheme, series).run(7, 0, PATHS)
    for threads, block in ((1, 1), (2, 5), (3, 8)):
        prepared = engine(scheme, series)
        spans = [(first, min(block, PATHS - first)) for first in range(0, PATHS, block)]
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda span, p=prepared: p.run(7, *span), spans))
        for what in ("snapshots", "series"):
            together = np.concatenate([getattr(part, what) for part in parts])
            assert np.array_equal(together, getattr(whole, what), equal_nan=True), (threads, block, what)


@law(25)
@given(schemes(), st.integers(0, PATHS - 1), st.integers(0, 2**63 - 1))
def test_more_paths_and_earlier_runs_change_no_bit_of_a_path_of_any_scheme(scheme, path, seed):
    """Marks that other paths and seeds leave in the memory of a thread may not be taken for this path's."""
    alone = engine(scheme).run(seed, path, 1).snapshots[0]
    prepared = engine(scheme)
    assert np.array_equal(prepared.run(seed, 0, PATHS).snapshots[path], alone, equal_nan=True)
    prepared.run(seed ^ 1, path, 3)
    assert np.array_equal(prepared.run(seed, path, 1).snapshots[0], alone, equal_nan=True)


@law(40)
@given(schemes(), st.integers(0, 200))
def test_another_instrument_beside_it_changes_nothing(scheme, number):
    """With parties, borrowers, guarantors, tapes, limits and bridge funds of its own."""
    both = beside(scheme, seeded_scheme(number))
    alone, together = history(in_window(scheme, both.window)), history(both)
    for record in alone.snapshots:
        if record not in {party_record(name, "balance") for name in SURROUNDINGS}:
            assert np.array_equal(alone.snapshots[record], together.snapshots[record], equal_nan=True), record
    # Some do nothing in so short a window.
    assume(any(v.max() > 0.0 for r, v in together.snapshots.items() if r.startswith("book/its.")))
