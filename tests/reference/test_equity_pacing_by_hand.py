"""Funds that call and distribute by rates, by hand arithmetic, in each engine.

A plain one lives for three years, calls a half, then all of what is left, and grows by a tenth a year.  Of
its 5,000 yuan a fifth is government's.
"""

import math
from functools import partial

import pytest

from fundsim.scheme import BetaShare, CallOption, ExcessShare, IrrCase, Pacing, Waterfall

from .equity_funds import ENGINES, alone, equity_fund, family_in, lived_in, parent_fund, raised, raising

approx = pytest.approx
YEARS = [11, 23, 35]
"""Last months of the fund's years."""


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs the first path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param, path=0)


def paced(made=equity_fund, **terms):
    """Return a fund with rates."""
    rates = Pacing(calls=(0.5, 1.0), growth=0.1, bow=1.0)
    plain = {"life": 36, "investment": 36, "deal_size": 0.0, "stages": (), "pacing": rates}
    return made(**{**plain, **terms})


def test_the_twelve_years_of_takahashi_and_alexander(lived):
    """100 committed; calls of 25 %, a third, then a half; growth of 13 %, a bow of 2.5, no yield.

    Their formulas in yuan, year by year (the paper prints them rounded).
    """
    rates = Pacing(calls=(0.25, 1.0 / 3.0, 0.5), growth=0.13, bow=2.5)
    fund = paced(alone, planned=100.0, life=144, investment=144, pacing=rates)
    got = lived(fund, appropriations=((0, 100.0),))
    calls = [25.0, 25.0, 25.0, *(12.5 / 2.0**n for n in range(9))]
    distributions = [
        0.0,
        0.3203615057112258,
        1.8690778593295723,
        6.012384407274883,
        12.690172483950512,
        21.333863846695532,
        30.094201368511815,
        35.78353891584108,
        35.01278104412153,
        26.685556026201006,
        14.186032645151059,
        4.005706818552591,
    ]
    values = [
        25.0,
        52.929638494288774,
        82.94141363921673,
        100.21141300504001,
        106.79872421174468,
        102.47369451257595,
        87.26357343069898,
        63.60554906084876,
        37.252114394637566,
        15.60464573973944,
        3.5448732907545057,
        0.048828125,
    ]
    ends = range(11, 144, 12)
    for what, by_year in (
        ("called_government", cumulated(calls)),
        ("invested", cumulated(calls)),
        ("distributed_government", cumulated(distributions)),
        ("proceeds", cumulated(distributions)),
        ("nav", values),
        ("unsold_cost", values),
        ("expected_value", values),
        ("nav_government", values),
    ):
        assert [got[what][month] for month in ends] == approx(by_year, abs=1e-9), what
        # Nothing moves between the ends of two years.
        assert all(got[what][month] == got[what][month - 1] for month in range(1, 144) if month not in ends)
    for what in ("n_deals", "n_unsold", "n_exited", "n_liquidated", "realised_cost", "lost", "fees_asked"):
        assert got[what] == [0.0] * 144, what
    assert got["party/fund/balance"] == approx([0.0] * 144, abs=1e-12)


def cumulated(amounts):
    """Return the sums to date."""
    return [math.fsum(amounts[: n + 1]) for n in range(len(amounts))]


def test_calls_values_and_distributions_by_hand(lived):
    """Calls of 2,500, 2,500, 0.  D: a third of nothing, two thirds of 2,750, then all that is left.

    Values: 2,500; 2,750 + 2,500 − 1,833.33; (3,416.67 × 1.1 − the same) + 0.
    """
    got = lived(paced())
    assert [got["called_government"][month] for month in YEARS] == approx([500.0, 1000.0, 1000.0])
    assert [got["called_social"][month] for month in YEARS] == approx([2000.0, 4000.0, 4000.0])
    assert [got["invested"][month] for month in YEARS] == approx([2500.0, 5000.0, 5000.0])
    assert got["invested_social"][-1] == approx(4000.0)
    second, third = 2750.0 * 2.0 / 3.0, (2750.0 / 3.0 + 2500.0) * 1.1
    assert [got["nav"][month] for month in YEARS] == approx([2500.0, third / 1.1, 0.0])
    assert [got["proceeds"][month] for month in YEARS] == approx([0.0, second, second + third])
    assert got["distributed_government"][-1] == approx(0.2 * (second + third))
    assert got["flow/fund>firms/equity_deal"][-1] == approx(5000.0)
    assert got["flow/firms>fund/equity_exit"][-1] == approx(second + third)
    assert (got["nav_government"][23], got["nav_social"][23]) == approx(
        (0.2 * third / 1.1, 0.8 * third / 1.1)
    )
    assert got["flow/custody>treasury/equity_custody"][-1] == 0.0


