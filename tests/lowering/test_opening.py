"""The opening stock in whole loans: the stated amount, to half of the smallest loan."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fundsim as fs
from fundsim.instruments.opening import _Cell, _placed
from fundsim.lowering import lower

WAN = 1e4


def with_stock(stock, **segment):
    scenario = fs.load("minimal").set("pool.opening_stock", stock)
    for key, value in segment.items():
        scenario = scenario.set(f"small_firms.{key}", value)
    return lower(scenario)


def owed(scheme):
    """Principal outstanding before the first month: counted loan by loan from the scheme."""
    segments = {s.name: s for s in scheme.segments}
    total = 0.0
    for facility in scheme.facilities:
        for stock in facility.opening:
            segment = segments[stock.segment]
            share = segment.outstanding_share[-stock.months_left] if segment.outstanding_share else 1.0
            total += stock.n_loans * segment.bands[stock.band].principal * share
    return total


@pytest.mark.parametrize("amount", [10 * WAN, 50 * WAN, 150 * WAN, 1234 * WAN, 98765 * WAN])
@pytest.mark.parametrize(
    "loan", [{"mean": 100 * WAN}, {"mean": 100 * WAN, "cv": 0.8, "cap": 500 * WAN, "bands": 4}]
)
@pytest.mark.parametrize("repayment", ["bullet", "annuity"])
def test_a_stated_amount_is_met_within_half_of_the_smallest_loan(amount, loan, repayment):
    scheme = with_stock({"amount": amount}, loan={**loan, "repayment": repayment}, maturity_share=0)
    (segment,) = scheme.segments
    share = min(segment.outstanding_share, default=1.0)
    assert abs(owed(scheme) - amount) <= 0.5 * segment.bands[0].principal * share + 1e-6


def test_the_loans_keep_their_sizes_and_months():
    """Of a large stock each cell has its expected principal to within one loan of the largest size."""
    scheme = with_stock({"amount": 1e10}, loan={"mean": 100 * WAN, "cv": 0.8, "cap": 500 * WAN, "bands": 3})
    (segment,) = scheme.segments
    loans = {(o.band, o.months_left): o.n_loans for o in scheme.facilities[0].opening}
    mean = sum(b.principal * b.probability for b in segment.bands)
    for (band, _), n in loans.items():
        law = segment.bands[band]
        expected = 1e10 / mean * law.probability / segment.term_months * law.principal
        assert n * law.principal == pytest.approx(expected, abs=segment.bands[-1].principal)
    assert len(loans) == 3 * segment.term_months


def test_a_number_of_loans_is_that_number():
    scheme = with_stock({"loans": 37}, loan={"mean": 100 * WAN, "cv": 0.8, "cap": 500 * WAN, "bands": 4})
    assert sum(o.n_loans for o in scheme.facilities[0].opening) == 37


def test_counties_share_one_amount_and_meet_it_together():
    """Fourteen parts that each rounded by itself missed it by up to seven loans."""
    scenario = fs.load("taiyuan_lending")
    scenario = scenario.set("county_margins.opening_stock", {"amount": 3e8})
    scheme = lower(scenario)
    parts = {f.name: f for f in scheme.facilities if f.name.startswith("county_margins.")}
    assert len(parts) == 14
    sizes = {s.name: s.bands for s in scheme.segments}
    total = math.fsum(
        o.n_loans * sizes[o.segment][o.band].principal for f in parts.values() for o in f.opening
    )
    smallest = min(b.principal for f in parts.values() for x in f.borrowers for b in sizes[x.segment])
    assert abs(total - 3e8) <= 0.5 * smallest + 1e-3


@given(
    st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(1.0, 1000.0)), min_size=1, max_size=30),
    st.floats(-0.4, 0.4),
)
def test_what_rounding_leaves_is_less_than_half_of_the_smallest_loan(drawn, carried):
    ordered = sorted(drawn, key=lambda pair: -pair[1])
    cells = [_Cell("firms", 0, month, *pair) for month, pair in enumerate(ordered, start=1)]
    placed, left = _placed(cells, carried)
    stated = math.fsum(c.expected * c.size for c in cells)
    given = math.fsum(o.n_loans * cells[o.months_left - 1].size for o in placed)
    assert all(o.n_loans > 0 for o in placed)
    assert abs(left) <= 0.5 * cells[-1].size * (1.0 + 1e-6) + 1e-6 + abs(carried)
    assert left == pytest.approx(carried + stated - given, abs=1e-6 * max(1.0, stated))
