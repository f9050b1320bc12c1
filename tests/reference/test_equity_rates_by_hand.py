"""Internal rates of return of an equity fund, by hand arithmetic: in each engine, and of bare flows."""

import math
from functools import partial

import numpy as np
import pytest

from fundsim.reference.equity_irr import internal_rate
from fundsim.scheme import BetaShare, IrrCase, Waterfall

from .equity_funds import ENGINES, equity_fund, in_months, lived_in, sold, stage

approx = pytest.approx
SIDES = ("fund", "government", "social", "treasury")


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def rates(got):
    """Return side → its rates at the ends of the window and of the fund."""
    return {side: got[f"irr_{side}"] for side in SIDES}


def cases(got):
    """Return side → how these were found."""
    return {side: got[f"irr_{side}_case"] for side in SIDES}


def test_a_fund_that_doubles_in_two_years(lived):
    """Half of government's money is called; the rest lies in custody until the end, without interest."""
    got = lived(equity_fund(life=36, stages=sold(2.0, after=24)), 1, 0, 0)
    assert all(
        rates(got)[side] == approx([0.0, 2.0**0.5 - 1.0], abs=1e-9)
        for side in ("fund", "government", "social")
    )
    assert set(map(tuple, cases(got).values())) == {(IrrCase.ONE, IrrCase.ONE)}
    # 1,000 in; 400 after two years, 800 at the end of month 35.
    v = 1.0 / (1.0 + got["irr_treasury"][1])
    assert 400.0 * v**2 + 800.0 * v ** (35.0 / 12.0) == approx(1000.0)


def test_at_the_windows_end_what_is_left_counts_at_the_stated_mark(lived):
    """Worth 3,000 of 1,000 in month 23, and the manager would have a fifth of the 2,000."""
    got = lived(
        equity_fund(mark="expected", stages=sold(3.0, after=30), waterfall=Waterfall(carry=0.2)), 1, 0, 0
    )
    assert got["irr_fund"] == approx([2.6 ** (12.0 / 23.0) - 1.0, 2.6 ** (12.0 / 30.0) - 1.0])
    assert got["irr_government"] == approx(got["irr_fund"])
    # Custody still has 800.
    assert got["irr_treasury"][0] == approx(1.32 ** (12.0 / 23.0) - 1.0)


def test_calls_at_several_dates(lived):
    got = lived(equity_fund(stages=sold(1.5, after=12)), 1, 1, 1)
    assert got["irr_social"][1] == approx(0.5)


def test_a_total_loss_is_minus_one_hundred_per_cent(lived):
    got = lived(equity_fund(stages=(stage(failure=in_months(3)),)), 1, 1, 0)
    assert [rates(got)[side][1] for side in SIDES[:3]] == [-1.0] * 3
    assert [cases(got)[side][1] for side in SIDES] == [IrrCase.ONE] * 4
    # Of 1,000 in custody 600 come back after five years.
    assert got["irr_treasury"][1] == approx(0.6 ** (12.0 / 59.0) - 1.0)


def test_without_calls_there_is_no_rate(lived):
    got = lived(equity_fund(), 0, 0, 0)
    assert all(math.isnan(rates(got)[side][1]) for side in SIDES[:3])
    assert [cases(got)[side][1] for side in SIDES] == [*[IrrCase.NOT_CALLED] * 3, IrrCase.ONE]
    assert got["irr_treasury"][1] == approx(0.0, abs=1e-9)


def test_a_side_that_nobody_called_has_no_rate(lived):
    got = lived(equity_fund(call_shortfall=BetaShare(mean=1.0), government_first=True), 1, 0, 0)
    assert math.isnan(got["irr_social"][1])
    assert got["irr_social_case"][1] == IrrCase.NOT_CALLED
    assert got["irr_government"][1] == approx(0.0, abs=1e-9)


def test_a_rate_above_a_thousand_per_cent_is_cut(lived):
    """Twelve times the money after a year; eleven times is the most."""
    got = lived(equity_fund(stages=sold(12.0, after=12)), 1, 0, 0)
    assert (got["irr_fund"][1], got["irr_fund_case"][1]) == (10.0, IrrCase.CAPPED)
    just = lived(equity_fund(stages=sold(10.9, after=12)), 1, 0, 0)
    assert (just["irr_fund"][1], just["irr_fund_case"][1]) == (approx(9.9), IrrCase.ONE)


def test_several_changes_of_sign_may_have_several_roots(lived):
    """500 of month 0 are sold at 4 in month 12; fees of 20 a month are called for five years.

    500 are paid, 2,000 received, and 1,180 paid: the present value is above 0 at a rate of 0, and below it
    where rates are high, and where they are so low that the last fees outweigh all.
    """
    fund = equity_fund(investment=1, deal_size=500.0, fund_cost=240.0, stages=sold(4.0, after=12))
    got = lived(fund, 1)
    assert got["invested"][0] == 500.0
    assert got["irr_fund_case"][1] == IrrCase.AMBIGUOUS
    # The sum is above 0, and so is the root that stands here.
    flows = np.full(60, -20.0)
    flows[0] -= 500.0
    flows[12] += 2000.0
    v = (1.0 + got["irr_fund"][1]) ** (-1.0 / 12.0)
    assert v < 1.0
    assert flows @ v ** np.arange(60) == approx(0.0, abs=1e-6)