def test_a_yield_is_the_least_that_is_distributed(lived):
    """A half: less than two thirds by a bow of 1 in year 2, more than 0.13 by a bow of 5."""
    rates = Pacing(calls=(1.0,), growth=0.0, bow=1.0, least_yield=0.5)
    got = lived(paced(pacing=rates))
    assert [got["nav"][month] for month in YEARS] == approx([5000.0, 5000.0 / 3.0, 0.0])
    flat = Pacing(calls=(1.0,), growth=0.0, bow=5.0, least_yield=0.5)
    assert lived(paced(pacing=flat))["nav"][23] == approx(2500.0)


def test_the_last_rate_of_calls_holds_for_later_years(lived):
    rates = Pacing(calls=(0.2, 0.5), growth=0.0, bow=1.0)
    got = lived(paced(pacing=rates))
    assert [got["called_social"][month] for month in YEARS] == approx([800.0, 2400.0, 3200.0])


def test_what_fails_is_used_up_and_not_invested(lived):
    """Of 2,000 a quarter fails, government matches 1,500; 2,500 are left of 5,000 for year 2."""
    got = lived(paced(call_shortfall=BetaShare(mean=0.25)))
    assert [got["invested"][month] for month in YEARS] == approx([1875.0, 3750.0, 3750.0])
    assert got["nav"][11] == approx(1875.0)
    assert got["failed_calls"][-1] == approx(1000.0)


def test_only_what_is_committed_to_date_is_called(lived):
    """Half of 5,000 by year 1, of which a half is called; the other 3,750 in year 2."""
    got = lived(paced(raising=raising(closings=((0, 0.5), (20, 0.5)))))
    assert [got["invested"][month] for month in YEARS] == approx([1250.0, 5000.0, 5000.0])


def test_years_before_it_is_set_up_are_lost(lived):
    """It is set up in month 15: the rate of year 2 is all."""
    law = raising(closings=((0, 0.2), (15, 0.8)), minimum_first_close=0.5, set_up_months=15)
    got = lived(paced(raising=law))
    assert got["set_up_month"][-1] == 15.0
    assert [got["invested"][month] for month in YEARS] == approx([0.0, 5000.0, 5000.0])
    assert got["nav"][23] == approx(5000.0)


def test_one_that_is_not_set_up_calls_nothing(lived):
    got = lived(paced(raising=raised(0.1, minimum_first_close=0.5)))
    assert (got["not_set_up_month"][-1], got["invested"][-1], got["nav"][-1]) == (5.0, 0.0, 0.0)
    assert got["flow/custody>treasury/equity_custody"][5] == 1000.0


def test_years_count_from_its_start(lived):
    got = lived(paced(start=4))
    assert got["invested"][14:16] == approx([0.0, 2500.0])


def test_what_is_distributed_runs_through_the_waterfall(lived):
    """All is called in month 11 and doubles each year: 5,000 × 4/3 in month 23, all the rest in month 35."""
    rates = Pacing(calls=(1.0,), growth=1.0, bow=1.0)
    got = lived(paced(pacing=rates, waterfall=Waterfall(carry=0.2)))
    first, second = 10000.0 * 2.0 / 3.0, 10000.0 / 3.0 * 2.0
    assert got["to_contributions"][23] == approx(5000.0)
    assert got["to_carry"][23] == approx(0.2 * (first - 5000.0))
    assert got["to_carry"][35] == approx(0.2 * (first + second - 5000.0))
    # What is left in month 23, 3,333, is above contributions.
    assert got["nav_government"][23] == approx(0.2 * 0.8 * 10000.0 / 3.0)


def test_government_cedes_above_its_whole_commitment(lived):
    rates = Pacing(calls=(0.5, 0.0), growth=1.0, bow=1.0)
    got = lived(paced(pacing=rates, concession=ExcessShare(share=0.5)))
    # 500 called, of a commitment of 1,000; 666.67 and as much again come back.
    assert got["distributed_government"][23] == approx(2000.0 / 3.0)
    assert got["ceded"][23] == 0.0
    assert got["ceded"][35] == approx(0.5 * (4000.0 / 3.0 - 1000.0))


