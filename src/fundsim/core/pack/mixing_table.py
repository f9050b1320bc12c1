"""The root of a Student-t copula's mixing variable, sqrt(χ²_ν/ν), over its normal score z.

A quantile of χ² is too slow inside a kernel.  With u = Φ(z) the root is ``sqrt(χ²_ν⁻¹(u)/ν)``, a smooth
function of z: between nodes 1/64 apart cubic Hermite pieces miss it by less than 1e-9.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainccinv, gammaincinv, gammaln, ndtr

__all__ = ["LIMIT", "NODES_PER_UNIT", "tabulate_root"]

NODES_PER_UNIT = 64
LIMIT = 8.5
"""The scores of the uniforms that are drawn lie within ±8.3."""


def tabulate_root(degrees: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and slopes of ``sqrt(χ²_ν⁻¹(Φ(z))/ν)`` at the nodes z = −8.5 … 8.5.

    With y = χ²_ν⁻¹(Φ(z))/2, which is a gamma quantile of shape a = ν/2, the slope is
    ``sqrt(2/ν) · ½ y^(−½) · φ(z) Γ(a) y^(1 − a) e^y``.

    Args:
        degrees: degrees of freedom ν > 2.
    """
    z = np.linspace(-LIMIT, LIMIT, 2 * round(LIMIT * NODES_PER_UNIT) + 1)
    shape = 0.5 * degrees
    # From the nearer end on each side, so that neither tail loses its digits.
    y = np.where(z < 0.0, gammaincinv(shape, ndtr(z)), gammainccinv(shape, ndtr(-z)))
    log_slope = (
        0.5 * math.log(0.5 / degrees)
        - 0.5 * math.log(2.0 * math.pi)
        - 0.5 * z * z
        + float(gammaln(shape))
        + (0.5 - shape) * np.log(y)
        + y
    )
    return np.sqrt(y / shape), np.exp(log_slope)
