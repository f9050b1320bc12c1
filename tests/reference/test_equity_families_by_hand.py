"""Funds of funds, by hand arithmetic, in each engine.

The parent plans 1,000 yuan of government's and 4,000 of social partners' money, and pays a sub-fund's call by
a call of its own: a fifth is government's.
"""

import math
from functools import partial

import numpy as np
import pytest

from fundsim.scheme import BetaShare, CallOption, EquityFund, ExcessShare, IrrCase, Nature, Waterfall

from .equity_funds import (
    ENGINES,
    alone,
    economy_of,
    equity_fund,
    exits,
    family_in,
    in_months,
    lived_in,
    parent_fund,
    raised,
    raising,
    sold,
    stage,
    sub_fund,
)

approx = pytest.approx
TO_SUB = "flow/parent>sub/equity_call"
FROM_SUB = "flow/sub>parent/equity_distribution"
PARENT = parent_fund()


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path of several funds in one engine, and reads the records of each."""
    return partial(family_in, request.param)


def halves(**terms):
    """Return a sub-fund of which half is social partners' money."""
    return sub_fund("parent", **{"planned": 5000.0, "social_target": 5000.0, **terms})


def only(**terms):
    """Return a sub-fund without social partners."""
    return sub_fund("parent", **{"planned": 5000.0, "social_target": 0.0, "raising": None, **terms})


# Commitments and set-up


def test_a_parent_commits_to_its_sub_funds_what_is_left_of_what_it_invests(lived):
    """5,000: all of 3,000, then 2,000 of 3,000, then nothing.  Half of the second target is raised."""
    first = only(name="first", party="first", planned=3000.0)
    law = raised(0.5, minimum_first_close=0.5)
    later = {"start": 2, "life": 50}
    second = halves(name="second", party="second", planned=3000.0, social_target=6000.0, raising=law, **later)
    third = halves(name="third", party="third", planned=1000.0, **later)
    parent, one, two, three, _ = lived(PARENT, first, second, third, path=0)
    assert parent["committed_down"][:4] == approx([3000.0, 3000.0, 5000.0, 5000.0])
    assert parent["n_deals"][:4] == parent["n_unsold"][:4] == [1.0, 1.0, 2.0, 2.0]
    assert one["committed_government"][0] == 3000.0
    assert two["committed_government"][1:3] == approx([0.0, 1000.0])
    assert (two["committed_social"][2], two["set_up_month"][2]) == (approx(2000.0), 2.0)
    assert (three["committed_government"][-1], three["committed_social"][-1]) == (0.0, 0.0)
    assert three["not_set_up_month"][1:3] == [math.inf, 2.0]
    assert (three["set_up"][-1], three["raised_share"][-1]) == (0.0, 1.0)
    # Nothing is called of a sub-fund that is not there, and it never ends.
    assert (parent["n_exited"][-1], parent["n_unsold"][-1]) == (2.0, 0.0)


def test_a_parent_invests_its_deployment_of_what_it_raises_in_all_closings(lived):
    """Half of 4,000 and its match are raised, a quarter of it at once; nine tenths of 2,500 are invested."""
    law = raised(0.5, closings=((0, 0.25), (6, 0.75)))
    parent, sub, _ = lived(parent_fund(raising=law, deployment=0.9), halves(), path=0)
    assert (parent["committed_down"][0], sub["committed_government"][0]) == approx((2250.0, 2250.0))
    assert sub["committed_social"][0] == approx(2250.0)


@pytest.mark.parametrize(("rest", "set_up"), [(0.003, 0.0), (0.007, 1.0)])
def test_a_commitment_of_less_than_half_a_fen_sets_up_nothing(lived, rest, set_up):
    parent = alone(**family_of_government(planned=5000.0 + rest))
    first, second = only(name="first", party="first"), only(name="second", party="second")
    got, _, other, _ = lived(parent, first, second, path=0, appropriations=((0, 6000.0),))
    assert (other["set_up"][0], got["n_deals"][0]) == (set_up, 1.0 + set_up)
    assert got["committed_down"][-1] == approx(5000.0 + set_up * rest, abs=1e-9)


def family_of_government(**terms):
    """Return the terms of a parent without social partners."""
    return {"name": "parent", "party": "parent", "deal_size": 0.0, "stages": (), **terms}


