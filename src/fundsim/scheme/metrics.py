"""A metric is a name, a unit, a meaning and a formula over records by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme.formula import Formula

__all__ = ["About", "Aggregate", "BadEnd", "LawFigure", "Metric", "Picture", "Records", "Unit"]

Unit = Literal[
    "yuan", "loans", "firms", "share", "times", "months", "yes/no", "times a year", "counties",
    "requests", "days", "yuan-days", "deals", "funds",
]  # fmt: skip

Picture = Literal["distribution", "depletion", "fan", "cost", "layer", "size", "mobilised", "back"]
"""What a run draws of a metric: its distribution; the curve of a fund's depletion (an event ``….depleted``
beside ``….depletion_month``); its fan chart (it needs ``series``); its years, beside other costs (it needs
``yearly``); together with the instrument's other layers, how money grows from layer to layer; beside
those of its other sizes, the part that is refused; beside those of other money of an equity fund, how
much social money came by yuan of government's; or, by year, the cash that an equity fund brings back to the
treasury (it needs ``yearly``)."""

BadEnd = Literal["high", "low"]
"""The end at which the values of a figure are bad: claims when high, what comes back when low."""

Records = Mapping[str, NDArray[np.float64]]
"""Record name → one value a path (or a path and month); all arrays have one shape."""


@dataclass(frozen=True, slots=True)
class About:
    """What a figure is about: an instrument, or a part of it.

    >>> About("pool").name, About("pool", "margin").name
    ('pool', 'pool.margin')
    """

    instrument: str
    """Name of the instrument; ``scheme`` for the whole."""
    part: str = ""
    """A segment, a county, a partner, a layer …; empty for the instrument as a whole."""

    @property
    def name(self) -> str:
        """``instrument`` or ``instrument.part``."""
        return f"{self.instrument}.{self.part}" if self.part else self.instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A figure called ``instrument.part.own_name``, of which the first two may be missing."""

    instrument: str = ""
    part: str = ""
    own_name: str

    @property
    def name(self) -> str:
        """The whole name."""
        return ".".join(filter(None, (self.instrument, self.part, self.own_name)))

    @property
    def about(self) -> About:
        """The instrument or the part that it is about."""
        return About(self.instrument, self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(_Named):
    """One number a path and horizon.  NaN says that the path has none (no default, no claim)."""

    unit: Unit
    meaning: str
    meaning_zh: str
    formula: Formula
    event: bool = False
    """True when the value is 0 or 1: it is reported as a probability with its interval."""
    yearly: bool = False
    """Whether it is also reported for each policy year, from the flows of that year."""
    differenced: bool = False
    """Whether a year's value is the cumulative value at the year's end less that at its start, and not the
    formula over the year's flows: for a sum of flows with factors that move from year to year."""
    series: bool = False
    """Whether it is also recorded month by month (fan charts)."""
    headline: bool = False
    """Whether the run's table on the screen shows it."""
    after_window: bool = False
    """Whether it is a metric of the run-off alone: flows count from the window's end, and it exists at the
    end of the run-off only."""
    picture: Picture | None = None
    """The picture of a run that shows it, if any."""
    bad: BadEnd | None = None
    """Its bad end, if it stands in the table that says which figures are bad on the same paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(_Named):
    """A ratio of sums over all paths, e.g. Σ paid ÷ Σ due: it has a value and an error, no law."""

    unit: Unit
    meaning: str
    meaning_zh: str
    numerator: Formula
    denominator: Formula
    headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LawFigure(_Named):
    """One figure of a metric's law that has a name of its own: a value and an error, at its horizons.

    ``expected`` is the mean; ``unexpected`` the 99 % quantile less the mean.
    """

    meaning: str
    meaning_zh: str
    metric: Metric
    figure: Literal["expected", "unexpected"]

    @property
    def unit(self) -> Unit:
        """Unit of the metric."""
        return self.metric.unit
