"""What government cedes to social partners: a share of its gains, or its stake at a strike (让利)."""

from __future__ import annotations

from fundsim.core.equity.waterfall import government_part
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["cede_excess", "test_option"]

MONTHS = 12


@kernel
def never_ceded(fund, age):
    """Return what government must have received before it cedes: its commitment; later its calls.

    After the investment period: its calls to date and its part of what the fund's fees may still call.  That
    of a parent stays the commitment: its sub-funds call until they end.
    """
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age < terms.investment or terms.end_sub > terms.first_sub:
        return work.raised_government
    to_come = max(0, terms.life - 1 - age)
    fees = (terms.fee_monthly * figures.unsold_cost + terms.cost_monthly) * to_come
    if terms.government_first == 0:
        fees *= 1.0 - terms.social_part
    return min(work.raised_government, figures.called_government + fees)


@kernel
def cede_excess(fund, age, public):
    """Cede a share of what government has received above its base, at most its part of this distribution."""
    work, figures = fund.work[0], fund.figures[0]
    above = max(0.0, work.to_government - never_ceded(fund, age))
    amount = min(public, max(0.0, fund.terms[0].ceded_share * above - figures.ceded))
    figures.ceded += amount
    work.month_ceded += amount
    work.month_treasury -= amount


@kernel
def strike_of(fund, age):
    """Return the price of government's stake: its calls, later with interest, less what it received."""
    figures = fund.figures[0]
    calls = figures.called_government if age == fund.terms[0].option_first else fund.work[0].grown
    return max(0.0, calls - figures.distributed_government)


@outlined
def test_option(fund, age):
    """In the last month of a fund year, let social partners buy government's stake if it is worth more."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age < terms.option_first or age >= terms.life or (age + 1) % MONTHS != 0 or work.is_sold == 1:
        return
    strike = strike_of(fund, age)
    value, _ = government_part(fund, work.recycled + terms.option_mark * figures.unsold_cost)
    if value > strike + HALF_A_FEN:
        work.is_sold = 1
        work.month_price = strike
        figures.option_price = strike
        figures.option_cost = value - strike
        figures.sold_month = terms.begins + age
