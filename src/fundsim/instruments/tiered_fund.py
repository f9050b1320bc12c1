"""A fund behind loans whose size is capped by tier of borrower, with other levels of government behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from fundsim.instruments.covered_lending import PublicFund
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Part
from fundsim.instruments.payers import Level, faults_of_shares, levels_of
from fundsim.instruments.programme import covered, fund_of, programme_of
from fundsim.instruments.tiers import Tier, faults_of_tiers
from fundsim.metrics.payer_words import COMPENSATION, PayerWords
from fundsim.scenario.term import TermFault, term

__all__ = ["TieredFund", "lower_tiered"]


class TieredFund(PublicFund):
    """A public fund that covers loans of tiers of borrowers."""

    called: ClassVar[PayerWords] = COMPENSATION
    """What the kind's fund is called."""

    tiers: Mapping[str, Tier] = term(
        min_length=1, meaning="Tiers of borrowers with their largest loan", zh="贷款档次"
    )
    levels: Mapping[str, Level] = term(
        {},
        meaning="Levels of government that return to the fund a part of what it paid",
        zh="分级承担",
    )

    def faults_tiers(self, context: Any) -> Iterator[TermFault]:
        """Require each borrowing segment in one tier, with loans within its cap."""
        yield from faults_of_tiers("tiers", self.tiers, self.borrowers, context)

    def faults_levels(self, context: Any) -> Iterator[TermFault]:
        """Check the shares of the levels."""
        shares = {name: level.share for name, level in self.levels.items()}
        yield from faults_of_shares("levels", shares, 0.0, "the levels")

    def faults_carried(self, context: Any) -> Iterator[TermFault]:
        """Refuse arrears of a fund to which others return a part: when would theirs fall due?"""
        if self.arrears == "carry" and self.levels:
            yield TermFault(
                ("arrears",),
                "can't be carried where other levels return a part of what was paid",
                'write "lapse", or leave levels out',
                "与 levels（分级承担）不能同时使用 carry",
                "请写 lapse，或删去 levels",
            )


def lower_tiered(name: str, terms: TieredFund, context: Context) -> Part:
    """Lower it: one facility, the fund's contract, and one behind it for each level of government."""
    programme = programme_of(name, terms, context)
    fund = fund_of(programme, money_of(name, terms, context), called=terms.called)
    return covered(programme, fund, beside=levels_of(programme, terms.levels))
