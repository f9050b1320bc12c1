"""A month of an equity fund, in its order; other files book what it moves."""

from __future__ import annotations

from fundsim.core.equity.at_work import begin_month, committed
from fundsim.core.equity.beside import begin_beside, give_back, grant, subsidise
from fundsim.core.equity.concession import cede_excess, test_option
from fundsim.core.equity.deals import invest, ring_clocks, sell_the_rest
from fundsim.core.equity.family import commit_to_sub, forget_subs, note_sub
from fundsim.core.equity.fees import charge_fee, planned_fees
from fundsim.core.equity.pacing import keep_pace
from fundsim.core.equity.raising import close_round
from fundsim.core.equity.waterfall import claw_back, distribute, grow_accounts
from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.equity_tables import Concession, Part

__all__ = ["live_month"]


@kernel
def kept_for_deals(fund, age, proceeds):
    """Return what of a month's proceeds is kept: nothing from the investment period's last month on."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age >= terms.investment - 1 or terms.recycling == 0.0:
        return 0.0
    kept = min(proceeds, max(0.0, terms.recycling * committed(fund) - figures.recycled))
    figures.recycled += kept
    work.recycled += kept
    return kept


@kernel
def share_out(fund, age):
    """Recycle, distribute, claw back and cede."""
    terms, work = fund.terms[0], fund.work[0]
    proceeds = work.month_proceeds + work.month_subsidy
    amount = proceeds - kept_for_deals(fund, age, proceeds)
    if age == terms.investment - 1:
        amount += work.recycled
        work.recycled = 0.0
    public = distribute(fund, amount) if amount > 0.0 else 0.0
    if age == terms.last and terms.clawback == 1:
        claw_back(fund)
    if terms.concession == Concession.EXCESS and public > 0.0:
        cede_excess(fund, age, public)
    if terms.concession == Concession.OPTION:
        test_option(fund, age)


@kernel
def begin(tables, state, fund, age):
    """Close a round, set the fund up, and charge the month's fee."""
    terms, work = fund.terms[0], fund.work[0]
    begin_month(fund)
    if terms.beside >= 0:
        begin_beside(tables, state, terms.beside)
    if 0 <= age <= terms.last:
        if age == 0 and terms.parent >= 0:
            commit_to_sub(tables, state, fund)
        committed_before = committed(fund)
        close_round(tables, fund, age)
        if work.is_set_up == 1:
            grow_accounts(fund)
            charge_fee(tables, state, fund, age, committed_before)


@kernel
def make_and_end_deals(tables, state, fund, age):
    """Make the month's deals and end others, pay what they bring of money beside the fund."""
    terms, work = fund.terms[0], fund.work[0]
    invest(tables, state, fund, age)
    if terms.beside >= 0:
        grant(tables, state, fund, age)
    if work.n_unsold > 0:
        ring_clocks(tables, state, fund, age)
    if age == terms.last:
        sell_the_rest(tables, state, fund)
    if terms.beside >= 0:
        subsidise(tables, state, fund)
    fund.figures[0].n_unsold = work.n_unsold


@kernel
def finish(tables, state, fund, age):
    """Share out what came in, and give back what is needed no longer."""
    terms, work = fund.terms[0], fund.work[0]
    if 0 <= age <= terms.last and work.is_set_up == 1:
        share_out(fund, age)
        fund.figures[0].hurdle_owed = work.hurdle
    if work.is_given_up == 1 or work.is_sold == 1 or age >= terms.last:
        work.month_back = max(0.0, work.custody)
    if terms.beside >= 0:
        give_back(tables, state, fund, age)
    if terms.parent >= 0:
        note_sub(tables, state, fund, age)


@kernel
def live_month(tables, state, fund, part, age):
    """Let a fund live through its part of a month: closings, fees, deals, ends, distribution, concession."""
    terms = fund.terms[0]
    if part != Part.END:
        begin(tables, state, fund, age)
    if part == Part.BEGINNING:
        fund.work[0].fees_to_come = planned_fees(fund, age)
        forget_subs(fund)
    elif part == Part.WHOLE and fund.work[0].is_set_up == 1 and age <= terms.last:
        if terms.first_pace >= 0:
            keep_pace(tables, state, fund, age)
        else:
            make_and_end_deals(tables, state, fund, age)
    if part != Part.BEGINNING:
        finish(tables, state, fund, age)
