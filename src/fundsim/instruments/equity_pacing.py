"""Terms of pacing: a fund that calls and distributes by yearly rates in place of deals."""

from __future__ import annotations

from typing import Literal

from fundsim.scenario.term import Term, term
from fundsim.scheme import Pacing
from fundsim.units import AnnualRate, Number, Share

__all__ = ["PACED", "PacingChoice", "PacingTerms", "pacing_of"]

YALE = (0.25, 1.0 / 3.0, 0.5)
"""Rates of call of a venture fund, by Takahashi and Alexander."""
PACED = "takahashi_alexander"

PacingChoice = Literal["takahashi_alexander"]


class PacingTerms(Term):
    """Calls and distributions by yearly rates, as Takahashi and Alexander (2002) pace them."""

    calls: tuple[Share, ...] = term(
        YALE,
        min_length=1,
        max_length=15,
        meaning="Part of the uncalled commitments that is called in each year; the last one holds on",
        zh="各年缴款比例（占未缴认缴额）",
    )
    growth: AnnualRate = term(0.13, meaning="Growth of net asset value", zh="净值年增长率")
    bow: Number = term(
        2.5,
        le=20,
        meaning="Exponent: in year t of L (t/L)^bow of net asset value is distributed; larger is later",
        zh="分配曲线指数",
    )
    yield_: Share = term(
        0.0,
        alias="yield",
        meaning="Part of net asset value that is distributed each year at least",
        zh="最低年分配比例",
    )

    @property
    def law(self) -> Pacing:
        """The law of the scheme."""
        return Pacing(calls=self.calls, growth=self.growth, bow=self.bow, least_yield=self.yield_)


def pacing_of(written: PacingChoice | PacingTerms) -> Pacing:
    """Return the law that a name or a block of rates stands for."""
    return written.law if isinstance(written, PacingTerms) else PacingTerms().law
