"""Step 2: what levels of government pay into the budget lines."""

from __future__ import annotations

from fundsim.core.budget.draws import normal_of
from fundsim.core.equity.draws import share_of
from fundsim.core.machine.decorators import kernel
from fundsim.core.month.ledger import transfer

__all__ = ["YEAR", "appropriate_to_line", "draw_shares", "year_after"]

YEAR = 12


@kernel
def year_after(month, months):
    """Return the budget year that began so many months ago, or −1 in the months between."""
    since = month - months
    return since // YEAR if since >= 0 and since % YEAR == 0 else -1


@kernel
def draw_shares(tables, state, month):
    """Draw the shares that levels pay in the budget year that begins now: BetaInv(Φ(√ρ Z + √(1 − ρ) ε))."""
    for level in range(tables.budget.levels.size):
        terms = tables.budget.levels[level]
        score = 0.0
        if tables.budget.share_laws[terms.law].n_nodes > 0:
            score = terms.loading * state.factors[month, 0]
            score += terms.noise * normal_of(state.key, terms.entity, month)
        share = share_of(tables.budget, terms.law, score)
        state.budget.shares[level, month // YEAR] = share
        state.levels[level].paid_share = share


@kernel
def decide(tables, state, j, a, year):
    """Decide what a level will pay of a year's appropriation, and what is lost or left for the next."""
    budget, terms = tables.budget, tables.budget.appropriations[a]
    figures, work = state.budget_lines[j], state.budget.appropriations[a]
    last = budget.amounts.shape[1] - 1
    figures.due += budget.amounts[a, year]
    wanted = budget.amounts[a, year] + work.unpaid
    arrives = budget.lines[j].decided_after + YEAR * year + terms.delay
    share = state.budget.shares[terms.level, year]
    too_late = budget.lines[j].waits == 0 and arrives >= tables.window.months
    coming = 0.0 if too_late else share * wanted
    state.budget.coming[a, year] = coming
    if budget.levels[terms.level].next_year == 1 and year < last and not too_late:
        work.unpaid = wanted - coming
    else:
        work.unpaid = 0.0
        figures.lost += wanted - coming


@kernel
def appropriate_to_line(tables, state, j, month):
    """Decide a line's appropriations where their month has come, and pay those that arrive."""
    line = tables.budget.lines[j]
    years = tables.budget.amounts.shape[1]
    decided = year_after(month, line.decided_after)
    for a in range(line.first_appropriation, line.end_appropriation):
        if 0 <= decided < years:
            decide(tables, state, j, a, decided)
        terms = tables.budget.appropriations[a]
        arrived = year_after(month, line.decided_after + terms.delay)
        if 0 <= arrived < years and state.budget.coming[a, arrived] > 0.0:
            amount = state.budget.coming[a, arrived]
            transfer(tables.lines, state, terms.pay_line, amount)
            state.budget.appropriations[a].paid += amount
            state.budget.coming[a, arrived] = 0.0
