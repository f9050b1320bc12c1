"""Guarantors' books and the limits that read them, in both engines, by hand arithmetic."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.core import engine
from fundsim.scheme import (
    Capacity,
    Contract,
    Drawn,
    Injection,
    ObligorLimit,
    OpeningLoans,
    Party,
    Payment,
    RecoveryPart,
    Tape,
)

from .guaranteed import (
    DOOMED,
    ENGINES,
    FEE,
    LARGE,
    MONTHS,
    SMALL,
    SOUND,
    asking,
    books,
    failing,
    guarantee,
    lending,
    month_ends,
    scheme,
    weights,
)

approx = pytest.approx


@pytest.fixture(params=sorted(ENGINES))
def run(request):
    """Return a function that shows one path of a scheme month by month, by each engine in turn."""
    return lambda built, path=0: month_ends(request.param, built, path)


def leverage(multiple=10.0, **terms):
    return Capacity(name="leverage", party="guarantor", basis="net_assets", multiple=multiple, **terms)


# Liability and leverage


def test_new_lending_stops_where_the_weighted_liability_reaches_the_multiple_of_net_assets(run):
    """Weight 0.75 × 0.4 retained: 10 × 100 of net assets carry 3333 yuan of principal."""
    facility = lending(demand=asking(m0=8000.0, m1=8000.0), capacities=("leverage",))
    got = run(
        scheme(facility, opening=100.0, guarantors=(books(weights=weights(0.3)),), capacities=(leverage(),))
    )
    # Asked 40 of 100 and 10 of 400; λ = 1000/2400, so 16 and 4 are granted: 0.3 × 3200 = 960.
    assert got["book/loans/sound/lent_new"][0] == 3200.0
    assert got["facility/loans/refused_capacity"][0] == 4800.0
    assert got["guarantor/guarantor/liability"][0] == approx(960.0)
    # The room of 40 is a sixtieth of what is asked: nothing whole is left of it.
    assert got["book/loans/sound/lent_new"][1] == 3200.0
    assert got["facility/loans/refused_capacity"][1] == 4800.0 + 8000.0
    assert got["facility/loans/capacity_months"][-1] == 0.0


def test_liability_weighs_each_band_and_falls_when_loans_are_repaid(run):
    """One loan of 400 and four of 100 in month 0, repaid in month 24."""
    facility = lending(demand=asking(m0=800.0))
    got = run(scheme(facility, guarantors=(books(weights=weights(0.75, 1.0)),)))
    liability = got["guarantor/guarantor/liability"]
    assert got["book/loans/sound/lent_new"][0] == 800.0
    assert liability[0] == liability[23] == approx(0.75 * 400.0 + 400.0)
    assert liability[24] == 0.0


def test_defaulted_principal_stays_in_the_liability_by_its_weight_until_its_claim_is_due(run):
    """A loan of 400 defaults in month 2; three months later its claim is due, at step 6."""
    facility = lending(opening=(failing(2, band=LARGE), failing(9)), claim_months=3)
    built = scheme(
        facility,
        guarantors=(books(contracts=("guarantee",), weights=weights(0.75, 0.5)),),
        contracts=(guarantee(trigger_months=3),),
    )
    liability = run(built)["guarantor/guarantor/liability"]
    assert liability[4] == approx(0.5 * 400.0 + 75.0)
    assert liability[5] == liability[11] == approx(75.0)
    assert liability[12] == 0.0


def test_the_liability_of_amortising_loans_falls_with_what_they_owe_and_rises_again_at_renewal(run):
    """Four equal parts: five loans are granted in month 0 and renewed, or repaid for good, in month 4."""
    sound = replace(SOUND, term_months=4, outstanding_share=(1.0, 0.75, 0.5, 0.25), renew=1.0)
    built = scheme(
        lending(demand=asking(m0=800.0)),
        segments=(sound, DOOMED),
        guarantors=(books(weights=weights(0.5, 1.0)),),
    )
    liability = run(built)["guarantor/guarantor/liability"]
    whole = 0.5 * 400.0 + 400.0
    assert liability[:6] == approx([whole, 0.75 * whole, 0.5 * whole, 0.25 * whole, whole, 0.75 * whole])
    repaid = run(replace(built, segments=(replace(sound, renew=0.0), DOOMED)))
    assert repaid["guarantor/guarantor/liability"][3:5] == [approx(0.25 * whole), 0.0]


def test_an_amortising_loan_that_defaults_counts_with_what_it_owed_until_its_claim_is_due(run):
    """A thousand loans with two of four months left owe half; most default at once, others a month later."""
    doomed = replace(DOOMED, term_months=4, maturity_share=0.0, outstanding_share=(1.0, 0.75, 0.5, 0.25))
    stock = OpeningLoans(segment="doomed", band=SMALL, months_left=2, n_loans=1000)
    built = scheme(
        lending(opening=(stock,), claim_months=2),
        segments=(SOUND, doomed),
        guarantors=(books(weights=weights(0.6)),),
    )
    got = run(built)
    lost = got["book/loans/doomed/n_defaulted"]
    assert 800.0 < lost[0] < lost[1] <= 1000.0
    first, second = 50.0 * lost[0], 25.0 * (lost[1] - lost[0])
    left = 25.0 * (1000.0 - lost[0])
    liability = got["guarantor/guarantor/liability"]
    assert liability[:4] == approx([0.6 * (first + left), 0.6 * (first + second), 0.6 * second, 0.0])


def test_a_guarantor_that_has_lost_its_assets_takes_on_nothing(run):
    facility = lending(demand=asking(m4=800.0), opening=(failing(3),), capacities=("leverage",))
    built = scheme(
        facility, opening=60.0, contracts=(guarantee(share=1.0, carry=True),), capacities=(leverage(),)
    )
    got = run(built)
    assert got["guarantor/guarantor/net_assets"][3] == approx(-40.0)
    assert got["book/loans/sound/lent_new"][-1] == 0.0
    assert got["facility/loans/refused_capacity"][-1] == got["facility/loans/demand"][-1] == 800.0


# Fees and reserve


def test_half_of_the_fees_is_unearned_for_twelve_months_the_month_of_the_fee_included(run):
    """1 % on 800 in month 2 and on 800 in month 5."""
    fee = Payment.fee(facility="loans", payer="firms", payee="guarantor", rate=0.01)
    built = scheme(
        lending(demand=asking(m2=800.0, m5=800.0)), guarantors=(books(fees=(FEE,)),), payments=(fee,)
    )
    got = run(built)
    unearned, net = got["guarantor/guarantor/unearned"], got["guarantor/guarantor/net_assets"]
    assert unearned[1:3] == approx([0.0, 4.0])
    assert unearned[5] == unearned[13] == approx(8.0)
    assert unearned[14:17] == approx([4.0, 4.0, 4.0])
    assert unearned[17:] == [0.0] * (MONTHS - 17)
    assert net[2] == approx(1008.0 - 4.0)
    assert net[17] == approx(1016.0)


def test_fees_of_the_month_count_as_unearned_when_the_limit_of_the_month_is_read(run):
    """A fee of 100 from month 0: in month 1 the net assets are 1000 + 100 − 50, room for two of ten loans."""
    fee = Payment.fee(facility="loans", payer="firms", payee="guarantor", rate=1.0)
    built = scheme(
        replace(lending(demand=asking(m0=100.0, m1=1000.0), capacities=("leverage",))),
        segments=(replace(SOUND, bands=SOUND.bands[:1]), DOOMED),
        guarantors=(books(weights=weights(4.0)[:1] + weights(4.0)[2:], fees=(FEE,)),),
        capacities=(leverage(1.0),),
        payments=(fee,),
    )
    got = run(built)
    # 0.4 of 10 × 100: (1050 − 400) ÷ 400 = 1.6 loans.
    assert got["book/loans/sound/n_new"][1] == 1.0 + 1.0


def test_the_reserve_grows_by_its_rate_each_policy_year_up_to_its_cap_and_falls_with_the_liability(run):
    """Liability 800 until month 23; 1 % a year and at most 1.5 %: 8, then 12, then 1.5 % of nothing."""
    guarantor = books(reserve_rate=0.01, reserve_cap=0.015)
    got = run(scheme(lending(demand=asking(m0=800.0, m30=1600.0)), guarantors=(guarantor,)))
    reserve = got["guarantor/guarantor/reserve"]
    assert reserve[10:12] == approx([0.0, 8.0])
    assert reserve[22:24] == approx([8.0, 12.0])
    assert reserve[34] == approx(
        12.0
    )  # all is repaid in month 24, and nothing is released until the year's end
    assert reserve[35] == approx(24.0)  # 12 + 16, cut to 1.5 % of 1600
    assert got["guarantor/guarantor/net_assets"][11] == approx(1000.0 - 8.0)


def test_the_reserve_grows_in_three_steps_to_its_cap(run):
    guarantor = books(reserve_rate=0.04, reserve_cap=0.10)
    sound = replace(SOUND, term_months=48)
    built = scheme(lending(demand=asking(m0=800.0)), guarantors=(guarantor,), segments=(sound, DOOMED))
    reserve = run(built)["guarantor/guarantor/reserve"]
    assert [reserve[month] for month in (11, 23, 35, 47)] == approx([32.0, 64.0, 80.0, 80.0])


# Receivable: the guarantor pays first and waits


def chain(**terms):
    """Bank 20 %, guarantor 80 % of which province and nation refund a quarter each; one loan of 100 of ten.

    The guarantor pays in month 6, the province in month 9 within 1.5 % of the 1000 lent, the nation in
    month 18.  Of what is expected back, 40 % a yuan, three quarters come in month 15, the rest in month 27.
    """
    contracts = (
        guarantee(trigger_months=3),
        Contract(
            name="province", facility="loans", payer="province", share=0.25, covers="guarantee",
            claim_lag=3, cohort_cap_rate=0.015,
        ),
        Contract(
            name="nation", facility="loans", payer="nation", share=0.25, covers="guarantee", of="original",
            claim_lag=12, cohort_cap_rate=0.04,
        ),
    )  # fmt: skip
    facility = lending(
        opening=(failing(3), failing(23, n=9)),
        claim_months=3,
        recovery=(RecoveryPart(lag_months=12, share=0.75), RecoveryPart(lag_months=24, share=0.25)),
    )
    return scheme(
        facility,
        others=(Party(name="province", opening=1000.0), Party(name="nation", opening=1000.0)),
        guarantors=(books(contracts=("guarantee",), expected_recovery=0.4, **terms),),
        contracts=contracts,
    )


def test_the_receivable_follows_what_the_guarantor_paid_and_what_its_reguarantors_refund(run):
    got = run(chain())
    receivable = got["guarantor/guarantor/receivable"]
    assert receivable[5:7] == approx([0.0, 0.4 * 80.0])
    # The province owes 20 and its cap of the cohort is 15.
    assert got["contract/province/above_cap"][9] == approx(5.0)
    assert receivable[8:10] == approx([0.4 * 80.0, 0.4 * 65.0])
    # Three quarters of the recovery have arrived.
    assert receivable[14:16] == approx([0.4 * 65.0, 0.4 * 65.0 * 0.25])
    # By month 18 the nation insures 80 less the 24 recovered: a quarter of 56.
    assert got["contract/nation/paid"][18] == approx(14.0)
    assert receivable[18] == approx(0.4 * (65.0 - 14.0) * 0.25)
    # From month 26 the nine other loans count as well; the first is done with in month 27.
    assert receivable[26] - receivable[27] == approx(0.4 * (65.0 - 14.0) * 0.25)


def test_net_assets_are_balance_and_receivable_less_premium_and_reserve(run):
    got = run(chain(reserve_rate=0.02))
    name = "guarantor/guarantor/"
    # Month 11: opening 1000, paid 80, had 15; liability 900 of the loans that perform.
    assert got["party/guarantor/balance"][11] == approx(935.0)
    assert got[f"{name}reserve"][11] == approx(18.0)
    assert got[f"{name}net_assets"][11] == approx(935.0 + 26.0 - 18.0)


def test_what_is_left_of_the_caps_is_reported_at_each_years_end(run):
    """Volume 1000: the province's 15 are used up in month 9; the nation has paid 14 of 40 in month 18."""
    got = run(chain())
    assert got["contract/guarantee/cap_left"] == [math.inf] * 4
    assert got["contract/province/cap_left"] == approx([0.0] * 4)
    # In month 38 the nation is asked for a quarter of what nine loans cost: no cap beyond 26.
    assert got["contract/nation/cap_left"] == approx([40.0, 26.0, 26.0, 0.0])