# Bare flows, by the second engine's own rule


def rate_of(*flows):
    """Return the rate of flows a year apart, and how it was found."""
    monthly = np.zeros(12 * len(flows) - 11)
    monthly[::12] = flows
    rate, case = internal_rate(monthly.tolist(), sum(-f for f in flows if f < 0.0))
    return rate, case.name


def test_two_roots_on_one_side_of_zero_give_the_nearer():
    """−1 + 2.5 v − 1.5 v²: v = 1 and 2/3, so 0 % and 50 %; the sum is 0, which is not negative."""
    assert rate_of(-100.0, 250.0, -150.0) == (approx(0.0, abs=1e-12), "AMBIGUOUS")
    # 10 % and 30 %: the sum is below 0, and no root is; the nearest counts.
    assert rate_of(-100.0, 240.0, -143.0) == (approx(0.1), "AMBIGUOUS")
    # −10 % and −30 %.
    assert rate_of(-100.0, 160.0, -63.0) == (approx(-0.1), "AMBIGUOUS")


def test_two_roots_on_both_sides_give_that_of_the_sign_of_the_sum():
    """−20 % and 30 %: (1 − 0.8 v)(1 − 1.3 v) of either sign; the sum is that of (0.2)(−0.3)."""
    assert rate_of(100.0, -210.0, 104.0) == (approx(-0.2), "AMBIGUOUS")
    assert rate_of(-100.0, 210.0, -104.0) == (approx(0.3), "AMBIGUOUS")


def test_flows_without_a_root():
    """1 − 2 v + 1.5 v² is above 0 everywhere, and −1 + 2 v − 1.5 v² below it."""
    for sign in (1.0, -1.0):
        rate, case = rate_of(100.0 * sign, -200.0 * sign, 150.0 * sign)
        assert math.isnan(rate)
        assert case == "NONE"
    assert rate_of(100.0, 50.0)[1] == "NOT_CALLED"


def test_the_cap_needs_money_paid_first():
    assert rate_of(-1.0, 11.0) == (approx(10.0), "ONE")
    assert rate_of(-1.0, 11.5) == (10.0, "CAPPED")
    assert rate_of(1.0, -11.5)[1] == "NONE"
    # Roots at −50 % and 2,000 %: one lies in the range.
    assert rate_of(-1.0, 21.5, -10.5) == (approx(-0.5), "ONE")


def test_less_than_half_a_fen_is_no_flow():
    monthly = [0.004, -100.0, *[0.0] * 11, 110.0, -0.004]
    assert internal_rate(monthly, 100.0) == (approx(0.1), IrrCase.ONE)
    assert internal_rate([-100.0, 0.004], 100.0) == (-1.0, IrrCase.ONE)
    assert math.isnan(internal_rate([-0.004, 1.0], 0.004)[0])
    netted = internal_rate([0.0, 5.0], 10.0)
    assert (math.isnan(netted[0]), netted[1]) == (True, IrrCase.NONE)


def test_a_sum_of_0_to_half_a_fen_has_the_rate_0_however_small_the_flows():
    """The root of 0.09 % is that rate of 0; of 0 and 0.005 % between which 0.6 yuan lie there are two."""
    assert rate_of(-3.0, 3.0027) == (0.0, "ONE")
    assert rate_of(-3.0, 2.9973) == (0.0, "ONE")
    other = 1.00005
    assert rate_of(-1e9, 1e9 * (1.0 + other), -1e9 * other) == (0.0, "AMBIGUOUS")


@pytest.mark.parametrize("seed", range(30))
def test_all_roots_are_those_of_the_polynomial(seed):
    """Up to sixty random flows, against the eigenvalues of the companion matrix."""
    random = np.random.default_rng(seed)
    flows = random.normal(size=random.integers(3, 60)) * 10.0 ** random.uniform(0, 5)
    found = np.roots(flows[::-1])
    v = np.sort(found[(np.abs(found.imag) < 1e-9) & (found.real > 0.0)].real)
    inside = (v**-12.0 - 1.0)[v >= 11.0 ** (-1.0 / 12.0)]
    rate, case = internal_rate(flows.tolist(), 1e9)
    if len(inside) == 1:
        assert (rate, case) == (approx(inside[0], rel=1e-6, abs=1e-9), IrrCase.ONE)
    elif len(inside) > 1:
        gains = flows.sum() >= 0.0
        alike = [r for r in inside if (r >= 0.0) == gains] or inside
        assert (rate, case) == (approx(min(alike, key=abs), rel=1e-6, abs=1e-9), IrrCase.AMBIGUOUS)
    else:
        assert case in (IrrCase.NONE, IrrCase.CAPPED)
