"""What becomes of an equity fund's deals by their laws: how many fail, are sold in each way, or are left.

Exits come late in bad markets, so the categories of exits that good times bring are more frequent among the
exits than stated; how much more is worked out here, on a grid of the fund's index. The index has variance
1 and the persistence of the factors whatever the weights of city and sector, because both have it. Starts
and stresses of the economy are left out: the figures are those of average times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fundsim.lowering.factor_year import ar1_transition, grid, spacing_for
from fundsim.scheme import Economy, EquityFund, Stage

__all__ = ["StageOutcome", "outcomes", "raised_on_average"]

Floats = NDArray[np.float64]

FINE = 0.2
"""Stands for a correlation when the spacing of the grid is chosen: laws of deals are smooth in the index."""


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """What becomes of the deals of one stage, made evenly over the investment period."""

    failed: float
    """Share of the deals."""
    exits: tuple[float, ...]
    """Share of the deals, by category."""
    unsold: float
    """Share of the deals that are left when the fund ends."""
    multiple: float
    """Mean proceeds ÷ cost."""

    @property
    def exited(self) -> float:
        """Share of the deals that are sold before the fund ends."""
        return math.fsum(self.exits)

    @property
    def shares_of_exits(self) -> tuple[float, ...]:
        """Share of the exits, by category; NaN where there are none."""
        return tuple(one / self.exited if self.exited > 0.0 else math.nan for one in self.exits)


def raised_on_average(fund: EquityFund) -> float:
    """Return the mean share of the social target that is raised; 0 without social partners."""
    raising = fund.raising
    return 0.0 if raising is None else raising.p_full + (1.0 - raising.p_full) * raising.rest.mean


def outcomes(fund: EquityFund, economy: Economy) -> dict[str, StageOutcome]:
    """Return stage → what becomes of its deals."""
    return {stage.name: _Life(fund, economy, stage).outcome() for stage in fund.stages}


class _Life:
    """Deals of one stage: weights of the index of those that have not ended, month by month."""

    def __init__(self, fund: EquityFund, economy: Economy, stage: Stage) -> None:
        self._fund, self._stage = fund, stage
        self._step = economy.step_months
        innovation = math.sqrt(1.0 - economy.persistence**2) if self._step else 1.0
        spacing = spacing_for(FINE, innovation)
        self._x, self._start = grid(spacing)
        self._transition = ar1_transition(economy.persistence, spacing) if self._step else None
        beta, failing = fund.exit_beta, fund.failure_beta
        self._exit_speed = np.exp(beta * self._x - 0.5 * beta * beta)
        self._failure_speed = np.exp(-failing * self._x - 0.5 * failing * failing)
        self._category = self._categories()

    def _categories(self) -> Floats:
        """Return the probability of each category at each index, shape (categories, points)."""
        stated = np.cumsum([one.probability for one in self._stage.exits])[:-1]
        rho = self._fund.exit_rho
        bounds = (ndtri(stated)[:, None] - math.sqrt(rho) * self._x) / math.sqrt(1.0 - rho)
        ends = np.vstack([np.zeros_like(self._x), ndtr(bounds), np.ones_like(self._x)])
        return np.diff(ends, axis=0)

    def outcome(self) -> StageOutcome:
        """Return the shares over all months of the investment period in which deals are made."""
        fund = self._fund
        first = 0 if fund.raising is None else fund.raising.closings[0][0]
        months = range(fund.start + min(first, fund.investment - 1), fund.start + fund.investment)
        classes = max(1, self._step)
        totals = np.zeros((0, 0))
        for offset in range(min(classes, len(months))):
            ages = [fund.last - t for t in months if t % classes == months[offset] % classes]
            by_age = self._by_age(months[offset], max(ages))
            found = by_age[ages].sum(axis=0)
            totals = found if not totals.size else totals + found
        failed, proceeds, *exits = (totals / len(months)).tolist()
        unsold = 1.0 - failed - math.fsum(exits)
        return StageOutcome(failed, tuple(exits), unsold, proceeds + unsold * self._fund.liquidation_multiple)

    def _by_age(self, month: int, ages: int) -> Floats:
        """Return failed, proceeds and exits by category up to each age of a deal, shape (ages + 1, …)."""
        stage, alive = self._stage, self._start
        rows = [np.zeros(2 + len(stage.exits))]
        for age in range(1, ages + 1):
            if self._transition is not None and age > 1 and (month + age) % self._step == 0:
                alive = alive @ self._transition
            sold, failed = self._ended(age)
            exits = self._category @ (alive * sold)
            multiples = np.array([one.multiple.mean(age / 12.0) for one in stage.exits])
            rows.append(np.array([float(alive @ failed), float(exits @ multiples), *exits]))
            alive = alive * (1.0 - sold - failed)
        return np.cumsum(rows, axis=0)

    def _ended(self, age: int) -> tuple[Floats, Floats]:
        """Return the probabilities to be sold and to fail in a month of a deal's life, by index."""
        clocks = (self._stage.exit, self._stage.failure)
        exit_hazard, failure_hazard = (c.hazard(age / 12.0) - c.hazard((age - 1) / 12.0) for c in clocks)
        sold, failed = exit_hazard * self._exit_speed, failure_hazard * self._failure_speed
        both = sold + failed
        ending = -np.expm1(-both)
        part = np.divide(sold, both, out=np.zeros_like(both), where=both > 0.0)
        return ending * part, ending * (1.0 - part)