def test_the_smallest_cap_counts_and_that_of_a_year_is_whole_again_in_the_next(run):
    """Eighty are due in months 3 and 15; caps of 100 a year and 190 for life.

    At the end of the first year its own limit no longer counts, and the later years allow more than life.
    """
    facility = lending(opening=(failing(3), failing(15)))
    got = run(scheme(facility, contracts=(guarantee(year_limit=100.0, limit=190.0),)))
    assert got["contract/guarantee/cap_left"] == approx([110.0, 30.0, 30.0, 30.0])


# Single obligor


def test_a_loan_is_refused_of_which_the_guarantor_would_retain_too_much(run):
    """A tenth of 1000 net assets bounds what is retained: 0.4 of 400 is too much, of 100 it is not."""
    limit = ObligorLimit(facility="loans", party="guarantor", share=0.1, retained=0.4)
    got = run(scheme(lending(demand=asking(m0=1600.0)), obligor_limits=(limit,)))
    assert got["book/loans/sound/n_new"][0] == 8.0
    assert got["facility/loans/refused_obligor"][0] == 800.0
    assert got["facility/loans/demand"][0] == 1600.0


def test_a_loan_that_is_exactly_the_limit_is_granted_and_comes_before_capacity(run):
    limit = ObligorLimit(facility="loans", party="guarantor", share=0.16, retained=0.4)
    within = Capacity(name="pool", party="guarantor", basis="paid_in", multiple=0.8)
    facility = lending(demand=asking(m0=1600.0), capacities=("pool",))
    got = run(scheme(facility, obligor_limits=(limit,), capacities=(within,)))
    assert got["facility/loans/refused_obligor"][0] == 0.0
    # 800 of 1600: half of the eight small loans and of the two large ones.
    assert got["book/loans/sound/n_new"][0] == 5.0
    smaller = replace(limit, share=0.15)
    got = run(scheme(facility, obligor_limits=(smaller,), capacities=(within,)))
    assert got["facility/loans/refused_obligor"][0] == 800.0
    assert got["facility/loans/refused_capacity"][0] == 0.0
    assert got["book/loans/sound/n_new"][0] == 8.0


