"""Levels that pay in full, late, short or later; lines that lapse, carry over, inject; in each engine."""

import math
from functools import partial

import pytest
from scipy.special import betaincinv, ndtr, ndtri

from fundsim.reference.economy import shared_uniform
from fundsim.scheme import BetaShare, Drawn, Party, Purpose, check_scheme, entity

from .budgets import (
    ACCOUNT,
    ENGINES,
    SEED,
    dated,
    economy_of,
    half,
    injection,
    level,
    line,
    lived_in,
    scheme,
    steps,
)

approx = pytest.approx
IN = f"flow/city>{ACCOUNT}/appropriation"
COUNTY_IN = f"flow/county>{ACCOUNT}/appropriation"
BACK = f"flow/{ACCOUNT}>city/lapse"
COUNTY_BACK = f"flow/{ACCOUNT}>county/lapse"
OUT = f"flow/{ACCOUNT}>firms/expense"
INJECTED = f"flow/{ACCOUNT}>fund/injection"


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


# What levels pay


def test_each_year_is_appropriated_at_its_start_and_lapses_at_its_end(lived):
    """120 and 60 come in months 0 and 12; 50 are spent in month 3, the rest goes back in months 11 and 23."""
    got = lived(line(120.0, 60.0), dated(m3=50.0))
    assert steps(got[IN]) == {0: 120.0, 12: 60.0}
    assert steps(got["purse/due"]) == {0: 120.0, 12: 60.0}
    assert steps(got[OUT]) == {3: 50.0}
    assert steps(got[BACK]) == steps(got["purse/lapsed"]) == {11: 70.0, 23: 60.0}
    assert got["purse/lost"][-1] == got["purse/unfunded"][-1] == 0.0
    assert (got["held"][0], got["held"][10], got["held"][11]) == (120.0, 70.0, 0.0)
    assert got["city/paid_share"] == [1.0] * 24
    # Appropriations are no capital of the line's account.
    assert got[f"party/{ACCOUNT}/paid_in"][-1] == 0.0


def test_money_that_comes_late_is_missing_until_it_comes(lived):
    """The payment of month 2 finds nothing and is refused; that of month 3 finds 120."""
    got = lived(level(delay_months=3), line(120.0, 0.0), dated(m2=40.0, m3=40.0))
    assert steps(got[IN]) == {3: 120.0}
    assert steps(got["purse/due"]) == {0: 120.0}
    assert steps(got["rent/paid"]) == {3: 40.0}
    assert steps(got["rent/refused"]) == {2: 40.0}


def test_what_is_not_paid_is_lost(lived):
    got = lived(half(), line(100.0, 60.0))
    assert steps(got[IN]) == {0: 50.0, 12: 30.0}
    assert steps(got["purse/lost"]) == {0: 50.0, 12: 30.0}
    assert got["city/paid_share"] == [0.5] * 24


def test_what_a_late_level_will_not_pay_is_known_at_the_start_of_the_year(lived):
    got = lived(half(delay_months=4), line(100.0, 60.0))
    assert steps(got[IN]) == {4: 50.0, 16: 30.0}
    assert steps(got["purse/lost"]) == {0: 50.0, 12: 30.0}


def test_what_is_not_paid_comes_with_the_next_year_and_after_the_last_is_lost(lived):
    """Half of 100; half of 60 and the 50 left; half of 20 and the 55 left; the other half never comes."""
    got = lived(half(unpaid="next_year"), line(100.0, 60.0, 20.0), months=36)
    assert steps(got[IN]) == {0: 50.0, 12: 55.0, 24: 37.5}
    assert steps(got["purse/lost"]) == {24: 37.5}
    assert steps(got["purse/due"]) == {0: 100.0, 12: 60.0, 24: 20.0}


def test_what_would_come_after_the_window_is_lost_with_what_was_left_for_it(lived):
    """Of 18 months: in month 20 would come the 60 of the second year, and the 50 left of the first."""
    got = lived(half(unpaid="next_year", delay_months=8), line(100.0, 60.0), months=18)
    assert steps(got[IN]) == {8: 50.0}
    assert steps(got["purse/lost"]) == {12: 110.0}
    assert steps(got["purse/due"]) == {0: 100.0, 12: 60.0}


