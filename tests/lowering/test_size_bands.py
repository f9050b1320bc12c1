"""Size bands keep the moments of the capped law of loan sizes."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from fundsim.lowering.size_bands import capped_moments, size_bands, solve_lognormal

LAWS = [
    (3e6, 0.8, 1e7, 4),
    (3e6, 0.3, 5e6, 4),
    (2.5e6, 1.2, 1e7, 5),
    (5e5, 0.5, math.inf, 4),
    (5e5, 1.0, math.inf, 3),
    (8e6, 0.2, 1e7, 6),
    (1e6, 0.9, 5e6, 8),
    (3e6, 0.6, 3e8, 2),
]


def by_integration(law, cap, power):
    """E[min(Y, cap)^power] of a lognormal, in units of the cap or of the median."""
    scale = math.exp(law.mu) if math.isinf(cap) else cap
    top = 12.0 + power * law.sigma if math.isinf(cap) else (math.log(cap) - law.mu) / law.sigma

    def integrand(z):
        return math.exp(power * (law.mu + law.sigma * z - math.log(scale))) * norm.pdf(z)

    peak = power * law.sigma
    inside = quad(integrand, -12.0, top, points=[min(peak, top)], limit=400, epsabs=0.0, epsrel=1e-12)[0]
    return inside + (0.0 if math.isinf(cap) else norm.sf(top)), scale


@pytest.mark.parametrize(("mean", "cv", "cap", "bands"), LAWS)
def test_the_solved_law_has_the_mean_and_cv_that_were_stated(mean, cv, cap, bands):
    law = solve_lognormal(mean, cv, cap)
    first, scale = by_integration(law, cap, 1)
    second, _ = by_integration(law, cap, 2)
    assert first * scale == pytest.approx(mean, rel=1e-9)
    assert math.sqrt(second / first**2 - 1.0) == pytest.approx(cv, rel=1e-8)


@pytest.mark.parametrize(("mean", "cv", "cap", "bands"), LAWS)
def test_2k_minus_1_moments_are_kept(mean, cv, cap, bands):
    law = solve_lognormal(mean, cv, cap)
    got = size_bands(mean, cv, None if math.isinf(cap) else cap, bands)
    assert len(got) == bands
    sizes = np.array([b.principal for b in got])
    weights = np.array([b.probability for b in got])
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    for power in range(1, 2 * bands):
        exact, scale = by_integration(law, cap, power)
        # Rounding to a fen moves a size of 10⁵ yuan and more by at most 5e-8 of itself.
        tolerance = 1e-9 + power * 0.005 / sizes.min()
        assert ((sizes / scale) ** power) @ weights == pytest.approx(exact, rel=tolerance), power


@pytest.mark.parametrize(("mean", "cv", "cap", "bands"), LAWS)
def test_sizes_ascend_under_the_cap_and_are_whole_fen(mean, cv, cap, bands):
    sizes = [b.principal for b in size_bands(mean, cv, None if math.isinf(cap) else cap, bands)]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 0.01
    assert sizes[-1] <= cap
    for size in sizes:
        assert size * 100 == pytest.approx(round(size * 100), abs=1e-6)


def test_the_closed_form_of_the_moments_is_the_integral():
    law = solve_lognormal(3e6, 0.8, 1e7)
    for power in range(1, 6):
        exact, scale = by_integration(law, 1e7, power)
        assert capped_moments(law, 1e7, power)[power] / scale**power == pytest.approx(exact, rel=1e-10)


def test_equal_sizes_and_one_band_are_one_size():
    assert [(b.principal, b.probability) for b in size_bands(3e6, 0.0, None, 4)] == [(3e6, 1.0)]
    assert [(b.principal, b.probability) for b in size_bands(3e6, 0.8, 1e7, 1)] == [(3e6, 1.0)]


def test_a_cv_that_no_law_under_the_cap_has_is_refused():
    with pytest.raises(ValueError, match="no law below"):
        solve_lognormal(3e6, 1.6, 1e7)  # cv² ≤ cap/mean − 1 = 2.33 gives cv ≤ 1.527
    assert solve_lognormal(3e6, 1.4, 1e7).sigma > 1.0
