"""The waterfall of an equity fund and its clawback, by hand arithmetic, in each engine."""

from functools import partial

import pytest

from fundsim.scheme import BetaShare, Waterfall

from .equity_funds import ENGINES, economy_of, equity_fund, exits, in_months, lived_in, sold, stage

approx = pytest.approx
STEPS = ("to_contributions", "to_hurdle", "to_catch_up", "to_carry", "to_partners")


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


def whole(multiple, after=24, **steps):
    """Return a fund of one deal of all its money, sold at a multiple so many months later."""
    return equity_fund(
        investment=1, deal_size=5000.0, stages=sold(multiple, after), waterfall=Waterfall(**steps)
    )


@pytest.mark.parametrize(
    ("multiple", "steps", "expected"),
    [
        pytest.param(2.0, {}, (5000.0, 0.0, 0.0, 0.0, 5000.0), id="contributions alone"),
        pytest.param(0.7, {"hurdle": 0.08, "carry": 0.2}, (3500.0, 0.0, 0.0, 0.0, 0.0), id="a loss"),
        pytest.param(1.1, {"hurdle": 0.08, "carry": 0.2}, (5000.0, 500.0, 0.0, 0.0, 0.0), id="in the hurdle"),
        pytest.param(2.0, {"carry": 0.2}, (5000.0, 0.0, 0.0, 1000.0, 4000.0), id="no hurdle"),
        # 5,000 × 1.08² = 5,832; the manager has a fifth of the 4,168 above it.
        pytest.param(
            2.0, {"hurdle": 0.08, "carry": 0.2}, (5000.0, 832.0, 0.0, 833.6, 3334.4), id="no catch-up"
        ),
        # A full catch-up takes 0.2/0.8 of 832; carry is then a fifth of all gains.
        pytest.param(
            2.0,
            {"hurdle": 0.08, "catch_up": 1.0, "carry": 0.2},
            (5000.0, 832.0, 208.0, 792.0, 3168.0),
            id="full catch-up",
        ),
        # Half of y until 0.5 y = 0.2 (832 + y): y = 554.67.
        pytest.param(
            2.0,
            {"hurdle": 0.08, "catch_up": 0.5, "carry": 0.2},
            (5000.0, 832.0, 832.0 / 3.0, 1000.0 - 832.0 / 3.0, 3168.0),
            id="catch-up of a half",
        ),
        pytest.param(
            1.2,
            {"hurdle": 0.08, "catch_up": 0.5, "carry": 0.2},
            (5000.0, 832.0, 84.0, 0.0, 84.0),
            id="within the catch-up",
        ),
    ],
)
def test_a_distribution_runs_through_the_steps(lived, multiple, steps, expected):
    got = lived(whole(multiple, **steps), 1)
    assert [got[step][23] for step in STEPS] == [0.0] * 5
    assert tuple(got[step][24] for step in STEPS) == approx(expected)
    partners = expected[0] + expected[1] + expected[4]
    assert got["distributed_government"][24] == approx(0.2 * partners)
    assert got["distributed_social"][24] == approx(0.8 * partners)
    assert got["flow/fund>manager/equity_carry"][24] == approx(expected[2] + expected[3])
    assert got["flow/fund>treasury/equity_distribution"][24] == approx(0.2 * partners)
    assert got["flow/fund>partners/equity_distribution"][24] == approx(0.8 * partners)
    assert got["hurdle_owed"][24] == approx(
        max(0.0, 5000.0 * (1.0 + steps.get("hurdle", 0.0)) ** 2 - 5000.0 * multiple)
    )


def test_a_hurdle_compounds_on_what_is_still_owed(lived):
    """The case of two dates: 100 in at month 0, 100 back in year 5; at year 8 the hurdle owed is 59.12."""
    fund = equity_fund(
        investment=1,
        life=97,
        deal_size=5000.0,
        stages=sold(1.0, after=60),
        waterfall=Waterfall(hurdle=0.08, carry=0.2),
    )
    got = lived(fund, 1)
    assert got["hurdle_owed"][0] == 5000.0
    assert got["hurdle_owed"][60] == approx(50.0 * (100.0 * 1.08**5 - 100.0))
    assert got["hurdle_owed"][60] == approx(50.0 * 46.93, rel=1e-4)
    assert got["hurdle_owed"][96] == approx(50.0 * (100.0 * 1.08**5 - 100.0) * 1.08**3)
    assert got["hurdle_owed"][96] == approx(50.0 * 59.12, rel=1e-4)


