"""What a lending instrument reports, as formulas over records by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    books,
    default_rate,
    default_rate_annual,
    happened,
    minus,
    month_number,
    number,
    over_books,
    plus,
    principal_lent,
    ratio,
    recorded,
    scaled,
    total,
)
from fundsim.scheme import About, Contract, Facility, Formula, Metric, Segment, Unit
from fundsim.scheme.records import book_record, breaker_record, contract_record, facility_record

__all__ = ["CUTS", "SHORT_FIRMS", "breaker_metrics", "lending_metrics"]


def lending_metrics(
    facility: Facility, contracts: Sequence[Contract], segments: Mapping[str, Segment]
) -> tuple[Metric, ...]:
    """Return lending, default and the bank's loss of one facility."""
    about = facility.about
    return (
        *_volumes(about, facility),
        *_defaults(about, facility),
        metric(
            about,
            "bank_loss",
            "yuan",
            "Principal defaulted, and interest where a contract covers it, less what the contracts paid and "
            "what the bank kept of recoveries",
            "银行剩余损失",
            _bank_loss(facility, contracts, segments),
            "headline",
        ),
        *_limits(about, facility),
        *_short_firms(about, facility, segments),
    )


def _short_firms(about: About, facility: Facility, segments: Mapping[str, Segment]) -> Iterator[Metric]:
    """Yield what becomes of firms that are short at maturity, if there are any."""
    own = [(facility.name, b.segment) for b in facility.borrowers if segments[b.segment].shortage is not None]
    for own_name, unit, record, english, chinese in SHORT_FIRMS if own else ():
        yield metric(about, own_name, unit, english, chinese, over_books(own, record), "yearly")


SHORT_FIRMS: tuple[tuple[str, Unit, str, str, str], ...] = (
    ("short", "loans", "n_short", "Sound firms that were short of cash when their loan fell due",
     "到期暂时缺资金的正常企业户数"),
    ("short_amount", "yuan", "short", "Loans of the firms that were short", "到期暂时缺资金企业的贷款金额"),
    ("defaults_unserved", "loans", "n_defaulted_unserved",
     "Of the loans that defaulted, those for lack of a bridge", "其中：因未获转贷而违约的笔数"),
    ("defaults_unserved_amount", "yuan", "defaulted_unserved",
     "Of the principal that defaulted, that for lack of a bridge", "其中：因未获转贷而违约的本金"),
    ("private_bridges", "loans", "n_private", "Short firms that found a private bridge",
     "使用民间过桥资金的企业户数"),
    ("private_cost", "yuan", "private_cost", "What private bridges cost the firms", "民间过桥费用"),
)  # fmt: skip
"""Own name, unit, record of the books and meanings, of what is added over the books with short firms."""


def _volumes(about: About, facility: Facility) -> tuple[Metric, ...]:
    """Return what was lent, what is out, and to how many firms."""
    new_loans = books(facility, "n_new")
    return (
        metric(
            about,
            "lent",
            "yuan",
            "Principal lent, renewals included",
            "累计发放贷款（含续贷）",
            principal_lent(facility),
            "yearly headline layer",
        ),
        metric(
            about,
            "lent_new",
            "yuan",
            "Principal lent to firms that had no loan",
            "累计新增发放贷款（不含续贷）",
            books(facility, "lent_new"),
            "yearly",
        ),
        metric(
            about,
            "outstanding",
            "yuan",
            "Performing principal plus defaults whose claim is not yet due",
            "在贷余额（含代偿未到期的违约贷款）",
            recorded(facility_record(facility.name, "outstanding")),
            "yearly series headline layer",
        ),
        metric(
            about,
            "firms_reached",
            "firms",
            "Firms with a loan at the start or newly granted; a renewal is no new firm",
            "累计支持企业户数",
            plus(number(facility.n_opening), new_loans),
        ),
    )


def _defaults(about: About, facility: Facility) -> tuple[Metric, ...]:
    """Return defaults by number, by amount and as a rate."""
    n_defaulted = books(facility, "n_defaulted")
    begun = plus(books(facility, "n_new"), books(facility, "n_renewed"))
    return (
        metric(about, "loans_defaulted", "loans", "Loans that defaulted", "违约笔数", n_defaulted, "yearly"),
        metric(
            about,
            "amount_defaulted",
            "yuan",
            "Principal of the loans that defaulted",
            "违约本金",
            books(facility, "defaulted"),
            "yearly",
        ),
        metric(
            about,
            "default_rate",
            "share",
            "Default rate per loan term: loans defaulted ÷ loan terms begun "
            "(opening stock, new loans, renewals)",
            "每期贷款违约率（违约笔数÷期初存量、新增与续贷的贷款期次）",
            default_rate(n_defaulted, facility.n_opening, begun),
            "headline distribution",
        ),
        metric(
            about,
            "default_rate_annual",
            "share",
            "Default rate per year: loans defaulted ÷ loan-years of exposure",
            "年化违约率（违约笔数÷贷款存续年数）",
            default_rate_annual(n_defaulted, books(facility, "loan_months")),
            "yearly",
        ),
    )


