"""Internal rate of return of monthly flows, with what may be wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from fundsim.scheme import IrrCase
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["HIGHEST_RATE", "internal_rate"]

HIGHEST_RATE = 10.0
"""1,000 % a year."""
Floats = NDArray[np.float64]


def internal_rate(flows: Sequence[float], called: float) -> tuple[float, IrrCase]:
    """Return the yearly internal rate of return, NaN where there is none, and how it was found.

    Args:
        flows: of each month, netted: what was received less what was paid [yuan].
        called: what was paid on calls in all [yuan].

    >>> internal_rate([-100.0, *[0.0] * 11, 110.0], 100.0)[1].name
    'ONE'
    """
    if called <= HALF_A_FEN:
        return math.nan, IrrCase.NOT_CALLED
    values = np.array([flow if abs(flow) >= HALF_A_FEN else 0.0 for flow in flows])
    paid, received = bool((values < 0.0).any()), bool((values > 0.0).any())
    if not (paid and received):
        return (-1.0, IrrCase.ONE) if paid else (math.nan, IrrCase.NONE)
    values = np.trim_zeros(values)
    total = math.fsum(values)
    roots = _roots(values)
    if abs(total) < HALF_A_FEN:
        roots = [0.0, *(delta for delta in roots if not _is_zero(values, delta))]
    rates = [math.expm1(12.0 * delta) for delta in roots]
    if rates:
        return _of_several(rates, total), IrrCase.ONE if len(rates) == 1 else IrrCase.AMBIGUOUS
    if values[0] < 0.0 and _present_values(values, [_delta(HIGHEST_RATE)])[0] > 0.0:
        return HIGHEST_RATE, IrrCase.CAPPED
    return math.nan, IrrCase.NONE


def _of_several(rates: Sequence[float], total: float) -> float:
    """Return the rate nearest 0 with the sign of the undiscounted sum, or the nearest if none has it."""
    gains = total > -HALF_A_FEN
    alike = [rate for rate in rates if (rate >= 0.0) == gains]
    return min(alike or rates, key=abs)


def _is_zero(flows: Floats, delta: float) -> bool:
    """Return whether the present value is 0, to half a fen, from a force of interest of 0 up to this one.

    Of flows that sum to 0, to half a fen, such a root is the rate of 0.
    """
    values = _present_values(flows, [delta * k / 16.0 for k in range(17)])
    return bool((np.abs(values) < HALF_A_FEN).all())


def _delta(rate: float) -> float:
    """Return the monthly force of interest of a yearly rate."""
    return math.log1p(rate) / 12.0


def _present_values(flows: Floats, deltas: Sequence[float]) -> Floats:
    """Return Σ f_t exp(−δ t) for each δ, times exp(δ T) where δ < 0: of the same sign, and always finite."""
    forces = np.array(deltas)[:, None]
    months = np.arange(len(flows), dtype=float)
    terms = flows * np.exp(-forces * (months - np.where(forces < 0.0, months[-1], 0.0)))
    # Not a product of matrices, whose last bits depend on how many rates are asked for together.
    values: Floats = terms.sum(axis=1)
    return values


def _roots(flows: Floats) -> list[float]:
    """Return the forces of interest, up to that of 1,000 %, at which the present value is 0, each once."""

    def value(delta: float) -> float:
        return float(_present_values(flows, [delta])[0])

    nodes = _nodes(_lowest(flows), _delta(HIGHEST_RATE))
    heights = _present_values(flows, nodes)
    roots = [nodes[k] for k in np.flatnonzero(heights == 0.0)]
    signs = np.sign(heights)
    crossed = np.flatnonzero(signs[:-1] * signs[1:] < 0.0)
    roots += [_between(value, nodes[k], nodes[k + 1]) for k in crossed]
    # Where a curve comes near 0 between two nodes of one sign, it may cross it there and come back.
    here, away = np.abs(heights[1:-1]), np.abs(heights)
    alike = (signs[1:-1] == signs[:-2]) & (signs[1:-1] == signs[2:]) & (signs[1:-1] != 0.0)
    dips = np.flatnonzero(alike & (here < away[:-2]) & (here < away[2:])) + 1
    for k in dips:
        roots += _dip(value, nodes[k - 1], nodes[k + 1], signs[k])
    return roots


def _between(value: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(value, low, high, xtol=1e-16, rtol=4.0 * np.finfo(float).eps, maxiter=200))


def _dip(value: Callable[[float], float], low: float, high: float, sign: float) -> Iterator[float]:
    """Yield both roots where a curve that has one sign at three nodes crosses 0 between them."""
    found = minimize_scalar(lambda x: sign * value(x), bounds=(low, high), method="bounded")
    if sign * value(float(found.x)) < 0.0:
        yield _between(value, low, float(found.x))
        yield _between(value, float(found.x), high)


def _nodes(lowest: float, highest: float) -> list[float]:
    """Return ascending forces of interest: dense around 0, and ever wider apart far below it."""
    dense = [0.0005 * k for k in range(1, math.ceil(highest / 0.0005))]
    below = [0.0]
    while below[-1] > lowest:
        below.append(below[-1] - max(0.0005, -0.01 * below[-1]))
    return [*reversed(below), *dense, highest]


def _lowest(flows: Floats) -> float:
    """Return a force of interest below which the last flow outweighs all others (bound of Lagrange).

    With v = exp(−δ) the present value is a polynomial; its positive roots lie below
    1 + (A/|a|)^(1/k), a the last coefficient, A the largest of the other sign, the nearest of them k months
    before.
    """
    last = flows[-1]
    against = np.flatnonzero(flows * last < 0.0)
    gap = len(flows) - 1 - against[-1]
    largest = np.abs(flows[against]).max() / abs(last)
    return -math.log1p(float(largest) ** (1.0 / float(gap))) - 0.001