def test_a_sub_fund_that_begins_before_its_parent_is_set_up_never_is(lived):
    law = raising(closings=((0, 0.25), (6, 0.75)), minimum_first_close=0.5, set_up_months=6)
    early, late = (
        halves(name=name, party=name, planned=1000.0, start=start, life=48)
        for name, start in (("early", 3), ("late", 6))
    )
    parent, first, second, _ = lived(parent_fund(raising=law), early, late, path=0)
    assert parent["set_up_month"][6] == 6.0
    assert (first["not_set_up_month"][-1], first["set_up_month"][-1]) == (3.0, math.inf)
    assert (second["not_set_up_month"][-1], second["set_up_month"][-1]) == (math.inf, 6.0)
    assert parent["committed_down"][-1] == 1000.0


def test_sub_funds_of_a_parent_that_is_never_set_up_are_not_either(lived):
    """Its custody goes back; nothing is called."""
    law = raised(0.1, minimum_first_close=0.5, set_up_months=4)
    parent, sub, path = lived(parent_fund(raising=law), halves(), path=0)
    assert (parent["not_set_up_month"][-1], sub["not_set_up_month"][-1]) == (4.0, 0.0)
    assert path["flow/custody>treasury/equity_custody"][3:5] == [0.0, 1000.0]
    assert (sub["called_government"][-1], parent["n_deals"][-1], parent["n_exited"][-1]) == (0.0, 0.0, 0.0)


# Calls through two layers


def test_a_call_of_a_sub_fund_is_a_call_of_its_parent(lived):
    parent, sub, path = lived(PARENT, halves(), deals={"sub": (1, 0, 2)})
    assert sub["called_social"][:3] == approx([500.0, 500.0, 1500.0])
    assert sub["called_government"][:3] == path[TO_SUB][:3] == approx([500.0, 500.0, 1500.0])
    assert parent["called_social"][:3] == approx([400.0, 400.0, 1200.0])
    assert parent["called_government"][:3] == approx([100.0, 100.0, 300.0])
    assert path["flow/custody>parent/equity_call"][:3] == approx([100.0, 100.0, 300.0])
    assert path["flow/partners>sub/equity_call"][:3] == approx([500.0, 500.0, 1500.0])
    assert parent["invested"][:3] == approx([500.0, 500.0, 1500.0])
    assert parent["invested_social"][:3] == approx([400.0, 400.0, 1200.0])
    assert sub["invested"][:3] == approx([1000.0, 1000.0, 3000.0])
    assert parent["unsold_cost"][:3] == approx([500.0, 500.0, 1500.0])
    assert parent["n_deals"][:3] == parent["n_unsold"][:3] == [1.0] * 3
    assert path["party/parent/balance"] == approx([0.0] * 60)
    # Sold at cost in the last month of both.
    assert path[FROM_SUB][-2:] == approx([0.0, 1500.0])
    assert parent["distributed_government"][-2:] == approx([0.0, 300.0])
    assert parent["distributed_social"][-1] == approx(1200.0)
    assert (parent["n_exited"][-1], parent["n_liquidated"][-1], parent["n_failed"][-1]) == (1.0, 0.0, 0.0)
    assert (parent["realised_cost"][-1], parent["proceeds"][-1]) == approx((1500.0, 1500.0))
    assert (parent["lost"][-1], parent["unsold_cost"][-1], parent["n_unsold"][-1]) == approx((0.0, 0.0, 0.0))


def test_what_fails_of_a_parents_call_the_sub_fund_does_not_have(lived):
    """Of 800 a quarter fails, government adds a quarter of 600; the sub-fund's call of 1,000 is used up."""
    parent, sub, _ = lived(
        parent_fund(call_shortfall=BetaShare(mean=0.25)), only(planned=1000.0), deals={"sub": (1, 1, 0)}
    )
    assert (parent["called_social"][-1], parent["called_government"][-1]) == approx((600.0, 150.0))
    assert (sub["invested"][-1], sub["called_government"][-1], sub["n_deals"][-1]) == approx(
        (750.0, 750.0, 1.0)
    )
    assert parent["failed_calls"][-1] == approx(200.0)


