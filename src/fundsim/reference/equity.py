"""All equity funds of a path, as a desk of the city."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fundsim.reference.clock import Stage
from fundsim.reference.equity_fund import Fund
from fundsim.scheme import EquityFund, Nature

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["EquityDesk"]


class EquityDesk:
    """Starts the funds of a path, each a process of its own, and reads their books."""

    def __init__(self, city: City) -> None:
        self._clock = city.clock
        # Parents first, because a sub-fund needs to know its own.
        made: dict[str, Fund] = {}
        for terms in sorted(city.scheme.equity_funds, key=lambda terms: terms.parent is not None):
            made[terms.name] = Fund(
                terms, city, None if terms.parent is None else made[terms.parent].sub_funds
            )
        self._funds = [made[terms.name] for terms in city.scheme.equity_funds]
        for fund in self._funds:
            city.clock.start(fund.live())

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month: nothing, its funds wake by themselves."""
        return {}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        return {
            EquityFund.record(fund.terms.name, record.name): self._gauge(fund, record.name, record.nature)
            for fund in self._funds
            for record in EquityFund.records
        }

    def _gauge(self, fund: Fund, name: str, nature: Nature) -> Callable[[], float]:
        if nature is Nature.SNAPSHOT:
            return lambda: self._rate(fund, name)
        owner = fund.money.calls if hasattr(fund.money.calls, name) else fund.books
        return lambda: float(getattr(owner, name))

    def _rate(self, fund: Fund, name: str) -> float:
        """Return a record of rates of return; not a number but at the ends of the window and of the fund."""
        found = fund.books.rates.get(self._clock.month)
        return math.nan if found is None else found()[name]
