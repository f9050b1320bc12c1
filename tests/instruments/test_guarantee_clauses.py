"""Clauses of the guarantee that meet each other, by hand arithmetic, in both engines."""

import pytest

from fundsim import core, reference

from .by_hand import DOOMED, SOUND
from .test_guarantee import BALANCE, FUND, NATIONAL, approx, lend, run

pytestmark = pytest.mark.parametrize("engine", [reference.engine, core.engine], ids=["reference", "core"])

RICH_FUND = {**FUND, "opening": 1000, "injections": []}
"""Refunds half of what reguarantors leave, six months after the guarantor paid."""


# Compensation rates as caps


def test_what_a_cap_cuts_stays_with_the_guarantor_and_was_waited_for(tmp_path, engine):
    """The province owes 200 in month 13 and pays 10: 5 % of 800 guaranteed, a quarter of it."""
    layer = {"province": {"share": 0.25, "lag_months": 6, "rate_cap": 0.05}}
    t = run(tmp_path, engine, reguarantee=layer)
    assert t.metric("guarantee.waiting", 12) == approx(200)
    assert t.metric("guarantee.claims_net") == approx(790)
    assert t.metric("guarantee.balance") == approx(210)
    assert t.metric("guarantee.bank_loss") == approx(200)


@pytest.mark.parametrize("rate", [0.03, 0.04, 0.05])
def test_the_cap_is_a_rate_on_the_guarantees_of_a_year(tmp_path, engine, rate):
    """Each of two layers assumes 200 of 800 guaranteed."""
    layers = {name: {**layer, "rate_cap": rate} for name, layer in NATIONAL.items()}
    t = run(tmp_path, engine, reguarantee=layers)
    for layer in layers:
        assert t.metric(f"guarantee.{layer}.claims_paid") == approx(rate * 200)


def test_each_policy_year_has_a_cap_of_its_own_and_renewals_count_in_theirs(tmp_path, engine):
    """4000 are granted in month 1, of which 1000 default in month 13 and 3000 are renewed then.

    Of the second year are those 3000 and the 4000 granted in month 14, of which 1000 default in month 26.
    """
    segments = {"sound": {**SOUND, "renew": 1}, "doomed": DOOMED}
    t = run(
        tmp_path,
        engine,
        blocks={"segments": segments},
        opening=10_000,
        opening_stock=None,
        borrowers={"sound": 0.75, "doomed": 0.25},
        demand={
            "schedule": [{"date": "2015-02", "amount": 4000}, {"date": "2016-03", "amount": 4000}],
        },
        reguarantee={"province": {"share": 0.25, "rate_cap": 0.05}},
    )
    paid = t.months["contract/guarantee.province/paid"]
    # First year: 4000 granted, 1000 default in month 13 and are claimed in month 18: 200 due, 40 paid.
    assert paid[[17, 18]].tolist() == [approx(x) for x in (0, 0.05 * 0.2 * 4000)]
    # Second year: 3000 renewed and 4000 granted; 1000 default in month 26.
    assert paid[[30, 31]].tolist() == [approx(x) for x in (40, 40 + 0.05 * 0.2 * 7000)]


def test_recoveries_do_not_restore_a_cap_of_a_layer(tmp_path, engine):
    """A loan defaults in each of twelve months; what is recovered meanwhile buys no new cover."""
    layer = {"province": {"share": 0.25, "rate_cap": 0.125}}
    t = run(
        tmp_path,
        engine,
        opening=2000,
        opening_stock={"loans": 12},  # one of twelve months each, each defaulting when it matures
        reguarantee=layer,
        recovery={"lag_months": 6},
    )
    # 1200 × 80 % × 25 % × 12.5 % = 30, used up by the second loan's claim.
    assert t.metric("guarantee.province.claims_paid") == approx(30)
    assert t.metric("guarantee.province.claims_above_cap") == approx(12 * 20 - 30)


# Who has a recovery back


def test_a_recovery_is_shared_with_province_and_fund_by_what_they_paid(tmp_path, engine):
    """Of 1000: guarantor 800, province 200 of it, fund half of the other 600; 400 come back in month 22."""
    layer = {"province": {"share": 0.25, "lag_months": 6}}
    t = run(tmp_path, engine, reguarantee=layer, compensation_fund=RICH_FUND, recovery={"lag_months": 20})
    assert t.metric("guarantee.bank_loss") == approx(0.2 * 600)
    assert t.end("party/guarantee.province/balance") == approx(-0.2 * 600)
    assert t.metric("guarantee.compensation_fund.balance") == approx(1000 - 0.3 * 600)
    assert t.metric("guarantee.balance") == approx(1000 - 0.3 * 600)


def test_a_recovery_goes_up_a_chain_layer_by_layer(tmp_path, engine):
    """Of 1000 the nation bears half of the province's half of 800; of 400 recovered it has the same part."""
    chain = {
        "province": {"share": 0.5, "lag_months": 6},
        "nation": {"share": 0.5, "covers": "province", "lag_months": 3},
    }
    t = run(tmp_path, engine, reguarantee=chain, recovery={"lag_months": 20, "cost": 0.25})
    lost = 1000 - 0.75 * 400
    assert t.metric("guarantee.balance") == approx(1000 - 0.4 * lost)
    assert t.end("party/guarantee.province/balance") == approx(-0.2 * lost)
    assert t.end("party/guarantee.nation/balance") == approx(-0.2 * lost)
    assert t.metric("guarantee.bank_loss") == approx(0.2 * lost)


