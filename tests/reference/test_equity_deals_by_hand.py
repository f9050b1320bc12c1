"""Deals of an equity fund, their ends, recycling and net asset value, by hand arithmetic, in each engine."""

import math
from dataclasses import replace
from functools import partial

import pytest

from fundsim.scheme import Clock, Exit, Multiple, Waterfall

from .equity_funds import (
    ENGINES,
    NEVER,
    economy_of,
    equity_fund,
    exits,
    in_months,
    lived_in,
    sold,
    stage,
)

approx = pytest.approx


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


# How deals end


def test_a_deal_is_sold_when_its_clock_rings(lived):
    """Made in months 0 and 2, sold fourteen months later at 1.5."""
    got = lived(equity_fund(stages=sold(1.5, after=14)), 1, 0, 2)
    assert got["n_exited"][13:17] == [0.0, 1.0, 1.0, 3.0]
    assert (
        got["proceeds"][13:17] == got["flow/firms>fund/equity_exit"][13:17] == [0.0, 1500.0, 1500.0, 4500.0]
    )
    assert got["realised_cost"][13:17] == [0.0, 1000.0, 1000.0, 3000.0]
    assert got["n_unsold"][13:17] == [3.0, 2.0, 2.0, 0.0]
    assert got["unsold_cost"][13:17] == [3000.0, 2000.0, 2000.0, 0.0]
    assert (got["lost"][-1], got["n_failed"][-1], got["n_liquidated"][-1]) == (0.0, 0.0, 0.0)


def test_a_deal_that_fails_brings_nothing(lived):
    got = lived(equity_fund(stages=(stage(failure=in_months(3)),)), 1, 1, 0)
    assert got["n_failed"][2:5] == [0.0, 1.0, 2.0]
    assert got["lost"][2:5] == got["realised_cost"][2:5] == [0.0, 1000.0, 2000.0]
    assert (got["proceeds"][-1], got["n_exited"][-1]) == (0.0, 0.0)


def test_the_first_clock_to_ring_decides(lived):
    late_failure = (stage(exit=in_months(3), failure=in_months(4), exits=exits(2.0)),)
    got = lived(equity_fund(stages=late_failure), 3, 0, 0)
    assert (got["n_exited"][3], got["n_failed"][-1]) == (3.0, 0.0)
    early_failure = (stage(exit=in_months(4), failure=in_months(3)),)
    got = lived(equity_fund(stages=early_failure), 3, 0, 0)
    assert (got["n_failed"][3], got["n_exited"][-1]) == (3.0, 0.0)


def test_a_bad_market_delays_exits_and_hastens_failures(lived):
    """With β = 3 the hazard of 50 is 3e-11 at X = −8, and a millionth of a hazard of it is 300 there."""
    slow = (stage(exit=in_months(3), exits=exits(1.0)),)
    bad = economy_of(m3=-8.0, m4=-8.0, m5=8.0)
    got = lived(equity_fund(stages=slow, exit_beta=3.0), 1, 0, 0, economy=bad)
    assert got["n_exited"][3:6] == [0.0, 0.0, 1.0]
    likely = in_months(3)
    rare = (stage(failure=replace(likely, scale=likely.scale * 1e6 ** (1.0 / likely.shape))),)
    got = lived(equity_fund(stages=rare, failure_beta=3.0), 1, 0, 0, economy=bad)
    assert got["n_failed"][2:4] == [0.0, 1.0]
    good = economy_of(m3=8.0, m4=8.0, m5=8.0)
    got = lived(equity_fund(stages=rare, failure_beta=3.0), 1, 0, 0, economy=good)
    assert got["n_failed"][5] == 0.0


def test_a_bad_market_lowers_the_category(lived):
    """Three equally likely ones: 0.5, 1 and 4; two deals of 1,000 sold in month 7, one in month 8."""
    stages = (stage(exit=in_months(7), exits=exits(0.5, 1.0, 4.0)),)
    fund = equity_fund(stages=stages, exit_rho=0.95)
    bad = lived(fund, 2, 1, 0, economy=economy_of(m7=-8.0, m8=8.0))
    assert bad["proceeds"][6:9] == [0.0, 1000.0, 5000.0]
    assert (bad["lost"][-1], bad["n_exited"][-1]) == (1000.0, 3.0)
    good = lived(fund, 2, 1, 0, economy=economy_of(m7=8.0, m8=-8.0))
    assert good["proceeds"][6:9] == [0.0, 8000.0, 8500.0]