def test_limits_cut_one_after_the_other_in_their_order_and_each_rounds_down(run):
    """Eight loans of 100 and two of 400 are asked for.

    Three quarters of them are six and one, 1,000 yuan; nine tenths of those are five and none.  The other way
    round nine sixteenths are four and one, 800 yuan, and nothing more is cut.
    """
    line = Capacity(name="line", party="guarantor", basis="paid_in", multiple=1.2)
    leverage = Capacity(name="leverage", party="guarantor", basis="paid_in", multiple=0.9)
    asked = lending(demand=asking(m0=1600.0), capacities=("line", "leverage"))
    got = run(scheme(asked, capacities=(line, leverage)))
    assert got["book/loans/sound/lent_new"][0] == 500.0
    got = run(scheme(asked, capacities=(leverage, line)))
    assert got["book/loans/sound/lent_new"][0] == 800.0


# Solvency


def test_the_month_of_insolvency_is_the_first_month_end_with_negative_net_assets(run):
    """Cash of 100, claims of 80 in months 3 and 7: 60 stay in arrears; recoveries of 40 heal it, too late."""
    facility = lending(opening=(failing(3), failing(7)), recovery=(RecoveryPart(lag_months=10, share=1.0),))
    built = scheme(
        facility,
        opening=100.0,
        guarantors=(books(contracts=("guarantee",), expected_recovery=0.0),),
        contracts=(guarantee(carry=True),),
    )
    got = run(built)
    assert got["guarantor/guarantor/net_assets"][6:8] == approx([20.0, -60.0])
    assert got["guarantor/guarantor/insolvent_month"][6:8] == [math.inf, 7.0]
    # In month 13 the bank hands 0.8 × 40 back, at step 3, and step 6 pays arrears with it.
    assert got["guarantor/guarantor/net_assets"][13] == approx(-60.0 + 32.0)
    assert got["guarantor/guarantor/insolvent_month"][-1] == 7.0
    hopeful = replace(built, guarantors=(books(contracts=("guarantee",), expected_recovery=0.8),))
    # Paid 100: 80 expected back outweigh 60 of arrears.
    got = run(hopeful)
    assert got["guarantor/guarantor/net_assets"][7] == approx(20.0)
    assert got["guarantor/guarantor/insolvent_month"][-1] == math.inf


