"""Blocks of the terms of a bridge fund: requests of its own, fee, breaker, ends of quarters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from fundsim.amounts import amount_text
from fundsim.instruments.cover import faults_of_hysteresis
from fundsim.instruments.lending import faults_of_seasonality
from fundsim.scenario.term import Item, Term, TermFault, exact, term
from fundsim.units import DailyRate, Days, Money, Multiple, Share

__all__ = ["BridgeBreaker", "FeeTierTerms", "MonthEnd", "RequestAmount", "Requests", "faults_of_tiers"]


class RequestAmount(Item):
    """Requests of one amount."""

    amount: Money = term(gt=0, meaning="Amount of a request", zh="单笔申请金额")
    weight: Multiple = term(1.0, meaning="Weight of this amount; only proportions matter", zh="权重")


class Requests(Term):
    """Requests given directly, for the design of a fund: they belong to no lending instrument."""

    per_day: Multiple = term(
        gt=0, le=1000, unit="requests a day", meaning="Mean number of requests a day", zh="日均申请笔数"
    )
    sizes: tuple[RequestAmount, ...] = term(
        min_length=1, max_length=100, meaning="Amounts of requests with their weights", zh="申请金额分布"
    )
    seasonality: tuple[Multiple, ...] = term(
        (),
        meaning="Weights of the twelve calendar months, January first; only their proportions matter",
        zh="季节性权重",
    )
    warm_up_days: Days = term(
        0.0,
        meaning="Days before the window in which the fund already works and nothing is counted",
        zh="预热天数",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require twelve weights that are not all zero, if there are any."""
        yield from faults_of_seasonality(self.seasonality)

    def faults_sizes(self, context: Any) -> Iterator[TermFault]:
        """Require weights with a sum above 0, and each amount once."""
        if math.fsum(size.weight for size in self.sizes) == 0:
            yield TermFault(
                ("sizes",),
                "its weights are all 0",
                "write a weight above 0",
                "权重全部为 0",
                "请写大于 0 的权重",
            )
        amounts = [size.amount for size in self.sizes]
        for index, amount in enumerate(amounts):
            if amount in amounts[:index]:
                yield TermFault(
                    ("sizes", index, "amount"),
                    f"{amount_text(amount)} yuan is there twice",
                    "keep one, with the sum of the weights",
                    f"{amount_text(amount)}元重复出现",
                    "请只保留一项，权重相加",
                )

    @property
    def law(self) -> dict[float, float]:
        """Amount → probability, ascending; those of weight 0 are left out."""
        total = math.fsum(size.weight for size in self.sizes)
        law = {size.amount: size.weight / total for size in self.sizes if size.weight > 0}
        return dict(sorted(law.items()))


class FeeTierTerms(Item):
    """Fee on a stretch of the days of use."""

    to_days: Days | None = term(
        None,
        gt=0,
        meaning="Day of use up to which the fee holds, counted from the first; left out in the last tier",
        zh="至第几天",
    )
    per_day: DailyRate = term(meaning="Fee per yuan and calendar day", zh="日费率")


def faults_of_tiers(key: str, tiers: Sequence[FeeTierTerms]) -> Iterator[TermFault]:
    """Require ascending ends, and no end of the last tier only.

    Args:
        key: where the tiers stand.
        tiers: the tiers of a fee, none if the fund is free of charge.
    """
    before = 0.0
    for index, tier in enumerate(tiers):
        last = index == len(tiers) - 1
        if last and tier.to_days is not None:
            yield TermFault(
                (key, index, "to_days"),
                "is the end of the last tier, so that longer uses would have no fee",
                "delete it, or add a tier without to_days",
                "最后一档不应有截止天数，否则更长的使用没有费率",
                "请删去本项，或再加一档不写 to_days",
            )
        elif not last and tier.to_days is None:
            yield TermFault(
                (key, index, "to_days"),
                "is missing: only the last tier has no end",
                "write the day up to which this fee holds",
                "缺少该项：只有最后一档没有截止天数",
                "请写该费率适用至第几天",
            )
        elif tier.to_days is not None:
            if tier.to_days <= before:
                yield TermFault(
                    (key, index, "to_days"),
                    f"does not lie after the end of the tier before it ({exact(before)})",
                    "let the tiers ascend",
                    f"不晚于上一档的截止天数（{exact(before)}）",
                    "请按天数由小到大排列",
                )
            before = max(before, tier.to_days)


class BridgeBreaker(Term):
    """Breaker: the fund serves nobody while too much of its money is overdue."""

    threshold: Share = term(gt=0, meaning="Overdue ÷ (capital + overdue) at which service stops", zh="熔断线")
    reset: Share = term(0.0, meaning="The same at which service goes on", zh="恢复线")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require hysteresis: the reset lies below the threshold."""
        yield from faults_of_hysteresis(self.threshold, self.reset)


class MonthEnd(Term):
    """Loans that fall due in the last days of a quarter more often than on other days of the month."""

    days: Days = term(gt=0, le=30, meaning="Last days of March, June, September and December", zh="季末天数")
    times: Multiple = term(
        gt=0,
        meaning="Loans that fall due on such a day, as a multiple of those on another day",
        zh="季末密度倍数",
    )
