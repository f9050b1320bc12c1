"""Figures over two levels, draws of assumptions and paths, with the error that both leave.

Every draw is simulated on the same paths, so that a draw has what its assumptions do to all paths, a path
what it does under all assumptions, and each cell what is left: the two-way layout of Scheffé (1959), §7.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fundsim.results.statistics import Floats

__all__ = ["Components", "components"]


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of what draws and paths do to the cells of a table, shape (draws, paths)."""

    n_draws: int
    n_paths: int
    rows: float
    """Sample variance of the means by draw."""
    columns: float
    """Sample variance of the means by path."""
    rest: float
    """Mean square of what is left when both are taken off."""

    @property
    def assumptions(self) -> float:
        """Variance of the expected outcome over the plausible assumptions; 0 where chance hides it."""
        return max(0.0, self.rows - self.rest / self.n_paths)

    @property
    def chance(self) -> float:
        """Variance of outcomes that the assumptions do not explain."""
        return max(0.0, self.columns - self.rest / self.n_draws) + self.rest

    @property
    def share(self) -> float:
        """Share of the variance of an outcome that the assumptions explain; NaN where nothing varies."""
        whole = self.assumptions + self.chance
        return self.assumptions / whole if whole > 0.0 else math.nan

    @property
    def error(self) -> float:
        """Standard error of the mean of all cells.

        Its variance is ``σ_draws²/D + σ_paths²/P + σ_both²/(D P)``, of which the first two terms, taken from
        the means by draw and by path, each hold the last one.
        """
        cells = self.n_draws * self.n_paths
        variance = self.rows / self.n_draws + self.columns / self.n_paths - self.rest / cells
        return math.sqrt(max(0.0, variance))

    @property
    def noise(self) -> float:
        """Share of the variance between draws that is the chance of their paths; NaN where none varies."""
        return min(1.0, self.rest / self.n_paths / self.rows) if self.rows > 0.0 else math.nan


def components(cells: Floats) -> Components:
    """Return the variances of a table of outcomes.

    Args:
        cells: one value a draw and path, shape (draws, paths), two of each at least; all finite.
    """
    n_draws, n_paths = cells.shape
    by_draw, by_path = cells.mean(axis=1), cells.mean(axis=0)
    whole = by_draw.mean()
    squares = 0.0
    for row, mean in zip(cells, by_draw, strict=True):  # row by row: no second table of this size
        squares += float(np.square(row - by_path - (mean - whole)).sum())
    return Components(
        n_draws,
        n_paths,
        float(by_draw.var(ddof=1)),
        float(by_path.var(ddof=1)),
        squares / ((n_draws - 1) * (n_paths - 1)),
    )
