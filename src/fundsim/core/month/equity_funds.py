"""Step 7: equity funds in the calendar, and what they book."""

from __future__ import annotations

from fundsim.core.equity.at_work import fund_of
from fundsim.core.equity.fund import live_month
from fundsim.core.equity.irr import forget_rates, note_flows, note_rates
from fundsim.core.equity.raising import raise_money
from fundsim.core.equity.value import note_values
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.ledger import transfer
from fundsim.core.pack.equity_tables import Due, Part

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
def book_deals(tables, state, fund):
    """Book what a fund moved with its deals; a parent has none."""
    terms, work = fund.terms[0], fund.work[0]
    book(tables, state, terms.deal_line, work.month_deals)
    book(tables, state, terms.exit_line, work.month_proceeds)


@outlined
def book_beside(tables, state, row, subsidy):
    """Book what the accounts beside a fund moved."""
    terms, work = tables.equities.beside[row], state.equity_beside[row]
    book(tables, state, terms.joint_line, work.month_joined)
    book(tables, state, terms.joint_exit_line, work.month_joint_exit)
    book(tables, state, terms.subsidy_line, subsidy)
    book(tables, state, terms.grant_line, work.month_granted)
    book(tables, state, terms.joint_back_line, work.month_joint_back)
    book(tables, state, terms.subsidy_back_line, work.month_subsidy_back)
    book(tables, state, terms.grant_back_line, work.month_grant_back)


@outlined
def book_distribution(tables, state, fund):
    """Book what was shared out, and the price of a stake; in most months there is none."""
    terms, work = fund.terms[0], fund.work[0]
    book(tables, state, terms.clawback_line, work.month_clawback)
    book(tables, state, terms.treasury_line, work.month_treasury)
    book(tables, state, terms.partners_line, work.month_partners)
    book(tables, state, terms.ceded_line, work.month_ceded)
    book(tables, state, terms.carry_line, work.month_carry)
    book(tables, state, terms.option_line, work.month_price)


@kernel
def book_month(tables, state, fund, part):
    """Book a month of a fund, in the order in which nobody pays what it has not yet been paid.

    What a parent called and paid on is booked after what its sub-funds had of it: balances count at a month's
    end.
    """
    terms, work = fund.terms[0], fund.work[0]
    book(tables, state, terms.custody_call, work.month_custody_call)
    book(tables, state, terms.partners_call, work.month_partners_call)
    book(tables, state, terms.fee_line, work.month_fee)
    if part == Part.WHOLE:
        book_deals(tables, state, fund)
    if terms.beside >= 0:
        book_beside(tables, state, terms.beside, work.month_subsidy)
    to_partners = max(work.month_partners, work.month_treasury, work.month_ceded, work.month_clawback)
    if max(to_partners, work.month_carry, work.month_price) > 0.0:
        book_distribution(tables, state, fund)
    book(tables, state, terms.custody_line, work.month_back)


@kernel
def note_month(tables, state, fund, j, month, paid_in):
    """Work out what is due at a month's end."""
    due = tables.equities.due[j, month]
    if due & Due.VALUE:
        note_values(tables, state, fund, month - fund.terms[0].begins)
    if state.equity_flows.size > 0:
        note_flows(fund, state.equity_flows[j], month, paid_in)
        if due & Due.RATE:
            note_rates(fund, state.equity.roots, state.equity_flows[j], month)
        elif due & Due.NO_RATE:
            forget_rates(fund.figures[0])


@outlined
def run_equity_funds(tables, state, month):
    """Step 7 of all funds: live through the month and book it; work out what is due at its end.

    A parent begins, its sub-funds follow, and then it ends its month.
    """
    turns = tables.equities.turns
    for k in range(turns.size):
        j, part = turns[k].fund, turns[k].part
        fund = fund_of(tables, state, j)
        terms = fund.terms[0]
        if month <= terms.end:
            paid_in = 0.0
            if terms.parent < 0:
                # The money of a sub-fund's government lies with its parent.
                paid_in = state.parties[terms.custody].paid_in
                if part != Part.END:
                    fund.work[0].custody = state.parties[terms.custody].balance
            live_month(tables, state, fund, part, month - terms.begins)
            if part != Part.BEGINNING:
                book_month(tables, state, fund, part)
                note_month(tables, state, fund, j, month, paid_in)
