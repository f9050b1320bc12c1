"""Bridge funds in the calendar: how a path begins, a month of all funds, the window's end, running cost."""

from __future__ import annotations

from fundsim.core.bridge.at_work import calendar_of, fund_of
from fundsim.core.bridge.calendar import open_calendar
from fundsim.core.bridge.fund import live_month, read_breaker
from fundsim.core.bridge.outcomes import Pass
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.ledger import transfer
from fundsim.core.month.vectors import copy, fill
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["charge_funds", "open_funds", "run_funds"]


@kernel
def empty_lists(tables, memory, j):
    """Free all slots of a fund; the lists are empty."""
    room = memory.free.shape[1]
    for k in range(room):
        memory.free[j, k] = room - 1 - k
    memory.work[j].n_free = room
    open_calendar(calendar_of(memory, j, 0), tables.bridges.funds[j].calendar_days)
    open_calendar(calendar_of(memory, j, 1), DAYS_PER_MONTH)


@kernel
def clear_counts(bridge):
    """Forget the outcomes of a month."""
    for c in range(bridge.private.size):
        bridge.private[c] = 0
        bridge.relent[c] = 0
        bridge.repaid[c] = 0
    for column in range(bridge.lost.size):
        bridge.lost[column] = 0
    for b in range(bridge.private_cost.size):
        bridge.private_cost[b] = 0.0


@kernel
def forget_flows(work):
    """Begin to count what moves in a month."""
    work.lent = 0.0
    work.returned = 0.0
    work.fees = 0.0
    work.recovered = 0.0


@kernel
def charge_fund(tables, state, j, month):
    """Pay a month's running cost from the fees kept, then from capital; return it [yuan]."""
    fund = fund_of(tables, state, j)
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    cost = terms.cost_monthly + terms.cost_share * work.fees
    work.fees_kept += work.fees - cost
    figures.running_cost += cost
    if work.fees_kept < 0.0:
        figures.cost_from_capital -= work.fees_kept
        work.capital += work.fees_kept
        work.fees_kept = 0.0
    elif terms.recapitalise == 1:
        figures.recapitalised += work.fees_kept
        work.capital += work.fees_kept
        work.fees_kept = 0.0
    read_breaker(fund, month)
    return cost


@kernel
def note_stocks(state, j):
    """Write down what a fund is at a month's end."""
    work = state.bridge.work[j]
    figures = state.bridges[j]
    figures.capital = work.capital
    figures.out = work.out
    figures.overdue = work.overdue
    figures.fees_kept = work.fees_kept
    figures.n_waiting = work.n_waiting
    figures.n_out = work.n_tickets


@kernel
def warm_up(tables, state, j):
    """Let a fund live before the window, and keep of it what the fund then is; none of it is counted."""
    fund = tables.bridges.funds[j]
    work = state.bridge.work[j]
    first = -fund.warm_up_months
    copy(state.totals, state.bridge.saved_totals)
    for month in range(first, 0):
        forget_flows(work)
        begin = -fund.warm_up_days if month == first else month * DAYS_PER_MONTH
        live_month(tables, state, j, month, begin, True, Pass.ALL)
        charge_fund(tables, state, j, month)
    opening = state.parties[fund.account].balance
    cash = work.capital + work.fees_kept - work.out
    copy(state.bridge.saved_totals, state.totals)
    transfer(tables.lines, state, fund.warm_up_line, cash - opening)
    state.bridges[j].peak_out = work.out
    if work.stopped == 1:
        state.bridges[j].stopped_month = 0.0


@outlined
def open_funds(tables, state):
    """Begin a path: each fund has the opening money of its account, or what its warm-up leaves."""
    clear_counts(state.bridge)
    memory = state.bridge
    memory.log_state[0] = 0
    memory.log_state[1] = 0
    fill(memory.vector, 0.0)
    for j in range(memory.work.size):
        empty_lists(tables, memory, j)
        work = memory.work[j]
        work.paid_in = state.parties[tables.bridges.funds[j].account].paid_in
        work.capital = work.paid_in
    for j in range(memory.work.size):
        if tables.bridges.funds[j].warm_up_months > 0:
            warm_up(tables, state, j)
        note_stocks(state, j)


@kernel
def book_month(tables, state, j):
    """Book what a fund has moved in a month."""
    fund = tables.bridges.funds[j]
    work = state.bridge.work[j]
    if work.recovered > 0.0:
        transfer(tables.lines, state, fund.recovery_line, work.recovered)
    if work.lent > 0.0:
        transfer(tables.lines, state, fund.loan_line, work.lent)
    if work.returned > 0.0:
        transfer(tables.lines, state, fund.return_line, work.returned)
    if work.fees > 0.0:
        transfer(tables.lines, state, fund.fee_line, work.fees)


@kernel
def later_injections(tables, state, account, month):
    """Pay the injections of a later month into an account, as far as its capital is concerned."""
    injections = tables.funding.injections
    for k in range(injections.size):
        if injections[k].month == month and tables.lines[injections[k].line].target == account:
            amount = injections[k].amount
            if injections[k].drawn >= 0:
                amount *= state.drawn[injections[k].drawn].value
            state.parties[account].paid_in += amount


@outlined
def look_ahead(tables, state):
    """At the window's end, find the loans that will be renewed out of what is in flight.

    The funds live on to their end, looking ahead, and are then put back; nothing after the window moves them
    but injections by date.
    """
    memory = state.bridge
    copy(memory.vector, memory.saved)
    copy(state.totals, memory.saved_totals)
    for j in range(memory.work.size):
        fund = tables.bridges.funds[j]
        if fund.serves == 1:
            charge_fund(tables, state, j, tables.window.months - 1)
            for month in range(tables.window.months, fund.last_month + 1):
                later_injections(tables, state, fund.account, month)
                forget_flows(memory.work[j])
                begin = month * DAYS_PER_MONTH
                live_month(tables, state, j, month, begin, False, Pass.AHEAD)
                charge_fund(tables, state, j, month)
    copy(memory.saved, memory.vector)
    copy(memory.saved_totals, state.totals)


@outlined
def run_funds(tables, state, month):
    """Step 5 of all funds: live through the month and book it; in the window's last month look ahead."""
    in_window = month < tables.window.months
    memory = state.bridge
    for j in range(memory.work.size):
        if month <= tables.bridges.funds[j].last_month:
            forget_flows(memory.work[j])
            passing = Pass.ALL if in_window else Pass.BEHIND
            memory.log_state[1] = memory.log.size > 0
            live_month(tables, state, j, month, month * DAYS_PER_MONTH, in_window, passing)
            memory.log_state[1] = 0
            book_month(tables, state, j)
            note_stocks(state, j)
    if memory.work.size > 0 and month == tables.window.months - 1:
        look_ahead(tables, state)


@outlined
def charge_funds(tables, state, month):
    """Step 7: the running cost of all funds."""
    for j in range(state.bridge.work.size):
        if month <= tables.bridges.funds[j].last_month:
            cost = charge_fund(tables, state, j, month)
            if cost > 0.0:
                transfer(tables.lines, state, tables.bridges.funds[j].cost_line, cost)
            note_stocks(state, j)
