"""Top-ups: rules that fill a party up when it holds too little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fundsim.reference.clock import Stage

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["TopUpDesk"]


class TopUpDesk:
    """Applies the rules of a scheme, in their order, in each month of the window."""

    def __init__(self, city: City) -> None:
        self._rules = city.scheme.top_ups
        self._window = city.scheme.window
        self._ledger = city.ledger
        self._paid: dict[tuple[int, int], float] = defaultdict(float)
        """(number of the rule, policy year) → paid [yuan]."""

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {Stage.APPROPRIATIONS: self.fill}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now: top-ups have none but their lines in the ledger."""
        return {}

    def fill(self, month: int) -> None:
        """Fill each target that holds less than its level; none after the window."""
        if month >= self._window.months:
            return
        for number, rule in enumerate(self._rules):
            held = self._ledger.balance[rule.target]
            if held < rule.below:
                left = rule.year_limit - self._paid[number, month // 12]
                wanted = max(0.0, min(rule.to - held, left))
                moved = self._ledger.pay_in(rule.source, rule.target, rule.kind, wanted)
                self._paid[number, month // 12] += moved
