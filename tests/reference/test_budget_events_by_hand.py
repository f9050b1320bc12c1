"""Events, ladders of firms and banks' books, by hand arithmetic, in each engine."""

import math
from functools import partial

import pytest
from scipy.special import ndtri

from fundsim.reference.economy import shared_uniform
from fundsim.reference.equity_draws import poisson_value
from fundsim.scheme import BankBook, Economy, Happening, Ladder, Purpose, Tier, check_scheme, entity

from .budgets import ENGINES, SEED, economy_of, line, lived_in, payment, scheme, steps

approx = pytest.approx
SURE = 1.0 - 1e-13
"""A yearly rate at which all move, but for a chance of 1e-13 a firm."""


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def gained(series, opening=0.0):
    """Return what a record gained month by month."""
    return [after - before for before, after in zip([opening, *series], series, strict=False)]


# Events


@pytest.mark.parametrize("path", range(4))
def test_events_are_poisson_at_the_rate_of_their_year_and_of_the_times(lived, path):
    """24 and 6 a year: 2 and 0.5 a month × exp(0.8 X − 0.32), X = 1.5 in month 3 and −2 in month 14."""
    listing = Happening(name="listing", yearly=(24.0, 6.0), beta=0.8)
    fixed = {f"m{month}": 0.0 for month in range(24)} | {"m3": 1.5, "m14": -2.0}
    got = lived(happenings=(listing,), economy=economy_of(**fixed), path=path)

    def drawn(month):
        x = {3: 1.5, 14: -2.0}.get(month, 0.0)
        mean = (2.0 if month < 12 else 0.5) * math.exp(0.8 * x - 0.32)
        return poisson_value(
            mean, shared_uniform(SEED, path, Purpose.BUDGET, entity("happening.listing"), month)
        )

    assert gained(got["listing/n"]) == [drawn(month) for month in range(24)]
    assert got["listing/n"][-1] > 0.0


def test_a_sector_gives_its_own_index(lived):
    """X = √0.36 Z + √0.64 W: with Z = 0 and W drawn, the number of a month follows W."""
    economy = Economy(
        step_months=1,
        persistence=0.0,
        sectors=("retail",),
        sector_correlation=((1.0,),),
        fixed=(0.0,) * 24,
    )
    listing = Happening(name="listing", yearly=(24.0, 24.0), beta=0.8, city_weight=0.36, sector="retail")
    got = lived(happenings=(listing,), economy=economy)

    def drawn(month):
        w = ndtri(shared_uniform(SEED, 0, Purpose.FACTOR, entity("economy.sector.retail"), month))
        mean = 2.0 * math.exp(0.8 * 0.8 * w - 0.32)
        return poisson_value(
            mean, shared_uniform(SEED, 0, Purpose.BUDGET, entity("happening.listing"), month)
        )

    assert gained(got["listing/n"]) == [drawn(month) for month in range(24)]


def test_an_award_is_paid_for_each_event_of_its_month(lived):
    listing = Happening(name="listing", yearly=(12.0, 12.0))
    award = payment("counted", events=("happening/listing/n",), amount=30.0, whole=True)
    got = lived(line(1e4, 1e4), award, happenings=(listing,))
    assert got["listing/n"][-1] > 5.0
    assert got["subsidy/paid"] == [30.0 * n for n in got["listing/n"]]
    assert got["subsidy/n_paid"] == got["listing/n"]


def test_nothing_happens_after_the_window(lived):
    """The line lives until month 26, events do not."""
    listing = Happening(name="listing", yearly=(1200.0, 1200.0))
    got = lived(line(0.0, 0.0, after_acceptance=True), happenings=(listing,))
    assert got["listing/n"][23:] == [got["listing/n"][23]] * 4


# Ladders


def ladder(*tiers, **terms):
    """Return a ladder without chance: rates of 0 or SURE, recognition in month 11."""
    return Ladder(**{"name": "sme", "tiers": tiers, "candidates": 100, **terms})


