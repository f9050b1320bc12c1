"""Steps 2 and 7: money that comes and goes by date, by rule, by month or by loan."""

from __future__ import annotations

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel
from fundsim.core.month.ledger import affordable, payable, transfer
from fundsim.core.pack.tables import Base

__all__ = [
    "appropriate",
    "charge_month",
    "charge_on_grant",
    "draw_multiples",
    "refund_margins",
    "top_up",
]

ZERO = np.uint64(0)


@kernel
def draw_multiples(funding, state):
    """Draw the multiples of a path, uniform on low … high, before its first month."""
    for j in range(funding.drawn.size):
        entity = funding.drawn[j].entity
        word, _, _, _ = philox(ZERO, entity, ZERO, purposes.DRAWN, state.key[0], state.key[1])
        state.drawn[j].value = funding.drawn[j].low + funding.drawn[j].width * unit_interval(word)


@kernel
def pay_in(lines, state, line, amount):
    """Move money that counts as paid-in capital of the target."""
    transfer(lines, state, line, amount)
    state.parties[lines[line].target].paid_in += amount


@kernel
def appropriate(funding, lines, state, month, position):
    """Pay the injections dated in this month; return the position of the next one."""
    while position < funding.injections.size and funding.injections[position].month == month:
        line = funding.injections[position].line
        amount = funding.injections[position].amount
        if funding.injections[position].drawn >= 0:
            amount *= state.drawn[funding.injections[position].drawn].value
        stated = amount
        if funding.injections[position].leader >= 0:
            amount *= state.budget.injected[funding.injections[position].leader]
        if funding.injections[position].budget_line >= 0:
            paid = affordable(state.parties[lines[line].source].balance, amount)
            state.budget_lines[funding.injections[position].budget_line].unfunded += amount - paid
        else:
            paid = payable(lines, state, line, amount)
        pay_in(lines, state, line, paid)
        state.budget.injected[position] = paid / stated if stated > 0.0 else 1.0
        position += 1
    return position


@kernel
def top_up(tables, state):
    """Fill accounts that have fallen below their floor, within the yearly limit."""
    for j in range(tables.top_ups.size):
        rule = tables.top_ups[j]
        account = tables.lines[rule.line].target
        if state.parties[account].balance < rule.below:
            gap = rule.to - state.parties[account].balance
            amount = min(gap, rule.year_limit - state.top_ups_work[j].paid_year)
            amount = payable(tables.lines, state, rule.line, amount)
            if amount > 0.0:
                pay_in(tables.lines, state, rule.line, amount)
                state.top_ups_work[j].paid_year += amount


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
            held = max(0.0, state.parties[funding.refunds[j].account].balance)
            fraction = min(1.0, held / live) if live > 0.0 else 0.0
            transfer(
                lines,
                state,
                funding.refunds[j].line,
                funding.refunds[j].rate * released * fraction,
            )


@kernel
def make_payment(lines, state, line, amount):
    """Make a payment, of what the payer holds at most where it is limited."""
    transfer(lines, state, line, payable(lines, state, line, amount))


@kernel
def charge_month(funding, lines, state):
    """Fees on this month's renewals, then interest on balances, then running costs, as the table has them."""
    for j in range(funding.payments.size):
        payment = funding.payments[j]
        if payment.basis == Base.GRANTED:
            f = payment.facility
            if payment.on_renewal == 1 and state.lending[f].renewed > 0.0:
                fee = (
                    payment.rate * state.lending[f].renewed
                    + payment.rate_annual * state.lending[f].renewed_years
                )
                make_payment(lines, state, payment.line, fee)
        elif payment.basis == Base.BALANCE:
            held = state.parties[payment.account].balance
            if held > 0.0:
                make_payment(lines, state, payment.line, held * payment.monthly)
        else:
            make_payment(lines, state, payment.line, payment.monthly)


@kernel
def charge_on_grant(funding, lines, state, facility, granted, granted_years):
    """Fees and margin contributions on new loans of a facility.

    Args:
        funding: the funding table.
        lines: the line table.
        state: the state of the thread.
        facility: row of the facility.
        granted: principal granted [yuan].
        granted_years: the same times term in years [yuan years].
    """
    for j in range(funding.payments.size):
        payment = funding.payments[j]
        if payment.basis == Base.GRANTED and payment.facility == facility:
            fee = payment.rate * granted + payment.rate_annual * granted_years
            make_payment(lines, state, payment.line, fee)
