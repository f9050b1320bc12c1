"""Step 7: equity funds in the calendar, and what they book."""

from __future__ import annotations

from fundsim.core.equity.at_work import fund_of
from fundsim.core.equity.fund import live_month
from fundsim.core.equity.irr import forget_rates, note_flows, note_rates
from fundsim.core.equity.raising import raise_money
from fundsim.core.equity.value import note_values
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.ledger import transfer
from fundsim.core.pack.equity_tables import Due

__all__ = ["open_equity_funds", "run_equity_funds"]


@outlined
def open_equity_funds(tables, state):
    """Begin a path: draw what each fund will raise."""
    for j in range(tables.equities.funds.size):
        raise_money(tables, state, fund_of(tables, state, j))
        forget_rates(state.equity_funds[j])


@outlined
def book(tables, state, line, amount):
    """Book what a fund has moved on a line."""
    if amount > 0.0:
        transfer(tables.lines, state, line, amount)


@kernel
def book_month(tables, state, fund):
    """Book a month of a fund, in the order in which nobody pays what it has not yet been paid."""
    terms, work = fund.terms[0], fund.work[0]
    book(tables, state, terms.custody_call, work.month_custody_call)
    book(tables, state, terms.partners_call, work.month_partners_call)
    book(tables, state, terms.fee_line, work.month_fee)
    book(tables, state, terms.deal_line, work.month_deals)
    book(tables, state, terms.exit_line, work.month_proceeds)
    book(tables, state, terms.clawback_line, work.month_clawback)
    book(tables, state, terms.treasury_line, work.month_treasury)
    book(tables, state, terms.partners_line, work.month_partners)
    book(tables, state, terms.ceded_line, work.month_ceded)
    book(tables, state, terms.carry_line, work.month_carry)
    book(tables, state, terms.option_line, work.month_price)
    book(tables, state, terms.custody_line, work.month_back)


@outlined
def run_equity_funds(tables, state, month):
    """Step 7 of all funds: live through the month and book it; work out what is due at its end."""
    for j in range(tables.equities.funds.size):
        fund = fund_of(tables, state, j)
        terms = fund.terms[0]
        if month <= terms.end:
            fund.work[0].custody = state.parties[terms.custody].balance
            live_month(tables, state, fund, month)
            book_month(tables, state, fund)
            due = tables.equities.due[j, month]
            if due & Due.VALUE:
                note_values(tables, fund, month - terms.begins)
            if state.equity_flows.size > 0:
                note_flows(fund, state.equity_flows[j], month, state.parties[terms.custody].paid_in)
                if due & Due.RATE:
                    note_rates(fund, state.equity.roots, state.equity_flows[j], month)
                elif due & Due.NO_RATE:
                    forget_rates(fund.figures[0])
