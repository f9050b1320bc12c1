"""Each rule of the compensation pool by hand arithmetic, on scenarios without chance."""

import pytest

from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.reference import engine as reference

from .by_hand import DOOMED, SOUND, one_path, pool, run, whole, written

BALANCE = "party/pool/balance"


def approx(value):
    """Amounts to a ten-thousandth of a fen."""
    return pytest.approx(value, abs=1e-6)


# When and how much


def test_half_of_the_loss_is_paid_three_months_and_two_after_the_default(tmp_path):
    """10 loans of 100 default in month 2; 1000 × 50 % = 500 fall due in month 2 + 3 + 2."""
    t = run(tmp_path, pool())
    assert t.months["book/pool/doomed/defaulted"][1:3].tolist() == [0.0, approx(1000)]
    assert t.months[BALANCE][6:8].tolist() == [approx(1000), approx(500)]
    assert t.metric("pool.claims_paid") == approx(500)
    assert t.metric("pool.bank_loss") == approx(500)
    assert t.metric("pool.depleted") == 0.0


@pytest.mark.parametrize(
    ("trigger", "months"),
    [
        ({"overdue_days": 0}, 0),
        ({"overdue_days": 1}, 1),
        ({"overdue_days": 30}, 1),
        ({"overdue_days": 31}, 2),
        ({"overdue_days": 180}, 6),
        ({"npl": True}, 3),
        ({"final_loss": 9}, 9),
    ],
)
def test_the_trigger_decides_the_month(tmp_path, trigger, months):
    """Days become months of thirty, rounded up; non-performing is three months."""
    t = run(tmp_path, pool(trigger=trigger, claim_lag=1))
    due = t.months["contract/pool/due"]
    assert due[months + 2] == 0.0
    assert due[months + 3] > 0.0


def test_a_claim_without_trigger_and_lag_is_paid_in_the_month_of_the_default(tmp_path):
    t = run(tmp_path, pool(trigger={"overdue_days": 0}, claim_lag=0))
    assert t.months[BALANCE][1:3].tolist() == [approx(1000), approx(500)]


def test_interest_of_the_trigger_months_is_covered_where_the_basis_has_it(tmp_path):
    """50 % of 1000 × (1 + 6 % × 3/12) = 507.50."""
    t = run(tmp_path, pool(basis="principal_and_interest"))
    assert t.metric("pool.claims_paid") == approx(507.5)


def test_interest_counts_on_both_sides_of_the_banks_loss(tmp_path):
    """1000 × (1 + 6 % × 3/12) are lost and 507.50 of it paid; without recovery the bank bears 507.50."""
    t = run(tmp_path, pool(basis="principal_and_interest"))
    assert t.metric("pool.bank_loss") == approx(1015.0 - 507.5)
    assert run(tmp_path, pool()).metric("pool.bank_loss") == approx(1000.0 - 500.0)


def test_a_final_loss_claim_is_net_of_recovery_and_shares_no_recovery(tmp_path):
    """50 % × LGD 60 % × 1000 = 300; the recovery of 400 stays with the bank: 1000 − 300 − 400 = 300."""
    t = run(tmp_path, pool(trigger={"final_loss": 6}, claim_lag=0, recovery={"lag_months": 10}))
    assert t.metric("pool.claims_paid") == approx(300)
    assert t.metric("pool.recoveries") == 0.0
    assert t.metric("pool.bank_loss") == approx(300)


# Recoveries


def test_a_recovery_leaves_its_cost_first_and_comes_back_by_the_share_paid(tmp_path):
    """400 come in month 2 + 10, 40 of them are costs; half of 360 goes to the pool."""
    t = run(tmp_path, pool(recovery={"lag_months": 10, "cost": 0.1}))
    assert t.months[BALANCE][11:13].tolist() == [approx(500), approx(680)]
    assert t.metric("pool.recoveries") == approx(180)
    assert t.metric("pool.bank_loss") == approx(1000 - 500 - (360 - 180))
    assert t.end("flow/pool.bank>outside/recovery_cost") == approx(40)


