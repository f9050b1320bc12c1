"""Equity funds against closed forms: raising, number and ends of deals, multiples, published waterfalls."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta, kstest, norm, poisson
from tests.reference.equity_funds import alone, equity_fund, exits, in_months, raising, stage
from tests.reference.equity_funds import scheme as scheme_of

from fundsim.core import engine
from fundsim.scheme import BetaShare, Clock, Exit, Multiple, Waterfall
from fundsim.scheme.draws import Purpose, entity

from .samples import p_of_counts, z_of

PATHS = 4000
Z_LIMIT = 4.9
LEAST_P = 1e-6
SEED = 1


def finals(fund, *names, paths=PATHS, **terms):
    """Return records of a fund at its end, shape (paths,) each."""
    built = scheme_of(fund, **terms)
    wanted = tuple(f"equity/{fund.name}/{name}" for name in names)
    return engine(built, (), wanted).run(SEED, 0, paths).snapshots[:, -1].T


def months(fund, *names, paths=PATHS, **terms):
    """Return records of a fund at the months' ends, shape (paths, months) each."""
    built = scheme_of(fund, **terms)
    wanted = tuple(f"equity/{fund.name}/{name}" for name in names)
    return np.moveaxis(engine(built, wanted, ()).run(SEED, 0, paths).series, 2, 0)


# Raising


def test_what_is_raised_has_the_beta_law_of_those_that_miss_their_target():
    law = BetaShare(mean=0.3, sd=0.2)
    (shares,) = finals(equity_fund(raising=raising(p_full=0.26, rest=law)), "raised_share")
    size = 0.3 * 0.7 / 0.2**2 - 1.0
    full = shares == 1.0
    assert abs(z_of(full.astype(float), 0.26)) < Z_LIMIT
    assert kstest(shares[~full], beta(0.3 * size, 0.7 * size).cdf).pvalue > LEAST_P
    assert abs(z_of(shares, 0.26 + 0.74 * 0.3)) < Z_LIMIT


@pytest.mark.parametrize(
    ("mean", "sd", "exact"),
    [
        (0.3, 0.2, 1e-9),
        (0.1, 0.05, 1e-9),
        (0.9, 0.02, 1e-9),
        (0.5, 0.4, 1e-9),
        (0.2, 0.38, 1e-7),
        (0.5, 0.49, 1e-7),
    ],
)
def test_the_share_of_each_path_is_the_quantile_of_its_own_number(mean, sd, exact):
    """U-shaped laws too, with nearly all of their mass at 0 and 1."""
    law = BetaShare(mean=mean, sd=sd)
    (shares,) = finals(equity_fund(raising=raising(p_full=0.1, rest=law)), "raised_share", paths=2000)
    words = [
        np.random.Philox(
            key=np.array([SEED, path], dtype=np.uint64),
            counter=(entity("equity.fund") * 2**64 + Purpose.EQUITY * 2**192 - 1) % 2**256,
        ).random_raw(4)[2]
        for path in range(2000)
    ]
    u = (np.array(words, dtype=np.uint64) >> np.uint64(12)).astype(float) * 2.0**-52 + 2.0**-53
    size = mean * (1.0 - mean) / sd**2 - 1.0
    expected = np.where(u > 0.9, 1.0, beta.ppf(np.minimum(u / 0.9, 1.0), mean * size, (1.0 - mean) * size))
    assert np.abs(shares - expected).max() < exact


def test_what_is_raised_follows_the_city_factor_as_stated():
    """r = BetaInv(Φ(√ρ Z + √(1 − ρ) ε)): its normal score and Z have the correlation √ρ."""
    law = BetaShare(mean=0.5, sd=math.sqrt(1.0 / 12.0))  # uniform: r itself is Φ of the score
    fund = equity_fund(raising=raising(p_full=0.0, rest=law, rho=0.36))
    (shares,) = finals(fund, "raised_share")
    z = np.array(
        [
            np.random.Philox(
                key=np.array([SEED, path], dtype=np.uint64),
                counter=(entity("economy.city") * 2**64 + Purpose.FACTOR * 2**192 - 1) % 2**256,
            ).random_raw(1)[0]
            for path in range(PATHS)
        ],
        dtype=np.uint64,
    )
    z = norm.ppf((z >> np.uint64(12)).astype(float) * 2.0**-52 + 2.0**-53)
    # The Fisher transform of a correlation has the error 1/√n.
    found = np.corrcoef(norm.ppf(shares), z)[0, 1]
    assert abs(math.atanh(found) - math.atanh(0.6)) * math.sqrt(PATHS) < Z_LIMIT


# Deals


