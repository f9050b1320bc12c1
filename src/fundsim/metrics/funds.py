"""What those who pay for losses report: claims, coverage, balance, depletion, rates, leverage."""

from __future__ import annotations

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    books,
    happened,
    month_number,
    plus,
    principal_lent,
    ratio,
    recorded,
    scaled,
)
from fundsim.metrics.payer_words import MARGIN, POOL, PayerWords
from fundsim.scheme import About, Aggregate, Contract, Facility, Formula, Metric
from fundsim.scheme.records import contract_record, facility_record, party_record
from fundsim.scheme.surroundings import FIRMS

__all__ = [
    "claims_metrics",
    "compensation_metrics",
    "coverage_metrics",
    "leverage_metrics",
    "margin_metrics",
    "payer_metrics",
    "pool_metrics",
]


def claims_metrics(contract: Contract, payer: PayerWords | None = None) -> tuple[Metric | Aggregate, ...]:
    """Return due, paid and coverage of one contract.

    Args:
        contract: the contract.
        payer: who pays on it, to be said where it is not the instrument itself.
    """
    by, of = (f" by {payer.english}", f" of {payer.english}") if payer else ("", "")
    of_zh = payer.chinese if payer else ""
    share = f"{payer.english[:1].upper()}{payer.english[1:]}'s share" if payer else "Share"
    about = contract.about
    due = recorded(contract_record(contract.name, "due"))
    paid = recorded(contract_record(contract.name, "paid"))
    return (
        metric(
            about,
            "claims_due",
            "yuan",
            f"Claims that fell due, to be paid{by}, before caps and balance"
            if by
            else "Claims that fell due, before caps and balance",
            f"{of_zh}应付代偿额",
            due,
            "yearly series headline",
        ),
        metric(
            about,
            "claims_paid",
            "yuan",
            f"Claims paid{by}, gross of later recoveries",
            f"{of_zh}已付代偿额",
            paid,
            "yearly series headline" + ("" if about.part else " bad_when_high"),
        ),
        metric(
            about,
            "claims_above_cap",
            "yuan",
            f"Part of the claims that a cap{of} cut off",
            f"{of_zh}超出上限的代偿额",
            recorded(contract_record(contract.name, "above_cap")),
        ),
        metric(
            about,
            "claims_unpaid",
            "yuan",
            f"Part of the claims that {payer.english if payer else 'the payer'} had no money for",
            f"{of_zh}未付代偿额（余额不足）",
            recorded(contract_record(contract.name, "unpaid")),
            "yearly",
        ),
        metric(
            about,
            "claims_pending",
            "yuan",
            f"{share} of defaults whose claim is not yet due (filed, or incurred and not reported)",
            f"{of_zh}未决代偿额（含已发生未报告）",
            recorded(contract_record(contract.name, "pending")),
        ),
        metric(
            about,
            "recoveries",
            "yuan",
            f"Recoveries handed to {payer.english if payer else 'the payer'}",
            f"{of_zh}追偿分回额",
            recorded(contract_record(contract.name, "recovered")),
            "yearly",
        ),
        *coverage_metrics(about, due, paid, payer=payer),
    )


def coverage_metrics(
    about: About,
    due: Formula,
    paid: Formula,
    of: str = "",
    of_zh: str = "",
    *,
    payer: PayerWords | None = None,
) -> tuple[Metric | Aggregate, ...]:
    """Return claims paid ÷ claims due, path by path and over all paths.

    Args:
        about: the instrument, or the part of it.
        due: claims that fell due.
        paid: claims paid.
        of: words for meanings that say whose claims these are, such as ``, all counties``.
        of_zh: the same in Chinese.
        payer: who pays, to be said where it is not the instrument itself.
    """
    by, payer_zh = (f" by {payer.english}", payer.chinese) if payer else ("", "")
    return (
        metric(
            about,
            "claims_coverage",
            "share",
            f"Claims paid{by} ÷ claims due on the path{of}; 1 if none fell due",
            f"{payer_zh}代偿覆盖率（逐路径{of_zh}）",
            ratio(paid, due, empty=1.0),
            "headline distribution",
        ),
        Aggregate(
            instrument=about.instrument,
            part=about.part,
            own_name="claims_coverage_aggregate",
            unit="share",
            meaning=f"Claims paid{by} ÷ claims due, both summed over all paths{of}",
            meaning_zh=f"{payer_zh}代偿覆盖率（总额{of_zh}）",
            numerator=paid,
            denominator=due,
            headline=True,
        ),
    )


def pool_metrics(facility: Facility, contract: Contract, payer: PayerWords = POOL) -> tuple[Metric, ...]:
    """Return balance, depletion, compensation rates and leverage of a fund of public money."""
    return (
        *payer_metrics(contract, payer),
        *compensation_metrics(facility, contract),
        *leverage_metrics(
            contract.about,
            principal_lent(facility),
            recorded(facility_record(facility.name, "outstanding")),
            recorded(party_record(contract.payer, "paid_in")),
        ),
    )


