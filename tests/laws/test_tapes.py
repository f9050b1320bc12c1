"""What holds for every scheme holds for one whose opening loans stand on a tape."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from fundsim.core import engine
from fundsim.scheme import Band, Borrowers, Demand, Facility, Segment, record_names
from fundsim.scheme.records import book_record

from .books import check_books
from .histories import history
from .schemes import seeded_scheme
from .tapes import on_tape

SEEDS = [seed for seed in range(120) if seeded_scheme(seed).economy.step_months]


def test_books_balance_to_a_fen_with_opening_loans_on_a_tape():
    """The same identities as for classes."""
    met = set()
    for seed in SEEDS:
        taped = on_tape(seeded_scheme(seed))
        if not any(f.tape for f in taped.facilities):
            continue
        h = history(taped, paths=2, first=seed)
        check_books(taped, h)
        names = ("n_renewed", "defaulted_at_stop", "defaulted_at_cliff", "above_cap", "recoverable")
        met |= {n for n in names for name, v in h.snapshots.items() if name.endswith(n) and v.max() > 0}
        met |= {"layer per loan" for c in taped.contracts if c.loan_limit < 1e300}
    assert met == {
        "n_renewed", "defaulted_at_stop", "defaulted_at_cliff", "above_cap", "recoverable", "layer per loan",
    }  # fmt: skip


def taped_scheme():
    """A scheme with two tapes, renewals, random losses and layers per loan."""
    for seed in SEEDS:
        taped = on_tape(seeded_scheme(seed))
        renews = any(s.renew > 0 and s.lgd.sd > 0 for s in taped.segments)
        if renews and sum(f.tape is not None for f in taped.facilities) == 2:
            return taped
    raise AssertionError("no such scheme")


def test_threads_and_blocks_change_no_bit_of_a_taped_scheme():
    scheme = taped_scheme()
    paths = 60  # few enough for plain Python (NUMBA_DISABLE_JIT=1), which takes half a second for each
    whole = engine(scheme).run(7, 0, paths).snapshots
    assert np.unique(whole[:, -1], axis=0).shape[0] > paths // 2
    for threads, block in ((1, 1), (2, 7), (3, 16)):
        prepared = engine(scheme)
        spans = [(first, min(block, paths - first)) for first in range(0, paths, block)]
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda span, p=prepared: p.run(7, *span).snapshots, spans))
        assert np.array_equal(np.concatenate(parts), whole)


def test_a_path_is_the_same_after_other_seeds_and_other_paths():
    """Marks of earlier paths stay in the memory of a thread; none may be taken for this path's."""
    prepared = engine(taped_scheme())
    first = prepared.run(1, 0, 5).snapshots
    prepared.run(2, 0, 40)
    prepared.run(1, 3, 9)
    assert np.array_equal(prepared.run(1, 0, 5).snapshots, first)


def test_another_facility_moves_no_loan_of_a_tape():
    scheme = taped_scheme()
    newcomer = Segment(
        **{**{f: getattr(scheme.segments[0], f) for f in scheme.segments[0].__slots__}, "name": "aa"}
    )
    other = Facility(
        name="aa",
        lender="bank",
        borrowers=(Borrowers(segment="aa", share=1.0),),
        demand=Demand(monthly=(1000.0,) * scheme.window.months),
    )
    free = replace(
        scheme,
        capacities=(),
        breakers=(),
        facilities=tuple(replace(f, capacities=()) for f in scheme.facilities),
    )
    wider = replace(free, segments=(newcomer, *free.segments), facilities=(other, *free.facilities))
    facility = next(f for f in free.facilities if f.tape is not None)
    names = [book_record(facility.name, borrower.segment, "defaulted") for borrower in facility.borrowers]
    assert any(history(free).final(name).max() > 0.0 for name in names)
    for name in names:
        values = [
            engine(s).run(1, 0, 50).snapshots[:, -1, record_names(s).all.index(name)] for s in (free, wider)
        ]
        assert np.array_equal(*values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"months_left": 25}, "months left of a tape lie outside"),
        ({"pd_annual": 1.0}, "PD outside 0 … 1"),
        ({"principal": 0.0}, "principal of nothing"),
    ],
)
def test_a_tape_that_makes_no_sense_is_refused(change, says):
    scheme = taped_scheme()
    facility = next(f for f in scheme.facilities if f.tape is not None)
    ((column, value),) = change.items()
    spoilt = getattr(facility.tape, column).copy()
    spoilt[0] = value
    bad = replace(facility, tape=replace(facility.tape, **{column: spoilt}))
    facilities = tuple(bad if f is facility else f for f in scheme.facilities)
    with pytest.raises(ValueError, match=says):
        engine(replace(scheme, facilities=facilities))


def test_bands_play_no_part_in_what_a_tape_does():
    scheme = taped_scheme()
    facility = next(f for f in scheme.facilities if f.tape is not None)
    still = replace(
        scheme,
        capacities=(),
        breakers=(),
        facilities=tuple(
            replace(f, capacities=(), demand=Demand(monthly=(0.0,) * scheme.window.months))
            for f in scheme.facilities
        ),
    )
    segments = tuple(replace(s, bands=(Band(principal=77.0, probability=1.0),)) for s in still.segments)
    name = book_record(facility.name, facility.borrowers[0].segment, "defaulted")
    values = [
        engine(s).run(1, 0, 50).snapshots[:, -1, record_names(s).all.index(name)]
        for s in (still, replace(still, segments=segments))
    ]
    assert np.array_equal(*values)
