"""What a lending instrument reports, as formulas over records by name."""

from __future__ import annotations

import numpy as np

from fundsim.instruments.part import FIRMS
from fundsim.scheme import Aggregate, Contract, Facility, Metric, Records
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import (
    book_record,
    breaker_record,
    contract_record,
    facility_record,
    party_record,
)

__all__ = [
    "breaker_metrics",
    "claims_metrics",
    "lending_metrics",
    "margin_metrics",
    "pool_metrics",
    "recorded",
    "total",
]


def recorded(name: str) -> Formula:
    """Return the formula that reads one record."""
    return lambda r: r[name]


def total(names: list[str]) -> Formula:
    """Return the formula that adds records."""

    def add(r: Records) -> np.ndarray:
        value = r[names[0]].copy()
        for name in names[1:]:
            value += r[name]
        return value

    return add


def ratio(numerator: Formula, denominator: Formula, empty: float = np.nan) -> Formula:
    """Return the formula of a ratio, ``empty`` where there is nothing to divide by."""
    return lambda r: safe_ratio(numerator(r), denominator(r), empty)


def books(facility: Facility, what: str) -> Formula:
    """Return the sum of a record over the segments of a facility."""
    return total([book_record(facility.name, b.segment, what) for b in facility.borrowers])


def plus(*formulas: Formula) -> Formula:
    """Return the sum of formulas."""
    return lambda r: np.sum([f(r) for f in formulas], axis=0)


def minus(first: Formula, *others: Formula) -> Formula:
    """Return a formula less others."""
    return lambda r: first(r) - np.sum([f(r) for f in others], axis=0)


def opening_loans(facility: Facility) -> int:
    """Return the number of loans on the books at the start."""
    return facility.n_opening


def happened(record: str) -> Formula:
    """Return 1 where a month record is set, else 0."""
    return lambda r: np.isfinite(r[record]).astype(float)


def month_number(record: str) -> Formula:
    """Return the number of the month, the first being 1; infinite where it never came."""
    return lambda r: r[record] + 1.0


def lending_metrics(name: str, facility: Facility, contracts: tuple[Contract, ...]) -> tuple[Metric, ...]:
    """Return lending, default and the bank's loss of one facility."""
    n_opening = opening_loans(facility)
    lent = plus(books(facility, "lent_new"), books(facility, "lent_renewed"))
    begun = plus(books(facility, "n_new"), books(facility, "n_renewed"))
    received = total([contract_record(c.name, "paid") for c in contracts if c.covers is None])
    handed = total([contract_record(c.name, "recovered") for c in contracts if c.covers is None])
    recovered = recorded(f"flow/{FIRMS}>{facility.lender}/recovery")
    own_loss = minus(books(facility, "defaulted"), received)
    refusals = [
        facility_record(facility.name, f"refused_{why}")
        for why in ("breaker", "obligor", "firms", "capacity")
    ]
    metrics = [
        Metric(
            name=f"{name}.lent",
            unit="yuan",
            meaning="Principal lent, renewals included",
            meaning_zh="累计发放贷款（含续贷）",
            formula=lent,
            yearly=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.lent_new",
            unit="yuan",
            meaning="Principal lent to firms that had no loan",
            meaning_zh="累计新增发放贷款（不含续贷）",
            formula=books(facility, "lent_new"),
            yearly=True,
        ),
        Metric(
            name=f"{name}.outstanding",
            unit="yuan",
            meaning="Performing principal plus defaults whose claim is not yet due",
            meaning_zh="贷款余额（含未到赔付期的违约贷款）",
            formula=recorded(facility_record(facility.name, "outstanding")),
            series=True,
            headline=True,
            yearly=True,
        ),
        Metric(
            name=f"{name}.firms_reached",
            unit="firms",
            meaning="Firms with a loan at the start or newly granted; a renewal is no new firm",
            meaning_zh="累计支持企业户数",
            formula=lambda r: n_opening + books(facility, "n_new")(r),
        ),
        Metric(
            name=f"{name}.loans_defaulted",
            unit="loans",
            meaning="Loans that defaulted",
            meaning_zh="违约笔数",
            formula=books(facility, "n_defaulted"),
            yearly=True,
        ),
        Metric(
            name=f"{name}.amount_defaulted",
            unit="yuan",
            meaning="Principal of the loans that defaulted",
            meaning_zh="违约本金",
            formula=books(facility, "defaulted"),
            yearly=True,
        ),
        Metric(
            name=f"{name}.default_rate",
            unit="share",
            meaning="Loans defaulted ÷ loan terms begun (opening stock, new loans and renewals)",
            meaning_zh="违约率（违约笔数÷贷款期次）",
            formula=lambda r: safe_ratio(books(facility, "n_defaulted")(r), n_opening + begun(r), 0.0),
            headline=True,
        ),
        Metric(
            name=f"{name}.bank_loss",
            unit="yuan",
            meaning="Principal defaulted less what the contracts paid and what the bank kept of recoveries",
            meaning_zh="银行剩余损失",
            formula=lambda r: own_loss(r) - ((1.0 - facility.recovery_cost) * recovered(r) - handed(r)),
            headline=True,
        ),
        Metric(
            name=f"{name}.demand_refused",
            unit="yuan",
            meaning="New lending that breaker, single-obligor limit, eligible firms or capacity refused",
            meaning_zh="未满足的新增贷款需求",
            formula=total(refusals),
            yearly=True,
        ),
    ]
    if facility.capacities:
        metrics.append(
            Metric(
                name=f"{name}.capacity_used",
                unit="share",
                meaning="Loans outstanding ÷ lending limit, both summed over the months of the window",
                meaning_zh="额度使用率",
                formula=ratio(
                    recorded(facility_record(facility.name, "outstanding_months")),
                    recorded(facility_record(facility.name, "capacity_months")),
                ),
            )
        )
    return tuple(metrics)


