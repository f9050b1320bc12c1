"""Terms of firms that are sound and yet short of cash when their loan falls due, and laws of days."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

from fundsim.scenario.term import Item, Term, TermFault, idle, term
from fundsim.units import DailyRate, Days, Multiple, Share

__all__ = ["LEAST_PD", "DayValue", "LawOfDays", "ShortFirms"]

LEAST_PD = 1e-15
"""Yearly PD below which there is no risk left to compute with."""


class DayValue(Item):
    """One value of an empirical law."""

    days: Days = term(gt=0, meaning="Days that a bridge takes", zh="转贷天数")
    weight: Multiple = term(meaning="Weight of this value; only proportions matter", zh="权重")


_TAKES = {
    "fixed": ("mean",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "empirical": ("values",),
}
"""Law → the keys that it has, all of which it needs."""


class LawOfDays(Term):
    """Law of the days that a bridge takes."""

    law: Literal["fixed", "exponential", "lognormal", "empirical"] = term(
        meaning="All of one length, exponential, lognormal, or values with weights", zh="天数的分布"
    )
    mean: Days | None = term(None, gt=0, meaning="Mean number of days", zh="平均天数")
    cv: Multiple | None = term(
        None, gt=0, le=10, meaning="Standard deviation of the days divided by their mean", zh="天数的变异系数"
    )
    values: tuple[DayValue, ...] = term((), max_length=1000, meaning="Values and weights", zh="天数与权重")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require what the law needs, and nothing that it can't take."""
        takes = _TAKES[self.law]
        for key in ("mean", "cv", "values"):
            given = bool(getattr(self, key))
            if key in takes and not given:
                yield TermFault(
                    (key,),
                    f"is missing, and a law that is {self.law} needs it",
                    f"write {key}, or another law",
                    f"缺少该项，而 law: {self.law} 须有此项",
                    f"请写 {key}，或改 law",
                )
            elif given and key not in takes:
                yield TermFault(
                    (key,),
                    f"does not belong to a law that is {self.law}",
                    f"delete it; {self.law} has {' and '.join(takes)}",
                    f"不适用于 law: {self.law}",
                    f"请删去本项；{self.law} 只需 {'、'.join(takes)}",
                )

    def faults_weights(self, context: Any) -> Iterator[TermFault]:
        """Require weights with a sum above 0."""
        if self.values and math.fsum(value.weight for value in self.values) == 0:
            yield TermFault(
                ("values",),
                "its weights are all 0",
                "write a weight above 0",
                "权重全部为 0",
                "请写大于 0 的权重",
            )


