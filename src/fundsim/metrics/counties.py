"""What many separate funds report: each by itself, and all together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from fundsim.metrics.declared import metric, quiet
from fundsim.metrics.formulas import (
    books,
    default_rate,
    default_rate_annual,
    happened,
    number,
    plus,
    ratio,
    recorded,
    scaled,
    smallest,
    total,
)
from fundsim.metrics.funds import coverage_metrics, leverage_metrics
from fundsim.metrics.lending import CUTS, SHORT_FIRMS
from fundsim.metrics.payer_words import RISK_MARGIN
from fundsim.scheme import About, Aggregate, Elements, Facility, Formula, Metric
from fundsim.scheme.formula import formula
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
    "demand",
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
_SHORT = tuple(own_name for own_name, *_ in SHORT_FIRMS)

Own = Sequence[Metric | Aggregate]
"""Metrics of one county."""


def county_metrics(counties: Iterable[Own]) -> tuple[Metric | Aggregate, ...]:
    """Return the few metrics that each county has of its own, ``<instrument>.<county>.<metric>``."""
    return quiet(m for own in counties for m in own if m.own_name in _OF_A_COUNTY)


def total_metrics(name: str, whole: Elements, counties: Sequence[Own]) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of all counties together, ``<instrument>.<metric>``.

    Args:
        name: name of the instrument.
        whole: all counties' facilities and contracts.
        counties: metrics of each county.
    """
    about = About(name)
    given = {m.own_name for own in counties for m in own}
    added = {what: _added(counties, what) for what in (*_ADDED, *_SHORT) if what in given}
    months = [party_record(contract.payer, "unpaid_month") for contract in whole.contracts]
    return (
        *added.values(),
        *_ratios(about, whole.facilities, added),
        *_depletion(about, months, len(counties)),
    )


def _added(counties: Iterable[Own], what: str) -> Metric:
    """Return the sum of one metric over the counties."""
    found = [m for own in counties for m in own if m.own_name == what and isinstance(m, Metric)]
    one, every, every_zh = RISK_MARGIN, "all counties' risk margins", "全部县区风险保证金"
    return replace(
        found[0],
        part="",
        meaning=found[0].meaning.replace(one.english, every),
        meaning_zh=found[0].meaning_zh.replace(one.chinese, every_zh),
        formula=plus(*(m.formula for m in found)),
        bad="high" if what == "claims_paid" else None,
    )


def _ratios(
    about: About, facilities: Sequence[Facility], added: Mapping[str, Metric]
) -> tuple[Metric | Aggregate, ...]:
    formulas = {what: one.formula for what, one in added.items()}
    n_opening = sum(facility.n_opening for facility in facilities)
    begun = plus(*(books(f, what) for f in facilities for what in ("n_new", "n_renewed")))

    def summed(what: str) -> Formula:
        return total([facility_record(facility.name, what) for facility in facilities])

    return (
        metric(
            about,
            "default_rate",
            "share",
            f"Default rate per loan term: loans defaulted ÷ loan terms begun{ALL}",
            f"每期贷款违约率（违约笔数÷贷款期次{ALL_ZH}）",
            default_rate(formulas["loans_defaulted"], n_opening, begun),
            "headline distribution",
        ),
        metric(
            about,
            "default_rate_annual",
            "share",
            f"Default rate per year: loans defaulted ÷ loan-years of exposure{ALL}",
            f"年化违约率（违约笔数÷贷款存续年数{ALL_ZH}）",
            default_rate_annual(
                formulas["loans_defaulted"], plus(*(books(f, "loan_months") for f in facilities))
            ),
            "yearly",
        ),
        *coverage_metrics(about, formulas["claims_due"], formulas["claims_paid"], ALL, ALL_ZH),
        *_cuts(about, facilities),
        metric(
            about,
            "capacity_used",
            "share",
            "Loans outstanding ÷ lending limits, both summed over months and counties",
            "额度使用率（全部县区）",
            ratio(summed("outstanding_months"), summed("capacity_months")),
        ),
        *leverage_metrics(about, formulas["lent"], formulas["outstanding"], formulas["paid_in"], ALL, ALL_ZH),
    )


def _cuts(about: About, facilities: Sequence[Facility]) -> Iterator[Metric]:
    """Yield the months in which new lending was cut, on average of the counties."""
    whatever = ("months", "for whatever reason", "（不论原因）")
    for reason, english, chinese in (whatever, *CUTS):
        own_name = "cut_months" if reason == "months" else f"cut_by_{reason}"
        months = total([facility_record(facility.name, f"cut_{reason}") for facility in facilities])
        yield metric(
            about,
            own_name,
            "months",
            f"Months of the window in which new lending was cut {english}, mean of all counties",
            f"政策期内新增贷款被削减的月数{chinese}，各县区平均",
            scaled(months, 1.0 / len(facilities)),
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


def _depletion(about: About, months: Sequence[str], count: int) -> tuple[Metric, ...]:
    which, which_zh = _any_of(count)
    first = smallest(*map(recorded, months))
    any_depleted = formula("finite", (first,))
    return (
        metric(
            about,
            "depleted",
            "yes/no",
            f"Depletion of {which}; whether, up to the date, one left a claim unpaid for lack of money",
            f"{which_zh}耗尽（出现未付代偿）",
            any_depleted,
            "event headline depletion",
        ),
        metric(
            about,
            "counties_depleted",
            "counties",
            "Number of counties whose margin left a claim unpaid",
            "风险保证金耗尽的县区数",
            plus(*(happened(month) for month in months)),
            "headline",
        ),
        metric(
            about,
            "depletion_month",
            "months",
            f"Month of the depletion of {which}, counted from 1; missing where none was",
            f"{which_zh}耗尽月份（首次未付代偿）",
            plus(first, number(1.0)),
        ),
        metric(
            about,
            "depleted_by_month",
            "share",
            f"Probability of the depletion of {which} up to the month",
            f"截至当月{which_zh}耗尽的概率",
            any_depleted,
            "series",
        ),
    )
