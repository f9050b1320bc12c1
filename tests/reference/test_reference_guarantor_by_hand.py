"""Guarantors, several limits on one facility and drawn multiples in the SimPy engine, by hand arithmetic."""

import math
from dataclasses import replace
from functools import partial

import pytest
from tests.laws.tapes import tape_of_rows

from fundsim.reference import engine
from fundsim.reference.economy import shared_uniform
from fundsim.scheme import (
    Band,
    Borrowers,
    Capacity,
    Demand,
    Drawn,
    Economy,
    Guarantor,
    Injection,
    Line,
    ObligorLimit,
    Party,
    Payment,
    Purpose,
    RecoveryPart,
    Scheme,
    Weight,
    Window,
    entity,
)
from fundsim.verify.schemes import band_weights, cover, lending, opening_loans, segment, world

from . import reading

final = partial(reading.final, engine)
series = partial(reading.series, engine)
MONTHS = 30
CERTAIN = 1.0 - 1e-13

TWO_SIZES = (Band(principal=10.0, probability=0.5), Band(principal=50.0, probability=0.5))
SAFE = replace(
    segment(pd_annual=0.0, rho=0.0, principal=10.0, lgd=0.5), name="safe", term_months=6, bands=TWO_SIZES
)
DOOMED = replace(SAFE, name="doomed", pd_annual=CERTAIN, maturity_share=1.0, term_months=12)

FEE = Payment.fee(facility="loans", payer="firms", payee="guarantor", rate=0.03)
COVER = cover(0.8, "guarantor", name="cover", claim_lag=2)
PROVINCE = cover(0.25, "province", covers="cover", of="original", claim_lag=1)
BOOKS = Guarantor(
    party="guarantor",
    contracts=("cover",),
    weights=band_weights(0.45, 0.6, segments=("safe", "doomed")),
    fees=(Line(source="firms", target="guarantor", kind="fee"),),
    expected_recovery=0.5,
)


def scheme(*, lent=None, opening=(), capital=100.0, limits=(), segments=(SAFE, DOOMED), **terms):
    facility = lending(
        ((lent or {}).get(month, 0.0) for month in range(MONTHS)),
        borrowers=(Borrowers(segment="safe", share=1.0), Borrowers(segment="doomed", share=0.0)),
        opening=opening,
        claim_months=2,
        recovery=(RecoveryPart(lag_months=5, share=0.4), RecoveryPart(lag_months=8, share=0.6)),
        capacities=limits,
    )
    terms = {"contracts": (COVER, PROVINCE), "payments": (FEE,), "guarantors": (BOOKS,), **terms}
    return Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=6),
        economy=Economy(step_months=12, persistence=0.0),
        segments=segments,
        parties=world(Party(name="guarantor", opening=capital), Party(name="province", opening=1000.0)),
        facilities=(facility,),
        **terms,
    )


def doomed(months_left, n_loans=1, band=1):
    return opening_loans(months_left, n_loans, segment="doomed", band=band)


def book(scheme, what):
    return series(scheme, f"guarantor/guarantor/{what}")


def test_liability_weighs_each_band_and_keeps_defaults_until_their_claim_is_due():
    # Six loans of 10 and six of 50 in month 1, repaid in month 7; one doomed of 50 fails in month 3.
    liability = book(scheme(lent={1: 360.0}, opening=doomed(4)), "liability")
    lent = 6 * 10 * 0.45 + 6 * 50 * 0.6
    assert liability[:3] == pytest.approx([30.0, 30.0 + lent, 30.0 + lent])
    # The claim falls due at step 6 of month 5.
    assert liability[3:8] == pytest.approx([30.0 + lent, 30.0 + lent, lent, lent, 0.0])


def test_receivable_is_what_it_paid_less_what_its_covers_paid_times_what_is_still_to_come():
    # One loan of 50 fails in month 3; the guarantor pays 40 in month 5, the province 10 of it in month 6.
    receivable = book(scheme(opening=doomed(4)), "receivable")
    assert receivable[4:8] == pytest.approx([0.0, 0.5 * 40.0, 0.5 * 30.0, 0.5 * 30.0])
    # Parts of 40 % and 60 % arrive in months 8 and 11.
    assert receivable[8:12] == pytest.approx([9.0, 9.0, 9.0, 0.0])


