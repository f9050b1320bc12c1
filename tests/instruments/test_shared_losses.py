"""Kinds in which several bear a loss, by hand arithmetic on ten loans of 100 that default in month 2.

Claims fall due in month 7; where something comes back, 400 do in month 12.
"""

import pytest

from .by_hand import run

LOANS = {
    "trigger": {"npl": True},
    "claim_lag": 2,
    "borrowers": {"doomed": 1.0},
    "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
    "opening_stock": {"loans": 10, "months_left": 3},
}
LENT_LATER = {"schedule": [{"date": "2015-01", "amount": 1000}]}
"""Ten more doomed loans at the end of month 0: they default in month 12, due in month 17."""
BACK = {"recovery": {"lag_months": 10}}


def approx(value):
    """Amounts to a ten-thousandth of a fen."""
    return pytest.approx(value, abs=1e-6)


# Technology pool


def technology(**terms):
    return {"kind": "technology_pool", "opening": 1000, "share": 0.5, **LOANS, **terms}


THREE = {"partners": {"guarantor": {"share": 0.3, "fee": 0.01}, "insurer": {"share": 0.1, "money": 60}}}


def test_pool_guarantor_and_insurer_pay_their_shares_of_the_whole_loss_and_the_bank_bears_the_rest(tmp_path):
    """500, 300 and 100, of which the insurer has 60; the bank bears 100 + 40."""
    t = run(tmp_path, technology(**THREE))
    assert t.metric("pool.claims_paid") == approx(500)
    assert t.metric("pool.guarantor.claims_paid") == approx(300)
    assert t.metric("pool.insurer.claims_due") == approx(100)
    assert t.metric("pool.insurer.claims_paid") == approx(60)
    assert t.metric("pool.insurer.depleted") == 1.0
    assert t.metric("pool.depleted") == 0.0
    assert t.metric("pool.bank_loss") == approx(140)


def test_each_gets_back_by_what_it_paid(tmp_path):
    """Of 400: 50 %, 30 % and 6 % of it; the bank is left with 140 − 56."""
    t = run(tmp_path, technology(**THREE, **BACK))
    assert t.metric("pool.recoveries") == approx(200)
    assert t.metric("pool.guarantor.recoveries") == approx(120)
    assert t.metric("pool.insurer.recoveries") == approx(24)
    assert t.metric("pool.bank_loss") == approx(140 - 56)


def test_the_guarantors_fee_is_on_what_is_lent(tmp_path):
    t = run(tmp_path, technology(**THREE, demand=LENT_LATER))
    assert t.metric("pool.guarantor.fees") == approx(10)


def test_the_most_paid_on_a_firm_and_in_a_year_are_caps(tmp_path):
    """50 a loan is cut to 45; of 450 a year 400 are paid."""
    t = run(tmp_path, technology(caps={"loan_limit": 45, "year_limit": 400}, demand=LENT_LATER))
    assert t.metric("pool.claims_due") == approx(900)
    assert t.months["contract/pool/paid"][[7, 17]].tolist() == [approx(400), approx(800)]
    assert t.metric("pool.claims_above_cap") == approx(100)


def test_a_budget_pays_from_the_treasury_up_to_the_years_ceiling(tmp_path):
    terms = {**LOANS, "share": 0.5, "paid_from": "budget", "caps": {"year_limit": 400}}
    t = run(tmp_path, {"kind": "technology_pool", **terms, **BACK})
    assert t.metric("pool.claims_paid") == approx(400)
    assert t.metric("pool.claims_above_cap") == approx(100)
    assert t.metric("scheme.fiscal_outlay") == approx(400)
    assert t.metric("scheme.fiscal_cost") == approx(400 - 0.4 * 400)
    assert not [m.name for m in t.scheme.metrics if m.name in ("pool.balance", "pool.depleted")]


# Double guarantee


