"""What chance does in an equity fund, against exact laws, in each engine."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import beta, kstest, norm, poisson
from tests.reference.equity_funds import ENGINES, NEVER, alone, equity_fund, exits, raising, scheme, stage

from fundsim.scheme import BetaShare, Clock, Economy, EquityFund, Exit, Multiple

from .samples import p_of_counts, z_of

CALM = 1e-4
"""Least p-value; the seed is fixed, so that a test that passes once always does."""
SIGMAS = 4.0
DEALS = 60
"""Mean number of deals of a fund that has money for twice as many."""


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs paths in one engine, and reads the fund's records at the end of the scheme."""
    return partial(at_the_end, ENGINES[request.param])


def at_the_end(engine, fund, *what, paths, **more):
    """Return records of a fund at the end of the scheme, each of shape (paths,); the window is one month."""
    built = scheme(fund, months=1, **more)
    names = tuple(EquityFund.record(fund.name, record) for record in what)
    return engine(built, (), names).run(20150101, 0, paths).snapshots[:, -1].T


def many_deals(**terms):
    """Return a fund without social partners that makes 60 deals of 10 yuan in its first month, or about."""
    plain = {"investment": 1, "deal_size": 10.0, "deployment": DEALS / 100.0, "life": 36}
    return alone(**{**plain, **terms})


# Raising


def test_what_is_raised_by_those_who_miss_the_target_has_a_beta_law(lived):
    law = raising(p_full=0.26, rest=BetaShare(mean=0.4, sd=0.2))
    (share,) = lived(equity_fund(raising=law, life=6, investment=1), "raised_share", paths=400)
    full = share == 1.0
    assert abs(full.sum() - 0.26 * 400) < SIGMAS * math.sqrt(400 * 0.26 * 0.74)
    both = 0.4 * 0.6 / 0.2**2 - 1.0
    assert kstest(share[~full], beta(0.4 * both, 0.6 * both).cdf).pvalue > CALM


def test_raising_that_moves_with_the_economy_keeps_its_law(lived):
    """A stationary factor, so that Φ(√ρ Z + √(1 − ρ) ε) is uniform."""
    law = raising(p_full=0.0, rho=0.6, rest=BetaShare(mean=0.3, sd=0.1))
    (share,) = lived(equity_fund(raising=law, life=6, investment=1), "raised_share", paths=400)
    both = 0.3 * 0.7 / 0.1**2 - 1.0
    assert kstest(share, beta(0.3 * both, 0.7 * both).cdf).pvalue > CALM


def test_the_share_of_calls_that_fails_has_a_beta_law(lived):
    fund = equity_fund(call_shortfall=BetaShare(mean=0.2, sd=0.15), fund_cost=1200.0, life=6, investment=1)
    failed, social = lived(fund, "failed_calls", "called_social", paths=300)
    both = 0.2 * 0.8 / 0.15**2 - 1.0
    assert kstest(failed / (failed + social), beta(0.2 * both, 0.8 * both).cdf).pvalue > CALM


# Deals


def test_the_number_of_deals_is_poisson_where_money_is_ample(lived):
    """In twelve months, of 5 yuan each."""
    fund = many_deals(investment=12, deal_size=5.0, deployment=0.03, life=13)
    (n,) = lived(fund, "n_deals", paths=400)
    assert p_of_counts(n, poisson(6.0).pmf(np.arange(25))) > CALM


def test_a_late_set_up_makes_as_many_deals_in_fewer_months(lived):
    """Half of the investment period is over when the fund is set up."""
    law = raising(closings=((0, 0.5), (6, 0.5)), minimum_first_close=1.0, set_up_months=6)
    fund = equity_fund(raising=law, investment=12, deal_size=100.0, deployment=0.2, life=13)
    n, month = lived(fund, "n_deals", "set_up_month", paths=300)
    assert (month == 6.0).all()
    assert p_of_counts(n, poisson(10.0).pmf(np.arange(35))) > CALM


