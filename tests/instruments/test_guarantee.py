"""Each clause of the guarantee by hand arithmetic, on scenarios without chance, in both engines."""

import pytest

from fundsim import core, reference
from fundsim.lowering import lower

from .by_hand import DOOMED, SOUND, one_path, pool, whole, written

pytestmark = pytest.mark.parametrize("engine", [reference.engine, core.engine], ids=["reference", "core"])


def approx(value):
    """Amounts to a ten-thousandth of a fen."""
    return pytest.approx(value, abs=1e-6)


def guarantee(**terms):
    """A guarantor with 1,000 that pays 80 % of each loss, three months and two after the default.

    Ten doomed loans of 100 mature in month 2, so that 800 are due in month 7.
    """
    return pool(**{"kind": "guarantee", "share": 0.8, "obligor_share": None, **terms})


def run(folder, engine, *, blocks=None, **terms):
    """Run a scenario with one guarantor, called ``guarantee``."""
    content = whole({}, **{"instruments": {"guarantee": guarantee(**terms)}, **(blocks or {})})
    return one_path(lower(written(folder, content)), engine)


BALANCE = "party/guarantee/balance"
LENDING = {"opening_stock": None, "borrowers": {"sound": 1.0}}


def lend(amount, date="2015-01"):
    """Demand of one amount in one month, of firms that never default, without loans before."""
    return {**LENDING, "demand": {"schedule": [{"date": date, "amount": amount}]}}


def founded(public, multiple, *, opening=0):
    """Public money paid in at the start, and private money of a multiple of it."""
    injections = [{"date": "2015-01", "amount": public}]
    return {"opening": opening, "injections": injections, "private_capital": {"multiple": multiple}}


# The guarantor and the bank


def test_the_guarantor_pays_its_share_and_the_bank_keeps_the_rest(tmp_path, engine):
    """80 % of 1000 in month 2 + 3 + 2; a fifth stays with the bank."""
    t = run(tmp_path, engine)
    assert t.months[BALANCE][6:8].tolist() == [approx(1000), approx(200)]
    assert t.metric("guarantee.claims_due") == approx(800)
    assert t.metric("guarantee.claims_paid") == approx(800)
    assert t.metric("guarantee.bank_loss") == approx(200)
    assert t.metric("guarantee.depleted") == 0.0


def test_a_claim_on_non_performing_loans_waits_three_months(tmp_path, engine):
    t = run(tmp_path, engine, trigger={"npl": True}, claim_lag=0)
    assert t.months["contract/guarantee/due"][[4, 5]].tolist() == [0.0, approx(800)]


def test_interest_of_the_trigger_months_is_guaranteed_where_the_basis_has_it(tmp_path, engine):
    """80 % of 1000 × (1 + 6 % × 3/12)."""
    t = run(tmp_path, engine, basis="principal_and_interest")
    assert t.metric("guarantee.claims_paid") == approx(812)


def test_what_the_guarantor_has_no_money_for_stays_with_the_bank(tmp_path, engine):
    t = run(tmp_path, engine, opening=500)
    assert t.metric("guarantee.claims_paid") == approx(500)
    assert t.metric("guarantee.claims_unpaid") == approx(300)
    assert t.metric("guarantee.claims_coverage") == approx(0.625)
    assert t.metric("guarantee.bank_loss") == approx(500)
    assert t.metric("guarantee.depletion_month") == 8.0


def test_carried_claims_are_paid_when_capital_comes(tmp_path, engine):
    """500 in month 7, the other 300 from the 400 of month 12."""
    t = run(tmp_path, engine, opening=500, arrears="carry", injections=[{"date": "2016-01", "amount": 400}])
    assert t.months["contract/guarantee/paid"][[7, 11, 12]].tolist() == [approx(x) for x in (500, 500, 800)]
    assert t.metric("guarantee.balance") == approx(100)


# Reguarantee


NATIONAL = {"province": {"share": 0.25, "lag_months": 6}, "nation": {"share": 0.25, "lag_months": 9}}
"""2:2:4:2 side by side: province and nation each refund a quarter of the 80 %."""