def test_a_call_is_cut_to_what_the_parents_fees_leave_of_its_commitments_to_date(lived):
    """10 a month: 4,400 are invested.  Of the first closing, 2,500, 10 are paid and 590 are still planned.

    The deal of 8,800 is half of social money, which comes in whole, and uses up the whole commitment.
    """
    law = raising(closings=((0, 0.5), (6, 0.5)))
    parent, sub, _ = lived(
        parent_fund(raising=law, fund_cost=120.0),
        halves(deal_size=9000.0, investment=12),
        deals={"sub": (1,)},
    )
    assert parent["committed_down"][0] == approx(4400.0)
    assert sub["committed_government"][0] == approx(4400.0)
    assert sub["called_social"][0] == approx(4400.0)
    assert parent["invested"][0] == sub["called_government"][0] == approx(1900.0)
    assert sub["invested"][-1] == approx(6300.0)
    assert parent["fees"][-1] == approx(600.0)


def test_a_call_after_the_parents_investment_period_leaves_planned_fees_on_what_it_invests(lived):
    """1 % a month on commitments in months 1 and 2, and later on cost, planned as I = 4,850 ÷ 1.57.

    In month 5 half is committed; two fees of 25 have been called, and 54 on I are still planned.
    """
    invest = 4850.0 / 1.57
    law = raising(closings=((0, 0.5), (6, 0.5)))
    sub = only(planned=invest, investment=6, deal_size=9000.0)
    parent, got, _ = lived(parent_fund(fee_rate=0.12, raising=law), sub, deals={"sub": (0, 0, 0, 0, 0, 1)})
    assert parent["committed_down"][0] == approx(invest)
    assert parent["invested"][5] == got["invested"][5] == approx(2500.0 - 50.0 - 0.54 * invest)


@pytest.mark.parametrize("turned", [False, True])
def test_sub_funds_call_in_the_order_of_the_scheme(lived, turned):
    """2,500 are committed by now: a deal of 2,000, and 500 of another."""
    subs = [
        only(name=name, party=name, planned=2500.0, deal_size=2000.0, investment=12) for name in ("a", "b")
    ]
    law = raising(closings=((0, 0.5), (6, 0.5)))
    order = subs[::-1] if turned else subs
    _, first, second, _ = lived(parent_fund(raising=law), *order, deals={"a": (1,), "b": (1,)})
    assert (first["invested"][0], second["invested"][0]) == approx((2000.0, 500.0))


def test_a_parent_may_stand_behind_its_sub_funds_in_the_scheme(lived):
    sub, parent, _ = lived(halves(), PARENT, deals={"sub": (1, 0, 2)})
    assert parent["called_social"][:3] == approx([400.0, 400.0, 1200.0])
    assert sub["set_up_month"][0] == 0.0
    assert parent["distributed_social"][-1] == approx(1200.0)


def test_fees_of_a_sub_fund_are_called_from_its_parent(lived):
    """1 a month, half of it the parent's: invested money of the parent, and cost of what it holds."""
    parent, sub, _ = lived(PARENT, halves(fund_cost=12.0), deals={"sub": (0, 0, 0)})
    assert sub["fees"][:3] == approx([1.0, 2.0, 3.0])
    assert parent["invested"][:3] == parent["unsold_cost"][:3] == approx([0.5, 1.0, 1.5])
    assert (parent["fees"][-1], parent["invested"][-1]) == approx((0.0, 30.0))
    assert (parent["lost"][-1], parent["realised_cost"][-1]) == approx((30.0, 30.0))
    assert parent["lost"][-2] == 0.0


def test_a_parents_fee_runs_on_what_it_paid_less_what_came_back(lived):
    """50 on commitments in months 1 and 2; then 1 % of 1,000, and of 600 from month 15 on."""
    parent, _, _ = lived(
        parent_fund(fee_rate=0.12), only(planned=1000.0, stages=sold(0.4, after=14)), deals={"sub": (1, 0, 0)}
    )
    assert parent["fees_asked"][:4] == approx([0.0, 50.0, 100.0, 110.0])
    assert parent["fees_asked"][14:16] == approx([220.0, 226.0])


# What comes back


