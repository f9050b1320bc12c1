"""Claims and recoveries of the SimPy engine on losses that are certain, by hand arithmetic."""

import math
from dataclasses import replace
from functools import partial

import pytest

from fundsim.core import engine as core
from fundsim.reference import engine
from fundsim.scheme import (
    Band,
    Contract,
    Economy,
    Injection,
    Party,
    RecoveryPart,
    Scheme,
    Window,
    record_names,
)
from fundsim.verify.schemes import lending, opening_loans, reguarantee_chain, segment, world

from . import reading

final = partial(reading.final, engine)
MONTHS = 36


def losses(by_month, contracts, parties, *, lgd=1.0, rate=0.0, **more):
    """A scheme whose loans of given principal are certain to default in given months."""
    principals = sorted({p for loans in by_month.values() for p in loans})
    certain = segment(pd_annual=1.0 - 1e-13, rho=0.0, principal=1.0, lgd=lgd, maturity_share=1.0)
    doomed = replace(
        certain,
        term_months=MONTHS,
        rate_annual=rate,
        bands=tuple(Band(principal=p, probability=1.0 / len(principals)) for p in principals),
    )
    facility = lending(
        (0.0,) * MONTHS,
        opening=tuple(
            stock
            for month, loans in by_month.items()
            for p in loans
            for stock in opening_loans(month + 1, 1, band=principals.index(p))
        ),
        **{key: more.pop(key) for key in ("recovery", "recovery_cost", "claim_months") if key in more},
    )
    return Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(doomed,),
        parties=world(*parties),
        facilities=(facility,),
        contracts=tuple(contracts),
        **more,
    )


def monthly(scheme, *names):
    """Month-end values of some records on path 0."""
    block = engine(scheme, names).run(1, 0, 1)
    return {name: block.series[0, :, column].tolist() for column, name in enumerate(names)}


def cover(name="pool", payer="pool", share=0.5, **terms):
    return Contract(name=name, facility="loans", payer=payer, share=share, **terms)


POOL = Party(name="pool", opening=1000.0)


def test_chain_of_2242_ends_at_13_26_13_13():
    got = final(reguarantee_chain())
    opening = 1000.0
    net = {name: opening - got[f"party/{name}/balance"] for name in ("guarantor", "province", "national")}
    assert net == pytest.approx({"guarantor": 26.0, "province": 13.0, "national": 13.0})
    # The bank has lost the loan of 100 beside what its ledger shows.
    assert 100.0 - got["party/bank/balance"] == pytest.approx(13.0)


def test_bank_bears_what_no_contract_covers():
    got = final(losses({3: [100.0]}, [cover(share=0.3)], [POOL]))
    assert got["contract/pool/paid"] == pytest.approx(30.0)
    assert 100.0 - got["party/bank/balance"] == pytest.approx(70.0)


def test_margin_pays_first_then_pool_then_bank():
    contracts = [cover("margin", "margin", 1.0), cover(share=0.5)]
    got = final(losses({3: [100.0]}, contracts, [Party(name="margin", opening=40.0), POOL]))
    assert got["contract/margin/paid"] == pytest.approx(40.0)
    assert got["contract/margin/unpaid"] == pytest.approx(60.0)
    assert got["contract/pool/paid"] == pytest.approx(30.0)
    assert 100.0 - got["party/bank/balance"] == pytest.approx(30.0)
    assert got["party/margin/unpaid_month"] == 3.0
    assert got["party/pool/unpaid_month"] == math.inf


@pytest.mark.parametrize(("of", "second"), [("uncovered", 10.0), ("original", 50.0)])
def test_share_of_the_original_is_not_share_of_the_uncovered(of, second):
    contracts = [cover("first", share=0.8), cover(share=0.5, of=of)]
    got = final(losses({3: [100.0]}, contracts, [POOL]))
    assert got["contract/pool/paid"] == pytest.approx(min(second, 20.0))


