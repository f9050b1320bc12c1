"""Parent funds (股权投资母基金): government's money that invests in other funds."""

from __future__ import annotations

from fundsim.instruments.equity_parent import ParentTerms
from fundsim.instruments.equity_part import parent_part
from fundsim.instruments.part import Kind

__all__ = ["KIND", "ParentFund"]


class ParentFund(ParentTerms):
    """Parent fund (股权投资母基金): its investments are commitments to sub-funds, which make the deals.

    A sub-fund is another equity fund with `parent: NAME` and a `commitment`. In the month in which a sub-fund
    starts, the parent commits that much to it, as far as its own money goes; the sub-fund looks for social
    partners of its own, and its calls on government are paid by the parent. Both layers have fees.
    """


KIND = Kind(
    name="parent_fund",
    meaning="Fund of funds: government's money in other equity funds",
    meaning_zh="股权投资母基金",
    terms=ParentFund,
    lower=parent_part,
)
