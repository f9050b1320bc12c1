"""Nouns that own their desk: what they do at the stages of a month, and what they record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from fundsim.reference.bank_books import BookDesk
from fundsim.reference.bridge import BridgeDesk
from fundsim.reference.budget import BudgetDesk
from fundsim.reference.clock import Stage
from fundsim.reference.equity import EquityDesk
from fundsim.reference.happenings import HappeningDesk
from fundsim.reference.ladder import LadderDesk
from fundsim.reference.top_ups import TopUpDesk

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["DESKS", "Desk", "in_turn"]

Act = Callable[[int], None]


class Desk(Protocol):
    """All objects of a noun on one path."""

    @property
    def acts(self) -> Mapping[Stage, Act]:
        """What it does at the stages of a month."""
        ...

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        ...


DESKS: Sequence[Callable[[City], Desk]] = (
    BridgeDesk,
    TopUpDesk,
    EquityDesk,
    HappeningDesk,
    LadderDesk,
    BookDesk,
    BudgetDesk,
)
"""In the order in which they act at one stage, after what the city itself does then.  A warm-up is booked
before rules fill up what it has left, and books of banks have grown before lines pay on their increase."""


def in_turn(everyone: Sequence[Mapping[Stage, Act]]) -> dict[Stage, Act]:
    """Return what is done at each stage: the acts of all, one after the other."""

    def at(stage: Stage) -> Act:
        acts = [own[stage] for own in everyone if stage in own]

        def together(month: int) -> None:
            for act in acts:
                act(month)

        return together

    return {stage: at(stage) for stage in Stage if any(stage in own for own in everyone)}
