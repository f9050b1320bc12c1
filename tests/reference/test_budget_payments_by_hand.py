"""What falls due on payments from a budget line, whom it pays first, and what it owes; in each engine."""

import math
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest

from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import BankBook, BudgetLine, LineRate, OpeningLoans, check_scheme

from .budgets import (
    ACCOUNT,
    ENGINES,
    dated,
    half,
    injection,
    lending,
    level,
    line,
    lived_in,
    payment,
    scheme,
    sound,
    steps,
)

approx = pytest.approx
SUBSIDY = f"flow/{ACCOUNT}>firms/subsidy"
PLENTY = line(1e6, 1e6)
FIRMS = sound()


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def rate(rate_annual=0.0, once=0.0):
    """Return what is paid on the loans of the one facility."""
    return (LineRate(facility="loans", segment="firms", rate=once, rate_annual=rate_annual),)


def interest(share=1.0, loan_rate=0.06, ceiling=math.inf, floor=0.0):
    """Return the rate of an interest subsidy: share × (min(loan rate, ceiling) − floor), not below 0."""
    return rate(share * max(0.0, min(loan_rate, ceiling) - floor))


def opening(months_left, n_loans):
    """Return opening loans of 100 yuan."""
    return OpeningLoans(segment="firms", band=0, months_left=months_left, n_loans=n_loans)


# Bases


def test_an_interest_subsidy_runs_on_what_performs_at_the_months_start(lived):
    """3 % a year of 1,200, lent in month 2 for a year, in months 3 to 14: half of 8 − 2 per cent."""
    rates = interest(share=0.5, loan_rate=0.09, ceiling=0.08, floor=0.02)
    got = lived(PLENTY, payment("performing", rates=rates), **lending(FIRMS, m2=1200.0))
    assert steps(got["subsidy/due"]) == approx(dict.fromkeys(range(3, 15), 3.0))
    assert got[SUBSIDY][-1] == got["subsidy/paid"][-1] == approx(36.0)
    # Below the floor nothing is paid.
    nothing = lived(
        PLENTY, payment("performing", rates=interest(loan_rate=0.02, floor=0.03)), **lending(FIRMS, m2=1200.0)
    )
    assert nothing["subsidy/due"][-1] == 0.0


def test_opening_loans_and_their_renewals_earn_it_from_month_0(lived):
    """2,400 are on the books for three months; with renewals they stay."""
    once = lived(PLENTY, payment("performing", rates=rate(0.01)), **lending(FIRMS, opening=(opening(3, 24),)))
    assert steps(once["subsidy/due"]) == approx({0: 2.0, 1: 2.0, 2: 2.0})
    again = lived(
        PLENTY,
        payment("performing", rates=rate(0.01)),
        **lending(sound(renew=1.0), opening=(opening(3, 24),)),
    )
    assert steps(again["subsidy/due"]) == approx(dict.fromkeys(range(24), 2.0))


def test_instalments_lower_it(lived):
    """Of 1,200 granted in month 0 a twelfth is repaid each month: 1,200, 1,100 … 100 are owed."""
    linear = sound(outstanding_share=outstanding_share("linear", 12, 0.0))
    got = lived(PLENTY, payment("performing", rates=rate(0.12)), **lending(linear, m0=1200.0))
    assert steps(got["subsidy/due"]) == approx({month: 13.0 - month for month in range(1, 13)})


def test_a_default_at_maturity_counts_as_performing(lived):
    """All 2,400 default in month 2, at maturity."""
    doomed = sound(pd_annual=1.0 - 1e-13, maturity_share=1.0)
    got = lived(PLENTY, payment("performing", rates=rate(0.01)), **lending(doomed, opening=(opening(3, 24),)))
    assert got["book/loans/firms/n_defaulted"][2] == 24.0
    assert steps(got["subsidy/due"]) == approx({0: 2.0, 1: 2.0, 2: 2.0})