def test_a_spread_recovery_comes_in_its_parts(tmp_path):
    """400 × 25 % in month 6, before the claim of month 7: 500 × (1000 − 100)/1000 are due; then 300."""
    spread = [{"lag_months": 4, "share": 0.25}, {"lag_months": 12, "share": 0.75}]
    t = run(tmp_path, pool(recovery={"spread": spread}))
    assert t.months[BALANCE][[5, 6, 7, 13, 14]].tolist() == [approx(x) for x in (1000, 1000, 550, 550, 700)]
    assert t.metric("pool.claims_due") == approx(450)
    assert t.metric("pool.bank_loss") == approx(1000 - 400 - 300)


def test_a_recovery_on_a_claim_that_was_paid_in_part_comes_back_in_that_part(tmp_path):
    """A pool of 300 pays 300 of 1000: 30 % of 360 come back."""
    t = run(tmp_path, pool(opening=300, recovery={"lag_months": 10, "cost": 0.1}))
    assert t.metric("pool.recoveries") == approx(108)
    assert t.metric("pool.balance") == approx(108)


# Depletion and arrears


def test_an_empty_pool_leaves_the_rest_with_the_bank_and_is_depleted(tmp_path):
    t = run(tmp_path, pool(opening=300))
    assert t.metric("pool.claims_due") == approx(500)
    assert t.metric("pool.claims_paid") == approx(300)
    assert t.metric("pool.claims_unpaid") == approx(200)
    assert t.metric("pool.claims_coverage") == approx(0.6)
    assert t.metric("pool.bank_loss") == approx(700)
    assert t.metric("pool.depleted") == 1.0
    assert t.metric("pool.depletion_month") == 8.0
    assert t.months[BALANCE].min() == approx(0)


def test_a_pool_that_is_just_enough_is_not_depleted(tmp_path):
    t = run(tmp_path, pool(opening=500))
    assert t.metric("pool.balance") == approx(0)
    assert t.metric("pool.depleted") == 0.0
    assert t.metric("pool.depletion_month") == float("inf")


def test_arrears_that_lapse_stay_with_the_bank_when_money_comes_later(tmp_path):
    late = [{"date": "2016-01", "amount": 150}]
    t = run(tmp_path, pool(opening=300, injections=late))
    assert t.metric("pool.claims_paid") == approx(300)
    assert t.metric("pool.balance") == approx(150)


def test_arrears_that_are_carried_are_paid_when_money_comes(tmp_path):
    """300 in month 7, 150 in month 12; 50 are left over."""
    late = [{"date": "2016-01", "amount": 150}]
    t = run(tmp_path, pool(opening=300, arrears="carry", injections=late))
    paid = t.months["contract/pool/paid"]
    assert paid[[6, 7, 11, 12]].tolist() == [approx(x) for x in (0, 300, 300, 450)]
    assert t.metric("pool.claims_unpaid") == approx(50)
    assert t.metric("pool.depleted") == 1.0
    assert t.metric("pool.depletion_month") == 8.0


def test_a_recovery_relieves_the_arrears_that_it_makes_needless(tmp_path):
    """360 come on 1000 in month 12: of 200 in arrears 72 need not be paid, 30 % of 360 come to the pool.

    With 150 paid in and 108 recovered the pool then pays the other 128 and keeps 130.
    """
    t = run(
        tmp_path,
        pool(
            opening=300,
            arrears="carry",
            injections=[{"date": "2016-01", "amount": 150}],
            recovery={"lag_months": 10, "cost": 0.1},
        ),
    )
    assert t.end("contract/pool/relieved") == approx(72)
    assert t.metric("pool.claims_paid") == approx(428)
    assert t.metric("pool.claims_unpaid") == approx(0)
    assert t.metric("pool.balance") == approx(130)


