"""What an equity fund raises on a path, closing by closing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import ndtr

from fundsim.reference.equity_draws import EquityDraws, beta_value
from fundsim.scheme import EquityFund
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Raised"]


class Raised:
    """The money that partners commit to a fund in its closings.

    ``u = Φ(√ρ Z + √(1 − ρ) ε)`` with Z of the month of the first closing; the whole target is raised if
    ``u > 1 − p_full``, else the part BetaInv(u/(1 − p_full)) of it.

    Args:
        terms: the fund.
        city: the city factor in each month of the window.
        draws: draws of the fund.
    """

    def __init__(self, terms: EquityFund, city: Sequence[float], draws: EquityDraws) -> None:
        self._terms = terms
        self.part = 1.0
        """Part of the planned G that government may commit; of a sub-fund known from its first month on."""
        self.share = self._draw_share(city, draws)
        """r: raised part of the social target; 0 without social partners."""

    def _draw_share(self, city: Sequence[float], draws: EquityDraws) -> float:
        law = self._terms.raising
        if law is None:
            return 0.0
        z = city[self._terms.start + law.closings[0][0]]
        u = float(ndtr(math.sqrt(law.rho) * z + math.sqrt(1.0 - law.rho) * draws.raising))
        if u > 1.0 - law.p_full:
            return 1.0
        return beta_value(law.rest, u / (1.0 - law.p_full))

    @property
    def _target(self) -> float:
        """The social target, beside what government may commit [yuan]."""
        return self.part * self._terms.social_target

    @property
    def social(self) -> float:
        """What social partners commit in all closings [yuan]."""
        return self.share * self._target

    @property
    def government(self) -> float:
        """What government commits in all closings [yuan]."""
        return self.part * self._terms.planned * (1.0 if self._terms.raising is None else self.share)

    @property
    def total(self) -> float:
        """What all partners commit in all closings [yuan]."""
        return self.social + self.government

    def closing(self, age: int) -> tuple[float, float]:
        """Return what social partners and government commit in a month of the fund's life [yuan]."""
        law = self._terms.raising
        if law is None:
            return 0.0, self.government if age == 0 else 0.0
        part = dict(law.closings).get(age, 0.0)
        return part * self.social, part * self.government

    def sets_up(self, age: int, committed_social: float) -> bool:
        """Return whether a month's closing, that is not too late, sets the fund up.

        Args:
            age: month of the fund's life.
            committed_social: by social partners to date [yuan].
        """
        law = self._terms.raising
        if law is None:
            return age == 0
        if age not in dict(law.closings):
            return False
        return committed_social >= law.minimum_first_close * self._target - HALF_A_FEN

    def too_late(self, age: int) -> bool:
        """Return whether a fund that is not set up by the end of this month never will be."""
        law = self._terms.raising
        return law is not None and age >= law.set_up_months
