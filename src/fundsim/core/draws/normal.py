# ruff: noqa: E501 - the coefficients stand as they are published
"""The standard normal law: Φ⁻¹ by Wichura's algorithm AS 241 (1988), to 1e-16."""

from __future__ import annotations

import math

from fundsim.core.machine.decorators import kernel

__all__ = ["normal_quantile", "normal_quantiles"]

CENTRE = 0.425
"""AS 241 has one fraction for |u − ½| up to this, and others for the tails."""


@kernel
def central_quantile(q):
    """Return Φ⁻¹(½ + q) for |q| ≤ 0.425."""
    r = 0.180625 - q * q
    numerator = (
        ((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
            + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
         + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    )  # fmt: skip
    denominator = (
        ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
            + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
         + 4.2313330701600911252e1) * r + 1.0
    )  # fmt: skip
    return q * numerator / denominator


@kernel
def tail_quantile(u):
    """Return Φ⁻¹(u) for |u − ½| > 0.425."""
    q = u - 0.5
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r -= 1.6
        numerator = (
            ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
                + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
             + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
        )  # fmt: skip
        denominator = (
            ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
                + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
             + 2.05319162663775882187e0) * r + 1.0
        )  # fmt: skip
    else:
        r -= 5.0
        numerator = (
            ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
                + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
             + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
        )  # fmt: skip
        denominator = (
            ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
                + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
             + 5.99832206555887937690e-1) * r + 1.0
        )  # fmt: skip
    x = numerator / denominator
    return -x if q < 0.0 else x


@kernel
def normal_quantile(u):
    """Return Φ⁻¹(u) for 0 < u < 1 (PPND16)."""
    q = u - 0.5
    return central_quantile(q) if abs(q) <= CENTRE else tail_quantile(u)


@kernel
def normal_quantiles(u, x, tails, n):
    """Fill ``x[: n]`` with Φ⁻¹ of ``u[: n]``.

    The centre is computed for all, which the compiler does several at a time, and what lies in the tails
    is noted without a branch and done again: guessing wrong where a tail begins would cost more.

    Args:
        u: float64 (n or more), 0 < u < 1.
        x: float64, filled.
        tails: int64, overwritten.
        n: how many.
    """
    for i in range(n):
        x[i] = central_quantile(u[i] - 0.5)
    n_tails = 0
    for i in range(n):
        tails[n_tails] = i
        n_tails += int(abs(u[i] - 0.5) > CENTRE)
    for k in range(n_tails):
        x[tails[k]] = tail_quantile(u[tails[k]])
