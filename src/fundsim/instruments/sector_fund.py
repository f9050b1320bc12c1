"""Sector funds (产业基金): guide funds whose deals depend on one sector beside the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from fundsim.instruments.equity_investing import InvestingTerms
from fundsim.instruments.equity_part import equity_part
from fundsim.instruments.part import Kind
from fundsim.scenario.term import term
from fundsim.units import Share

__all__ = ["KIND", "SectorFund"]


class SectorFund(InvestingTerms):
    """Sector fund (产业基金): a guide fund for one sector, with partner capital.

    Its deals depend on the sector's factor beside the city's, as do the loans of segments of that sector.
    """

    pacing: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        **InvestingTerms.left_out,
        "pacing": (
            "has rates in place of deals, and a sector fund is one whose deals depend on their sector",
            "delete it, or choose kind guide_fund",
            "以比例代替项目，而产业基金的项目取决于行业",
            "请删去，或改用 guide_fund",
        ),
    }

    sector: str = term(min_length=1, meaning="Sector whose factor moves its deals", zh="行业")
    city_weight: Share = term(
        0.6, meaning="Share of the variance of its index that the city factor explains", zh="城市因子权重"
    )


KIND = Kind(
    name="sector_fund",
    meaning="Guide fund for one sector, with partner capital",
    meaning_zh="产业基金",
    terms=SectorFund,
    lower=equity_part,
)
