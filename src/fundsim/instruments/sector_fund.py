"""Sector funds (产业基金): guide funds whose deals depend on one sector beside the city."""

from __future__ import annotations

from fundsim.instruments.equity_part import equity_part
from fundsim.instruments.equity_terms import EquityTerms
from fundsim.instruments.part import Kind
from fundsim.scenario.term import term
from fundsim.units import Share

__all__ = ["KIND", "SectorFund"]


class SectorFund(EquityTerms):
    """Sector fund (产业基金): a guide fund for one sector, with partner capital.

    Its deals depend on the sector's factor beside the city's, as do the loans of segments of that sector.
    """

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
