"""County risk margins by hand arithmetic: two counties, loans of 100."""

import pytest

from .by_hand import run
from .test_shared_losses import LOANS, approx

TWO = {"near": {"match": 2, "weight": 1}, "far": {"match": 0.5, "weight": 3}}
"""Of 400, 100 go near and become 300; 300 go far and become 450."""


def margins(**terms):
    return {"kind": "county_margin", "city_money": 400, "counties": TWO, "share": 1.0, **LOANS, **terms}


def test_the_citys_money_is_split_by_weight_and_matched_by_county(tmp_path):
    t = run(tmp_path, margins())
    assert t.months["party/pool.near/balance"][0] == approx(300)
    assert t.months["party/pool.far/balance"][0] == approx(450)
    assert t.metric("pool.paid_in") == approx(750)


def test_amounts_may_be_given_instead_of_weights(tmp_path):
    counties = {"near": {"match": 2, "amount": 100}, "far": {"match": 0.5, "amount": 300}}
    t = run(tmp_path, {**margins(counties=counties), "city_money": None})
    assert t.metric("pool.near.paid_in") == approx(300)
    assert t.metric("pool.far.paid_in") == approx(450)


def test_opening_stock_is_split_by_the_margins(tmp_path):
    """Four loans of ten near, six far: 400 asked of 300, 600 of 450."""
    t = run(tmp_path, margins())
    assert t.metric("pool.near.claims_due") == approx(400)
    assert t.metric("pool.far.claims_due") == approx(600)
    assert t.metric("pool.claims_due") == approx(1000)
    assert t.metric("pool.claims_paid") == approx(750)
    assert t.metric("pool.claims_unpaid") == approx(250)
    assert t.metric("pool.claims_coverage") == approx(0.75)
    assert t.metric("pool.counties_depleted") == 2.0
    assert t.metric("pool.bank_loss") == approx(250)
    assert t.metric("pool.depletion_month") == 8.0


def test_no_margin_pays_for_another(tmp_path):
    """One loan, which rounding puts far: 100 asked of 45, while 30 lie idle near."""
    t = run(tmp_path, margins(city_money=40, opening_stock={"loans": 1, "months_left": 3}))
    assert t.metric("pool.claims_paid") == approx(45)
    assert t.metric("pool.claims_unpaid") == approx(55)
    assert t.metric("pool.balance") == approx(30)
    assert t.metric("pool.depleted") == 1.0
    assert t.metric("pool.counties_depleted") == 1.0
    assert t.metric("pool.near.depleted") == 0.0
    assert t.metric("pool.far.depleted") == 1.0


def test_each_county_lends_ten_times_its_own_margin(tmp_path):
    """Applications of 20,000 in two fifths and three fifths; 3,000 near and 4,500 far are lent."""
    t = run(
        tmp_path,
        margins(
            multiple=10,
            borrowers={"sound": 1.0},
            opening_stock=None,
            demand={"schedule": [{"date": "2015-01", "amount": 20000}]},
        ),
    )
    assert t.metric("pool.near.lent") == approx(3000)
    assert t.metric("pool.far.lent") == approx(4500)
    assert t.metric("pool.lent") == approx(7500)
    assert t.metric("pool.demand_refused") == approx(12500)
    assert t.metric("pool.leverage_flow") == approx(10)
    assert t.metric("pool.leverage_stock", 12) == approx(10)


def test_counties_pay_in_some_months_after_the_city(tmp_path):
    """Near, the city pays 100 in month 2, the county 200 in month 4; both are outlay, and neither is lost."""
    t = run(tmp_path, margins(paid="2015-03", match_lag=2, opening_stock=None))
    near = t.months["party/pool.near/balance"]
    assert near[[1, 2, 3, 4]].tolist() == [approx(x) for x in (0, 100, 100, 300)]
    assert t.metric("scheme.fiscal_outlay") == approx(750)
    assert t.metric("scheme.fiscal_cost") == approx(0)


def test_caps_and_running_cost_are_stated_once_and_split_as_said(tmp_path):
    """Each margin pays at most 200 a year; a cost of 75 is 30 near and 45 far, in each of three years."""
    t = run(tmp_path, margins(caps={"year_limit": 200}, running_cost=75))
    assert t.metric("pool.claims_paid") == approx(400)
    assert t.metric("pool.claims_above_cap") == approx(600)
    assert t.metric("pool.near.balance") == approx(300 - 200 - 90)
    assert t.metric("pool.far.balance") == approx(450 - 200 - 135)


def test_totals_are_sums_over_the_counties(tmp_path):
    t = run(tmp_path, margins(recovery={"lag_months": 10}))
    for what in ("lent", "outstanding", "claims_paid", "claims_due", "claims_unpaid", "balance", "paid_in"):
        both = t.metric(f"pool.near.{what}") + t.metric(f"pool.far.{what}")
        assert t.metric(f"pool.{what}") == approx(both), what
    assert t.metric("pool.recoveries") == approx(400 * 0.75)
    assert t.metric("pool.bank_loss") == approx(250 - 100)
    assert t.metric("pool.default_rate") == pytest.approx(1.0)
