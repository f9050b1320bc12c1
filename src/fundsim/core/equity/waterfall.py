"""The waterfall of a whole fund: contributions, hurdle, catch-up, carry; and the clawback at the end."""

from __future__ import annotations

from fundsim.core.equity.at_work import stake_of_government
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["claw_back", "distribute", "government_part", "grow_accounts"]


@kernel
def grow_accounts(fund):
    """Let a month pass for the hurdle account, and for the interest on the strike of a call option."""
    fund.work[0].hurdle *= fund.terms[0].hurdle_growth
    fund.work[0].grown *= fund.terms[0].benchmark_growth


@kernel
def steps(fund, amount):
    """Return the parts of a distribution: contributions, hurdle, catch-up, carry, partners' rest.

    It changes nothing: what partners would have of an amount is found with it too.
    """
    terms, work = fund.terms[0], fund.work[0]
    first = min(amount, work.hurdle)
    back = min(first, max(0.0, work.contributed - work.returned))
    rest = amount - first
    catch_up = 0.0
    if terms.catch_up > 0.0 and rest > 0.0:
        gains = work.distributed + first - work.contributed
        missing = (terms.carry * gains - work.carried) / (terms.catch_up - terms.carry)
        catch_up = min(rest, max(0.0, missing))
    rest -= catch_up
    partners = (1.0 - terms.catch_up) * catch_up + (1.0 - terms.carry) * rest
    return back, first - back, terms.catch_up * catch_up, terms.carry * rest, partners


@outlined
def government_part(fund, amount):
    """Return what government and social partners would have of an amount that is distributed now."""
    if amount <= 0.0:
        return 0.0, 0.0
    back, hurdle, _, _, partners = steps(fund, amount)
    both = back + hurdle + partners
    public = both * stake_of_government(fund) if fund.work[0].is_sold == 0 else 0.0
    return public, both - public


@outlined
def pay_partners(fund, amount):
    """Share an amount among partners by contributions to date; return government's part."""
    work, figures = fund.work[0], fund.figures[0]
    public = amount * stake_of_government(fund)
    if work.is_sold == 1:
        figures.distributed_to_buyers += public
        figures.distributed_social += amount
        work.month_partners += amount
        return 0.0
    figures.distributed_government += public
    figures.distributed_social += amount - public
    work.month_treasury += public
    work.month_partners += amount - public
    return public


@outlined
def distribute(fund, amount):
    """Take a distribution through the waterfall; return government's part of it."""
    work, figures = fund.work[0], fund.figures[0]
    back, hurdle, catch_up, carry, partners = steps(fund, amount)
    figures.to_contributions += back
    figures.to_hurdle += hurdle
    figures.to_catch_up += catch_up
    figures.to_carry += carry
    figures.to_partners += partners
    work.returned += back
    work.hurdle = max(0.0, work.hurdle - amount)
    work.distributed += amount
    work.carried += catch_up + carry
    work.month_carry += catch_up + carry
    public = pay_partners(fund, back + hurdle + partners)
    work.to_government += public
    return public


@outlined
def claw_back(fund):
    """Let the manager give carry back in the last month, as far as it is more than its share of the gains."""
    terms, work = fund.terms[0], fund.work[0]
    gains = max(0.0, work.distributed - work.contributed)
    amount = min(work.carried, max(work.carried - terms.carry * gains, work.hurdle))
    if amount > 0.0:
        fund.figures[0].clawback += amount
        work.month_clawback += amount
        work.hurdle = max(0.0, work.hurdle - amount)
        pay_partners(fund, amount)