def test_sizes_of_deals_are_lognormal(lived):
    fund = many_deals(deal_cv=0.8, deployment=0.3)
    invested, n = lived(fund, "invested", "n_deals", paths=200)
    assert (invested < 1000.0 - 1e-6).all()
    # Wald: the mean of the sum is mean number × mean size, its variance mean number × second moment.
    assert abs(z_of(invested, 30.0 * 10.0)) < SIGMAS
    second = 30.0 * 100.0 * (1.0 + 0.8**2)
    squares = (invested - 300.0) ** 2
    assert abs(z_of(squares, second)) < SIGMAS
    assert abs(z_of(n, 30.0)) < SIGMAS


def test_stages_and_places_have_their_shares(lived):
    """The first fails at once, the second is sold at 1, the third at 3."""
    soon = Clock(shape=1.0, scale=1e-6)
    stages = (
        stage(share=0.5, failure=soon),
        stage(share=0.3, exit=soon),
        stage(share=0.2, exit=soon, exits=exits(3.0)),
    )
    fund = many_deals(stages=stages, local_share=0.35)
    n, failed, proceeds, local = lived(fund, "n_deals", "n_failed", "proceeds", "invested_local", paths=60)
    assert abs(z_of(failed - 0.5 * n, 0.0)) < SIGMAS
    assert abs(z_of(proceeds / 10.0 - (0.3 + 0.6) * n, 0.0)) < SIGMAS
    assert abs(z_of(local / 10.0 - 0.35 * n, 0.0)) < SIGMAS


# How deals end


@pytest.mark.parametrize("shape", [0.7, 1.0, 2.2])
@pytest.mark.parametrize("life", [13, 37])
def test_competing_clocks_of_one_shape_ring_as_the_closed_form_says(lived, shape, life):
    """H = (x/a)^k + (x/b)^k: by x years 1 − e^(−H) have rung, of which a^(−k) ÷ (a^(−k) + b^(−k)) exits.

    All deals are made in the first month, and the fund's last month is its number ``life``.
    """
    a, b = 2.0, 3.0
    both = stage(exit=Clock(shape=shape, scale=a), failure=Clock(shape=shape, scale=b))
    n, exited, failed, left = lived(
        many_deals(stages=(both,), life=life), "n_deals", "n_exited", "n_failed", "n_liquidated", paths=60
    )
    years = (life - 1) / 12.0
    rung = -math.expm1(-((years / a) ** shape) - (years / b) ** shape)
    exits_first = a**-shape / (a**-shape + b**-shape)
    assert abs(z_of(exited - rung * exits_first * n, 0.0)) < SIGMAS
    assert abs(z_of(failed - rung * (1.0 - exits_first) * n, 0.0)) < SIGMAS
    assert (left == n - exited - failed).all()


def test_hazards_that_move_with_the_economy_keep_their_mean(lived):
    """Of a first month with the small hazard h: h exp(β X − β²/2) has the mean h over X."""
    soon = stage(exit=Clock(shape=1.0, scale=50.0 / 12.0), failure=Clock(shape=1.0, scale=50.0 / 12.0))
    fund = many_deals(stages=(soon,), exit_beta=0.5, failure_beta=0.5, life=2)
    n, exited, failed = lived(fund, "n_deals", "n_exited", "n_failed", paths=400)
    x = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    up, down = (0.02 * np.exp(sign * 0.5 * x - 0.125) for sign in (1.0, -1.0))
    rung = -np.expm1(-up - down)
    assert abs(z_of(exited - (rung * up / (up + down)).mean() * n, 0.0)) < SIGMAS
    assert abs(z_of(failed - (rung * down / (up + down)).mean() * n, 0.0)) < SIGMAS