def test_a_buy_back_bears_interest_and_a_part_of_it_comes_in(lived):
    """1,000 × 1.08^1.5 × 0.9, eighteen months after the deal."""
    back = Exit(
        name="back", probability=1.0, multiple=Multiple(law="buy_back", rate=0.08, collectability=0.9)
    )
    got = lived(equity_fund(stages=(stage(exit=in_months(18), exits=(back,)),)), 0, 1, 0)
    assert got["proceeds"][18:20] == approx([0.0, 1000.0 * 1.08**1.5 * 0.9])


def test_what_is_left_at_the_end_is_sold_at_the_multiple_of_liquidation(lived):
    fund = equity_fund(life=24, extension=6, liquidation_multiple=0.6, stages=sold(2.0, after=28))
    got = lived(fund, 1, 1, 1)
    # Those of months 0 and 1 ring in months 28 and 29, the last; that of month 2 would do so in month 30.
    assert got["n_exited"][27:30] == [0.0, 1.0, 2.0]
    assert got["n_liquidated"][28:30] == [0.0, 1.0]
    assert got["proceeds"][29] == approx(4600.0)
    assert got["lost"][-1] == approx(400.0)
    assert (got["n_unsold"][-1], got["nav"][-1]) == (0.0, 0.0)


def test_a_life_that_ends_with_the_investment_period_sells_the_deals_of_its_last_month(lived):
    got = lived(equity_fund(life=3, liquidation_multiple=0.5, raising=None, social_target=0.0), 0, 0, 1)
    assert got["n_liquidated"][2] == 1.0
    assert got["distributed_government"][2] == approx(500.0)


# Recycling


def test_proceeds_are_kept_for_new_deals_up_to_a_part_of_the_commitments(lived):
    """Of 1,500 in month 1 a tenth of 5,000 is kept; the deal of month 2 takes 500 of it and calls 500."""
    got = lived(equity_fund(investment=4, recycling=0.1, stages=sold(1.5, after=1)), 1, 0, 1, 0)
    assert got["recycled"][:4] == [0.0, 500.0, 500.0, 500.0]
    assert got["party/fund/balance"][:4] == approx([0.0, 500.0, 0.0, 0.0])
    assert got["nav"][:3] == approx([1000.0, 500.0, 1000.0])
    assert got["called_government"][:3] == approx([200.0, 200.0, 300.0])
    assert got["invested"][2] == 2000.0
    assert got["invested_social"][2] == approx(0.8 * 2000.0)
    # The second deal is sold in month 3, the last of the investment period: nothing is kept any more.
    assert got["distributed_government"][1:4] == approx([200.0, 200.0, 500.0])
    assert got["distributed_social"][1:4] == approx([800.0, 800.0, 2000.0])


def test_what_is_recycled_and_not_invested_is_distributed_at_the_end_of_the_investment_period(lived):
    got = lived(equity_fund(investment=4, recycling=1.0, stages=sold(1.5, after=1)), 1, 0, 0, 0)
    assert got["recycled"][1:] == [1500.0] * 59
    assert got["party/fund/balance"][1:4] == approx([1500.0, 1500.0, 0.0])
    assert got["distributed_social"][2:4] == approx([0.0, 1200.0])


def test_recycled_money_lengthens_what_can_be_invested(lived):
    """All of 5,000 is invested in month 0; its proceeds of 10,000 pay a second time for 5,000."""
    fund = equity_fund(investment=4, recycling=1.0, deal_size=5000.0, stages=sold(2.0, after=1))
    got = lived(fund, 1, 0, 1, 0)
    assert got["recycled"][1] == 5000.0
    assert got["invested"][2] == 10000.0
    assert got["called_social"][2] == 4000.0
    assert got["distributed_social"][1:4] == approx([4000.0, 4000.0, 12000.0])


