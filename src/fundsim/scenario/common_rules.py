"""Rules that terms of several kinds keep: a sector for a sector's weight, moments of a beta law."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fundsim.scenario.term import TermFault, exact, idle, rounded_down

__all__ = ["faults_of_beta", "faults_of_idle_sector", "faults_of_sector"]

WIDEST = 0.99
"""Largest standard deviation of a beta law ÷ that of a law of zeros and ones."""


def faults_of_sector(sector: str | None, city_weight: float) -> Iterator[TermFault]:
    """Require a sector where a sector's factor has weight."""
    if city_weight < 1 and sector is None:
        yield TermFault(
            ("sector",),
            f"is missing, and city_weight {city_weight:g} leaves weight to a sector",
            "name the sector, or write city_weight: 1",
            f"缺少该项，而 city_weight 为 {city_weight:g}，其余权重需归于某个行业",
            "请写行业，或写 city_weight: 1",
        )


def faults_of_idle_sector(sector: str | None, city_weight: float) -> Iterator[TermFault]:
    """Require a sector where its factor has weight, and warn of one where it has none."""
    yield from faults_of_sector(sector, city_weight)
    if city_weight == 1 and sector is not None:
        yield idle("sector", "city_weight is 1", "city_weight 为 1")


def faults_of_beta(mean: float, sd: float) -> Iterator[TermFault]:
    """Require ``sd² < mean (1 − mean)``, as any law on 0 … 1 has it, and not too near to it."""
    bound = rounded_down(WIDEST * math.sqrt(mean * (1 - mean)))
    if sd > bound:
        yield TermFault(
            ("sd",),
            f"no beta law with mean {exact(mean)} has so large a standard deviation",
            f"write {bound:g} or less",
            f"均值为 {exact(mean)} 的贝塔分布不可能有这么大的标准差",
            f"请写不大于 {bound:g} 的数",
        )
