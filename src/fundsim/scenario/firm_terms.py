"""Terms on the firms of a segment: who is eligible as the years go by, and who is refused by a score."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fundsim.scenario.term import Term, TermFault, term
from fundsim.units import AnnualRate, Count, Share

__all__ = ["Population", "Screening"]


class Screening(Term):
    """A score that ranks applicants, and the worst share of them that is refused."""

    accuracy_ratio: Share = term(
        lt=1,
        meaning="Accuracy ratio (Gini coefficient) of the score: 0 is no information, 1 would be perfect",
        zh="评分准确率（AR）",
    )
    rejected: Share = term(lt=1, meaning="Worst share of the applicants that is refused", zh="拒绝比例")

    def faults_idle(self, context: Any) -> Iterator[TermFault]:
        """Warn of a screening that changes nothing."""
        for key in ("accuracy_ratio", "rejected"):
            if getattr(self, key) == 0:
                yield TermFault(
                    (key,),
                    "is 0, so the screening changes no default probability",
                    "write what the score can do, or leave the screening out",
                    "为 0，筛选不会改变违约概率",
                    "请写评分的实际能力，或删去筛选",
                    warning=True,
                )


class Population(Term):
    """Eligible firms (市场主体) that enter, grow older and leave; leaving is no default."""

    opening: Count = term(meaning="Eligible firms before the first month", zh="期初企业数")
    entry_annual: Count = term(meaning="Expected new firms in a year", zh="年新增企业数")
    exit_annual: tuple[AnnualRate, ...] = term(
        min_length=1,
        max_length=60,
        meaning="Probability to leave within a year, by age in whole years; the last holds from then on",
        zh="分年龄年退出率",
    )
    exits_first_year: Count | None = term(
        None,
        meaning="Opening firms expected to leave in the first year: the exit rates are scaled to give it; "
        "left out, they hold as written",
        zh="首年退出企业数（据此同比例调整退出率）",
    )
    ages: tuple[Share, ...] = term(
        (),
        meaning="Shares of the opening firms by age in whole years, as in exit_annual; left out, as steady "
        "entries and the exit rates as written would leave them",
        zh="期初企业年龄分布",
    )

    @property
    def age_shares(self) -> tuple[float, ...]:
        """Shares of the opening firms by age.

        Left out, those of a steady state: in proportion to the survival S_a to age a, and to
        S_a ÷ (exit rate) at the last age, where firms stay until they leave.

        Raises:
            ZeroDivisionError: nobody leaves at the last age, so that there is no steady state.
        """
        if self.ages:
            return self.ages
        weights = []
        survival = 1.0
        for rate in self.exit_annual[:-1]:
            weights.append(survival)
            survival *= 1.0 - rate
        weights.append(survival / self.exit_annual[-1] if survival else 0.0)
        total = math.fsum(weights)
        return tuple(weight / total for weight in weights)

    @property
    def scale(self) -> float:
        """What the exit rates are multiplied by, so that ``exits_first_year`` is met.

        Raises:
            ZeroDivisionError: nobody would leave whatever the factor.
        """
        if self.exits_first_year is None:
            return 1.0
        pairs = zip(self.age_shares, self.exit_annual, strict=True)
        return self.exits_first_year / (self.opening * math.fsum(share * rate for share, rate in pairs))

    @property
    def exit_rates(self) -> tuple[float, ...]:
        """Exit rates by age, scaled."""
        return tuple(self.scale * rate for rate in self.exit_annual)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require the ages to match the exit rates and to make the whole."""
        if not self.ages:
            return
        if len(self.ages) != len(self.exit_annual):
            yield TermFault(
                ("ages",),
                f"has {len(self.ages)} ages, exit_annual has {len(self.exit_annual)}",
                "write one share for each exit rate",
                f"有 {len(self.ages)} 个年龄，而 exit_annual 有 {len(self.exit_annual)} 个",
                "请为每个退出率写一个占比",
            )
        total = math.fsum(self.ages)
        if abs(total - 1.0) > 1e-9:
            yield TermFault(
                ("ages",),
                f"the shares sum to {total:g}, not to 1",
                "let them sum to 100%",
                f"占比合计为 {total:g}，不等于 1",
                "请使其合计为 100%",
            )

    def faults_steady(self, context: Any) -> Iterator[TermFault]:
        """Require exits at the last age where the ages are those of a steady state."""
        if not self.ages and self.exit_annual[-1] == 0 and 1 not in self.exit_annual:
            yield TermFault(
                ("exit_annual",),
                "nobody leaves at the last age, so that no steady state gives the opening ages",
                "give ages, or a last exit rate above 0",
                "最后一个年龄无人退出，无法由稳态推出期初年龄分布",
                "请写 ages，或使最后一个退出率大于 0",
            )

    def faults_scale(self, context: Any) -> Iterator[TermFault]:
        """Require a scale that the exit rates can take."""
        if self.exits_first_year is None or (self.ages and len(self.ages) != len(self.exit_annual)):
            return
        try:
            possible = max(self.exit_rates) <= 1.0
        except ZeroDivisionError:
            possible = False
        if not possible:
            yield TermFault(
                ("exits_first_year",),
                "no multiple of the exit rates lets so many firms leave",
                "write fewer, or other exit rates",
                "退出率无论如何同比例调整都达不到该数",
                "请减少该数，或修改退出率",
            )
