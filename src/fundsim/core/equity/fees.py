"""Fees and costs of a fund: those that are called, and those that are planned."""

from __future__ import annotations

from fundsim.core.equity.family import call
from fundsim.core.machine.decorators import kernel

__all__ = ["charge_fee", "planned_fees"]


@kernel
def planned_fees(fund, age):
    """Return the planned fees that are not yet due after a month [yuan]."""
    terms, work = fund.terms[0], fund.work[0]
    to_come = max(0, terms.life - 1 - age)
    of_commitments = terms.fee_monthly * work.commitments * max(0, terms.investment - 1 - age)
    of_cost = terms.fee_monthly * work.investable * min(to_come, terms.life - terms.investment)
    return of_commitments + of_cost + terms.cost_monthly * to_come


@kernel
def charge_fee(tables, state, fund, age, committed_before):
    """Call a month's fee and cost for the manager, to the end of the fund's life without its extension."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age >= terms.life:
        return
    charged = committed_before if age < terms.investment else figures.unsold_cost
    asked = terms.fee_monthly * charged + terms.cost_monthly
    if asked > 0.0:
        paid, _ = call(tables, state, fund, asked)
        figures.fees_asked += asked
        figures.fees += paid
        work.month_fee += paid
