"""Guide funds (政府引导基金): government's money that is to bring social capital into small firms."""

from __future__ import annotations

from fundsim.instruments.equity_investing import InvestingTerms
from fundsim.instruments.equity_part import equity_part
from fundsim.instruments.part import Kind

__all__ = ["KIND", "GuideFund"]


class GuideFund(InvestingTerms):
    """Guide fund (政府引导基金): government's money, to be magnified by that of social partners.

    Government pays its money into a custody account. Social partners commit what they commit; calls take
    from both for deals and fees. Deals of several stages fail or are sold over the fund's life, and what they
    bring goes through the waterfall. Government may cede gains, never principal.
    """


KIND = Kind(
    name="guide_fund",
    meaning="Guide fund that brings social capital into equity of firms",
    meaning_zh="政府引导基金",
    terms=GuideFund,
    lower=equity_part,
)
