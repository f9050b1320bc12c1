"""What a fund is worth at a month's end: at the stated mark, and by the laws of its deals."""

from __future__ import annotations

from fundsim.core.equity.family import parts_of_subs
from fundsim.core.equity.waterfall import government_part
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["note_values"]


@kernel
def expected_value(tables, fund, age):
    """Return the mean of what the deals that have not ended still bring, at their age [yuan]."""
    expected = tables.equities.expected
    total = 0.0
    for d in range(fund.work[0].n_unsold):
        deal = fund.deals[d]
        total += deal.cost * expected[deal.stage, fund.terms[0].last - deal.made, age - deal.made]
    return total


@kernel
def expected_jointly(tables, fund, age):
    """Return the mean of what government's co-investments that have not ended still bring [yuan]."""
    expected = tables.equities.expected
    total = 0.0
    for d in range(fund.work[0].n_unsold):
        deal = fund.deals[d]
        total += deal.joined * expected[deal.stage, fund.terms[0].last - deal.made, age - deal.made]
    return total


@kernel
def values_of(tables, state, fund, age):
    """Return what a fund holds beside recycled money: at its mark, and by what is expected [yuan]."""
    terms, figures = fund.terms[0], fund.figures[0]
    if terms.end_sub > terms.first_sub:
        return parts_of_subs(tables, state, terms)
    if terms.first_pace >= 0:
        return figures.unsold_cost, figures.unsold_cost
    value = expected_value(tables, fund, age)
    return figures.unsold_cost if terms.at_cost == 1 else value, value


@outlined
def note_values(tables, state, fund, age):
    """Write down net asset values, and who would have them through the waterfall."""
    work, figures = fund.work[0], fund.figures[0]
    marked, value = values_of(tables, state, fund, age)
    nav = work.recycled + marked
    if fund.terms[0].beside >= 0:
        figures.joint_expected = expected_jointly(tables, fund, age)
    figures.expected_value = value
    figures.nav = nav
    figures.nav_government, figures.nav_social = government_part(fund, nav)
    figures.expected_government, _ = government_part(fund, work.recycled + value)
