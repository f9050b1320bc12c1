"""What becomes of an equity fund's deals by their laws: closed forms, and a plain simulation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

import fundsim as fs
from fundsim.lowering import lower, solved_values
from fundsim.lowering.equity_outcomes import outcomes, raised_on_average
from fundsim.scheme import BetaShare, Clock, Economy, Exit, Multiple, Raising, Stage

ECONOMY = Economy(step_months=1, persistence=0.9)
EXITS = (
    Exit(name="bad", probability=0.5, multiple=Multiple(law="buy_back", rate=0.08, collectability=0.5)),
    Exit(name="good", probability=0.5, multiple=Multiple(law="lognormal", value=3.0, cv=1.0)),
)
STAGE = Stage(
    name="all", share=1.0, exit=Clock(shape=2.0, scale=6.0), failure=Clock(shape=2.0, scale=8.0), exits=EXITS
)


@pytest.fixture(scope="module")
def fund():
    (clocks,) = lower(fs.load("textbook/equity_clocks")).equity_funds
    return clocks


def outcome_of(fund, economy=ECONOMY, stage=STAGE, **changes):
    return outcomes(replace(fund, stages=(stage,), **changes), economy)["all"]


def test_clocks_of_one_shape_end_as_competing_risks_do(fund):
    """Deals of month 0, eight years: hazards sum, and their parts stay the same."""
    found = outcome_of(fund)
    ended = 1.0 - math.exp(-(8.0**2) / 6.0**2 - 1.0)
    part = (1 / 64) / (1 / 64 + 1 / 36)
    assert found.failed == pytest.approx(part * ended, rel=1e-12)
    assert found.exited == pytest.approx((1.0 - part) * ended, rel=1e-12)
    assert found.unsold == pytest.approx(1.0 - ended, rel=1e-12)
    assert found.shares_of_exits == pytest.approx((0.5, 0.5), rel=1e-12)


def test_deals_are_made_evenly_over_the_investment_period(fund):
    """Two months: the mean of lives of 96 and 95 months."""
    found = outcome_of(fund, investment=2)
    ended = [1.0 - math.exp(-((n / 12.0) ** 2) * (1 / 36 + 1 / 64)) for n in (96, 95)]
    assert found.failed + found.exited == pytest.approx(sum(ended) / 2.0, rel=1e-12)


def test_what_is_left_is_sold_at_the_liquidation_multiple(fund):
    still = replace(STAGE, exit=Clock(shape=1.0, scale=math.inf), failure=Clock(shape=1.0, scale=math.inf))
    found = outcome_of(fund, stage=still, liquidation_multiple=0.4)
    assert (found.failed, found.exited, found.unsold) == (0.0, 0.0, 1.0)
    assert found.multiple == 0.4
    assert all(math.isnan(share) for share in found.shares_of_exits)


@pytest.mark.parametrize("step", [0, 1, 3, 12])
def test_with_the_economy_they_are_what_a_plain_simulation_gives(fund, step):
    """Deals one by one on paths of the index; ten standard errors of 200,000 deals are 1.1 points."""
    phi = 0.8 if step else 0.0
    economy = Economy(step_months=step, persistence=phi)
    moved = replace(fund, investment=12, exit_beta=0.8, failure_beta=0.5, exit_rho=0.3)
    found = outcome_of(moved, economy)
    rng = np.random.default_rng(7)
    n = 200_000
    month = rng.integers(0, 12, n)
    x = rng.standard_normal(n)
    alive, failed, good = np.ones(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    sold = np.zeros(n, bool)
    for t in range(1, moved.last + 1):
        if step and t % step == 0:
            x = phi * x + math.sqrt(1.0 - phi * phi) * rng.standard_normal(n)
        age = t - month
        exposed = alive & (age >= 1)
        hazards = [
            np.where(exposed, ((age / 12.0) ** 2 - ((age - 1) / 12.0) ** 2) / scale**2, 0.0) * speed
            for scale, speed in ((6.0, np.exp(0.8 * x - 0.32)), (8.0, np.exp(-0.5 * x - 0.125)))
        ]
        both = hazards[0] + hazards[1]
        rings = exposed & (rng.random(n) < -np.expm1(-both))
        fails = rings & (rng.random(n) * both < hazards[1])
        exits = rings & ~fails
        score = math.sqrt(0.3) * x + math.sqrt(0.7) * rng.standard_normal(n)
        failed |= fails
        sold |= exits
        good |= exits & (score > 0.0)
        alive &= ~rings
    error = 0.5 / math.sqrt(n)
    assert found.failed == pytest.approx(failed.mean(), abs=5 * error)
    assert found.exits[1] == pytest.approx(good.mean(), abs=5 * error)
    assert found.exits[0] == pytest.approx((sold & ~good).mean(), abs=5 * error)
    assert found.exits[1] > found.exits[0]


def test_good_times_bring_good_exits_by_the_score_alone_no_more_than_stated(fund):
    """Without a beta exits come at all times alike, and the stated shares are the mean over the index."""
    assert outcome_of(fund, exit_rho=0.6).shares_of_exits == pytest.approx((0.5, 0.5), abs=1e-9)
    assert outcome_of(fund, exit_beta=1.0).shares_of_exits == pytest.approx((0.5, 0.5), abs=1e-9)
    both = outcome_of(fund, exit_beta=1.0, exit_rho=0.6)
    assert both.shares_of_exits[1] > 0.6


def test_a_short_life_tilts_the_exits_as_a_shifted_index_does(fund):
    """Of the first exits the index has the law N(β, 1), so the share of good ones is Φ(√ρ β)."""
    slow = replace(STAGE, exit=Clock(shape=1.0, scale=1000.0), failure=Clock(shape=1.0, scale=math.inf))
    found = outcome_of(fund, stage=slow, life=2, exit_beta=0.5, exit_rho=0.4)
    assert found.shares_of_exits[1] == pytest.approx(ndtr(math.sqrt(0.4) * 0.5), rel=1e-4)


def test_the_mean_multiple_counts_the_age_of_buy_backs(fund):
    """One month of life: (1 + 8 %)^(1/12) × 50 % or 3, half and half of the exits."""
    quick = replace(STAGE, exit=Clock(shape=1.0, scale=0.001), failure=Clock(shape=1.0, scale=math.inf))
    found = outcome_of(fund, stage=quick, life=2)
    assert found.multiple == pytest.approx(0.5 * (1.08 ** (1 / 12) * 0.5 + 3.0), rel=1e-12)


def test_what_all_funds_raise_counts_those_that_raise_all(fund):
    raising = Raising(p_full=0.26, rest=BetaShare(mean=0.2, sd=0.1))
    assert raised_on_average(replace(fund, raising=raising)) == pytest.approx(0.26 + 0.74 * 0.2)
    assert raised_on_average(fund) == 0.0


def test_they_are_listed_beside_the_stated_values():
    rows = {(row.key, row.meaning): row for row in solved_values(fs.load("examples/guide_fund"))}
    row = rows["fund.raising.mean", "share raised by funds that miss the target, and by all"]
    assert (row.stated, row.solved) == (0.18, pytest.approx(0.15 + 0.85 * 0.18))
    stated = [row.stated for row in rows.values() if row.key.startswith("fund.stages.growth.exits")]
    implied = [row.solved for row in rows.values() if row.key.startswith("fund.stages.growth.exits")]
    assert stated == [0.35, 0.45, 0.2]
    assert sum(implied) == pytest.approx(1.0)
    assert implied[0] < 0.35
    assert implied[2] > 0.2
