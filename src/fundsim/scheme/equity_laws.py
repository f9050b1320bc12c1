"""Laws of an equity fund: what is raised, how deals end, how money is shared out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "MOST_DEALS_A_MONTH",
    "BetaShare",
    "CallOption",
    "Clock",
    "ExcessShare",
    "Exit",
    "Multiple",
    "Pacing",
    "Raising",
    "Stage",
    "Waterfall",
]

MOST_DEALS_A_MONTH = 100.0
"""Largest mean number of deals a month: their number is found by walking up from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaShare:
    """A share between 0 and 1: a beta law, or fixed when ``sd`` is 0."""

    mean: float
    sd: float = 0.0

    def faults(self, whose: str) -> Iterator[str]:
        """Yield moments that no beta law has."""
        if not 0.0 <= self.mean <= 1.0 or self.sd < 0.0:
            yield f"{whose}: mean {self.mean} and sd {self.sd} are no share"
        elif self.sd > 0.0 and self.sd * self.sd >= self.mean * (1.0 - self.mean):
            yield f"{whose}: no beta law has mean {self.mean} and sd {self.sd}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raising:
    """How much of the social target comes, and when."""

    p_full: float
    """Probability that the whole target is raised."""
    rest: BetaShare
    """Law of the part raised by a fund that misses its target."""
    rho: float = 0.0
    """Share of the variance of the raising score that the city factor explains, 0 … below 1."""
    closings: tuple[tuple[int, float], ...] = ((0, 1.0),)
    """(month from the fund's start, share of what is raised), ascending; the shares sum to 1."""
    minimum_first_close: float = 0.0
    """Share of the target that must be committed for the fund to be set up."""
    set_up_months: int = 12
    """Last month from the start in which a closing can set the fund up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A Weibull law of years: cumulated hazard (x/scale)^shape.  An infinite scale never rings."""

    shape: float
    scale: float

    def hazard(self, years: float) -> float:
        """Return the cumulated hazard after some years.

        >>> Clock(shape=2.0, scale=4.0).hazard(2.0)
        0.25
        """
        return 0.0 if math.isinf(self.scale) else math.pow(years / self.scale, self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """Proceeds per yuan of cost.

    ``fixed``: value.  ``lognormal``: mean ``value``, standard deviation ÷ mean ``cv``.  ``buy_back``:
    (1 + rate)^years × collectability.
    """

    law: Literal["fixed", "lognormal", "buy_back"]
    value: float = 0.0
    cv: float = 0.0
    rate: float = 0.0
    collectability: float = 1.0

    def mean(self, years: float) -> float:
        """Return the mean after so many years.

        >>> Multiple(law="buy_back", rate=0.08, collectability=0.5).mean(2.0)
        0.5832
        """
        if self.law == "buy_back":
            return math.pow(1.0 + self.rate, years) * self.collectability
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A category of exits, its probability among exits, and what it brings."""

    name: str
    probability: float
    multiple: Multiple


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Deals of one stage of a firm's life."""

    name: str
    share: float
    """Of the number of deals."""
    exit: Clock
    failure: Clock
    exits: tuple[Exit, ...]
    """From the category of bad times to that of good times; the probabilities sum to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """How distributions are shared between partners and manager."""

    hurdle: float = 0.0
    """Yearly return that partners have before the manager has carry; 0 without such a step."""
    catch_up: float = 0.0
    """Share of the manager until its carry is complete; 0 without such a step, else above ``carry``."""
    carry: float = 0.0
    clawback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcessShare:
    """Government cedes a share of what it receives above its base; 1 is all its gains."""

    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOption:
    """Social partners may buy government's stake at cost, later at cost with interest."""

    years: int
    """k: tested first in the last month of fund year k, and then each year."""
    benchmark: float
    """Yearly interest on calls after year k."""
    option_mark: float = 1.0
    """Value of unsold deals per yuan of cost, for the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """Calls and distributions by rates, as Takahashi and Alexander (2002) pace them, in place of deals."""

    calls: tuple[float, ...]
    """Part of the uncalled commitments that is called in each year; the last one holds for later years."""
    growth: float
    """Of net asset value, a year."""
    bow: float
    """B: distributed of net asset value in year t of L is (t/L)^B."""
    least_yield: float = 0.0
    """Y: part of net asset value that is distributed each year at least."""

    def called(self, year: int) -> float:
        """Return the part of the uncalled commitments that is called in a year, 1 and up."""
        return self.calls[min(year, len(self.calls)) - 1]

    def distributed(self, year: int, life: int) -> float:
        """Return the part of net asset value that is distributed in a year of so many.

        >>> Pacing(calls=(0.25,), growth=0.13, bow=2.5).distributed(3, 12)
        0.03125
        """
        return max(self.least_yield, math.pow(year / life, self.bow))

    def faults(self) -> Iterator[str]:
        """Yield rates that have no meaning."""
        if not self.calls or not all(0.0 <= rate <= 1.0 for rate in self.calls):
            yield "pacing: rates of call are shares"
        if self.growth <= -1.0 or self.bow < 0.0 or not 0.0 <= self.least_yield <= 1.0:
            yield "pacing: growth, bow or yield has no meaning"