def test_second_contract_of_a_payer_does_not_pay_what_it_leaves_unpaid_of_the_first():
    poor = Party(name="pool", opening=30.0)
    got = final(losses({3: [100.0]}, [cover("first", share=0.5), cover("second", share=0.5)], [poor]))
    # Due 50 and 25 of the other 50; a balance of 30 pays 40 % of each.
    assert got["contract/first/paid"] == pytest.approx(20.0)
    assert got["contract/second/paid"] == pytest.approx(10.0)
    assert got["contract/second/unpaid"] == pytest.approx(15.0)


def test_net_contract_claims_the_loss_after_recovery_and_gives_nothing_back():
    scheme = losses(
        {3: [100.0]}, [cover(net=True)], [POOL], lgd=0.6, recovery=(RecoveryPart(lag_months=2, share=1.0),)
    )
    got = final(scheme)
    assert got["contract/pool/paid"] == pytest.approx(30.0)
    assert got["contract/pool/recovered"] == 0.0
    assert 100.0 - got["party/bank/balance"] == pytest.approx(30.0)


def test_recovery_leaves_its_cost_and_returns_to_the_payer_by_its_share():
    scheme = losses(
        {3: [100.0]},
        [cover(share=0.8)],
        [POOL],
        lgd=0.5,
        recovery=(RecoveryPart(lag_months=2, share=0.4), RecoveryPart(lag_months=8, share=0.6)),
        recovery_cost=0.1,
    )
    pool = monthly(scheme, "contract/pool/recovered")["contract/pool/recovered"]
    assert pool[4] == 0.0
    assert pool[5] == pytest.approx(0.8 * 0.9 * 20.0)
    assert pool[10] == pool[5]
    assert pool[11] == pytest.approx(0.8 * 0.9 * 50.0)
    assert final(scheme)["flow/bank>outside/recovery_cost"] == pytest.approx(5.0)


def test_recovery_before_the_claim_reduces_it():
    scheme = losses(
        {3: [100.0]},
        [cover(trigger_months=3, claim_lag=1)],
        [POOL],
        lgd=0.6,
        recovery=(RecoveryPart(lag_months=2, share=1.0),),
    )
    got = final(scheme)
    assert got["contract/pool/due"] == pytest.approx(30.0)
    assert got["contract/pool/recovered"] == 0.0


def test_recovery_in_the_month_of_the_claim_comes_first():
    scheme = losses(
        {3: [100.0]},
        [cover(claim_lag=2)],
        [POOL],
        lgd=0.6,
        recovery=(RecoveryPart(lag_months=2, share=1.0),),
    )
    assert final(scheme)["contract/pool/due"] == pytest.approx(30.0)


def test_claim_waits_for_trigger_and_lag_and_is_pending_meanwhile():
    scheme = losses({9: [100.0]}, [cover(trigger_months=3, claim_lag=2)], [POOL])
    paid = monthly(scheme, "contract/pool/paid")["contract/pool/paid"]
    assert paid[13] == 0.0
    assert paid[14] == pytest.approx(50.0)
    block = engine(scheme, ()).run(1, 0, 1)
    pending = record_names(scheme).all.index("contract/pool/pending")
    assert block.snapshots[0, :, pending].tolist() == pytest.approx([50.0, 0.0, 0.0])


def test_upstream_contract_falls_due_after_the_one_it_covers_and_is_pending_through_it():
    refund = cover("refund", "fund", 0.4, covers="guarantee", claim_lag=2)
    scheme = losses(
        {9: [100.0]},
        [cover("guarantee", "guarantor", 0.8, trigger_months=1), refund],
        [Party(name="guarantor", opening=100.0), Party(name="fund", opening=100.0)],
    )
    balance = monthly(scheme, "party/guarantor/balance")["party/guarantor/balance"]
    assert (balance[9], balance[10], balance[11], balance[12]) == pytest.approx((100.0, 20.0, 20.0, 52.0))
    block = engine(scheme, ()).run(1, 0, 1)
    pending = record_names(scheme).all.index("contract/refund/pending")
    assert block.snapshots[0, 0, pending] == pytest.approx(32.0)


