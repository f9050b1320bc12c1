"""Internal rates of return of monthly net flows: all roots in (−100 %, 1,000 %] are known to be counted.

With v = 1/(1 + r) the present value Σ c_t v^t is a polynomial.  Rates above 0 are its roots between
11^(−1/12) and 1; rates below 0 are those between 0 and 1 of the polynomial with the last flow first, which
is in 1/v.  So no power overflows.
"""

from __future__ import annotations

import math

from fundsim.core.equity.roots import largest_root, value_at
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.equity_tables import Whose
from fundsim.scheme import IrrCase
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["forget_rates", "note_flows", "note_rates", "rate_of"]

HIGHEST = 10.0
"""1,000 % a year."""
AT_HIGHEST = 11.0 ** (-1.0 / 12.0)
MONTHS = 12.0
ONE, AMBIGUOUS = float(IrrCase.ONE), float(IrrCase.AMBIGUOUS)
NONE, CAPPED = float(IrrCase.NONE), float(IrrCase.CAPPED)
NOT_CALLED = float(IrrCase.NOT_CALLED)


@kernel
def yearly(growth):
    """Return the yearly rate of a monthly growth factor."""
    return math.expm1(MONTHS * math.log(growth))


@kernel
def trim(room, n):
    """Set flows below half a fen to 0; return the first and the last that are not, and their extremes."""
    first, last = n, -1
    least, most = 0.0, 0.0
    for t in range(n):
        if abs(room.net[t]) < HALF_A_FEN:
            room.net[t] = 0.0
        else:
            first = min(first, t)
            last = t
            least = min(least, room.net[t])
            most = max(most, room.net[t])
    return first, last, least, most


@kernel
def lay_out(room, first, last):
    """Fill the polynomial of the flows both ways, without a root at a rate of 0; return degree and sum.

    Flows that sum to 0 (to half a fen) are divided by 1 − v: their partial sums are the coefficients.
    """
    degree = last - first
    total = 0.0
    for i in range(degree + 1):
        room.forward[i] = room.net[first + i]
        total += room.forward[i]
    if abs(total) < HALF_A_FEN:
        total = 0.0
        degree -= 1
        for i in range(1, degree + 1):
            room.forward[i] += room.forward[i - 1]
    for i in range(degree + 1):
        room.backward[i] = room.forward[degree - i]
    return degree, total


@kernel
def nearest(total, up, down, n_up, n_down):
    """Return the root nearest 0 that has the sign of the undiscounted sum; if none has it, the nearest."""
    if total == 0.0:
        return 0.0
    if total > 0.0:
        return yearly(1.0 / up) if n_up > 0 else yearly(down)
    return yearly(down) if n_down > 0 else yearly(1.0 / up)


@outlined
def rate_of(room, n):
    """Return the yearly rate of n net flows in ``room.net``, of which something was called, and its case."""
    first, last, least, most = trim(room, n)
    if most == 0.0:
        return (-1.0, ONE) if least < 0.0 else (math.nan, NONE)
    if least == 0.0:
        return math.nan, NONE
    degree, total = lay_out(room, first, last)
    n_up, up = largest_root(room, room.forward, degree, AT_HIGHEST)
    n_down, down = largest_root(room, room.backward, degree, 0.0)
    found = n_up + n_down + (1 if total == 0.0 else 0)
    if found > 0:
        case = AMBIGUOUS if found > 1 else ONE
        return nearest(total, up, down, n_up, n_down), case
    if room.net[first] < 0.0 and value_at(room.forward, degree, AT_HIGHEST) > 0.0:
        return HIGHEST, CAPPED
    return math.nan, NONE


@kernel
def note_flows(fund, flows, month, paid_in):
    """Keep what a month's flows come to; ``paid_in`` is all that was paid into custody to date."""
    work = fund.work[0]
    public = work.month_treasury + work.month_price
    social = work.month_partners + work.month_ceded - work.month_price
    flows[Whose.GOVERNMENT, month] = public - work.month_custody_call
    flows[Whose.SOCIAL, month] = social - work.month_partners_call
    flows[Whose.TREASURY, month] = public + work.month_back - (paid_in - work.paid_in)
    work.paid_in = paid_in


@kernel
def own_rate(room, flows, whose, month, more):
    """Return rate and case of one kind of flows to a month, with more added to the last."""
    for t in range(month + 1):
        room.net[t] = flows[whose, t]
    room.net[month] += more
    return rate_of(room, month + 1)


@kernel
def rate_of_all(room, flows, month, more):
    """Return rate and case of all partners' flows."""
    for t in range(month + 1):
        room.net[t] = flows[Whose.GOVERNMENT, t] + flows[Whose.SOCIAL, t]
    room.net[month] += more
    return rate_of(room, month + 1)


@kernel
def forget_rates(figures):
    """Say that there are no rates at this date."""
    figures.irr_fund = math.nan
    figures.irr_fund_case = math.nan
    figures.irr_government = math.nan
    figures.irr_government_case = math.nan
    figures.irr_social = math.nan
    figures.irr_social_case = math.nan
    figures.irr_treasury = math.nan
    figures.irr_treasury_case = math.nan


@outlined
def note_rates(fund, room, flows, month):
    """Find the rates of return to a month's end; before the fund's, the net asset value is the last flow."""
    work, figures = fund.work[0], fund.figures[0]
    lives = month < fund.terms[0].begins + fund.terms[0].last
    public = figures.nav_government if lives else 0.0
    social = figures.nav_social if lives else 0.0
    forget_rates(figures)
    figures.irr_fund_case = NOT_CALLED
    figures.irr_government_case = NOT_CALLED
    figures.irr_social_case = NOT_CALLED
    figures.irr_treasury_case = NOT_CALLED
    if figures.called_government + figures.called_social > HALF_A_FEN:
        figures.irr_fund, figures.irr_fund_case = rate_of_all(room, flows, month, public + social)
    if figures.called_government > HALF_A_FEN:
        figures.irr_government, figures.irr_government_case = own_rate(
            room, flows, Whose.GOVERNMENT, month, public
        )
    if figures.called_social > HALF_A_FEN:
        figures.irr_social, figures.irr_social_case = own_rate(room, flows, Whose.SOCIAL, month, social)
    if work.paid_in > HALF_A_FEN:
        left = max(0.0, work.custody - work.month_back)
        figures.irr_treasury, figures.irr_treasury_case = own_rate(
            room, flows, Whose.TREASURY, month, public + left
        )