def test_a_window_that_ends_inside_a_year_lapses_there(lived):
    got = lived(line(120.0, 60.0), dated(m3=50.0), months=18)
    assert steps(got["purse/lapsed"]) == {11: 70.0, 17: 60.0}
    assert len(got["held"]) == 18


def test_a_late_level_may_pay_in_the_next_year(lived):
    """15 months late: of 100 and 60 only the first comes, in the second year, and lapses at its end."""
    got = lived(level(delay_months=15), line(100.0, 60.0), months=24)
    assert steps(got[IN]) == {15: 100.0}
    assert steps(got["purse/lost"]) == {12: 60.0}
    assert steps(got["purse/lapsed"]) == {23: 100.0}


def test_the_share_is_drawn_once_a_year_and_level_for_all_of_its_lines(lived):
    """BetaInv(Φ(√ρ Z + √(1 − ρ) ε)), mean 0.6, sd 0.2: a = 3, b = 2; Z of months 0 and 12 is −0.5 and 1."""
    law = BetaShare(mean=0.6, sd=0.2)
    economy = economy_of(m0=-0.5, m12=1.0)
    own = level("county", paid=law)
    lines = (line(100.0, 50.0), line(10.0, 20.0, name="other", county=(40.0, 60.0)))
    got = lived(level(paid=law, rho=0.36), own, *lines, economy=economy, path=3)

    def share(name, rho, month, z):
        u = shared_uniform(SEED, 3, Purpose.BUDGET, entity(f"appropriation.{name}"), month)
        score = math.sqrt(rho) * z + math.sqrt(1.0 - rho) * ndtri(u)
        return betaincinv(3.0, 2.0, ndtr(score))

    city = [share("city", 0.36, 0, -0.5), share("city", 0.36, 12, 1.0)]
    county = [share("county", 0.0, 0, -0.5), share("county", 0.0, 12, 1.0)]
    assert got["city/paid_share"] == approx([city[0]] * 12 + [city[1]] * 12)
    assert got["county/paid_share"] == approx([county[0]] * 12 + [county[1]] * 12)
    assert steps(got[IN]) == approx({0: 100.0 * city[0], 12: 50.0 * city[1]}, abs=1e-6)
    assert steps(got["flow/city>budget.other/appropriation"]) == approx(
        {0: 10.0 * city[0], 12: 20.0 * city[1]}, abs=1e-6
    )
    assert steps(got["flow/county>budget.other/appropriation"]) == approx(
        {0: 40.0 * county[0], 12: 60.0 * county[1]}, abs=1e-6
    )


def test_a_level_may_share_the_draw_of_the_one_that_it_matches(lived):
    law = BetaShare(mean=0.6, sd=0.2)
    got = lived(
        level(paid=law),
        level("county", paid=law, drawn_as="city"),
        line(10.0, 20.0, county=(40.0, 60.0)),
        path=3,
    )
    assert got["county/paid_share"] == got["city/paid_share"]
    assert 0.0 < got["city/paid_share"][0] != got["city/paid_share"][12]
    assert got[COUNTY_IN][0] == approx(4.0 * got[IN][0])


def test_good_times_pay_more(lived):
    law = level(paid=BetaShare(mean=0.6, sd=0.2), rho=0.9)
    got = lived(law, line(100.0, 100.0), economy=economy_of(m0=6.0, m12=-6.0))
    assert got["city/paid_share"][0] > 0.9
    assert got["city/paid_share"][12] < 0.1


# After acceptance


def test_a_line_after_acceptance_has_and_pays_in_month_two_of_the_next_year(lived):
    """What fell due in months 3 and 5 is paid from the 100 of month 14, that of month 15 in month 26."""
    purse = line(100.0, 60.0, after_acceptance=True)
    got = lived(purse, dated(m3=40.0, m5=30.0, m15=80.0))
    assert len(got["held"]) == 27
    assert steps(got[IN]) == steps(got["purse/due"]) == {14: 100.0, 26: 60.0}
    assert steps(got["rent/due"]) == {3: 40.0, 5: 30.0, 15: 80.0}
    assert steps(got["rent/paid"]) == {14: 70.0, 26: 60.0}
    assert steps(got["rent/refused"]) == {26: 20.0}
    assert steps(got["rent/owed"]) == {3: 40.0, 5: 30.0, 14: -70.0, 15: 80.0, 26: -80.0}
    assert steps(got["purse/lapsed"]) == {14: 30.0}


