"""Funds of funds: what a parent commits to a sub-fund, pays on its calls, and has of it."""

from __future__ import annotations

from fundsim.core.equity.at_work import fund_of
from fundsim.core.equity.calls import ask, call_partners, pay_from_custody, room_left, settle, stake_left
from fundsim.core.equity.raising import plan
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["call", "commit_to_sub", "forget_subs", "note_sub", "parts_of_subs"]


@outlined
def commit_to_sub(tables, state, fund):
    """Let the parent commit what it can to a sub-fund that begins; without it the sub-fund is given up."""
    terms, work = fund.terms[0], fund.work[0]
    parent = fund_of(tables, state, terms.parent)
    amount = min(terms.planned, parent.work[0].investable - parent.figures[0].committed_down)
    if parent.work[0].is_set_up == 0 or amount < HALF_A_FEN:
        work.is_given_up = 1
        fund.figures[0].not_set_up_month = terms.begins
        return
    parent.figures[0].committed_down += amount
    work.granted_part = amount / terms.planned
    plan(fund)


@outlined
def pay_by_parent(tables, state, j, wanted):
    """Let the parent pay on a sub-fund's call: recycled money first, the rest called of its own partners.

    A parent has no parent, so its call is a kernel of its own: none calls itself.
    """
    parent = fund_of(tables, state, j)
    work, figures = parent.work[0], parent.figures[0]
    wanted = min(wanted, room_left(parent, work.fees_to_come))
    if wanted <= 0.0:
        return 0.0
    from_recycled = min(wanted, work.recycled)
    social_part = figures.called_social / work.contributed if from_recycled > 0.0 else 0.0
    came_in, social = call_partners(parent, wanted - from_recycled)
    work.recycled -= from_recycled
    # Rounding adds to what is wanted no money that would lie idle with the sub-fund.
    paid = min(wanted, from_recycled + came_in)
    figures.invested += paid
    figures.invested_social += social + social_part * from_recycled
    return paid


@kernel
def pay_for_government(tables, state, fund, amount):
    """Let government's stake pay an amount; that of a sub-fund is its parent's, as long as it is not sold."""
    terms, work = fund.terms[0], fund.work[0]
    if terms.parent >= 0 and work.is_sold == 0:
        work.custody = pay_by_parent(tables, state, terms.parent, min(amount, stake_left(fund)))
    return pay_from_custody(fund, amount)


@outlined
def call(tables, state, fund, wanted):
    """Call an amount, or what is left; return what came in, and how much of it is social money."""
    amount, social, due = ask(fund, wanted)
    if amount <= 0.0:
        return 0.0, 0.0
    return settle(fund, amount, social, pay_for_government(tables, state, fund, due))


@kernel
def forget_subs(fund):
    """Begin to count the sub-funds that live in a month."""
    fund.figures[0].n_unsold = 0.0
    fund.figures[0].unsold_cost = 0.0


@outlined
def note_sub(tables, state, fund, age):
    """Note what the parent has of a sub-fund's month: proceeds, and what it cost until it has ended."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if work.is_set_up == 0 or age > terms.last:
        return
    parent = fund_of(tables, state, terms.parent)
    has = parent.figures[0]
    if figures.set_up_month == terms.begins + age:
        has.n_deals += 1
    received = work.month_treasury + work.month_price
    parent.work[0].month_proceeds += received
    work.received += received
    if age < terms.last:
        has.n_unsold += 1
        has.unsold_cost += max(0.0, figures.called_government - work.received)
    else:
        has.n_exited += 1
        has.realised_cost += figures.called_government
        has.proceeds += work.received
        has.lost += max(0.0, figures.called_government - work.received)


@kernel
def parts_of_subs(tables, state, terms):
    """Return the parent's parts of its sub-funds: at their marks, and by what is expected [yuan]."""
    marked = 0.0
    expected = 0.0
    for s in range(terms.first_sub, terms.end_sub):
        has = state.equity_funds[tables.equities.subs[s]]
        marked += has.nav_government
        expected += has.expected_government
    return marked, expected
