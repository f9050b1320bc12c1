"""Steps 2 and 7: money that comes and goes by date, by rule, by month or by loan."""

from __future__ import annotations

from fundsim.core.compile import kernel
from fundsim.core.ledger import transfer

__all__ = ["appropriate", "charge_fees_on_grant", "charge_month", "refund_margins", "top_up"]


@kernel
def appropriate(funding, lines, state, month, position):
    """Pay the injections dated in this month; return the position of the next one."""
    while position < funding.injections.size and funding.injections.month[position] == month:
        line = funding.injections.line[position]
        transfer(lines, state, line, funding.injections.amount[position])
        state.accounts.paid_in[lines.target[line]] += funding.injections.amount[position]
        position += 1
    return position


@kernel
def top_up(funding, lines, state, month):
    """Fill accounts that have fallen below their floor, within the yearly limit."""
    for j in range(funding.top_ups.size):
        if month % 12 == 0:
            state.topped[j] = 0.0
        line = funding.top_ups.line[j]
        account = lines.target[line]
        if state.accounts.balance[account] < funding.top_ups.below[j]:
            gap = funding.top_ups.to[j] - state.accounts.balance[account]
            amount = min(gap, funding.top_ups.year_limit[j] - state.topped[j])
            if amount > 0.0:
                transfer(lines, state, line, amount)
                state.accounts.paid_in[account] += amount
                state.topped[j] += amount


@kernel
def refund_margins(funding, lines, state):
    """Give mutual margin back: own contribution × min(1, balance ÷ live contributions)."""
    for j in range(funding.refunds.size):
        f = funding.refunds.facility[j]
        if state.lending.repaid[f] > 0.0:
            live = funding.refunds.rate[j] * (state.lending.performing[f] + state.lending.repaid[f])
            held = max(0.0, state.accounts.balance[funding.refunds.account[j]])
            fraction = min(1.0, held / live) if live > 0.0 else 0.0
            transfer(
                lines, state, funding.refunds.line[j], funding.refunds.rate[j] * state.lending.repaid[f] * fraction
            )


@kernel
def charge_month(funding, lines, state):
    """Interest on balances, running costs, and fees on this month's renewals."""
    for j in range(funding.interest.size):
        held = state.accounts.balance[funding.interest.account[j]]
        if held > 0.0:
            transfer(lines, state, funding.interest.line[j], held * funding.interest.monthly[j])
    for j in range(funding.costs.size):
        amount = funding.costs.monthly[j]
        if funding.costs.limited[j] == 1:
            amount = min(amount, max(0.0, state.accounts.balance[funding.costs.account[j]]))
        transfer(lines, state, funding.costs.line[j], amount)
    for j in range(funding.fees.size):
        f = funding.fees.facility[j]
        if funding.fees.on_renewal[j] == 1 and state.lending.renewed[f] > 0.0:
            fee = funding.fees.flat_rate[j] * state.lending.renewed[f] + funding.fees.annual_rate[j] * state.lending.renewed_years[f]
            transfer(lines, state, funding.fees.line[j], fee)


@kernel
def charge_fees_on_grant(funding, lines, state, facility, granted, granted_years):
    """Fees and margin contributions on new loans of a facility.

    Args:
        funding: the funding table.
        lines: the line table.
        state: the state of the thread.
        facility: row of the facility.
        granted: principal granted [yuan].
        granted_years: the same times term in years [yuan years].
    """
    for j in range(funding.fees.size):
        if funding.fees.facility[j] == facility:
            fee = funding.fees.flat_rate[j] * granted + funding.fees.annual_rate[j] * granted_years
            transfer(lines, state, funding.fees.line[j], fee)