def test_reguarantors_refund_their_share_after_their_lag_and_the_guarantor_waits(tmp_path, engine):
    """800 leave in month 7; 200 come back in month 13 and 200 in month 16."""
    t = run(tmp_path, engine, reguarantee=NATIONAL)
    assert t.months[BALANCE][[7, 12, 13, 15, 16]].tolist() == [approx(x) for x in (200, 200, 400, 400, 600)]
    assert t.metric("guarantee.waiting", 12) == approx(400)
    assert t.metric("guarantee.province.waiting", 12) == approx(200)
    assert t.metric("guarantee.nation.waiting", 12) == approx(200)
    assert t.metric("guarantee.waiting", 24) == approx(0)
    assert t.metric("guarantee.province.claims_paid") == approx(200)
    assert t.metric("guarantee.nation.claims_paid") == approx(200)
    assert t.metric("guarantee.refunded") == approx(400)
    assert t.metric("guarantee.claims_net") == approx(400)
    assert t.metric("guarantee.bank_loss") == approx(200)


def test_what_has_not_been_paid_by_the_guarantor_is_pending_but_not_waited_for(tmp_path, engine):
    """In a window of six months the default of month 2 is known and nothing is paid."""
    blocks = {"window": {"start": "2015-01", "months": 6, "run_off": 12}}
    t = run(tmp_path, engine, blocks=blocks, reguarantee=NATIONAL)
    assert t.metric("guarantee.claims_pending", 6) == approx(800)
    assert t.metric("guarantee.province.claims_pending", 6) == approx(200)
    assert t.metric("guarantee.waiting", 6) == approx(0)


def test_a_loss_shared_two_two_four_two_ends_so_after_recovery(tmp_path, engine):
    """1000 lost and 400 recovered in month 22: each party bears its share of 600."""
    t = run(tmp_path, engine, reguarantee=NATIONAL, recovery={"lag_months": 20})
    assert t.metric("guarantee.bank_loss") == approx(0.2 * 600)
    assert t.metric("guarantee.balance") == approx(1000 - 0.4 * 600)
    assert t.end("party/guarantee.province/balance") == approx(-0.2 * 600)
    assert t.end("party/guarantee.nation/balance") == approx(-0.2 * 600)
    assert t.metric("guarantee.recoveries") == approx(320)
    assert t.metric("guarantee.province.recoveries") == approx(80)


def test_layers_in_a_chain_pay_one_after_the_other(tmp_path, engine):
    """The province refunds half of 800 in month 13, the nation half of that in month 16."""
    chain = {
        "province": {"share": 0.5, "lag_months": 6},
        "nation": {"share": 0.5, "covers": "province", "lag_months": 3},
    }
    t = run(tmp_path, engine, reguarantee=chain)
    assert t.months["contract/guarantee.province/paid"][[12, 13]].tolist() == [0.0, approx(400)]
    assert t.months["contract/guarantee.nation/paid"][[15, 16]].tolist() == [0.0, approx(200)]
    assert t.metric("guarantee.balance") == approx(600)
    assert t.end("party/guarantee.province/balance") == approx(-200)
    assert t.metric("guarantee.waiting", 12) == approx(400)
    assert t.metric("guarantee.nation.waiting", 12) == approx(0)


def test_anhui_shares_four_three_two_one(tmp_path, engine):
    """Guarantor 40, province 30, bank 20, local government 10, of 1000 and after 400 of recovery."""
    layers = {"province": {"share": 0.375}, "local_government": {"share": 0.125}}
    t = run(tmp_path, engine, reguarantee=layers, recovery={"lag_months": 20})
    assert t.metric("guarantee.claims_net") == approx(400)
    assert t.metric("guarantee.province.claims_paid") == approx(300)
    assert t.metric("guarantee.local_government.claims_paid") == approx(100)
    assert 1000 - t.metric("guarantee.balance") == approx(240)
    assert t.metric("guarantee.bank_loss") == approx(120)


def test_a_recovery_before_the_refund_lowers_the_refund(tmp_path, engine):
    """In month 10 the guarantor has 320 of 400 back; a quarter of the other 480 is due in month 13."""
    layer = {"province": {"share": 0.25, "lag_months": 6}}
    t = run(tmp_path, engine, reguarantee=layer, recovery={"lag_months": 8})
    assert t.metric("guarantee.province.claims_due") == approx(120)
    assert t.metric("guarantee.balance") == approx(1000 - 800 + 320 + 120)