def double(first, second, **terms):
    return {"kind": "double_guarantee", "guarantors": {"one": first, "two": second}, **LOANS, **terms}


def test_two_guarantors_side_by_side_pay_shares_of_the_whole(tmp_path):
    t = run(tmp_path, double({"share": 0.5}, {"share": 0.3}))
    assert t.metric("pool.one.claims_paid") == approx(500)
    assert t.metric("pool.two.claims_paid") == approx(300)
    assert t.metric("pool.bank_loss") == approx(200)


def test_what_one_cannot_pay_stays_with_the_bank_side_by_side(tmp_path):
    t = run(tmp_path, double({"share": 0.5, "money": 200}, {"share": 0.5}))
    assert t.metric("pool.one.claims_unpaid") == approx(300)
    assert t.metric("pool.two.claims_paid") == approx(500)
    assert t.metric("pool.bank_loss") == approx(300)


def test_in_turn_the_second_pays_of_what_the_first_has_left(tmp_path):
    """The first owes 500 and has 200; the second pays half of 800."""
    t = run(tmp_path, double({"share": 0.5, "money": 200}, {"share": 0.5}, order="in_turn"))
    assert t.metric("pool.one.claims_paid") == approx(200)
    assert t.metric("pool.one.balance") == approx(0)
    assert t.metric("pool.two.claims_paid") == approx(400)
    assert t.metric("pool.bank_loss") == approx(400)


def test_money_of_a_public_guarantor_is_a_fiscal_cost(tmp_path):
    t = run(tmp_path, double({"share": 0.5, "public": True}, {"share": 0.3}))
    assert t.metric("scheme.fiscal_cost") == approx(500)


# Pledged intellectual property


def pledge(**terms):
    return {"kind": "ip_pledge", "opening": 1000, "share": 0.5, **LOANS, **terms}


def test_the_operator_buys_first_and_the_fund_shares_what_is_left(tmp_path):
    """30 % of 1000 is asked of an operator with 250; the fund pays half of 750."""
    t = run(tmp_path, pledge(operator={"share": 0.3, "money": 250}))
    assert t.metric("pool.operator.claims_paid") == approx(250)
    assert t.metric("pool.claims_paid") == approx(375)
    assert t.metric("pool.bank_loss") == approx(375)


def test_the_sale_of_the_rights_comes_back_to_who_paid(tmp_path):
    """Of 400: a quarter to the operator, 37.5 % to the fund, the rest to the bank."""
    t = run(tmp_path, pledge(operator={"share": 0.3, "money": 250}, **BACK))
    assert t.metric("pool.operator.recoveries") == approx(100)
    assert t.metric("pool.recoveries") == approx(150)
    assert t.metric("pool.bank_loss") == approx(375 - 150)


def test_without_an_operator_the_fund_shares_the_whole_loss(tmp_path):
    assert run(tmp_path, pledge()).metric("pool.claims_paid") == approx(500)


# Credit insurance

HALVES = {"borrowers": {"doomed": 0.5, "sound": 0.5}, "opening_stock": {"loans": 20, "months_left": 3}}
"""Ten doomed and ten sound loans, 2000 in all; the sound ones repay in month 2."""


def insurance(**terms):
    return {"kind": "credit_insurance", "premium": 0.1, **LOANS, **HALVES, **terms}


def test_insurer_government_and_bank_share_every_loss(tmp_path):
    """Qingdao's 50, 30 and 20 %."""
    government = {"share": 0.3, "opening": 1000}
    t = run(tmp_path, insurance(insurer={"share": 0.5}, government=government))
    assert t.metric("pool.insurer.claims_paid") == approx(500)
    assert t.metric("pool.claims_paid") == approx(300)
    assert t.metric("pool.balance") == approx(700)
    assert t.metric("pool.bank_loss") == approx(200)


HEYUAN = {"insurer": {"share": 0.8, "loss_ratio": 1.5}, "government": {"excess": True, "opening": 400}}


