"""The other steps of the month in the SimPy engine, by hand arithmetic: money, lending, breakers."""

import math
from dataclasses import replace
from functools import partial

import pytest

from fundsim.reference import engine
from fundsim.scheme import (
    Band,
    Borrowers,
    Breaker,
    Capacity,
    Demand,
    Economy,
    Facility,
    Injection,
    MarginRefund,
    OpeningLoans,
    Party,
    Payment,
    Scheme,
    TopUp,
    Window,
)
from fundsim.verify.schemes import cover, segment, world

from . import reading

final = partial(reading.final, engine)
series = partial(reading.series, engine)
MONTHS = 24
CERTAIN = 1.0 - 1e-13

SAFE = replace(segment(pd_annual=0.0, rho=0.0, principal=10.0, lgd=1.0), name="safe", term_months=6)
DOOMED = replace(SAFE, name="doomed", pd_annual=CERTAIN, maturity_share=1.0, term_months=12)


def demand(**by_month):
    """Demand of given amounts in given months, written m3=40.0."""
    return Demand(monthly=tuple(by_month.get(f"m{month}", 0.0) for month in range(MONTHS)))


def facility(name="loans", segments=("safe",), **terms):
    terms.setdefault("demand", demand())
    borrowers = tuple(Borrowers(segment=s, share=1.0 / len(segments)) for s in segments)
    return Facility(name=name, lender="bank", borrowers=borrowers, **terms)


def opening(segment, months_left, n_loans):
    return OpeningLoans(segment=segment, band=0, months_left=months_left, n_loans=n_loans)


POOL = Party(name="pool", opening=100.0)


def scheme(*facilities, segments=(SAFE, DOOMED), parties=(POOL,), **terms):
    used = {b.segment for f in facilities for b in f.borrowers}
    terms.setdefault("window", Window(year=2015, month=1, months=MONTHS, run_off=6))
    return Scheme(
        economy=Economy(step_months=12, persistence=0.0),
        segments=tuple(s for s in segments if s.name in used),
        parties=world(*parties),
        facilities=facilities,
        **terms,
    )


def test_injection_of_a_month_is_there_in_that_month_and_counts_as_paid_in():
    parties = (Party(name="pool", opening=100.0), Party(name="purse", opening=30.0))
    injections = (
        Injection(source="treasury", target="pool", month=5, amount=50.0),
        Injection(source="purse", target="pool", month=6, amount=40.0),
        Injection(source="treasury", target="pool", month=MONTHS, amount=1000.0),
    )
    built = scheme(facility(), parties=parties, injections=injections)
    balance = series(built, "party/pool/balance")
    # The purse holds only 30; an injection comes in its month, after the window too.
    assert balance[4:7] == [100.0, 150.0, 180.0]
    assert balance[MONTHS - 1 :] == [180.0, *[1180.0] * 6]
    assert series(built, "party/pool/paid_in")[-1] == 1180.0


def test_top_up_fills_to_its_level_within_its_yearly_limit():
    drain = Injection(source="pool", target="outside", month=3, amount=60.0)
    again = replace(drain, month=5)
    rule = TopUp(source="treasury", target="pool", below=50.0, to=80.0, year_limit=50.0)
    balance = series(scheme(facility(), injections=(drain, again), top_ups=(rule,)), "party/pool/balance")
    # Month 3: 40, filled to 80 by 40; month 5: 20, filled by the 10 left; month 12: by 50 of a new year.
    assert (balance[3], balance[4], balance[5], balance[11], balance[12]) == (80.0, 80.0, 30.0, 30.0, 80.0)


def test_interest_then_running_cost_on_the_balance_of_step_seven():
    built = scheme(
        facility(),
        payments=(
            Payment.interest(party="pool", payer="bank", rate_annual=0.12),
            Payment.running_cost(party="pool", payee="outside", amount_annual=12.0),
        ),
    )
    balance = series(built, "party/pool/balance")
    assert balance[0] == pytest.approx(100.0)
    assert final(built)["flow/pool>outside/running_cost"] == pytest.approx(30.0)