def test_interest_of_the_trigger_months_is_covered_on_its_basis():
    contract = cover(share=1.0, basis="principal_and_interest", trigger_months=3)
    got = final(losses({3: [100.0]}, [contract], [POOL], rate=0.08))
    assert got["contract/pool/due"] == pytest.approx(102.0)


def test_what_falls_due_from_one_payer_is_paid_pro_rata():
    scheme = losses({3: [100.0]}, [cover(share=0.5)], [Party(name="pool", opening=60.0)])
    (one,) = scheme.facilities
    both = replace(
        scheme,
        facilities=(one, replace(one, name="more")),
        contracts=(*scheme.contracts, replace(scheme.contracts[0], name="other", facility="more", share=1.0)),
    )
    got = final(both)
    assert (got["contract/pool/paid"], got["contract/other/paid"]) == pytest.approx((20.0, 40.0))


def test_cumulative_limit_cuts_and_recoveries_do_not_restore_it():
    recovery = (RecoveryPart(lag_months=1, share=1.0),)
    scheme = losses({3: [100.0], 6: [100.0]}, [cover(limit=70.0)], [POOL], lgd=0.6, recovery=recovery)
    got = final(scheme)
    assert (got["contract/pool/paid"], got["contract/pool/above_cap"]) == pytest.approx((70.0, 30.0))
    assert got["party/pool/unpaid_month"] == math.inf
    restored = replace(scheme, contracts=(cover(limit=70.0, cap_on_net=True),))
    assert final(restored)["contract/pool/paid"] == pytest.approx(90.0)


def test_yearly_limit_opens_again_with_the_policy_year():
    got = final(losses({3: [100.0], 6: [100.0], 14: [100.0]}, [cover(year_limit=60.0)], [POOL]))
    assert (got["contract/pool/paid"], got["contract/pool/above_cap"]) == pytest.approx((110.0, 40.0))


def test_attachment_takes_the_first_claims():
    got = final(losses({3: [100.0], 6: [100.0]}, [cover(attach=70.0)], [POOL]))
    assert (got["contract/pool/due"], got["contract/pool/paid"]) == pytest.approx((30.0, 30.0))


def test_yearly_attachment_takes_the_first_claims_of_each_year():
    got = final(losses({3: [100.0], 6: [100.0], 15: [100.0]}, [cover(year_attach=30.0)], [POOL]))
    assert got["contract/pool/due"] == pytest.approx(20.0 + 50.0 + 20.0)


def test_layer_of_each_loan_acts_before_summing():
    got = final(losses({3: [40.0, 100.0]}, [cover(loan_attach=10.0, loan_limit=30.0)], [POOL]))
    # Claims of 20 and 50: above 10 and up to 30 each.
    assert got["contract/pool/due"] == pytest.approx(10.0 + 30.0)


def test_cohort_cap_is_a_rate_on_what_was_granted_to_the_cohort():
    got = final(losses({3: [100.0], 30: [300.0]}, [cover(share=1.0, cohort_cap_rate=0.3)], [POOL]))
    # Volume 400 of the opening cohort.
    assert got["contract/pool/paid"] == pytest.approx(120.0)
    assert got["contract/pool/above_cap"] == pytest.approx(280.0)


def test_lapsed_claims_stay_unpaid_and_carried_ones_are_paid_when_money_comes():
    parties = [Party(name="pool", opening=20.0)]
    injections = (Injection(source="treasury", target="pool", month=8, amount=100.0),)
    lapse = losses({3: [100.0], 8: [100.0]}, [cover()], parties, injections=injections)
    got = final(lapse)
    assert (got["contract/pool/paid"], got["contract/pool/unpaid"]) == pytest.approx((70.0, 30.0))
    carry = replace(lapse, contracts=(cover(carry=True),))
    unpaid = monthly(carry, "contract/pool/unpaid")["contract/pool/unpaid"]
    assert (unpaid[2], unpaid[3], unpaid[7], unpaid[8]) == pytest.approx((0.0, 30.0, 30.0, 0.0))
    got = final(carry)
    assert got["contract/pool/paid"] == pytest.approx(100.0)
    assert got["party/pool/unpaid_month"] == 3.0


