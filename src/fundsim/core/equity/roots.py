"""Real roots of a polynomial between some point and 1: how many there are, and the largest.

The flows of a fund are the coefficients, so a root is a discount factor.  Two bounds decide.

*Partial sums.*  A polynomial has at most as many roots in (0, 1) as its partial sums a₀, a₀ + a₁, …
change sign, and an even number fewer (Laguerre 1883; for cash flows Norstrøm 1972).  No change or one
settle nearly all funds in one pass.

*Bernstein.*  On an interval it has at most as many roots as its Bernstein coefficients there change sign,
and an even number fewer.  An interval with more than one change is cut in two by de Casteljau's averages,
which lose no digits, until each has none or one (Lane and Riesenfeld 1981).
"""

from __future__ import annotations

import math

from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["largest_root", "value_at"]

CUT = 125.0 / 256.0
"""Where an interval is cut: not in the middle, so that no root of round numbers lies on the cut."""
NARROW = 1e-15
MOST_STEPS = 200
NEAR = 0.01
"""Most discount factors of a month lie so near to 1: rates of ± 11 % a year."""
SMALL_STEP = 1e-11
"""After a step of Newton's of this part of x what is left is of the order of its square."""


@kernel
def value_at(coefficients, degree, x):
    """Return Σ a_i x^i by Horner's rule."""
    value = coefficients[degree]
    for i in range(degree - 1, -1, -1):
        value = value * x + coefficients[i]
    return value


@kernel
def value_and_slope(coefficients, degree, x):
    """Return Σ a_i x^i and Σ i a_i x^(i − 1), in one pass whose two sums the processor overlaps."""
    slope = 0.0
    value = coefficients[degree]
    for i in range(degree - 1, -1, -1):
        slope = slope * x + value
        value = value * x + coefficients[i]
    return value, slope


@kernel
def narrowed(coefficients, degree, low, high, rising):
    """Return a short interval around the one root between two points: most lie near the upper one."""
    width = NEAR
    while low < high - width:
        if (value_at(coefficients, degree, high - width) > 0.0) != rising:
            return high - width, high
        high -= width
        width *= 4.0
    return low, high


@outlined
def refined(coefficients, degree, low, high):
    """Return the one root between two points: Newton's steps, halving where they leave or shrink slowly."""
    rising = value_at(coefficients, degree, high) > 0.0
    low, high = narrowed(coefficients, degree, low, high, rising)
    x = 0.5 * (low + high)
    before = high - low
    for _ in range(MOST_STEPS):
        value, slope = value_and_slope(coefficients, degree, x)
        if value == 0.0:
            return x
        if (value > 0.0) == rising:
            high = x
        else:
            low = x
        step = value / slope if slope != 0.0 else math.inf
        if abs(step) <= SMALL_STEP * x:
            return min(max(x - step, low), high)
        if not low < x - step < high or abs(step) > 0.5 * before:
            step = x - 0.5 * (low + high)
            before = 2.0 * (high - low)
            if abs(step) <= 1e-16 * x:
                return x - step
        else:
            before = abs(step)
        x -= step
    return x


@kernel
def changes_of_sums(coefficients, degree):
    """Return how often the partial sums change sign, zeros left out."""
    changes = 0
    before = 0.0
    total = 0.0
    for i in range(degree + 1):
        total += coefficients[i]
        if total * before < 0.0:
            changes += 1
        if total != 0.0:
            before = 1.0 if total > 0.0 else -1.0
    return changes


@kernel
def changes_of_signs(coefficients, degree):
    """Return how often coefficients change sign, zeros left out."""
    changes = 0
    before = 0.0
    for i in range(degree + 1):
        if coefficients[i] * before < 0.0:
            changes += 1
        if coefficients[i] != 0.0:
            before = 1.0 if coefficients[i] > 0.0 else -1.0
    return changes


@kernel
def to_bernstein(coefficients, degree, polygon):
    """Fill the Bernstein coefficients on (0, 1): b_j = Σ_i C(j, i)/C(degree, i) a_i."""
    binomial = 1.0
    for i in range(degree + 1):
        polygon[i] = coefficients[i] / binomial
        binomial *= (degree - i) / (i + 1.0)
    for k in range(1, degree + 1):
        for j in range(degree, k - 1, -1):
            polygon[j] += polygon[j - 1]


@kernel
def cut(lower, upper, degree, part):
    """Cut an interval at a part of its width: ``upper`` keeps the upper part, ``lower`` is filled."""
    rest = 1.0 - part
    lower[0] = upper[0]
    for k in range(1, degree + 1):
        for i in range(degree - k + 1):
            upper[i] = rest * upper[i] + part * upper[i + 1]
        lower[k] = upper[0]


@kernel
def split_interval(room, degree, at):
    """Cut the interval on top of the pile in two, of which the upper one lies on top then."""
    low, high = room.intervals[at, 0], room.intervals[at, 1]
    middle = low + CUT * (high - low)
    upper, lower = room.polygons[at + 1], room.polygons[at]
    for i in range(degree + 1):
        upper[i] = lower[i]
    cut(lower, upper, degree, CUT)
    room.intervals[at, 1] = middle
    room.intervals[at + 1, 0] = middle
    room.intervals[at + 1, 1] = high


@outlined
def by_cutting(room, coefficients, degree, low):
    """Return the number of roots in (low, 1) and the largest: cut until each interval has none or one."""
    to_bernstein(coefficients, degree, room.polygons[0])
    if low > 0.0:
        cut(room.polygons[1], room.polygons[0], degree, low)
    room.intervals[0, 0] = low
    room.intervals[0, 1] = 1.0
    count = 0
    largest = math.nan
    at = 0
    while at >= 0:
        changes = changes_of_signs(room.polygons[at], degree)
        begin, end = room.intervals[at, 0], room.intervals[at, 1]
        deepest = at == room.polygons.shape[0] - 1 or end - begin <= NARROW * end
        if changes > 1 and not deepest:
            split_interval(room, degree, at)
            at += 1
            continue
        # Roots too close for double precision are one where the sign changes, and none where it doesn't.
        if changes % 2 == 1:
            count += 1
            if count == 1:
                largest = refined(coefficients, degree, begin, end)
        at -= 1
    return count, largest


@kernel
def largest_root(room, coefficients, degree, low):
    """Return the number of roots in (low, 1) and the largest of them, nan if there is none.

    Args:
        room: a ``RootRoom``.
        coefficients: float64 (degree + 1 or more), the first and the sum of all not 0.
        degree: the highest power.
        low: 0, or a point below 1.
    """
    changes = changes_of_sums(coefficients, degree)
    if changes == 0:
        return 0, math.nan
    if changes > 1:
        return by_cutting(room, coefficients, degree, low)
    above = value_at(coefficients, degree, 1.0) > 0.0
    if (value_at(coefficients, degree, low) > 0.0) == above:
        return 0, math.nan
    return 1, refined(coefficients, degree, low, 1.0)
