"""The interval of a size holds the true value in 92.5–98 % of 1,000 repetitions, on a pool with a known law.

The band leaves an honest interval of 95 % alone: see ``tests/statistical/test_intervals.py``.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import fundsim as fs
from fundsim.decide.size.search import search
from fundsim.verify.closed_forms import VasicekLimit

from .paths_by_hand import AMOUNT, EVENT, GivenTrials, event_at_most, mean_at_most, varied

REPETITIONS, PATHS = 1000, 1024
TRUTH = VasicekLimit(0.03, 0.12).quantile(0.95) * 1e6


@pytest.fixture(scope="module")
def claims():
    """Return what is claimed from a pool that pays all losses of a million loans, a row a repetition."""
    results = fs.simulate(
        fs.load("textbook/vasicek_limit"),
        paths=REPETITIONS * PATHS, seed=20150401, metrics="pool.claims_due", threads=1,
    )  # fmt: skip
    return results.values("pool.claims_due").reshape(REPETITIONS, PATHS)


def test_the_pool_runs_dry_on_the_paths_that_claim_more_than_it_has(claims):
    base = fs.load("textbook/vasicek_limit")
    for opening in (40_000, 81_127, 120_000):
        results = fs.simulate(
            base.set("pool.opening", opening), paths=4096, seed=20150401, metrics="pool.depleted", threads=1
        )
        assert np.array_equal(results.values("pool.depleted") == 1.0, claims.reshape(-1)[:4096] > opening)


def answers(claims, targets, paths):
    for own in claims:
        trials = GivenTrials(
            varied(20_000, 400_000), targets, partial(lambda o, value: paths(value, o), own), (PATHS,)
        )
        yield search(trials, trials.vary.values(9), largest=False, precision=0.02, ladder=(PATHS,))


@pytest.mark.long
def test_the_interval_of_a_probabilitys_size_covers_it(claims):
    found = list(answers(claims, [event_at_most(0.05)], lambda v, own: {EVENT: (own > v).astype(float)}))
    assert {one.outcome for one in found} == {"found"}
    assert 0.925 <= np.mean([one.low <= TRUTH <= one.high for one in found]) <= 0.98


@pytest.mark.long
def test_the_interval_of_a_means_size_covers_it(claims):
    """A pool of v pays min(L, v), on average ∫₀ᵛ P(L > x) dx: 25,000 of the 30,000 claimed."""
    law = VasicekLimit(0.03, 0.12)
    losses = np.linspace(1.0, 400_000.0, 200_001)
    survival = np.array([1.0 - law.cdf(x / 1e6) for x in losses[::100]])
    paid = np.concatenate([[0.0], np.cumsum(0.5 * (survival[1:] + survival[:-1]) * np.diff(losses[::100]))])
    truth = float(np.interp(25_000.0, paid, losses[::100]))
    target = replace(mean_at_most(25_000.0), at_most=False)
    found = list(answers(claims, [target], lambda v, own: {AMOUNT: np.minimum(own, v)}))
    inside = [
        (one.low is None or one.low <= truth) and (one.high is None or truth <= one.high) for one in found
    ]
    assert 0.925 <= np.mean(inside) <= 0.98
