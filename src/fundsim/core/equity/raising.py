"""How much money a fund raises, when it is committed, and whether the fund is set up."""

from __future__ import annotations

import math

from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.streams import unit_interval
from fundsim.core.equity.draws import block_of, score_of, share_of
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["close_round", "plan", "raise_money"]

SQRT_HALF = math.sqrt(0.5)


@kernel
def raised(tables, state, terms, noise):
    """Return the share of the social target that is raised: all of it, or a beta law's quantile."""
    first = terms.begins + tables.equities.closings[terms.first_closing].month
    score = terms.raising_loading * state.factors[first, 0] + terms.raising_noise * noise
    u = 0.5 * math.erfc(-score * SQRT_HALF)
    rest = 1.0 - terms.p_full
    if u > rest:
        return 1.0
    z = score if terms.p_full == 0.0 else score_of(u / rest)
    return share_of(tables.equities, terms.raised_law, z)


@outlined
def raise_money(tables, state, fund):
    """Draw what is known of a path before its first month: the share raised, and that of calls that fail."""
    terms, work = fund.terms[0], fund.work[0]
    work.granted_part = 1.0
    _, _, noise, fails = block_of(state.key, terms.entity, terms.begins, 0)
    work.failing = share_of(tables.equities, terms.failed_law, normal_quantile(unit_interval(fails)))
    if terms.raised_law >= 0:
        noise_of_fund = normal_quantile(unit_interval(noise))
        fund.figures[0].raised_share = raised(tables, state, terms, noise_of_fund)
    plan(fund)


@kernel
def plan(fund):
    """Work out the commitments of all closings, and what is invested of them, by the share that is raised.

    Where a parent commits a part of the planned money, all is that part of it.
    """
    terms, work, part = fund.terms[0], fund.work[0], fund.work[0].granted_part
    share = fund.figures[0].raised_share if terms.raised_law >= 0 else 1.0
    work.raised_social = part * (share * terms.social_target)
    work.raised_government = part * (share * terms.planned)
    work.commitments = work.raised_social + work.raised_government
    work.investable = max(0.0, terms.invest_share * work.commitments - terms.invest_less)


@kernel
def close_round(tables, fund, age):
    """Commit what the closings of this month bring; set the fund up, or give it up when time has run out."""
    terms, work, figures = fund.terms[0], fund.work[0], fund.figures[0]
    if age > terms.settled or work.is_given_up == 1:
        return
    for c in range(terms.first_closing, terms.end_closing):
        closing = tables.equities.closings[c]
        if closing.month == age:
            figures.committed_social += closing.share * work.raised_social
            figures.committed_government += closing.share * work.raised_government
            enough = figures.committed_social >= work.granted_part * terms.least_social - HALF_A_FEN
            if enough and age <= terms.set_up_months and work.is_set_up == 0:
                set_up(fund, age)
    if age >= terms.set_up_months and work.is_set_up == 0:
        work.is_given_up = 1
        figures.not_set_up_month = terms.begins + age


@kernel
def set_up(fund, age):
    """Set the fund up: its deals come at a rate that invests what is planned."""
    terms, work = fund.terms[0], fund.work[0]
    work.is_set_up = 1
    fund.figures[0].set_up = 1.0
    fund.figures[0].set_up_month = terms.begins + age
    if age < terms.investment and terms.deal_size > 0.0:
        work.deals_a_month = work.investable / (terms.deal_size * (terms.investment - age))
