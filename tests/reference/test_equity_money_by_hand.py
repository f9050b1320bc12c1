"""Raising, set-up, calls, fees and sizes of deals of an equity fund, by hand arithmetic, in each engine."""

import math
from functools import partial

import pytest

from fundsim.scheme import BetaShare, IrrCase

from .equity_funds import (
    ENGINES,
    LIFE,
    WINDOW,
    alone,
    economy_of,
    equity_fund,
    lived_in,
    raised,
    raising,
    sold,
)

approx = pytest.approx
TO_TREASURY = "flow/custody>treasury/equity_custody"
BY_GOVERNMENT = "flow/custody>fund/equity_call"
BY_SOCIAL = "flow/partners>fund/equity_call"


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


# Raising and set-up


def test_the_whole_target_and_its_match_are_committed_at_the_closing(lived):
    got = lived(equity_fund())
    assert got["committed_social"][0] == got["committed_social"][-1] == 4000.0
    assert got["committed_government"][0] == 1000.0
    assert (got["raised_share"][0], got["set_up"][0], got["set_up_month"][0]) == (1.0, 1.0, 0.0)
    assert got["not_set_up_month"][-1] == math.inf


def test_government_matches_what_is_raised_closing_by_closing(lived):
    """Half of 4,000 is raised: a quarter of it in month 0, the rest in month 6."""
    got = lived(equity_fund(raising=raised(0.5, closings=((0, 0.25), (6, 0.75)))), path=0)
    assert [got["committed_social"][month] for month in (0, 5, 6)] == [500.0, 500.0, 2000.0]
    assert [got["committed_government"][month] for month in (0, 5, 6)] == [125.0, 125.0, 500.0]
    assert got["raised_share"][0] == got["raised_share"][-1] == 0.5


def test_a_fund_is_set_up_by_the_closing_that_reaches_the_minimum(lived):
    """Nothing is called before month 6; its first fee runs on what was committed before, 1,250."""
    law = raising(closings=((0, 0.25), (6, 0.75)), minimum_first_close=0.5, set_up_months=6)
    got = lived(equity_fund(raising=law, investment=24, fee_rate=0.12), path=0)
    assert got["set_up_month"][-1] == 6.0
    assert got["set_up"][:7] == [0.0] * 6 + [1.0]
    assert (got["called_social"][5], got["n_deals"][5], got["fees_asked"][5]) == (0.0, 0.0, 0.0)
    assert got["fees_asked"][6:8] == approx([12.5, 62.5])


def test_the_minimum_is_reached_to_half_a_fen(lived):
    thirds = ((0, 1.0 / 3.0), (1, 1.0 / 3.0), (2, 1.0 / 3.0))
    got = lived(equity_fund(raising=raising(closings=thirds, minimum_first_close=1.0)), path=0)
    assert got["set_up_month"][-1] == 2.0


