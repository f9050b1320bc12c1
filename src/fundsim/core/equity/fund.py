"""A month of an equity fund, in its order; other files book what it moves."""

from __future__ import annotations

from fundsim.core.equity.at_work import begin_month, committed
from fundsim.core.equity.calls import charge_fee
from fundsim.core.equity.concession import cede_excess, test_option
from fundsim.core.equity.deals import invest, ring_clocks, sell_the_rest
from fundsim.core.equity.raising import close_round
from fundsim.core.equity.waterfall import claw_back, distribute, grow_accounts
from fundsim.core.machine.decorators import kernel
from fundsim.core.pack.equity_tables import Concession

__all__ = ["live_month"]


@kernel
def kept_for_deals(fund, age):
    """Return what of a month's proceeds is kept: nothing from the investment period's last month on."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age >= terms.investment - 1 or terms.recycling == 0.0:
        return 0.0
    kept = min(work.month_proceeds, max(0.0, terms.recycling * committed(fund) - figures.recycled))
    figures.recycled += kept
    work.recycled += kept
    return kept


@kernel
def share_out(fund, age):
    """Recycle, distribute, claw back and cede."""
    terms, work = fund.terms[0], fund.work[0]
    amount = work.month_proceeds - kept_for_deals(fund, age)
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
def live_month(tables, state, fund, month):
    """Let a fund live through a month: closings, fees, deals, ends, distribution, concession, custody."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    begin_month(fund)
    age = month - terms.begins
    if 0 <= age <= terms.last:
        committed_before = committed(fund)
        close_round(tables, fund, age)
        if work.is_set_up == 1:
            grow_accounts(fund)
            charge_fee(fund, age, committed_before)
            invest(tables, state, fund, age)
            if work.n_unsold > 0:
                ring_clocks(tables, state, fund, age)
            if age == terms.last:
                sell_the_rest(fund)
            share_out(fund, age)
            figures.n_unsold = work.n_unsold
            figures.hurdle_owed = work.hurdle
    if work.is_given_up == 1 or work.is_sold == 1 or age >= terms.last:
        work.month_back = max(0.0, work.custody)
