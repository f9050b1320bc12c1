"""Steps 2 and 7: money that comes and goes by date, by rule, by month or by loan."""

from __future__ import annotations

import numpy as np

from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel
from fundsim.core.month.ledger import transfer

__all__ = [
    "appropriate",
    "charge_fees_on_grant",
    "charge_month",
    "draw_multiples",
    "refund_margins",
    "top_up",
]

DRAWN_PURPOSE = np.uint64(8)
ZERO = np.uint64(0)


@kernel
def draw_multiples(funding, state):
    """Draw the multiples of a path, uniform on low … high, before its first month."""
    for j in range(funding.drawn.size):
        entity = funding.drawn[j].entity
        word, _, _, _ = philox(ZERO, entity, ZERO, DRAWN_PURPOSE, state.key[0], state.key[1])
        state.drawn[j] = funding.drawn[j].low + funding.drawn[j].width * unit_interval(word)


@kernel
def appropriate(funding, lines, state, month, position):
    """Pay the injections dated in this month; return the position of the next one."""
    while position < funding.injections.size and funding.injections[position].month == month:
        line = funding.injections[position].line
        amount = funding.injections[position].amount
        if funding.injections[position].drawn >= 0:
            amount *= state.drawn[funding.injections[position].drawn]
        transfer(lines, state, line, amount)
        state.accounts[lines[line].target].paid_in += amount
        position += 1
    return position


@kernel
def top_up(funding, lines, state):
    """Fill accounts that have fallen below their floor, within the yearly limit."""
    for j in range(funding.top_ups.size):
        line = funding.top_ups[j].line
        account = lines[line].target
        if state.accounts[account].balance < funding.top_ups[j].below:
            gap = funding.top_ups[j].to - state.accounts[account].balance
            amount = min(gap, funding.top_ups[j].year_limit - state.topped[j])
            if amount > 0.0:
                transfer(lines, state, line, amount)
                state.accounts[account].paid_in += amount
                state.topped[j] += amount


@kernel
def refund_margins(funding, lines, state):
    """Give mutual margin back: own contribution × min(1, balance ÷ live contributions).

    Contributions are on the principal as granted: what amortising loans have repaid of it comes on top.
    """
    for j in range(funding.refunds.size):
        f = funding.refunds[j].facility
        released = state.lending[f].released
        if released > 0.0:
            granted = state.lending[f].performing + state.lending[f].amortised + released
            live = funding.refunds[j].rate * granted
            held = max(0.0, state.accounts[funding.refunds[j].account].balance)
            fraction = min(1.0, held / live) if live > 0.0 else 0.0
            transfer(
                lines,
                state,
                funding.refunds[j].line,
                funding.refunds[j].rate * released * fraction,
            )


@kernel
def charge_month(funding, lines, state):
    """Fees on this month's renewals, then interest on balances, then running costs."""
    for j in range(funding.fees.size):
        f = funding.fees[j].facility
        if funding.fees[j].on_renewal == 1 and state.lending[f].renewed > 0.0:
            fee = (
                funding.fees[j].flat_rate * state.lending[f].renewed
                + funding.fees[j].annual_rate * state.lending[f].renewed_years
            )
            transfer(lines, state, funding.fees[j].line, fee)
    for j in range(funding.interest.size):
        held = state.accounts[funding.interest[j].account].balance
        if held > 0.0:
            transfer(lines, state, funding.interest[j].line, held * funding.interest[j].monthly)
    for j in range(funding.costs.size):
        amount = funding.costs[j].monthly
        if funding.costs[j].limited == 1:
            amount = min(amount, max(0.0, state.accounts[funding.costs[j].account].balance))
        transfer(lines, state, funding.costs[j].line, amount)


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
        if funding.fees[j].facility == facility:
            fee = funding.fees[j].flat_rate * granted + funding.fees[j].annual_rate * granted_years
            transfer(lines, state, funding.fees[j].line, fee)
