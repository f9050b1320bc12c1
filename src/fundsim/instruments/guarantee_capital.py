"""Terms of a guarantor's capital: who gives it, what banks lend on it, what lowers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundsim.scenario.term import Term, TermFault, term
from fundsim.units import Money, Months, Multiple, Share

__all__ = [
    "WEIGHTS_SINCE",
    "BankLine",
    "DrawnMultiple",
    "LiabilityWeights",
    "PrivateCapital",
    "Reserves",
]

WEIGHTS_SINCE = 2018
"""Year from which liability is weighted and 15 × is offered (银保监发〔2018〕1号)."""


class DrawnMultiple(Term):
    """A multiple that nobody knows: each path draws its own, evenly between two ends."""

    least: Multiple = term(meaning="Smallest value", zh="最小倍数")
    most: Multiple = term(meaning="Largest value", zh="最大倍数")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require the ends in order."""
        if self.most < self.least:
            yield TermFault(
                ("most",),
                f"lies under the smallest value ({self.least:g})",
                "exchange the two",
                f"小于最小倍数（{self.least:g}）",
                "请对调两个数",
            )


class PrivateCapital(Term):
    """Private money that follows public capital into the guarantor."""

    multiple: Multiple | DrawnMultiple = term(
        meaning="Private yuan for each public yuan injected: a number, or drawn for each path",
        zh="社会资本倍数",
    )
    lag_months: Months = term(
        0, le=120, meaning="Months from each public injection to the private money", zh="社会资本到位时滞"
    )


class BankLine(Term):
    """Credit line that banks give on the guarantor's capital (银行授信)."""

    multiple: Multiple | DrawnMultiple = term(
        meaning="Loans outstanding per yuan of capital paid in: a number, or drawn for each path",
        zh="授信倍数",
    )


class LiabilityWeights(Term):
    """What a guaranteed yuan counts in the liability that leverage limits."""

    small_loan: Share | None = term(
        None,
        gt=0,
        meaning="Weight of small loans to small or agricultural borrowers; left out, 0.75 under rules of "
        "2018 and later, else 1",
        zh="小额小微业务权重",
    )
    small_up_to: Money = term(5e6, meaning="Largest principal of a small loan", zh="小额业务上限")
    other: Multiple = term(1.0, gt=0, meaning="Weight of all other loans", zh="其他业务权重")


class Reserves(Term):
    """Reserves that lower net assets but stay in the guarantor and pay claims."""

    unearned: Share = term(
        0.5, meaning="Part of the last twelve months' fees held as unearned premium", zh="未到期责任准备金率"
    )
    compensation_rate: Share = term(
        0.01,
        meaning="Part of the liability by which the compensation reserve grows each year",
        zh="担保赔偿准备金计提率",
    )
    compensation_cap: Share = term(
        0.10, meaning="Largest compensation reserve per yuan of liability", zh="担保赔偿准备金上限"
    )