class ShortFirms(Term):
    """What a segment says of firms that are sound and yet can't repay for a few days at maturity."""

    short: Share = term(
        0.0,
        meaning="Probability that a sound firm is short of cash when its loan falls due",
        zh="到期暂时缺资金的概率",
    )
    short_rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance behind shortages that the economy explains: in worse times more firms "
        "are short; short is their mean",
        zh="缺资金与经济的相关度",
    )
    default_if_unserved: Share | None = term(
        None,
        meaning="Probability that a short firm that no bridge fund serves defaults, else it finds a "
        "private bridge; compulsory if short is above 0",
        zh="未获转贷时的违约概率",
    )
    demand_trend: Multiple = term(
        1.0, gt=0, le=100, meaning="Factor by which short changes from one policy year to the next",
        zh="缺资金概率的年变化倍数",
    )  # fmt: skip
    private_fee_per_day: DailyRate = term(
        0.0, meaning="Fee of a private bridge per yuan and calendar day", zh="民间过桥日费率"
    )
    private_days: LawOfDays | None = term(
        None,
        meaning="Days of a private bridge, calendar days; left out, those of the bridge fund that serves "
        "the firm",
        zh="民间过桥天数",
    )
    pd_includes_liquidity: bool = term(
        False,
        meaning="Whether pd includes the defaults of short firms that no bridge fund serves; they are then "
        "taken off it",
        zh="pd 是否含流动性违约",
    )

    @property
    def unserved_default(self) -> float:
        """Probability that a short firm that no bridge fund serves defaults."""
        return self.default_if_unserved or 0.0

    def liquidity_pd(self, term_months: int) -> float:
        """Return the yearly probability of defaults for lack of a bridge that the stated PD includes.

        With s = short and d = default_if_unserved a term of n months has s × d of them, so that the year's
        is 1 − (1 − s d)^(12/n); 0 where the PD does not include them.
        """
        if not self.pd_includes_liquidity:
            return 0.0
        of_term = self.short * self.unserved_default
        return 1.0 if of_term >= 1.0 else -math.expm1(12.0 / term_months * math.log1p(-of_term))

    def faults_short(self, context: Any) -> Iterator[TermFault]:
        """Require the probability of default of those whom no bridge fund serves."""
        if self.short > 0 and self.default_if_unserved is None:
            yield TermFault(
                ("default_if_unserved",),
                f"is missing, and {100 * self.short:g} % of the firms are short at maturity",
                "write how many of those that no bridge fund serves default; 0 is possible",
                f"缺少该项，而到期时有 {100 * self.short:g}% 的企业暂时缺资金",
                "请写未获转贷企业的违约概率，可写 0",
            )

    def faults_short_static(self, context: Any) -> Iterator[TermFault]:
        """Refuse short firms in an economy without months."""
        if self.short > 0 and context.economy.step == "static":
            yield TermFault(
                ("short",),
                "must be 0 in a static economy, where one factor holds for a loan's whole life",
                "write 0, or choose another economy.step",
                "静态经济中一个因子贯穿贷款全期，此项须为 0",
                "请写 0，或改 economy.step",
            )

    def faults_idle(self, context: Any) -> Iterator[TermFault]:
        """Warn of values that do nothing where no firm is short."""
        if self.short > 0:
            return
        given = {
            "short_rho": self.short_rho > 0,
            "default_if_unserved": self.unserved_default > 0,
            "demand_trend": self.demand_trend != 1,
            "private_fee_per_day": self.private_fee_per_day > 0,
            "private_days": self.private_days is not None,
        }
        for key, stated in given.items():
            if stated:
                yield idle(key, "no firm is short", "没有企业缺资金", "write short, or leave it out",
                            "请写 short，或删去本项")  # fmt: skip

    def faults_without_effect(self, context: Any) -> Iterator[TermFault]:
        """Warn of values that do nothing beside the other values of short firms."""
        if self.short == 0:
            return
        if self.short_rho > 0 and self.short == 1 and self.demand_trend >= 1:
            yield idle("short_rho", "short is 1: all firms are, whatever the economy",
                        "short 为 1：无论经济如何都缺资金", "write a short below 1, or leave it out",
                        "请把 short 写在 1 以下，或删去本项")  # fmt: skip
        if self.demand_trend != 1 and context.window.months <= 12:
            yield idle("demand_trend", "the window has one policy year", "政策期只有一个年度",
                        "write a longer window, or leave it out", "请延长政策期，或删去本项")  # fmt: skip
        if self.private_fee_per_day > 0 and self.unserved_default == 1:
            yield idle("private_fee_per_day", "every firm that is not served defaults",
                        "未获转贷的企业全部违约", "lower default_if_unserved, or leave it out",
                        "请调低 default_if_unserved，或删去本项")  # fmt: skip
        if self.private_days is not None and self.private_fee_per_day == 0:
            yield idle("private_days", "a private bridge costs nothing", "民间过桥没有费用",
                        "write private_fee_per_day, or leave it out",
                        "请写 private_fee_per_day，或删去本项")  # fmt: skip

    def faults_liquidity(self, context: Any) -> Iterator[TermFault]:
        """Refuse a PD that would include defaults which nobody has."""
        if not self.pd_includes_liquidity:
            return
        if self.short == 0:
            yield TermFault(
                ("pd_includes_liquidity",),
                "is true, and no firm is short",
                "write short and default_if_unserved, or leave it out",
                "为 true，而没有企业缺资金",
                "请写 short 与 default_if_unserved，或删去本项",
            )
        elif self.default_if_unserved == 0:
            yield idle("pd_includes_liquidity", "no short firm defaults", "没有缺资金企业因此违约",
                        "write default_if_unserved, or leave it out",
                        "请写 default_if_unserved，或删去本项")  # fmt: skip