def test_half_of_the_fees_of_twelve_months_is_unearned():
    unearned = book(scheme(lent={1: 360.0, 4: 180.0}), "unearned")
    assert unearned[0:2] == pytest.approx([0.0, 0.5 * 0.03 * 360.0])
    assert unearned[4:13] == pytest.approx([0.5 * 0.03 * 540.0] * 9)
    # The fee of month 1 is earned in month 13, that of month 4 in month 16.
    assert unearned[13:17] == pytest.approx([0.5 * 0.03 * 180.0] * 3 + [0.0])


def test_reserve_grows_at_the_years_end_and_is_cut_to_its_cap_and_not_released_between():
    terms = replace(BOOKS, reserve_rate=0.04, reserve_cap=0.06)
    built = scheme(lent={11: 360.0, 23: 360.0}, guarantors=(terms,))
    reserve = book(built, "reserve")
    liability = 6 * 10 * 0.45 + 6 * 50 * 0.6
    assert reserve[10] == 0.0
    assert reserve[11:23] == pytest.approx([0.04 * liability] * 12)
    assert reserve[23:35] == pytest.approx([0.06 * liability] * 12)
    # At the end of month 35 nothing is guaranteed, so that nothing is reserved.
    assert reserve[35] == 0.0


def test_net_assets_are_cash_and_receivable_less_unearned_premium_and_reserve():
    built = scheme(lent={1: 360.0, 10: 360.0}, opening=doomed(4))
    parts = {what: book(built, what) for what in ("receivable", "unearned", "reserve", "net_assets")}
    balance = series(built, "party/guarantor/balance")
    for month, cash in enumerate(balance):
        expected = cash + parts["receivable"][month] - parts["unearned"][month] - parts["reserve"][month]
        assert parts["net_assets"][month] == pytest.approx(expected)
    # Month 12: 100 + fees − 40 + 10 + 60 % of the loss that comes back; half the fees, 1 % of 207.
    assert parts["net_assets"][12] == pytest.approx(100 + 21.6 - 40 + 10 + 25 * 0.6 - 10.8 - 0.01 * 207.0)


def test_arrears_lower_net_assets_and_the_first_month_below_zero_is_kept():
    carrying = replace(COVER, carry=True)
    built = scheme(opening=doomed(4), capital=10.0, contracts=(carrying,))
    net_assets = book(built, "net_assets")
    # 10 of 40 are paid in month 5: no cash, half of the 10 is expected back, 30 are owed.
    assert net_assets[4:6] == pytest.approx([10.0, 5.0 - 30.0])
    assert book(built, "insolvent_month")[4:6] == [math.inf, 5.0]
    assert final(built)["guarantor/guarantor/insolvent_month"] == 5.0


def test_new_lending_fits_a_multiple_of_net_assets_by_its_weight():
    limit = Capacity(name="leverage", party="guarantor", basis="net_assets", multiple=2.0)
    built = scheme(lent={1: 3600.0, 2: 360.0}, limits=("leverage",), capacities=(limit,))
    # Room of 200 for 60 × (4.5 + 30) = 2,070: λ = 0.0966, five of sixty in each band.
    assert series(built, "book/loans/safe/n_new")[1] == 10.0
    assert book(built, "liability")[1] == pytest.approx(5 * 4.5 + 5 * 30.0)
    # Net assets have grown by half of the fee of 9, so 209 − 172.5 = 36.5 for 6 × 34.5 = 207: one of six.
    assert series(built, "book/loans/safe/n_new")[2] == 12.0
    assert series(built, "facility/loans/refused_capacity")[2] == 3300.0 + 300.0
    assert final(built)["facility/loans/capacity_months"] == 0.0


