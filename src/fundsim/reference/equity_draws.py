"""Random numbers of an equity fund: the other engine draws the same from the same counters."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betaincinv, ndtri, pdtr

from fundsim.reference.economy import shared_uniforms
from fundsim.scheme import BetaShare, EquityFund, Purpose, entity

__all__ = ["DealDraws", "EquityDraws", "beta_value", "lognormal_value", "poisson_value"]


@dataclass(frozen=True, slots=True)
class DealDraws:
    """What chance holds for one deal; all but two lie in (0, 1)."""

    stage: float
    size: float
    patience: float
    """Hazard, of exit and failure together, at which it ends: a standard exponential."""
    fate: float
    """Failure, if it lies below failure's part in the hazard of the month."""
    score: float
    """ε of its category: a standard normal."""
    multiple: float
    locality: float


class EquityDraws:
    """Draws of one fund on one path.

    Args:
        terms: the fund.
        seed: seed of the run.
        path: number of the path.
    """

    def __init__(self, terms: EquityFund, seed: int, path: int) -> None:
        self._key = seed, path, Purpose.EQUITY, entity(EquityFund.prefix + "." + terms.name)
        self._start = terms.start

    def _block(self, month: int, draw: int) -> tuple[float, ...]:
        return shared_uniforms(*self._key, month, draw)

    @property
    def raising(self) -> float:
        """ε of raising: a standard normal."""
        return float(ndtri(self._block(self._start, 0)[2]))

    @property
    def shortfall(self) -> float:
        """Draw of the call shortfall."""
        return self._block(self._start, 0)[3]

    def number(self, month: int) -> float:
        """Return the draw of the number of deals in a month."""
        return self._block(month, 0)[0]

    def deal(self, month: int, k: int) -> DealDraws:
        """Return the draws of the k-th deal of a month, counted from 0."""
        stage, size, patience, fate = self._block(month, 1 + 2 * k)
        score, multiple, locality, _ = self._block(month, 2 + 2 * k)
        return DealDraws(stage, size, -math.log(patience), fate, float(ndtri(score)), multiple, locality)


def beta_value(law: BetaShare, u: float) -> float:
    """Return the value of a beta law below which it lies with probability u; its mean without an sd.

    >>> beta_value(BetaShare(mean=0.3), 0.9)
    0.3
    """
    if law.sd == 0.0:
        return law.mean
    both = law.mean * (1.0 - law.mean) / (law.sd * law.sd) - 1.0
    return float(betaincinv(law.mean * both, (1.0 - law.mean) * both, u))


def lognormal_value(mean: float, cv: float, u: float) -> float:
    """Return the value below which a lognormal law with this mean and cv lies with probability u."""
    if cv == 0.0:
        return mean
    variance = math.log1p(cv * cv)
    return mean * math.exp(math.sqrt(variance) * float(ndtri(u)) - variance / 2.0)


def poisson_value(mean: float, u: float) -> int:
    """Return the smallest n with ``u < P(N ≤ n)``, N Poisson.

    >>> poisson_value(0.0, 0.999), poisson_value(1.0, 0.3), poisson_value(1.0, 0.5)
    (0, 0, 1)
    """
    n = 0
    while u >= pdtr(n, mean):
        n += 1
    return n
