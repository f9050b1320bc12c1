"""What the terms of a guarantor become: parties, limits, contracts, prudential books."""

import math

import pytest
from tests.instruments.by_hand import DOOMED, SOUND, whole, written

from fundsim.lowering import lower
from fundsim.scheme import (
    Capacity,
    Contract,
    Drawn,
    Guarantor,
    Injection,
    Line,
    ObligorLimit,
    Party,
    Payment,
    Weight,
)

SIZES = {"mean": 4e6, "cv": 0.6, "cap": 1e7, "term_months": 12}


def lowered(folder, blocks=None, **terms):
    """Lower a scenario with one guarantor, called ``guarantee``."""
    instrument = {
        "kind": "guarantee",
        "opening": 1000,
        "share": 0.8,
        "trigger": {"overdue_days": 60},
        "claim_lag": 1,
        "borrowers": {"sound": 0.75, "doomed": 0.25},
        "demand": {"yearly": [1000, 1000]},
        **terms,
    }
    content = whole({}, **{"instruments": {"guarantee": instrument}, **(blocks or {})})
    return lower(written(folder, content))


def test_a_guarantor_without_more_is_a_public_party_a_bank_and_one_contract(tmp_path):
    scheme = lowered(tmp_path)
    assert [p for p in scheme.parties if p.name.startswith("guarantee")] == [
        Party(name="guarantee", opening=1000, public=True),
        Party(name="guarantee.bank", limited=False),
    ]
    assert scheme.contracts == (
        Contract(
            name="guarantee",
            instrument="guarantee",
            facility="guarantee",
            payer="guarantee",
            share=0.8,
            trigger_months=2,
            claim_lag=1,
        ),
    )
    assert scheme.capacities == (
        Capacity(name="guarantee.leverage", party="guarantee", basis="net_assets", multiple=10),
    )
    assert scheme.facilities[0].capacities == ("guarantee.leverage",)
    assert scheme.facilities[0].claim_months == 3
    assert scheme.obligor_limits == (
        ObligorLimit(facility="guarantee", party="guarantee", share=0.1, retained=0.8),
    )
    assert scheme.guarantors == (
        Guarantor(
            party="guarantee",
            contracts=("guarantee",),
            weights=(
                Weight(facility="guarantee", segment="sound", band=0, weight=0.75 * 0.8),
                Weight(facility="guarantee", segment="doomed", band=0, weight=0.75 * 0.8),
            ),
            fees=(),
            expected_recovery=0.0,
        ),
    )


def test_layers_become_contracts_on_the_whole_payment_of_those_they_cover(tmp_path):
    """Guarantor 40, province 30 of which the nation takes half, bank 20, town 10."""
    layers = {
        "province": {"share": 0.375, "lag_months": 6, "rate_cap": 0.05, "fee": 0.003, "money": 500},
        "nation": {"share": 0.5, "covers": "province", "lag_months": 3, "rate_cap": 0.04, "fee": 0.001},
        "town": {"share": 0.125, "public": False},
    }
    scheme = lowered(tmp_path, fee=0.01, reguarantee=layers)
    own, province, nation, town = scheme.contracts
    assert own.covers is None
    assert province == Contract(
        name="guarantee.province",
        instrument="guarantee",
        part="province",
        facility="guarantee",
        payer="guarantee.province",
        share=0.375,
        covers="guarantee",
        of="original",
        claim_lag=6,
        cohort_cap_rate=pytest.approx(0.05 * 0.30),
    )
    assert (nation.covers, nation.share, nation.claim_lag) == ("guarantee.province", 0.5, 3)
    assert nation.cohort_cap_rate == pytest.approx(0.04 * 0.15)
    assert (town.share, town.of, town.cohort_cap_rate) == (0.125, "original", math.inf)
    parties = {p.name: p for p in scheme.parties}
    assert parties["guarantee.province"] == Party(name="guarantee.province", opening=500, public=True)
    assert parties["guarantee.nation"] == Party(name="guarantee.nation", limited=False, public=True)
    assert parties["guarantee.town"] == Party(name="guarantee.town", limited=False, public=False)
    kind = "reguarantee_fee"
    facility = "guarantee"
    assert scheme.payments == (
        Payment.fee(facility=facility, payer="firms", payee="guarantee", rate_annual=pytest.approx(0.008)),
        Payment.fee(
            facility=facility,
            payer="guarantee",
            payee="guarantee.province",
            rate_annual=pytest.approx(0.003 * 0.3),
            kind=kind,
        ),
        Payment.fee(
            facility=facility,
            payer="guarantee.province",
            payee="guarantee.nation",
            rate_annual=pytest.approx(0.001 * 0.15),
            kind=kind,
        ),
    )
    (guarantor,) = scheme.guarantors
    assert guarantor.fees == (Line(source="firms", target="guarantee", kind="fee"),)
    assert guarantor.weights[0].weight == pytest.approx(0.75 * 0.4)
    assert scheme.obligor_limits[0].retained == pytest.approx(0.4)