def test_after_acceptance_nothing_is_lost_at_the_windows_end(lived):
    """A county that is five months late pays in months 19 and 31; the line pays when both have paid."""
    purse = line(100.0, 0.0, county=(20.0, 60.0), after_acceptance=True)
    got = lived(level("county", delay_months=5), purse, dated(m3=110.0, m20=50.0))
    assert len(got["held"]) == 32
    assert steps(got[IN]) == {14: 100.0}
    assert steps(got[COUNTY_IN]) == {19: 20.0, 31: 60.0}
    assert steps(got["purse/due"]) == {14: 120.0, 26: 60.0}
    assert steps(got["rent/paid"]) == {19: 110.0, 31: 50.0}
    assert got["purse/lost"][-1] == 0.0


def test_after_acceptance_the_share_is_that_of_the_year_not_of_the_month_of_payment(lived):
    """Half is paid, and what the first year left with the second: 50; 30 + 25 = 55 of 110; 55 are lost."""
    got = lived(half(unpaid="next_year"), line(100.0, 60.0, after_acceptance=True))
    assert steps(got[IN]) == {14: 50.0, 26: 55.0}
    assert steps(got["purse/lost"]) == {26: 55.0}
    law = BetaShare(mean=0.6, sd=0.2)
    drawn = lived(level(paid=law), line(100.0, 60.0, after_acceptance=True), path=5)
    share = drawn["city/paid_share"]
    assert share[0] != share[12] == share[26]
    assert steps(drawn[IN]) == approx({14: 100.0 * share[0], 26: 60.0 * share[12]}, abs=1e-6)


def test_arrears_are_paid_before_the_line_has_all_of_its_money(lived):
    """80 are owed after month 17; the city's 100 of month 26 pay them, the rest waits for month 29."""
    purse = line(0.0, 100.0, county=(20.0, 50.0), after_acceptance=True)
    rent = dated(m3=100.0, m15=60.0, arrears=True)
    got = lived(level("county", delay_months=3), purse, rent)
    assert steps(got["rent/paid"]) == {17: 20.0, 26: 80.0, 29: 60.0}
    assert steps(got["purse/lapsed"]) == {29: 10.0}
    assert got["rent/owed"][-1] == 0.0


# Unspent money


def test_unspent_money_may_be_carried_over_and_lapses_at_the_end_of_the_lines_life(lived):
    got = lived(line(120.0, 60.0, carry_over=True), dated(m3=50.0, m20=110.0))
    assert steps(got["rent/paid"]) == {3: 50.0, 20: 110.0}
    assert steps(got["purse/lapsed"]) == {23: 20.0}


def test_unspent_money_goes_back_in_proportion_to_what_levels_have_paid_to_date(lived):
    """City 90, county 30 to date, 40 left: 30 and 10.  In year 2 90 and 90 to date, 60 left: 30 and 30."""
    got = lived(line(90.0, 0.0, county=(30.0, 60.0)), dated(m3=80.0))
    assert steps(got[BACK]) == {11: 30.0, 23: 30.0}
    assert steps(got[COUNTY_BACK]) == {11: 10.0, 23: 30.0}
    assert steps(got["purse/lapsed"]) == {11: 40.0, 23: 60.0}


def test_what_waits_for_acceptance_keeps_its_money(lived):
    """In month 14 the 30 of month 13 wait: of the 40 left 10 lapse, or with carry-over in month 26."""
    rent = dated(m3=60.0, m13=30.0)
    got = lived(line(100.0, 0.0, after_acceptance=True), rent)
    assert steps(got["rent/paid"]) == {14: 60.0, 26: 30.0}
    assert steps(got["purse/lapsed"]) == {14: 10.0}
    carried = lived(line(100.0, 0.0, after_acceptance=True, carry_over=True), rent)
    assert steps(carried["rent/paid"]) == {14: 60.0, 26: 30.0}
    assert steps(carried["purse/lapsed"]) == {26: 10.0}


# Injections


