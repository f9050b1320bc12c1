"""What government cedes to social partners of an equity fund, by hand arithmetic, in each engine."""

from functools import partial

import pytest

from fundsim.scheme import CallOption, ExcessShare, Waterfall

from .equity_funds import (
    ENGINES,
    economy_of,
    equity_fund,
    exits,
    in_months,
    lived_in,
    sold,
    stage,
)

approx = pytest.approx
CEDED = "flow/fund>partners/equity_concession"
TO_TREASURY = "flow/fund>treasury/equity_distribution"
PRICE = "flow/partners>treasury/equity_option"
FROM_CUSTODY = "flow/custody>treasury/equity_custody"


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def whole(**terms):
    """Return a fund of one deal of all its money."""
    return equity_fund(**{"investment": 1, "deal_size": 5000.0, **terms})


# A share of the gains


@pytest.mark.parametrize(("share", "ceded"), [(0.3, 300.0), (1.0, 1000.0)])
def test_government_cedes_a_share_of_what_it_receives_above_its_money(lived, share, ceded):
    """Of 10,000 government has 2,000, and paid 1,000."""
    got = lived(whole(stages=sold(2.0, after=24), concession=ExcessShare(share=share)), 1)
    assert got["ceded"][23:25] == got[CEDED][23:25] == approx([0.0, ceded])
    assert got["distributed_government"][24] == approx(2000.0)
    assert got["distributed_social"][24] == approx(8000.0)
    assert got[TO_TREASURY][24] == approx(2000.0 - ceded)
    assert got["irr_government"][1] == approx((2.0 - ceded / 1000.0) ** 0.5 - 1.0)
    assert got["irr_social"][1] == approx((2.0 + ceded / 4000.0) ** 0.5 - 1.0)
    assert got["irr_fund"][1] == approx(2.0**0.5 - 1.0)


def test_without_gains_nothing_is_ceded(lived):
    got = lived(whole(stages=sold(0.9, after=24), concession=ExcessShare(share=1.0)), 1)
    assert got["ceded"][-1] == 0.0


def test_in_the_investment_period_only_what_is_above_the_whole_commitment_is_ceded(lived):
    """A deal of 2,500 sold at 2.4 in month 1: 1,200 for government, 200 more than it committed.

    After month 9 its calls count, 500: of 1,200 it cedes 350 in all, out of the distribution of month 10.
    """
    two = stage(exit=in_months(1), exits=exits(2.4))
    fund = equity_fund(investment=10, deal_size=2500.0, stages=(two,), concession=ExcessShare(share=0.5))
    got = lived(fund, 1, *[0] * 8, 1)
    assert got["ceded"][:3] == approx([0.0, 100.0, 100.0])
    # The second deal is made in month 9, the last of the period, and sold in month 10: calls are 1,000 then.
    assert got["distributed_government"][10] == approx(2400.0)
    assert got["ceded"][9:11] == approx([100.0, 700.0])


def test_after_the_investment_period_calls_that_never_came_are_no_principal(lived):
    """One deal of 2,000 and no other: government paid 400, and has 500 and 380 back."""
    stages = (stage(exit=in_months(2), exits=exits(0.95, 1.25)),)
    fund = equity_fund(
        investment=4, deal_size=2000.0, stages=stages, concession=ExcessShare(share=1.0), exit_rho=0.95
    )
    late = lived(fund, 1, 0, 0, 0, economy=economy_of(m2=8.0))
    # In month 2, inside the period, 500 are less than the commitment of 1,000; later nothing is distributed.
    assert (late["distributed_government"][-1], late["ceded"][-1]) == (approx(500.0), 0.0)
    just = lived(fund, 0, 0, 1, 0, economy=economy_of(m4=8.0))
    assert (just["distributed_government"][4], just["ceded"][4]) == (approx(500.0), approx(100.0))
    loss = lived(fund, 0, 0, 1, 0, economy=economy_of(m4=-8.0))
    assert (loss["distributed_government"][4], loss["ceded"][-1]) == (approx(380.0), 0.0)


def test_what_fees_may_still_call_is_not_ceded(lived):
    """120 a year for five years: the deal takes 4,400.  In month 24 government has paid 880 + 50 of fees.

    35 months of fees may still be called, 350 in all, its fifth 70, and its commitment is 1,000: of 1,760 it
    cedes 760.  In month 48 it has paid 978; its fifth of eleven fees of 10 would be 22.
    """
    cedes = {"fund_cost": 120.0, "deal_size": 9000.0, "concession": ExcessShare(share=1.0)}
    got = lived(whole(stages=sold(2.0, after=24), **cedes), 1)
    assert got["called_government"][24] == approx(880.0 + 50.0)
    assert got["ceded"][24] == approx(760.0)
    later = lived(whole(stages=sold(2.0, after=59), **cedes), 1)
    assert later["ceded"][59] == approx(760.0)
    halves = {"fund_cost": 60.0, "deal_size": 1000.0, "concession": ExcessShare(share=1.0)}
    got = lived(whole(stages=sold(9.0, after=48), **halves), 1)
    # A fifth of 9,000 less what was paid, 200 + 49, and what eleven fees of 5 may call of it.
    assert got["ceded"][48] == approx(1800.0 - 249.0 - 11.0)


