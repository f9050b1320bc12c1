"""Terms of an equity fund's money coming in: raising, closings, failed calls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

from fundsim.scenario.common_rules import faults_of_beta
from fundsim.scenario.term import Item, Term, TermFault, idle, rounded_down, term
from fundsim.units import Months, Share

__all__ = ["CallShortfall", "ClosingTerms", "RaisingTerms"]


class CallShortfall(Term):
    """Share of social partners' calls that fails, drawn once a path."""

    mean: Share = term(meaning="Mean share of a call that social partners don't pay", zh="未履约比例均值")
    sd: Share = term(
        0.0, meaning="Standard deviation of the beta law that it is drawn from", zh="未履约比例标准差"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require moments that a beta law can have."""
        yield from faults_of_beta(self.mean, self.sd)


class ClosingTerms(Item):
    """A closing: social partners commit a part of what is raised."""

    month: Months = term(le=179, unit="months from the fund's start", meaning="Month of it", zh="关账月份")
    share: Share = term(gt=0, meaning="Part of the money raised that is committed then", zh="认缴占比")


AT_ONCE = (ClosingTerms(month=0, share=1.0),)


class RaisingTerms(Term):
    """How much of the social target a fund raises, and when.

    With the probability `p_full` all of it; else a part drawn from a beta law. A score decides, of whose
    variance the economy explains `rho`: in worse times less is raised.
    """

    p_full: Share = term(meaning="Probability that the whole target is raised", zh="足额募集概率")
    mean: Share | None = term(
        None,
        meaning="Mean share raised by funds that miss the target; compulsory if p_full is below 1",
        zh="未足额募集时的平均募集比例",
    )
    sd: Share = term(0.0, meaning="Standard deviation of that share, a beta law", zh="募集比例标准差")
    rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance of the raising score that the city factor explains, at the first "
        "closing",
        zh="募集与经济的相关度",
    )
    closings: tuple[ClosingTerms, ...] = term(
        (),
        max_length=60,
        meaning="Closings, by month; left out, one at the fund's start",
        zh="关账安排",
    )
    minimum_first_close: Share = term(
        0.0, meaning="Share of the target that must be committed for the fund to be set up", zh="首关最低比例"
    )
    set_up_months: Months = term(
        12,
        unit="months from the fund's start",
        meaning="Last month in which a closing can set the fund up; then the money goes back",
        zh="设立期限",
    )

    @property
    def schedule(self) -> tuple[ClosingTerms, ...]:
        """The closings, also where none is written."""
        return self.closings or AT_ONCE

    @property
    def first_set_up(self) -> int:
        """Month of the closing that sets the fund up if all is raised."""
        shares = accumulate(closing.share for closing in self.schedule)
        reached = zip(self.schedule, shares, strict=True)
        return next((c.month for c, s in reached if s >= self.minimum_first_close - 1e-9), 0)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require the law of funds that miss the target, where there are any."""
        if self.p_full == 1:
            given = {"mean": self.mean is not None, "sd": self.sd > 0, "rho": self.rho > 0}
            for key in (key for key, stated in given.items() if stated):
                yield idle(key, "p_full is 1: every fund raises all", "p_full 为 1，总是足额募集")
        elif self.mean is None:
            yield TermFault(
                ("mean",),
                f"is missing, and {100 * (1 - self.p_full):g} % of the funds miss the target",
                "write the mean share that they raise",
                f"缺少该项，而有 {100 * (1 - self.p_full):g}% 的基金未足额募集",
                "请写其平均募集比例",
            )
        else:
            yield from faults_of_beta(self.mean, self.sd)

    def faults_closings(self, context: Any) -> Iterator[TermFault]:
        """Require ascending months, and shares that make the whole."""
        before = -1
        for index, closing in enumerate(self.closings):
            if closing.month <= before:
                yield TermFault(
                    ("closings", index, "month"),
                    f"does not come after the closing before it ({before})",
                    "let the months ascend",
                    f"不晚于上一次关账（{before}）",
                    "请按月份由早到晚排列",
                )
            before = max(before, closing.month)
        total = math.fsum(closing.share for closing in self.schedule)
        if abs(total - 1.0) > 1e-9:
            yield TermFault(
                ("closings",),
                f"the shares sum to {total:g}, not to 1",
                "let them sum to 100%",
                f"占比合计为 {total:g}，不等于 1",
                "请使其合计为 100%",
            )

    def faults_set_up(self, context: Any) -> Iterator[TermFault]:
        """Refuse a fund that can't be set up even if all is raised."""
        in_time = math.fsum(c.share for c in self.schedule if c.month <= self.set_up_months)
        first = self.schedule[0].month
        if any(later.month <= earlier.month for earlier, later in pairwise(self.schedule)):
            return  # which closing is the first is at fault itself
        if in_time == 0:
            yield TermFault(
                ("set_up_months",),
                f"ends before the first closing (month {first}): the fund is never set up",
                f"write {first} or more",
                f"早于首次关账（第 {first} 个月），基金不可能设立",
                f"请写不小于 {first} 的数",
            )
        elif in_time < self.minimum_first_close - 1e-9:
            yield TermFault(
                ("minimum_first_close",),
                f"is never met: at most {in_time:g} of the target is committed in the first "
                f"{self.set_up_months} months",
                f"write {rounded_down(in_time):g} or less, or a later set_up_months",
                f"不可能达到：前 {self.set_up_months} 个月最多认缴目标的 {in_time:g}",
                f"请写不大于 {rounded_down(in_time):g} 的数，或延长 set_up_months",
            )