@pytest.mark.parametrize(
    ("multiple", "costs", "lost"), [(0.4, [500.0, 1300.0, 900.0], 900.0), (2.0, [500.0, 500.0, 0.0], 0.0)]
)
def test_the_cost_of_a_sub_fund_is_what_was_paid_less_what_came_back(lived, multiple, costs, lost):
    """500 and 1,000 paid; in month 14 comes 500 × multiple, in month 16 1,000 × multiple."""
    parent, sub, _ = lived(PARENT, halves(stages=sold(multiple, after=14)), deals={"sub": (1, 0, 2)})
    assert [parent["unsold_cost"][month] for month in (0, 14, 16)] == approx(costs)
    assert parent["nav"][16] == sub["nav"][16] == 0.0
    assert parent["distributed_social"][16] == approx(0.8 * 1500.0 * multiple)
    # It ends with its last month.
    assert parent["n_unsold"][-2:] == [1.0, 0.0]
    assert parent["n_exited"][-2:] == [0.0, 1.0]
    assert parent["proceeds"][-2:] == approx([0.0, 1500.0 * multiple])
    assert (parent["realised_cost"][-1], parent["lost"][-1]) == approx((1500.0, lost))


def test_a_sub_fund_ends_before_its_parent(lived):
    parent, _, _ = lived(PARENT, halves(life=40, extension=2), deals={"sub": (1, 0, 0)})
    assert parent["n_exited"][40:42] == [0.0, 1.0]
    assert parent["distributed_government"][40:42] == approx([0.0, 100.0])
    assert parent["unsold_cost"][40:42] == approx([500.0, 0.0])


def test_a_parent_recycles_what_its_sub_funds_distribute(lived):
    """1,500 of the first deal wait from month 1 on; the second deal takes 1,000 of them, in month 2.

    It is sold in month 3; what is left, 2,000, is distributed in the last month of the parent's period.
    """
    parent, sub, path = lived(
        parent_fund(investment=20, recycling=1.0), only(stages=sold(1.5, after=1)), deals={"sub": (1, 0, 1)}
    )
    assert path["party/parent/balance"][:4] == approx([0.0, 1500.0, 500.0, 2000.0])
    assert parent["recycled"][:4] == approx([0.0, 1500.0, 1500.0, 3000.0])
    assert parent["called_social"][:4] == approx([800.0] * 4)
    assert parent["invested"][:4] == approx([1000.0, 1000.0, 2000.0, 2000.0])
    assert parent["invested_social"][2] == approx(1600.0)
    assert parent["nav"][:4] == approx([1000.0, 1500.0, 1500.0, 2000.0])
    assert parent["distributed_government"][18:20] == approx([0.0, 400.0])
    assert sub["called_government"][2] == approx(2000.0)


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_sub_fund_brings_another_can_call_from_the_next_month_on(lived, turned):
    """One sells in month 1 what it bought in month 0; the other has a deal in month 1 and one in month 2."""
    one = only(name="one", party="one", planned=2500.0, stages=sold(1.5, after=1))
    two = only(name="two", party="two", planned=2500.0)
    order = (two, one) if turned else (one, two)
    parent, *_ = lived(
        parent_fund(investment=20, recycling=1.0), *order, deals={"one": (1, 0, 0), "two": (0, 1, 1)}
    )
    assert parent["called_social"][:3] == approx([800.0, 1600.0, 1600.0])
    assert parent["invested"][:3] == approx([1000.0, 2000.0, 3000.0])


def test_both_layers_share_out_by_their_waterfalls(lived):
    """3,000 of 1,000: the sub-fund's manager takes 400; of 2,600 the parent's takes a tenth of 1,600."""
    sub = only(waterfall=Waterfall(carry=0.2), stages=sold(3.0, after=24))
    parent, got, _ = lived(parent_fund(waterfall=Waterfall(carry=0.1)), sub, deals={"sub": (1, 0, 0)})
    assert got["to_carry"][24] == approx(400.0)
    assert got["distributed_government"][24] == approx(2600.0)
    assert parent["to_carry"][24] == approx(160.0)
    assert parent["distributed_government"][24] == approx(0.2 * 2440.0)
    assert parent["irr_government"][1] == approx(2.44**0.5 - 1.0)
    assert got["irr_government"][1] == approx(2.6**0.5 - 1.0)


def test_a_clawback_of_a_sub_fund_reaches_the_parent(lived):
    """Sold at 3 before the second deal is made: of 3,000 the manager has a fifth of 2,000.

    The second brings nothing, so that partners are owed 1,000: all the carry goes back.
    """
    sub = only(
        waterfall=Waterfall(carry=0.2, clawback=True),
        stages=(stage(exit=in_months(24), exits=exits(0.0, 3.0)),),
        exit_rho=0.95,
        investment=26,
        planned=2000.0,
    )
    parent, got, path = lived(
        PARENT, sub, deals={"sub": (1, *[0] * 24, 1)}, economy=economy_of(m24=8.0, m49=-8.0)
    )
    assert got["to_carry"][24] == got["to_carry"][-1] == approx(400.0)
    assert got["clawback"][-2:] == approx([0.0, 400.0])
    assert path[FROM_SUB][-2:] == approx([2600.0, 3000.0])
    assert parent["distributed_social"][-2:] == approx([0.8 * 2600.0, 0.8 * 3000.0])
    assert parent["proceeds"][-1] == approx(3000.0)