def test_a_reguarantor_pays_up_to_a_compensation_rate_of_the_years_guarantees(tmp_path, engine):
    """5 % of the 800 guaranteed of the opening stock, of which a quarter is the province's."""
    layer = {"province": {"share": 0.25, "lag_months": 6, "rate_cap": 0.05}}
    t = run(tmp_path, engine, reguarantee=layer)
    assert t.metric("guarantee.province.claims_due") == approx(200)
    assert t.metric("guarantee.province.claims_paid") == approx(0.05 * 800 * 0.25)
    assert t.metric("guarantee.province.claims_above_cap") == approx(190)


def test_a_rate_cap_counts_what_was_guaranteed_and_not_what_is_outstanding(tmp_path, engine):
    """Of 4000 lent in month 0 a quarter defaults in month 12.

    5 % × 80 % × 25 % × 4000 = 40; with the 3000 outstanding when the province pays it would be 30.
    """
    segments = {
        "sound": {**SOUND, "loan": {**SOUND["loan"], "term_months": 60}},
        "doomed": DOOMED,
    }
    schedule = [{"date": "2015-01", "amount": 4000}]
    t = run(
        tmp_path,
        engine,
        blocks={"segments": segments},
        opening=10_000,
        opening_stock=None,
        borrowers={"sound": 0.75, "doomed": 0.25},
        demand={"schedule": schedule},
        reguarantee={"province": {"share": 0.25, "rate_cap": 0.05}},
    )
    assert t.metric("guarantee.province.claims_due") == approx(200)
    assert t.metric("guarantee.province.claims_paid") == approx(40)


def test_the_cap_of_an_upper_layer_is_per_guaranteed_yuan_too(tmp_path, engine):
    """The nation bears 20 of 80: at most 5 % × 20 % of 1000 lent."""
    chain = {
        "province": {"share": 0.5},
        "nation": {"share": 0.5, "covers": "province", "rate_cap": 0.05},
    }
    t = run(tmp_path, engine, reguarantee=chain)
    assert t.metric("guarantee.province.claims_paid") == approx(400)
    assert t.metric("guarantee.nation.claims_paid") == approx(10)


def test_a_layer_with_money_of_its_own_can_run_out(tmp_path, engine):
    t = run(tmp_path, engine, reguarantee={"province": {"share": 0.25, "lag_months": 6, "money": 50}})
    assert t.metric("guarantee.province.claims_paid") == approx(50)
    assert t.metric("guarantee.province.claims_unpaid") == approx(150)
    assert t.metric("guarantee.province.claims_coverage") == approx(0.25)
    assert t.metric("guarantee.province.depletion_month") == 14.0
    assert t.metric("guarantee.depleted") == 0.0


# The compensation fund


FUND = {
    "opening": 100,
    "injections": [{"date": "2015-12", "amount": 250}],
    "share": 0.5,
    "lag_months": 6,
}


def test_the_fund_refunds_its_share_of_what_reguarantors_leave(tmp_path, engine):
    """800 paid, 200 from the province in the same month: half of 600."""
    layer = {"province": {"share": 0.25, "lag_months": 6}}
    t = run(tmp_path, engine, reguarantee=layer, compensation_fund=FUND)
    assert t.months["contract/guarantee.compensation_fund/paid"][[12, 13]].tolist() == [0.0, approx(300)]
    assert t.metric("guarantee.balance") == approx(1000 - 800 + 200 + 300)
    assert t.metric("guarantee.compensation_fund.balance") == approx(50)
    assert t.metric("guarantee.compensation_fund.claims_pending", 12) == approx(300)
    assert t.metric("guarantee.claims_net") == approx(300)


def test_the_fund_pays_up_to_its_yearly_limit_and_its_balance(tmp_path, engine):
    t = run(tmp_path, engine, compensation_fund={**FUND, "year_limit": 120})
    assert t.metric("guarantee.compensation_fund.claims_paid") == approx(120)
    assert t.metric("guarantee.compensation_fund.claims_above_cap") == approx(280)
    t = run(tmp_path, engine, compensation_fund={**FUND, "injections": []})
    assert t.metric("guarantee.compensation_fund.claims_paid") == approx(100)
    assert t.metric("guarantee.compensation_fund.depleted") == 1.0


# Fees