@pytest.mark.parametrize("path", range(3))
def test_a_loan_that_defaults_in_life_earns_nothing_in_that_month(lived, path):
    """24,000 at a PD of 90 %: a month pays on what performed before it less what defaulted in it."""
    risky = sound(pd_annual=0.9)
    got = lived(
        PLENTY,
        payment("performing", rates=rate(0.12)),
        path=path,
        **lending(risky, opening=(opening(12, 240),)),
    )
    performing = [24_000.0, *got["book/loans/firms/performing"]]
    defaulted = [0.0, *got["book/loans/firms/defaulted"]]
    lost = [after - before for before, after in pairwise(defaulted)]
    assert min(lost[:6]) > 0.0
    due = [0.0, *got["subsidy/due"]]
    for month in range(24):
        assert due[month + 1] - due[month] == approx(0.01 * (performing[month] - lost[month])), month


def test_nothing_falls_due_after_the_window(lived):
    """The loan of month 23 runs on for a year, the line until month 26."""
    got = lived(
        line(100.0, 100.0, after_acceptance=True),
        payment("performing", rates=rate(0.12)),
        **lending(FIRMS, m20=1200.0),
    )
    assert steps(got["subsidy/due"]) == approx({21: 12.0, 22: 12.0, 23: 12.0})
    assert steps(got["subsidy/paid"]) == approx({26: 36.0})


def test_a_subsidy_of_fees_is_paid_on_new_loans_for_their_term(lived):
    """1 % once and 1.5 % a year for eight months: 2 % of 600 in month 2; the renewal of month 10 has none."""
    eight = sound(term_months=8, renew=1.0)
    got = lived(PLENTY, payment("granted", rates=rate(0.015, once=0.01)), **lending(eight, m2=600.0))
    assert steps(got["subsidy/due"]) == approx({2: 12.0})


def test_a_subsidy_of_fees_is_paid_on_renewals_where_it_says_so(lived):
    eight = sound(term_months=8, renew=1.0)
    got = lived(
        PLENTY,
        payment("granted", rates=rate(0.015, once=0.01), on_renewal=True),
        **lending(eight, m2=600.0),
    )
    assert steps(got["subsidy/due"]) == approx({2: 12.0, 10: 12.0, 18: 12.0})


def test_a_subsidy_of_fees_on_an_amortising_loan_runs_on_what_is_owed(lived):
    """Σ_a s_a of twelve linear months is 6.5: 1.2 % ÷ 12 × 6.5 of 2,000 is 13."""
    linear = sound(outstanding_share=outstanding_share("linear", 12, 0.0))
    got = lived(PLENTY, payment("granted", rates=rate(0.012)), **lending(linear, m4=2000.0))
    assert steps(got["subsidy/due"]) == approx({4: 13.0})


def test_the_opening_stock_is_no_grant(lived):
    got = lived(
        PLENTY, payment("granted", rates=rate(once=0.01)), **lending(FIRMS, opening=(opening(3, 24),))
    )
    assert got["subsidy/due"][-1] == 0.0


def test_events_are_counted_month_by_month(lived):
    """Three loans in month 1 and two in month 5, with an award of 30 each; a subsidy counts 5 yuan a loan."""
    events = ("book/loans/firms/n_new",)
    award = payment("counted", "award", events=events, amount=30.0, kind="award", whole=True)
    got = lived(line(1000.0, 0.0), award, **lending(FIRMS, m1=300.0, m5=200.0))
    assert steps(got["award/due"]) == steps(got["award/paid"]) == {1: 90.0, 5: 60.0}
    assert steps(got["award/n_paid"]) == {1: 3.0, 5: 2.0}
    assert got[f"flow/{ACCOUNT}>firms/award"][-1] == 150.0


def test_events_of_several_records_add_up(lived):
    """A loan granted in month 1 is renewed in month 13."""
    events = ("book/loans/firms/n_new", "book/loans/firms/n_renewed")
    got = lived(PLENTY, payment("counted", events=events, amount=7.0), **lending(sound(renew=1.0), m1=100.0))
    assert steps(got["subsidy/due"]) == {1: 7.0, 13: 7.0}
    assert got["subsidy/n_paid"][-1] == 2.0


def test_a_fixed_amount_is_paid_by_twelfths_in_the_window(lived):
    got = lived(PLENTY, payment("fixed", amount=120.0), months=18)
    assert steps(got["subsidy/due"]) == approx(dict.fromkeys(range(18), 10.0))
    assert got["subsidy/n_paid"][-1] == 0.0


def test_dated_amounts_of_one_month_add_up(lived):
    twice = replace(dated(m3=5.0), dates=((3, 5.0), (3, 2.0), (7, 1.0)))
    assert steps(lived(PLENTY, twice)["rent/due"]) == {3: 7.0, 7: 1.0}


