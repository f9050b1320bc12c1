"""Laws of bridge funds, path by path, each with the conditions under which it holds."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundsim.core import engine
from fundsim.core.pack.bridges import FIRST_ROOM
from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    DirectRequests,
    Drawn,
    Injection,
    OpeningLoans,
    Party,
    RequestSize,
    Scheme,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.bridge_schemes import asked_fund
from fundsim.verify.chance import BRIDGES, SHORT_FIRMS, chance_schemes

from .books import check_books
from .bridge_books import check_bridges
from .bridging import in_window
from .busy_funds import busy_scheme
from .fingerprint import fingerprints, fingerprints_elsewhere
from .histories import History, history
from .schemes import law, schemes, seeded_scheme
from .test_metamorphic import assert_same, with_segments

CHANCE = {name: scheme for name, scheme in chance_schemes().items() if scheme.bridges}


def asking(per_day: float, warm_up_days: float = 0.0) -> DirectRequests:
    return DirectRequests(
        per_day=per_day, amounts=(20.0, 70.0), probabilities=(0.5, 0.5), warm_up_days=warm_up_days
    )


def beside(scheme: Scheme, *names: str, warm_up_days: float = 30.0) -> Scheme:
    """Return the scheme with further funds of these names, asked directly."""
    funds = tuple(
        BridgeFund(
            name=name,
            party=name,
            requests=asking(0.2, warm_up_days),
            sizes=(RequestSize(up_to=math.inf),),
            days=DaysLaw(law="fixed", mean=12.0),
        )
        for name in names
    )
    parties = (Party(name=name, opening=150.0, limited=False, public=True) for name in names)
    both = replace(scheme, bridges=(*scheme.bridges, *funds), parties=(*scheme.parties, *parties))
    return in_window(both, with_longest_life(both))


def assert_untouched(alone: History, together: History, *but: str) -> None:
    """Demand that what a scheme recorded in its own months is the same, to the bit, beside another fund."""
    months = alone.scheme.window.total
    for record, values in alone.months.items():
        if record not in but:
            assert np.array_equal(values, together.months[record][:, :months]), record


@law(10)
@given(schemes())
def test_a_fund_with_requests_of_its_own_changes_no_bit_of_any_scheme(scheme):
    """And neither does a second one of the first, however both warm up."""
    alone, one, both = (history(beside(scheme, *names)) for names in ((), ("new",), ("new", "newer")))
    outside = "party/outside/balance", "party/firms/balance"
    assert_untouched(alone, one, *outside)
    assert_untouched(one, both, *outside)
    assert one.snapshots["bridge/new/n_requests"].max() > 0.0


def test_a_warm_up_leaves_drawn_multiples_and_the_openings_of_other_funds_as_they_are():
    scheme = seeded_scheme(0)
    scheme = replace(
        scheme,
        drawn=(Drawn(name="private", low=2.0, high=3.0),),
        injections=(Injection(source="treasury", target="alpha", month=1, amount=100.0, drawn="private"),),
    )
    h = history(beside(scheme, "new", "newer", warm_up_days=60.0))
    assert (h["drawn/private/value"] >= 2.0).all()
    assert (h["flow/treasury>alpha/injection"][:, -1] >= 200.0).all()
    check_books(h.scheme, h)
    for name in ("new", "newer"):
        # Sixty days of 0.2 a day, of twelve days each, of 45 yuan: some are out on the first day.
        assert np.abs(h[f"flow/outside>{name}/warm_up"]).max() > 0.0


def penniless(scheme: Scheme) -> Scheme:
    """Return the scheme whose funds have nothing to lend, now and later, and in which nobody waits."""
    idle = {"deadline_days": 0.0, "running_cost_annual": 0.0, "share_financed": 1.0, "own_money_max": None}
    funds = tuple(replace(f, **idle, cap_per_firm=math.inf) for f in scheme.bridges)
    poor = {f.party for f in funds}
    parties = tuple(replace(p, opening=0.0) if p.name in poor else p for p in scheme.parties)
    injections = tuple(i for i in scheme.injections if i.target not in poor)
    poor_scheme = replace(scheme, bridges=funds, parties=parties, injections=injections)
    return with_segments(poor_scheme, sizes=None)


def test_a_fund_without_money_is_no_fund_where_nobody_waits():
    """The same firms fail and the same find a private bridge, in the same months, at the same cost."""
    met = 0
    for seed in range(160):
        scheme = seeded_scheme(seed)
        scheme = replace(scheme, bridges=tuple(f for f in scheme.bridges if f.requests is None))
        if not scheme.bridges:
            continue
        scheme = penniless(scheme)
        poor, none = history(scheme, first=seed), history(replace(scheme, bridges=()), first=seed)
        assert_same(poor, none, exactly=False)
        met += poor.total(*(f"bridge/{f.name}/n_refused" for f in scheme.bridges)).max() > 0.0
        assert poor.total(*(f"bridge/{f.name}/n_served" for f in scheme.bridges)).max() == 0.0
    assert met > 8


@law(20)
@given(schemes())
def test_a_fund_with_ample_money_serves_everybody_at_once(scheme):
    served = {f.party for f in scheme.bridges}
    parties = tuple(replace(p, opening=1e9) if p.name in served else p for p in scheme.parties)
    funds = tuple(replace(f, breaker_threshold=math.inf) for f in scheme.bridges)
    rich = replace(scheme, parties=parties, bridges=funds)
    h = history(rich)
    for fund in funds:
        assert h[f"bridge/{fund.name}/n_queued"].max() == 0.0
        assert (h[f"bridge/{fund.name}/n_served"] == h[f"bridge/{fund.name}/n_requests"]).all()


@law(20)
@given(schemes(), st.sampled_from(["fifo", "fifo_pass", "small_first"]))
def test_the_order_of_the_queue_is_of_no_matter_where_all_amounts_are_equal(scheme, queue):
    requests = replace(asking(0.3, 40.0), amounts=(50.0,), probabilities=(1.0,))
    days = DaysLaw(law="exponential", mean=20.0, longest=90.0)
    one = asked_fund(requests, capital=200.0, days=days, months=scheme.window.months, deadline_days=5.0)
    other = replace(one, bridges=(replace(one.bridges[0], queue=queue),))
    first, second = history(one), history(other)
    assert_same(first, second)
    assert first.final("bridge/fund/n_queued").max() > 0.0


def test_requests_do_not_depend_on_the_fund_that_they_are_put_to():
    """Of a fund ten times as large the same firms ask for the same amounts, as far as lending is the same."""
    requests = asking(0.5, 20.0)
    days = DaysLaw(law="lognormal", mean=15.0, cv=0.8)
    small, large = (
        history(asked_fund(requests, capital=capital, days=days, months=12)) for capital in (100.0, 1000.0)
    )
    for what in ("n_requests", "requested"):
        assert np.array_equal(small[f"bridge/fund/{what}"], large[f"bridge/fund/{what}"])
    assert (small.final("bridge/fund/n_refused") > large.final("bridge/fund/n_refused")).all()


# The same bits


def crowded() -> Scheme:
    """Return a scheme in whose first month more firms ask than a fund has room for, most of them in vain."""
    scheme = CHANCE["Bridge fund"]
    firms = replace(SHORT_FIRMS, shortage=replace(SHORT_FIRMS.shortage, probability=0.9), maturity_share=0.0)
    crowd = tuple(
        OpeningLoans(segment="firms", band=b, months_left=m, n_loans=90) for b in (0, 1) for m in (1, 6)
    )
    facility = replace(scheme.facilities[0], opening=crowd)
    fund = replace(BRIDGES, deadline_days=40.0)
    scheme = replace(scheme, metrics=(), segments=(firms,), facilities=(facility,), bridges=(fund,))
    return replace(scheme, window=with_longest_life(scheme))


BITS = {**CHANCE, "More requests than there is room for": crowded()}


@pytest.mark.parametrize("name", BITS)
def test_threads_and_blocks_change_no_bit_of_a_scheme_with_a_fund(name):
    scheme, paths = replace(BITS[name], metrics=()), 60
    names = record_names(scheme)
    series = names.flows + names.stocks
    whole = engine(scheme, series).run(7, 0, paths)
    assert np.unique(whole.snapshots[:, -1], axis=0).shape[0] > paths // 2
    for threads, block in ((1, 1), (2, 7), (3, 16)):
        prepared = engine(scheme, series)
        spans = [(first, min(block, paths - first)) for first in range(0, paths, block)]
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda span, p=prepared: p.run(7, *span), spans))
        for what in ("snapshots", "series"):
            together = np.concatenate([getattr(part, what) for part in parts])
            assert np.array_equal(together, getattr(whole, what), equal_nan=True), (threads, block, what)


def test_paths_are_the_same_after_the_memory_of_a_thread_had_to_grow():
    scheme = crowded()
    prepared = engine(scheme)
    first = prepared.run(1, 0, 5).snapshots
    assert prepared._memory.room > FIRST_ROOM
    waiting = record_names(scheme).all.index("bridge/fund/n_requests")
    assert first[:, 0, waiting].min() > 3 * FIRST_ROOM
    assert np.array_equal(prepared.run(1, 0, 5).snapshots, first)
    prepared.run(2, 0, 9)
    assert np.array_equal(prepared.run(1, 0, 5).snapshots, first)


@pytest.mark.parametrize("seed", [1, 9, 11, 19, 27, 34])
def test_a_fund_with_much_to_do_keeps_its_books_and_no_bit_depends_on_the_room(seed):
    """Uses and those that wait fill more slots than there are at first, or far fewer than in the end."""
    scheme = busy_scheme(seed)
    check_bridges(scheme, history(scheme, paths=2))
    prepared, roomy = engine(scheme), engine(scheme)
    roomy._state(512 * FIRST_ROOM)
    assert np.array_equal(prepared.run(3, 0, 2).snapshots, roomy.run(3, 0, 2).snapshots)
    assert roomy._memory.room == 512 * FIRST_ROOM >= prepared._memory.room


@pytest.mark.parametrize("name", BITS)
def test_books_balance_to_a_fen_with_a_fund(name):
    scheme = replace(BITS[name], metrics=())
    check_books(scheme, history(scheme, paths=20))


TAPED_WITH_A_FUND = next(
    seed
    for seed in range(500)
    if any(
        f.tape is not None and any(f.name in fund.facilities for fund in seeded_scheme(seed).bridges)
        for f in seeded_scheme(seed).facilities
    )
)


@pytest.mark.timeout(600)
def test_plain_python_gives_the_bits_of_the_compiled_core_for_a_fund_of_a_tape():
    seed = TAPED_WITH_A_FUND
    assert fingerprints_elsewhere(seed, seed + 1, NUMBA_DISABLE_JIT="1") == fingerprints(seed, seed + 1)