def claims_metrics(name: str, contract: Contract) -> tuple[Metric | Aggregate, ...]:
    """Return due, paid and coverage of one contract, under the name of its instrument."""
    due = recorded(contract_record(contract.name, "due"))
    paid = recorded(contract_record(contract.name, "paid"))
    return (
        Metric(
            name=f"{name}.claims_due",
            unit="yuan",
            meaning="Claims that fell due, before caps and balance",
            meaning_zh="应付代偿（补偿）额",
            formula=due,
            yearly=True,
            series=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.claims_paid",
            unit="yuan",
            meaning="Claims paid, gross of later recoveries",
            meaning_zh="实付代偿（补偿）额",
            formula=paid,
            yearly=True,
            series=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.claims_above_cap",
            unit="yuan",
            meaning="Part of the claims that a cap cut off",
            meaning_zh="超上限未赔额",
            formula=recorded(contract_record(contract.name, "above_cap")),
        ),
        Metric(
            name=f"{name}.claims_unpaid",
            unit="yuan",
            meaning="Part of the claims that the payer had no money for",
            meaning_zh="因余额不足未赔额",
            formula=recorded(contract_record(contract.name, "unpaid")),
            yearly=True,
        ),
        Metric(
            name=f"{name}.claims_pending",
            unit="yuan",
            meaning="Share of defaults whose claim is not yet due (filed, or incurred and not reported)",
            meaning_zh="未决赔付（含已发生未报告）",
            formula=recorded(contract_record(contract.name, "pending")),
        ),
        Metric(
            name=f"{name}.recoveries",
            unit="yuan",
            meaning="Recoveries handed to the payer",
            meaning_zh="追偿分回额",
            formula=recorded(contract_record(contract.name, "recovered")),
            yearly=True,
        ),
        Metric(
            name=f"{name}.claims_coverage",
            unit="share",
            meaning="Claims paid ÷ claims due on the path; 1 if none fell due",
            meaning_zh="赔付覆盖率（逐路径）",
            formula=ratio(paid, due, empty=1.0),
            headline=True,
        ),
        Aggregate(
            name=f"{name}.claims_coverage_aggregate",
            unit="share",
            meaning="Claims paid ÷ claims due, both summed over all paths",
            meaning_zh="赔付覆盖率（总额）",
            numerator=paid,
            denominator=due,
            headline=True,
        ),
    )


