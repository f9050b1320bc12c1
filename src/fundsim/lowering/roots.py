"""Roots of functions of one variable.

Written here because importing SciPy's optimisers takes longer than a small run takes to simulate.
"""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["brent_root"]

SMALLEST_RELATIVE = 4.0 * math.ulp(1.0)
MOST_STEPS = 100


def brent_root(function: Callable[[float], float], low: float, high: float, *, tolerance: float) -> float:
    """Return a root of a function that changes its sign between two points.

    Brent (1973), "Algorithms for Minimization without Derivatives", chapter 4: inverse quadratic or
    linear interpolation where it converges fast enough, bisection where it doesn't.  The steps are
    those of SciPy's ``brentq``, number by number.

    Args:
        function: a continuous function.
        low: one end of the bracket.
        high: the other end.
        tolerance: how far the root may be from the value returned, beside four units in its last place.

    Raises:
        ValueError: the function has one sign at both ends, or a hundred steps don't suffice.

    >>> round(brent_root(lambda x: x * x - 2.0, 0.0, 2.0, tolerance=1e-12), 10)
    1.4142135624
    """
    before, now = low, high
    f_before, f_now = function(before), function(now)
    if f_before == 0.0 or f_now == 0.0:
        return before if f_before == 0.0 else now
    if (f_before < 0.0) == (f_now < 0.0):
        raise ValueError(f"no change of sign between {low:g} and {high:g}")
    other, f_other, last_step, step = before, f_before, now - before, now - before
    for _ in range(MOST_STEPS):
        if (f_before < 0.0) != (f_now < 0.0):
            other, f_other = before, f_before
            last_step = step = now - before
        if abs(f_other) < abs(f_now):
            before, now, other = now, other, now
            f_before, f_now, f_other = f_now, f_other, f_now
        delta = 0.5 * (tolerance + SMALLEST_RELATIVE * abs(now))
        half = 0.5 * (other - now)
        if f_now == 0.0 or abs(half) < delta:
            return now
        tried = math.inf
        if abs(last_step) > delta and abs(f_now) < abs(f_before):
            tried = _interpolated((before, f_before), (now, f_now), (other, f_other))
        # An interpolated step must stay well inside the bracket and beat the last step but one.
        if 2.0 * abs(tried) < min(abs(last_step), 3.0 * abs(half) - delta):
            last_step, step = step, tried
        else:
            last_step = step = half
        before, f_before = now, f_now
        now += step if abs(step) > delta else math.copysign(delta, half)
        f_now = function(now)
    raise ValueError(f"no root found between {low:g} and {high:g} in {MOST_STEPS} steps")


def _interpolated(before: tuple[float, float], now: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the step from ``now`` to where a line or an inverse parabola through the points is zero."""
    (x0, f0), (x1, f1), (x2, f2) = before, now, other
    if x0 == x2:
        return _quotient(-f1 * (x1 - x0), f1 - f0)
    slope_0 = (f0 - f1) / (x0 - x1)
    slope_2 = (f2 - f1) / (x2 - x1)
    return _quotient(-f1 * (f2 * slope_2 - f0 * slope_0), slope_2 * slope_0 * (f2 - f0))


def _quotient(top: float, bottom: float) -> float:
    """Return a quotient, infinite where the denominator is 0 or too small for a float: then one bisects."""
    return top / bottom if bottom != 0.0 else math.inf
