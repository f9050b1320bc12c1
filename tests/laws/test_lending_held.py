"""Laws of new lending that is held as another run granted it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.scheme import record_names
from fundsim.scheme.records import facility_record

from .schemes import calm_schemes, law, schemes

PATHS, SEED = 5, 11


def snapshots(prepared, scheme, lending=None):
    block = prepared.run(SEED, 0, PATHS, lending)
    return {name: block.snapshots[:, :, j] for j, name in enumerate(record_names(scheme).all)}


def asked(scheme):
    """Return the records of what was asked for and refused."""
    reasons = ("breaker", "obligor", "firms", "capacity")
    own = ("demand", "cut_months", *(f"{what}_{why}" for why in reasons for what in ("refused", "cut")))
    return {facility_record(f.name, what) for f in scheme.facilities for what in own}


def same(one, other, apart=frozenset()):
    return [n for n in one if n not in apart and not np.array_equal(one[n], other[n], equal_nan=True)] == []


@law(60)
@given(schemes())
def test_a_scheme_given_its_own_lending_lives_the_same_life(scheme):
    prepared = engine(scheme, ())
    free = snapshots(prepared, scheme)
    assert same(free, snapshots(prepared, scheme, prepared.new_lending(SEED, 0, PATHS)), asked(scheme))


@law(40)
@given(calm_schemes())
def test_money_moves_no_loan_where_lending_is_held(scheme):
    """Books are the same whatever the parties hold, if no bridge fund has its own say."""
    poorer = replace(
        scheme, parties=tuple(replace(p, opening=0.5 * p.opening) if p.opening else p for p in scheme.parties)
    )
    lending = engine(scheme, ()).new_lending(SEED, 0, PATHS)
    own, held = snapshots(engine(scheme, ()), scheme), snapshots(engine(poorer, ()), poorer, lending)
    apart = {name for name in own if not name.startswith("book/")}
    assert scheme.bridges or same(own, held, apart)


def test_claims_do_not_depend_on_the_pool_and_a_larger_pool_never_leaves_more_unpaid():
    base = fs.load("textbook/j3_single_pool")
    lending = engine(lower(base), ()).new_lending(SEED, 0, 300)
    due, unpaid = [], []
    for opening in (20, 40, 60, 90, 200):
        scheme = lower(base.set("pool.opening", opening))
        block = engine(scheme, (), ("contract/pool/due", "contract/pool/unpaid")).run(SEED, 0, 300, lending)
        due.append(block.snapshots[:, -1, 0])
        unpaid.append(block.snapshots[:, -1, 1])
    assert all(np.array_equal(one, due[0]) for one in due)
    assert all((larger <= smaller + 1e-9).all() for smaller, larger in pairwise(unpaid))
    assert unpaid[0].sum() > unpaid[2].sum() > 0.0 == unpaid[-1].sum()
