"""Monthly net flows between an equity fund and its partners, and what rates of return they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from fundsim.reference.equity_irr import internal_rate

__all__ = ["Flows"]


@dataclass(slots=True)
class Flows:
    """What each side received less what it paid, month by month from the window's first on [yuan]."""

    government: list[float] = field(default_factory=list)
    social: list[float] = field(default_factory=list)
    treasury: list[float] = field(default_factory=list)
    """Of custody instead of calls: paid in, and given back."""
    paid_into_custody: float = 0.0

    def begin_month(self, paid_into_custody: float) -> None:
        """Begin a month, in which so much has been paid into custody since the path began."""
        self.government.append(0.0)
        self.social.append(0.0)
        self.treasury.append(self.paid_into_custody - paid_into_custody)
        self.paid_into_custody = paid_into_custody

    def call(self, *, government: float, social: float) -> None:
        """Book what was paid on calls; custody has paid for government."""
        self.government[-1] -= government
        self.social[-1] -= social

    def receive(self, *, government: float = 0.0, social: float = 0.0) -> None:
        """Book what was received."""
        self.government[-1] += government
        self.treasury[-1] += government
        self.social[-1] += social

    def empty_custody(self, amount: float) -> None:
        """Book what custody gives back."""
        self.treasury[-1] += amount

    def rates(
        self, *, called: Mapping[str, float], left: Mapping[str, float]
    ) -> Callable[[], Mapping[str, float]]:
        """Return what finds the records of internal rates of return at the end of this month.

        Args:
            called: side → what it paid on calls, or into custody, to date [yuan].
            left: side → value that it still has, which counts as received now [yuan].
        """
        sides = {
            "fund": [sum(both) for both in zip(self.government, self.social, strict=True)],
            "government": list(self.government),
            "social": list(self.social),
            "treasury": list(self.treasury),
        }
        for side, flows in sides.items():
            flows[-1] += left[side]

        @cache
        def found() -> Mapping[str, float]:
            records: dict[str, float] = {}
            for side, flows in sides.items():
                rate, case = internal_rate(flows, called[side])
                records[f"irr_{side}"], records[f"irr_{side}_case"] = rate, float(case)
            return records

        return found
