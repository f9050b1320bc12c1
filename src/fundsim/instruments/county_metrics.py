"""What many separate funds report: each by itself, and all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fundsim.instruments.formulas import (
    books,
    default_rate,
    default_rate_annual,
    happened,
    metric,
    plus,
    ratio,
    total,
)
from fundsim.instruments.fund_metrics import coverage_metrics, leverage_metrics
from fundsim.instruments.part import Part
from fundsim.instruments.payer_words import RISK_MARGIN
from fundsim.instruments.payers import quiet
from fundsim.scheme import Aggregate, Metric, Records
from fundsim.scheme.metrics import Formula
from fundsim.scheme.records import facility_record, party_record

__all__ = ["county_metrics", "total_metrics"]

ALL, ALL_ZH = ", all counties", "，全部县区"

_OF_A_COUNTY = (
    "lent",
    "outstanding",
    "capacity_used",
    "claims_due",
    "claims_paid",
    "claims_unpaid",
    "paid_in",
    "balance",
    "depleted",
)
_ADDED = (
    "lent",
    "lent_new",
    "outstanding",
    "firms_reached",
    "loans_defaulted",
    "amount_defaulted",
    "bank_loss",
    "demand_refused",
    "claims_due",
    "claims_paid",
    "claims_above_cap",
    "claims_unpaid",
    "claims_pending",
    "recoveries",
    "balance",
    "paid_in",
)


def county_metrics(name: str, parts: Mapping[str, Part]) -> tuple[Metric | Aggregate, ...]:
    """Return the few metrics that each county has of its own, ``<name>.<county>.<metric>``."""
    kept = {f"{name}.{county}.{what}" for county in parts for what in _OF_A_COUNTY}
    return quiet(m for part in parts.values() for m in part.metrics if m.name in kept)


def total_metrics(name: str, parts: Mapping[str, Part]) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of all counties together, ``<name>.<metric>``."""
    added = {what: _added(name, parts, what) for what in _ADDED}
    return (*added.values(), *_ratios(name, parts, added), *_depletion(name, parts))


def _added(name: str, parts: Mapping[str, Part], what: str) -> Metric:
    """Return the sum of one metric over the counties."""
    found = [
        one
        for county, part in parts.items()
        for one in part.metrics
        if one.name == f"{name}.{county}.{what}" and isinstance(one, Metric)
    ]
    one, every, every_zh = RISK_MARGIN, "all counties' risk margins", "全部县区风险保证金"
    return replace(
        found[0],
        name=f"{name}.{what}",
        meaning=found[0].meaning.replace(one.english, every),
        meaning_zh=found[0].meaning_zh.replace(one.chinese, every_zh),
        formula=plus(*(m.formula for m in found)),
    )


def _ratios(
    name: str, parts: Mapping[str, Part], added: Mapping[str, Metric]
) -> tuple[Metric | Aggregate, ...]:
    facilities = [facility for part in parts.values() for facility in part.facilities]
    formulas = {what: one.formula for what, one in added.items()}
    n_opening = sum(facility.n_opening for facility in facilities)
    begun = plus(*(books(f, what) for f in facilities for what in ("n_new", "n_renewed")))

    def summed(what: str) -> Formula:
        return total([facility_record(facility.name, what) for facility in facilities])

    return (
        metric(
            f"{name}.default_rate",
            "share",
            f"Default rate per loan term: loans defaulted ÷ loan terms begun{ALL}",
            f"每期贷款违约率（违约笔数÷贷款期次{ALL_ZH}）",
            default_rate(formulas["loans_defaulted"], n_opening, begun),
            "headline distribution",
        ),
        metric(
            f"{name}.default_rate_annual",
            "share",
            f"Default rate per year: loans defaulted ÷ loan-years of exposure{ALL}",
            f"年化违约率（违约笔数÷贷款存续年数{ALL_ZH}）",
            default_rate_annual(
                formulas["loans_defaulted"], plus(*(books(f, "loan_months") for f in facilities))
            ),
            "yearly",
        ),
        *coverage_metrics(name, formulas["claims_due"], formulas["claims_paid"], ALL, ALL_ZH),
        metric(
            f"{name}.capacity_used",
            "share",
            "Loans outstanding ÷ lending limits, both summed over months and counties",
            "额度使用率（全部县区）",
            ratio(summed("outstanding_months"), summed("capacity_months")),
        ),
        *leverage_metrics(name, formulas["lent"], formulas["outstanding"], formulas["paid_in"], ALL, ALL_ZH),
    )


_NUMBERS = {
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    11: "eleven",
    12: "twelve",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "twenty",
}
_DIGITS_ZH = "〇一二三四五六七八九"


def _any_of(count: int) -> tuple[str, str]:
    """Return the noun for any one of the counties' margins, in English and Chinese.

    >>> _any_of(14)
    ("any of the fourteen counties' margins", '十四个县区中任一风险保证金')
    """
    if count == 1:
        return "the county's margin", "县区风险保证金"
    if count > 20:
        return f"any of the {count} counties' margins", f"{count} 个县区中任一风险保证金"
    tens, rest = divmod(count, 10)
    chinese = {0: "", 1: "十", 2: "二十"}[tens] + (_DIGITS_ZH[rest] if rest else "")
    number_zh = "两" if count == 2 else chinese
    return f"any of the {_NUMBERS[count]} counties' margins", f"{number_zh}个县区中任一风险保证金"


def _depletion(name: str, parts: Mapping[str, Part]) -> tuple[Metric, ...]:
    months = [
        party_record(contract.payer, "unpaid_month") for part in parts.values() for contract in part.contracts
    ]

    which, which_zh = _any_of(len(parts))

    def first(r: Records) -> NDArray[np.float64]:
        earliest: NDArray[np.float64] = np.min([r[month] for month in months], axis=0)
        return earliest

    def any_depleted(r: Records) -> NDArray[np.float64]:
        return np.isfinite(first(r)).astype(float)

    return (
        metric(
            f"{name}.depleted",
            "yes/no",
            f"Depletion of {which}; whether, up to the date, one left a claim unpaid for lack of money",
            f"{which_zh}耗尽（出现未付代偿）",
            any_depleted,
            "event headline depletion",
        ),
        metric(
            f"{name}.counties_depleted",
            "counties",
            "Number of counties whose margin left a claim unpaid",
            "风险保证金耗尽的县区数",
            plus(*(happened(month) for month in months)),
            "headline",
        ),
        metric(
            f"{name}.depletion_month",
            "months",
            f"Month of the depletion of {which}, counted from 1; missing where none was",
            f"{which_zh}耗尽月份（首次未付代偿）",
            lambda r: first(r) + 1.0,
        ),
        metric(
            f"{name}.depleted_by_month",
            "share",
            f"Probability of the depletion of {which} up to the month",
            f"截至当月{which_zh}耗尽的概率",
            any_depleted,
            "series",
        ),
    )