def test_a_fund_that_misses_the_minimum_gives_custody_back(lived):
    """Of 2,000 half is committed in month 0, below 1,600; month 8 is the last, month 10 never comes."""
    closings = ((0, 0.5), (10, 0.5))
    law = raised(0.5, closings=closings, minimum_first_close=0.4, set_up_months=8)
    got = lived(equity_fund(raising=law, fee_rate=0.02), path=0, appropriations=((0, 600.0), (12, 400.0)))
    assert (got["set_up_month"][-1], got["not_set_up_month"][-1]) == (math.inf, 8.0)
    assert got["committed_social"][-1] == 1000.0
    assert got[TO_TREASURY][7:13] == [0.0, 600.0, 600.0, 600.0, 600.0, 1000.0]
    assert got["party/custody/balance"][7:13] == [600.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    for what in ("called_social", "called_government", "fees_asked", "n_deals", "set_up"):
        assert got[what][-1] == 0.0, what
    assert got["irr_government_case"] == got["irr_social_case"] == [IrrCase.NOT_CALLED] * 2
    assert all(math.isnan(rate) for rate in got["irr_fund"])
    # Everything came back, without interest.
    assert got["irr_treasury"] == approx([0.0, 0.0], abs=1e-12)
    assert got["irr_treasury_case"] == [IrrCase.ONE] * 2


def test_a_closing_after_the_last_month_of_set_up_comes_too_late(lived):
    law = raising(closings=((9, 1.0),), minimum_first_close=0.1, set_up_months=8)
    got = lived(equity_fund(raising=law), path=0)
    assert (got["not_set_up_month"][-1], got["committed_social"][-1]) == (8.0, 0.0)
    just = lived(equity_fund(raising=raising(closings=((8, 1.0),), set_up_months=8)), path=0)
    assert (just["set_up_month"][-1], just["committed_social"][-1]) == (8.0, 4000.0)


def test_what_is_raised_moves_with_the_month_of_the_first_closing(lived):
    """The factor of month 3 counts, whatever the month in which the fund's life begins."""
    law = raising(p_full=0.5, rho=0.9, closings=((2, 1.0),))
    good = lived(equity_fund(raising=law, start=1), path=0, economy=economy_of(m1=-8.0, m3=8.0))
    bad = lived(equity_fund(raising=law, start=1), path=0, economy=economy_of(m1=8.0, m3=-8.0))
    assert good["raised_share"][0] == 1.0
    # Without sd the rest is its mean.
    assert bad["raised_share"][0] == 0.5
    spread = raising(p_full=0.5, rho=0.9, rest=BetaShare(mean=0.5, sd=0.2), closings=((2, 1.0),))
    low = lived(equity_fund(raising=spread, start=1), path=0, economy=economy_of(m3=-8.0))
    assert low["raised_share"][0] < 0.01


def test_a_fund_may_begin_later_than_its_money(lived):
    """Custody is paid in month 0; the life begins in month 5."""
    got = lived(equity_fund(start=5), 1, 0, 1)
    assert got["party/custody/balance"][:8] == [1000.0] * 5 + [800.0, 800.0, 600.0]
    assert got["set_up_month"][-1] == 5.0
    assert got["n_deals"][4:8] == [0.0, 1.0, 1.0, 2.0]
    assert got["n_liquidated"][5 + LIFE - 2 :] == [0.0, 2.0]


# Calls


def test_calls_are_matched_one_to_four(lived):
    got = lived(equity_fund(), 1, 2, 0)
    assert got["called_social"][:3] == got[BY_SOCIAL][:3] == [800.0, 2400.0, 2400.0]
    assert got["called_government"][:3] == got[BY_GOVERNMENT][:3] == [200.0, 600.0, 600.0]
    assert got["invested"][:3] == [1000.0, 3000.0, 3000.0]
    assert got["invested_social"][2] == approx(2400.0)
    assert (got["failed_calls"][-1], got["party/fund/balance"][2]) == (0.0, 0.0)


def test_failed_calls_shrink_a_deal_and_are_used_up(lived):
    """Of 800 a quarter fails; government adds a quarter of 600.  After five deals nothing is left to call."""
    got = lived(equity_fund(call_shortfall=BetaShare(mean=0.25)), 4, 3)
    assert got["called_social"][:2] == approx([2400.0, 3000.0])
    assert got["called_government"][:2] == approx([600.0, 750.0])
    assert got["failed_calls"][:2] == approx([800.0, 1000.0])
    assert got["invested"][:2] == approx([3000.0, 3750.0])
    assert got["n_deals"][:2] == [4.0, 5.0]
    # What could not be matched goes back at the end, with government's part of the deals.
    assert got[TO_TREASURY][-2:] == approx([0.0, 250.0])


def test_government_first_orders_the_calls(lived):
    """Of four deals the first takes all of government's money."""
    got = lived(equity_fund(government_first=True, call_shortfall=BetaShare(mean=0.1)), 1, 1)
    assert got["called_government"][:2] == [1000.0, 1000.0]
    assert got["called_social"][:2] == approx([0.0, 900.0])
    assert got["failed_calls"][:2] == approx([0.0, 100.0])
    assert got["invested_social"][:2] == approx([0.0, 900.0])


def test_custody_that_is_paid_late_can_not_be_called(lived):
    """Government owes 200 a deal and has 100; the rest of the budget comes when nobody asks any more."""
    got = lived(equity_fund(), 2, 1, 0, appropriations=((0, 100.0), (1, 150.0), (2, 750.0)))
    assert got["called_government"][:3] == approx([100.0, 250.0, 250.0])
    assert got["called_social"][:3] == approx([1600.0, 2400.0, 2400.0])
    assert got["invested"][:3] == approx([1700.0, 2650.0, 2650.0])
    assert got["n_deals"][:3] == [2.0, 3.0, 3.0]
    assert got["party/custody/balance"][:3] == approx([0.0, 0.0, 750.0])


def test_social_partners_pay_no_more_than_they_committed_where_government_should_have_paid_first(lived):
    """Custody is empty: four deals of social money, a fifth of none."""
    got = lived(equity_fund(government_first=True), 3, 4, appropriations=())
    assert got["called_social"][:2] == approx([3000.0, 4000.0])
    assert (got["n_deals"][1], got["called_government"][-1]) == (4.0, 0.0)
    assert got["irr_government_case"] == [IrrCase.NOT_CALLED] * 2
    assert got["irr_social"] == approx([0.0, 0.0], abs=1e-12)


def test_without_social_partners_government_pays_all(lived):
    got = lived(alone(deal_size=300.0), 2, 0, 3, appropriations=((0, 700.0), (2, 300.0)))
    assert (got["committed_government"][0], got["committed_social"][-1]) == (1000.0, 0.0)
    assert (got["raised_share"][0], got["set_up_month"][-1]) == (0.0, 0.0)
    assert got["called_government"][:3] == approx([600.0, 600.0, 1000.0])
    assert got["n_deals"][:3] == [2.0, 2.0, 4.0]
    assert (got["called_social"][-1], got["distributed_government"][-1]) == (0.0, approx(1000.0))
    assert got["nav_social"][2] == 0.0


# Fees


def test_fees_run_on_commitments_then_on_cost_and_end_with_the_life(lived):
    """1 a month of cost; 50 on commitments, but not in the month of set-up; 1 % of 2,000 after month 2."""
    fund = equity_fund(fee_rate=0.12, fund_cost=12.0, life=6, extension=4)
    got = lived(fund, 2, 0, 0)
    assert got["fees_asked"][:7] == approx([1.0, 52.0, 103.0, 124.0, 145.0, 166.0, 166.0])
    assert got["fees"][-1] == got["flow/fund>manager/equity_fee"][-1] == approx(166.0)
    assert got["called_government"][-1] == approx(0.2 * 2166.0)
    assert got["called_social"][-1] == approx(0.8 * 2166.0)
    assert got["invested"][-1] == 2000.0


def test_the_base_of_the_fee_falls_with_the_deals_that_end(lived):
    """Sold in month 4, after that month's fee."""
    got = lived(equity_fund(fee_rate=0.12, life=12, stages=sold(1.0, after=4)), 2, 0, 0)
    assert got["fees_asked"][2:7] == approx([100.0, 120.0, 140.0, 140.0, 140.0])


def test_fees_are_called_and_what_fails_is_not_paid(lived):
    got = lived(equity_fund(fee_rate=0.12, call_shortfall=BetaShare(mean=0.5)), 0, 0)
    assert (got["fees_asked"][1], got["fees"][1]) == (approx(50.0), approx(25.0))


# The size of deals


def test_a_deal_is_cut_to_what_fees_will_leave(lived):
    """I = 5,000 × 0.97 ÷ 1.03; fees still planned: two months of 50, three of 1 % of I.

    The deal is 50 larger than I, because the month of set-up has no fee on commitments: of the last fee a
    part is missing.
    """
    invest = 4850.0 / 1.03
    got = lived(equity_fund(deal_size=9000.0, fee_rate=0.12, life=6), 1, 1, 0)
    deal = 5000.0 - 100.0 - 0.03 * invest
    assert got["invested"][:3] == approx([deal] * 3)
    assert got["n_deals"][-1] == 1.0
    assert got["fees_asked"][-1] == approx(100.0 + 0.03 * deal)
    assert got["fees"][-1] == approx(5000.0 - deal)
    assert got["called_government"][-1] == approx(1000.0)


def test_what_is_not_yet_committed_can_not_be_invested(lived):
    """In month 0 half of 5,000 is there, and in month 1 the other half."""
    fund = equity_fund(raising=raising(closings=((0, 0.5), (1, 0.5))), deal_size=2000.0)
    got = lived(fund, 2, 2, 0)
    assert got["invested"][:3] == approx([2500.0, 5000.0, 5000.0])
    assert got["n_deals"][:3] == [2.0, 4.0, 4.0]


def test_a_deal_of_less_than_half_a_fen_is_none(lived):
    """Four deals of 1,249.999 leave 0.004 for a fifth."""
    got = lived(equity_fund(deal_size=1249.999), 5, 0, 0)
    assert got["n_deals"][0] == 4.0
    assert got["invested"][-1] == approx(4999.996)
    whole = lived(equity_fund(deal_size=1249.998), 5, 0, 0)
    assert whole["n_deals"][0] == 5.0
    assert whole["invested"][-1] == approx(5000.0)


def test_nothing_is_invested_after_the_investment_period(lived):
    got = lived(equity_fund(investment=2), 1, 1, path=None)
    assert got["n_deals"][1] == got["n_deals"][-1] == 2.0


def test_each_deal_is_local_or_not(lived):
    got = lived(equity_fund(local_share=1.0), 2, 1, 0)
    assert got["invested_local"][-1] == got["invested"][-1] == 3000.0
    assert lived(equity_fund(local_share=0.0), 2, 1, 0)["invested_local"][-1] == 0.0


def test_a_window_that_ends_later_than_the_fund_leaves_its_records_as_they_are(lived):
    """The fund ends in month 11; what custody still gets goes back at once."""
    fund = equity_fund(life=12, stages=sold(2.0, after=6))
    got = lived(fund, 1, 1, 0, appropriations=((0, 1000.0), (15, 40.0)))
    assert len(got["nav"]) == WINDOW
    assert got["irr_fund"][0] == got["irr_fund"][1] == approx(3.0)
    assert got[TO_TREASURY][9:16] == [0.0, 0.0, 600.0, 600.0, 600.0, 600.0, 640.0]
    assert got["party/custody/balance"][15] == 0.0