def test_running_cost_takes_no_more_than_is_held():
    built = scheme(
        facility(),
        parties=(Party(name="pool", opening=5.0),),
        payments=(Payment.running_cost(party="pool", payee="outside", amount_annual=48.0),),
    )
    assert series(built, "party/pool/balance")[:3] == [1.0, 0.0, 0.0]


def test_interest_on_a_negative_balance_is_nothing():
    built = scheme(
        facility(demand=demand(m0=100.0)),
        payments=(Payment.interest(party="bank", payer="outside", rate_annual=0.12),),
    )
    assert series(built, "party/bank/balance")[1] == -100.0


def test_loan_of_six_months_is_repaid_in_the_sixth_month_after_its_grant():
    built = scheme(facility(demand=demand(m3=40.0)))
    performing = series(built, "book/loans/safe/performing")
    assert performing[2:4] == [0.0, 40.0]
    assert performing[8:10] == [40.0, 0.0]
    got = final(built)
    assert (got["flow/bank>firms/loan"], got["flow/firms>bank/repayment"]) == (40.0, 40.0)
    assert (got["book/loans/safe/n_new"], got["book/loans/safe/matured"]) == (4.0, 40.0)


def test_renewal_moves_no_cash_and_is_no_new_loan_and_ends_with_the_window():
    always = replace(SAFE, renew=1.0)
    built = scheme(facility(demand=demand(m3=40.0)), segments=(always,))
    got = final(built)
    # Renewed in months 9, 15 and 21; repaid in month 27, in the run-off.
    assert (got["book/loans/safe/n_new"], got["book/loans/safe/n_renewed"]) == (4.0, 12.0)
    assert got["book/loans/safe/lent_renewed"] == 120.0
    assert got["book/loans/safe/matured"] == 160.0
    assert got["flow/bank>firms/loan"] == 40.0
    assert got["flow/firms>bank/repayment"] == 40.0


def test_fees_are_charged_at_grant_and_at_each_renewal_for_the_coming_term():
    always = replace(SAFE, renew=1.0)
    fee = Payment.fee(facility="loans", payer="firms", payee="pool", rate=0.03, rate_annual=0.02)
    built = scheme(facility(demand=demand(m3=40.0)), segments=(always,), payments=(fee,))
    balance = series(built, "party/pool/balance")
    each = 40.0 * (0.03 + 0.02 * 6 / 12)
    assert balance[2:4] == pytest.approx([100.0, 100.0 + each])
    assert balance[-1] == pytest.approx(100.0 + 4 * each)
    once = replace(built, payments=(replace(fee, on_renewal=False),))
    assert final(once)["party/pool/balance"] == pytest.approx(100.0 + each)


def test_margin_goes_back_by_what_the_fund_still_holds_of_live_contributions():
    # 30 loans mature in month 2, 10 default in month 1; contributions of 5 % each.
    stock = (opening("safe", 3, 30), opening("doomed", 2, 10), opening("safe", 6, 20))
    refund = MarginRefund(facility="loans", party="margin", payee="firms", rate=0.05)
    built = scheme(
        facility(segments=("safe", "doomed"), opening=stock),
        parties=(Party(name="margin", opening=20.0),),
        contracts=(cover(0.08, "margin"),),
        margin_refunds=(refund,),
    )
    # The claim of month 1 is 8; in month 2 live contributions are 25 and 12 are held.
    assert series(built, "flow/margin>firms/margin_refund")[2] == pytest.approx(15.0 * 12.0 / 25.0)


def test_fractions_of_a_loan_are_carried_and_bands_share_the_demand():
    bands = (Band(principal=10.0, probability=0.75), Band(principal=50.0, probability=0.25))
    built = scheme(facility(demand=demand(m0=50.0, m1=50.0, m2=50.0)), segments=(replace(SAFE, bands=bands),))
    # Mean 20, so 2.5 loans a month: in all 1.875, 3.75, 5.625 small and 0.625, 1.25, 1.875 large ones.
    assert series(built, "facility/loans/demand")[:3] == [10.0, 30.0 + 50.0, 50.0 + 50.0]