def test_above_the_loss_ratio_the_governments_fund_pays_and_then_the_bank(tmp_path):
    """Premiums are 10 % of 2000, so the insurer stops at 300 of 800; 500 fall on a fund that has 400.

    The bank bears its 200 and the 100 that the fund has no money for.
    """
    t = run(tmp_path, insurance(**HEYUAN))
    assert t.metric("pool.premiums") == approx(200)
    assert t.metric("pool.insurer.claims_due") == approx(800)
    assert t.metric("pool.insurer.claims_paid") == approx(300)
    assert t.metric("pool.insurer.loss_ratio") == approx(1.5)
    assert t.metric("pool.claims_due") == approx(500)
    assert t.metric("pool.claims_paid") == approx(400)
    assert t.metric("pool.depleted") == 1.0
    assert t.metric("pool.bank_loss") == approx(300)


def test_below_the_loss_ratio_the_fund_pays_nothing_of_what_the_bank_keeps(tmp_path):
    """Premiums of 600 allow 900; the insurer pays 800, the bank keeps 200."""
    t = run(tmp_path, insurance(**HEYUAN, premium=0.3))
    assert t.metric("pool.insurer.claims_paid") == approx(800)
    assert t.metric("pool.claims_due") == approx(0)
    assert t.metric("pool.bank_loss") == approx(200)


def test_recoveries_of_layers_go_back_by_what_each_paid(tmp_path):
    """Of 400: 30 % to the insurer, 40 % to the fund, 30 % stay with the bank."""
    t = run(tmp_path, insurance(**HEYUAN, **BACK))
    assert t.metric("pool.insurer.recoveries") == approx(120)
    assert t.metric("pool.recoveries") == approx(160)
    assert t.metric("pool.bank_loss") == approx(300 - 120)


def test_the_loss_ratio_is_of_the_loans_of_one_policy_year(tmp_path):
    """1000 lent in month 0 has a premium of 100 and a cap of 150; half of it is lost: 400 are asked."""
    t = run(tmp_path, insurance(**HEYUAN, demand=LENT_LATER))
    paid = t.months["contract/pool.insurer/paid"]
    assert paid[[7, 17]].tolist() == [approx(300), approx(450)]
    assert t.metric("pool.premiums") == approx(300)


def test_premiums_are_charged_again_at_each_renewal(tmp_path):
    sound = {"borrowers": {"sound": 1.0}, "opening_stock": {"loans": 10, "months_left": 3}}
    renewing = {"city_weight": 1, "pd": 1e-12, "rho": 0, "lgd": 0.6, "renew": 1,
                "loan": {"mean": 100, "term_months": 12, "rate": 0.06}}  # fmt: skip
    t = run(tmp_path, insurance(insurer={"share": 0.5}, **sound), segments={"sound": renewing})
    assert t.metric("pool.premiums", 12) == approx(200)
    assert t.metric("pool.premiums") == approx(300)


def test_a_government_share_and_excess_are_one_claim_on_its_fund(tmp_path):
    """Bank 20 %, insurer 50 % up to 300, government its 30 % and the 200 that the insurer leaves."""
    government = {"share": 0.3, "excess": True, "opening": 1000}
    t = run(tmp_path, insurance(insurer={"share": 0.5, "loss_ratio": 1.5}, government=government))
    assert t.metric("pool.claims_paid") == approx(500)
    assert t.metric("pool.bank_loss") == approx(200)


def test_attachment_and_limit_of_the_insurer_are_a_layer(tmp_path):
    """Of 800, what lies between 100 and 500 of the year: 400."""
    caps = {"year_attach": 100, "year_limit": 400}
    t = run(tmp_path, insurance(insurer={"share": 0.8, "caps": caps}))
    assert t.metric("pool.insurer.claims_due") == approx(700)
    assert t.metric("pool.insurer.claims_paid") == approx(400)
    assert t.metric("pool.bank_loss") == approx(600)
