"""Events of one sort in a month: listings, firms that move in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fundsim.reference.clock import Stage
from fundsim.reference.economy import index_of, shared_uniform
from fundsim.reference.equity_draws import poisson_value
from fundsim.scheme import Happening, Purpose, entity

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["HappeningDesk"]


class HappeningDesk:
    """Draws the number of all events at step 1 of each month of the window."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._index = {
            one.name: index_of(city.factors, one.city_weight, one.sector) for one in city.scheme.happenings
        }
        self._n = dict.fromkeys(self._index, 0)

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {Stage.POPULATION: self._happen}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        return {Happening.record(name, "n"): self._gauge(name) for name in self._n}

    def _gauge(self, name: str) -> Callable[[], float]:
        return lambda: float(self._n[name])

    def _happen(self, month: int) -> None:
        city = self._city
        if month >= city.policy_months:
            return
        for terms in city.scheme.happenings:
            x = self._index[terms.name][month]
            mean = terms.yearly[month // 12] / 12.0 * math.exp(terms.beta * x - terms.beta * terms.beta / 2.0)
            number = entity(f"happening.{terms.name}")
            u = shared_uniform(city.seed, city.path, Purpose.BUDGET, number, month)
            self._n[terms.name] += poisson_value(mean, u)
