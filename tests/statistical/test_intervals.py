"""Stated 95 % intervals cover the truth in 92.5–98 % of 1,000 repetitions (discrete: at least 93 %).

With 1,000 repetitions the observed coverage has a standard deviation of 0.7 points, so that the
band leaves an honest interval alone: a coverage of 95 % misses 92.5 % with probability 3e-4.  The
seed is fixed, so that the tests never raise a false alarm by themselves.
"""

import math

import numpy as np
import pytest
from scipy import stats

from fundsim.results.statistics import (
    ES_LEVELS,
    QUANTILE_LEVELS,
    Estimate,
    clopper_pearson,
    describe,
    probability,
    ratio_of_sums,
    unexpected,
)

REPETITIONS = 1000
PATHS = 2000

LAWS = {
    "normal": stats.norm(10.0, 3.0),
    "exponential": stats.expon(scale=5.0),
    # Vasicek's limit law of a loss rate at PD 3 %, ρ 0.12: what a pool's default rate looks like
    "loss rate": None,
}
PD, RHO = 0.03, 0.12


def _loss_rate(u: np.ndarray) -> np.ndarray:
    return stats.norm.cdf((stats.norm.ppf(PD) + math.sqrt(RHO) * stats.norm.ppf(u)) / math.sqrt(1 - RHO))


def _quantile(law: str, level: np.ndarray) -> np.ndarray:
    frozen = LAWS[law]
    return _loss_rate(level) if frozen is None else frozen.ppf(level)


def _truth(law: str) -> dict[str, float]:
    """Exact figures by quadrature of the quantile function, to about 1e-9."""
    nodes, weights = np.polynomial.legendre.leggauss(400)

    def integral(power: int, start: float) -> float:
        # u = 1 − (1 − start)·v⁴ crowds the nodes in the upper tail, and its mirror in the lower.
        def tail(low: float, high: float) -> float:
            v = 0.5 * (nodes + 1.0)
            u = high - (high - low) * v**4
            inside = _quantile(law, np.clip(u, 1e-300, 1 - 1e-16)) ** power
            return float(np.sum(weights * 0.5 * inside * (high - low) * 4 * v**3))

        return tail(start, 1.0) if start > 0 else tail(0.5, 1.0) + _mirrored(law, power, nodes, weights)

    mean, square = integral(1, 0.0), integral(2, 0.0)
    figures = {"mean": mean, "sd": math.sqrt(square - mean * mean)}
    figures |= {f"q{level}": float(_quantile(law, np.array(float(level)))) for level in QUANTILE_LEVELS}
    return figures | {f"es{level}": integral(1, float(level)) / (1 - float(level)) for level in ES_LEVELS}


def _mirrored(law: str, power: int, nodes: np.ndarray, weights: np.ndarray) -> float:
    v = 0.5 * (nodes + 1.0)
    inside = _quantile(law, np.maximum(0.5 * v**4, 1e-300)) ** power
    return float(np.sum(weights * 0.5 * inside * 0.5 * 4 * v**3))


def _holds(estimate: Estimate, truth: float) -> bool:
    return abs(estimate.value - truth) <= 1.959964 * estimate.se


@pytest.fixture(scope="module", params=sorted(LAWS))
def covered(request):
    """How often each figure's interval held the truth."""
    truth, rng = _truth(request.param), np.random.default_rng(20150301)
    truth["unexpected"] = truth["q0.99"] - truth["mean"]
    counts = dict.fromkeys(truth, 0)
    for _ in range(REPETITIONS):
        values = _quantile(request.param, rng.random(PATHS))
        law = describe(values)
        counts["unexpected"] += _holds(unexpected(values), truth["unexpected"])
        counts["mean"] += _holds(law.mean, truth["mean"])
        counts["sd"] += _holds(law.sd, truth["sd"])
        for level, quantile in law.quantiles.items():
            counts[f"q{level}"] += quantile.ci95[0] <= truth[f"q{level}"] <= quantile.ci95[1]
        for level, es in law.es.items():
            counts[f"es{level}"] += _holds(es, truth[f"es{level}"])
    return {name: count / REPETITIONS for name, count in counts.items()}


def test_the_truth_is_known():
    truth = _truth("normal")
    assert truth["mean"] == pytest.approx(10.0, abs=1e-7)
    assert truth["sd"] == pytest.approx(3.0, abs=1e-6)
    assert truth["es0.99"] == pytest.approx(10 + 3 * stats.norm.pdf(stats.norm.ppf(0.99)) / 0.01, abs=1e-6)
    assert _truth("loss rate")["mean"] == pytest.approx(PD, abs=1e-9)
    assert _truth("exponential")["es0.95"] == pytest.approx(5 * (1 - math.log(0.05)), abs=1e-6)


def test_intervals_of_the_mean_cover_the_truth(covered):
    assert 0.925 <= covered["mean"] <= 0.98


def test_intervals_of_the_standard_deviation_cover_the_truth(covered):
    assert 0.925 <= covered["sd"] <= 0.98


@pytest.mark.parametrize("level", [level for level in QUANTILE_LEVELS if level not in ("0.001", "0.999")])
def test_intervals_of_quantiles_cover_the_truth(covered, level):
    assert 0.925 <= covered[f"q{level}"] <= 0.98, covered


@pytest.mark.parametrize("level", ["0.001", "0.999"])
def test_intervals_of_outer_quantiles_cover_although_two_paths_lie_beyond_them(covered, level):
    # With so few paths no rank has just 2.5 % beyond it: the interval is one-sided and cautious.
    assert 0.95 <= covered[f"q{level}"] <= 0.995


def test_intervals_of_the_expected_shortfall_cover_the_truth(covered):
    # 100 paths in the tail at 95 %, 20 at 99 %: the skewed tail mean needs the former.
    assert 0.925 <= covered["es0.95"] <= 0.98, covered


def test_intervals_of_the_unexpected_part_cover_the_truth(covered):
    assert 0.925 <= covered["unexpected"] <= 0.98, covered


@pytest.mark.parametrize("p", [0.0005, 0.002, 0.07, 0.5, 0.993])
def test_intervals_of_probabilities_cover_the_truth(p):
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(REPETITIONS):
        low, high = probability((rng.random(PATHS) < p).astype(float)).ci95
        held += low <= p <= high
    assert held / REPETITIONS >= 0.93
    if PATHS * min(p, 1 - p) > 100:
        assert held / REPETITIONS <= 0.98


def test_clopper_pearson_never_covers_less_than_it_says():
    n = 60
    intervals = [clopper_pearson(k, n) for k in range(n + 1)]
    for p in np.linspace(0.001, 0.999, 500):
        held = [low <= p <= high for low, high in intervals]
        assert stats.binom.pmf(np.arange(n + 1), n, p)[held].sum() >= 0.95 - 1e-12


def test_intervals_of_ratios_of_sums_cover_the_truth():
    # due = exponential(2), paid = min(due, 5): Σ paid ÷ Σ due → 1 − e^(−5/2)
    truth, rng, held = 1 - math.exp(-2.5), np.random.default_rng(3), 0
    for _ in range(REPETITIONS):
        due = rng.exponential(2.0, PATHS)
        held += _holds(ratio_of_sums(np.minimum(due, 5.0), due), truth)
    assert 0.925 <= held / REPETITIONS <= 0.98
