"""Public money beside an equity fund: joining its deals, subsidies for risk, grants to its firms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["BesideMoney", "CoInvestment", "Protection", "RiskSubsidy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideMoney:
    """Money of an account of its own, spent deal by deal; what is left goes to the treasury."""

    account: str
    """Limited and public."""
    treasury: str
    """Who receives what is left, and what joined deals bring."""

    def faults(self, stages: frozenset[str]) -> Iterator[str]:
        """Yield terms that have no meaning for a fund with these stages."""
        yield from ()

    def last_age(self, investment: int, last: int) -> int:
        """Return the month from the fund's start at whose end what is left goes back."""
        return investment - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CoInvestment(BesideMoney):
    """Government joins each deal, pari passu (跟进投资)."""

    share: float
    """Of a deal's cost."""
    cap: float
    """Most for a deal [yuan]; may be infinite."""

    def faults(self, stages: frozenset[str]) -> Iterator[str]:
        """Yield a share or a cap that joins nothing."""
        if not self.share > 0.0 or not self.cap > 0.0:
            yield "co-investment: share and cap must be positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSubsidy(BesideMoney):
    """The fund receives a share of what it invests, or loses, in firms of some stages (风险补助)."""

    base: Literal["cost", "loss"]
    share: float
    cap: float
    """Most for a deal [yuan]; may be infinite."""
    stages: frozenset[str]
    """Names of stages."""

    def faults(self, stages: frozenset[str]) -> Iterator[str]:
        """Yield a share above the base, and stages that the fund does not have."""
        if not 0.0 < self.share <= 1.0 or not self.cap > 0.0:
            yield "risk subsidy: share must lie between 0 and 1, and the cap be positive"
        if not self.stages or not self.stages <= stages:
            yield "risk subsidy: unknown stages, or none"

    def last_age(self, investment: int, last: int) -> int:
        """Return the month at whose end nothing more can fall due."""
        return last if self.base == "loss" else investment - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection(BesideMoney):
    """Grants to the firms of deals of some stages, with the deal and a year later (投资保障)."""

    before: float
    """In the month of the deal [yuan]."""
    after: float
    """Twelve months later, if the deal has not ended [yuan]."""
    stages: frozenset[str]

    def faults(self, stages: frozenset[str]) -> Iterator[str]:
        """Yield grants of nothing, and stages that the fund does not have."""
        if self.before < 0.0 or self.after < 0.0 or self.before + self.after <= 0.0:
            yield "protection: its grants must be positive"
        if not self.stages or not self.stages <= stages:
            yield "protection: unknown stages, or none"

    def last_age(self, investment: int, last: int) -> int:
        """Return the month at whose end nothing more can fall due."""
        return min(last, investment - 1 + (12 if self.after > 0.0 else 0))