# Drawn multiples


def drawing(low, high):
    private = {"source": "bank", "target": "guarantor", "kind": "private", "drawn": "private"}
    return scheme(
        lending(demand=asking(m1=10_000.0), capacities=("pool",)),
        drawn=(Drawn(name="private", low=low, high=high),),
        injections=(
            Injection(month=0, amount=10.0, **private),
            Injection(month=5, amount=30.0, **private),
        ),
        capacities=(
            Capacity(name="pool", party="guarantor", basis="paid_in", multiple=0.1, drawn="private"),
        ),
    )


def test_injections_and_limits_that_share_a_drawn_multiple_have_one_value(run):
    got = run(drawing(5.0, 10.0), 3)
    value = got["drawn/private/value"][0]
    assert 5.0 < value < 10.0
    assert got["drawn/private/value"] == [value] * MONTHS
    assert got["party/guarantor/paid_in"][0] == approx(1000.0 + 10.0 * value)
    assert got["party/guarantor/paid_in"][5] == approx(1000.0 + 40.0 * value)
    assert got["flow/bank>guarantor/private"][-1] == approx(40.0 * value)
    ceiling = 0.1 * value * (1000.0 + 10.0 * value)
    assert got["facility/loans/capacity_months"][1] == approx(2.0 * ceiling)
    assert ceiling - 500.0 < got["book/loans/sound/lent_new"][1] <= ceiling + 1e-6