def test_hold_asks_for_what_fills_the_level():
    levels = tuple(100.0 if month >= 2 else math.nan for month in range(MONTHS))
    built = scheme(facility(demand=Demand(monthly=(40.0,) * MONTHS, hold=levels)))
    assert series(built, "facility/loans/outstanding")[:6] == [40.0, 80.0, 100.0, 100.0, 100.0, 100.0]
    # The loans of months 0 and 1 leave in months 6 and 7 and are replaced at once.
    assert series(built, "facility/loans/outstanding")[6:8] == [100.0, 100.0]


@pytest.mark.parametrize(("basis", "lent"), [("paid_in", 180.0), ("balance", 180.0)])
def test_capacity_is_a_multiple_of_its_base(basis, lent):
    capacity = Capacity(name="limit", party="pool", basis=basis, multiple=1.85)
    built = scheme(facility(demand=demand(m1=1000.0), capacities=("limit",)), capacities=(capacity,))
    got = final(built)
    assert got["book/loans/safe/lent_new"] == lent
    assert got["facility/loans/refused_capacity"] == 1000.0 - lent
    assert got["facility/loans/capacity_months"] == pytest.approx(185.0 * MONTHS)


def test_facilities_on_one_limit_share_it_pro_rata_and_repaid_loans_make_room():
    capacity = Capacity(name="limit", party="pool", basis="paid_in", multiple=3.0)
    built = scheme(
        facility("one", demand=demand(m1=400.0, m7=400.0), capacities=("limit",)),
        facility("two", demand=demand(m1=200.0), capacities=("limit",)),
        capacities=(capacity,),
    )
    assert series(built, "book/one/safe/lent_new")[1] == 200.0
    assert series(built, "book/two/safe/lent_new")[1] == 100.0
    assert series(built, "book/one/safe/lent_new")[7] == 500.0


def test_balance_as_a_base_shrinks_with_claims_and_paid_in_does_not():
    def lent(basis):
        capacity = Capacity(name="limit", party="pool", basis=basis, multiple=2.0)
        built = scheme(
            facility(
                segments=("safe", "doomed"),
                opening=(opening("doomed", 1, 8),),
                demand=demand(m0=1000.0),
                capacities=("limit",),
            ),
            capacities=(capacity,),
            contracts=(cover(0.5),),
        )
        got = final(built)
        return got["book/loans/safe/lent_new"] + got["book/loans/doomed/lent_new"]

    assert lent("paid_in") == 200.0
    assert lent("balance") == 120.0


def test_defaults_count_as_outstanding_until_their_claim_is_due():
    built = scheme(
        facility(segments=("doomed",), opening=(opening("doomed", 4, 1),), claim_months=3, write_off_months=5)
    )
    outstanding = series(built, "facility/loans/outstanding")
    assert outstanding[2:7] == [10.0, 10.0, 10.0, 10.0, 0.0]
    assert series(built, "facility/loans/overdue")[2:9] == [0.0, 10.0, 10.0, 10.0, 10.0, 10.0, 0.0]
    assert series(built, "facility/loans/npl")[2:9] == [0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 0.0]
    assert final(built)["facility/loans/outstanding_months"] == 60.0


def test_new_loans_never_exceed_the_firms_without_a_loan_over_all_facilities():
    few = replace(SAFE, firms=30)
    built = scheme(
        facility("one", demand=demand(m0=200.0, m6=200.0)),
        facility("two", demand=demand(m0=200.0)),
        segments=(few,),
    )
    assert series(built, "book/one/safe/n_new")[0] == 15.0
    assert series(built, "book/two/safe/n_new")[0] == 15.0
    assert series(built, "facility/one/refused_firms")[0] == 50.0
    # Month 6: all 30 are repaid before new lending.
    assert series(built, "book/one/safe/n_new")[6] == 35.0