# Caps


@pytest.mark.parametrize(
    ("caps", "due", "paid"),
    [
        ({"loan_limit": 30}, 300, 300),  # of 50 a loan
        ({"loan_attach": 20}, 300, 300),
        ({"loan_attach": 20, "loan_limit": 25}, 250, 250),
        ({"year_attach": 120}, 380, 380),
        ({"year_limit": 400}, 500, 400),
        ({"attach": 100, "limit": 300}, 400, 300),
        ({"cohort_rate": 0.2}, 500, 200),  # 20 % of the opening stock's 1000
        ({"year_limit": 400, "cohort_rate": 0.2}, 500, 200),
    ],
)
def test_caps_cut_what_is_paid(tmp_path, caps, due, paid):
    t = run(tmp_path, pool(caps=caps))
    assert t.metric("pool.claims_due") == approx(due)
    assert t.metric("pool.claims_paid") == approx(paid)
    assert t.metric("pool.claims_above_cap") == approx(due - paid)
    assert t.metric("pool.claims_unpaid") == 0.0
    assert t.metric("pool.depleted") == 0.0


LENT_LATER = {"schedule": [{"date": "2015-01", "amount": 1000}]}
"""Ten more doomed loans at the end of month 0, which default in month 12: due in month 17."""


@pytest.mark.parametrize(("cap_on", "second"), [("gross", 100), ("net", 300)])
def test_recoveries_restore_a_cap_on_net_payments_only(tmp_path, cap_on, second):
    """Of 600, 500 go in month 7; 200 come back in month 12; the second claim finds 100, or 300."""
    t = run(
        tmp_path,
        pool(demand=LENT_LATER, caps={"limit": 600, "cap_on": cap_on}, recovery={"lag_months": 10}),
    )
    paid = t.months["contract/pool/paid"]
    assert paid[[7, 17]].tolist() == [approx(500), approx(500 + second)]


def test_a_yearly_limit_counts_the_policy_year_of_payment(tmp_path):
    """Month 7 and month 17 lie in two policy years: 400 in each."""
    t = run(tmp_path, pool(demand=LENT_LATER, caps={"year_limit": 400}))
    assert t.months["contract/pool/paid"][[7, 17]].tolist() == [approx(400), approx(800)]


def test_a_cohort_cap_counts_the_loans_of_one_policy_year_renewals_included(tmp_path):
    """30 % of the opening 1000, then 30 % of what was lent in 2015."""
    t = run(tmp_path, pool(demand=LENT_LATER, caps={"cohort_rate": 0.3}))
    assert t.months["contract/pool/paid"][[7, 17]].tolist() == [approx(300), approx(600)]


# Mutual margin


HALVES = {"borrowers": {"doomed": 0.5, "sound": 0.5}, "opening_stock": {"loans": 20, "months_left": 3}}
"""Ten doomed and ten sound loans, all maturing in month 2."""


def test_the_margin_pays_first_then_the_pool_half_of_the_rest_then_the_bank(tmp_path):
    """5 % of 2000 = 100 of margin; of the other 900 the pool pays 450 and the bank bears 450."""
    t = run(tmp_path, pool(**HALVES, margin={"rate": 0.05, "refund": False}))
    assert t.metric("pool.margin.claims_due") == approx(1000)
    assert t.metric("pool.margin.claims_paid") == approx(100)
    assert t.metric("pool.margin.balance") == approx(0)
    assert t.metric("pool.claims_paid") == approx(450)
    assert t.metric("pool.bank_loss") == approx(450)


def test_a_share_of_the_original_loss_does_not_feel_the_margin(tmp_path):
    t = run(tmp_path, pool(**HALVES, of="original", margin={"rate": 0.05, "refund": False}))
    assert t.metric("pool.claims_paid") == approx(500)
    assert t.metric("pool.bank_loss") == approx(400)