def test_what_a_sub_fund_cedes_its_parent_does_not_receive(lived):
    """A stake of 5,000 in a deal of 10,000 sold at 2: half of the gain of 5,000 is ceded."""
    sub = halves(
        deal_size=10000.0, investment=1, stages=sold(2.0, after=24), concession=ExcessShare(share=0.5)
    )
    parent, got, path = lived(PARENT, sub, deals={"sub": (1,)})
    assert got["ceded"][24] == approx(2500.0)
    assert path[FROM_SUB][24] == approx(7500.0)
    assert parent["distributed_government"][24] == approx(1500.0)
    assert parent["proceeds"][-1] == approx(7500.0)


@pytest.mark.parametrize(("multiple", "ceded"), [(2.0, 0.0), (10.0, 1000.0)])
def test_a_parent_cedes_nothing_below_its_whole_commitment_because_sub_funds_still_call(
    lived, multiple, ceded
):
    """Its period ends in month 2; in month 12 it has 400, or 2,000, of 200, and 800 may be called yet."""
    sub = only(investment=24, stages=sold(multiple, after=12))
    parent, *_ = lived(
        parent_fund(concession=ExcessShare(share=1.0)), sub, deals={"sub": (1, *[0] * 19)}, path=None
    )
    assert parent["distributed_government"][12] == approx(200.0 * multiple)
    assert parent["ceded"][12] == approx(ceded)


def option(mark):
    """Return the right to buy government's stake at cost, tested from the last month of year 1 on."""
    return CallOption(years=1, benchmark=0.0, option_mark=mark)


def test_the_price_of_a_stake_in_a_sub_fund_is_the_parents(lived):
    """500 paid, worth 750: bought for 500 in month 11.  The deal of month 12 the buyers pay, 500 of it."""
    sub = halves(concession=option(1.5), investment=24)
    parent, got, path = lived(PARENT, sub, deals={"sub": (1, *[0] * 11, 1)})
    assert got["sold_month"][-1] == 11.0
    assert path["flow/partners>parent/equity_option"][10:12] == approx([0.0, 500.0])
    assert parent["distributed_government"][10:12] == approx([0.0, 100.0])
    assert parent["distributed_social"][11] == approx(400.0)
    assert parent["unsold_cost"][10:12] == approx([500.0, 0.0])
    assert parent["nav"][10:12] == approx([500.0, 0.0])
    assert (got["called_by_buyers"][12], parent["invested"][12]) == approx((500.0, 500.0))
    # It lives on, and ends with its last month.
    assert parent["n_unsold"][11:13] == [1.0, 1.0]
    assert (parent["n_exited"][-1], parent["realised_cost"][-1], parent["proceeds"][-1]) == approx(
        (1.0, 500.0, 500.0)
    )


def test_who_buys_government_s_stake_in_a_parent_pays_its_part_of_later_calls(lived):
    """200 of 1,000 paid; worth 300 at a mark of 1.5.  The rest of custody goes back."""
    parent, _, path = lived(
        parent_fund(concession=option(1.5)), only(investment=24), deals={"sub": (1, *[0] * 11, 1)}
    )
    assert (parent["sold_month"][-1], parent["option_price"][-1]) == (11.0, approx(200.0))
    assert parent["option_cost"][-1] == approx(100.0)
    assert path["flow/custody>treasury/equity_custody"][10:12] == approx([0.0, 800.0])
    assert parent["called_by_buyers"][11:13] == approx([0.0, 200.0])
    assert parent["invested_social"][11:13] == approx([800.0, 1800.0])


# Values and rates


