"""What is known of budgets beforehand, in each engine: exhaustion, shares, events, ladders, increments."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import beta, kstest, norm, poisson
from tests.reference.budgets import ENGINES, economy_of, lending, level, line, payment, scheme, sound

from fundsim.scheme import BankBook, BetaShare, Happening, Ladder, OpeningLoans, Tier

from .samples import p_of_counts, z_of

CALM = 1e-4
"""Least p-value; the seed is fixed, so that a test that passes once always does."""
SIGMAS = 4.0
PATHS = {"core": 6000, "reference": 250}
SEED = 20150101


@pytest.fixture(params=sorted(ENGINES))
def lived(request):
    """Return what runs paths in one engine, and reads records month by month."""
    return partial(month_by_month, request.param)


def month_by_month(engine, built, *names, paths=None):
    """Return records, each of shape (paths, months); of one record without the tuple."""
    block = ENGINES[engine](built, names, ()).run(SEED, 0, paths or PATHS[engine])
    records = tuple(np.moveaxis(block.series, 2, 0))
    return records if len(records) > 1 else records[0]


# Exhaustion of a line


def rent(yearly, **terms):
    """Return a payment of so much a year, in twelve parts."""
    return payment("fixed", "rent", kind="expense", amount=yearly, **terms)


@pytest.mark.parametrize("money", [0.0, 119.0, 120.0, 777.5, 1199.99, 1200.0, 5000.0])
def test_a_line_with_constant_demand_is_exhausted_in_the_month_that_division_says(lived, money):
    """100 yuan a month: ⌊money ÷ 100⌋ months in full, the rest in the next, then nothing until next year."""
    paid, refused = lived(
        scheme(line(money, money), rent(1200.0)), "payment/rent/paid", "payment/rent/refused", paths=1
    )
    months = np.arange(1, 13) * 100.0
    first = np.minimum(months, money)
    assert paid[0, :12] == pytest.approx(first)
    assert paid[0, 12:24] == pytest.approx(first[-1] + first)
    assert paid[0] + refused[0] == pytest.approx(np.arange(1, 25) * 100.0)


@pytest.mark.parametrize("money", [300.0, 950.0, 1200.0, 1500.0])
def test_a_line_that_carries_arrears_has_paid_the_less_of_what_it_has_and_what_is_due(lived, money):
    """Cumulative: min(money to date, due to date), as long as nothing lapses."""
    built = scheme(line(money, money, carry_over=True), rent(1200.0, arrears=True))
    paid, owed = lived(built, "payment/rent/paid", "payment/rent/owed", paths=1)
    due = np.arange(1, 25) * 100.0
    had = np.where(np.arange(24) < 12, money, 2.0 * money)
    assert paid[0] == pytest.approx(np.minimum(due, had))
    assert owed[0] == pytest.approx(due - np.minimum(due, had))


def clock():
    """Return ladders on which one firm enters in each month of a year, each on a ladder of its own."""
    tick = Tier(name="tick", opening=0, rate=1.0 - 1e-13)
    return tuple(
        Ladder(name=f"month_{month}", tiers=(tick,), candidates=1, recognition_month=month)
        for month in range(12)
    )


@pytest.mark.parametrize(("money", "award"), [(1000.0, 300.0), (999.996, 333.332), (50.0, 60.0)])
def test_whole_awards_end_with_what_is_less_than_one(lived, money, award):
    """One event is certain in each month: ⌊money ÷ award⌋ awards, and the rest lapses."""
    events = tuple(f"ladder/month_{month}/tick/entered" for month in range(12))
    awards = payment("counted", kind="award", events=events, amount=award, whole=True)
    n, refused, paid = (f"payment/subsidy/{what}" for what in ("n_paid", "n_refused", "paid"))
    built = scheme(line(money), awards, months=12, ladders=clock())
    n, refused, paid, lapsed = lived(built, n, refused, paid, "line/purse/lapsed", paths=1)
    most = math.floor((money + 0.005) / award)
    assert n[0].tolist() == np.minimum(np.arange(1, 13), most).tolist()
    assert refused[0].tolist() == np.maximum(np.arange(1, 13) - most, 0).tolist()
    assert paid[0, -1] == pytest.approx(most * award)
    assert paid[0, -1] + lapsed[0, -1] == pytest.approx(money)


# Shares that are paid

LAW = BetaShare(mean=0.6, sd=0.25)


def law_of(share):
    """Return the beta law with a mean and a standard deviation."""
    both = share.mean * (1.0 - share.mean) / share.sd**2 - 1.0
    return beta(share.mean * both, (1.0 - share.mean) * both)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_the_share_that_a_level_pays_has_its_beta_law_in_each_year(lived, rho):
    built = scheme(line(500.0, 500.0), level(paid=LAW, rho=rho))
    share, paid = lived(built, "level/city/paid_share", "flow/city>budget.purse/appropriation")
    for month in (0, 12):
        assert kstest(share[:, month], law_of(LAW).cdf).pvalue > CALM
    assert (share[:, 1:12] == share[:, :1]).all()
    assert paid[:, 12] == pytest.approx(500.0 * (share[:, 0] + share[:, 12]))


def test_levels_fall_short_together_as_far_as_the_economy_moves_them(lived):
    """The scores of two levels correlate at √(ρ₁ ρ₂); one that matches another has its share."""
    levels = (level(paid=LAW, rho=0.7), level("county", paid=LAW, rho=0.4))
    match = level("district", paid=LAW, rho=0.7, drawn_as="city")
    purse = line(100.0, county=(100.0,))
    other = replace(purse, name="other", party="budget.other")
    other = replace(other, appropriations=(replace(other.appropriations[0], level="district"),))
    built = scheme(purse, other, *levels, match, months=12)
    shares = lived(built, *(f"level/{name}/paid_share" for name in ("city", "county", "district")))
    city, county, district = (norm.ppf(law_of(LAW).cdf(share[:, 0])) for share in shares)
    assert (shares[0] == shares[2]).all()
    assert district == pytest.approx(city)
    assert abs(z_of(city * county, math.sqrt(0.7 * 0.4))) < SIGMAS


def test_what_is_left_unpaid_comes_next_year_and_the_last_of_it_is_lost(lived):
    """Independent shares of mean m: m A, then m (A + (1 − m) A); lost is (1 − m) of the latter."""
    built = scheme(line(500.0, 500.0, carry_over=True), level(paid=LAW, unpaid="next_year"))
    paid, lost = lived(built, "flow/city>budget.purse/appropriation", "line/purse/lost")
    assert abs(z_of(paid[:, 11], 300.0)) < SIGMAS
    assert abs(z_of(paid[:, 12] - paid[:, 11], 0.6 * 700.0)) < SIGMAS
    assert abs(z_of(lost[:, 12], 0.4 * 700.0)) < SIGMAS
    assert paid[:, 12] + lost[:, 12] == pytest.approx(1000.0)


# Events


def happening(**terms):
    """Return an event that comes 30 times in the first year and 6 times in the second, on average."""
    return Happening(**{"name": "listing", "yearly": (30.0, 6.0), **terms})


def test_events_are_poisson_month_by_month(lived):
    n = lived(scheme(happenings=(happening(),)), "happening/listing/n")
    for month, mean in ((0, 2.5), (11, 2.5), (12, 0.5)):
        gained = n[:, month] - (n[:, month - 1] if month else 0.0)
        assert p_of_counts(gained, poisson(mean).pmf(np.arange(30))) > CALM
    assert p_of_counts(n[:, 11], poisson(30.0).pmf(np.arange(120))) > CALM


def test_events_that_move_with_the_economy_keep_their_mean(lived):
    """A stationary factor: E exp(β X − β²/2) = 1; given X it is a Poisson law of that mean."""
    moving = happening(beta=0.6)
    n = lived(scheme(happenings=(moving,)), "happening/listing/n")
    assert abs(z_of(n[:, 3] - n[:, 2], 2.5)) < SIGMAS
    n = lived(scheme(happenings=(moving,), economy=economy_of(m3=-1.5)), "happening/listing/n")
    given = poisson(2.5 * math.exp(-0.6 * 1.5 - 0.18)).pmf(np.arange(30))
    assert p_of_counts(n[:, 3] - n[:, 2], given) > CALM


# The ladder of firms

TIERS = (
    Tier(name="small", opening=100, rate=0.15, lapse=0.3),
    Tier(name="middle", opening=31, rate=0.2, lapse=0.1, below="small"),
    Tier(name="gazelle", opening=0, rate=0.02, lapse=0.5),
    Tier(name="giant", opening=8, rate=0.1, below="middle"),
)
CANDIDATES = 200
YEARS = 5
AGES = 3


def a_year_later(firm, tiers):
    """Return where a firm is a year later: reviewed if recognition ends, then moved; shape (tier, age)."""
    reviewed = np.zeros_like(firm)
    moved = np.zeros_like(firm)
    for i, tier in enumerate(tiers):
        reviewed[i] = firm[i, 2] * (1.0 - tier.lapse), firm[i, 0], firm[i, 1]
    moved += reviewed
    names = [tier.name for tier in tiers]
    for i, tier in enumerate(tiers):
        if tier.below is not None:
            below = names.index(tier.below)
            moved[i, 0] += tier.rate * reviewed[below].sum()
            moved[below] -= tier.rate * reviewed[below]
    return moved


def groups_of(tiers, years):
    """Return (number of like firms, their law over tiers after so many years), of all that may be there."""
    found = []
    for i, tier in enumerate(tiers):
        oldest = tier.opening // AGES
        for age, n in enumerate((tier.opening - 2 * oldest, oldest, oldest)):
            found.append((n, one_firm(tiers, i, age, 1.0, years)))
        if tier.below is None:
            # Each candidate of each year may enter at its end.
            found += [
                (CANDIDATES, one_firm(tiers, i, 0, tier.rate, years - 1 - entered))
                for entered in range(years)
            ]
    return found


def one_firm(tiers, i, age, probability, years):
    firm = np.zeros((len(tiers), AGES))
    firm[i, age] = probability
    for _ in range(years):
        firm = a_year_later(firm, tiers)
    return firm.sum(axis=1)


def check_moments(sample, mean, variance):
    assert abs(z_of(sample, mean)) < SIGMAS
    # Counts of many independent firms are nearly normal, whose sample variance has this error.
    assert abs(sample.var() - variance) < SIGMAS * variance * math.sqrt(2.2 / sample.size)


def ladder(**terms):
    """Return a ladder of four tiers, of which the third begins another one beside it."""
    return Ladder(**{"name": "sme", "tiers": TIERS, "candidates": CANDIDATES, **terms})


@pytest.mark.parametrize("month", [11, 4])
def test_a_ladder_is_the_markov_chain_of_its_firms(lived, month):
    """Firms are independent: means and variances by tier are sums over like firms."""
    records = [f"ladder/sme/{tier.name}/n" for tier in TIERS]
    built = scheme(months=12 * YEARS, ladders=(ladder(recognition_month=month),))
    stocks = lived(built, *records)
    for years in range(1, YEARS + 1):
        groups = groups_of(TIERS, years)
        for i, stock in enumerate(stocks):
            mean = sum(n * law[i] for n, law in groups)
            variance = sum(n * law[i] * (1.0 - law[i]) for n, law in groups)
            check_moments(stock[:, 12 * (years - 1) + month], mean, variance)


def test_entries_reviews_and_lapses_have_the_means_of_the_chain(lived):
    whats = ("n", "entered", "renewed", "lapsed")
    built = scheme(months=12 * YEARS, ladders=(ladder(),))
    for i, tier in enumerate(TIERS):
        stock, entered, renewed, lapsed = (
            values[:, -1] for values in lived(built, *(f"ladder/sme/{tier.name}/{what}" for what in whats))
        )
        reviewed = left = 0.0
        for n, firm in starts():
            law = firm
            for year in range(YEARS):
                if year >= n[1]:
                    reviewed += n[0] * law[i, 2]
                    law = a_year_later(law, TIERS)
        assert abs(z_of(renewed, reviewed * (1.0 - tier.lapse))) < SIGMAS
        if tier.lapse:
            assert abs(z_of(lapsed, reviewed * tier.lapse)) < SIGMAS
        else:
            assert not lapsed.any()
        above = [up.name for up in TIERS if up.below == tier.name]
        for name in above:
            left = lived(built, f"ladder/sme/{name}/entered")[:, -1]
        assert (stock == tier.opening + entered - lapsed - left).all()


def starts():
    """Yield ((number of like firms, first year at whose recognition they are on the ladder), their law)."""
    for i, tier in enumerate(TIERS):
        oldest = tier.opening // AGES
        for age, n in enumerate((tier.opening - 2 * oldest, oldest, oldest)):
            firm = np.zeros((len(TIERS), AGES))
            firm[i, age] = 1.0
            yield (n, 0), firm
        if tier.below is None:
            for year in range(YEARS):
                firm = np.zeros((len(TIERS), AGES))
                firm[i, 0] = tier.rate
                yield (CANDIDATES, year + 1), firm


def test_moves_keep_their_yearly_rate_whatever_moves_them(lived):
    """Over all X the stated rate; at X = −1.5 Φ((Φ⁻¹(p) − 1.5 √ρ)/√(1 − ρ))."""
    moving = ladder(rho=0.3)
    entered = lived(scheme(ladders=(moving,)), "ladder/sme/small/entered")
    assert abs(z_of(entered[:, 11], 0.15 * CANDIDATES)) < SIGMAS
    entered = lived(scheme(ladders=(moving,), economy=economy_of(m11=-1.5)), "ladder/sme/small/entered")
    p = norm.cdf((norm.ppf(0.15) - 1.5 * math.sqrt(0.3)) / math.sqrt(0.7))
    check_moments(entered[:, 11], p * CANDIDATES, p * (1.0 - p) * CANDIDATES)


# Increments

SPREAD = BankBook(name="icbc", opening=1e6, growth=0.08, sd=0.05, rho=0.4)


def test_a_book_grows_by_a_normal_share_of_itself(lived):
    own = lived(scheme(bank_books=(SPREAD,)), "bank_book/icbc/own")
    first, second = own[:, 11] / 1e6 - 1.0, own[:, 23] / own[:, 11] - 1.0
    for grown in (first, second):
        assert kstest(grown, norm(0.08, 0.05).cdf).pvalue > CALM
    own = lived(scheme(bank_books=(SPREAD,), economy=economy_of(m11=2.0)), "bank_book/icbc/own")
    given = norm(0.08 + 0.05 * math.sqrt(0.4) * 2.0, 0.05 * math.sqrt(0.6))
    assert kstest(own[:, 11] / 1e6 - 1.0, given.cdf).pvalue > CALM


def test_the_mean_increment_is_that_of_a_normal_law_cut_at_zero(lived):
    """E max(0, N(μ, σ)) = μ Φ(μ/σ) + σ φ(μ/σ), times the book and the rate."""
    paid_on = payment("increment", book="icbc", book_rate=0.01)
    built = scheme(line(1e6, 1e6), paid_on, bank_books=(SPREAD,))
    due = lived(built, "payment/subsidy/due")
    ratio = 0.08 / 0.05
    mean = 0.01 * 1e6 * (0.08 * norm.cdf(ratio) + 0.05 * norm.pdf(ratio))
    assert abs(z_of(due[:, 11], mean)) < SIGMAS


@pytest.mark.parametrize(("opening", "increases"), [(0, (600.0, 0.0)), (3, (300.0, 0.0))])
def test_an_increment_adds_what_the_scheme_lends_to_the_banks_own_book(lived, opening, increases):
    """Own 1,000, 1,100, 1,210; lent 400 in month 3 and 100 in month 11, gone by the second year's end."""
    of = sound()
    stock = (OpeningLoans(segment=of.name, band=0, months_left=5, n_loans=opening),) if opening else ()
    book = BankBook(name="icbc", opening=1000.0, growth=0.1, facilities=("loans",))
    paid_on = payment("increment", book="icbc", book_rate=0.1)
    lent = lending(of, opening=stock, m3=400.0, m11=100.0)
    built = scheme(line(1e6, 1e6), paid_on, bank_books=(book,), **lent)
    increase, paid = lived(built, "bank_book/icbc/increase", "payment/subsidy/paid", paths=1)
    assert increase[0, [10, 11, 23]] == pytest.approx([0.0, increases[0], sum(increases)])
    assert paid[0, [13, 14, -1]] == pytest.approx([0.0, 0.1 * increases[0], 0.1 * sum(increases)])