def test_fees_on_the_cost_of_unsold_deals_are_kept_back_too(lived):
    """Deals of 1,000 in months 0 and 1, sold at 9 twelve months later; 1 % a month on cost."""
    fund = equity_fund(
        investment=2, fee_rate=0.12, stages=sold(9.0, after=12), concession=ExcessShare(share=1.0)
    )
    got = lived(fund, 1, 1)
    # Fees: 50 in month 1, ten of 20 and one more in month 12.
    calls = 0.2 * (2000.0 + 50.0 + 11 * 20.0)
    assert got["called_government"][12] == approx(calls)
    # Government would have 1,800 of 9,000; the 1,000 unsold may cost 47 fees of 10, a fifth of it its own.
    assert got["ceded"][12] == approx(1800.0 - calls - 94.0)
    # All of the month's 1,800, because what was kept back is less than what it paid.
    assert got["ceded"][13] == approx(1800.0 - calls - 94.0 + 1800.0)


def test_a_clawback_is_not_ceded(lived):
    """Government has 1,300 by month 12 and 200 more from the clawback; its calls are 1,000 in the end."""
    fund = equity_fund(
        investment=14,
        deal_size=2500.0,
        stages=(stage(exit=in_months(12), exits=exits(0.0, 3.0)),),
        exit_rho=0.95,
        waterfall=Waterfall(carry=0.2, clawback=True),
        concession=ExcessShare(share=1.0),
    )
    got = lived(fund, 1, *[0] * 12, 1, economy=economy_of(m12=8.0, m25=-8.0))
    assert (got["clawback"][-1], got["ceded"][12]) == approx((1000.0, 300.0))
    assert (got["distributed_government"][-1], got["ceded"][-1]) == approx((1500.0, 300.0))


# The right to buy government's stake


def option(years=1, mark=1.5, benchmark=0.05):
    """Return a right that is worth while at a mark of 1.5."""
    return CallOption(years=years, benchmark=benchmark, option_mark=mark)


def test_social_partners_buy_the_stake_where_it_is_worth_more_than_its_price(lived):
    """Paid 1,000, worth 1,500 in month 11; what is sold at the end is theirs."""
    got = lived(whole(concession=option()), 1)
    assert got["sold_month"][-1] == 11.0
    assert got["option_price"][10:12] == got[PRICE][10:12] == approx([0.0, 1000.0])
    assert got["option_cost"][-1] == approx(500.0)
    assert got["nav_government"][10:12] == approx([1000.0, 0.0])
    assert got["expected_government"][10:12] == approx([1000.0, 0.0])
    assert got["nav_social"][10:12] == approx([4000.0, 5000.0])
    assert got["distributed_government"][-1] == 0.0
    assert got["distributed_social"][-1] == approx(5000.0)
    assert got["distributed_to_buyers"][-1] == approx(1000.0)
    assert got["irr_government"] == approx([0.0, 0.0], abs=1e-9)
    assert (got[TO_TREASURY][-1], got["party/treasury/balance"][-1]) == (0.0, approx(0.0))
    assert got["party/partners/balance"][-1] == approx(0.0)


@pytest.mark.parametrize("mark", [0.9, 1.0])
def test_a_stake_that_is_worth_its_price_or_less_is_not_bought(lived, mark):
    got = lived(whole(concession=option(mark=mark)), 1)
    assert (got["sold_month"][-1], got["option_price"][-1]) == (float("inf"), 0.0)
    assert got["distributed_government"][-1] == approx(1000.0)


@pytest.mark.parametrize(("years", "month"), [(3, 35.0), (5, 59.0), (6, float("inf"))])
def test_it_is_tested_from_the_last_month_of_year_k_on(lived, years, month):
    got = lived(whole(concession=option(years), life=60, extension=12), 1)
    assert got["sold_month"][-1] == month


def test_the_year_of_the_test_counts_from_the_start_of_the_fund(lived):
    got = lived(whole(concession=option(), start=5), 1)
    assert got["sold_month"][-1] == 16.0


