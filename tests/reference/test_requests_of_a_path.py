"""What a path's log says of the requests to a bridge fund, against its records."""

import math
from collections import Counter

import pytest

from fundsim.core import engine, requests_of
from fundsim.core.pack.bridges import FIRST_ROOM
from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    DirectRequests,
    Economy,
    FeeTier,
    Party,
    RequestSize,
    Scheme,
    Window,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.tracing import trace_scheme
from fundsim.verify.schemes import world

from .bridging import AT_MONTHS_END, AT_MONTHS_START, TEN_DAYS, bridge_fund, due, scheme

LAST = -1


def alone(capital=500.0, per_day=3.0, **terms):
    """Return a scheme of nothing but a fund whose requests are given directly."""
    requests = DirectRequests(
        per_day=per_day, amounts=(1.0, 2.0), probabilities=(0.5, 0.5), warm_up_days=40.0
    )
    fund = BridgeFund(
        **{
            "name": "fund",
            "party": "fund",
            "requests": requests,
            "sizes": (RequestSize(up_to=1.0), RequestSize(up_to=math.inf)),
            "days": DaysLaw(law="exponential", mean=12.0),
            "fee": (FeeTier(to_days=math.inf, per_day=0.001),),
            **terms,
        }
    )
    window = Window(year=2015, month=1, months=12, run_off=0)
    parties = world(Party(name="fund", opening=capital, limited=False))
    built = Scheme(
        window=window, economy=Economy(step_months=12, persistence=0.5), parties=parties, bridges=(fund,)
    )
    return Scheme(window=with_longest_life(built), economy=built.economy, parties=parties, bridges=(fund,))


def at_end(what, path=5):
    """Return a scheme's records at the end of a path."""
    names = record_names(what).all
    values = engine(what, (), names).run(1, path, 1).snapshots[0, LAST]
    return dict(zip(names, values.tolist(), strict=True))


def test_the_log_has_each_request_on_its_day():
    """Due on the last of March and in the first half of the first of April; both are back ten days later."""
    two = scheme(due(0), fund=bridge_fund(**AT_MONTHS_END))
    log = requests_of(two, seed=1, path=0)
    assert [(one.what, one.serial, one.book, one.amount) for one in log] == [
        ("asks", 1, "loans/firms", 100.0),
        ("served", 1, "loans/firms", 100.0),
        ("returns", 1, "loans/firms", 100.0),
        ("pays_fee", 1, "loans/firms", 0.0),
    ]
    assert log[1].day == log[0].day
    assert log[2].day == pytest.approx(log[0].day + 10.0)
    assert 365 / 12 - 0.5 <= log[0].day <= 365 / 12


def test_a_blocked_request_leaves_three_days_after_it_asked():
    blocked = scheme(due(0), fund=bridge_fund(**AT_MONTHS_START), capital=99.0)
    log = requests_of(blocked, seed=1, path=0)
    assert [one.what for one in log] == ["asks", "unserved"]
    assert log[1].day == pytest.approx(log[0].day + 3.0)


@pytest.mark.parametrize("capital", [20.0, 500.0])
def test_the_log_sums_to_the_records(capital):
    one = alone(capital, not_renewed=0.2, lgd=0.5, queue="fifo_pass")
    records = at_end(one)
    log = requests_of(one, seed=1, path=5)
    number = Counter(row.what for row in log)
    for what, record in {
        "asks": "n_requests",
        "served": "n_served",
        "unserved": "n_refused",
        "returns": "n_returned",
        "falls_overdue": "n_overdue",
    }.items():
        assert number[what] == records[f"bridge/fund/{record}"]
    for what, record in {"asks": "requested", "served": "lent", "pays_fee": "fees"}.items():
        amount = math.fsum(row.amount for row in log if row.what == what)
        assert amount == pytest.approx(records[f"bridge/fund/{record}"])
    assert [row.day for row in log] == sorted(row.day for row in log)


def test_a_path_needs_no_room_at_first_and_has_the_same_figures_with_more():
    """Many more uses at once than there are slots to begin with, in a block and alone."""
    crowded = alone(capital=5000.0, per_day=30.0, days=DaysLaw(law="fixed", mean=20.0))
    names = record_names(crowded).all
    block = engine(crowded, (), names).run(1, 0, 6).snapshots
    assert block[0, LAST, names.index("bridge/fund/peak_out")] > 2.0 * FIRST_ROOM
    for path in (0, 5):
        assert (engine(crowded, (), names).run(1, path, 1).snapshots[0] == block[path]).all()


def test_a_trace_lists_the_requests_and_closes_though_the_warm_up_took_money_out():
    one = alone(capital=500.0)
    traced = trace_scheme(one, path=5, seed=1)
    warm_up = [row for row in traced.rows if row.kind == "warm_up"]
    assert [row.amount < 0.0 for row in warm_up] == [True]
    asked = [event for event in traced.happened if event.what == "asks"]
    assert len(asked) == at_end(one)["bridge/fund/n_requests"]
    assert asked[0].subject == f"fund/#{requests_of(one, seed=1, path=5)[0].serial}"
    assert asked[0].date[:8] == "2015-01-"
    (fund,) = (account for account in traced.proof if account.party == "fund")
    assert fund.closing == pytest.approx(fund.in_run)


def test_a_scheme_without_funds_has_no_requests():
    assert requests_of(scheme(due(0)), seed=1, path=0) == ()


def test_the_days_of_a_fixed_law_are_those_between_service_and_return():
    log = requests_of(scheme(due(0), fund=bridge_fund(**AT_MONTHS_START, days=TEN_DAYS)), seed=3, path=2)
    served, back = (next(one.day for one in log if one.what == what) for what in ("served", "returns"))
    assert back - served == pytest.approx(10.0)
