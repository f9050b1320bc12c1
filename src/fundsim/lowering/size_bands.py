"""A law of loan sizes cut into a few fixed sizes, so that every yuan can be counted.

The sizes are the K Gauss-quadrature nodes of the capped lognormal law min(Y, cap), which keep its
first 2K − 1 moments.  Golub and Welsch, Math. Comp. 23 (1969): nodes are the eigenvalues of the
Jacobi matrix of the law's orthogonal polynomials, here by Stieltjes' procedure on a fine grid.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

from fundsim.lowering.roots import brent_root
from fundsim.scheme import Band

__all__ = ["Lognormal", "capped_moments", "size_bands", "solve_lognormal"]

FEN = 0.01
WIDE = 10.0
"""Standard deviation of ln Y from which moments are taken in logarithms."""
LEAST_CV = 1e-6
"""Below it a law is as good as one size: its spread could not be distinguished from rounding."""


class Lognormal(NamedTuple):
    """ln Y is normal with this mean and standard deviation."""

    mu: float
    sigma: float


def capped_moments(law: Lognormal, cap: float, order: int) -> NDArray[np.float64]:
    """Return E[min(Y, cap)^j] for j = 0 … order, in closed form."""
    j = np.arange(order + 1)
    if math.isinf(cap):
        return np.exp(j * law.mu + 0.5 * (j * law.sigma) ** 2)
    d = (math.log(cap) - law.mu) / law.sigma
    if law.sigma < WIDE:
        below = np.exp(j * law.mu + 0.5 * (j * law.sigma) ** 2) * ndtr(d - j * law.sigma)
    else:
        # In logarithms: the moment overflows where the probability beside it is next to nothing.
        below = np.exp(j * law.mu + 0.5 * (j * law.sigma) ** 2 + log_ndtr(d - j * law.sigma))
    return np.asarray(below + cap ** j.astype(float) * ndtr(-d))


def solve_lognormal(mean: float, cv: float, cap: float) -> Lognormal:
    """Return the lognormal whose capped law min(Y, cap) has the given mean and cv.

    Args:
        mean: mean of the capped law [yuan].
        cv: standard deviation ÷ mean of the capped law, above 0.
        cap: largest size [yuan], or infinity.

    Raises:
        ValueError: no law on (0, cap] has this mean and cv (cv² ≥ cap/mean − 1).
    """
    if math.isinf(cap):
        sigma = math.sqrt(math.log1p(cv * cv))
        return Lognormal(math.log(mean) - 0.5 * sigma * sigma, sigma)
    if cv * cv >= cap / mean - 1.0:
        raise ValueError(f"no law below {cap:g} has mean {mean:g} and cv {cv:g}")
    scale = cap / mean

    def mu_of(sigma: float) -> float:
        def excess(mu: float) -> float:
            return float(capped_moments(Lognormal(mu, sigma), scale, 1)[1]) - 1.0

        return brent_root(excess, -60.0 - 20.0 * sigma * sigma, 60.0 + 20.0 * sigma, tolerance=1e-13)

    def spread(sigma: float) -> float:
        return float(capped_moments(Lognormal(mu_of(sigma), sigma), scale, 2)[2]) - 1.0 - cv * cv

    high = 1.0
    while spread(high) < 0.0:
        high *= 2.0
        if high > 1e3:
            raise ValueError(f"cv {cv:g} is too near the largest that mean {mean:g} and cap {cap:g} allow")
    sigma = brent_root(spread, min(1e-6, 0.01 * cv), high, tolerance=1e-13)
    return Lognormal(mu_of(sigma) + math.log(mean), sigma)


def _fine_grid(law: Lognormal, cap: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points (relative to the cap or median) and weights that stand for the capped law."""
    top = 12.0 if math.isinf(cap) else (math.log(cap) - law.mu) / law.sigma
    # High moments weigh the law at z shifted by j σ, so the grid reaches that much further.
    high = 12.0 + 16.0 * law.sigma if math.isinf(cap) else min(top, 12.0 + 16.0 * law.sigma)
    edges = np.linspace(-12.0, high, 65)
    node, weight = np.polynomial.legendre.leggauss(24)
    half = 0.5 * np.diff(edges)[:, None]
    z = (half * node + 0.5 * (edges[:-1] + edges[1:])[:, None]).ravel()
    w = (half * weight).ravel() * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    x = np.exp(law.mu + law.sigma * z)
    if not math.isinf(cap) and top < 12.0 + 16.0 * law.sigma:
        x, w = np.append(x, cap), np.append(w, ndtr(-top))
    return x, w


def _gauss(x: NDArray[np.float64], w: NDArray[np.float64], k: int) -> tuple[NDArray[np.float64], ...]:
    """Return the k nodes and weights of Gauss quadrature of a discrete law (Stieltjes, Golub–Welsch)."""
    scale = float(np.sum(w * x) / np.sum(w))
    t = x / scale
    w = w / np.sum(w)
    alpha, beta = np.zeros(k), np.zeros(k)
    before, now, norm_before = np.zeros_like(t), np.ones_like(t), 1.0
    for j in range(k):
        norm = float(np.sum(w * now * now))
        alpha[j] = float(np.sum(w * t * now * now)) / norm
        beta[j] = norm / norm_before
        before, now, norm_before = now, (t - alpha[j]) * now - (beta[j] if j else 0.0) * before, norm
    jacobi = np.diag(alpha) + np.diag(np.sqrt(beta[1:]), 1) + np.diag(np.sqrt(beta[1:]), -1)
    nodes, vectors = np.linalg.eigh(jacobi)
    return nodes * scale, vectors[0] ** 2


def size_bands(mean: float, cv: float, cap: float | None, bands: int) -> tuple[Band, ...]:
    """Return the sizes and their probabilities, ascending, each rounded to a fen.

    Args:
        mean: mean principal [yuan] of the capped law.
        cv: its standard deviation ÷ mean; 0, or less than a millionth, gives one size.
        cap: largest principal [yuan], None for no cap.
        bands: number K of sizes, 1 … 8.

    >>> [(band.principal, band.probability) for band in size_bands(3e6, 0.0, None, 4)]
    [(3000000.0, 1.0)]
    """
    if cv < LEAST_CV or bands == 1:
        return (Band(principal=mean, probability=1.0),)
    top = math.inf if cap is None else cap
    nodes, weights = _gauss(*_fine_grid(solve_lognormal(mean, cv, top), top), bands)
    sizes = np.minimum(np.maximum(np.round(nodes / FEN), 1.0) * FEN, top)
    return tuple(
        Band(principal=float(size), probability=float(weight))
        for size, weight in zip(sizes, weights, strict=True)
    )
