"""Calls on partners: who owes what of an amount, and what comes in."""

from __future__ import annotations

from fundsim.core.equity.at_work import committed
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["ask", "call_partners", "pay_from_custody", "room_left", "settle", "stake_left", "uncalled"]


@kernel
def uncalled(fund):
    """Return the commitments to date that have not been called, paid or not [yuan]."""
    return max(0.0, committed(fund) - fund.work[0].asked)


@kernel
def room_left(fund, fees):
    """Return what the fund has but for planned fees: recycled money and uncalled commitments [yuan]."""
    work = fund.work[0]
    return max(0.0, work.recycled + committed(fund) - work.asked - fees)


@kernel
def stake_left(fund):
    """Return what is left of government's commitment, also when its stake is sold."""
    figures = fund.figures[0]
    return figures.committed_government - figures.called_government - figures.called_by_buyers


@kernel
def pay_from_custody(fund, amount):
    """Let government's stake pay an amount, as far as its commitment goes; return what is paid.

    From custody, as far as that goes; once the stake is sold, its buyers pay.
    """
    work, figures = fund.work[0], fund.figures[0]
    paid = max(0.0, min(amount, stake_left(fund)))
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


@kernel
def ask(fund, wanted):
    """Call an amount, or what is left; return it, what social partners paid, and what government is to pay.

    Where government pays first, social partners have paid nothing yet.
    """
    terms, work = fund.terms[0], fund.work[0]
    amount = min(wanted, uncalled(fund))
    if amount <= 0.0:
        return 0.0, 0.0, 0.0
    work.asked += amount
    if terms.government_first == 1:
        return amount, 0.0, amount
    social = pay_socially(fund, amount * terms.social_part)
    return amount, social, social * terms.match


@kernel
def settle(fund, amount, social, public):
    """Let social partners pay second where government is first; return what came in, and social money.

    Those who buy government's stake count as social partners.
    """
    work, figures = fund.work[0], fund.figures[0]
    if fund.terms[0].government_first == 1:
        due = min(amount - public, figures.committed_social - work.due_social)
        social = pay_socially(fund, max(0.0, due))
    came_in = social + public
    work.contributed += came_in
    work.hurdle += came_in
    return came_in, came_in if work.is_sold == 1 else social


@outlined
def call_partners(fund, wanted):
    """Call an amount of a fund without a parent; return what came in, and how much of it is social."""
    amount, social, due = ask(fund, wanted)
    if amount <= 0.0:
        return 0.0, 0.0
    return settle(fund, amount, social, pay_from_custody(fund, due))
