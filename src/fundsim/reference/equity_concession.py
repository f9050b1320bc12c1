"""What government cedes to social partners: a share of its gains, or the right to buy its stake."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fundsim.scheme import CallOption, EquityFund, ExcessShare

__all__ = ["base_of", "ceded", "is_tested", "strike"]


def base_of(terms: EquityFund, age: int, *, committed: float, called: float, unsold_cost: float) -> float:
    """Return what government must have received before a fund with deals cedes anything [yuan].

    In the investment period its whole commitment; after it its calls to date and its part of what the
    fund's fees may still call (all of it where government pays first), at most its commitment.

    Args:
        terms: the fund.
        age: month of the fund's life.
        committed: by government in all closings.
        called: from government to date.
        unsold_cost: of the deals that have not ended.
    """
    if age < terms.investment:
        return committed
    months = max(0, terms.life - 1 - age)
    fees = (terms.fee_rate * unsold_cost + terms.fund_cost) / 12.0 * months
    part = 1.0 if terms.government_first else terms.planned / (terms.planned + terms.social_target)
    return min(committed, called + part * fees)


def ceded(
    rule: ExcessShare, *, distributed_now: float, distributed: float, base: float, before: float
) -> float:
    """Return what government cedes in a month [yuan].

    Args:
        rule: the concession.
        distributed_now: to government in the month.
        distributed: to government to date, this month included.
        base: what it must have received before.
        before: what it has ceded in earlier months.

    >>> ceded(ExcessShare(share=0.5), distributed_now=30.0, distributed=110.0, base=100.0, before=0.0)
    5.0
    """
    return min(distributed_now, max(0.0, rule.share * max(0.0, distributed - base) - before))


def is_tested(rule: CallOption, terms: EquityFund, age: int) -> bool:
    """Return whether the option is tested in a month: the last of year k and of each later year of life."""
    return (age + 1) % 12 == 0 and age + 1 >= 12 * rule.years and age < terms.life


def strike(rule: CallOption, calls: Sequence[float], distributed: float) -> float:
    """Return the price of government's stake at the end of a month of its life [yuan].

    What government paid on calls, less what it received; after year k each call has grown since its month.

    Args:
        rule: the concession.
        calls: paid by government in each month of the fund's life, the last being now.
        distributed: to government to date.

    >>> round(strike(CallOption(years=1, benchmark=0.1), [100.0] + 12 * [0.0], 30.0), 2)
    80.0
    """
    now = len(calls) - 1
    growth = 1.0 + (rule.benchmark if now + 1 > 12 * rule.years else 0.0)
    grown = sum(call * math.pow(growth, (now - age) / 12.0) for age, call in enumerate(calls))
    return max(0.0, grown - distributed)