def test_a_recovery_between_two_lags_lowers_the_later_refund_and_repays_the_earlier_layer(tmp_path, engine):
    """The province pays 200 in month 13, 400 come back in month 14, the nation's quarter is due in month 16.

    Of the guarantor's 320 the province has a quarter, 80; the nation owes a quarter of 800 − 320.
    """
    t = run(tmp_path, engine, reguarantee=NATIONAL, recovery={"lag_months": 12})
    assert t.metric("guarantee.nation.claims_due") == approx(120)
    assert t.months[BALANCE][[13, 14, 16]].tolist() == [approx(x) for x in (400, 400 + 320 - 80, 640 + 120)]
    assert t.end("party/guarantee.province/balance") == approx(-120)


# The fund after capped and empty layers


@pytest.mark.parametrize(("short", "left"), [({"rate_cap": 0.05}, 790), ({"money": 50}, 750)])
def test_the_fund_shares_in_what_a_layer_could_not_or_need_not_pay(tmp_path, engine, short, left):
    layer = {"province": {"share": 0.25, "lag_months": 6, **short}}
    t = run(tmp_path, engine, reguarantee=layer, compensation_fund=RICH_FUND)
    assert t.metric("guarantee.compensation_fund.claims_paid") == approx(left / 2)
    assert t.metric("guarantee.claims_net") == approx(left / 2)


def test_a_guarantor_that_paid_in_part_has_that_part_refunded(tmp_path, engine):
    """It has 500 of 800; province and fund refund what was paid, not what was owed."""
    layer = {"province": {"share": 0.25, "lag_months": 6}}
    t = run(tmp_path, engine, opening=500, reguarantee=layer, compensation_fund=RICH_FUND)
    assert t.metric("guarantee.claims_unpaid") == approx(300)
    assert t.metric("guarantee.province.claims_due") == approx(125)
    assert t.metric("guarantee.compensation_fund.claims_paid") == approx(375 / 2)
    assert t.metric("guarantee.bank_loss") == approx(200 + 300)


# Capital, reserves, limits


@pytest.mark.parametrize(("leverage", "lent"), [(10, 1600), (15, 2500)])
def test_ten_or_fifteen_times_the_net_assets_stand_behind_the_weighted_part(tmp_path, engine, leverage, lent):
    """10 × 100 ÷ (0.75 × 0.8) = 1667 in loans of 100; 15 × are 2500."""
    blocks = {"regime_year": 2024}
    t = run(tmp_path, engine, blocks=blocks, opening=100, leverage=leverage, **lend(9000))
    assert t.metric("guarantee.lent") == approx(lent)


def test_new_capital_makes_room_in_the_month_that_it_comes(tmp_path, engine):
    """Nothing can be lent on no capital; 100 in month 3 carry 2 × 100 ÷ 0.6 = 333."""
    blocks = {"regime_year": 2024}
    terms = {**lend(9000), "injections": [{"date": "2015-04", "amount": 100}], "opening": 0, "leverage": 2}
    terms["demand"] = {"schedule": [{"date": f"2015-0{k}", "amount": 9000} for k in (3, 4, 5)]}
    t = run(tmp_path, engine, blocks=blocks, **terms)
    assert t.months["book/guarantee/sound/lent_new"][[2, 3, 4]].tolist() == [0, approx(300), approx(300)]


def test_what_is_handed_on_to_a_layer_was_a_fee_all_the_same(tmp_path, engine):
    """Half of 16 is unearned for a year, though 1 of it went to the province."""
    layer = {"province": {"share": 0.25, "fee": 0.005}}
    t = run(tmp_path, engine, fee=0.02, reguarantee=layer, **lend(1000))
    assert t.metric("guarantee.reguarantee_fees") == approx(1)
    assert t.metric("guarantee.unearned_premium", 12) == approx(8)
    assert t.metric("guarantee.balance", 12) == approx(1015)


def test_top_ups_attract_no_private_capital(tmp_path, engine):
    """The top-up of month 8 fills from 300 to 700; only the 100 injected in month 0 bring 500 with them."""
    t = run(
        tmp_path,
        engine,
        opening=500,
        injections=[{"date": "2015-01", "amount": 100}],
        private_capital={"multiple": 5},
        top_up={"below": 400, "to": 700},
    )
    assert t.months[BALANCE][[0, 7, 8]].tolist() == [approx(x) for x in (1100, 300, 700)]
    assert t.metric("guarantee.private_capital") == approx(500)
    assert t.metric("guarantee.public_capital") == approx(1000)


def test_loans_are_renewed_though_the_guarantor_has_lost_its_room(tmp_path, engine):
    """1000 doomed and 1000 sound; the claim of 800 leaves 200, which would carry 2 × 200 ÷ 0.6 = 667."""
    segments = {"sound": {**SOUND, "renew": 1}, "doomed": DOOMED}
    t = run(
        tmp_path,
        engine,
        blocks={"segments": segments, "regime_year": 2024},
        borrowers={"doomed": 0.5, "sound": 0.5},
        opening_stock={"loans": 20, "months_left": 3},
        demand={"schedule": [{"date": "2016-01", "amount": 1000}]},
        leverage=2,
    )
    renewed = t.months["book/guarantee/sound/lent_renewed"]
    # Renewed in month 2 and 14; of the demand of month 12 nothing has room.
    assert renewed[[1, 2, 12, 14]].tolist() == [approx(x) for x in (0, 1000, 1000, 2000)]
    assert t.months["facility/guarantee/refused_capacity"][12] == approx(1000)
