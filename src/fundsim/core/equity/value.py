"""What a fund is worth at a month's end: at the stated mark, and by the laws of its deals."""

from __future__ import annotations

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


@outlined
def note_values(tables, fund, age):
    """Write down net asset values, and who would have them through the waterfall."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    value = expected_value(tables, fund, age)
    nav = work.recycled + (figures.unsold_cost if terms.at_cost == 1 else value)
    figures.expected_value = value
    figures.nav = nav
    figures.nav_government, figures.nav_social = government_part(fund, nav)
    figures.expected_government, _ = government_part(fund, work.recycled + value)