def test_exits_come_in_good_times_and_failures_in_bad_ones(lived):
    """Of hazards 0.5 and 0.5 in a month, × e^(±1.6 − 0.32) at X = ±2."""
    soon = stage(exit=Clock(shape=1.0, scale=2.0 / 12.0), failure=Clock(shape=1.0, scale=2.0 / 12.0))
    fund = many_deals(stages=(soon,), exit_beta=0.8, failure_beta=0.8, life=2)
    for x in (2.0, -2.0):
        economy = Economy(step_months=1, persistence=0.5, fixed=(math.nan, x))
        n, exited, failed = lived(fund, "n_deals", "n_exited", "n_failed", paths=60, economy=economy)
        up, down = 0.5 * math.exp(0.8 * x - 0.32), 0.5 * math.exp(-0.8 * x - 0.32)
        rung = -math.expm1(-up - down)
        assert abs(z_of(exited - rung * up / (up + down) * n, 0.0)) < SIGMAS
        assert abs(z_of(failed - rung * down / (up + down) * n, 0.0)) < SIGMAS


def test_categories_keep_their_probabilities_whatever_moves_them(lived):
    """Over all X their stated probabilities; at X = −1.5 those of a normal score of mean √ρ X."""
    soon = Clock(shape=1.0, scale=1e-6)
    multiples = ((0.25, 0.0), (0.75, 1.0))
    categories = tuple(
        Exit(name=f"{value}", probability=p, multiple=Multiple(law="fixed", value=value))
        for p, value in multiples
    )
    fund = many_deals(stages=(stage(exit=soon, exits=categories),), exit_rho=0.3)
    n, proceeds = lived(fund, "n_deals", "proceeds", paths=400)
    assert abs(z_of(proceeds / 10.0 - 0.75 * n, 0.0)) < SIGMAS
    bad = Economy(step_months=1, persistence=0.5, fixed=(math.nan, -1.5))
    n, proceeds = lived(fund, "n_deals", "proceeds", paths=60, economy=bad)
    above = norm.sf((norm.ppf(0.25) + 1.5 * math.sqrt(0.3)) / math.sqrt(0.7))
    assert abs(z_of(proceeds / 10.0 - above * n, 0.0)) < SIGMAS


def test_a_multiple_has_its_mean_and_spread(lived):
    """Lognormal, mean 2.5, cv 0.9: the sum of N of them has variance 60 × (mean² + sd²)."""
    soon = Clock(shape=1.0, scale=1e-6)
    category = Exit(name="listing", probability=1.0, multiple=Multiple(law="lognormal", value=2.5, cv=0.9))
    fund = many_deals(stages=(stage(exit=soon, exits=(category,)),))
    (proceeds,) = lived(fund, "proceeds", paths=500)
    total = proceeds / 10.0
    assert abs(z_of(total, DEALS * 2.5)) < SIGMAS
    assert abs(z_of((total - DEALS * 2.5) ** 2, DEALS * 2.5**2 * (1.0 + 0.9**2))) < SIGMAS


def test_a_fund_brings_what_its_mark_expected_of_it(lived):
    """The expected mark at the end of the first month is the mean of all that comes later."""
    ageing = stage(
        exit=Clock(shape=1.8, scale=2.5), failure=Clock(shape=0.8, scale=4.0), exits=exits(0.5, 1.0, 4.0)
    )
    fund = many_deals(stages=(ageing,), liquidation_multiple=0.3, exit_rho=0.1)
    (proceeds,) = lived(fund, "proceeds", paths=150)
    built = scheme(replace(fund, mark="expected"), months=1)
    names = (EquityFund.record("fund", "nav"),)
    for engine in ENGINES.values():
        marks = engine(built, (), names).run(20150101, 0, 150).snapshots[:, 0, 0]
        assert abs(z_of(proceeds - marks, 0.0)) < SIGMAS


def test_nothing_rings_whose_scale_is_infinite(lived):
    still = stage(exit=NEVER, failure=NEVER)
    n, left = lived(many_deals(stages=(still,)), "n_deals", "n_liquidated", paths=20)
    assert (left == n).all()