def tier(name="small", opening=0, rate=0.0, **terms):
    """Return a tier into which nobody moves unless it says so."""
    return Tier(name=name, opening=opening, rate=rate, **terms)


def test_reviews_come_after_three_years_and_a_recognition_renewed_holds_for_three_more(lived):
    """Ten firms: four recognised a year before, three two, three three years before month 11."""
    got = lived(ladders=(ladder(tier(opening=10)),), months=84)
    assert steps(got["sme/small/renewed"]) == {11: 3.0, 23: 3.0, 35: 4.0, 47: 3.0, 59: 3.0, 71: 4.0, 83: 3.0}
    assert got["sme/small/n"] == [10.0] * 84
    assert got["sme/small/lapsed"][-1] == got["sme/small/entered"][-1] == 0.0


def test_a_recognition_that_is_not_renewed_leaves_the_ladder(lived):
    got = lived(ladders=(ladder(tier(opening=11, lapse=1.0)),), months=48)
    assert steps(got["sme/small/lapsed"]) == {11: 3.0, 23: 3.0, 35: 5.0}
    assert steps(got["sme/small/n"], 11.0) == {11: -3.0, 23: -3.0, 35: -5.0}
    assert got["sme/small/renewed"][-1] == 0.0


def test_candidates_enter_the_first_tier_each_year_and_are_reviewed_three_years_later(lived):
    got = lived(ladders=(ladder(tier(rate=SURE, lapse=1.0), recognition_month=4),), months=60)
    assert steps(got["sme/small/entered"]) == {4: 100.0, 16: 100.0, 28: 100.0, 40: 100.0, 52: 100.0}
    assert steps(got["sme/small/lapsed"]) == {40: 100.0, 52: 100.0}
    assert got["sme/small/n"][-1] == 300.0


def test_a_firm_moves_one_tier_a_year(lived):
    """All move: 100 enter each year, and those of the year before move on; nobody moves twice."""
    tiers = (
        tier("small", 30, SURE),
        tier("middle", 7, SURE, below="small"),
        tier("giant", 2, SURE, below="middle"),
    )
    got = lived(ladders=(ladder(*tiers),), months=36)
    small, middle, giant = (
        [got[f"sme/{name}/n"][m] for m in (10, 11, 23, 35)] for name in ("small", "middle", "giant")
    )
    assert small == [30.0, 100.0, 100.0, 100.0]
    assert middle == [7.0, 30.0, 100.0, 100.0]
    assert giant == [2.0, 9.0, 39.0, 139.0]
    assert steps(got["sme/giant/entered"]) == {11: 7.0, 23: 30.0, 35: 100.0}


def test_firms_just_renewed_move_and_are_recognised_anew(lived):
    """Six small firms, two of an age: in month 11 two are renewed and all move; reviews come in month 47."""
    tiers = (tier("small", 6), tier("giant", 0, SURE, below="small", lapse=1.0))
    got = lived(ladders=(ladder(*tiers),), months=48)
    assert steps(got["sme/small/renewed"]) == {11: 2.0}
    assert steps(got["sme/giant/entered"]) == {11: 6.0}
    assert steps(got["sme/giant/lapsed"]) == {47: 6.0}
    assert got["sme/small/n"][-1] == got["sme/giant/n"][-1] == 0.0


def test_firms_that_lapse_do_not_move(lived):
    tiers = (tier("small", 6, lapse=1.0), tier("giant", 0, SURE, below="small"))
    got = lived(ladders=(ladder(*tiers),))
    assert steps(got["sme/small/lapsed"]) == {11: 2.0}
    assert steps(got["sme/giant/entered"]) == {11: 4.0}


