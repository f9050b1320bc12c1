"""Public money beside a fund, deal by deal: joining it, subsidies for its risk, grants to its firm."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["begin_beside", "give_back", "grant", "join_deal", "leave_deal", "subsidise"]

MONTHS = 12


@kernel
def balance_of(state, account):
    """Return what an account holds, 0 where there is none."""
    return state.parties[account].balance if account >= 0 else 0.0


@outlined
def begin_beside(tables, state, row):
    """Begin a month of the accounts beside a fund."""
    terms, work = tables.equities.beside[row], state.equity_beside[row]
    work.joint_left = balance_of(state, terms.joint_account)
    work.subsidy_left = balance_of(state, terms.subsidy_account)
    work.grant_left = balance_of(state, terms.grant_account)
    work.month_subsidy_due = 0.0
    work.month_grant_due = 0.0
    work.month_joined = 0.0
    work.month_joint_exit = 0.0
    work.month_granted = 0.0
    work.month_joint_back = 0.0
    work.month_subsidy_back = 0.0
    work.month_grant_back = 0.0


@outlined
def join_deal(tables, state, fund, deal):
    """Let government join a new deal as far as its account goes; note the deal's subsidy and grant."""
    row = fund.terms[0].beside
    terms, work, figures = tables.equities.beside[row], state.equity_beside[row], fund.figures[0]
    stage = tables.equities.stages[deal.stage]
    joined = min(terms.joint_share * deal.cost, terms.joint_cap, work.joint_left)
    if joined >= HALF_A_FEN:
        deal.joined = joined
        work.joint_left -= joined
        work.month_joined += joined
        figures.n_joined += 1
        figures.joined += joined
    if stage.subsidised == 1 and terms.on_loss == 0:
        work.month_subsidy_due += min(terms.subsidy_share * deal.cost, terms.subsidy_cap)
    if stage.protected == 1:
        work.month_grant_due += terms.grant_before


@outlined
def leave_deal(tables, state, fund, deal, proceeds):
    """Give government its part of a deal that ends, at the deal's multiple; note the subsidy on its loss."""
    row = fund.terms[0].beside
    terms, work, figures = tables.equities.beside[row], state.equity_beside[row], fund.figures[0]
    if deal.joined > 0.0:
        brought = deal.joined * (proceeds / deal.cost)
        figures.joint_cost += deal.joined
        figures.joint_proceeds += brought
        work.month_joint_exit += brought
    if terms.on_loss == 1 and tables.equities.stages[deal.stage].subsidised == 1:
        loss = max(0.0, deal.cost - proceeds)
        work.month_subsidy_due += min(terms.subsidy_share * loss, terms.subsidy_cap)


@outlined
def grant(tables, state, fund, age):
    """Pay the month's grants: to firms of new deals, and of those of a year ago that have not ended."""
    row = fund.terms[0].beside
    terms, work, figures = tables.equities.beside[row], state.equity_beside[row], fund.figures[0]
    if terms.grant_after > 0.0:
        for d in range(fund.work[0].n_unsold):
            deal = fund.deals[d]
            if deal.made == age - MONTHS and tables.equities.stages[deal.stage].protected == 1:
                work.month_grant_due += terms.grant_after
    paid = max(0.0, min(work.month_grant_due, work.grant_left))
    figures.grants_due += work.month_grant_due
    figures.granted += paid
    work.grant_left -= paid
    work.month_granted = paid


@outlined
def subsidise(tables, state, fund):
    """Pay the fund the month's subsidies, no more in all than the account holds."""
    row = fund.terms[0].beside
    work, figures = state.equity_beside[row], fund.figures[0]
    paid = max(0.0, min(work.month_subsidy_due, work.subsidy_left))
    figures.subsidy_due += work.month_subsidy_due
    figures.subsidised += paid
    work.subsidy_left -= paid
    fund.work[0].month_subsidy = paid


@outlined
def give_back(tables, state, fund, age):
    """Give back to the treasury what an account holds once nothing more can be asked of it."""
    row = fund.terms[0].beside
    terms, work = tables.equities.beside[row], state.equity_beside[row]
    never = fund.work[0].is_given_up == 1
    if never or age >= terms.joint_until:
        work.month_joint_back = max(0.0, work.joint_left)
    if never or age >= terms.subsidy_until:
        work.month_subsidy_back = max(0.0, work.subsidy_left)
    if never or age >= terms.grant_until:
        work.month_grant_back = max(0.0, work.grant_left)
