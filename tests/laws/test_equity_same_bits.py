"""Equity funds in the compiled core: the same bits in any threads, blocks, memory and company."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.equity_funds import equity_fund
from tests.reference.equity_funds import scheme as scheme_of

from fundsim.core import engine
from fundsim.core.pack.equities import FIRST_DEALS
from fundsim.scheme import record_names
from fundsim.scheme.records import party_record

from .bridging import in_window
from .choices import Drawn, Seeded
from .equity import equity_scheme, seeded, with_equity
from .equity_books import check_equity
from .equity_variety import family_of
from .histories import history
from .schemes import law, lending_schemes

PATHS = 19
SHARED = ("treasury", "social", "manager", "firms")


@st.composite
def equity_schemes(draw):
    """Any scheme of equity funds."""
    return equity_scheme(Drawn(draw))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_books_of_funds_balance_to_a_fen_on_five_thousand_schemes():
    for seed in range(1000, 6000):
        scheme = seeded(seed)
        check_equity(scheme, history(scheme, paths=2))


@law(20)
@given(equity_schemes())
def test_threads_and_blocks_change_no_bit_of_any_fund(scheme):
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


@law(20)
@given(equity_schemes(), st.integers(0, PATHS - 1), st.integers(0, 2**63 - 1))
def test_other_paths_and_seeds_leave_nothing_behind(scheme, path, seed):
    alone = engine(scheme).run(seed, path, 1).snapshots[0]
    prepared = engine(scheme)
    assert np.array_equal(prepared.run(seed, 0, PATHS).snapshots[path], alone, equal_nan=True)
    prepared.run(seed ^ 1, path, 3)
    assert np.array_equal(prepared.run(seed, path, 1).snapshots[0], alone, equal_nan=True)


@law(20)
@given(equity_schemes())
def test_records_that_nobody_asks_for_change_none_that_is_asked_for(scheme):
    """Values and rates of return are worked out only where they are wanted, and only as often."""
    names = record_names(scheme)
    whole = engine(scheme, (), names.all).run(3, 0, 4).snapshots
    lean = [n for n in names.all if "/nav" not in n and "/irr_" not in n and "/expected_" not in n]
    rates = [n for n in names.all if "/irr_" in n]
    for some in (lean, rates):
        columns = [names.all.index(name) for name in some]
        found = engine(scheme, (), tuple(some)).run(3, 0, 4).snapshots
        assert np.array_equal(found, whole[:, :, columns], equal_nan=True)
    monthly = engine(scheme, names.stocks, names.all).run(3, 0, 4)
    assert np.array_equal(monthly.snapshots, whole, equal_nan=True)
    at_the_end = [names.all.index(name) for name in names.stocks]
    assert np.array_equal(monthly.series[:, -1], whole[:, -1, at_the_end])


@law(20)
@given(equity_schemes())
def test_a_fund_is_the_same_alone_and_beside_others(scheme):
    together = history(scheme)
    for fund in scheme.equity_funds:
        family = family_of(scheme, fund)
        own = {party for f in family for party in (f.party, f.custody, *(m.account for m in f.beside))}
        alone = history(
            replace(
                scheme,
                equity_funds=family,
                injections=tuple(i for i in scheme.injections if i.target in own),
            )
        )
        for record, values in alone.snapshots.items():
            if record.startswith(("equity/", *(f"party/{name}/" for name in own))):
                assert np.array_equal(values, together.snapshots[record], equal_nan=True), record


@law(25)
@given(lending_schemes(), st.integers(0, 10**6))
def test_a_fund_beside_it_changes_no_bit_of_lending(scheme, seed):
    both = with_equity(Seeded(seed), scheme)
    alone, together = history(in_window(scheme, both.window)), history(both)
    free = {party_record(name, "balance") for name in SHARED}
    for record in alone.snapshots:
        if record not in free:
            assert np.array_equal(alone.snapshots[record], together.snapshots[record]), record


def test_a_fund_of_many_deals_finds_room_and_is_the_same_in_any_block():
    """Memory begins with room for 64 deals and doubles; nothing is drawn twice."""
    crowded = scheme_of(equity_fund(deal_size=10.0, investment=12))
    names = record_names(crowded)
    prepared = engine(crowded, ("equity/fund/n_unsold",), names.all)
    block = prepared.run(1, 0, 20)
    assert block.series[:, 11, 0].min() > 5 * FIRST_DEALS
    assert prepared._memory.deals >= 8 * FIRST_DEALS
    alone = engine(crowded, (), names.all).run(1, 13, 1)
    assert np.array_equal(alone.snapshots[0], block.snapshots[13], equal_nan=True)
    check_equity(crowded, history(crowded, paths=4))