def test_the_number_of_deals_is_poisson_where_money_is_ample():
    """A tenth of 5,000 is invested: 500, in deals of 25 over four months, never cut: Poisson(20) in all."""
    fund = equity_fund(deployment=0.1, deal_size=25.0, investment=4)
    (n, invested) = finals(fund, "n_deals", "invested")
    assert invested == pytest.approx(25.0 * n)
    assert p_of_counts(n, poisson(20.0).pmf(np.arange(60))) > LEAST_P
    (by_month,) = months(fund, "n_deals")
    first = by_month[:, 0]
    assert p_of_counts(first, poisson(5.0).pmf(np.arange(30))) > LEAST_P


def test_the_sizes_of_deals_have_the_stated_mean_and_spread():
    """Σ of N lognormal sizes: mean λ μ, variance λ μ² (1 + cv²)."""
    fund = equity_fund(deployment=0.1, deal_size=25.0, deal_cv=0.8, investment=4)
    (invested,) = finals(fund, "invested")
    assert abs(z_of(invested, 500.0)) < Z_LIMIT
    spread = (invested - 500.0) ** 2
    assert abs(z_of(spread, 20.0 * 25.0**2 * (1.0 + 0.8**2))) < Z_LIMIT


@pytest.mark.parametrize("shape", [1.0, 0.7, 2.5])
def test_competing_clocks_of_one_shape_have_their_closed_form(shape):
    """β = 0: by month n a deal has rung with 1 − exp(−H), H the sum of both, and failed in a fixed part.

    All deals are made in month 0.  With equal shapes failure's part of the hazard is 4^−s/(6^−s + 4^−s).
    """
    law = stage(exit=Clock(shape=shape, scale=6.0), failure=Clock(shape=shape, scale=4.0))
    fund = equity_fund(deployment=0.5, deal_size=100.0, investment=1, stages=(law,), exit_beta=0.0)
    made, failed, exited = months(fund, "n_deals", "n_failed", "n_exited")
    n = made[:, -1].sum()
    rate = 6.0**-shape + 4.0**-shape
    part = 4.0**-shape / rate
    for month in (1, 12, 30, 59):
        rung = -math.expm1(-rate * (month / 12.0) ** shape)
        for found, p in (
            (failed[:, month].sum(), rung * part),
            (exited[:, month].sum(), rung * (1.0 - part)),
        ):
            assert abs(found - n * p) < Z_LIMIT * math.sqrt(n * p * (1.0 - p)), month


def test_clocks_of_two_shapes_ring_month_by_month_as_the_discrete_hazards_say():
    leaves, fails = Clock(shape=2.5, scale=4.0), Clock(shape=0.7, scale=8.0)
    fund = equity_fund(
        deployment=0.5, deal_size=100.0, investment=1, stages=(stage(exit=leaves, failure=fails),)
    )
    made, failed = months(fund, "n_deals", "n_failed")
    n = made[:, -1].sum()
    expected, alive = 0.0, 1.0
    for month in range(1, 60):
        h = leaves.hazard(month / 12.0) - leaves.hazard((month - 1) / 12.0)
        g = fails.hazard(month / 12.0) - fails.hazard((month - 1) / 12.0)
        expected += alive * -math.expm1(-h - g) * g / (h + g)
        alive *= math.exp(-h - g)
        if month in {6, 24, 59}:
            assert abs(failed[:, month].sum() - n * expected) < Z_LIMIT * math.sqrt(n * expected)


def test_a_moving_hazard_keeps_its_mean():
    """exp(β X − β²/2) has the mean 1: so has the hazard of a first month, whatever β."""
    rare = Clock(shape=1.0, scale=20.0)
    for beta_of in ({"exit_beta": 0.8}, {"failure_beta": 0.8}):
        fund = equity_fund(
            deployment=0.5,
            deal_size=25.0,
            investment=1,
            life=2,
            raising=raising(set_up_months=1),
            stages=(stage(exit=rare, failure=rare),),
            **beta_of,
        )
        made, failed, left = finals(fund, "n_deals", "n_failed", "n_exited", paths=20_000)
        rung = failed if "failure_beta" in beta_of else left
        # 1 − exp(−h) and the other clock take a little off, of the order of the hazard itself.
        x = np.random.default_rng(1).normal(size=10**6)
        h = np.exp(0.8 * x - 0.32) / 240.0
        expected = (-np.expm1(-h - 1.0 / 240.0) * h / (h + 1.0 / 240.0)).mean()
        assert abs(z_of(rung - expected * made, 0.0)) < Z_LIMIT