# Increments


def book(**terms):
    """Return the book of a bank: 1,000, with a growth of 10 % a year."""
    return BankBook(**{"name": "bank", "opening": 1000.0, "growth": 0.1, **terms})


def increment(**terms):
    """Return a subsidy of a hundredth of the increase."""
    return payment("increment", book="bank", book_rate=0.01, **terms)


def test_an_increment_falls_due_at_the_years_end_and_is_paid_in_month_two_of_the_next_year(lived):
    """1,000, 1,100, 1,210: the increases are 100 and 110.  The line lives until month 26."""
    got = lived(line(10.0, 10.0), increment(), bank_books=(book(),))
    assert len(got["held"]) == 27
    assert (got["bank/own"][10], got["bank/own"][11], got["bank/own"][23]) == approx((1000.0, 1100.0, 1210.0))
    assert steps(got["bank/increase"]) == approx({11: 100.0, 23: 110.0})
    assert steps(got["subsidy/due"]) == approx({11: 1.0, 23: 1.1})
    assert steps(got["subsidy/paid"]) == approx({14: 1.0, 26: 1.1})
    assert steps(got["subsidy/owed"]) == approx({11: 1.0, 14: -1.0, 23: 1.1, 26: -1.1})
    # What is owed is kept from lapsing.
    assert steps(got["purse/lapsed"]) == approx({11: 9.0, 23: 8.9})


def test_loans_of_the_scheme_belong_to_the_banks_book(lived):
    """Opening loans of 300 for three months and of 300 for fifteen; 500 of month 6 for fifteen.

    With the own book: 1,600 before month 0, then 1,900 and 1,210.
    """
    long = replace(FIRMS, term_months=15)
    lent = lending(long, opening=(opening(3, 3), opening(15, 3)), m6=500.0)
    got = lived(line(10.0, 10.0), increment(), bank_books=(book(facilities=("loans",)),), **lent)
    assert steps(got["bank/increase"]) == approx({11: 300.0})
    assert steps(got["subsidy/paid"]) == approx({14: 3.0})


def test_loans_of_the_years_last_month_count(lived):
    """700 are granted in month 11, after which the year ends."""
    lent = lending(FIRMS, m11=700.0)
    got = lived(line(10.0, 10.0), increment(), bank_books=(book(facilities=("loans",)),), **lent)
    assert steps(got["bank/increase"]) == approx({11: 800.0})
    assert steps(got["subsidy/paid"]) == approx({14: 8.0})


def test_a_fall_pays_nothing_and_the_next_rise_counts_from_there(lived):
    """600 lent in month 3 are back in month 15: 1,000, 1,700, 1,210, and nothing; 121 more in year 2."""
    got = lived(
        line(50.0, 50.0, 50.0),
        increment(),
        months=36,
        bank_books=(book(facilities=("loans",)),),
        **lending(FIRMS, months=36, m3=600.0),
    )
    assert steps(got["bank/increase"]) == approx({11: 700.0, 35: 121.0})
    assert steps(got["subsidy/paid"]) == approx({14: 7.0, 38: 1.21})


def test_a_window_that_ends_inside_a_year_ends_the_books_year(lived):
    got = lived(line(10.0, 10.0), increment(), months=18, bank_books=(book(),))
    assert steps(got["bank/increase"]) == approx({11: 100.0, 17: 110.0})
    assert steps(got["subsidy/paid"]) == approx({14: 1.0, 26: 1.1})


def test_an_increment_that_finds_no_money_is_refused_or_stays_owed(lived):
    """Nothing is appropriated in year 1 but 0.4: and nothing in the months after the window."""
    got = lived(line(0.0, 0.4, carry_over=True), increment(), bank_books=(book(),))
    assert steps(got["subsidy/paid"]) == approx({14: 0.4})
    assert steps(got["subsidy/refused"]) == approx({14: 0.6, 26: 1.1})
    owing = lived(line(0.0, 1.5), increment(arrears=True), bank_books=(book(),))
    assert steps(owing["subsidy/paid"]) == approx({14: 1.0, 26: 0.5})
    assert owing["subsidy/owed"][-1] == approx(0.6)


# Caps