def test_after_year_k_the_price_bears_interest_from_each_call_on(lived):
    """Calls of 200 in months 0 and 2; a yuan of cost counts 0.98, so that nobody buys in year 1.

    In month 22 government receives 320.  In month 23 it is owed 200 × 1.1^(23/12) + 200 × 1.1^(21/12) − 320,
    and what it still has is worth 196.
    """
    got = lived(equity_fund(stages=sold(1.6, after=22), concession=option(1, 0.98, 0.1)), 1, 0, 1)
    price = 200.0 * 1.1 ** (23 / 12) + 200.0 * 1.1 ** (21 / 12) - 320.0
    assert got["sold_month"][-1] == 23.0
    assert got["option_price"][-1] == approx(price)
    assert got["option_cost"][-1] == approx(196.0 - price)
    assert got["distributed_to_buyers"][-1] == approx(320.0)
    dear = lived(equity_fund(stages=sold(1.6, after=22), concession=option(1, 0.98, 0.2)), 1, 0, 1)
    assert dear["sold_month"][-1] == float("inf")


def test_a_stake_whose_price_was_paid_back_costs_nothing(lived):
    """Sold at 5 in month 12, the first of two deals brings 1,000 of 400: the second is had for nothing."""
    fund = equity_fund(
        stages=(stage(exit=in_months(12), exits=exits(5.0)),),
        concession=option(2, 0.5, 0.1),
        investment=24,
    )
    numbers = (1, *[0] * 19, 1)
    got = lived(fund, *numbers)
    assert got["sold_month"][-1] == 23.0
    assert (got["option_price"][-1], got["option_cost"][-1]) == approx((0.0, 0.5 * 200.0))
    assert (got["distributed_to_buyers"][-1], got["distributed_government"][-1]) == approx((1000.0, 1000.0))


def test_buyers_pay_the_calls_of_the_stake_and_custody_is_given_back(lived):
    """Fees of 10 a month: government's 2 of each are the buyers' from month 12 on."""
    got = lived(equity_fund(fund_cost=120.0, concession=option(mark=2.0)), 1, 0, 0)
    assert got["sold_month"][-1] == 11.0
    paid = 200.0 + 12 * 2.0
    assert got["called_government"][11] == got["called_government"][-1] == approx(paid)
    assert got["option_price"][-1] == approx(paid)
    assert got["option_cost"][-1] == approx(0.2 * 2000.0 - paid)
    assert got[FROM_CUSTODY][10:13] == approx([0.0, 1000.0 - paid, 1000.0 - paid])
    assert got["called_by_buyers"][11:14] == approx([0.0, 2.0, 4.0])
    assert got["called_social"][11:14] == approx([800.0 + 96.0, 906.0, 916.0])
    assert got["fees"][-1] == approx(600.0)
    assert got["distributed_to_buyers"][-1] == approx(200.0)


def test_buyers_match_new_deals_whatever_custody_held(lived):
    """Custody has 100 for two deals; the buyers pay 200 of the third, in month 12."""
    fund = equity_fund(investment=13, concession=option(mark=2.0))
    got = lived(fund, 1, *[0] * 11, 1, appropriations=((0, 100.0),))
    assert got["called_government"][0] == got["called_government"][-1] == approx(100.0)
    assert got["sold_month"][-1] == 11.0
    assert got["called_by_buyers"][12] == approx(200.0)
    assert got["invested_social"][12] == approx(800.0 + 1000.0)
    assert got["distributed_to_buyers"][-1] == approx(1900.0 * 300.0 / 1900.0)


def test_buyers_of_a_stake_that_is_called_first_pay_first_and_no_more_than_is_left_of_it(lived):
    """Government has paid 600 of 1,000; of the deals of months 12 and 13 the buyers pay the first 400."""
    fund = equity_fund(
        investment=14,
        deal_size=600.0,
        deployment=0.3,
        government_first=True,
        concession=option(mark=2.0),
    )
    got = lived(fund, 1, *[0] * 11, 1, 1)
    assert got["sold_month"][-1] == 11.0
    assert got["called_government"][-1] == approx(600.0)
    assert got["called_by_buyers"][11:14] == approx([0.0, 400.0, 400.0])
    assert got["called_social"][11:14] == approx([0.0, 600.0, 1200.0])


def test_a_stake_of_nothing_is_not_bought(lived):
    got = lived(equity_fund(concession=option()), 0, 0, 0)
    assert got["sold_month"][-1] == float("inf")


def test_the_value_of_the_stake_runs_through_the_waterfall(lived):
    """10,000 at a mark of 2: 5,000 back, and the manager has a fifth of the rest."""
    got = lived(whole(waterfall=Waterfall(carry=0.2), concession=option(mark=2.0)), 1)
    assert got["option_cost"][-1] == approx(0.2 * 9000.0 - 1000.0)
