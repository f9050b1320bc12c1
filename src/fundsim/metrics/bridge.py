"""What a bridge fund reports: requests, queue, money, what broken promises cost, what it saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fundsim.metrics.bridge_records import AFTER_BRIDGE, BREAKER, ELIGIBILITY, FIRMS, FUND
from fundsim.metrics.bridge_sizes import SizeWords, size_metrics
from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    Book,
    happened,
    minus,
    month_number,
    number,
    over_books,
    plus,
    ratio,
    recorded,
    scaled,
    where_positive,
)
from fundsim.metrics.rows import RecordRow
from fundsim.scheme import About, Aggregate, Formula, Metric
from fundsim.scheme.records import bridge_record, party_record

__all__ = ["BridgeFacts", "bridge_metrics"]

DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeFacts:
    """What the metrics of a bridge fund depend on, beside its records."""

    name: str
    """Name of the fund, of its party too."""
    sizes: tuple[SizeWords, ...]
    serves: bool
    """Whether it serves facilities; if not, its requests are given directly."""
    asking: tuple[Book, ...] = ()
    """Books of those whose firms may ask."""
    breaker: bool = False
    evergreening: bool = False
    """Whether a bridge changes the risk of the loan's next life."""
    private_cost: float | None = None
    """Mean cost of a private bridge per yuan; None where it is not the same for all of those that may ask."""


