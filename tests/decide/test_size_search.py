"""The search: answers, intervals and outcomes on paths that are known."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal

from fundsim.decide.size.search import glance, search
from fundsim.decide.size.target import Target
from fundsim.decide.size.trials import rungs
from fundsim.results.statistics import order_statistic_ranks

from .paths_by_hand import AMOUNT, EVENT, GivenTrials, event_at_most, mean_at_most, thresholds, varied

LADDER = rungs(2048, 65_536)


def needed(seed=3, paths=65_536):
    """Return what each path needs: a law with a 95 % quantile of e^0.5 ln 20 …, here drawn once."""
    return np.random.default_rng(seed).lognormal(3.0, 0.5, paths)


def found(trials, *, largest=False, precision=0.02, ladder=LADDER, count=9):
    return search(trials, trials.vary.values(count), largest=largest, precision=precision, ladder=ladder)


def test_the_interval_is_that_of_the_order_statistics_of_what_each_path_needs():
    """Where an event that happens at a value happens at each smaller one, on every path."""
    own = needed()
    result = found(GivenTrials(varied(5, 500), [event_at_most(0.05)], thresholds(own), LADDER))
    ascending = np.sort(own[: result.paths])
    n = result.paths
    low, high = order_statistic_ranks(n, "0.95")
    near = 0.02 * 0.1 * result.value
    assert result.outcome == "found"
    assert result.precise
    assert result.value == pytest.approx(ascending[n - math.floor(0.05 * n) - 1], abs=near)
    assert result.low == pytest.approx(ascending[low - 1], abs=2 * near)
    assert result.high == pytest.approx(ascending[high - 1], abs=2 * near)
    assert result.low < math.exp(3.0 + 0.5 * 1.6449) < result.high
    assert (result.unique, result.monotone) == (True, True)


def test_the_answer_is_a_value_that_was_seen_to_meet_the_target():
    trials = GivenTrials(varied(5, 500), [event_at_most(0.05)], thresholds(needed()), LADDER)
    result = found(trials)
    assert trials.verdict(result.value, result.paths).met
    below = max(p.value for p in result.points if p.value < result.value)
    assert not trials.verdict(below, result.paths).met
    assert result.value - below <= 0.02 * 0.1 * result.value


def test_paths_grow_until_half_of_the_interval_is_narrow_enough_or_they_end():
    for precision, most, precise in ((0.1, 65_536, True), (0.01, 65_536, True), (0.001, 65_536, False)):
        result = found(
            GivenTrials(varied(5, 500), [event_at_most(0.05)], thresholds(needed()), rungs(2048, most)),
            precision=precision,
            ladder=rungs(2048, most),
        )
        half = 0.5 * (result.high - result.low)
        assert result.precise == precise == (half <= precision * result.value)
        assert precise or result.paths == most


def test_the_largest_value_is_looked_for_from_above():
    own = needed()
    paths = lambda value: {EVENT: (value > own).astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(1, 100), [event_at_most(0.05)], paths, LADDER), largest=True)
    assert result.low < math.exp(3.0 - 0.5 * 1.6449) < result.high
    assert result.low < result.value < result.high


def test_all_targets_must_be_met():
    """The event needs about 46; a mean of 40 at 60 falls as 2400 ÷ value: it decides from 60 on."""
    own = needed()
    noise = np.random.default_rng(5).normal(0.0, 1.0, len(own))
    paths = lambda value: {EVENT: (value < own).astype(float), AMOUNT: 2400.0 / value + noise}  # noqa: E731
    targets = [event_at_most(0.05), mean_at_most(40.0)]
    result = found(GivenTrials(varied(5, 500), targets, paths, LADDER))
    assert result.value == pytest.approx(60.0, rel=0.01)
    assert result.low < 60.0 < result.high
    assert all(figure.met for figure in result.verdict.figures)


def test_every_value_does_and_the_edge_is_named():
    result = found(GivenTrials(varied(100, 900), [event_at_most(0.05)], thresholds(needed()), LADDER))
    assert (result.outcome, result.value, result.low, result.high) == ("every", 100.0, None, None)
    assert (
        found(
            GivenTrials(varied(100, 900), [event_at_most(0.05)], thresholds(needed()), LADDER), largest=True
        ).value
        == 900.0
    )


def test_no_value_does_and_the_nearest_is_named():
    result = found(GivenTrials(varied(1, 20), [event_at_most(0.05)], thresholds(needed()), LADDER))
    assert (result.outcome, result.value) == ("none", 20.0)
    assert not result.verdict.met


def test_the_preferred_edge_may_meet_what_others_miss():
    paths = lambda value: {EVENT: (value > needed()).astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(1, 100), [event_at_most(0.05)], paths, LADDER))
    assert (result.outcome, result.value) == ("edge", 1.0)


def test_a_flat_figure_on_its_bound_is_undecided():
    same = np.random.default_rng(11).random(65_536) < 0.0502
    paths = lambda value: {EVENT: same.astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(1, 100), [event_at_most(0.05)], paths, LADDER))
    assert result.outcome in ("unresolved", "none")
    shaky = lambda value: {EVENT: np.roll(same, int(1e4 * math.log(value))).astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(1, 100), [event_at_most(0.0502)], shaky, LADDER))
    assert result.outcome == "unresolved"
    assert (result.low, result.high) == (None, None)


def test_an_answer_that_is_not_the_only_one_is_said_not_to_be():
    """Values from 20 to 40 and those above 200 meet the target."""
    own = np.random.default_rng(2).random(65_536)

    def paths(value):
        return {EVENT: (own < (0.01 if 20.0 <= value <= 40.0 or value > 200.0 else 0.2)).astype(float)}

    result = found(GivenTrials(varied(1, 1000), [event_at_most(0.05)], paths, LADDER))
    assert result.outcome == "found"
    assert result.value == pytest.approx(20.0, rel=0.01)
    assert (result.unique, result.monotone) == (False, False)
    assert 40.0 < result.missed < 200.0 < result.again
    beyond = [p for p in result.points if p.value >= result.again]
    assert all(p.verdict.met for p in beyond)


def test_figures_that_fall_and_rise_are_not_monotone_though_the_answer_is_unique():
    own = np.random.default_rng(2).random(65_536)
    paths = lambda value: {EVENT: (own < 0.3 / value + 0.0004 * value).astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(1, 100), [event_at_most(0.05)], paths, LADDER))
    assert (result.outcome, result.unique, result.monotone) == ("found", True, False)


def test_small_steps_up_and_down_give_the_first_value_of_all_that_were_tried():
    own = needed()
    paths = lambda value: {EVENT: (value - 3.0 * math.sin(value) < own).astype(float)}  # noqa: E731
    result = found(GivenTrials(varied(5, 500), [event_at_most(0.05)], paths, LADDER))
    assert result.low <= result.value <= result.high
    met = [p.value for p in result.points if p.verdict.n >= result.paths and p.verdict.met]
    assert result.value == min(met)


def test_whole_numbers_are_searched_one_by_one():
    own = needed()
    result = found(GivenTrials(varied(5, 500, whole=True), [event_at_most(0.05)], thresholds(own), LADDER))
    least = np.sort(own[: result.paths])[result.paths - math.floor(0.05 * result.paths) - 1]
    assert result.value == math.ceil(least)
    assert all(value == round(value) for value in (result.value, result.low, result.high))


def test_a_figure_without_chance_is_found_to_the_tolerance():
    paths = lambda value: {AMOUNT: np.full(4096, 1000.0 / value)}  # noqa: E731
    result = found(GivenTrials(varied(1, 1000), [mean_at_most(7.0)], paths, rungs(2048, 4096)))
    assert result.value == pytest.approx(1000.0 / 7.0, rel=0.002)
    assert result.low == pytest.approx(result.value, rel=0.004)
    assert result.high == pytest.approx(result.value, rel=0.004)


def test_a_short_look_comes_near():
    trials = GivenTrials(varied(5, 500), [event_at_most(0.05)], thresholds(needed()), (1024, 2048))
    result = glance(trials, trials.vary.values(5), largest=False, precision=0.02, ladder=(1024, 2048))
    assert result.value == pytest.approx(math.exp(3.0 + 0.5 * 1.6449), rel=0.1)
    assert result.low < result.value < result.high
    assert trials.effort.paths < 40_000


def test_effort_is_small():
    """A scan, some values on fewer paths, and about ten on all of them."""
    trials = GivenTrials(varied(5, 500), [event_at_most(0.05)], thresholds(needed()), LADDER)
    result = found(trials)
    assert trials.effort.paths <= 9 * 2048 + 20 * result.paths


def test_rungs_are_whole_parts_but_for_the_last():
    ladder = rungs(2048, 100_000)
    assert ladder[0] == 2048
    assert ladder[-1] == 100_000
    assert all(n % 1024 == 0 for n in ladder[:-1])
    steps = [(one, later) for one, later in pairwise(ladder) if later - one != 1024]
    assert all(later <= 1.51 * one for one, later in steps)
    assert rungs(2048, 500) == (500,)


def test_a_common_capacity_for_correlated_normal_demands_is_the_multivariate_normals():
    """Three demands of mean 100, sd 20, correlations 0.2, 0.5 and 0.7: c with P(all of them ≤ c) = 95 %.

    scipy's multivariate normal distribution function (Genz 1992) gives 141.08.
    """
    correlation = np.array([[1.0, 0.2, 0.5], [0.2, 1.0, 0.7], [0.5, 0.7, 1.0]])
    law = multivariate_normal(np.full(3, 100.0), 400.0 * correlation, seed=1)
    truth = brentq(lambda c: law.cdf(np.full(3, c)) - 0.95, 110.0, 180.0, xtol=1e-4)
    demands = law.rvs(65_536, random_state=np.random.default_rng(9))
    trials = GivenTrials(varied(60, 240), [event_at_most(0.05)], thresholds(demands.max(axis=1)), LADDER)
    result = found(trials, precision=0.005)
    assert truth == pytest.approx(141.08, abs=0.02)
    assert result.low < truth < result.high
    assert result.value == pytest.approx(truth, rel=0.005)


def test_whole_numbers_are_known_when_two_neighbours_are():
    """Half of an interval of two neighbours is 0.5, whatever is asked for."""
    noise = np.random.default_rng(4).normal(0.0, 1.0, 65_536)
    paths = lambda value: {AMOUNT: 10.0 - 3.0 * value + noise}  # noqa: E731
    result = found(
        GivenTrials(varied(0, 12, 2, whole=True), [mean_at_most(3.0)], paths, LADDER), precision=0.001
    )
    assert (result.outcome, result.value, result.low, result.high) == ("found", 3.0, 2.0, 3.0)
    assert result.precise
    assert result.paths < 65_536


def test_values_at_which_no_path_has_a_figure_neither_meet_nor_miss():
    """Above 50 nothing happens on any path, so there is no month in which it does."""
    own = needed()

    def month(value):
        return {AMOUNT: np.where(value < 50.0, 60.0 - value + 0.01 * own, math.nan)}

    smallest = found(GivenTrials(varied(5, 55), [mean_at_most(30.0)], month, LADDER))
    assert (smallest.outcome, smallest.unique) == ("found", True)
    assert smallest.value == pytest.approx(30.0 + 0.01 * own.mean(), rel=0.01)
    largest = found(GivenTrials(varied(5, 55), [mean_at_most(30.0)], month, LADDER), largest=True)
    assert largest.outcome == "edge"
    assert largest.value < 50.0
    assert len(largest.scanned) == 9
    nowhere = found(GivenTrials(varied(60, 500), [mean_at_most(30.0)], month, LADDER))
    assert nowhere.outcome == "none"
    assert all(p.verdict.empty for p in nowhere.points)


def test_a_figure_without_an_error_decides_nothing_until_there_are_paths_enough_for_it():
    own = needed()
    target = Target("shortfall", "0.99", "pool.claims_paid", "run_off", "yuan", (AMOUNT,), bound=8.0)
    paths = lambda value: {AMOUNT: 100.0 * own / value}  # noqa: E731
    few = rungs(2048, 4096)
    short = found(GivenTrials(varied(5, 5000), [target], paths, few), ladder=few)
    assert short.outcome == "unresolved"
    assert (short.low, short.high) == (None, None)
    result = found(GivenTrials(varied(5, 5000), [target], paths, LADDER))
    assert (result.outcome, result.paths >= 10_000) == ("found", True)
    assert result.low < result.value < result.high


def test_a_probability_of_nothing_is_not_bought_with_ever_more_paths():
    paths = lambda value: {EVENT: np.zeros(65_536)}  # noqa: E731
    result = found(GivenTrials(varied(5, 500), [event_at_most(0.0)], paths, rungs(2048, 65_536)))
    assert result.value == 5.0
    assert result.paths < 65_536