def _interest_lost(
    facility: Facility, contracts: list[Contract], segments: Mapping[str, Segment]
) -> list[Formula]:
    """Return the interest of defaulted loans up to the trigger, where a contract of the lender covers it."""
    covered = [c.trigger_months for c in contracts if c.basis == "principal_and_interest"]
    months = max(covered, default=0)
    return [
        scaled(
            recorded(book_record(facility.name, b.segment, "defaulted")),
            segments[b.segment].rate_annual * months / 12.0,
        )
        for b in facility.borrowers
        if months
    ]


def _bank_loss(facility: Facility, contracts: Sequence[Contract], segments: Mapping[str, Segment]) -> Formula:
    """Return what defaulted less what the lender's contracts paid and what it kept of recoveries."""
    lenders = [contract for contract in contracts if contract.covers is None]
    own = [contract.name for contract in lenders]
    collected = recorded(facility_record(facility.name, "collected"))
    lost = plus(books(facility, "defaulted"), *_interest_lost(facility, lenders, segments))
    if not own:
        return minus(lost, scaled(collected, 1.0 - facility.recovery_cost))
    received = total([contract_record(name, "paid") for name in own])
    handed = total([contract_record(name, "recovered") for name in own])
    kept = minus(scaled(collected, 1.0 - facility.recovery_cost), handed)
    return minus(minus(lost, received), kept)


def _limits(about: About, facility: Facility) -> Iterator[Metric]:
    """Yield what was refused, and how far the lending limit was used if there is one."""
    reasons = ("breaker", "obligor", "firms", "capacity")
    yield metric(
        about,
        "demand",
        "yuan",
        "New loans applied for, in whole loans",
        "新增贷款申请额",
        recorded(facility_record(facility.name, "demand")),
        "yearly",
    )
    yield metric(
        about,
        "demand_refused",
        "yuan",
        "New lending that breaker, single-obligor limit, eligible firms or capacity refused",
        "未满足的新增贷款需求",
        total([facility_record(facility.name, f"refused_{reason}") for reason in reasons]),
        "yearly",
    )
    yield _cut(about, facility, "months", "for whatever reason", "（不论原因）")
    for reason, english, chinese in CUTS:
        yield _cut(about, facility, reason, english, chinese)
    if facility.capacities:
        yield metric(
            about,
            "capacity_used",
            "share",
            "Loans outstanding ÷ lending limit, both summed over the months of the window",
            "额度使用率",
            ratio(
                recorded(facility_record(facility.name, "outstanding_months")),
                recorded(facility_record(facility.name, "capacity_months")),
            ),
        )


CUTS = (
    ("capacity", "by a lending limit", "（额度）"),
    ("firms", "because eligible firms ran short", "（合格企业不足）"),
    ("obligor", "by a single-obligor limit", "（单户限额）"),
    ("breaker", "by a breaker", "（熔断）"),
)
"""Reason for which new lending is cut, and its words."""


def _cut(about: About, facility: Facility, reason: str, english: str, chinese: str) -> Metric:
    own_name = "cut_months" if reason == "months" else f"cut_by_{reason}"
    return metric(
        about,
        own_name,
        "months",
        f"Months of the window in which new lending was cut {english}",
        f"政策期内新增贷款被削减的月数{chinese}",
        recorded(facility_record(facility.name, f"cut_{reason}")),
    )


def breaker_metrics(facility: Facility, breaker: str) -> tuple[Metric, ...]:
    """Return whether, when and for how long a breaker stopped lending, and what it cost."""
    about = facility.about
    fired = breaker_record(breaker, "fired_month")
    return (
        metric(
            about,
            "breaker_fired",
            "yes/no",
            "Firing of the breaker; whether it stopped lending up to the date",
            "触发熔断",
            happened(fired),
            "event headline",
        ),
        metric(
            about,
            "breaker_month",
            "months",
            "Month in which the breaker first fired, counted from 1; missing where it never did",
            "首次熔断月份",
            month_number(fired),
        ),
        metric(
            about,
            "breaker_months",
            "months",
            "Number of months in which it stopped new lending",
            "熔断持续月数",
            recorded(breaker_record(breaker, "months")),
        ),
        metric(
            about,
            "breaker_lending_lost",
            "yuan",
            "New lending that the breaker refused",
            "熔断减少的新增贷款",
            recorded(facility_record(facility.name, "refused_breaker")),
        ),
    )
