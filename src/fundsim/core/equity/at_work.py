"""A fund at work, and what begins and ends a month of its money."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.equity_tables import Venture

__all__ = ["begin_month", "committed", "fund_of", "stake_of_government"]


@kernel
def fund_of(tables, state, j):
    """Return a fund at work."""
    return Venture(
        tables.equities.funds[j : j + 1],
        state.equity_work[j : j + 1],
        state.equity_funds[j : j + 1],
        state.equity.deals[j],
        state.equity.full,
    )


@kernel
def begin_month(fund):
    """Begin to count what moves in a month."""
    work = fund.work[0]
    work.month_custody_call = 0.0
    work.month_partners_call = 0.0
    work.month_fee = 0.0
    work.month_deals = 0.0
    work.month_proceeds = 0.0
    work.month_subsidy = 0.0
    work.month_clawback = 0.0
    work.month_treasury = 0.0
    work.month_partners = 0.0
    work.month_ceded = 0.0
    work.month_carry = 0.0
    work.month_price = 0.0
    work.month_back = 0.0


@kernel
def committed(fund):
    """Return the commitments of all partners to date [yuan]."""
    return fund.figures[0].committed_social + fund.figures[0].committed_government


@kernel
def stake_of_government(fund):
    """Return government's part of partners' contributions, also when it has sold it."""
    work, figures = fund.work[0], fund.figures[0]
    if work.contributed <= 0.0:
        return 0.0
    return (figures.called_government + figures.called_by_buyers) / work.contributed