def test_a_parallel_ladder_has_firms_from_outside_too(lived):
    tiers = (tier("small", 0, SURE), tier("gazelle", 5, SURE), tier("unicorn", 0, SURE, below="gazelle"))
    got = lived(ladders=(ladder(*tiers, candidates=40),))
    assert steps(got["sme/small/entered"]) == {11: 40.0, 23: 40.0}
    assert steps(got["sme/gazelle/entered"]) == {11: 40.0, 23: 40.0}
    assert steps(got["sme/unicorn/entered"]) == {11: 5.0, 23: 40.0}


def test_recognition_after_the_windows_last_month_does_not_come(lived):
    got = lived(ladders=(ladder(tier(opening=9, rate=SURE)),), months=22)
    assert steps(got["sme/small/entered"]) == {11: 100.0}


def test_good_times_move_more_firms(lived):
    """Φ((Φ⁻¹(0.5) + √0.9 X)/√0.1) is 1 or 0 at X = ±9."""
    climbs = ladder(tier(rate=0.5), rho=0.9)
    got = lived(ladders=(climbs,), economy=economy_of(m11=9.0, m23=-9.0))
    assert steps(got["sme/small/entered"]) == {11: 100.0}


def test_an_award_is_paid_by_entry_and_by_renewal(lived):
    """100 enter each year; six of the opening 18 are renewed each year: 106 awards of 10."""
    events = ("ladder/sme/small/entered", "ladder/sme/small/renewed")
    award = payment("counted", events=events, amount=10.0, whole=True)
    got = lived(line(1060.0, 1000.0), award, ladders=(ladder(tier(opening=18, rate=SURE)),))
    assert steps(got["subsidy/n_paid"]) == {11: 106.0, 23: 100.0}
    assert steps(got["subsidy/n_refused"]) == {23: 6.0}


# Banks' books


def test_a_books_growth_moves_with_the_factor_and_a_draw_of_its_own(lived):
    """g + sd (√ρ Z + √(1 − ρ) ε), Z of months 11 and 23, and never below nothing."""
    terms = BankBook(name="bank", opening=1000.0, growth=0.1, sd=0.3, rho=0.36)
    got = lived(bank_books=(terms,), economy=economy_of(m11=1.0, m23=-1.0), path=2)

    def growth(month, z):
        u = shared_uniform(SEED, 2, Purpose.BUDGET, entity("book.bank"), month)
        return 0.1 + 0.3 * (0.6 * z + 0.8 * ndtri(u))

    first = 1000.0 * (1.0 + growth(11, 1.0))
    second = first * (1.0 + growth(23, -1.0))
    assert got["bank/own"] == approx([1000.0] * 11 + [first] * 12 + [second])
    rises = {11: max(0.0, first - 1000.0), 23: max(0.0, second - first)}
    assert steps(got["bank/increase"]) == approx(
        {m: rise for m, rise in rises.items() if rise > 0.0}, abs=1e-6
    )


def test_a_book_is_never_negative(lived):
    terms = BankBook(name="bank", opening=1000.0, growth=-1.5)
    got = lived(bank_books=(terms,))
    assert got["bank/own"][11:] == [0.0] * 13
    assert got["bank/increase"][-1] == 0.0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"happenings": (Happening(name="x", yearly=(1.0,)),)}, "for each of 2 budget years"),
        ({"happenings": (Happening(name="x", yearly=(1.0, 2e3)),)}, "more than 100 a month"),
        ({"ladders": (ladder(tier(below="nobody")),)}, "after the tier below it"),
        ({"ladders": (ladder(tier(rate=1.0)),)}, "needs a stock, and probabilities"),
        ({"ladders": (ladder(tier(), recognition_month=12),)}, "lies in 0 … 11"),
        ({"bank_books": (BankBook(name="x", opening=-1.0, growth=0.0),)}, "not negative"),
        (
            {"bank_books": (BankBook(name="x", opening=1.0, growth=0.0, facilities=("y",)),)},
            "no such facilities: y",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        check_scheme(scheme(**wrong))