def test_injections_are_paid_in_order_as_far_as_the_money_goes(lived):
    """Of 100 the first has 70 and the second 30; what is missing is never made up, and rent finds nothing."""
    got = lived(
        line(100.0, 80.0), injection(2, 70.0), injection(2, 50.0), dated(m2=10.0), injection(13, 60.0)
    )
    assert steps(got[INJECTED]) == {2: 100.0, 13: 60.0}
    assert steps(got["purse/unfunded"]) == {2: 20.0}
    assert steps(got["rent/refused"]) == {2: 10.0}
    assert got["party/fund/paid_in"][-1] == got["party/fund/balance"][-1] == 160.0
    assert steps(got["purse/lapsed"]) == {23: 20.0}


def test_an_injection_finds_the_appropriation_of_its_month(lived):
    got = lived(level(delay_months=1), line(100.0, 0.0), injection(0, 10.0), injection(1, 90.0))
    assert steps(got[INJECTED]) == {1: 90.0}
    assert steps(got["purse/unfunded"]) == {0: 10.0}


def test_less_than_half_a_fen_pays_nothing(lived):
    """Nor does it lapse: it is there for the next year."""
    got = lived(line(0.004, 0.006), injection(0, 10.0), injection(12, 10.0))
    assert steps(got[INJECTED]) == {12: 0.01}
    assert steps(got["purse/unfunded"]) == {0: 10.0, 12: 9.99}
    paid = lived(line(0.004, 0.0), dated(m1=1.0))
    assert paid["rent/paid"][-1] == 0.0
    assert paid["rent/refused"][-1] == 1.0


def test_half_a_fen_that_is_missing_is_given(lived):
    got = lived(line(99.996, 50.0), injection(1, 100.0), injection(1, 8.0, source="treasury", follows=True))
    assert got["purse/unfunded"][1] == approx(0.0, abs=0.005)
    # The match is whole.
    assert steps(got["flow/treasury>fund/injection"]) == {1: 8.0}


def test_a_county_follows_city_money_that_falls_short(lived):
    """The city pays 60 of 80, three quarters; the county 30 of 40 in the same month and 15 of 20 later."""
    match = {"source": "county", "kind": "match", "follows": True}
    got = lived(
        line(60.0, 0.0),
        injection(1, 80.0),
        injection(1, 40.0, **match),
        injection(5, 20.0, **match),
        others=(Party(name="county", limited=False, public=True),),
    )
    assert steps(got[INJECTED]) == {1: 60.0}
    assert steps(got["flow/county>fund/match"]) == {1: 30.0, 5: 15.0}
    assert steps(got["purse/unfunded"]) == {1: 20.0}


def test_a_match_from_a_line_of_its_own_may_fall_short_again(lived):
    """Half of the leader is paid, so half of 40 is wanted; the county's line has 15: 5 are unfunded."""
    county = line(15.0, 0.0, name="county")
    got = lived(
        line(30.0, 0.0),
        county,
        injection(1, 60.0),
        injection(1, 40.0, source="budget.county", kind="match", follows=True),
        injection(1, 80.0, source="treasury", kind="match", follows=True),
    )
    assert steps(got["flow/budget.county>fund/match"]) == {1: 15.0}
    assert steps(got["county/unfunded"]) == {1: 5.0}
    # 15 of 40 were paid: the next one pays 15 ÷ 40 of its 80.
    assert steps(got["flow/treasury>fund/match"]) == {1: 30.0}


def test_a_drawn_multiple_counts_on_both_sides_of_a_match(lived):
    """Twice 50 are planned and 75 paid; the match of 20 is three quarters paid."""
    got = lived(
        line(75.0, 0.0),
        injection(1, 50.0, drawn="lever"),
        injection(1, 10.0, source="treasury", kind="match", follows=True, drawn="lever"),
        drawn=(Drawn(name="lever", low=2.0, high=2.0),),
    )
    assert steps(got["flow/treasury>fund/match"]) == {1: 15.0}


def test_a_match_of_nothing_is_paid_in_full(lived):
    got = lived(line(5.0, 0.0), injection(1, 0.0), injection(1, 7.0, source="treasury", follows=True))
    assert steps(got["flow/treasury>fund/injection"]) == {1: 7.0}


def test_injections_follow_only_what_stands_before_them():
    with pytest.raises(ValueError, match="the injection that it follows stands before it"):
        check_scheme(scheme(line(5.0, 0.0), injection(1, 5.0, follows=True)))
    with pytest.raises(ValueError, match="is no later"):
        check_scheme(scheme(line(5.0, 0.0), injection(2, 5.0), injection(1, 5.0, follows=True)))