@pytest.mark.parametrize("engine", [core, reference])
def test_a_recovery_is_shared_by_what_was_paid_of_the_first_loss(tmp_path, engine):
    """Of 1000 the margin pays 300 and the pool half of 700: its part of 400 recovered is 35 %, not 50 %."""
    terms = pool(**HALVES, margin={"rate": 0.15, "refund": False}, recovery={"lag_months": 10})
    t = one_path(lower(written(tmp_path, whole(terms))), engine)
    assert t.metric("pool.margin.claims_paid") == approx(300)
    assert t.metric("pool.claims_paid") == approx(350)
    assert t.metric("pool.recoveries") == approx(400 * 0.35)
    assert t.metric("pool.margin.balance") == approx(400 * 0.30)
    assert t.metric("pool.bank_loss") == approx(1000 - 300 - 350 - 400 * 0.35)


@pytest.mark.parametrize("engine", [core, reference])
@pytest.mark.parametrize(
    ("terms", "margin_pays", "pool_pays"),
    [
        ({"margin": {"rate": 0.05, "refund": False}}, 100, 250),
        ({"margin": {"rate": 0.5, "refund": False}}, 600, 0),
        ({"margin": {"rate": 0.05, "refund": False}, "of": "original"}, 100, 300),
        ({"margin": {"rate": 0.25, "refund": False}, "of": "original", "share": 0.9}, 500, 100),
    ],
)
def test_of_a_final_loss_nobody_pays_what_the_margin_has_paid(
    tmp_path, engine, terms, margin_pays, pool_pays
):
    """1000 default at an LGD of 60 %: 600 are lost, of which the bank bears what the two leave."""
    pooled = pool(**HALVES, trigger={"final_loss": 3}, recovery={"lag_months": 10}, **terms)
    t = one_path(lower(written(tmp_path, whole(pooled))), engine)
    assert t.metric("pool.margin.claims_paid") == approx(margin_pays)
    assert t.metric("pool.claims_paid") == approx(pool_pays)
    assert t.metric("pool.bank_loss") == approx(600 - margin_pays - pool_pays)


def test_margin_goes_back_to_firms_that_repay(tmp_path):
    """In month 2 ten sound loans repay: 5 % × 1000 of the 100; then 50 and 50 % of 950 are paid."""
    t = run(tmp_path, pool(**HALVES, margin={"rate": 0.05}))
    assert t.months["flow/pool.margin>firms/margin_refund"][1:3].tolist() == [0.0, approx(50)]
    assert t.metric("pool.margin.claims_paid") == approx(50)
    assert t.metric("pool.claims_paid") == approx(475)


def test_margin_that_was_drawn_on_goes_back_in_part(tmp_path):
    """Claims are paid in month 2 itself, after refunds; loans lent in month 0 repay in month 12.

    Margin: 100 at the start, 50 more at the grant of 1000 (half doomed), 50 back in month 2; the claim of
    1000 takes all 100.  In month 12 five sound loans repay and find nothing.
    """
    t = run(
        tmp_path,
        pool(**HALVES, margin={"rate": 0.05}, trigger={"overdue_days": 0}, claim_lag=0, demand=LENT_LATER),
    )
    assert t.metric("pool.margin.contributions") == approx(50)
    assert t.months["party/pool.margin/balance"][[0, 1, 2]].tolist() == [approx(150), approx(150), approx(0)]
    assert t.end("flow/pool.margin>firms/margin_refund") == approx(50)


def test_a_refund_is_own_contribution_times_balance_over_live_contributions(tmp_path):
    """A margin of 30 where 50 are live when 500 of 1000 sound principal repays: 25 × 30/50 = 15."""
    stock = {"opening_stock": {"loans": 10}, "borrowers": {"sound": 1.0}}
    t = run(
        tmp_path,
        pool(**stock, margin={"rate": 0.05, "opening": 30}),
        segments={"sound": {**SOUND, "loan": {**SOUND["loan"], "term_months": 2}}, "doomed": DOOMED},
    )
    assert t.months["flow/pool.margin>firms/margin_refund"][[0, 1]].tolist() == [approx(15), approx(30)]


