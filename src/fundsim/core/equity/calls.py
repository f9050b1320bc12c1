"""Calls on partners, and the fees that are called."""

from __future__ import annotations

from fundsim.core.equity.at_work import committed
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["call", "charge_fee", "uncalled"]


@kernel
def uncalled(fund):
    """Return the commitments to date that have not been called, paid or not [yuan]."""
    return max(0.0, committed(fund) - fund.work[0].asked)


@kernel
def pay_for_government(fund, amount):
    """Let government's stake pay an amount, as far as its commitment goes; return what is paid.

    From custody, as far as that goes; once the stake is sold, its buyers pay.
    """
    work, figures = fund.work[0], fund.figures[0]
    left = figures.committed_government - figures.called_government - figures.called_by_buyers
    paid = max(0.0, min(amount, left))
    if work.is_sold == 1:
        figures.called_by_buyers += paid
        figures.called_social += paid
        work.month_partners_call += paid
        return paid
    paid = max(0.0, min(paid, work.custody))
    work.custody -= paid
    figures.called_government += paid
    work.month_custody_call += paid
    work.grown += paid
    return paid


@kernel
def pay_socially(fund, due):
    """Let social partners pay what is due but for the part that fails; return what is paid."""
    work, figures = fund.work[0], fund.figures[0]
    paid = due * (1.0 - work.failing)
    work.due_social += due
    figures.failed_calls += due - paid
    figures.called_social += paid
    work.month_partners_call += paid
    return paid


@outlined
def call(fund, wanted):
    """Call an amount, or what is left; return what came in, and how much of it is social money.

    Those who buy government's stake count as social partners.
    """
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    amount = min(wanted, uncalled(fund))
    if amount <= 0.0:
        return 0.0, 0.0
    work.asked += amount
    if terms.government_first == 1:
        public = pay_for_government(fund, amount)
        due = min(amount - public, figures.committed_social - work.due_social)
        social = pay_socially(fund, max(0.0, due))
    else:
        social = pay_socially(fund, amount * terms.social_part)
        public = pay_for_government(fund, social * terms.match)
    came_in = social + public
    work.contributed += came_in
    work.hurdle += came_in
    return came_in, came_in if work.is_sold == 1 else social


@kernel
def charge_fee(fund, age, committed_before):
    """Call a month's fee and cost for the manager, to the end of the fund's life without its extension."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age >= terms.life:
        return
    charged = committed_before if age < terms.investment else figures.unsold_cost
    asked = terms.fee_monthly * charged + terms.cost_monthly
    if asked > 0.0:
        paid, _ = call(fund, asked)
        figures.fees_asked += asked
        figures.fees += paid
        work.month_fee += paid
