"""exp of what is not positive, written out so that the compiler does several at a time.

It is what survival needs in every month of every path, where a call of libm for each would stand in
the way.  With x = r − k ln 2, |r| ≤ ½ ln 2, exp(x) is 2⁻ᵏ times the Taylor polynomial of exp(r) of
degree 13, whose remainder is below 1e-17.  The relative error is below 3e-16.
"""

from __future__ import annotations

import numpy as np

from fundsim.core.machine.decorators import kernel

__all__ = ["exp_of_negative"]

LEAST = -690.0
"""exp of less is taken for exp of this, 2e-300: nobody survives either."""

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
"""ln 2 in two parts, the first with so many zeros behind it that k times it is exact."""

HALVES = np.array([2.0**-k for k in range(1000)])


@kernel
def exp_of_negative(x):
    """Return exp(x) for x ≤ 0."""
    x = max(x, LEAST)
    k = np.int64(0.5 - x * LOG2_E)
    r = x + k * LN2_HIGH + k * LN2_LOW
    value = 1.0 / 6227020800.0
    value = value * r + 1.0 / 479001600.0
    value = value * r + 1.0 / 39916800.0
    value = value * r + 1.0 / 3628800.0
    value = value * r + 1.0 / 362880.0
    value = value * r + 1.0 / 40320.0
    value = value * r + 1.0 / 5040.0
    value = value * r + 1.0 / 720.0
    value = value * r + 1.0 / 120.0
    value = value * r + 1.0 / 24.0
    value = value * r + 1.0 / 6.0
    value = value * r + 0.5
    value = value * r + 1.0
    return (value * r + 1.0) * HALVES[k]
