"""Contingent exposure by hand: what public payers may still be asked for at the window's end.

900 yuan perform at the date; a contract's ``known`` claims are on losses that there are already.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.lowering.repayment import outstanding_share
from fundsim.metrics.contingent import contingent_metrics
from fundsim.metrics.program import evaluate
from fundsim.scheme import (
    Contract,
    Economy,
    Injection,
    Lgd,
    MarginRefund,
    Party,
    Payment,
    RecoveryPart,
    Scheme,
    Window,
    record_names,
)
from fundsim.scheme.records import book_record, contract_record, party_record
from fundsim.verify.schemes import lending, segment

FIRMS = replace(segment(pd_annual=0.03, rho=0.1, principal=1.0, lgd=0.5), rate_annual=0.06, renew=0.5)
POOL = Party(name="pool", public=True)
HALF = Contract(name="pool", facility="pool", payer="pool", share=0.5)
RICH = 1e9


def scheme_of(*contracts, parties, firms=FIRMS, recovery=(), **more):
    return Scheme(
        window=Window(year=2024, month=1, months=12, run_off=12),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(firms,),
        parties=(Party(name="bank", limited=False), *parties),
        facilities=(replace(lending((0.0,) * 12, name="pool"), recovery=recovery),),
        contracts=contracts,
        **more,
    )


def figure(scheme, name, *, balances, performing=900.0, contracts=None, paid_in=None):
    """Return a contingent figure; records that are not given are 0, caps have no end."""
    records = dict.fromkeys(record_names(scheme).all, 0.0)
    records |= {contract_record(c.name, "cap_left"): math.inf for c in scheme.contracts}
    records[book_record("pool", "firms", "performing")] = performing
    records |= {party_record(party, "balance"): value for party, value in balances.items()}
    records |= {party_record(party, "paid_in"): value for party, value in (paid_in or {}).items()}
    for contract, values in (contracts or {}).items():
        records |= {contract_record(contract, what): value for what, value in values.items()}
    arrays = {record: np.array([float(value)]) for record, value in records.items()}
    (found,) = [m for m in contingent_metrics(scheme) if m.name == name]
    return float(evaluate(found.formula, arrays)[0])


def exposure(scheme, name="pool", **records):
    return figure(scheme, f"{name}.contingent_contractual", **records)


def pool_alone(contract=HALF, *, balance=RICH, recovery=(), firms=FIRMS, more=None, **records):
    """Return the exposure of a pool that stands alone."""
    scheme = scheme_of(contract, parties=(POOL,), recovery=recovery, firms=firms, **(more or {}))
    return exposure(scheme, balances={"pool": balance}, contracts={"pool": records})


@pytest.mark.parametrize(
    ("balance", "cap", "expected"),
    [(800, math.inf, 500), (300, math.inf, 300), (800, 120, 120), (0, math.inf, 0)],
    ids=["the share", "the balance", "the cap", "nothing"],
)
def test_a_pool_owes_its_share_of_all_that_is_out_within_cap_and_balance(balance, cap, expected):
    """Half of the 900 that perform, and 50 on 100 that have defaulted."""
    assert pool_alone(balance=balance, cap_left=cap, claimable=50) == expected


def test_a_basis_with_interest_adds_interest_up_to_the_trigger():
    contract = replace(HALF, basis="principal_and_interest", trigger_months=3)
    assert pool_alone(contract, claimable=50) == pytest.approx(450 * (1 + 0.06 * 3 / 12) + 50)


def test_a_net_claim_is_of_the_loss_given_default_or_of_all_where_that_is_random():
    net = replace(HALF, net=True)
    assert pool_alone(net) == 0.5 * 0.5 * 900
    assert pool_alone(net, firms=replace(FIRMS, lgd=Lgd(mean=0.5, sd=0.2))) == 0.5 * 900


def test_attachments_come_off_and_open_arrears_come_on_top():
    assert pool_alone(claimable=50, attach_left=120) == 450 + 50 - 120
    assert pool_alone(attach_left=1000) == 0
    assert pool_alone(replace(HALF, carry=True), claimable=50, unpaid=70) == 450 + 50 + 70


# What can still reach a payer


def one_part(lag):
    return (RecoveryPart(lag_months=lag, share=1.0),)


def test_recoveries_to_come_pay_claims_beside_the_balance():
    assert pool_alone(balance=100, to_recover=30) == 130
    assert pool_alone(balance=100, to_recover=400) == 450


@pytest.mark.parametrize(("lag", "expected"), [(11, 110 / 0.5), (12, 110)])
def test_what_a_loan_still_to_default_brings_back_counts_if_it_comes_before_the_last_claim(lag, expected):
    """A default of the first month after the date is recovered in the twelfth, when the last claim is due."""
    assert pool_alone(balance=110, recovery=one_part(lag)) == pytest.approx(expected)


def test_a_random_loss_given_default_may_be_nothing_and_then_all_comes_back():
    firms = replace(FIRMS, lgd=Lgd(mean=0.5, sd=0.2))
    assert pool_alone(balance=110, recovery=one_part(6), firms=firms) == 450
    assert pool_alone(balance=0, recovery=one_part(6), firms=firms, to_recover=7) == 450


def test_money_that_earns_interest_may_grow_until_the_last_claim():
    interest = (Payment.interest(party="pool", payer="bank", rate_annual=0.12),)
    assert pool_alone(balance=100, more={"payments": interest}) == pytest.approx(100 * 1.01**12)


def test_a_payer_that_receives_other_money_is_not_cut_by_what_it_holds():
    cost = (Payment.running_cost(party="bank", payee="pool", amount_annual=12.0),)
    assert pool_alone(balance=0, more={"payments": cost}) == 450


def test_recoveries_restore_a_cap_on_net_payments():
    net = replace(HALF, cap_on_net=True, limit=1000.0)
    assert pool_alone(net, cap_left=120, to_recover=30) == 150
    # Half of each yuan paid comes back and restores the cap, so that 300 can be paid before it is used up.
    assert pool_alone(net, cap_left=120, to_recover=30, recovery=one_part(6)) == pytest.approx(300)
    assert pool_alone(replace(net, cap_on_net=False), cap_left=120, to_recover=30) == 120


# Contracts of one insured


MARGIN = Contract(name="pool.margin", instrument="pool", facility="pool", payer="pool.margin", share=1.0)


def behind_a_margin(firms=FIRMS, **more):
    parties = (POOL, Party(name="pool.margin"))
    scheme = scheme_of(MARGIN, HALF, parties=parties, firms=firms, **more)
    balances = {"pool": RICH, "pool.margin": 40}
    return [exposure(scheme, name, balances=balances) for name in ("pool", "scheme")]


def test_mutual_margin_pays_first_what_it_has_and_is_no_public_exposure():
    assert behind_a_margin() == [0.5 * (900 - 40)] * 2


def test_margin_that_may_go_elsewhere_spares_the_pool_nothing():
    refund = MarginRefund(facility="pool", party="pool.margin", payee="firms", rate=0.02)
    cost = Payment.running_cost(party="pool.margin", payee="outside", amount_annual=1.0)
    by_month = replace(FIRMS, outstanding_share=outstanding_share("linear", FIRMS.term_months, 0.0))
    assert behind_a_margin(margin_refunds=(refund,)) == [0.5 * (900 - 40)] * 2
    assert behind_a_margin(margin_refunds=(refund,), firms=by_month) == [450.0] * 2
    assert behind_a_margin(payments=(cost,)) == [450.0] * 2


FIRST = Contract(name="insurer", facility="pool", payer="insurer", share=0.7)


@pytest.mark.parametrize(
    ("first", "limited", "expected"),
    [
        (FIRST, False, 0.3 * 900),
        (replace(FIRST, of="original"), False, 0.3 * 900),
        (replace(FIRST, limit=50.0), False, 450),
        (replace(FIRST, loan_attach=1.0), False, 450),
        (replace(FIRST, claim_lag=1), False, 450),
        (FIRST, True, 450),
    ],
    ids=["share", "share of the whole", "with a limit", "with a layer", "later", "with too little money"],
)
def test_a_share_of_the_original_loss_takes_no_more_than_others_are_certain_to_leave(
    first, limited, expected
):
    second = replace(HALF, of="original")
    scheme = scheme_of(first, second, parties=(POOL, Party(name="insurer", limited=limited)))
    assert exposure(scheme, balances={"pool": RICH}) == pytest.approx(expected)


def test_known_claims_wait_for_the_share_of_those_who_fall_due_together():
    later = replace(HALF, claim_lag=1)
    insurer = Party(name="insurer", limited=False)
    known = {"pool": {"claimable": 50}}
    together = scheme_of(FIRST, HALF, parties=(POOL, insurer))
    after = scheme_of(FIRST, later, parties=(POOL, insurer))
    assert exposure(together, balances={"pool": RICH}, contracts=known) == pytest.approx(0.3 * (450 + 50))
    assert exposure(after, balances={"pool": RICH}, contracts=known) == pytest.approx(0.3 * 450 + 50)


def test_contracts_of_one_payer_share_its_balance():
    first = Contract(name="pool.a", instrument="pool", facility="pool", payer="pool", share=0.5)
    second = Contract(name="pool.b", instrument="pool", facility="pool", payer="pool", share=0.5)
    scheme = scheme_of(first, second, parties=(POOL,))
    assert exposure(scheme, balances={"pool": RICH}) == 450 + 450  # the first may be short of money
    assert exposure(scheme, balances={"pool": 600}) == 600


# Layers, and what counts once

GUARANTEE = Contract(name="guarantor", facility="pool", payer="guarantor", share=0.8)
QUARTER = Contract(name="fund", facility="pool", payer="fund", share=0.25, covers="guarantor", of="original")


def layered(*, fund=True, fund_limited=False, public=("guarantor", "fund"), investors=False, layer=QUARTER):
    parties = (
        Party(name="guarantor", public="guarantor" in public),
        Party(name="fund", limited=fund_limited, public="fund" in public),
        *((Party(name="guarantor.investors", limited=False),) if investors else ()),
    )
    capital = Injection(source="guarantor.investors", target="guarantor", month=0, amount=600.0)
    return scheme_of(
        GUARANTEE,
        *((layer,) if fund else ()),
        parties=parties,
        injections=(capital,) if investors else (),
    )


@pytest.mark.parametrize(
    ("balance", "guarantor"),
    [(RICH, 720), (600, 720), (300, 300 / 0.75), (0, 0)],
    ids=["rich", "refunds make it up", "what refunds multiply", "nothing"],
)
def test_a_layer_owes_its_share_of_what_is_asked_below_whatever_can_be_paid_there(balance, guarantor):
    balances = {"guarantor": balance}
    scheme = layered()
    assert exposure(scheme, "guarantor", balances=balances) == pytest.approx(guarantor)
    assert exposure(scheme, "fund", balances=balances) == 0.25 * 720
    # Refunds between public payers count once, by what leaves for the bank.
    assert exposure(scheme, "scheme", balances=balances) == pytest.approx(guarantor)
    gross = figure(scheme, "scheme.contingent_contractual_gross", balances=balances)
    assert gross == pytest.approx(guarantor + 180)


def test_refunds_that_wait_are_claims_on_the_layer_and_money_of_the_guarantor():
    known = {"fund": {"claimable": 60}}
    scheme = layered()
    assert exposure(scheme, "fund", balances={"guarantor": 0}, contracts=known) == 0.25 * 720 + 60
    assert exposure(scheme, "guarantor", balances={"guarantor": 0}, contracts=known) == pytest.approx(80)


def test_a_layer_with_little_money_refunds_no_more_than_that():
    whole = replace(QUARTER, share=1.0)
    balances = {"guarantor": 300, "fund": 20}
    scheme = layered(fund_limited=True, layer=whole)
    assert exposure(scheme, "guarantor", balances=balances) == 320
    assert exposure(scheme, "guarantor", balances={**balances, "fund": RICH}) == 720


def test_a_guarantor_counts_at_the_publics_part_of_its_capital():
    """400 of 1,000 are public: the guarantor counts at 0.4, and what the fund gives it at 1 − 0.4."""
    scheme = layered(investors=True)
    records = {"balances": {"guarantor": RICH, "guarantor.investors": -600}, "paid_in": {"guarantor": 1000}}
    assert exposure(scheme, "scheme", **records) == pytest.approx(0.4 * 720 + 0.6 * 180)
    assert figure(scheme, "scheme.contingent_contractual_gross", **records) == 720 + 180
    claims = {
        "guarantor": {"due": 100, "above_cap": 10, "pending": 200},
        "fund": {"due": 25, "pending": 60},
    }
    for name, netted, gross in (
        ("contingent_claims", 0.4 * 90 + 0.6 * 25, 90 + 25),
        ("claims_incurred", 0.4 * 200 + 0.6 * 60, 200 + 60),
    ):
        reported = figure(scheme, f"scheme.{name}", contracts=claims, **records)
        assert reported == pytest.approx(netted)
        assert figure(scheme, f"scheme.{name}_gross", contracts=claims, **records) == pytest.approx(gross)


def test_without_private_capital_only_what_leaves_the_public_counts():
    claims = {"guarantor": {"due": 100, "pending": 200}, "fund": {"due": 25, "pending": 60}}
    records = {"balances": {"guarantor": RICH}, "contracts": claims}
    assert figure(layered(), "scheme.contingent_claims", **records) == 100
    assert figure(layered(), "scheme.claims_incurred", **records) == 200
    of_fund = layered(public=("fund",))
    assert figure(of_fund, "scheme.contingent_claims", **records) == 25
    assert exposure(of_fund, "scheme", balances={"guarantor": 0}) == 180
    of_guarantor = layered(public=("guarantor",))
    assert figure(of_guarantor, "scheme.contingent_claims", **records) == 100


def test_expected_and_unexpected_exposure_are_figures_of_the_claims_after_the_window():
    found = {m.name: m for m in contingent_metrics(scheme_of(HALF, parties=(POOL,)))}
    for of, suffix in (("pool", ""), ("scheme", ""), ("scheme", "_gross")):
        claims = found[f"{of}.contingent_claims{suffix}"]
        assert claims.after_window
        for kind in ("expected", "unexpected"):
            named = found[f"{of}.contingent_{kind}{suffix}"]
            assert (named.metric, named.figure, named.unit) == (claims, kind, "yuan")


def test_private_payers_have_no_contingent_exposure():
    assert contingent_metrics(scheme_of(HALF, parties=(Party(name="pool"),))) == ()