def test_the_hurdle_account_takes_the_calls_of_a_month_after_it_has_grown(lived):
    fund = equity_fund(fee_rate=0.0, waterfall=Waterfall(hurdle=0.1, carry=0.1))
    got = lived(fund, 1, 2, 0)
    month = 1.1 ** (1.0 / 12.0)
    assert got["hurdle_owed"][:3] == approx(
        [1000.0, 1000.0 * month + 2000.0, (1000.0 * month + 2000.0) * month]
    )


def test_fees_are_contributions_that_partners_have_back_before_the_manager_has_carry(lived):
    """59 fees of 10 a month; of the 9,300 brought in month 12 all calls to date come first."""
    fund = equity_fund(
        investment=1, fund_cost=120.0, deal_size=9000.0, stages=sold(2.0, 12), waterfall=Waterfall(carry=0.2)
    )
    got = lived(fund, 1)
    deal = 5000.0 - 600.0
    assert got["invested"][0] == approx(deal)
    assert got["to_contributions"][12] == approx(deal + 130.0)
    assert got["to_carry"][12] == approx(0.2 * (2.0 * deal - deal - 130.0))
    # Calls of later fees are owed, and nothing comes that could pay them back.
    assert got["hurdle_owed"][59] == approx(470.0)
    assert got["to_contributions"][59] == approx(deal + 130.0)


def test_partners_share_by_what_they_have_paid(lived):
    """Half of social calls fail under government first: government paid 1,000, social partners 500."""
    fund = equity_fund(government_first=True, call_shortfall=BetaShare(mean=0.5), stages=sold(1.2, after=12))
    got = lived(fund, 1, 1, 0)
    assert got["distributed_government"][12:14] == approx([800.0, 1200.0])
    assert got["distributed_social"][12:14] == approx([400.0, 600.0])


# Clawback


def early_gain(second, *, clawback=True, **steps):
    """Return a fund of two deals of 2,500: sold at 3 in month 12, and in month 25 at another multiple.

    The second is made in month 13, when the first has brought 7,500: 2,500 back, carry 1,000, partners 4,000.
    """
    return equity_fund(
        investment=14,
        deal_size=2500.0,
        stages=(stage(exit=in_months(12), exits=exits(second, 3.0)),),
        exit_rho=0.95,
        waterfall=Waterfall(carry=0.2, clawback=clawback, **steps),
    )


TWO_DEALS = (1, *[0] * 12, 1)
GOOD_THEN_BAD = economy_of(m12=8.0, m25=-8.0)


@pytest.mark.parametrize(
    ("second", "back"),
    [
        # All calls 5,000.  Nothing more: partners are owed 2,500, more than the manager has.
        (0.0, 1000.0),
        # 500 are owed, more than the excess of carry over a fifth of 4,500.
        (0.8, 500.0),
        # 100 are owed, and carry should be a fifth of 4,900.
        (0.96, 100.0),
        (1.0, 0.0),
    ],
)
def test_the_manager_gives_back_what_it_has_too_much_or_partners_are_owed(lived, second, back):
    got = lived(early_gain(second), *TWO_DEALS, economy=GOOD_THEN_BAD)
    assert (got["to_carry"][12], got["to_carry"][-1]) == approx((1000.0, 1000.0))
    assert got["clawback"][-2:] == approx([0.0, back])
    assert got["flow/manager>fund/equity_clawback"][-1] == approx(back)
    assert got["distributed_government"][-1] == approx(0.2 * (6500.0 + 2500.0 * second + back))
    assert got["distributed_social"][-1] == approx(0.8 * (6500.0 + 2500.0 * second + back))
    assert got["hurdle_owed"][-1] == approx(2500.0 - 2500.0 * second - back)
    assert got["party/fund/balance"][-1] == approx(0.0)


def test_without_a_clawback_the_manager_keeps_its_carry(lived):
    got = lived(early_gain(0.0, clawback=False), *TWO_DEALS, economy=GOOD_THEN_BAD)
    assert (got["clawback"][-1], got["party/manager/balance"][-1]) == (0.0, approx(1000.0))


def test_the_manager_gives_back_what_later_fees_have_cost_partners(lived):
    """Fees of 10 a month.  4,400 are sold at 3 in month 12; calls are 4,530 by then, and 470 later."""
    fund = equity_fund(
        investment=1,
        fund_cost=120.0,
        deal_size=9000.0,
        stages=sold(3.0, after=12),
        waterfall=Waterfall(carry=0.2, clawback=True),
    )
    got = lived(fund, 1)
    assert got["to_carry"][-1] == approx(0.2 * (13200.0 - 4530.0))
    assert got["clawback"][-1] == approx(470.0)
    assert got["hurdle_owed"][-2:] == approx([460.0, 0.0])