def test_a_stake_is_bought_at_the_value_after_the_years_call_and_distribution(lived):
    """In month 23: strike 1,000 − 0.2 × 1,833.33; value at a mark of 1.1."""
    got = lived(paced(concession=CallOption(years=2, benchmark=0.0, option_mark=1.1)))
    left = 2750.0 / 3.0 + 2500.0
    price = 1000.0 - 0.2 * 2750.0 * 2.0 / 3.0
    assert got["sold_month"][-1] == 23.0
    assert got["option_price"][-1] == approx(price)
    assert got["option_cost"][-1] == approx(0.2 * 1.1 * left - price)
    assert got["distributed_to_buyers"][-1] == approx(0.2 * 1.1 * left)


def test_buyers_pay_the_calls_that_come_after_the_sale(lived):
    rates = Pacing(calls=(0.5, 1.0), growth=0.1, bow=1.0)
    got = lived(paced(pacing=rates, concession=CallOption(years=1, benchmark=0.0, option_mark=1.1)))
    assert got["sold_month"][-1] == 11.0
    assert got["called_by_buyers"][22:24] == approx([0.0, 500.0])
    assert got["invested_social"][23] == approx(2000.0 + 2500.0)


def test_the_rate_at_the_funds_end_leaves_out_what_is_still_in_it(lived):
    """A half is called each year, nothing grows: of 5,000, 625 of the last call never come back.

    At the window's end, month 23, what is left counts.
    """
    rates = Pacing(calls=(0.5,), growth=0.0, bow=1.0)
    got = lived(paced(pacing=rates))
    assert got["nav"][35] == approx(625.0)
    assert got["distributed_social"][-1] == approx(0.8 * 3750.0)
    # −2,500 in month 11, −1,250 + 1,666.67 in month 23, −625 + 2,083.33 in month 35.
    assert got["irr_fund"][0] == approx(0.0, abs=1e-9)
    v = 1.0 / (1.0 + got["irr_fund"][1])
    assert -2500.0 + (5000.0 / 3.0 - 1250.0) * v + (2500.0 - 5000.0 / 3.0 + 1250.0 - 625.0) * v**2 == approx(
        0.0, abs=1e-6
    )
    assert got["irr_fund_case"] == [IrrCase.ONE] * 2


def test_a_window_that_ends_after_the_fund_leaves_it_out_too(lived):
    rates = Pacing(calls=(0.5,), growth=0.0, bow=1.0)
    got = lived(paced(pacing=rates, life=12, investment=12), months=20)
    assert (got["nav"][-1], got["distributed_social"][-1]) == (approx(2500.0), 0.0)
    assert got["irr_fund"] == [-1.0, -1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sub_fund_with_rates_calls_its_parent(engine):
    """The parent holds a half.  What the sub-fund is worth when it has ended stays in the parent's NAV."""
    rates = Pacing(calls=(0.5,), growth=0.0, bow=1.0)
    sub = paced(
        name="sub",
        party="sub",
        custody="parent",
        treasury="parent",
        parent="parent",
        planned=5000.0,
        social_target=5000.0,
        pacing=rates,
    )
    parent, got, path = family_in(engine, parent_fund(life=40), sub, path=0)
    assert [got["called_government"][month] for month in YEARS] == approx([2500.0, 3750.0, 4375.0])
    assert path["flow/parent>sub/equity_call"][-1] == approx(4375.0)
    assert parent["called_social"][-1] == approx(0.8 * 4375.0)
    back = [0.0, 2500.0 * 2.0 / 3.0, 2500.0 / 3.0 + 1250.0]
    assert [parent["distributed_social"][month] for month in YEARS] == approx(
        [0.8 * amount for amount in cumulated(back)]
    )
    assert [parent["unsold_cost"][month] for month in YEARS] == approx([2500.0, 3750.0 - back[1], 0.0])
    assert [parent["nav"][month] for month in YEARS] == approx([2500.0, back[2], 625.0])
    assert parent["expected_value"][35] == approx(625.0)
    assert (parent["n_exited"][35], parent["lost"][35]) == (1.0, approx(625.0))
    assert (parent["realised_cost"][35], parent["proceeds"][35]) == approx((4375.0, 3750.0))