def test_older_arrears_come_before_what_falls_due_now():
    injections = (Injection(source="treasury", target="pool", month=8, amount=40.0),)
    scheme = losses(
        {3: [100.0], 8: [60.0]},
        [cover("old", carry=True)],
        [Party(name="pool", opening=20.0)],
        injections=injections,
    )
    got = final(scheme)
    # 30 of the 40 go to the arrears of month 3, 10 to the 30 of month 8.
    assert (got["contract/old/paid"], got["contract/old/unpaid"]) == pytest.approx((60.0, 20.0))


def test_recovery_relieves_open_arrears_by_their_share_of_the_basis():
    scheme = losses(
        {3: [100.0]},
        [cover(carry=True)],
        [Party(name="pool", opening=20.0)],
        lgd=0.6,
        recovery=(RecoveryPart(lag_months=2, share=1.0),),
    )
    got = final(scheme)
    assert got["contract/pool/recovered"] == pytest.approx(0.2 * 40.0)
    assert got["contract/pool/relieved"] == pytest.approx(0.3 * 40.0)
    # In month 5 the recovery share of 8 comes first, and pays 8 of the 18 still owed.
    assert got["contract/pool/paid"] == pytest.approx(28.0)
    assert got["contract/pool/unpaid"] == pytest.approx(10.0)
    assert got["contract/pool/due"] == pytest.approx(28.0 + 10.0 + 12.0)


def test_upstream_claim_is_reduced_by_a_recovery_that_came_before_it():
    refund = cover("refund", "fund", 0.5, covers="guarantee", claim_lag=6)
    scheme = losses(
        {3: [100.0]},
        [cover("guarantee", "guarantor", 0.8), refund],
        [Party(name="guarantor", opening=100.0), Party(name="fund", opening=100.0)],
        lgd=0.6,
        recovery=(RecoveryPart(lag_months=2, share=0.5), RecoveryPart(lag_months=12, share=0.5)),
    )
    got = final(scheme)
    # 80 paid, 16 back, so 32 from the fund; of the next 16 back the fund has 32/64.
    assert got["contract/refund/due"] == pytest.approx(32.0)
    assert got["contract/refund/recovered"] == pytest.approx(8.0)
    assert 100.0 - got["party/guarantor/balance"] == pytest.approx(24.0)


def test_payers_that_must_each_wait_for_the_other_are_refused():
    contracts = [cover("a", "x", 0.1), cover("b", "y", 0.1), cover("c", "x", 0.1)]
    parties = [Party(name="x", opening=1.0), Party(name="y", opening=1.0)]
    with pytest.raises(ValueError, match="no order of settlement: x, y"):
        engine(losses({3: [100.0]}, contracts, parties), ())


@pytest.mark.parametrize("cap", [{"limit": 1.0}, {"year_limit": 1.0}, {"cohort_cap_rate": 0.1}])
def test_arrears_are_not_carried_beside_a_cap(cap):
    with pytest.raises(ValueError, match="contract pool carries arrears, so it can't have a cap"):
        engine(losses({3: [1.0]}, [cover(carry=True, **cap)], [POOL]), ())


def test_arrears_are_not_carried_by_a_covered_contract():
    contracts = [cover(carry=True), cover("upstream", "fund", covers="pool")]
    with pytest.raises(ValueError, match="contract pool carries arrears, so it can't be covered"):
        engine(losses({3: [1.0]}, contracts, [POOL, Party(name="fund")]), ())


def test_net_beside_gross_contracts_of_one_lender_are_refused():
    contracts = [cover(), cover("net", "fund", net=True)]
    with pytest.raises(ValueError, match="contracts of the lender of loans are net and gross"):
        engine(losses({3: [1.0]}, contracts, [POOL, Party(name="fund")]), ())


@pytest.mark.parametrize("either", [engine, core])
def test_recovery_in_the_month_of_default_is_refused(either):
    with pytest.raises(ValueError, match="facility loans: a recovery arrives one month after"):
        either(losses({3: [1.0]}, [], [], recovery=(RecoveryPart(lag_months=0, share=1.0),)), ())