def test_what_a_cap_cuts_never_falls_due(lived):
    """10 a month: after five months 50 are due in a year; 70 in all."""
    got = lived(PLENTY, payment("fixed", amount=120.0, cap_year=55.0, cap_total=80.0))
    assert steps(got["subsidy/due"]) == approx(
        {**dict.fromkeys(range(5), 10.0), 5: 5.0, 12: 10.0, 13: 10.0, 14: 5.0}
    )
    assert got["subsidy/capped"][11] == approx(65.0)
    assert got["subsidy/capped"][-1] == approx(160.0)
    assert (got["subsidy/paid"][-1], got["subsidy/refused"][-1]) == (approx(80.0), 0.0)


def test_a_cap_by_year_starts_again_each_year(lived):
    got = lived(PLENTY, payment("fixed", amount=120.0, cap_year=25.0))
    assert steps(got["subsidy/due"]) == approx({0: 10.0, 1: 10.0, 2: 5.0, 12: 10.0, 13: 10.0, 14: 5.0})


def test_a_cap_by_year_starts_again_for_what_falls_due_once_a_year(lived):
    """Increases of 100, 110 and 121: of 1.00, 1.10 and 1.21 no year may have more than 1.05."""
    got = lived(line(9.0, 9.0, 9.0), increment(cap_year=1.05), months=36, bank_books=(book(),))
    assert steps(got["subsidy/due"]) == approx({11: 1.0, 23: 1.05, 35: 1.05})
    assert steps(got["subsidy/capped"]) == approx({23: 0.05, 35: 0.16})
    once = lived(PLENTY, replace(dated(m5=10.0, m15=10.0), cap_year=12.0))
    assert steps(once["rent/due"]) == {5: 10.0, 15: 10.0}


def test_a_cap_counts_what_fell_due_not_what_was_paid(lived):
    """The line is empty in months 0 to 2, and pays month 3: of 40 a year 30 have been refused."""
    got = lived(level(delay_months=3), line(100.0, 0.0), payment("fixed", amount=120.0, cap_year=40.0))
    assert steps(got["subsidy/paid"]) == approx({3: 10.0})
    assert steps(got["subsidy/refused"]) == approx(dict.fromkeys((0, 1, 2, 12, 13, 14, 15), 10.0))


@pytest.mark.parametrize("cap", ["cap_year", "cap_total"])
def test_a_cap_leaves_whole_awards(lived, cap):
    """Of three awards of 30 a cap of 75 leaves two."""
    award = payment("counted", events=("book/loans/firms/n_new",), amount=30.0, whole=True, **{cap: 75.0})
    got = lived(PLENTY, award, **lending(FIRMS, m1=300.0, m2=100.0))
    assert steps(got["subsidy/due"]) == {1: 60.0}
    assert steps(got["subsidy/capped"]) == {1: 30.0, 2: 30.0}
    assert (got["subsidy/n_paid"][-1], got["subsidy/n_refused"][-1]) == (2.0, 0.0)


# Order and want


def test_payments_are_made_in_the_order_in_which_they_are_listed(lived):
    got = lived(line(100.0, 0.0), dated("b", m2=70.0), dated("a", m2=50.0), dated("c", m2=10.0))
    assert (got["b/paid"][-1], got["a/paid"][-1], got["c/paid"][-1]) == (70.0, 30.0, 0.0)
    assert (got["b/refused"][-1], got["a/refused"][-1], got["c/refused"][-1]) == (0.0, 20.0, 10.0)


def test_pro_rata_shares_what_there_is_by_what_is_owed(lived):
    """120 are wanted and 90 are there: three quarters of each."""
    got = lived(line(90.0, 0.0, pro_rata=True), dated("b", m2=80.0), dated("a", m2=40.0))
    assert (got["b/paid"][-1], got["a/paid"][-1]) == approx((60.0, 30.0))
    assert (got["b/refused"][-1], got["a/refused"][-1]) == approx((20.0, 10.0))


def test_arrears_come_before_what_falls_due(lived):
    """a owes 50 of month 2 when month 12 brings 80; b is listed first, and has 30 of the 40 of month 12."""
    got = lived(line(30.0, 80.0), dated("b", m12=40.0), dated("a", m2=80.0, m12=10.0, arrears=True))
    assert steps(got["a/paid"]) == {2: 30.0, 12: 50.0}
    assert steps(got["b/paid"]) == {12: 30.0}
    assert steps(got["b/refused"]) == {12: 10.0}
    assert steps(got["a/owed"]) == {2: 50.0, 12: -40.0}
    assert got["a/refused"][-1] == 0.0