def test_margin_is_charged_at_the_first_grant_and_not_at_renewals(tmp_path):
    t = run(
        tmp_path,
        pool(**{**HALVES, "borrowers": {"sound": 1.0}}, margin={"rate": 0.05}),
        segments={"sound": {**SOUND, "renew": 1}, "doomed": DOOMED},
    )
    assert t.end("book/pool/sound/n_renewed") == 40.0  # in months 2 and 14
    assert t.metric("pool.margin.contributions") == 0.0
    assert t.metric("pool.margin.balance", 24) == approx(100)


# Money in and out


def test_injections_arrive_at_the_start_of_their_month_and_raise_paid_in(tmp_path):
    """The 200 of month 7 are there when the claim of month 7 is paid."""
    t = run(tmp_path, pool(opening=300, injections=[{"date": "2015-08", "amount": 200}]))
    assert t.metric("pool.depleted") == 0.0
    assert t.metric("pool.paid_in") == approx(500)
    assert t.metric("scheme.fiscal_outlay") == approx(200)


def test_a_top_up_fills_to_its_level_within_its_yearly_limit(tmp_path):
    """500 are paid in month 7; month 8 gives 250 of the 600 missing, month 12 another 250."""
    t = run(tmp_path, pool(opening=500, top_up={"below": 300, "to": 600, "year_limit": 250}))
    balance = t.months[BALANCE]
    assert balance[[7, 8, 11, 12, 23]].tolist() == [approx(x) for x in (0, 250, 250, 500, 500)]
    assert t.metric("pool.paid_in") == approx(1000)


def test_no_top_up_is_paid_after_the_window(tmp_path):
    """The claim of month 7 falls into the run-off of a window of six months."""
    t = run(
        tmp_path,
        pool(opening=500, top_up={"below": 300, "to": 600}),
        window={"start": "2015-01", "months": 6, "run_off": 12},
    )
    assert t.metric("pool.balance") == approx(0)


def test_interest_is_paid_on_the_balance_month_by_month(tmp_path):
    t = run(tmp_path, pool(opening_stock=None, deposit_rate=0.12))
    assert t.metric("pool.balance", 24) == pytest.approx(1000 * 1.01**24, rel=1e-12)


def test_running_cost_is_paid_after_interest_and_never_more_than_is_there(tmp_path):
    """((1000 × 1.01) − 10) × 1.01 − 10 after two months; a pool of 25 lasts two and a half months."""
    t = run(tmp_path, pool(opening_stock=None, deposit_rate=0.12, running_cost=120))
    assert t.months[BALANCE][1] == approx((1000 * 1.01 - 10) * 1.01 - 10)
    t = run(tmp_path, pool(opening_stock=None, opening=25, running_cost=120))
    assert t.months[BALANCE][[0, 1, 2, 3]].tolist() == [approx(x) for x in (15, 5, 0, 0)]
    assert t.end("flow/pool>outside/running_cost") == approx(25)


# Lending


@pytest.mark.parametrize(("base", "room"), [("paid_in", 2000), ("balance", 2000)])
def test_lending_stops_at_the_multiple_of_the_base(tmp_path, base, room):
    demand = {"schedule": [{"date": "2015-01", "amount": 5000}]}
    terms = pool(opening_stock=None, borrowers={"sound": 1.0}, multiple=2, capacity_base=base, demand=demand)
    t = run(tmp_path, terms)
    assert t.metric("pool.lent") == approx(room)
    assert t.metric("pool.demand_refused") == approx(5000 - room)


