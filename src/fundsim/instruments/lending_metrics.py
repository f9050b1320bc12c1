"""What a lending instrument reports, as formulas over records by name."""

from __future__ import annotations

import numpy as np

from fundsim.instruments.formulas import (
    books,
    happened,
    metric,
    minus,
    month_number,
    opening_loans,
    plus,
    ratio,
    recorded,
    total,
)
from fundsim.instruments.part import FIRMS
from fundsim.scheme import Aggregate, Contract, Facility, Metric, Records
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import (
    breaker_record,
    contract_record,
    facility_record,
    party_record,
)

__all__ = [
    "breaker_metrics",
    "claims_metrics",
    "compensation_metrics",
    "lending_metrics",
    "leverage_metrics",
    "margin_metrics",
    "payer_metrics",
    "pool_metrics",
]


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
        metric(
            f"{name}.lent",
            "yuan",
            "Principal lent, renewals included",
            "累计发放贷款（含续贷）",
            lent,
            "yearly headline layer",
        ),
        metric(
            f"{name}.lent_new",
            "yuan",
            "Principal lent to firms that had no loan",
            "累计新增发放贷款（不含续贷）",
            books(facility, "lent_new"),
            "yearly",
        ),
        metric(
            f"{name}.outstanding",
            "yuan",
            "Performing principal plus defaults whose claim is not yet due",
            "贷款余额（含未到赔付期的违约贷款）",
            recorded(facility_record(facility.name, "outstanding")),
            "yearly series headline layer",
        ),
        metric(
            f"{name}.firms_reached",
            "firms",
            "Firms with a loan at the start or newly granted; a renewal is no new firm",
            "累计支持企业户数",
            lambda r: n_opening + books(facility, "n_new")(r),
        ),
        metric(
            f"{name}.loans_defaulted",
            "loans",
            "Loans that defaulted",
            "违约笔数",
            books(facility, "n_defaulted"),
            "yearly",
        ),
        metric(
            f"{name}.amount_defaulted",
            "yuan",
            "Principal of the loans that defaulted",
            "违约本金",
            books(facility, "defaulted"),
            "yearly",
        ),
        metric(
            f"{name}.default_rate",
            "share",
            "Loans defaulted ÷ loan terms begun (opening stock, new loans and renewals)",
            "违约率（违约笔数÷贷款期次）",
            lambda r: safe_ratio(books(facility, "n_defaulted")(r), n_opening + begun(r), 0.0),
            "headline distribution",
        ),
        metric(
            f"{name}.bank_loss",
            "yuan",
            "Principal defaulted less what the contracts paid and what the bank kept of recoveries",
            "银行剩余损失",
            lambda r: own_loss(r) - ((1.0 - facility.recovery_cost) * recovered(r) - handed(r)),
            "headline",
        ),
        metric(
            f"{name}.demand_refused",
            "yuan",
            "New lending that breaker, single-obligor limit, eligible firms or capacity refused",
            "未满足的新增贷款需求",
            total(refusals),
            "yearly",
        ),
    ]
    if facility.capacities:
        metrics.append(
            metric(
                f"{name}.capacity_used",
                "share",
                "Loans outstanding ÷ lending limit, both summed over the months of the window",
                "额度使用率",
                ratio(
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
        metric(
            f"{name}.claims_due",
            "yuan",
            "Claims that fell due, before caps and balance",
            "应付代偿（补偿）额",
            due,
            "yearly series headline",
        ),
        metric(
            f"{name}.claims_paid",
            "yuan",
            "Claims paid, gross of later recoveries",
            "实付代偿（补偿）额",
            paid,
            "yearly series headline",
        ),
        metric(
            f"{name}.claims_above_cap",
            "yuan",
            "Part of the claims that a cap cut off",
            "超上限未赔额",
            recorded(contract_record(contract.name, "above_cap")),
        ),
        metric(
            f"{name}.claims_unpaid",
            "yuan",
            "Part of the claims that the payer had no money for",
            "因余额不足未赔额",
            recorded(contract_record(contract.name, "unpaid")),
            "yearly",
        ),
        metric(
            f"{name}.claims_pending",
            "yuan",
            "Share of defaults whose claim is not yet due (filed, or incurred and not reported)",
            "未决赔付（含已发生未报告）",
            recorded(contract_record(contract.name, "pending")),
        ),
        metric(
            f"{name}.recoveries",
            "yuan",
            "Recoveries handed to the payer",
            "追偿分回额",
            recorded(contract_record(contract.name, "recovered")),
            "yearly",
        ),
        metric(
            f"{name}.claims_coverage",
            "share",
            "Claims paid ÷ claims due on the path; 1 if none fell due",
            "赔付覆盖率（逐路径）",
            ratio(paid, due, empty=1.0),
            "headline distribution",
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
    """Return balance, depletion, compensation rates and leverage of a pool of public money."""
    return (
        *payer_metrics(name, contract),
        *compensation_metrics(name, facility, contract),
        *leverage_metrics(name, facility, recorded(party_record(contract.payer, "paid_in"))),
    )


def payer_metrics(name: str, contract: Contract) -> tuple[Metric, ...]:
    """Return balance and depletion of a party that pays on one contract."""
    balance = recorded(party_record(contract.payer, "balance"))
    paid_in = recorded(party_record(contract.payer, "paid_in"))
    pending = recorded(contract_record(contract.name, "pending"))
    unpaid_month = party_record(contract.payer, "unpaid_month")
    return (
        metric(
            f"{name}.balance",
            "yuan",
            "Money in the pool at the date",
            "资金池余额",
            balance,
            "yearly series headline fan",
        ),
        metric(
            f"{name}.paid_in",
            "yuan",
            "Opening money, injections and top-ups to date",
            "累计投入资金",
            paid_in,
            "layer",
        ),
        metric(
            f"{name}.depleted",
            "yes/no",
            "Whether, up to the date, a claim within caps went unpaid for want of money",
            "资金池是否耗尽（出现欠付）",
            happened(unpaid_month),
            "event headline depletion",
        ),
        metric(
            f"{name}.depletion_month",
            "months",
            "Month of the first unpaid claim, counted from 1; missing where there was none",
            "首次欠付月份",
            month_number(unpaid_month),
        ),
        metric(
            f"{name}.depleted_by_month",
            "share",
            "Whether the pool has been depleted up to the month",
            "截至当月是否耗尽",
            happened(unpaid_month),
            "series",
        ),
        metric(
            f"{name}.stock_coverage",
            "times",
            "Balance ÷ claims pending; missing where none is pending",
            "余额对未决赔付的覆盖倍数",
            ratio(balance, pending),
        ),
    )


def compensation_metrics(name: str, facility: Facility, contract: Contract) -> tuple[Metric, ...]:
    """Return the compensation rates (代偿率) of a payer: of a year, or cumulative, by horizon."""
    paid = recorded(contract_record(contract.name, "paid"))
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    matured = books(facility, "matured")

    def released(r: Records) -> np.ndarray:
        return safe_ratio(paid(r), contract.share * matured(r) + paid(r), np.nan)

    def over_outstanding(r: Records) -> np.ndarray:
        return safe_ratio(paid(r), contract.share * outstanding(r), np.nan)

    return (
        metric(
            f"{name}.compensation_rate_released",
            "share",
            "Compensation paid ÷ loans released (matured and compensated), on the payer's share",
            "代偿率（代偿额÷解除额）",
            released,
            "yearly",
        ),
        metric(
            f"{name}.compensation_rate_outstanding",
            "share",
            "Compensation paid (in the year, or to date) ÷ outstanding, on the payer's share",
            "代偿率（代偿额÷期末余额）",
            over_outstanding,
            "yearly",
        ),
    )


def leverage_metrics(name: str, facility: Facility, public: Formula) -> tuple[Metric, ...]:
    """Return lending ÷ public money, as a flow and as a stock."""
    lent = plus(books(facility, "lent_new"), books(facility, "lent_renewed"))
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    return (
        metric(
            f"{name}.leverage_flow",
            "times",
            "Principal lent to date, renewals included ÷ public money paid in",
            "放大倍数（累计发放）",
            ratio(lent, public),
            "headline",
        ),
        metric(
            f"{name}.leverage_stock",
            "times",
            "Loans outstanding ÷ public money paid in",
            "放大倍数（余额）",
            ratio(outstanding, public),
            "headline",
        ),
    )


def margin_metrics(name: str, contract: Contract) -> tuple[Metric, ...]:
    """Return what mutual-help money took in, paid, and gave back."""
    party = contract.payer
    return (
        metric(
            f"{name}.margin.balance",
            "yuan",
            "Mutual-help money at the date",
            "助保金余额",
            recorded(party_record(party, "balance")),
            "series",
        ),
        metric(
            f"{name}.margin.claims_due",
            "yuan",
            "Losses that the mutual-help money had to pay first",
            "助保金应付代偿额",
            recorded(contract_record(contract.name, "due")),
        ),
        metric(
            f"{name}.margin.claims_paid",
            "yuan",
            "Losses that it paid",
            "助保金实付代偿额",
            recorded(contract_record(contract.name, "paid")),
        ),
        metric(
            f"{name}.margin.contributions",
            "yuan",
            "Contributions of the borrowers",
            "企业缴纳助保金",
            recorded(f"flow/{FIRMS}>{party}/margin"),
        ),
    )


def breaker_metrics(name: str) -> tuple[Metric, ...]:
    """Return whether, when and for how long a breaker stopped lending, and what it cost."""
    fired = breaker_record(name, "fired_month")
    return (
        metric(
            f"{name}.breaker_fired",
            "yes/no",
            "Whether the breaker fired",
            "是否触发熔断",
            happened(fired),
            "event headline",
        ),
        metric(
            f"{name}.breaker_month",
            "months",
            "Month in which the breaker first fired, counted from 1; missing where it never did",
            "首次熔断月份",
            month_number(fired),
        ),
        metric(
            f"{name}.breaker_months",
            "months",
            "Number of months in which it stopped new lending",
            "熔断持续月数",
            recorded(breaker_record(name, "months")),
        ),
        metric(
            f"{name}.breaker_lending_lost",
            "yuan",
            "New lending that the breaker refused",
            "熔断减少的新增贷款",
            recorded(facility_record(name, "refused_breaker")),
        ),
    )
