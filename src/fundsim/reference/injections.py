"""Step 2 of the month: injections by their date, in the order of the scheme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fundsim.reference.ledger import Ledger
from fundsim.reference.part_paid import part_paid
from fundsim.scheme import Scheme

__all__ = ["Injections"]


class Injections:
    """The injections of a scheme on one path.

    Args:
        scheme: the scheme.
        drawn: name of a drawn multiple → its value on the path.
        ledger: the path's ledger.
    """

    def __init__(self, scheme: Scheme, drawn: Mapping[str, float], ledger: Ledger) -> None:
        self._injections = scheme.injections
        self._drawn = drawn
        self._ledger = ledger
        self._of_lines = {line.party for line in scheme.budget_lines}
        self._paid_part: dict[int, float] = {}
        """Number of an injection → the part of its amount that was paid."""
        self.unfunded: dict[str, float] = defaultdict(float)
        """Account of a budget line → what it could not pay [yuan]."""

    def pay(self, month: int) -> None:
        """Pay what is dated in a month; one that follows another is paid in the proportion of that one."""
        for number, injection in enumerate(self._injections):
            if injection.month != month:
                continue
            planned = injection.amount
            if injection.drawn is not None:
                planned *= self._drawn[injection.drawn]
            wanted = planned * self._paid_part.get(number - 1, 0.0) if injection.follows else planned
            source = injection.source
            if source in self._of_lines:
                settled = part_paid(self._ledger.payable(source), wanted) * wanted
                if settled > 0.0:
                    self._ledger.pay_in_settled(source, injection.target, injection.kind, settled)
                self.unfunded[source] += wanted - settled
            else:
                settled = self._ledger.pay_in(source, injection.target, injection.kind, wanted)
            self._paid_part[number] = settled / planned if planned > 0.0 else 1.0