def pool_metrics(name: str, facility: Facility, contract: Contract) -> tuple[Metric, ...]:
    """Return balance, depletion, compensation rates and leverage of a paying party."""
    party = contract.payer
    balance = recorded(party_record(party, "balance"))
    paid_in = recorded(party_record(party, "paid_in"))
    paid = recorded(contract_record(contract.name, "paid"))
    pending = recorded(contract_record(contract.name, "pending"))
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    unpaid_month = party_record(party, "unpaid_month")
    lent = plus(books(facility, "lent_new"), books(facility, "lent_renewed"))
    matured = books(facility, "matured")

    def released(r: Records) -> np.ndarray:
        return safe_ratio(paid(r), contract.share * matured(r) + paid(r), np.nan)

    def over_outstanding(r: Records) -> np.ndarray:
        return safe_ratio(paid(r), contract.share * outstanding(r), np.nan)

    return (
        Metric(
            name=f"{name}.balance",
            unit="yuan",
            meaning="Money in the pool at the date",
            meaning_zh="资金池余额",
            formula=balance,
            series=True,
            yearly=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.paid_in",
            unit="yuan",
            meaning="Opening money, injections and top-ups to date",
            meaning_zh="累计投入资金",
            formula=paid_in,
        ),
        Metric(
            name=f"{name}.depleted",
            unit="yes/no",
            meaning="Whether, up to the date, a claim within caps went unpaid for want of money",
            meaning_zh="资金池是否耗尽（出现欠付）",
            formula=happened(unpaid_month),
            event=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.depletion_month",
            unit="months",
            meaning="Month of the first unpaid claim, counted from 1; missing where there was none",
            meaning_zh="首次欠付月份",
            formula=month_number(unpaid_month),
        ),
        Metric(
            name=f"{name}.depleted_by_month",
            unit="share",
            meaning="Whether the pool has been depleted up to the month",
            meaning_zh="截至当月是否耗尽",
            formula=happened(unpaid_month),
            series=True,
        ),
        Metric(
            name=f"{name}.stock_coverage",
            unit="times",
            meaning="Balance ÷ claims pending; missing where none is pending",
            meaning_zh="余额对未决赔付的覆盖倍数",
            formula=ratio(balance, pending),
        ),
        Metric(
            name=f"{name}.compensation_rate_released",
            unit="share",
            meaning="Compensation paid ÷ loans released (matured and compensated), on the payer's share",
            meaning_zh="代偿率（代偿额÷解除额）",
            formula=released,
            yearly=True,
        ),
        Metric(
            name=f"{name}.compensation_rate_outstanding",
            unit="share",
            meaning="Compensation paid (in the year, or to date) ÷ outstanding, on the payer's share",
            meaning_zh="代偿率（代偿额÷期末余额）",
            formula=over_outstanding,
            yearly=True,
        ),
        Metric(
            name=f"{name}.leverage_flow",
            unit="times",
            meaning="Principal lent to date, renewals included ÷ money paid in",
            meaning_zh="放大倍数（累计发放）",
            formula=ratio(lent, paid_in),
            headline=True,
        ),
        Metric(
            name=f"{name}.leverage_stock",
            unit="times",
            meaning="Loans outstanding ÷ money paid in",
            meaning_zh="放大倍数（余额）",
            formula=ratio(outstanding, paid_in),
            headline=True,
        ),
    )


def margin_metrics(name: str, contract: Contract) -> tuple[Metric, ...]:
    """Return what mutual-help money took in, paid, and gave back."""
    party = contract.payer
    return (
        Metric(
            name=f"{name}.margin.balance",
            unit="yuan",
            meaning="Mutual-help money at the date",
            meaning_zh="助保金余额",
            formula=recorded(party_record(party, "balance")),
            series=True,
        ),
        Metric(
            name=f"{name}.margin.claims_due",
            unit="yuan",
            meaning="Losses that the mutual-help money had to pay first",
            meaning_zh="助保金应付代偿额",
            formula=recorded(contract_record(contract.name, "due")),
        ),
        Metric(
            name=f"{name}.margin.claims_paid",
            unit="yuan",
            meaning="Losses that it paid",
            meaning_zh="助保金实付代偿额",
            formula=recorded(contract_record(contract.name, "paid")),
        ),
        Metric(
            name=f"{name}.margin.contributions",
            unit="yuan",
            meaning="Contributions of the borrowers",
            meaning_zh="企业缴纳助保金",
            formula=recorded(f"flow/{FIRMS}>{party}/margin"),
        ),
    )


def breaker_metrics(name: str) -> tuple[Metric, ...]:
    """Return whether, when and for how long a breaker stopped lending, and what it cost."""
    fired = breaker_record(name, "fired_month")
    return (
        Metric(
            name=f"{name}.breaker_fired",
            unit="yes/no",
            meaning="Whether the breaker fired",
            meaning_zh="是否触发熔断",
            formula=happened(fired),
            event=True,
            headline=True,
        ),
        Metric(
            name=f"{name}.breaker_month",
            unit="months",
            meaning="Month in which the breaker first fired, counted from 1; missing where it never did",
            meaning_zh="首次熔断月份",
            formula=month_number(fired),
        ),
        Metric(
            name=f"{name}.breaker_months",
            unit="months",
            meaning="Number of months in which it stopped new lending",
            meaning_zh="熔断持续月数",
            formula=recorded(breaker_record(name, "months")),
        ),
        Metric(
            name=f"{name}.breaker_lending_lost",
            unit="yuan",
            meaning="New lending that the breaker refused",
            meaning_zh="熔断减少的新增贷款",
            formula=recorded(facility_record(name, "refused_breaker")),
        ),
    )
