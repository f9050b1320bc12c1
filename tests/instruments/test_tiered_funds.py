"""Talent loans and start-up guarantee loans by hand arithmetic: ten loans of 100 default in month 2."""

import pytest

from .by_hand import run
from .test_shared_losses import BACK, LOANS, approx


def tiered(kind, **terms):
    tiers = {"person": {"cap": 100, "segments": ["doomed"]}}
    return {"kind": kind, "opening": 1000, "share": 0.8, "tiers": tiers, **LOANS, **terms}


KINDS = pytest.mark.parametrize("kind", ["talent_loan", "startup_guarantee_loan"])


@KINDS
def test_the_fund_pays_and_the_county_returns_its_part_later(tmp_path, kind):
    """800 in month 7; 30 % of it in month 13."""
    t = run(tmp_path, tiered(kind, levels={"county": {"share": 0.3, "lag": 6}}))
    balance = t.months["party/pool/balance"]
    assert balance[[6, 7, 12, 13]].tolist() == [approx(x) for x in (1000, 200, 200, 440)]
    assert t.metric("pool.claims_paid") == approx(800)
    assert t.metric("pool.county.claims_paid") == approx(240)
    assert t.metric("pool.bank_loss") == approx(200)
    assert t.metric("scheme.fiscal_cost") == approx(800)


@KINDS
def test_a_recovery_before_the_county_pays_lowers_what_it_owes(tmp_path, kind):
    """320 of 400 come to the fund in month 12: the county returns 30 % of 480."""
    t = run(tmp_path, tiered(kind, levels={"county": {"share": 0.3, "lag": 6}}, **BACK))
    assert t.metric("pool.recoveries") == approx(320)
    assert t.metric("pool.county.claims_paid") == approx(144)
    assert t.metric("pool.balance") == approx(1000 - 800 + 320 + 144)


@KINDS
def test_a_recovery_after_the_county_paid_is_shared_with_it(tmp_path, kind):
    """240 in month 9; of the fund's 320 in month 12 it hands on 30 %."""
    t = run(tmp_path, tiered(kind, levels={"county": {"share": 0.3, "lag": 2}}, **BACK))
    assert t.metric("pool.county.claims_paid") == approx(240)
    assert t.metric("pool.county.recoveries") == approx(96)
    assert t.metric("pool.balance") == approx(1000 - 800 + 240 + 320 - 96)


def test_two_levels_bear_their_shares_of_the_whole_payment(tmp_path):
    levels = {"county": {"share": 0.3}, "province": {"share": 0.5}}
    t = run(tmp_path, tiered("talent_loan", levels=levels))
    assert t.metric("pool.county.claims_paid") == approx(240)
    assert t.metric("pool.province.claims_paid") == approx(400)
    assert t.metric("pool.balance") == approx(1000 - 160)


def test_loans_outstanding_keep_to_the_multiple_of_the_guarantee_fund(tmp_path):
    """Three times 1000, with 1000 out: 20 of 50 loans."""
    demand = {"schedule": [{"date": "2015-01", "amount": 5000}]}
    t = run(tmp_path, tiered("startup_guarantee_loan", multiple=3, demand=demand))
    assert t.metric("pool.lent_new") == approx(2000)
    assert t.metric("pool.demand_refused") == approx(3000)
