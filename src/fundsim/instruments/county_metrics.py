"""What many separate funds report: each by itself, and all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fundsim.instruments.formulas import books, happened, opening_loans, plus, ratio, total
from fundsim.instruments.part import Part
from fundsim.instruments.payers import quiet
from fundsim.scheme import Aggregate, Metric, Records
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import facility_record, party_record

__all__ = ["county_metrics", "total_metrics"]

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
        metric
        for county, part in parts.items()
        for metric in part.metrics
        if metric.name == f"{name}.{county}.{what}" and isinstance(metric, Metric)
    ]
    return replace(found[0], name=f"{name}.{what}", formula=plus(*(m.formula for m in found)))


def _ratios(
    name: str, parts: Mapping[str, Part], added: Mapping[str, Metric]
) -> tuple[Metric | Aggregate, ...]:
    facilities = [facility for part in parts.values() for facility in part.facilities]
    due, paid = added["claims_due"].formula, added["claims_paid"].formula
    paid_in = added["paid_in"].formula
    n_opening = sum(opening_loans(facility) for facility in facilities)
    begun = plus(*(books(f, what) for f in facilities for what in ("n_new", "n_renewed")))

    def summed(what: str) -> Formula:
        return total([facility_record(facility.name, what) for facility in facilities])

    return (
        Metric(
            name=f"{name}.default_rate",
            unit="share",
            meaning="Loans defaulted ÷ loan terms begun, all counties",
            meaning_zh="违约率（全部县区）",
            formula=lambda r: safe_ratio(added["loans_defaulted"].formula(r), n_opening + begun(r), 0.0),
            headline=True,
            picture="distribution",
        ),
        Metric(
            name=f"{name}.claims_coverage",
            unit="share",
            meaning="Claims paid ÷ claims due on the path, all counties; 1 if none fell due",
            meaning_zh="赔付覆盖率（逐路径，全部县区）",
            formula=ratio(paid, due, empty=1.0),
            headline=True,
            picture="distribution",
        ),
        Aggregate(
            name=f"{name}.claims_coverage_aggregate",
            unit="share",
            meaning="Claims paid ÷ claims due, both summed over all paths and counties",
            meaning_zh="赔付覆盖率（总额，全部县区）",
            numerator=paid,
            denominator=due,
            headline=True,
        ),
        Metric(
            name=f"{name}.capacity_used",
            unit="share",
            meaning="Loans outstanding ÷ lending limits, both summed over months and counties",
            meaning_zh="额度使用率（全部县区）",
            formula=ratio(summed("outstanding_months"), summed("capacity_months")),
        ),
        Metric(
            name=f"{name}.leverage_flow",
            unit="times",
            meaning="Principal lent to date, renewals included ÷ money paid in, all counties",
            meaning_zh="放大倍数（累计发放，全部县区）",
            formula=ratio(added["lent"].formula, paid_in),
            headline=True,
        ),
        Metric(
            name=f"{name}.leverage_stock",
            unit="times",
            meaning="Loans outstanding ÷ money paid in, all counties",
            meaning_zh="放大倍数（余额，全部县区）",
            formula=ratio(added["outstanding"].formula, paid_in),
            headline=True,
        ),
    )


def _depletion(name: str, parts: Mapping[str, Part]) -> tuple[Metric, ...]:
    months = [
        party_record(contract.payer, "unpaid_month") for part in parts.values() for contract in part.contracts
    ]

    def first(r: Records) -> NDArray[np.float64]:
        earliest: NDArray[np.float64] = np.min([r[month] for month in months], axis=0)
        return earliest

    def any_depleted(r: Records) -> NDArray[np.float64]:
        return np.isfinite(first(r)).astype(float)

    return (
        Metric(
            name=f"{name}.depleted",
            unit="yes/no",
            meaning="Whether, up to the date, any county's margin left a claim unpaid for want of money",
            meaning_zh="是否有县区保证金耗尽（出现欠付）",
            formula=any_depleted,
            event=True,
            headline=True,
            picture="depletion",
        ),
        Metric(
            name=f"{name}.counties_depleted",
            unit="counties",
            meaning="Number of counties whose margin left a claim unpaid",
            meaning_zh="保证金耗尽的县区数",
            formula=plus(*(happened(month) for month in months)),
            headline=True,
        ),
        Metric(
            name=f"{name}.depletion_month",
            unit="months",
            meaning="Month of the first unpaid claim in any county, counted from 1; missing where none was",
            meaning_zh="首次欠付月份（任一县区）",
            formula=lambda r: first(r) + 1.0,
        ),
        Metric(
            name=f"{name}.depleted_by_month",
            unit="share",
            meaning="Whether any county's margin has been depleted up to the month",
            meaning_zh="截至当月是否有县区保证金耗尽",
            formula=any_depleted,
            series=True,
        ),
    )