def test_firms_pay_the_fee_on_the_guaranteed_part_for_the_coming_term(tmp_path, engine):
    """2 % a year of 800, for twelve months, at the grant of month 0 and the renewal of month 12."""
    segments = {"sound": {**SOUND, "renew": 1}, "doomed": DOOMED}
    t = run(tmp_path, engine, blocks={"segments": segments}, fee=0.02, **lend(1000))
    assert t.months[BALANCE][[0, 11, 12]].tolist() == [approx(x) for x in (1016, 1016, 1032)]
    assert t.metric("guarantee.fees") == approx(32)


def test_reguarantors_are_paid_on_the_risk_that_they_assume(tmp_path, engine):
    """0.5 % of 200 from the guarantor to the province; 0.25 % of 100 from there to the nation."""
    chain = {
        "province": {"share": 0.25, "fee": 0.005, "money": 10},
        "nation": {"share": 0.5, "covers": "province", "fee": 0.0025},
    }
    t = run(tmp_path, engine, fee=0.02, reguarantee=chain, **lend(1000))
    assert t.metric("guarantee.reguarantee_fees") == approx(1)
    assert t.metric("guarantee.province.fees") == approx(1)
    assert t.metric("guarantee.nation.fees") == approx(0.25)
    assert t.metric("guarantee.balance") == approx(1000 + 16 - 1)
    assert t.metric("guarantee.province.balance") == approx(10 + 1 - 0.25)


# Limits


@pytest.mark.parametrize(
    ("terms", "year", "lent"),
    [
        ({}, 2024, 3300),  # 2000 ÷ (0.75 × 0.8) = 3333 of loans of 100
        ({}, 2015, 2500),  # 2000 ÷ 0.8: no weights before 2018
        ({"weights": {"small_loan": 0.5}}, 2015, 5000),
        ({"weights": {"small_up_to": 99}}, 2024, 2500),
        ({"weights": {"small_up_to": 99, "other": 1.25}}, 2024, 2000),
        ({"not_small": ["sound"]}, 2024, 2500),
        ({"reguarantee": NATIONAL}, 2024, 6600),  # half of 80 % is retained
        ({"reguarantee": {"a": {"share": 0.5}, "b": {"share": 1, "covers": "a"}}}, 2024, 6600),
        ({"compensation_fund": {"share": 0.5}}, 2024, 3300),  # a refund of the past frees no capital
    ],
)
def test_lending_stops_at_the_leverage_of_net_assets_on_the_weighted_retained_part(
    tmp_path, engine, terms, year, lent
):
    t = run(tmp_path, engine, blocks={"regime_year": year}, leverage=2, **{**lend(9000), **terms})
    assert t.metric("guarantee.lent") == approx(lent)
    assert t.metric("guarantee.demand_refused") == approx(9000 - lent)


def test_liability_is_weighted_and_leverage_is_what_of_it_stands_on_a_yuan(tmp_path, engine):
    """3000 × 0.8 × 0.75 on 1000 less a reserve of 1 %, until the loans end in month 12."""
    t = run(tmp_path, engine, **lend(3000))
    assert t.metric("guarantee.liability", 12) == approx(1800)
    assert t.metric("guarantee.leverage", 12) == approx(1800 / (1000 - 18))
    assert t.metric("guarantee.liability", 24) == 0.0


@pytest.mark.parametrize(("multiple", "lent"), [(3, 3000), ({"least": 3, "most": 3}, 3000), (0, 0)])
def test_banks_lend_a_multiple_of_the_capital_paid_in(tmp_path, engine, multiple, lent):
    t = run(tmp_path, engine, bank_line={"multiple": multiple}, **lend(9000))
    assert t.metric("guarantee.lent") == approx(lent)
    assert t.metric("guarantee.bank_line") == approx(lent)


@pytest.mark.parametrize(
    ("share", "layers", "lent"),
    [(0.08, {}, 1000), (0.079, {}, 0), (0.04, NATIONAL, 1000), (0.039, NATIONAL, 0), (None, {}, 1000)],
)
def test_no_loan_puts_more_of_net_assets_at_risk_than_the_obligor_limit(
    tmp_path, engine, share, layers, lent
):
    """80 of a loan of 100 are retained, or 40 with reguarantee, beside net assets of 1000."""
    t = run(tmp_path, engine, obligor_share=share, reguarantee=layers, **lend(1000))
    assert t.metric("guarantee.lent") == approx(lent)
    assert t.metric("guarantee.demand_refused") == approx(1000 - lent)


