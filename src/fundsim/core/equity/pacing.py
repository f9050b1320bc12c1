"""A fund without deals: calls and distributions by the rates of a year (Takahashi and Alexander 2002)."""

from __future__ import annotations

from fundsim.core.equity.calls import uncalled
from fundsim.core.equity.family import call
from fundsim.core.machine.decorators import outlined

__all__ = ["keep_pace"]

MONTHS = 12


@outlined
def keep_pace(tables, state, fund, age):
    """In the last month of a fund year, call and distribute at its rates; the rest of the value grows."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if (age + 1) % MONTHS != 0:
        return
    rates = tables.equities.paces[terms.first_pace + age // MONTHS]
    grown = terms.nav_growth * figures.unsold_cost
    paid_out = rates.distributed * grown
    came_in, social = call(tables, state, fund, rates.called * uncalled(fund))
    figures.invested += came_in
    figures.invested_social += social
    figures.proceeds += paid_out
    figures.unsold_cost = grown - paid_out + came_in
    work.month_deals += came_in
    work.month_proceeds += paid_out