def test_recycled_money_is_social_as_the_contributions_to_date_are(lived):
    """Government paid all of the first deal; what it brings is government's when it is invested again."""
    fund = equity_fund(investment=4, recycling=1.0, government_first=True, stages=sold(1.0, after=1))
    got = lived(fund, 1, 1, 1, 0)
    # Month 1: called, social.  Month 2: the proceeds of month 1, half of the contributions are social.
    assert got["invested_social"][:3] == approx([0.0, 1000.0, 1500.0])


# Net asset value


def test_a_fund_is_marked_at_cost(lived):
    got = lived(equity_fund(liquidation_multiple=0.4), 2, 0, 0)
    assert got["nav"][:59] == [2000.0] * 59
    assert got["nav_government"][0] == approx(400.0)
    assert got["expected_value"][:59] == approx([800.0] * 59)
    assert got["expected_government"][0] == approx(160.0)


def test_a_fund_is_marked_at_what_its_deals_are_expected_to_bring(lived):
    """Sure to be sold at 3 after thirty months."""
    got = lived(equity_fund(mark="expected", stages=sold(3.0, after=30), liquidation_multiple=0.0), 1, 0, 0)
    assert got["nav"][:30] == approx([3000.0] * 30)
    assert got["nav"][30] == 0.0
    assert got["nav_social"][:30] == approx([2400.0] * 30)


def test_the_expected_mark_of_competing_clocks_is_that_of_their_ages(lived):
    """Constant hazards of 0.3 and 0.2 a year with 4 of both over the life left: exit first in 3 of 5 cases.

    v = 0.6 × 2 × (1 − e^(−0.5 s)) + 0.1 × e^(−0.5 s), s years from the month's end to the fund's end.
    """
    sales, failures = Clock(shape=1.0, scale=10 / 3), Clock(shape=1.0, scale=5.0)
    both = stage(exit=sales, failure=failures, exits=exits(2.0))
    got = lived(equity_fund(stages=(both,), liquidation_multiple=0.1), 5, 0, 0)
    for month in range(12):
        left = math.exp(-0.5 * (59 - month) / 12.0)
        value = 1.2 * (1.0 - left) + 0.1 * left
        assert got["expected_value"][month] == approx(value * got["unsold_cost"][month])


def test_the_expected_mark_of_an_ageing_clock_depends_on_the_age(lived):
    """Failure with H = (x/2)²; what does not fail is sold at 1 at the end.  One deal is a month younger."""
    fails = (stage(exit=NEVER, failure=Clock(shape=2.0, scale=2.0)),)
    fund = equity_fund(stages=fails, life=13)
    got = lived(fund, 1, 1, 0)
    left = [math.exp(-((last / 24.0) ** 2 - (now / 24.0) ** 2)) for last, now in ((12, 1), (11, 0))]
    assert got["n_failed"][1] == 0.0
    assert got["expected_value"][:2] == approx([1000.0 * math.exp(-0.25), 1000.0 * sum(left)])


def test_the_expected_mark_leaves_the_economy_out(lived):
    """Categories with their stated probabilities, and hazards without β."""
    stages = (stage(exit=in_months(40), exits=exits(0.0, 3.0)),)
    plain = lived(equity_fund(stages=stages), 2, 0, 0)
    moved = lived(equity_fund(stages=stages, exit_rho=0.9, exit_beta=0.5, failure_beta=0.5), 2, 0, 0)
    assert plain["expected_value"][:30] == moved["expected_value"][:30] == approx([3000.0] * 30)


def test_a_partners_part_of_the_value_is_what_the_waterfall_would_give_now(lived):
    """Worth 3,000 by then: 1,000 back, and of the rest a fifth to the manager: 2,600 × 0.2 and × 0.8."""
    fund = equity_fund(
        mark="expected",
        stages=sold(3.0, after=30),
        waterfall=Waterfall(carry=0.2),
        liquidation_multiple=0.0,
    )
    got = lived(fund, 1, 0, 0)
    assert got["nav_government"][:30] == approx([520.0] * 30)
    assert got["nav_social"][:30] == approx([2080.0] * 30)
    assert got["expected_government"][:30] == approx([520.0] * 30)
