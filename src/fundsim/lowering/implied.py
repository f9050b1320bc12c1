"""The yearly PDs that a scheme's factors give, beside the stated ones.

With stationary factors a firm that is exposed for the twelve months of a policy year defaults with the
stated probability.  Two things differ from it, and the run prints both: a given start or a stress changes
the factors on purpose, and with a yearly or quarterly step a loan granted within a step sees parts of two.

City and sector factor are integrated on a grid of their own each, backwards over the steps of a year: a
stress that fixes the city factor leaves the sector's alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fundsim.lowering.economy import StepLaw, default_quantile
from fundsim.lowering.factor_year import (
    ar1_transition,
    conditional_default,
    grid,
    mean_over_mixing,
    spacing_for,
    spacing_of_steps,
)
from fundsim.scheme import Economy, Scheme, Segment

__all__ = ["ImpliedPd", "implied_pd"]

Floats = NDArray[np.float64]

LEAST_SPACING = 0.06
TABLE = (-40, 40)
"""Indices between which survival is tabulated; where a stress leads beyond them, a table is made for it."""
TABLE_POINTS = 100
"""Points of a table in a standard deviation; the stated PDs are printed to three digits."""


@dataclass(frozen=True, slots=True)
class ImpliedPd:
    """One-year PDs of a segment as the factors give them."""

    by_year: tuple[float, ...]
    """Of loans exposed for the twelve months of each whole policy year."""
    straddling: float
    """Of loans granted evenly over the months, stationary factors: they may see parts of two steps."""

    @property
    def mean(self) -> float:
        """Mean over the policy years."""
        return math.fsum(self.by_year) / len(self.by_year)


def implied_pd(scheme: Scheme) -> dict[str, ImpliedPd]:
    """Return segment → the one-year PDs that the factors give."""
    economy = scheme.economy
    years = max(1, scheme.window.months // 12)
    if economy.step_months == 0:
        return {s.name: _static(economy, years, s) for s in scheme.segments}
    return {s.name: _of_risk(economy, years, _risk_of(s, economy)) for s in scheme.segments}


def _static(economy: Economy, years: int, segment: Segment) -> ImpliedPd:
    """Return the PD of a static factor: the stated one, but for what a start and a stress make of month 0."""
    pd = segment.pd_annual
    if not _is_overlaid(economy):
        return ImpliedPd((pd,) * years, pd)
    first = replace(
        economy,
        step_months=12,
        persistence=0.0,
        shift=economy.shift[:1] * 12,
        fixed=economy.fixed[:1] * 12,
    )
    return ImpliedPd((_Overlaid(first, _risk_of(segment, first)).year(0),) * years, pd)


def _is_overlaid(economy: Economy) -> bool:
    """Return whether the city factor starts somewhere, or is shifted or fixed."""
    return economy.start is not None or bool(economy.shift or economy.fixed)


@dataclass(frozen=True, slots=True)
class _Risk:
    law: StepLaw
    city_weight: float


def _risk_of(segment: Segment, economy: Economy) -> _Risk:
    threshold = segment.threshold
    if threshold is None:
        q = -math.expm1(economy.step_months / 12 * math.log1p(-segment.pd_annual))
        threshold = default_quantile(q, economy.t_degrees)
    return _Risk(StepLaw(threshold, segment.rho), segment.city_weight)


@lru_cache(maxsize=256)
def _of_risk(economy: Economy, years: int, risk: _Risk) -> ImpliedPd:
    stationary = _straddling(economy, risk.law, 0)
    if not _is_overlaid(economy):
        by_year: tuple[float, ...] = (stationary,) * years
    else:
        overlaid = _Overlaid(economy, risk)
        by_year = tuple(overlaid.year(year) for year in range(years))
    offsets = [_straddling(economy, risk.law, offset) for offset in range(1, economy.step_months)]
    return ImpliedPd(by_year, math.fsum([stationary, *offsets]) / economy.step_months)


def _straddling(economy: Economy, law: StepLaw, offset: int) -> float:
    """Return the one-year PD of a loan whose first month lies ``offset`` months into a step."""
    step = economy.step_months
    innovation = math.sqrt(1.0 - economy.persistence**2)
    months = [step] * (12 // step) if offset == 0 else [step - offset, *[step] * (12 // step - 1), offset]
    spacing = (spacing_of_steps if len(months) > 1 else spacing_for)(law.rho, innovation)
    x, weight = grid(spacing)
    _, survives = conditional_default(law, x, economy.t_degrees)
    lives = np.ones_like(x)
    for later, n in enumerate(reversed(months)):
        ahead = ar1_transition(economy.persistence, spacing) @ lives if later else lives
        lives = mean_over_mixing(survives ** (n / step), economy.t_degrees) * ahead
    return 1.0 - float(np.sum(weight * lives))


class _Overlaid:
    """Survival over policy years when the city factor starts somewhere, or is shifted or fixed.

    From a given start the city factor is ``φᵏ start`` in step k, and a deviation from it that starts at 0
    and follows the same AR(1).  The grid holds the deviation, whose variance is ``1 − φ²ᵏ``: so it reaches
    equally far on both sides, wherever the factor starts.
    """

    def __init__(self, economy: Economy, risk: _Risk) -> None:
        self._economy = economy
        self._risk = risk
        innovation = math.sqrt(1.0 - economy.persistence**2)
        # Two grids: a coarser one than for a single factor, which is fine enough for three digits.
        spacing = max(LEAST_SPACING, spacing_for(risk.law.rho, innovation))
        self._points, self._weight = grid(spacing)
        self._transition = ar1_transition(economy.persistence, spacing)

    def year(self, year: int) -> float:
        """Return the PD over the twelve months of a policy year."""
        steps = 12 // self._economy.step_months
        first = year * steps
        lives = np.ones((self._points.size,) * 2)
        for step in reversed(range(first, first + steps)):
            if step < first + steps - 1:
                lives = self._transition @ lives @ self._transition.T
            lives = self._survival(step, self._points) * lives
        pd = 1.0 - float(self._law_of_deviation(first) @ lives @ self._weight)
        return min(max(pd, 0.0), 1.0)  # by rounding it may be −1e-16

    def _law_of_deviation(self, step: int) -> Floats:
        """Return weights of the deviation in a step: stationary, or on the way there from the start."""
        if self._economy.start is None:
            return self._weight
        if step == 0:
            return np.asarray(self._points == 0.0, dtype=np.float64)
        decay = self._economy.persistence**step
        kernel = np.exp(-0.5 * self._points**2 / (1.0 - decay * decay))
        return np.asarray(kernel / kernel.sum())

    def _mean(self, step: int) -> float:
        """Return the mean of the city factor in a step, as it is without a stress."""
        return (self._economy.start or 0.0) * self._economy.persistence**step

    def _survival(self, step: int, deviation: Floats) -> Floats:
        """Return the probability to survive a step, shape (city, sector)."""
        economy, risk = self._economy, self._risk
        n = economy.step_months
        city = self._mean(step) + deviation
        overlays = [_overlay(economy, month) for month in range(step * n, (step + 1) * n)]
        if len(set(overlays)) == 1:
            return _interpolated(self._index(overlays[0], city), risk.law, economy.t_degrees)
        # City by city: a table of all indices for each point of the mixing variable would take gigabytes.
        return np.array([self._over_months(overlays, one) for one in city])

    def _over_months(self, overlays: list[tuple[float, float | None]], city: float) -> Floats:
        """Return the probability to survive a step whose months differ, shape (sector,)."""
        law, degrees = self._risk.law, self._economy.t_degrees
        survives: Floats | float = 1.0
        for overlay in dict.fromkeys(overlays):
            index = self._index(overlay, np.array([city]))[0]
            _, lives = conditional_default(law, index, degrees)
            survives = survives * lives ** (overlays.count(overlay) / self._economy.step_months)
        return mean_over_mixing(np.asarray(survives), degrees)

    def _index(self, overlay: tuple[float, float | None], city: Floats) -> Floats:
        """Return the segment's index in a month, shape (city, sector)."""
        shift, fixed = overlay
        weight = self._risk.city_weight
        z = city + shift if fixed is None else np.full_like(city, fixed)
        return np.asarray(math.sqrt(weight) * z[:, None] + math.sqrt(1.0 - weight) * self._points)


def _interpolated(index: Floats, law: StepLaw, t_degrees: float | None) -> Floats:
    """Return the probability to survive a step at each index, from a table that holds them all."""
    low, high = math.floor(index.min()), math.ceil(index.max())
    if TABLE[0] <= low and high <= TABLE[1]:
        low, high = TABLE
    return np.interp(index, *_survival_by_index(law, t_degrees, low, high))


@lru_cache(maxsize=64)
def _survival_by_index(law: StepLaw, t_degrees: float | None, low: int, high: int) -> tuple[Floats, Floats]:
    """Return the indices of a table and the probability to survive a step at each."""
    scores = np.linspace(low, high, (high - low) * TABLE_POINTS + 1)
    _, lives = conditional_default(law, scores, t_degrees)
    return scores, mean_over_mixing(lives, t_degrees)


def _overlay(economy: Economy, month: int) -> tuple[float, float | None]:
    """Return what a stress does to the city factor in a month: its shift, and where it is fixed."""
    if month < len(economy.fixed) and not math.isnan(economy.fixed[month]):
        return 0.0, economy.fixed[month]
    return (economy.shift[month] if month < len(economy.shift) else 0.0), None