@pytest.mark.parametrize(("base", "lent"), [("paid_in", 2000), ("balance", 1000)])
def test_a_base_of_balance_shrinks_with_the_pool_and_one_of_paid_in_does_not(tmp_path, base, lent):
    """In month 8 nothing is outstanding and 500 of the 1000 are left."""
    demand = {"schedule": [{"date": "2015-09", "amount": 9000}]}
    t = run(tmp_path, pool(multiple=2, capacity_base=base, demand=demand))
    assert t.metric("pool.lent") == approx(lent)


def test_defaulted_loans_take_room_until_their_claim_is_due(tmp_path):
    """1000 of 2000 are taken up to month 6, and free in month 7."""
    demand = {"schedule": [{"date": "2015-07", "amount": 3000}, {"date": "2015-08", "amount": 3000}]}
    terms = pool(multiple=2, demand=demand)
    t = run(tmp_path, terms)
    assert t.months["facility/pool/outstanding"][[5, 6, 7]].tolist() == [
        approx(x) for x in (1000, 2000, 2000)
    ]
    assert t.months["book/pool/doomed/lent_new"][[5, 6, 7]].tolist() == [approx(x) for x in (0, 1000, 2000)]


def test_renewed_loans_are_lent_again_and_reach_no_new_firm(tmp_path):
    """Ten loans maturing in months 2 and 14, renewed in both."""
    t = run(
        tmp_path,
        pool(borrowers={"sound": 1.0}),
        segments={"sound": {**SOUND, "renew": 1}, "doomed": DOOMED},
    )
    assert t.metric("pool.lent", 24) == approx(2000)
    assert t.metric("pool.lent_new", 24) == 0.0
    assert t.metric("pool.firms_reached", 24) == 10.0
    assert t.metric("pool.outstanding", 24) == approx(1000)
    assert t.metric("pool.outstanding") == 0.0  # no renewals in the run-off


def test_eligible_firms_limit_new_loans(tmp_path):
    demand = {"schedule": [{"date": "2015-01", "amount": 5000}]}
    t = run(
        tmp_path,
        pool(borrowers={"sound": 1.0}, demand=demand),
        segments={"sound": {**SOUND, "firms": 25}, "doomed": DOOMED},
    )
    assert t.metric("pool.lent_new") == approx(1500)  # 25 firms less the 10 of the opening stock
    assert t.metric("pool.demand_refused") == approx(3500)


@pytest.mark.parametrize(("after", "defaulted"), [("cliff", 1000), ("repay", 0)])
def test_after_the_window_firms_that_would_have_renewed_default_or_repay(tmp_path, after, defaulted):
    """Ten sound loans, renewed in months 2 and 14, mature in month 26."""
    t = run(
        tmp_path,
        pool(borrowers={"sound": 1.0}, after_window=after, recovery={"lag_months": 60}),
        segments={"sound": {**SOUND, "renew": 1, "default_if_not_renewed": 1}, "doomed": DOOMED},
    )
    assert t.months["book/pool/sound/defaulted_at_cliff"][[25, 26]].tolist() == [0.0, approx(defaulted)]
    assert t.metric("pool.amount_defaulted") == approx(defaulted)
    assert t.metric("pool.claims_paid") == approx(defaulted / 2)


# Breaker


WATCHED = {**HALVES, "demand": {"yearly": [2400, 2400]}}
"""One sound and one doomed loan a month besides: 200."""


def test_a_breaker_stops_new_loans_from_the_month_it_fires_until_the_rate_is_low_again(tmp_path):
    """Month 2: 1000 overdue ÷ (0 + 400 + 1000) = 0.714.  A recovery closes it in month 2 + 5."""
    breaker = {"metric": "overdue_rate", "threshold": 0.7, "reset": 0.1}
    t = run(tmp_path, pool(**WATCHED, breaker=breaker, recovery={"lag_months": 5}))
    refused = t.months["facility/pool/refused_breaker"]
    assert refused[[1, 2, 6, 7, 8]].tolist() == [approx(x) for x in (0, 200, 1000, 1000, 1000)]
    assert t.metric("pool.breaker_fired") == 1.0
    assert t.metric("pool.breaker_month") == 3.0
    assert t.metric("pool.breaker_months", 12) == 5.0
    assert t.metric("pool.breaker_lending_lost", 12) == approx(1000)


