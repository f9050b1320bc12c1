"""Tables of BetaInv(Φ(z)) at equidistant z: a quantile of beta is too slow inside a kernel."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln, ndtr

from fundsim.scheme import Lgd

__all__ = ["LIMIT", "NODES_PER_UNIT", "beta_nodes", "beta_shape", "shape_of", "tabulate"]

NODES_PER_UNIT = 32
LIMIT = 8.5


def beta_shape(lgd: Lgd) -> tuple[float, float]:
    """Return the beta law's shape parameters: ``mean·ν, (1 − mean)·ν``, ``ν = mean(1 − mean)/sd² − 1``."""
    return shape_of(lgd.drawn_mean, lgd.sd)


def shape_of(mean: float, sd: float) -> tuple[float, float]:
    """Return the shape parameters of the beta law with this mean and standard deviation, sd > 0."""
    size = mean * (1.0 - mean) / (sd * sd) - 1.0
    return mean * size, (1.0 - mean) * size


def beta_nodes(a: float, b: float, z: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return BetaInv(Φ(z)) and its slopes ``φ(z) / density(value)`` at nodes z."""
    # From the nearer end on each side, so that neither tail loses its digits.
    low = betaincinv(a, b, ndtr(z))
    high = betaincinv(b, a, ndtr(-z))
    value = np.where(z < 0.0, low, 1.0 - high)
    rest = np.where(z < 0.0, 1.0 - low, high)
    tiny = 1e-300
    log_density = (
        (a - 1.0) * np.log(np.maximum(value, tiny))
        + (b - 1.0) * np.log(np.maximum(rest, tiny))
        - betaln(a, b)
    )
    log_slope = -0.5 * z * z - 0.5 * math.log(2.0 * math.pi) - log_density
    slope = np.exp(np.minimum(log_slope, 50.0))
    slope[(value <= tiny) | (rest <= tiny)] = 0.0
    return value, slope


def tabulate(laws: Sequence[Lgd]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and slopes, each of shape (laws, nodes), for z = −8.5 … 8.5."""
    z = np.linspace(-LIMIT, LIMIT, 2 * round(LIMIT * NODES_PER_UNIT) + 1)
    values = np.zeros((len(laws), z.size))
    slopes = np.zeros((len(laws), z.size))
    for row, lgd in enumerate(laws):
        values[row], slopes[row] = beta_nodes(*beta_shape(lgd), z)
    return values, slopes