def test_arrears_share_pro_rata_before_the_rest_does(lived):
    """Arrears of 60 and 30 find 45 in month 12: 30 and 15; what falls due then finds nothing."""
    got = lived(
        line(0.0, 45.0, pro_rata=True),
        dated("b", m2=60.0, m12=10.0, arrears=True),
        dated("a", m2=30.0, arrears=True),
    )
    assert steps(got["b/paid"]) == approx({12: 30.0})
    assert steps(got["a/paid"]) == approx({12: 15.0})
    assert (got["b/owed"][-1], got["a/owed"][-1]) == approx((40.0, 15.0))


def test_arrears_and_what_falls_due_each_have_a_ratio_of_their_own(lived):
    """Arrears of 40 are paid in full from 100; of the other 120, in equal parts, half of each."""
    got = lived(
        line(0.0, 100.0, pro_rata=True),
        dated("b", m2=40.0, m12=60.0, arrears=True),
        dated("a", m12=60.0),
    )
    assert steps(got["b/paid"]) == approx({12: 70.0})
    assert steps(got["a/paid"]) == approx({12: 30.0})
    assert (got["b/owed"][-1], got["a/refused"][-1]) == approx((30.0, 30.0))


def test_money_that_comes_late_in_the_year_pays_arrears_before_it_lapses(lived):
    """City money comes in month 11, the last of the year: 70 are paid, and 30 lapse."""
    got = lived(level(delay_months=11), line(100.0, 0.0), dated(m2=70.0, arrears=True))
    assert steps(got["rent/paid"]) == {11: 70.0}
    assert steps(got["purse/lapsed"]) == {11: 30.0}


def test_what_is_owed_at_the_end_stays_owed(lived):
    got = lived(half(), line(100.0, 0.0), dated(m2=80.0, arrears=True))
    assert (got["rent/paid"][-1], got["rent/owed"][-1], got["rent/refused"][-1]) == (50.0, 30.0, 0.0)
    assert got["rent/due"][-1] == got["rent/paid"][-1] + got["rent/owed"][-1]


def test_awards_are_paid_whole(lived):
    """Five awards of 30 in month 1 and 100 in the line: three are paid, two refused; the 10 left pay rent."""
    award = payment("counted", events=("book/loans/firms/n_new",), amount=30.0, whole=True)
    got = lived(line(100.0, 0.0), award, dated(m1=25.0), **lending(FIRMS, m1=500.0))
    assert (got["subsidy/paid"][-1], got["subsidy/refused"][-1]) == (90.0, 60.0)
    assert (got["subsidy/n_paid"][-1], got["subsidy/n_refused"][-1]) == (3.0, 2.0)
    assert (got["rent/paid"][-1], got["rent/refused"][-1]) == (10.0, 15.0)


def test_awards_that_are_owed_are_paid_whole_when_there_is_money(lived):
    """Two of five wait; the 50 of month 12 pay one of them, and 20 are kept for the other, not lapsed."""
    award = payment("counted", events=("book/loans/firms/n_new",), amount=30.0, whole=True, arrears=True)
    got = lived(line(100.0, 50.0, 25.0), award, months=36, **lending(FIRMS, months=36, m1=500.0))
    assert steps(got["subsidy/paid"]) == {1: 90.0, 12: 60.0}
    assert got["subsidy/n_paid"][-1] == 5.0


def test_what_a_line_keeps_for_awards_that_are_owed_does_not_lapse(lived):
    """Of 100 three awards of 30 are paid; 10 are kept for the two owed, with 15 more too; all 40 pay one."""
    award = payment("counted", events=("book/loans/firms/n_new",), amount=30.0, whole=True, arrears=True)
    got = lived(line(100.0, 15.0, 15.0), award, months=36, **lending(FIRMS, months=36, m1=500.0))
    assert steps(got["subsidy/paid"]) == {1: 90.0, 24: 30.0}
    assert steps(got["subsidy/n_paid"]) == {1: 3.0, 24: 1.0}
    assert got["subsidy/owed"][-1] == 30.0
    # At the end of the line's life all that it holds lapses, whatever it owes.
    assert steps(got["purse/lapsed"]) == {35: 10.0}


