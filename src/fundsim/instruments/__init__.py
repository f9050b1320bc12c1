"""The kinds of instruments: one line each.  A new lending instrument is one file and its line here."""

from types import MappingProxyType

from fundsim.instruments import (
    award,
    bank_loan,
    bridge_fund,
    compensation_pool,
    county_margin,
    credit_insurance,
    double_guarantee,
    expense,
    firm_ladder,
    guarantee,
    guide_fund,
    incremental_compensation,
    ip_pledge,
    parent_fund,
    sector_fund,
    startup_equity_fund,
    startup_guarantee_loan,
    subsidy,
    talent_loan,
    technology_pool,
)
from fundsim.instruments.part import Context, Kind, Part, joined

__all__ = ["KINDS", "Context", "Kind", "Part", "joined"]

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            award.KIND,
            bank_loan.KIND,
            bridge_fund.KIND,
            compensation_pool.KIND,
            county_margin.KIND,
            credit_insurance.KIND,
            double_guarantee.KIND,
            expense.KIND,
            firm_ladder.KIND,
            guarantee.KIND,
            guide_fund.KIND,
            incremental_compensation.KIND,
            ip_pledge.KIND,
            parent_fund.KIND,
            sector_fund.KIND,
            startup_equity_fund.KIND,
            startup_guarantee_loan.KIND,
            subsidy.KIND,
            talent_loan.KIND,
            technology_pool.KIND,
        )
    }
)  # fmt: skip
"""Kind name → kind; handed to ``scenario.load`` and to ``lowering.lower``."""