# Net assets


def test_unearned_fees_and_the_reserve_lower_net_assets_and_not_the_balance(tmp_path, engine):
    """Fees of 16, half of them unearned for a year; at the year's end 1 % of the liability of 600."""
    t = run(tmp_path, engine, fee=0.02, **lend(1000))
    assets = t.months["guarantor/guarantee/net_assets"]
    assert assets[[0, 10, 11]].tolist() == [approx(x) for x in (1008, 1008, 1002)]
    assert t.metric("guarantee.unearned_premium", 12) == approx(8)
    assert t.metric("guarantee.reserve", 12) == approx(6)
    assert t.metric("guarantee.net_assets", 24) == approx(1016)  # earned, and nothing outstanding
    assert t.metric("guarantee.balance", 12) == approx(1016)


def test_reserves_follow_their_parameters(tmp_path, engine):
    """A fifth of 16 unearned; 30 % of the liability would be set aside, 20 % is the most."""
    reserves = {"unearned": 0.2, "compensation_rate": 0.3, "compensation_cap": 0.2}
    t = run(tmp_path, engine, fee=0.02, reserves=reserves, **lend(1000))
    assert t.metric("guarantee.unearned_premium", 12) == approx(3.2)
    assert t.metric("guarantee.reserve", 12) == approx(120)


def test_expected_recoveries_are_an_asset_until_they_come(tmp_path, engine):
    """(1 − 60 %)(1 − 10 %) of the 800 paid in month 7; of 600 once the province has refunded 200."""
    layer = {"province": {"share": 0.25, "lag_months": 6}}
    t = run(tmp_path, engine, reguarantee=layer, recovery={"lag_months": 20, "cost": 0.1})
    receivable = t.months["guarantor/guarantee/receivable"]
    assert receivable[[6, 7, 12, 13, 21, 22]].tolist() == [approx(x) for x in (0, 288, 288, 216, 216, 0)]
    assert t.metric("guarantee.net_assets", 24) == approx(1000 - 800 + 200 + 0.75 * 288)


def test_a_guarantor_that_owes_more_than_it_has_is_insolvent(tmp_path, engine):
    """Of 800 due in month 7 it pays 500; what lapses is no debt, what is carried is."""
    t = run(tmp_path, engine, opening=500)
    assert t.metric("guarantee.insolvent") == 0.0
    t = run(tmp_path, engine, opening=500, arrears="carry")
    assert t.metric("guarantee.net_assets") == approx(-300)
    assert t.metric("guarantee.insolvency_month") == 8.0
    assert t.metric("guarantee.leverage") != t.metric("guarantee.leverage")  # none


# Capital


PRIVATE = {"injections": [{"date": "2015-04", "amount": 200}], **lend(0)}


def test_private_capital_follows_each_public_injection_after_its_lag(tmp_path, engine):
    """Five yuan for each of the 200 of month 3, in month 6; the opening capital attracts nothing."""
    t = run(tmp_path, engine, private_capital={"multiple": 5, "lag_months": 3}, **PRIVATE)
    assert t.months["party/guarantee/paid_in"][[2, 3, 5, 6]].tolist() == [
        approx(x) for x in (1000, 1200, 1200, 2200)
    ]
    assert t.metric("guarantee.public_capital") == approx(1200)
    assert t.metric("guarantee.private_capital") == approx(1000)
    assert t.metric("guarantee.stack.capital") == approx(2200 / 1200)
    assert t.metric("scheme.fiscal_outlay") == approx(200)
    assert t.metric("scheme.fiscal_cost") == approx(0)


def test_a_drawn_multiple_is_one_for_all_injections_of_a_path(tmp_path, engine):
    terms = {**PRIVATE, "injections": [{"date": f"2015-0{k}", "amount": 100 * k} for k in (4, 5)]}
    t = run(tmp_path, engine, private_capital={"multiple": {"least": 5, "most": 10}}, **terms)
    multiple = t.end("drawn/guarantee.private_capital/value")
    assert 5.0 < multiple < 10.0
    assert t.months["party/guarantee/paid_in"][[2, 3, 4]].tolist() == [
        approx(x) for x in (1000, 1400 + 400 * multiple, 1900 + 900 * multiple)
    ]


