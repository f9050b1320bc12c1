"""Deals of an equity fund: two clocks run, the first to ring decides, and an exit brings a multiple."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from scipy.special import ndtr

from fundsim.reference.equity_draws import DealDraws, lognormal_value
from fundsim.scheme import EquityFund
from fundsim.scheme.equity_laws import Clock, Multiple, Stage

__all__ = ["Deal", "DealLaws", "Ending"]


@dataclass(frozen=True, slots=True)
class Ending:
    """When and how a deal ends."""

    month: int
    failed: bool
    proceeds: float
    """What it brings [yuan]."""


@dataclass(slots=True, eq=False)
class Deal:
    """Money in one firm."""

    stage: Stage
    made: int
    """Month of the window."""
    cost: float
    """[yuan]"""
    draws: DealDraws
    joined: float = 0.0
    """What government has put in beside the fund [yuan]."""


def _chosen(probabilities: Sequence[float], u: float) -> int:
    """Return the first position up to which the probabilities sum to more than u; else the last."""
    return min(bisect_right(list(accumulate(probabilities)), u), len(probabilities) - 1)


def _hazard(clock: Clock, months: int) -> float:
    """Return the hazard of the n-th month after a deal, without the economy."""
    return clock.hazard(months / 12.0) - clock.hazard((months - 1) / 12.0)


def _multiple(law: Multiple, u: float, years: float) -> float:
    """Return what an exit brings per yuan of cost after so many years."""
    if law.law == "lognormal":
        return lognormal_value(law.value, law.cv, u)
    return law.mean(years)


class DealLaws:
    """How the deals of a fund end on a path.

    Args:
        terms: the fund.
        index: X in each month of the window.
    """

    def __init__(self, terms: EquityFund, index: Sequence[float]) -> None:
        self._terms = terms
        self._index = index
        self._values = cache(self._values_by_age)

    def size(self, draws: DealDraws) -> float:
        """Return what a deal would cost if the fund had enough [yuan]."""
        return lognormal_value(self._terms.deal_size, self._terms.deal_cv, draws.size)

    def stage(self, draws: DealDraws) -> Stage:
        """Return the stage of a deal."""
        stages = self._terms.stages
        return stages[_chosen([stage.share for stage in stages], draws.stage)]

    def ending(self, deal: Deal) -> Ending | None:
        """Return when and how a deal ends by its clocks; None if they don't ring in the fund's life.

        It rings in the month in which the hazards of both clocks sum up to its patience, and then fails
        with the probability of failure's part in that month's hazard.
        """
        beta, beta_f = self._terms.exit_beta, self._terms.failure_beta
        borne = 0.0
        for month in range(deal.made + 1, self._terms.last + 1):
            n, x = month - deal.made, self._index[month]
            of_exit = _hazard(deal.stage.exit, n) * math.exp(beta * x - beta * beta / 2.0)
            of_failure = _hazard(deal.stage.failure, n) * math.exp(-beta_f * x - beta_f * beta_f / 2.0)
            borne += of_exit + of_failure
            if borne >= deal.draws.patience:
                failed = deal.draws.fate < of_failure / (of_exit + of_failure)
                return Ending(month, failed, 0.0 if failed else self._proceeds(deal, month))
        return None

    def _proceeds(self, deal: Deal, month: int) -> float:
        rho = self._terms.exit_rho
        score = math.sqrt(rho) * self._index[month] + math.sqrt(1.0 - rho) * deal.draws.score
        exits = deal.stage.exits
        chosen = exits[_chosen([e.probability for e in exits], float(ndtr(score)))]
        return deal.cost * _multiple(chosen.multiple, deal.draws.multiple, (month - deal.made) / 12.0)

    def liquidated(self, deal: Deal) -> float:
        """Return what a deal brings that is sold because the fund ends [yuan]."""
        return deal.cost * self._terms.liquidation_multiple

    def expected_multiple(self, deal: Deal, month: int) -> float:
        """Return what a deal that has not ended is expected to bring per yuan of cost.

        From the end of a month to the fund's end, by the laws of its stage at its age, with β = 0.
        """
        return self._values(deal.stage, deal.made)[month - deal.made]

    def _values_by_age(self, stage: Stage, made: int) -> tuple[float, ...]:
        """Return the expected multiple at the ages 0, 1 … of deals made in a month, at month ends.

        ``v(n) = (1 − e^−h) × exit's part × mean multiple + e^−h v(n + 1)``, h the hazard of month n + 1.
        """
        values = [self._terms.liquidation_multiple]
        for n in range(self._terms.last - made, 0, -1):
            of_exit, of_failure = _hazard(stage.exit, n), _hazard(stage.failure, n)
            both = of_exit + of_failure
            brought = 0.0
            if both > 0.0:
                mean = sum(e.probability * e.multiple.mean(n / 12.0) for e in stage.exits)
                brought = -math.expm1(-both) * of_exit / both * mean
            values.append(brought + math.exp(-both) * values[-1])
        return tuple(reversed(values))
