"""Contingent exposure by hand: what public payers may still be asked for at the window's end."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.lowering.contingent import contingent_metrics
from fundsim.scheme import Contract, Economy, Party, Scheme, Window
from fundsim.scheme.records import book_record, contract_record, facility_record, party_record
from fundsim.verify.schemes import lending, segment


def scheme_of(*contracts, parties):
    firms = replace(segment(pd_annual=0.03, rho=0.1, principal=1.0, lgd=0.5), rate_annual=0.06, renew=0.5)
    return Scheme(
        window=Window(year=2024, month=1, months=12, run_off=12),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(firms,),
        parties=(Party(name="bank", limited=False), *parties),
        facilities=(lending((0.0,) * 12, name="pool"),),
        contracts=contracts,
    )


def contractual(scheme, name, *, balances, performing=900.0, outstanding=1000.0, caps=None):
    """Return the contractual exposure when 1,000 yuan are out, 100 of them defaulted and not yet due."""
    caps = caps or {}
    records = {
        facility_record("pool", "outstanding"): outstanding,
        book_record("pool", "firms", "performing"): performing,
        **{party_record(party, "balance"): value for party, value in balances.items()},
        **{contract_record(c.name, "cap_left"): caps.get(c.name, math.inf) for c in scheme.contracts},
    }
    arrays = {record: np.array([float(value)]) for record, value in records.items()}
    (found,) = [m for m in contingent_metrics(scheme) if m.name == f"{name}.contingent_contractual"]
    return float(found.formula(arrays)[0])


POOL = Party(name="pool", public=True)
HALF = Contract(name="pool", facility="pool", payer="pool", share=0.5)


@pytest.mark.parametrize(
    ("balance", "cap", "expected"),
    [(800, math.inf, 500), (300, math.inf, 300), (800, 120, 120), (0, math.inf, 0)],
    ids=["the share", "the balance", "the cap", "nothing"],
)
def test_a_pool_owes_its_share_of_all_that_is_out_within_cap_and_balance(balance, cap, expected):
    told = contractual(
        scheme_of(HALF, parties=(POOL,)), "pool", balances={"pool": balance}, caps={"pool": cap}
    )
    assert told == expected


def test_a_basis_with_interest_adds_interest_up_to_the_trigger():
    contract = replace(HALF, basis="principal_and_interest", trigger_months=3)
    told = contractual(scheme_of(contract, parties=(POOL,)), "pool", balances={"pool": 1e9})
    assert told == pytest.approx(0.5 * 1000 * (1 + 0.06 * 3 / 12))


def test_mutual_margin_pays_first_what_it_has_and_is_no_public_exposure():
    margin = Contract(name="pool.margin", facility="pool", payer="pool.margin", share=1.0)
    scheme = scheme_of(margin, HALF, parties=(POOL, Party(name="pool.margin")))
    balances = {"pool": 1e9, "pool.margin": 40}
    assert contractual(scheme, "pool", balances=balances) == 0.5 * (1000 - 40)
    assert contractual(scheme, "scheme", balances=balances) == 0.5 * (1000 - 40)


def test_a_share_of_the_original_loss_takes_no_more_than_is_left():
    first = Contract(name="bank_side", facility="pool", payer="insurer", share=0.7)
    second = Contract(name="pool", facility="pool", payer="pool", share=0.5, of="original")
    scheme = scheme_of(first, second, parties=(POOL, Party(name="insurer", limited=False)))
    assert contractual(scheme, "pool", balances={"pool": 1e9}) == pytest.approx(300.0)


def test_an_upstream_payer_owes_its_share_of_what_the_one_below_may_be_asked():
    below = Contract(name="guarantor", facility="pool", payer="guarantor", share=0.8)
    above = Contract(name="fund", facility="pool", payer="fund", share=0.25, covers="guarantor")
    parties = (Party(name="guarantor", public=True), Party(name="fund", public=True))
    scheme = scheme_of(below, above, parties=parties)
    balances = {"guarantor": 600, "fund": 1e9}
    assert contractual(scheme, "guarantor", balances=balances) == 600
    assert contractual(scheme, "fund", balances=balances) == 0.25 * 600
    assert contractual(scheme, "scheme", balances=balances) == 750


def test_contracts_of_one_payer_share_its_balance():
    first = Contract(name="pool.a", facility="pool", payer="pool", share=0.5)
    second = Contract(name="pool.b", facility="pool", payer="pool", share=0.5)
    scheme = scheme_of(first, second, parties=(POOL,))
    assert contractual(scheme, "pool", balances={"pool": 1e9}) == 500 + 250
    assert contractual(scheme, "pool", balances={"pool": 600}) == 600


def test_expected_and_unexpected_exposure_are_figures_of_the_claims_after_the_window():
    found = {m.name: m for m in contingent_metrics(scheme_of(HALF, parties=(POOL,)))}
    for of in ("pool", "scheme"):
        claims = found[f"{of}.contingent_claims"]
        assert claims.after_window
        for figure in ("expected", "unexpected"):
            named = found[f"{of}.contingent_{figure}"]
            assert (named.metric, named.figure, named.unit) == (claims, figure, "yuan")


def test_private_payers_have_no_contingent_exposure():
    assert contingent_metrics(scheme_of(HALF, parties=(Party(name="pool"),))) == ()
