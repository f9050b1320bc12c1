"""New deals, the two clocks of those that have not ended, and what exits bring."""

from __future__ import annotations

import math

from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.streams import unit_interval
from fundsim.core.equity.beside import join_deal, leave_deal
from fundsim.core.equity.calls import room_left
from fundsim.core.equity.draws import block_of, number_of_deals
from fundsim.core.equity.family import call
from fundsim.core.equity.fees import planned_fees
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["invest", "ring_clocks", "sell_the_rest"]


@kernel
def stage_of(tables, terms, u):
    """Return the row of a deal's stage."""
    s = terms.first_stage
    while u >= tables.equities.stages[s].cumulative:
        s += 1
    return s


@outlined
def make_deal(tables, state, fund, age, number):
    """Make a month's deal of this number, cut to what the fund has: recycled money first, the rest called."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    month = terms.begins + age
    stage, size, threshold, fate = block_of(state.key, terms.entity, month, 1 + 2 * number)
    wanted = terms.deal_size
    if terms.size_sigma > 0.0:
        wanted = math.exp(terms.size_log + terms.size_sigma * normal_quantile(unit_interval(size)))
    wanted = min(wanted, room_left(fund, planned_fees(fund, age)))
    if wanted < HALF_A_FEN:
        return
    from_recycled = min(wanted, work.recycled)
    social_part = figures.called_social / work.contributed if from_recycled > 0.0 else 0.0
    came_in, social = call(tables, state, fund, wanted - from_recycled)
    cost = from_recycled + came_in
    if cost < HALF_A_FEN:
        work.recycled += came_in
        return
    work.recycled -= from_recycled
    work.month_deals += cost
    figures.n_deals += 1
    figures.invested += cost
    figures.invested_social += social + social_part * from_recycled
    if terms.local_share > 0.0:
        _, _, local, _ = block_of(state.key, terms.entity, month, 2 + 2 * number)
        if unit_interval(local) < terms.local_share:
            figures.invested_local += cost
    if work.n_unsold == fund.deals.size:
        fund.full[0] = 1
        return
    deal = fund.deals[work.n_unsold]
    work.n_unsold += 1
    figures.unsold_cost += cost
    deal.stage = stage_of(tables, terms, unit_interval(stage))
    deal.made = age
    deal.number = number
    deal.cost = cost
    deal.threshold = -math.log(unit_interval(threshold))
    deal.spent = 0.0
    deal.fate = unit_interval(fate)
    deal.joined = 0.0
    if terms.beside >= 0:
        join_deal(tables, state, fund, deal)


@kernel
def invest(tables, state, fund, age):
    """Make the deals of a month of the investment period."""
    terms, work = fund.terms[0], fund.work[0]
    if age < terms.investment and work.deals_a_month > 0.0:
        word, _, _, _ = block_of(state.key, terms.entity, terms.begins + age, 0)
        for number in range(number_of_deals(unit_interval(word), work.deals_a_month)):
            make_deal(tables, state, fund, age, number)


@outlined
def end_deal(tables, state, fund, d, proceeds):
    """Take a deal off the list: the last one moves to its place; note what it cost and brought."""
    work, figures = fund.work[0], fund.figures[0]
    if fund.terms[0].beside >= 0:
        leave_deal(tables, state, fund, fund.deals[d], proceeds)
    cost = fund.deals[d].cost
    figures.realised_cost += cost
    figures.proceeds += proceeds
    figures.lost += max(0.0, cost - proceeds)
    work.month_proceeds += proceeds
    work.n_unsold -= 1
    figures.unsold_cost = figures.unsold_cost - cost if work.n_unsold > 0 else 0.0
    moved, freed = fund.deals[work.n_unsold], fund.deals[d]
    freed.stage = moved.stage
    freed.made = moved.made
    freed.number = moved.number
    freed.cost = moved.cost
    freed.threshold = moved.threshold
    freed.spent = moved.spent
    freed.fate = moved.fate
    freed.joined = moved.joined


@outlined
def exit_of(tables, state, fund, d, index, months):
    """Return what the exit of a deal brings, so many months after it was made."""
    terms, deal = fund.terms[0], fund.deals[d]
    month = terms.begins + deal.made
    noise, size, _, _ = block_of(state.key, terms.entity, month, 2 + 2 * deal.number)
    score = terms.exit_loading * index + terms.exit_noise * normal_quantile(unit_interval(noise))
    e = tables.equities.stages[deal.stage].first_exit
    while score >= tables.equities.exits[e].score:
        e += 1
    multiple = tables.equities.multiples[e, months]
    sigma = tables.equities.exits[e].sigma
    if sigma > 0.0:
        multiple *= math.exp(sigma * normal_quantile(unit_interval(size)) - 0.5 * sigma * sigma)
    return deal.cost * multiple


@kernel
def ring_clocks(tables, state, fund, age):
    """Let a month pass for all deals: those whose clock rings fail or exit.  Exits come late in bad times."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    month = terms.begins + age
    index = terms.city_loading * state.factors[month, 0]
    index += terms.sector_loading * state.factors[month, terms.factor]
    exit_pace = math.exp(terms.exit_beta * index - terms.exit_drift)
    failure_pace = math.exp(-terms.failure_beta * index - terms.failure_drift)
    d = 0
    while d < work.n_unsold:
        deal = fund.deals[d]
        months = age - deal.made
        exits = exit_pace * tables.equities.hazards[deal.stage, months].exit
        fails = failure_pace * tables.equities.hazards[deal.stage, months].failure
        deal.spent += exits + fails
        if deal.spent < deal.threshold:
            d += 1
        elif deal.fate * (exits + fails) < fails:
            figures.n_failed += 1
            end_deal(tables, state, fund, d, 0.0)
        else:
            figures.n_exited += 1
            end_deal(tables, state, fund, d, exit_of(tables, state, fund, d, index, months))


@outlined
def sell_the_rest(tables, state, fund):
    """Sell in the fund's last month what is left, at the multiple of a liquidation."""
    while fund.work[0].n_unsold > 0:
        last = fund.work[0].n_unsold - 1
        fund.figures[0].n_liquidated += 1
        end_deal(tables, state, fund, last, fund.terms[0].liquidation * fund.deals[last].cost)