def test_the_fund_comes_last_and_covers_what_the_others_leave(tmp_path):
    fund = {
        "opening": 10,
        "injections": [{"date": "2015-07", "amount": 20}],
        "share": 0.3,
        "year_limit": 25,
        "lag_months": 9,
    }
    layers = {"province": {"share": 0.25, "lag_months": 9}}
    scheme = lowered(tmp_path, reguarantee=layers, compensation_fund=fund)
    assert [c.name for c in scheme.contracts] == [
        "guarantee",
        "guarantee.province",
        "guarantee.compensation_fund",
    ]
    assert scheme.contracts[-1] == Contract(
        name="guarantee.compensation_fund",
        instrument="guarantee",
        part="compensation_fund",
        facility="guarantee",
        payer="guarantee.compensation_fund",
        share=0.3,
        covers="guarantee",
        claim_lag=9,
        year_limit=25,
    )
    assert Party(name="guarantee.compensation_fund", opening=10, public=True) in scheme.parties
    assert scheme.injections == (
        Injection(source="city", target="guarantee.compensation_fund", month=6, amount=20),
    )


def test_drawn_multiples_are_named_after_what_they_multiply(tmp_path):
    scheme = lowered(
        tmp_path,
        injections=[{"date": "2015-03", "amount": 100}, {"date": "2016-11", "amount": 50}],
        private_capital={"multiple": {"least": 5, "most": 10}, "lag_months": 2},
        bank_line={"multiple": {"least": 4, "most": 8}},
    )
    assert scheme.drawn == (
        Drawn(name="guarantee.private_capital", low=5, high=10),
        Drawn(name="guarantee.bank_line", low=4, high=8),
    )
    assert scheme.capacities[0] == Capacity(
        name="guarantee.bank_line",
        party="guarantee",
        basis="paid_in",
        multiple=1.0,
        drawn="guarantee.bank_line",
    )
    assert scheme.facilities[0].capacities == ("guarantee.bank_line", "guarantee.leverage")
    investors, own = "guarantee.investors", "guarantee"
    assert scheme.injections == (
        Injection(source="city", target=own, month=2, amount=100),
        Injection(
            source=investors,
            target=own,
            month=4,
            amount=100,
            drawn="guarantee.private_capital",
            follows=True,
        ),
        Injection(source="city", target=own, month=22, amount=50),
    )  # the second 50 would attract money in month 24, after the window
    assert Party(name=investors, limited=False) in scheme.parties


def test_a_given_multiple_is_not_drawn(tmp_path):
    scheme = lowered(
        tmp_path,
        injections=[{"date": "2015-03", "amount": 100}],
        private_capital={"multiple": 6},
        bank_line={"multiple": 7},
    )
    assert scheme.drawn == ()
    assert scheme.capacities[0].multiple == 7
    assert scheme.injections[1].amount == 600


def test_each_size_of_loan_has_its_weight(tmp_path):
    """Of the sizes below 1,000万 those up to 500万 count three quarters."""
    segments = {"sound": {**SOUND, "loan": SIZES}, "doomed": {**DOOMED, "loan": SIZES}}
    scheme = lowered(tmp_path, {"segments": segments}, share=1, not_small=["doomed"])
    bands = scheme.segments[0].bands
    expected = [0.75 if band.principal <= 5e6 else 1.0 for band in bands]
    assert {0.75, 1.0} == set(expected)
    weights = scheme.guarantors[0].weights
    assert [w.weight for w in weights if w.segment == "sound"] == expected
    assert [w.weight for w in weights if w.segment == "doomed"] == [1.0] * len(bands)


def test_expected_recovery_weighs_segments_by_what_is_expected_to_default(tmp_path):
    """60 % of the lending at PD 2 % and LGD 50 %, 40 % at 6 % and 80 %; a tenth of recoveries is cost."""
    segments = {
        "sound": {**SOUND, "pd": 0.02, "lgd": 0.5},
        "doomed": {**SOUND, "pd": 0.06, "lgd": 0.8},
    }
    terms = {"borrowers": {"sound": 0.6, "doomed": 0.4}}
    recovery = {"lag_months": 12, "cost": 0.1}
    scheme = lowered(tmp_path, {"segments": segments}, recovery=recovery, **terms)
    expected = 0.9 * (0.012 * 0.5 + 0.024 * 0.2) / (0.012 + 0.024)
    assert scheme.guarantors[0].expected_recovery == pytest.approx(expected)
    scheme = lowered(tmp_path, {"segments": segments}, **terms)
    assert scheme.guarantors[0].expected_recovery == 0.0  # nothing is ever recovered


@pytest.mark.parametrize(("year", "weight"), [(None, 0.75), (2017, 1.0), (2018, 0.75), (2024, 0.75)])
def test_small_loans_weigh_less_since_2018(tmp_path, year, weight):
    scheme = lowered(tmp_path, {"regime_year": year} if year else {}, share=1)
    assert scheme.guarantors[0].weights[0].weight == weight


def test_fifteen_times_is_offered_to_guarantors_of_small_firms(tmp_path):
    scheme = lowered(tmp_path, {"regime_year": 2018}, leverage=15)
    assert scheme.capacities[-1].multiple == 15


def test_the_run_off_waits_for_the_last_layer(tmp_path):
    """12 months of term, 3 to the claim, 6 and 3 more up the chain, none for recovery."""
    layers = {
        "province": {"share": 0.5, "lag_months": 6},
        "nation": {"share": 0.5, "covers": "province", "lag_months": 3},
    }
    scheme = lowered(tmp_path, {"window": {"start": "2015-01", "months": 24}}, reguarantee=layers)
    assert scheme.window.run_off == 12 + 3 + 6 + 3