def test_breaker_fires_at_its_threshold_and_lifts_at_its_reset():
    stock = (opening("safe", 6, 90), opening("doomed", 4, 10))
    breaker = Breaker(
        name="red", facility="loans", metric="overdue_rate", threshold=0.10, reset=0.05, action="stop_new"
    )
    built = scheme(
        facility(
            segments=("safe", "doomed"),
            opening=stock,
            write_off_months=7,
            demand=demand(m2=20.0, m3=20.0, m9=20.0, m10=20.0),
        ),
        breakers=(breaker,),
    )
    # Overdue 100 of 1,020 in month 3 is below 10 %, of 140 in month 5 above it; closed in month 10.
    months = series(built, "breaker/red/months")
    assert (months[4], months[5], months[9], months[10]) == (0.0, 1.0, 5.0, 5.0)
    # Only the 20 of month 9 meet a breaker that is on.
    assert series(built, "facility/loans/refused_breaker")[-1] == 20.0


def test_breaker_month_is_the_first_in_which_it_is_on():
    breaker = Breaker(
        name="red", facility="loans", metric="npl_ratio", threshold=0.5, reset=0.0, action="terminate"
    )
    built = scheme(
        facility(segments=("safe", "doomed"), opening=(opening("doomed", 4, 1),), write_off_months=10),
        breakers=(breaker,),
    )
    fired = series(built, "breaker/red/fired_month")
    assert (fired[5], fired[6], fired[-1]) == (math.inf, 6.0, 6.0)
    # Terminated for good: on in months 6 … 23 although the stock is written off in month 13.
    assert series(built, "breaker/red/months")[-1] == 18.0


@pytest.mark.parametrize(("lifetime", "months"), [(False, 8.0), (True, 20.0)])
def test_compensation_breaker_reads_the_year_to_date_or_life(lifetime, months):
    breaker = Breaker(
        name="red",
        facility="loans",
        metric="compensation_ratio",
        threshold=0.4,
        reset=0.39,
        action="stop_new",
        party="pool",
        lifetime=lifetime,
    )
    built = scheme(
        facility(segments=("doomed",), opening=(opening("doomed", 5, 8),)),
        contracts=(cover(0.5),),
        breakers=(breaker,),
    )
    assert final(built)["breaker/red/months"] == months


def test_stopped_renewals_default_from_the_next_month_on():
    fragile = replace(SAFE, renew=1.0, default_if_not_renewed=1.0)
    breaker = Breaker(
        name="red",
        facility="loans",
        metric="overdue_rate",
        threshold=0.01,
        reset=0.0,
        action="stop_new_and_renewals",
    )
    stock = (opening("doomed", 3, 1), opening("safe", 3, 5), opening("safe", 4, 7))
    built = scheme(
        facility(segments=("safe", "doomed"), opening=stock), segments=(fragile, DOOMED), breakers=(breaker,)
    )
    # The breaker fires in step 8 of month 2: month 2 still renews, month 3 does not.
    assert series(built, "book/loans/safe/n_renewed")[2] == 5.0
    assert series(built, "book/loans/safe/defaulted_at_stop")[2:4] == [0.0, 70.0]


@pytest.mark.parametrize(("cliff", "defaulted"), [(True, 40.0), (False, 0.0)])
def test_cliff_makes_the_renewals_of_the_run_off_default(cliff, defaulted):
    fragile = replace(SAFE, renew=1.0, default_if_not_renewed=1.0)
    built = scheme(facility(demand=demand(m20=40.0), cliff=cliff), segments=(fragile,))
    got = final(built)
    assert got["book/loans/safe/defaulted_at_cliff"] == defaulted
    assert got["book/loans/safe/defaulted"] == defaulted
    assert got["book/loans/safe/matured"] == 40.0 - defaulted


def test_default_at_maturity_is_no_maturity_and_counts_once():
    got = final(scheme(facility(segments=("doomed",), opening=(opening("doomed", 4, 3),))))
    assert got["book/loans/doomed/n_defaulted"] == 3.0
    assert got["book/loans/doomed/matured"] == 0.0
    assert got["book/loans/doomed/n_performing"] == 0.0


def test_unknown_series_is_refused_by_name():
    with pytest.raises(ValueError, match="no such record at a month's end: party/nobody/balance"):
        engine(scheme(facility()), ("party/nobody/balance",))
