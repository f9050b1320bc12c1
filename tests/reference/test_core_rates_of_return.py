"""Internal rates of return: the number of roots is exact, and values are those of independent solvers."""

import math
from fractions import Fraction
from itertools import pairwise

import numba
import numpy as np
import pytest
import pyxirr
from scipy.optimize import brentq

from fundsim.core.equity.irr import AT_HIGHEST, rate_of
from fundsim.core.equity.roots import largest_root
from fundsim.core.pack.equities import DEEPEST
from fundsim.core.pack.equity_tables import RootRoom
from fundsim.scheme import IrrCase

MONTHS = 180
NOISE = 60


def room_for(months=MONTHS):
    return RootRoom(
        net=np.zeros(months),
        forward=np.zeros(months),
        backward=np.zeros(months),
        polygons=np.zeros((DEEPEST, months)),
        intervals=np.zeros((DEEPEST, 2)),
    )


ROOM = room_for()


@numba.njit(error_model="numpy", _nrt=False)
def compiled_rate(room, n):
    return rate_of(room, n)


@numba.njit(error_model="numpy", _nrt=False)
def compiled_root(room, coefficients, degree, low):
    return largest_root(room, coefficients, degree, low)


def rate(flows):
    """Return the yearly rate of monthly flows, and its case."""
    ROOM.net[: len(flows)] = flows
    value, case = compiled_rate(ROOM, len(flows))
    return value, IrrCase(int(case))


def at(rates, scale=1000.0, gap=12):
    """Return flows some months apart whose roots are exactly these yearly rates."""
    step = gap / 12.0
    polynomial = np.array([-scale])
    for one in rates:
        # A factor 1 − (1 + r)^step v^gap; the sign of the first flow stays.
        spread = np.zeros(gap + 1)
        spread[0], spread[gap] = 1.0, -((1.0 + one) ** step)
        polynomial = np.convolve(polynomial, spread)
    return polynomial


def sturm_count(coefficients, low, high):
    """Return the number of distinct roots in (low, high], by Sturm's theorem in exact fractions."""

    def trimmed(p):
        while p and p[-1] == 0:
            p = p[:-1]
        return p

    def remainder(p, q):
        p = list(p)
        while len(p) >= len(q):
            factor = p[-1] / q[-1]
            for i in range(len(q)):
                p[len(p) - len(q) + i] -= factor * q[i]
            p.pop()
        return trimmed(p)

    def changes(chain, x):
        values = [sum(c * x**i for i, c in enumerate(p)) for p in chain]
        signs = [v > 0 for v in values if v != 0]
        return sum(a != b for a, b in pairwise(signs))

    first = trimmed([Fraction(int(c)) for c in coefficients])
    chain = [first, trimmed([i * c for i, c in enumerate(first)][1:])]
    while chain[-1]:
        rest = remainder(chain[-2], chain[-1])
        chain.append([-c for c in rest])
    chain.pop()
    low, high = Fraction(low), Fraction(high)
    return changes(chain, low) - changes(chain, high)


def typical_flows(seed):
    """Return flows of a fund: calls for years, then proceeds, in most months nothing."""
    draws = np.random.default_rng(seed)
    n = int(draws.integers(24, MONTHS))
    calls = draws.integers(1, n)
    flows = np.where(np.arange(n) < calls, -draws.gamma(1.0, 100.0, n), draws.gamma(0.3, 300.0, n))
    flows[(draws.random(n) < 0.5) | (np.abs(flows) < 0.01)] = 0.0
    flows[0], flows[-1] = -100.0, 50.0
    return flows


@pytest.mark.parametrize("seed", range(200))
def test_flows_with_one_change_of_sign_have_the_rate_of_pyxirr(seed):
    flows = typical_flows(seed)
    found, case = rate(flows)
    expected = pyxirr.irr(flows.tolist())
    if expected is None:  # far from 0, where it gives up
        expected = brentq(lambda r: pyxirr.npv(r, flows.tolist()), -0.95, 1e4)
    yearly = math.expm1(12.0 * math.log1p(expected))
    if yearly > 10.0:
        assert (found, case) == (10.0, IrrCase.CAPPED)
    else:
        assert case == IrrCase.ONE
        assert found == pytest.approx(yearly, abs=1e-9)


@pytest.mark.parametrize("seed", range(NOISE))
def test_the_number_of_roots_is_that_of_sturms_theorem(seed):
    """White noise, whose signs change all the time: the worst of flows."""
    draws = np.random.default_rng(1000 + seed)
    n = int(draws.integers(4, 40))
    flows = draws.integers(-9, 10, n)
    flows[0], flows[-1] = draws.choice([-3, 2], 2)
    if flows.sum() == 0:
        flows[1] += 1
    coefficients = flows.astype(float)
    for given, low in ((coefficients, AT_HIGHEST), (coefficients[::-1].copy(), 0.0)):
        count, root = compiled_root(ROOM, given, n - 1, low)
        assert count == sturm_count(given, low, 1)
        if count:
            terms = np.abs(given) * root ** np.arange(n)
            assert low < root < 1.0
            assert np.polynomial.polynomial.polyval(root, given) == pytest.approx(
                0.0, abs=1e-13 * terms.sum()
            )
            assert sturm_count(given, root + 1e-9, 1) == 0


