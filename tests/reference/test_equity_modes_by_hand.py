"""Public money beside an equity fund, by hand arithmetic, in each engine.

Deals are of 1,000 yuan, 5,000 in all, made in months 0 to 2; accounts are filled in month 0.
"""

import math
from functools import partial

import pytest

from fundsim.scheme import BetaShare, CoInvestment, Protection, RiskSubsidy, Waterfall

from .equity_funds import (
    ENGINES,
    equity_fund,
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
JOINING = "flow/joint>firms/equity_joining"
JOINT_EXIT = "flow/firms>treasury/equity_joint_exit"
JOINT_BACK = "flow/joint>treasury/equity_back"
SUBSIDY = "flow/risk>fund/equity_subsidy"
SUBSIDY_BACK = "flow/risk>treasury/equity_back"
GRANT = "flow/grants>firms/equity_grant"
GRANT_BACK = "flow/grants>treasury/equity_back"


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def joined(share=0.3, cap=math.inf, **terms):
    """Return a fund whose deals government joins."""
    money = CoInvestment(account="joint", treasury="treasury", share=share, cap=cap)
    return equity_fund(joint=money, **terms)


def subsidised(base="cost", share=0.2, cap=math.inf, listed="any", **terms):
    """Return a fund that is paid for its risk."""
    money = RiskSubsidy(
        account="risk", treasury="treasury", base=base, share=share, cap=cap, stages=frozenset({listed})
    )
    return equity_fund(subsidy=money, **terms)


def losing(multiple, **terms):
    """Return a fund that is paid half of what it loses on deals that are sold after fourteen months."""
    return subsidised("loss", 0.5, stages=sold(multiple, after=14), **terms)


def protected(before=10.0, after=20.0, listed="any", **terms):
    """Return a fund whose firms have grants."""
    money = Protection(
        account="grants", treasury="treasury", before=before, after=after, stages=frozenset({listed})
    )
    return equity_fund(protection=money, **terms)


def joint(amount, *later):
    """Return what is paid into the account that joins deals, in month 0 and later."""
    return {"joint": ((0, amount), *later)}


def risk(amount, *later):
    """Return what is paid into the account of subsidies."""
    return {"risk": ((0, amount), *later)}


def grants(amount, *later):
    """Return what is paid into the account of grants."""
    return {"grants": ((0, amount), *later)}


def two_stages(first, second):
    """Return two stages, equally likely, of which all else is as it is for one."""
    return tuple(stage(name=name, share=0.5, **terms) for name, terms in (("seed", first), ("late", second)))


# Co-investment


def test_government_joins_each_deal_by_its_share(lived):
    """0.3 of 1,000, beside the fund: the fund's own books don't change."""
    got = lived(joined(), 1, 0, 2, accounts=joint(5000.0))
    assert got["n_joined"][:3] == [1.0, 1.0, 3.0]
    assert got["joined"][:3] == got[JOINING][:3] == approx([300.0, 300.0, 900.0])
    assert (got["invested"][2], got["called_government"][2], got["nav"][2]) == approx((3000.0, 600.0, 3000.0))
    # Nothing more can be joined after month 2.
    assert got["party/joint/balance"][:3] == approx([4700.0, 4700.0, 0.0])
    assert got[JOINT_BACK][:4] == approx([0.0, 0.0, 4100.0, 4100.0])


@pytest.mark.parametrize(("cap", "put_in"), [(250.0, 250.0), (350.0, 300.0)])
def test_a_joined_deal_has_a_cap(lived, cap, put_in):
    got = lived(joined(cap=cap), 1, 0, 0, accounts=joint(5000.0))
    assert got["joined"][0] == approx(put_in)


def test_a_share_of_one_and_more_joins_with_more_than_the_fund_invests(lived):
    got = lived(joined(share=1.5), 1, 0, 0, accounts=joint(5000.0))
    assert got["joined"][0] == approx(1500.0)


def test_deals_are_joined_one_after_the_other_as_long_as_there_is_money(lived):
    """500: 300, then 200, then nothing; what comes in month 1 joins the deal of month 2."""
    got = lived(joined(), 3, 0, 1, accounts=joint(500.0, (1, 100.0)))
    assert got["n_joined"][:3] == [2.0, 2.0, 3.0]
    assert got["joined"][:3] == approx([500.0, 500.0, 600.0])
    assert got["n_deals"][2] == 4.0


@pytest.mark.parametrize(("rest", "n"), [(0.004, 1.0), (0.006, 2.0)])
def test_less_than_half_a_fen_joins_nothing(lived, rest, n):
    got = lived(joined(), 2, 0, 0, accounts=joint(300.0 + rest))
    assert got["n_joined"][0] == n
    assert got[JOINT_BACK][2] == approx(rest if n == 1.0 else 0.0, abs=1e-9)


def test_what_comes_after_the_last_deals_goes_back_in_its_month(lived):
    got = lived(joined(), 1, 0, 0, accounts=joint(300.0, (5, 70.0)))
    assert got[JOINT_BACK][1:6] == approx([0.0, 0.0, 0.0, 0.0, 70.0])
    assert got["party/joint/balance"][2:] == approx([0.0] * 58)


def test_a_joined_deal_brings_the_deals_multiple(lived):
    """Sold at 1.5 fourteen months later; the fund's fees and carry don't touch it."""
    fund = joined(stages=sold(1.5, after=14), waterfall=Waterfall(carry=0.5), fund_cost=60.0)
    got = lived(fund, 1, 0, 2, accounts=joint(5000.0))
    assert got["joint_proceeds"][13:17] == got[JOINT_EXIT][13:17] == approx([0.0, 450.0, 450.0, 1350.0])
    assert got["joint_cost"][13:17] == approx([0.0, 300.0, 300.0, 900.0])
    assert got["joint_expected"][13:17] == approx([1350.0, 900.0, 900.0, 0.0])
    assert got["proceeds"][16] == approx(4500.0)


def test_a_joined_deal_that_fails_brings_nothing(lived):
    got = lived(joined(stages=(stage(failure=in_months(3)),)), 1, 1, 0, accounts=joint(5000.0))
    assert got["joint_cost"][2:5] == approx([0.0, 300.0, 600.0])
    assert (got["joint_proceeds"][-1], got["joint_expected"][4]) == (0.0, 0.0)
    assert got["lost"][-1] == 2000.0


def test_joined_deals_are_sold_with_the_fund(lived):
    got = lived(joined(liquidation_multiple=0.6, life=24), 2, 0, 0, accounts=joint(400.0))
    assert got["joint_expected"][:2] == approx([240.0, 240.0])
    assert got["joint_proceeds"][22:24] == approx([0.0, 240.0])
    assert got["joint_cost"][-1] == approx(400.0)


def test_a_deal_that_is_cut_is_joined_by_what_it_costs(lived):
    """Of 800 a quarter fails: a deal of 750."""
    got = lived(joined(call_shortfall=BetaShare(mean=0.25)), 1, 0, 0, accounts=joint(5000.0))
    assert got["joined"][0] == approx(225.0)


def test_a_fund_that_is_not_set_up_joins_nothing(lived):
    law = raised(0.1, minimum_first_close=0.5, set_up_months=2)
    fund = joined(raising=law, investment=12, start=1)
    got = lived(fund, path=0, accounts=joint(400.0, (7, 30.0)))
    assert got["not_set_up_month"][-1] == 3.0
    assert got[JOINT_BACK][2:8] == approx([0.0, 400.0, 400.0, 400.0, 400.0, 430.0])


# Risk subsidy


def test_a_subsidy_for_cost_is_proceeds_of_the_fund_but_not_of_its_deals(lived):
    """A fifth of 1,000 in month 0, of 2,000 in month 2: distributed in these months, four fifths social."""
    got = lived(subsidised(), 1, 0, 2, accounts=risk(1000.0))
    assert (
        got["subsidised"][:3] == got["subsidy_due"][:3] == got[SUBSIDY][:3] == approx([200.0, 200.0, 600.0])
    )
    assert got["distributed_government"][:3] == approx([40.0, 40.0, 120.0])
    assert got["distributed_social"][2] == approx(480.0)
    assert got["to_contributions"][2] == approx(600.0)
    assert got["proceeds"][:59] == [0.0] * 59
    assert (got["proceeds"][-1], got["lost"][-1]) == (3000.0, 0.0)
    assert (got["unsold_cost"][2], got["nav"][2]) == approx((3000.0, 3000.0))
    assert got[SUBSIDY_BACK][1:4] == approx([0.0, 400.0, 400.0])


def test_a_subsidy_is_kept_for_new_deals_as_proceeds_are(lived):
    """Half of 1,000 waits; the deal of month 1 takes it and calls 500."""
    got = lived(subsidised(share=0.5, investment=4, recycling=1.0), 1, 1, 0, accounts=risk(5000.0))
    assert got["recycled"][:2] == approx([500.0, 1000.0])
    assert got["party/fund/balance"][:2] == approx([500.0, 500.0])
    assert got["called_social"][:2] == approx([800.0, 1200.0])
    assert got["nav"][:2] == approx([1500.0, 2500.0])


def test_a_subsidy_can_not_pay_for_deals_of_its_month(lived):
    """Both deals of month 0 are called, whatever the first one brings."""
    got = lived(subsidised(share=1.0, investment=4, recycling=1.0), 2, 1, accounts=risk(5000.0))
    assert got["called_social"][:2] == approx([1600.0, 1600.0])


@pytest.mark.parametrize(("cap", "paid"), [(150.0, 300.0), (250.0, 400.0)])
def test_a_subsidy_has_a_cap_a_deal(lived, cap, paid):
    got = lived(subsidised(cap=cap), 2, 0, 0, accounts=risk(1000.0))
    assert got["subsidised"][0] == approx(paid)


def test_a_subsidy_that_finds_no_money_is_refused_and_counted(lived):
    """600 due in month 0, 450 there; what comes in month 1 pays for deals of later months only."""
    got = lived(subsidised(), 3, 0, 1, accounts=risk(450.0, (1, 500.0)))
    assert got["subsidy_due"][:3] == approx([600.0, 600.0, 800.0])
    assert got["subsidised"][:3] == approx([450.0, 450.0, 650.0])
    assert got["party/risk/balance"][:3] == approx([0.0, 500.0, 0.0])
    assert got[SUBSIDY_BACK][2] == approx(300.0)


def test_a_subsidy_is_paid_for_deals_of_the_listed_stages(lived):
    """Only deals that end after three months are of the first stage: as many as have a subsidy."""
    stages = two_stages({"exit": in_months(3)}, {})
    fund = subsidised(listed="seed", stages=stages, deal_size=400.0)
    got = lived(fund, 4, 4, 4, accounts=risk(9000.0))
    n = got["n_exited"][10]
    assert 0.0 < n < 12.0
    assert got["subsidised"][2] == approx(n * 0.2 * 400.0)


def test_a_subsidy_for_losses_is_paid_when_they_are_made(lived):
    """Sold at 0.4 in months 14 and 16: half of 600 and of 1,200; carry and hurdle see it as proceeds."""
    got = lived(losing(0.4), 1, 0, 2, accounts=risk(5000.0))
    assert got["subsidised"][13:17] == got[SUBSIDY][13:17] == approx([0.0, 300.0, 300.0, 900.0])
    assert got["distributed_government"][13:17] == approx([0.0, 140.0, 140.0, 420.0])
    assert (got["proceeds"][16], got["lost"][16]) == approx((1200.0, 1800.0))
    # More may be lost until the fund ends.
    assert got[SUBSIDY_BACK][57:] == approx([0.0, 0.0, 4100.0])


def test_gains_have_no_subsidy_for_losses(lived):
    got = lived(losing(1.5), 1, 0, 0, accounts=risk(5000.0))
    assert (got["subsidy_due"][-1], got["subsidised"][-1]) == (0.0, 0.0)


def test_losses_of_failures_and_of_the_end_are_subsidised_up_to_the_cap(lived):
    """A failure in month 3, another in month 4 that the account can't pay whole; at the end 1,000 at 0.9."""
    stages = (stage(failure=in_months(3)),)
    law = raising(set_up_months=2)
    fund = subsidised("loss", 0.5, 400.0, stages=stages, life=5, liquidation_multiple=0.9, raising=law)
    got = lived(fund, 1, 1, 1, accounts=risk(600.0, (4, 70.0)))
    # The third would fail in month 5; in month 4, the last, it is sold.
    assert got["subsidy_due"][2:5] == approx([0.0, 400.0, 850.0])
    assert got["subsidised"][2:5] == approx([0.0, 400.0, 670.0])
    assert got["distributed_social"][4] == approx(0.8 * (900.0 + 670.0))
    assert got["party/risk/balance"][3:5] == approx([200.0, 0.0])


def test_the_account_of_subsidies_of_a_fund_that_is_not_set_up_goes_back(lived):
    law = raised(0.1, minimum_first_close=0.5, set_up_months=2)
    got = lived(losing(0.5, raising=law), path=0, accounts=risk(400.0))
    assert got[SUBSIDY_BACK][1:4] == approx([0.0, 400.0, 400.0])


def test_the_account_of_subsidies_for_losses_goes_back_after_the_funds_end(lived):
    """The fund ends in month 19; the window in month 23."""
    got = lived(losing(0.4, life=20), 1, 0, 0, accounts=risk(400.0, (21, 50.0)))
    assert got[SUBSIDY_BACK][18:22] == approx([0.0, 100.0, 100.0, 150.0])


# Investment protection


def test_firms_have_a_grant_with_the_deal_and_a_year_later(lived):
    got = lived(protected(), 1, 0, 2, accounts=grants(1000.0))
    assert got["granted"][:3] == got["grants_due"][:3] == got[GRANT][:3] == approx([10.0, 10.0, 30.0])
    assert got["granted"][11:16] == approx([30.0, 50.0, 50.0, 90.0, 90.0])
    # Twelve months after the investment period, months 0 to 2.
    assert got[GRANT_BACK][13:16] == approx([0.0, 910.0, 910.0])
    # The fund has nothing of it.
    assert (got["invested"][-1], got["distributed_social"][-1]) == approx((3000.0, 2400.0))


@pytest.mark.parametrize(("after", "granted"), [(11, 0.0), (12, 20.0), (13, 20.0)])
def test_a_deal_that_has_ended_in_an_earlier_month_has_no_second_grant(lived, after, granted):
    """One that ends in the month of the grant still has it: grants are paid first."""
    got = lived(protected(stages=sold(1.0, after=after)), 1, 0, 0, accounts=grants(1000.0))
    assert got["granted"][12] == approx(10.0 + granted)


@pytest.mark.parametrize(("life", "granted"), [(12, 10.0), (13, 30.0)])
def test_a_fund_that_has_ended_grants_nothing(lived, life, granted):
    """The second grant of a deal of month 0 is due in month 12."""
    got = lived(protected(life=life), 1, 0, 0, accounts=grants(1000.0))
    assert got["granted"][-1] == approx(granted)
    assert got[GRANT_BACK][life - 2 : life] == approx([0.0, 1000.0 - granted])


def test_grants_that_find_no_money_are_refused_and_counted(lived):
    """Three firsts, 25 there; in month 12 one of 20 and three of 20, and 5 + 40."""
    got = lived(protected(investment=13), 3, *[0] * 11, 1, accounts=grants(25.0, (3, 5.0), (12, 40.0)))
    assert (got["grants_due"][0], got["granted"][0]) == approx((30.0, 25.0))
    assert (got["grants_due"][12], got["granted"][12]) == approx((100.0, 70.0))
    assert (got["grants_due"][24], got["granted"][24]) == approx((120.0, 70.0))


def test_grants_of_one_kind_need_not_be_stated(lived):
    """Without a second grant money goes back with the last deals."""
    first = lived(protected(after=0.0), 2, 0, 0, accounts=grants(100.0))
    assert (first["granted"][-1], first["grants_due"][-1]) == (20.0, 20.0)
    assert first[GRANT_BACK][1:3] == approx([0.0, 80.0])
    second = lived(protected(before=0.0), 2, 0, 0, accounts=grants(100.0))
    assert second["granted"][11:13] == approx([0.0, 40.0])


def test_grants_go_to_firms_of_the_listed_stages(lived):
    """Only deals that end after three months are of the first stage."""
    stages = two_stages({"exit": in_months(3)}, {})
    fund = protected(listed="seed", stages=stages, deal_size=400.0)
    got = lived(fund, 4, 4, 4, accounts=grants(9000.0))
    n = got["n_exited"][10]
    assert 0.0 < n < 12.0
    assert got["granted"][-1] == approx(10.0 * n)


def test_the_account_of_grants_of_a_fund_that_is_not_set_up_goes_back(lived):
    law = raised(0.1, minimum_first_close=0.5, set_up_months=2)
    got = lived(protected(raising=law), path=0, accounts=grants(400.0))
    assert got[GRANT_BACK][1:4] == approx([0.0, 400.0, 400.0])


# Together


@pytest.mark.parametrize("engine", ENGINES)
def test_all_three_stand_beside_a_sub_fund_too(engine):
    """A subsidy is proceeds of the sub-fund: half of it is the parent's, a fifth of that government's."""
    modes = {
        "joint": joined().joint,
        "subsidy": subsidised().subsidy,
        "protection": protected().protection,
    }
    sub = sub_fund("parent", planned=5000.0, social_target=5000.0, **modes)
    accounts = {**joint(1000.0), **risk(1000.0), **grants(1000.0)}
    parent, got, path = family_in(engine, parent_fund(), sub, deals={"sub": (1, 0, 0)}, accounts=accounts)
    assert (got["joined"][0], got["subsidised"][0], got["granted"][0]) == approx((300.0, 200.0, 10.0))
    assert path["flow/sub>parent/equity_distribution"][0] == approx(100.0)
    assert parent["distributed_government"][0] == approx(20.0)
    assert parent["unsold_cost"][0] == approx(400.0)
    assert parent["subsidised"] == [0.0] * 60
