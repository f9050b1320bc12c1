"""What a bridge fund reports: requests, queue, money, what broken promises cost, what it saves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from fundsim.metrics.bridge_records import AFTER_BRIDGE, BREAKER, ELIGIBILITY, FIRMS, FUND, RecordRow
from fundsim.metrics.bridge_sizes import size_metrics
from fundsim.metrics.days import mean_days
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
from fundsim.scheme import About, Aggregate, BridgeFund, Facility, Formula, Metric, Segment
from fundsim.scheme.records import party_record

__all__ = ["bridge_metrics"]

DAYS_A_YEAR = 365.0


def bridge_metrics(
    fund: BridgeFund, facilities: Sequence[Facility], segments: Mapping[str, Segment]
) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of a bridge fund.

    Args:
        fund: the fund.
        facilities: those whose short firms it serves; none where requests are given directly.
        segments: all segments by name.
    """
    books = [(f.name, b.segment) for f in facilities for b in f.borrowers]
    asking = [book for book in books if segments[book[1]].shortage is not None]
    return (
        *_recorded(fund, FUND),
        *(_recorded(fund, ELIGIBILITY) if fund.facilities else ()),
        *_refusals(fund),
        *_waiting(fund),
        *_money(fund),
        *_turnover(fund),
        *_breaker(fund),
        *(_firms(fund, asking, segments) if asking else ()),
        *size_metrics(fund),
    )


def _of(fund: BridgeFund, what: str) -> Formula:
    return recorded(BridgeFund.record(fund.name, what))


def _recorded(fund: BridgeFund, rows: Sequence[RecordRow]) -> Iterator[Metric]:
    """Yield the metrics that are records of the fund."""
    for row in rows:
        yield row.metric(About(fund.name), _of(fund, row.record))


def _refusals(fund: BridgeFund) -> Iterator[Metric | Aggregate]:
    """Yield the parts of the requests that left unserved."""
    about, refused, refused_amount = About(fund.name), _of(fund, "n_refused"), _of(fund, "refused")
    decided = plus(_of(fund, "n_served"), refused)
    yield metric(
        about,
        "refused_share",
        "share",
        "Refusals ÷ requests that no longer wait, by number, on the path; missing where there are none",
        "拒贷率（未获批笔数÷已处理笔数，逐路径）",
        ratio(refused, decided),
        "yearly headline distribution",
    )
    yield Aggregate(
        instrument=about.instrument,
        own_name="refused_share_aggregate",
        unit="share",
        meaning="Refusals ÷ requests that no longer wait, by number, both summed over all paths",
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


def _waiting(fund: BridgeFund) -> Iterator[Metric]:
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


def _money(fund: BridgeFund) -> Iterator[Metric]:
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
        recorded(party_record(fund.party, "paid_in")),
    )


def _turnover(fund: BridgeFund) -> Iterator[Metric | Aggregate]:
    """Yield how hard the money works."""
    about = About(fund.name)
    capital_days, lent = _of(fund, "capital_days"), scaled(_of(fund, "lent"), DAYS_A_YEAR)
    yield metric(
        about,
        "utilisation",
        "share",
        "Money out ÷ capital, both summed over the days; best seen at the window's end, since later "
        "little is out",
        "资金使用率（在用资金÷本金，按天累计；宜看政策期末）",
        ratio(_of(fund, "out_days"), capital_days),
        "yearly headline",
    )
    yield metric(
        about,
        "turns",
        "times a year",
        "Turns of the capital in a year, money lent ÷ mean capital ÷ years; best seen at the window's end, "
        "since later little is lent",
        "资金年周转次数（转贷金额÷平均本金÷年数；宜看政策期末）",
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


def _breaker(fund: BridgeFund) -> Iterator[Metric]:
    """Yield whether, when and for how long a breaker stopped service, if there is one."""
    if math.isinf(fund.breaker_threshold):
        return
    about, month = About(fund.name), BridgeFund.record(fund.name, "stopped_month")
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


def _firms(fund: BridgeFund, asking: list[Book], segments: Mapping[str, Segment]) -> Iterator[Metric]:
    """Yield what becomes of the firms of those that may ask, and what the fund saves them."""
    about = About(fund.name)
    for row in (*FIRMS, *(AFTER_BRIDGE if fund.bridged else ())):
        yield row.metric(about, over_books(asking, row.record) if row.in_books else _of(fund, row.record))
    costs = {_private_cost(fund, segments[segment]) for _, segment in asking}
    if len(costs) == 1 and (cost := costs.pop()) > 0.0:
        saved = scaled(minus(_of(fund, "lent"), _of(fund, "avoided_amount")), cost)
        yield metric(
            about,
            "cost_avoided",
            "yuan",
            "Cost of private bridges saved, expected by formula: what they would have cost the firms served "
            "that would not have defaulted, less the fund's fees",
            "为企业节约的过桥费用（公式，扣除转贷资金费用）",
            minus(saved, _of(fund, "fees")),
            "yearly",
        )


def _private_cost(fund: BridgeFund, segment: Segment) -> float:
    """Return the mean cost of a private bridge per yuan."""
    shortage = segment.shortage
    if shortage is None:
        return 0.0
    return shortage.private_fee_per_day * mean_days(shortage.private_days or fund.days)