def payer_metrics(contract: Contract, payer: PayerWords = POOL) -> tuple[Metric, ...]:
    """Return balance and depletion of a party that pays on one contract, in the party's own words."""
    about = contract.about
    of, of_zh = payer.money, payer.money_zh
    balance = recorded(party_record(contract.payer, "balance"))
    paid_in = recorded(party_record(contract.payer, "paid_in"))
    pending = recorded(contract_record(contract.name, "pending"))
    unpaid_month = party_record(contract.payer, "unpaid_month")
    return (
        metric(
            about,
            "balance",
            "yuan",
            f"Money {'of' if payer.institution else 'in'} {payer.english} at the date",
            f"{of_zh}余额",
            balance,
            "yearly series headline fan",
        ),
        metric(
            about,
            "paid_in",
            "yuan",
            f"Opening money, injections and top-ups of {of} to date",
            f"{of_zh}累计实缴资金",
            paid_in,
            "layer",
        ),
        metric(
            about,
            "depleted",
            "yes/no",
            f"Depletion of {of}; whether, up to the date, a claim within caps went unpaid for lack of money",
            f"{of_zh}耗尽（出现未付代偿）",
            happened(unpaid_month),
            "event headline depletion",
        ),
        metric(
            about,
            "depletion_month",
            "months",
            f"Month of the depletion of {of}, its first unpaid claim, counted from 1; missing where none was",
            f"{of_zh}耗尽月份（首次未付代偿）",
            month_number(unpaid_month),
        ),
        metric(
            about,
            "depleted_by_month",
            "share",
            f"Probability of the depletion of {of} up to the month",
            f"截至当月{of_zh}耗尽的概率",
            happened(unpaid_month),
            "series",
        ),
        metric(
            about,
            "stock_coverage",
            "times",
            f"Balance of {of} ÷ claims pending; missing where none is pending",
            f"{of_zh}余额对未决代偿的覆盖倍数",
            ratio(balance, pending),
        ),
    )


def compensation_metrics(facility: Facility, contract: Contract) -> tuple[Metric, ...]:
    """Return the compensation rates (代偿率) of a payer: of a year, or cumulative, by horizon."""
    about = contract.about
    paid = recorded(contract_record(contract.name, "paid"))
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    matured = books(facility, "matured")

    return (
        metric(
            about,
            "compensation_rate_released",
            "share",
            "Compensation paid ÷ loans released (matured and compensated), on the payer's share",
            "代偿率（解除额）",
            ratio(paid, plus(scaled(matured, contract.share), paid)),
            "yearly",
        ),
        metric(
            about,
            "compensation_rate_outstanding",
            "share",
            "Compensation paid (in the year, or to date) ÷ outstanding, on the payer's share",
            "代偿率（在保余额）",
            ratio(paid, scaled(outstanding, contract.share)),
            "yearly",
        ),
    )


def leverage_metrics(
    about: About, lent: Formula, outstanding: Formula, public: Formula, of: str = "", of_zh: str = ""
) -> tuple[Metric, ...]:
    """Return lending ÷ public money paid in, as a flow and as a stock; ``of`` as in ``coverage_metrics``."""
    return (
        metric(
            about,
            "leverage_flow",
            "times",
            f"Principal lent to date, renewals included ÷ public money paid in{of}",
            f"放大倍数（累计发放{of_zh}）",
            ratio(lent, public),
            "headline",
        ),
        metric(
            about,
            "leverage_stock",
            "times",
            f"Loans outstanding ÷ public money paid in{of}",
            f"放大倍数（在贷余额{of_zh}）",
            ratio(outstanding, public),
            "headline",
        ),
    )


def margin_metrics(contract: Contract) -> tuple[Metric, ...]:
    """Return what mutual-help money took in, paid, and gave back."""
    about, party = contract.about, contract.payer
    return (
        metric(
            about,
            "balance",
            "yuan",
            "Mutual-help money at the date",
            f"{MARGIN.chinese}余额",
            recorded(party_record(party, "balance")),
            "series",
        ),
        metric(
            about,
            "claims_due",
            "yuan",
            "Losses that the mutual-help money had to pay first",
            f"{MARGIN.chinese}应付代偿额",
            recorded(contract_record(contract.name, "due")),
        ),
        metric(
            about,
            "claims_paid",
            "yuan",
            "Losses that the mutual-help money paid",
            f"{MARGIN.chinese}已付代偿额",
            recorded(contract_record(contract.name, "paid")),
        ),
        metric(
            about,
            "contributions",
            "yuan",
            "Contributions of the borrowers",
            "企业缴纳助保金",
            recorded(f"flow/{FIRMS}>{party}/margin"),
        ),
    )
