"""What a parent reports by looking through its sub-funds: social money, deals and fees of both layers."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_facts import EquityFacts
from fundsim.metrics.equity_mobilised import KINDS_OF_MONEY, Mobilised, ratios_of
from fundsim.metrics.formulas import (
    happened,
    largest,
    minus,
    number,
    plus,
    product,
    ratio,
    sum_of,
    total,
)
from fundsim.metrics.rows import RecordRow
from fundsim.scheme import About, Formula, Metric
from fundsim.scheme.records import equity_record

__all__ = ["through_metrics"]

THROUGH, THROUGH_ZH = ", looking through sub-funds", "（穿透子基金）"
DEALS = (
    RecordRow("deals", "deals", "n_deals", "Number of deals of all sub-funds", "子基金投资项目数"),
    RecordRow(
        "deals_failed", "deals", "n_failed", "Number of deals of sub-funds that failed", "子基金失败项目数"
    ),
    RecordRow(
        "deals_exited",
        "deals",
        "n_exited",
        "Number of deals of sub-funds that were sold or bought back",
        "子基金退出项目数",
    ),
    RecordRow(
        "deals_unsold",
        "deals",
        "n_unsold",
        "Number of deals of sub-funds that have not ended at the date",
        "子基金在投项目数",
        "series",
    ),
    RecordRow(
        "invested",
        "yuan",
        "invested",
        "Money that sub-funds invested",
        "子基金投资金额",
        "yearly series headline",
    ),
    RecordRow("proceeds", "yuan", "proceeds", "Proceeds of deals of sub-funds", "子基金项目回款"),
)


def through_metrics(fund: EquityFacts) -> Iterator[Metric]:
    """Yield the figures of ``<fund>.look_through``; none without sub-funds."""
    if not fund.subs:
        return
    about = About(fund.name, "look_through")
    for money in KINDS_OF_MONEY:
        social, public = _parts(fund, money[0])
        yield from ratios_of(
            Mobilised(
                about=about,
                money=money,
                social=social,
                public=public,
                planned=fund.planned,
                whose=fund.holder.own,
                whose_zh=fund.holder.chinese,
                through=(THROUGH, THROUGH_ZH),
            )
        )
    social, public = _parts(fund, "invested")
    yield metric(
        about,
        "social_share",
        "share",
        "Social part of what sub-funds invested, the parent's part split as its contributions to date; "
        "missing where nothing was",
        "子基金投资中的社会资本占比（母基金部分按其累计实缴划分）",
        ratio(social, plus(social, public)),
        "headline",
    )
    for row in DEALS:
        yield row.metric(about, _of_subs(fund, row.record))
    yield from _losses(fund, about)
    yield from _costs(fund, about)
    yield metric(
        about,
        "sub_funds_not_set_up",
        "funds",
        "Number of sub-funds that were not set up",
        "未能设立的子基金数",
        sum_of(happened(equity_record(sub, "not_set_up_month")) for sub in fund.subs),
    )


def _of_subs(fund: EquityFacts, *records: str) -> Formula:
    return total([equity_record(sub, record) for record in records for sub in fund.subs])


def _of_all(fund: EquityFacts, record: str) -> Formula:
    return plus(fund.of(record), _of_subs(fund, record))


def _parts(fund: EquityFacts, money: str) -> tuple[Formula, Formula]:
    """Return social money of both layers, and government's, of a kind."""
    if money != "invested":
        return _of_all(fund, f"{money}_social"), fund.of(f"{money}_government")
    paid = plus(fund.of("called_social"), fund.of("called_government"))
    through_parent = minus(_of_subs(fund, "invested"), _of_subs(fund, "invested_social"))
    social_part = product(ratio(fund.of("called_social"), paid, 0.0), through_parent)
    return plus(_of_subs(fund, "invested_social"), social_part), minus(through_parent, social_part)


def _losses(fund: EquityFacts, about: About) -> Iterator[Metric]:
    cost = _of_subs(fund, "realised_cost")
    yield metric(
        about,
        "loss_ratio",
        "share",
        "Net loss of the deals of sub-funds that ended: cost less proceeds ÷ cost, not below 0; missing "
        "where none ended",
        "子基金已结束项目净亏损率（成本减回款÷成本）",
        ratio(largest(number(0.0), minus(cost, _of_subs(fund, "proceeds"))), cost),
        "headline",
    )
    yield metric(
        about,
        "loss_ratio_gross",
        "share",
        "Gross loss: what deals of sub-funds lost that brought less than their cost ÷ cost of all that ended",
        "子基金亏损项目亏损率（亏损项目损失÷全部已结束项目成本）",
        ratio(_of_subs(fund, "lost"), cost),
    )


def _costs(fund: EquityFacts, about: About) -> Iterator[Metric]:
    """Yield what the managers of both layers take."""
    fees = _of_all(fund, "fees")
    paid = plus(_of_all(fund, "called_social"), fund.of("called_government"))
    yield metric(
        about,
        "fees",
        "yuan",
        "Management fees and costs of the parent and its sub-funds",
        "母子基金管理费与运营费用",
        fees,
        "yearly",
    )
    yield metric(
        about,
        "fees_share",
        "share",
        "Management fees and costs of the parent and its sub-funds ÷ what government and the social partners "
        "of both paid on calls; missing where nothing was called",
        "母子基金管理费与运营费用占实缴额比例",
        ratio(fees, paid),
        "headline",
    )
    yield metric(
        about,
        "carry",
        "yuan",
        "Carry of the managers of the parent and its sub-funds, less what they gave back",
        "母子基金管理人业绩报酬（扣除回拨）",
        minus(plus(_of_all(fund, "to_catch_up"), _of_all(fund, "to_carry")), _of_all(fund, "clawback")),
        "yearly",
    )