def test_a_parent_is_worth_its_part_of_its_sub_funds_each_at_its_own_mark(lived):
    """Sold at 3 in month 30: 1,500 of one at what is expected; of the other 500, at cost."""
    terms = {"planned": 2500.0, "social_target": 2500.0, "stages": sold(3.0, after=30)}
    one = halves(name="one", party="one", mark="expected", **terms)
    two = halves(name="two", party="two", **terms)
    parent, first, second, _ = lived(PARENT, one, two, deals={"one": (1, 0, 0), "two": (1, 0, 0)})
    assert (first["nav_government"][5], second["nav_government"][5]) == approx((1500.0, 500.0))
    assert parent["nav"][5] == approx(2000.0)
    assert parent["expected_value"][5] == approx(3000.0)
    assert parent["unsold_cost"][5] == approx(1000.0)
    assert (parent["nav_government"][5], parent["nav_social"][5]) == approx((400.0, 1600.0))
    assert parent["expected_government"][5] == approx(600.0)


def test_money_that_a_sub_fund_keeps_is_in_its_parents_value(lived):
    """Sold at 1.5 in month 1, kept for a next deal: half of 1,500 at either mark."""
    sub = halves(investment=4, recycling=1.0, stages=sold(1.5, after=1))
    parent, *_ = lived(PARENT, sub, deals={"sub": (1, 0, 0, 0)})
    assert parent["nav"][1:4] == approx([750.0, 750.0, 0.0])
    assert parent["expected_value"][1:4] == approx([750.0, 750.0, 0.0])


def test_a_sub_fund_has_no_custody_and_no_rate_of_it(lived):
    parent, sub, path = lived(PARENT, halves(life=36, stages=sold(2.0, after=24)), deals={"sub": (1, 0, 0)})
    assert sub["irr_treasury_case"] == [IrrCase.NOT_CALLED] * 2
    assert all(math.isnan(rate) for rate in sub["irr_treasury"])
    assert sub["irr_government"][1] == parent["irr_government"][1] == approx(2.0**0.5 - 1.0)
    assert parent["irr_treasury_case"][1] == IrrCase.ONE
    assert "flow/parent>parent/equity_custody" not in path


# One sub-fund and nothing else


SAME = {
    "plain": {},
    "recycling": {"investment": 30, "recycling": 0.5, "stages": sold(1.4, after=9)},
    "fees": {"fee_rate": 0.06, "fund_cost": 8.0, "extension": 6, "life": 48},
    "waterfall": {
        "waterfall": Waterfall(hurdle=0.06, catch_up=1.0, carry=0.2, clawback=True),
        "stages": sold(1.9, after=20),
    },
    "excess": {"concession": ExcessShare(share=0.5), "stages": sold(1.9, after=20), "mark": "expected"},
    "option": {"concession": CallOption(years=2, benchmark=0.03, option_mark=1.4), "fund_cost": 5.0},
    "first": {"government_first": True, "call_shortfall": BetaShare(mean=0.3)},
    "closings": {"raising": raised(0.6, closings=((0, 0.3), (7, 0.7))), "investment": 12},
}


@pytest.mark.parametrize("case", SAME)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_parent_of_one_sub_fund_and_nothing_else_leaves_it_as_it_would_be_alone(engine, case):
    """Without partners, fees and a waterfall of its own it is the custody of its sub-fund.

    What the parent distributes is what the fund alone pays to the treasury.
    """
    terms = {"deal_cv": 0.8, "deal_size": 400.0, **SAME[case]}
    mine = lived_in(engine, equity_fund(name="sub", party="sub", **terms), path=5)
    parent = alone(**family_of_government())
    got, sub, _ = family_in(engine, parent, sub_fund("parent", **terms), path=5)
    natures = (Nature.FLOW, Nature.STOCK, Nature.MONTH, Nature.SNAPSHOT)
    for what in EquityFund.names(*natures):
        if not what.startswith("irr_treasury"):
            left, right = sub[what][: len(mine[what])], mine[what]
            assert np.allclose(left, right, rtol=1e-9, atol=1e-7, equal_nan=True), what
    kept = np.array(mine["distributed_government"]) - mine["ceded"] + mine["option_price"]
    months = len(kept)
    assert got["distributed_government"][:months] == approx(kept.tolist(), abs=1e-7)
    assert got["called_government"][:months] == approx(mine["called_government"], abs=1e-7)
    assert got["nav_government"][:months] == approx(mine["nav_government"], abs=1e-7)
    assert got["irr_government"][1] == approx(mine["irr_government"][1], abs=1e-9, nan_ok=True)
    assert mine["n_deals"][-1] > 2.0