def test_private_money_that_would_come_after_the_window_does_not_come(tmp_path, engine):
    """Month 21 + 2 lies in the window of 24 months, month 21 + 3 after it."""
    late = {"injections": [{"date": "2016-10", "amount": 200}], **lend(0)}
    t = run(tmp_path, engine, private_capital={"multiple": 5, "lag_months": 2}, **late)
    assert t.metric("guarantee.private_capital") == approx(1000)
    t = run(tmp_path, engine, private_capital={"multiple": 5, "lag_months": 3}, **late)
    assert t.metric("guarantee.private_capital") == 0.0


def test_the_layers_of_leverage_multiply_to_loans_per_public_yuan(tmp_path, engine):
    """200 public + 800 private = 1000, a line of 4000, of which 3000 are lent in month 1."""
    t = run(
        tmp_path,
        engine,
        **founded(200, 4),
        bank_line={"multiple": 4},
        **{**LENDING, "demand": {"schedule": [{"date": "2015-02", "amount": 3000}]}},
    )
    assert t.metric("guarantee.stack.capital", 12) == approx(5)
    assert t.metric("guarantee.stack.bank_line", 12) == approx(4)
    assert t.metric("guarantee.stack.outstanding", 12) == approx(0.75)
    assert t.metric("guarantee.stack.lent") == approx(0.75)
    assert t.metric("guarantee.stack.outstanding") == 0.0
    assert t.metric("guarantee.leverage_stock", 12) == approx(15)
    assert t.metric("guarantee.leverage_flow") == approx(15)
    assert t.metric("guarantee.capacity_used") == approx(3000 * 12 / (4000 * 24))


def test_without_a_line_loans_stand_on_capital(tmp_path, engine):
    t = run(tmp_path, engine, **lend(3000))
    assert t.metric("guarantee.stack.outstanding", 12) == approx(3)
    assert t.metric("guarantee.leverage_stock", 12) == approx(3)


@pytest.mark.parametrize(
    ("layers", "cost"),
    [
        ({}, 400),
        ({"province": {"share": 0.25}}, 200 + 300),
        ({"province": {"share": 0.25, "public": False}}, 300),
    ],
)
def test_the_public_bears_its_part_of_the_capital_in_what_the_guarantor_loses(tmp_path, engine, layers, cost):
    """Half of 1000 is public; of a loss of 800 the province, public or not, takes 200."""
    t = run(tmp_path, engine, **founded(500, 1), reguarantee=layers)
    assert t.metric("guarantee.balance") == approx(200 + (200 if layers else 0))
    assert t.metric("scheme.fiscal_outlay") == approx(500)
    assert t.metric("scheme.fiscal_cost") == approx(cost)


def test_public_leverage_of_the_scheme_leaves_private_capital_out(tmp_path, engine):
    t = run(tmp_path, engine, **founded(100, 8, opening=100), **lend(2000))
    assert t.metric("scheme.leverage_flow") == approx(10)


def test_the_guarantor_is_topped_up_earns_interest_and_has_costs(tmp_path, engine):
    """200 are left in month 7; month 8 fills to 600; (600 × 1.01 − 10) at its end."""
    top_up = {"below": 300, "to": 600}
    t = run(tmp_path, engine, top_up=top_up, deposit_rate=0.12, running_cost=120)
    assert t.months["flow/city>guarantee/top_up"][8] > 0.0
    assert t.months[BALANCE][8] == approx(600 * 1.01 - 10)


def test_a_breaker_reads_what_the_guarantor_paid_over_its_capital(tmp_path, engine):
    """800 of 1000 in month 7."""
    t = run(tmp_path, engine, breaker={"metric": "compensation_ratio", "threshold": 0.8})
    assert t.metric("guarantee.breaker_month", 12) == 8.0


def test_compensation_rates_are_on_the_guaranteed_part(tmp_path, engine):
    """Ten loans default and ten repay: 800 ÷ (800 + 800) released."""
    t = run(
        tmp_path,
        engine,
        borrowers={"doomed": 0.5, "sound": 0.5},
        opening_stock={"loans": 20, "months_left": 3},
        demand={"schedule": [{"date": "2015-10", "amount": 2000}]},
    )
    assert t.metric("guarantee.compensation_rate_released", 12) == approx(0.5)
    assert t.metric("guarantee.compensation_rate_outstanding", 12) == approx(800 / (0.8 * 2000))