def test_half_a_fen_is_given_to_an_award(lived):
    award = payment("counted", events=("book/loans/firms/n_new",), amount=30.0, whole=True)
    got = lived(line(89.996, 0.0), award, **lending(FIRMS, m1=300.0))
    assert got["subsidy/n_paid"][-1] == 3.0
    assert got["subsidy/paid"][-1] == approx(90.0, abs=0.005)
    less = lived(line(89.99, 0.0), award, **lending(FIRMS, m1=300.0))
    assert (less["subsidy/n_paid"][-1], less["subsidy/n_refused"][-1]) == (2.0, 1.0)
    assert less["subsidy/refused"][-1] == 30.0


def test_events_that_need_not_be_paid_whole_share_the_last_yuan(lived):
    """Three times 30 are due and 75 are there: two and a half."""
    events = payment("counted", events=("book/loans/firms/n_new",), amount=30.0)
    got = lived(line(75.0, 0.0), events, **lending(FIRMS, m1=300.0))
    assert (got["subsidy/paid"][-1], got["subsidy/refused"][-1]) == (75.0, 15.0)
    assert (got["subsidy/n_paid"][-1], got["subsidy/n_refused"][-1]) == approx((2.5, 0.5))


def test_injections_come_before_payments_of_their_month(lived):
    got = lived(line(100.0, 0.0), dated(m2=60.0), injection(2, 70.0))
    assert (got["rent/paid"][-1], got["rent/refused"][-1]) == (30.0, 30.0)


def test_lines_pay_from_their_own_money_alone(lived):
    got = lived(
        line(10.0, 0.0), line(90.0, 0.0, name="other"), dated(m2=60.0), dated("b", of="other", m2=50.0)
    )
    assert (got["rent/paid"][-1], got["b/paid"][-1]) == (10.0, 50.0)
    assert (got["purse/lapsed"][-1], got["other/lapsed"][-1]) == (0.0, 40.0)


def test_a_line_of_a_treasury_without_limit_is_never_short(lived):
    """Nothing is appropriated, refused or given back; an increment still waits for month 14."""
    every = BudgetLine(name="purse", party="open", appropriations=())
    got = lived(
        every,
        dated(m2=60.0, m23=1e9),
        increment(),
        injection(5, 70.0, source="open"),
        bank_books=(book(),),
    )
    assert steps(got["rent/paid"]) == {2: 60.0, 23: 1e9}
    assert steps(got["subsidy/paid"]) == approx({14: 1.0, 26: 1.1})
    assert got["flow/open>fund/injection"][-1] == 70.0
    assert got["party/open/balance"][-1] == approx(-60.0 - 1e9 - 70.0 - 2.1)
    for what in ("due", "lost", "unfunded", "lapsed"):
        assert got[f"purse/{what}"][-1] == 0.0, what
    accepted = lived(replace(every, after_acceptance=True), dated(m3=10.0))
    assert steps(accepted["rent/paid"]) == {14: 10.0}


def test_cash_is_accrual_less_what_was_refused_and_is_owed(lived):
    """10 a month from a line of 45 and 70: 12 months and 4 of arrears."""
    for arrears in (False, True):
        got = lived(line(45.0, 130.0), payment("fixed", amount=120.0, arrears=arrears))
        assert got["subsidy/due"][-1] == approx(240.0)
        left = got["subsidy/refused"][-1] + got["subsidy/owed"][-1]
        assert got["subsidy/paid"][-1] == approx(240.0 - left)
        assert got["subsidy/paid"][-1] == approx(175.0 if arrears else 165.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dated(of="nobody"), "no such line: nobody"),
        (payment("fixed", amount=1.0, payee="fund"), "fund must be a party without limit"),
        (payment("fixed"), "a fixed base needs amount"),
        (payment("granted", rates=(LineRate(facility="x", segment="y"),)), "no loans of y under x"),
        (payment("fixed", amount=1.0, cap_year=-1.0), "a cap is not negative"),
        (payment("fixed", amount=1.0, whole=True), "only events are paid whole"),
        (dated(m24=1.0), "lie within the window"),
    ],
)
def test_a_payment_that_has_no_meaning_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        check_scheme(scheme(PLENTY, wrong))
