"""A figure of one scenario beside its difference to the first scenario's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from fundsim.decide.paired import Difference
from fundsim.results.statistics import Estimate, Probability

__all__ = ["Cell", "Lack", "plain_cell"]

Lack = Literal["no_metric", "not_kept", "not_by_path", "other_unit", "no_error", "no_target"]
"""Why a scenario has no figure, or its figure no difference: it has no such metric; its run did not keep it;
its folder has no values by path of it; it is in another unit; no error of the difference is known; or it has
no such target."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one scenario."""

    figure: Estimate | Probability | None
    """The mean, ratio or probability; None where the scenario has none."""
    difference: Difference | None
    """To the first scenario; None for the first itself, and where there is none."""
    lack: Lack | None = None

    @property
    def estimate(self) -> Estimate:
        """The figure with its standard error, a probability's too; NaN where there is none."""
        if isinstance(self.figure, Probability):
            p, n = self.figure.p, self.figure.n
            return Estimate(p, math.sqrt(p * (1.0 - p) / n) if n else math.nan)
        return self.figure or Estimate(math.nan, math.nan)


def plain_cell(cell: Cell) -> dict[str, Any]:
    """Return a cell as plain data; what does not exist (NaN) is null."""
    estimate = cell.estimate
    plain: dict[str, Any] = {"value": _number(estimate.value), "se": _number(estimate.se)}
    if isinstance(cell.figure, Probability):
        plain["ci95"] = [_number(end) for end in cell.figure.ci95]
    plain["difference"] = cell.difference and {
        "value": _number(cell.difference.value),
        "se": _number(cell.difference.se),
        "ci95": [_number(end) for end in cell.difference.ci95],
    }
    return plain | ({"lack": cell.lack} if cell.lack else {})


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
