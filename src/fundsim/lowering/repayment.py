"""What is left of a loan: the share of its principal outstanding in each month of its life."""

from __future__ import annotations

import math
from typing import Literal

__all__ = ["outstanding_share"]


def outstanding_share(
    repayment: Literal["bullet", "annuity", "linear"], term_months: int, rate_annual: float
) -> tuple[float, ...]:
    """Return s_a, the share outstanding in month a = 1 … n of a loan's life; nothing for a bullet loan.

    Linear (等额本金): s_a = (n − a + 1)/n.  Annuity (等额本息), with the monthly rate i = rate/12:
    s_a = ((1 + i)^n − (1 + i)^(a−1))/((1 + i)^n − 1), and linear where i is 0.

    >>> outstanding_share("linear", 4, 0.06)
    (1.0, 0.75, 0.5, 0.25)
    >>> [round(s, 6) for s in outstanding_share("annuity", 3, 0.12)]
    [1.0, 0.669978, 0.336656]
    """
    if repayment == "bullet":
        return ()
    growth = math.log1p(rate_annual / 12)
    if repayment == "linear" or growth == 0.0:
        return tuple((term_months - paid) / term_months for paid in range(term_months))
    whole = math.expm1(term_months * growth)
    # Over what is left to come, so that a rate near 0 loses no digits.
    return tuple(
        math.exp(paid * growth) * math.expm1((term_months - paid) * growth) / whole
        for paid in range(term_months)
    )