def bridge_metrics(fund: BridgeFacts) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of a bridge fund."""
    return (
        *_recorded(fund, FUND),
        *(_recorded(fund, ELIGIBILITY) if fund.serves else ()),
        *_refusals(fund),
        *_waiting(fund),
        *_money(fund),
        *_turnover(fund),
        *(_breaker(fund) if fund.breaker else ()),
        *(_firms(fund) if fund.asking else ()),
        *size_metrics(fund.name, fund.sizes),
    )


def _of(fund: BridgeFacts, what: str) -> Formula:
    return recorded(bridge_record(fund.name, what))


def _recorded(fund: BridgeFacts, rows: Sequence[RecordRow]) -> Iterator[Metric]:
    """Yield the metrics that are records of the fund."""
    for row in rows:
        yield row.metric(About(fund.name), _of(fund, row.record))


def _refusals(fund: BridgeFacts) -> Iterator[Metric | Aggregate]:
    """Yield the parts of the requests that left unserved."""
    about, refused, refused_amount = About(fund.name), _of(fund, "n_refused"), _of(fund, "refused")
    decided = plus(_of(fund, "n_served"), refused)
    yield metric(
        about,
        "refused_share",
        "share",
        "Refusal rate; refusals ÷ requests that no longer wait, by number, on the path",
        "拒贷率（未获批笔数÷已处理笔数，逐路径）",
        ratio(refused, decided),
        "yearly headline distribution",
    )
    yield Aggregate(
        instrument=about.instrument,
        own_name="refused_share_aggregate",
        unit="share",
        meaning="Refusal rate; refusals ÷ requests that no longer wait, by number, summed over all paths",
        meaning_zh="拒贷率（未获批笔数÷已处理笔数，总数）",
        numerator=refused,
        denominator=decided,
    )
    yield metric(
        about,
        "refused_amount_share",
        "share",
        "Amount refused ÷ amount of the requests that no longer wait, on the path; missing where none",
        "拒贷率（按金额，逐路径）",
        ratio(refused_amount, plus(_of(fund, "lent"), refused_amount)),
        "yearly",
    )
    yield metric(
        about,
        "any_refused",
        "yes/no",
        "Refusal of a request; whether, up to the date, one left unserved",
        "出现未获批的申请",
        where_positive(refused, number(1.0)),
        "event headline",
    )


def _waiting(fund: BridgeFacts) -> Iterator[Metric]:
    """Yield how long requests waited."""
    about, served = About(fund.name), _of(fund, "n_served")
    yield metric(
        about,
        "waiting_days_served",
        "days",
        "Mean wait of the requests served; missing where there are none",
        "获批申请平均等待天数",
        ratio(_of(fund, "waiting_days_served"), served),
        "yearly",
    )
    yield metric(
        about,
        "waiting_days",
        "days",
        "Mean wait of all requests that no longer wait; missing where there are none",
        "全部申请平均等待天数",
        ratio(_of(fund, "waiting_days"), plus(served, _of(fund, "n_refused"))),
        "yearly",
    )


def _money(fund: BridgeFacts) -> Iterator[Metric]:
    """Yield the money paid in, and the part of the capital that is not out."""
    about = About(fund.name)
    yield metric(
        about,
        "idle_capital",
        "yuan",
        "Capital that is not out at the date",
        "闲置本金",
        minus(_of(fund, "capital"), _of(fund, "out")),
        "yearly series",
    )
    yield metric(
        about,
        "paid_in",
        "yuan",
        "Opening money and injections to date",
        "累计实缴资金",
        recorded(party_record(fund.name, "paid_in")),
    )


def _turnover(fund: BridgeFacts) -> Iterator[Metric | Aggregate]:
    """Yield how hard the money works."""
    about = About(fund.name)
    capital_days, lent = _of(fund, "capital_days"), scaled(_of(fund, "lent"), DAYS_A_YEAR)
    yield metric(
        about,
        "utilisation",
        "share",
        "Money out ÷ capital, both summed over the days of the window",
        "资金使用率（在用资金÷本金，政策期内按天累计）",
        ratio(_of(fund, "out_days"), capital_days),
        "yearly headline",
    )
    yield metric(
        about,
        "turns",
        "times a year",
        "Turns of the capital in a year: money lent ÷ mean capital ÷ years of the window",
        "资金年周转次数（转贷金额÷平均本金÷政策期年数）",
        ratio(lent, capital_days),
        "yearly headline",
    )
    yield Aggregate(
        instrument=about.instrument,
        own_name="turns_aggregate",
        unit="times a year",
        meaning="Turns of the capital in a year, money lent and capital summed over all paths",
        meaning_zh="资金年周转次数（总额）",
        numerator=lent,
        denominator=capital_days,
    )
    yield metric(
        about,
        "mean_use_days",
        "days",
        "Mean days of the uses that ended, weighted by amount; missing where none ended",
        "平均使用天数（按金额加权）",
        ratio(_of(fund, "use_days"), _of(fund, "ended")),
        "yearly",
    )


def _breaker(fund: BridgeFacts) -> Iterator[Metric]:
    """Yield whether, when and for how long the breaker stopped service."""
    about, month = About(fund.name), bridge_record(fund.name, "stopped_month")
    yield metric(
        about,
        "stopped",
        "yes/no",
        "Stop of service by the breaker; whether, up to the date, it came",
        "熔断停止转贷",
        happened(month),
        "event headline",
    )
    yield metric(
        about,
        "stopped_month",
        "months",
        "Month in which the breaker first stopped service, counted from 1; missing where it never did",
        "首次熔断月份",
        month_number(month),
    )
    yield from _recorded(fund, BREAKER)


def _firms(fund: BridgeFacts) -> Iterator[Metric]:
    """Yield what becomes of the firms of those that may ask, and what the fund saves them."""
    about = About(fund.name)
    for row in (*FIRMS, *(AFTER_BRIDGE if fund.evergreening else ())):
        yield row.metric(
            about, over_books(fund.asking, row.record) if row.in_books else _of(fund, row.record)
        )
    if fund.private_cost:
        saved = scaled(minus(_of(fund, "lent"), _of(fund, "avoided_amount")), fund.private_cost)
        yield metric(
            about,
            "cost_avoided",
            "yuan",
            "Cost of private bridges saved, expected by formula: what they would have cost the firms served "
            "that would not have defaulted, less the fund's fees",
            "为企业节约的过桥费用（公式，扣除转贷资金费用）",
            minus(saved, _of(fund, "fees")),
            "yearly headline",
        )
