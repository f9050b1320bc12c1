"""Start-up equity funds (创业基金): government's money alone in minority stakes of new firms."""

from __future__ import annotations

from fundsim.instruments.equity_investing import InvestingTerms
from fundsim.instruments.equity_part import equity_part
from fundsim.instruments.part import Kind
from fundsim.scenario.term import term
from fundsim.units import Multiple

__all__ = ["KIND", "StartupEquityFund"]


class StartupEquityFund(InvestingTerms):
    """Start-up equity fund (创业基金): minority stakes in new firms, of government's money alone by default.

    With a `ratio` above 0 it has social partners like a guide fund.
    """

    ratio: Multiple = term(
        0.0,
        le=100,
        meaning="Social money that is sought, as the plan writes it (1 : 5 is 5); 0: no social partners",
        zh="放大倍数（1:5 写 5）",
    )


KIND = Kind(
    name="startup_equity_fund",
    meaning="Equity of new firms, of government's money alone by default",
    meaning_zh="创业基金",
    terms=StartupEquityFund,
    lower=equity_part,
)