def test_both_engines_draw_the_same_multiples():
    built = drawing(5.0, 10.0)
    for path in range(5):
        values = {month_ends(name, built, path)["drawn/private/value"][0] for name in ENGINES}
        assert len(values) == 1


def test_drawn_multiples_are_uniform_between_their_bounds():
    """2,000 paths: the mean of U(5, 10) is 7.5, its variance 25/12; |z| ≤ 4.9."""
    n = 2000
    values = engine(drawing(5.0, 10.0), ()).run(3, 0, n).snapshots[:, 0, -1]
    assert values.min() > 5.0
    assert values.max() < 10.0
    sd = 5.0 / math.sqrt(12.0)
    assert abs(values.mean() - 7.5) < 4.9 * sd / math.sqrt(n)
    # The square of a uniform's deviation has variance w⁴ (1/80 − 1/144).
    se = 25.0 * math.sqrt((1.0 / 80.0 - 1.0 / 144.0) / n)
    assert abs(((values - 7.5) ** 2).mean() - sd * sd) < 4.9 * se


# Several limits


def test_two_limits_cut_one_after_the_other_and_the_smaller_is_the_capacity(run):
    """1600 asked; 1200 by the first limit, then half of that by the leverage of one."""
    facility = lending(demand=asking(m0=1600.0), capacities=("leverage", "first", "second"))
    built = scheme(
        facility,
        opening=600.0,
        capacities=(
            Capacity(name="first", party="guarantor", basis="paid_in", multiple=2.0),
            Capacity(name="second", party="guarantor", basis="balance", multiple=2.5),
            leverage(1.0),
        ),
    )
    got = run(built)
    # First 1200 of 1600: six of 100 and one of 400 (1.5).  Second 1500: no cut.  Leverage 600 of 1000:
    # three (3.6) and none (0.6).
    assert got["book/loans/sound/n_new"][0] == 3.0
    assert got["facility/loans/refused_capacity"][0] == 1300.0
    assert got["facility/loans/capacity_months"][0] == approx(1200.0)


def test_a_limit_that_facilities_share_leaves_another_limit_of_one_of_them_alone(run):
    """Both ask for 800 and may have 1200 together; the second alone no more than 300."""
    one = lending("loans", demand=asking(m0=800.0), capacities=("shared",))
    two = lending("more", demand=asking(m0=800.0), capacities=("shared", "own"))
    built = scheme(
        one,
        facilities=(one, two),
        guarantors=(),
        capacities=(
            Capacity(name="shared", party="guarantor", basis="paid_in", multiple=1.2),
            Capacity(name="own", party="guarantor", basis="paid_in", multiple=0.3),
        ),
    )
    got = run(built)
    # Three quarters of four and one: three small loans each.  Of these the own limit leaves 300.
    assert got["book/loans/sound/lent_new"][0] == 300.0
    assert got["book/more/sound/lent_new"][0] == 300.0
    assert got["facility/loans/capacity_months"][0] == approx(1200.0)
    assert got["facility/more/capacity_months"][0] == approx(300.0)


# What the core refuses


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"guarantors": (), "capacities": (leverage(),)},
            "limit leverage: guarantor keeps no guarantor's books",
        ),
        (
            {
                "guarantors": (),
                "obligor_limits": (
                    ObligorLimit(facility="loans", party="guarantor", share=0.1, retained=1.0),
                ),
            },
            "obligor limit of loans: guarantor keeps no guarantor's books",
        ),
        ({"guarantors": (books(), books())}, "a party has two sets of guarantor's books"),
        (
            {
                "guarantors": (books(contracts=("other",)),),
                "contracts": (guarantee(name="other", payer="bank"),),
            },
            "contract other is no cover of a lender by guarantor",
        ),
    ],
)
def test_books_that_nobody_could_keep_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        engine(scheme(lending(), **change))


def test_weights_of_loans_on_a_tape_are_refused():
    """A weight belongs to a size band, and a loan on a tape has none."""
    tape = Tape(
        segments=("sound",),
        segment=np.array([0]),
        principal=np.array([100.0]),
        months_left=np.array([3]),
        pd_annual=np.array([0.1]),
        lgd_mean=np.array([0.5]),
    )
    with pytest.raises(ValueError, match="loans on the tape of loans have no size band, so no weight"):
        engine(scheme(lending(tape=tape)))