def test_between_reset_and_threshold_a_breaker_stays_as_it_is(tmp_path):
    """Fired at 0.714; with 2000 sound loans more the rate is under the threshold but over the reset."""
    breaker = {"metric": "overdue_rate", "threshold": 0.3, "reset": 0.05}
    demand = {"schedule": [{"date": "2015-02", "amount": 4000}, {"date": "2015-05", "amount": 1000}]}
    t = run(tmp_path, pool(**{**HALVES, "demand": demand}, breaker=breaker, recovery={"lag_months": 5}))
    # 1000 ÷ (4000 + 1000) never reaches 0.3.
    assert t.metric("pool.breaker_fired", 12) == 0.0
    breaker["threshold"] = 0.2
    t = run(tmp_path, pool(**{**HALVES, "demand": demand}, breaker=breaker, recovery={"lag_months": 5}))
    assert t.metric("pool.breaker_month", 12) == 3.0
    assert t.metric("pool.breaker_lending_lost", 12) == approx(1000)


def test_non_performing_is_what_defaulted_three_months_ago(tmp_path):
    breaker = {"metric": "npl_ratio", "threshold": 0.3}
    t = run(tmp_path, pool(**WATCHED, breaker=breaker, recovery={"lag_months": 9}))
    assert t.metric("pool.breaker_month") == 6.0  # defaulted in month 2, counted from month 5


def test_a_breaker_on_compensation_reads_what_the_pool_paid_over_what_was_paid_in(tmp_path):
    """500 ÷ 1000 in month 7 of the first policy year; a new year begins in month 12."""
    breaker = {"metric": "compensation_ratio", "threshold": 0.5}
    t = run(tmp_path, pool(**WATCHED, breaker=breaker))
    assert t.metric("pool.breaker_month", 12) == 8.0
    assert t.metric("pool.breaker_months", 12) == 5.0
    assert t.months["breaker/pool/months"][12] == 5.0
    lifetime = run(tmp_path, pool(**WATCHED, breaker={**breaker, "lifetime": True}))
    assert lifetime.months["breaker/pool/months"][12] == 6.0


def test_terminate_is_for_good(tmp_path):
    breaker = {"metric": "overdue_rate", "threshold": 0.7, "reset": 0.1, "action": "terminate"}
    t = run(tmp_path, pool(**WATCHED, breaker=breaker, recovery={"lag_months": 6}))
    assert t.metric("pool.breaker_months", 24) == 22.0
    assert t.metric("pool.claims_paid", 12) == approx(500)  # cover on existing loans goes on


@pytest.mark.parametrize(
    ("action", "renewed", "stopped"), [("stop_new", 12, 0), ("stop_new_and_renewals", 2, 10)]
)
def test_a_breaker_that_stops_renewals_turns_sound_loans_into_defaults(tmp_path, action, renewed, stopped):
    """One sound and one doomed loan of 24 mature in each month of the first year.

    200 ÷ 2400 reach 8 % in month 1, so renewals stop from month 2 on.
    """
    t = run(
        tmp_path,
        pool(
            borrowers={"doomed": 0.5, "sound": 0.5},
            opening_stock={"loans": 24},
            breaker={"metric": "overdue_rate", "threshold": 0.08, "reset": 0.0, "action": action},
        ),
        segments={"sound": {**SOUND, "renew": 1, "default_if_not_renewed": 1}, "doomed": DOOMED},
    )
    assert t.months["book/pool/sound/n_renewed"][11] == renewed
    assert t.months["book/pool/sound/defaulted_at_stop"][11] == approx(100 * stopped)
    assert t.metric("pool.breaker_month") == 2.0