def test_noise_has_several_roots_often_enough_for_the_test_above():
    counts = []
    for seed in range(NOISE):
        draws = np.random.default_rng(1000 + seed)
        n = int(draws.integers(4, 40))
        flows = draws.integers(-9, 10, n).astype(float)
        flows[0], flows[-1] = draws.choice([-3, 2], 2)
        counts.append(compiled_root(ROOM, flows[::-1].copy(), n - 1, 0.0)[0])
    assert set(counts) >= {0, 1, 2}
    assert counts.count(2) > 3


def test_two_roots_and_the_one_nearest_0_with_the_sign_of_the_sum_is_taken():
    """−1000 v⁰ (1 − 1.1 v)(1 − 1.4 v) sums to −1000 × (−0.1) × (−0.4) = −40: no root is negative."""
    flows = at([0.10, 0.40])
    assert flows.sum() == pytest.approx(-40.0)
    assert rate(flows) == (pytest.approx(0.10, abs=1e-12), IrrCase.AMBIGUOUS)
    # Roots at −20 % and +30 %: the sum −1000 × 0.2 × (−0.3) = 60 is positive, so +30 % though it is farther.
    assert rate(at([-0.20, 0.30])) == (pytest.approx(0.30, abs=1e-12), IrrCase.AMBIGUOUS)
    # With the first flow positive the sum is −60: the other one.
    assert rate(-at([-0.20, 0.30])) == (pytest.approx(-0.20, abs=1e-12), IrrCase.AMBIGUOUS)
    # Three roots of one sign, and three of both.
    assert rate(at([0.05, 0.5, 2.0])) == (pytest.approx(0.05, abs=1e-11), IrrCase.AMBIGUOUS)
    assert rate(at([-0.5, -0.1, 0.3])) == (pytest.approx(0.3, abs=1e-11), IrrCase.AMBIGUOUS)
    assert rate(-at([-0.5, -0.1, 0.3])) == (pytest.approx(-0.1, abs=1e-11), IrrCase.AMBIGUOUS)


def test_a_root_above_1000_percent_does_not_count():
    assert rate(at([0.10, 12.0])) == (pytest.approx(0.10, abs=1e-12), IrrCase.ONE)


def test_a_rate_of_0_is_a_root_like_any_other():
    assert rate([-100.0, 0.0, 100.0]) == (0.0, IrrCase.ONE)
    # To half a fen: what floating-point sums leave behind is nothing.
    assert rate([-1e8 / 3, -1e8 / 3, -1e8 / 3, 1e8 + 0.004]) == (0.0, IrrCase.ONE)
    assert rate(at([0.0, 0.25])) == (0.0, IrrCase.AMBIGUOUS)
    assert rate(at([0.0, -0.25])) == (0.0, IrrCase.AMBIGUOUS)


def test_no_root_a_cap_and_a_total_loss():
    value, case = rate([-100.0, 240.0, -150.0])
    assert math.isnan(value)
    assert case == IrrCase.NONE
    # 20 times the money within a month: above 1,000 %, which it is capped at.
    assert rate([-10.0, 200.0]) == (10.0, IrrCase.CAPPED)
    # Money comes first and then more of it goes out than at any rate was worth it: nothing to be capped.
    value, case = rate([10.0, -200.0, 0.0, 0.0])
    assert math.isnan(value)
    assert case == IrrCase.NONE
    assert rate([0.0, -3.0, -7.0, 0.004]) == (-1.0, IrrCase.ONE)
    value, case = rate([0.0, 5.0])
    assert math.isnan(value)
    assert case == IrrCase.NONE


def test_a_loss_near_total_and_a_last_flow_that_is_tiny_are_found():
    """A yuan back of a million after a month: (1e−6)¹² − 1.  A call of a fen at the end adds a root."""
    assert rate([-1e6, 1.0]) == (pytest.approx(-1.0, abs=1e-15), IrrCase.ONE)
    flows = [-1e6, 0.0, 0.0, 9e5, 0.0, -0.01]
    value, case = rate(flows)
    assert case == IrrCase.AMBIGUOUS
    (near,) = [r for r in np.roots(flows[::-1]).tolist() if abs(r.imag) < 1e-12 and 0.9 < r.real < 1.2]
    assert value == pytest.approx(near.real**-12 - 1.0, abs=1e-12)


def test_leading_months_without_flows_change_nothing():
    flows = at([0.13], gap=60)
    assert rate([0.0] * 100 + flows.tolist()) == rate(flows)