@pytest.mark.parametrize("cv", [0.3, 1.2])
def test_a_lognormal_multiple_has_its_mean_and_spread(cv):
    way = (Exit(name="sale", probability=1.0, multiple=Multiple(law="lognormal", value=1.7, cv=cv)),)
    fund = equity_fund(
        deployment=0.5, deal_size=10_000.0, investment=1, stages=(stage(exit=in_months(5), exits=way),)
    )
    n, cost, proceeds = finals(fund, "n_deals", "realised_cost", "proceeds", paths=40_000)
    one = n == 1
    multiple = proceeds[one] / cost[one]
    assert one.sum() > 5000
    assert abs(z_of(multiple, 1.7)) < Z_LIMIT
    log = np.log(multiple)
    sigma2 = math.log1p(cv * cv)
    assert abs(z_of(log, math.log(1.7) - 0.5 * sigma2)) < Z_LIMIT
    assert abs(z_of((log - log.mean()) ** 2, sigma2)) < Z_LIMIT


def test_categories_have_their_stated_probabilities_whatever_the_correlation():
    """Over the paths of a score with ρ = 0.5 each of three categories keeps its third."""
    law = stage(exit=in_months(6), exits=exits(1.0, 2.0, 4.0))
    fund = equity_fund(deployment=0.5, deal_size=10_000.0, investment=1, stages=(law,), exit_rho=0.5)
    n, cost, proceeds = finals(fund, "n_deals", "realised_cost", "proceeds", paths=20_000)
    multiple = (proceeds / np.where(cost > 0.0, cost, 1.0))[n == 1]
    for one in (1.0, 2.0, 4.0):
        assert abs(z_of((np.abs(multiple - one) < 1e-9).astype(float), 1.0 / 3.0)) < Z_LIMIT


# Waterfalls: 100 are paid in at once and come back five years later


def whole_fund(proceeds, catch_up=1.0, **terms):
    """Return a fund of government's 100 yuan, all of them in deals of month 0 that are sold when it ends.

    It invests three times over, so that the many small deals surely take all.
    """
    return alone(
        planned=100.0,
        deployment=3.0,
        deal_size=3.0,
        investment=1,
        life=61,
        liquidation_multiple=proceeds / 100.0,
        waterfall=Waterfall(hurdle=0.08, catch_up=catch_up, carry=0.2),
        **terms,
    )


@pytest.mark.parametrize(
    ("proceeds", "catch_up", "back", "hurdle", "caught", "rest", "carry"),
    [
        (80.0, 1.0, 80.0, 0.0, 0.0, 0.0, 0.0),
        (120.0, 1.0, 100.0, 20.0, 0.0, 0.0, 0.0),
        (150.0, 1.0, 100.0, 46.93280768000005, 3.067192319999947, 0.0, 3.067192319999947),
        (200.0, 1.0, 100.0, 46.93280768000005, 11.733201920000013, 41.333990399999934, 20.0),
        (200.0, 0.5, 100.0, 46.93280768000005, 15.644269226666685, 21.778653866666577, 20.0),
    ],
)
def test_the_european_waterfall_of_8_and_20_per_cent(proceeds, catch_up, back, hurdle, caught, rest, carry):
    """Contributions, a hurdle of 8 % a year compounded, a catch-up of all or half, then 80 : 20."""
    names = ("called_government", "to_contributions", "to_hurdle", "to_catch_up", "to_carry", "to_partners")
    called, *found = finals(whole_fund(proceeds, catch_up), *names, paths=1, appropriations=((0, 100.0),))[
        :, 0
    ]
    assert called == pytest.approx(100.0, abs=1e-12)
    partners = (1.0 / catch_up - 1.0) * caught + 0.8 * rest
    expected = [back, hurdle, caught, 0.2 * rest, partners]
    assert found == pytest.approx(expected, abs=1e-9)
    assert found[2] + found[3] == pytest.approx(carry, abs=1e-9)
    assert found[0] + found[1] + found[4] == pytest.approx(proceeds - carry, abs=1e-9)


def test_a_hurdle_that_is_owed_goes_on_growing_after_the_contributions_are_back():
    """100 in at month 0, 100 back in month 60: at month 96, 46.93 × 1.08³ = 59.12 are owed, not 46.93."""
    back = stage(exit=in_months(60), exits=exits(1.0))
    fund = replace(whole_fund(100.0), life=97, stages=(back,))
    called, owed = months(fund, "called_government", "hurdle_owed", paths=1, appropriations=((0, 100.0),))[
        :, 0
    ]
    assert called[0] == pytest.approx(100.0, abs=1e-12)
    assert owed[59] == pytest.approx(100.0 * 1.08 ** (59 / 12), abs=1e-9)
    assert owed[60] == pytest.approx(100.0 * 1.08**5 - 100.0, abs=1e-9)
    assert owed[96] == pytest.approx((100.0 * 1.08**5 - 100.0) * 1.08**3, abs=1e-9)
    assert round(owed[96], 2) == 59.12