def test_the_liability_of_all_its_facilities_counts_against_the_limit():
    limit = Capacity(name="leverage", party="guarantor", basis="net_assets", multiple=2.0)
    built = scheme(lent={1: 3600.0}, limits=("leverage",), capacities=(limit,))
    (north,) = built.facilities
    south = replace(
        north,
        name="south",
        demand=Demand(monthly=(0.0,) * MONTHS),
        opening=opening_loans(6, 5, segment="safe", band=1),
        capacities=(),
    )
    weights = (*BOOKS.weights, Weight(facility="south", segment="safe", band=1, weight=0.3))
    both = replace(built, facilities=(north, south), guarantors=(replace(BOOKS, weights=weights),))
    # 200 − 5 × 50 × 0.3 = 125 for 2,070: λ = 0.0604, three of sixty in each band.
    assert series(both, "book/loans/safe/n_new")[1] == 6.0


def test_loans_too_large_for_its_net_assets_are_refused_and_the_smaller_ones_are_not():
    limit = ObligorLimit(facility="loans", party="guarantor", share=0.1, retained=0.4)
    built = scheme(
        lent={1: 360.0, 3: 360.0},
        obligor_limits=(limit,),
        injections=(Injection(source="treasury", target="guarantor", month=3, amount=200.0),),
    )
    # 40 % of 50 is 20, above a tenth of 100 and below a tenth of 300.
    assert series(built, "book/loans/safe/n_new")[1:4] == [6.0, 6.0, 18.0]
    assert series(built, "facility/loans/refused_obligor")[0:4] == [0.0, 300.0, 300.0, 300.0]


def test_limits_cut_one_after_the_other_in_the_order_of_the_scheme():
    cash = Capacity(name="cash", party="guarantor", basis="balance", multiple=5.0)
    paid_in = Capacity(name="paid_in", party="province", basis="paid_in", multiple=0.3)
    built = scheme(
        lent={1: 720.0},
        limits=("paid_in", "cash"),
        capacities=(cash, paid_in),
        segments=(replace(SAFE, bands=(Band(principal=12.0, probability=1.0),)), DOOMED),
        guarantors=(),
    )
    # 60 loans asked for; 500 of cash leave ⌊60 × 500/720⌋ = 41, and 300 of 492 then ⌊41 × 300/492⌋ = 25.
    assert series(built, "book/loans/safe/n_new")[1] == 25.0
    assert series(built, "facility/loans/refused_capacity")[1] == 720.0 - 300.0
    # The smaller of the two ceilings is counted: 500 of cash never falls below 300.
    assert final(built)["facility/loans/capacity_months"] == pytest.approx(300.0 * MONTHS)


def test_a_drawn_multiple_is_uniform_from_its_own_counter_and_multiplies_what_names_it():
    match = Drawn(name="private.match", low=5.0, high=10.0)
    built = scheme(
        lent={1: 100_000.0},
        limits=("bank_line",),
        capacities=(
            Capacity(
                name="bank_line", party="province", basis="paid_in", multiple=2.0, drawn="private.match"
            ),
        ),
        drawn=(match,),
        injections=(
            Injection(source="treasury", target="guarantor", month=2, amount=30.0, drawn="private.match"),
            Injection(source="treasury", target="guarantor", month=3, amount=7.0),
        ),
        payments=(),
    )
    u = shared_uniform(1, 0, Purpose.DRAWN, entity("private.match"), 0)
    value = 5.0 + 5.0 * u
    assert series(built, "drawn/private.match/value") == [pytest.approx(value)] * (MONTHS + 6)
    assert series(built, "party/guarantor/balance")[1:4] == pytest.approx(
        [100.0, 100.0 + 30.0 * value, 107.0 + 30.0 * value]
    )
    assert final(built)["facility/loans/capacity_months"] == pytest.approx(MONTHS * 2000.0 * value)


def test_weights_on_a_tape_whose_loans_have_no_size_band_are_refused():
    built = scheme()
    rows = tape_of_rows([("safe", 5.0, 3, 0.1, 0.5)])
    taped = replace(built, facilities=(replace(built.facilities[0], tape=rows),))
    with pytest.raises(ValueError, match="loans on the tape of loans have no size band"):
        engine(taped, ())
