"""What an equity fund reports: money mobilised, deals, fees, losses, concession.

Returns, looking through a parent, and money beside a fund stand in files of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_beside import beside_metrics
from fundsim.metrics.equity_facts import HALF, EquityFacts
from fundsim.metrics.equity_mobilised import mobilised_metrics
from fundsim.metrics.equity_records import rows_of
from fundsim.metrics.equity_returns import return_metrics
from fundsim.metrics.equity_through import through_metrics
from fundsim.metrics.formulas import (
    divided,
    happened,
    largest,
    minus,
    month_number,
    number,
    plus,
    product,
    ratio,
    recorded,
    scaled,
    where_positive,
)
from fundsim.scheme import Aggregate, Formula, Metric
from fundsim.scheme.records import equity_record, party_record

__all__ = ["EquityFacts", "equity_metrics"]

ONE, ZERO = number(1.0), number(0.0)


def equity_metrics(fund: EquityFacts) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of an equity fund."""
    found = (
        *(mobilised_metrics(fund) if fund.partners else ()),
        *_set_up(fund),
        *_use(fund),
        *(row.metric(fund.about, fund.of(row.record)) for row in rows_of(fund)),
        *(() if fund.paced else _losses(fund)),
        *_costs(fund),
        *return_metrics(fund),
        *_policy(fund),
        *through_metrics(fund),
        *beside_metrics(fund),
    )
    return found if fund.sub_of is None else tuple(map(_of_sub_fund, found))


SHOWN_OF_SUB_FUND = frozenset(
    {
        "mobilised_ratio", "invested", "loss_ratio", "dpi", "not_set_up", "parent.dpi",
        "parent.principal_back", "co_investment.multiple", "risk_subsidy.refused", "protection.refused",
    }
)  # fmt: skip
"""Figures of a sub-fund that the run's table shows: there are several sub-funds beside their parent."""


def _of_sub_fund(one: Metric | Aggregate) -> Metric | Aggregate:
    name = ".".join(filter(None, (one.part, one.own_name)))
    return replace(one, headline=one.headline and name in SHOWN_OF_SUB_FUND)


def _set_up(fund: EquityFacts) -> Iterator[Metric]:
    """Yield whether and when the fund is set up."""
    if fund.partners or fund.sub_of is not None:
        who, who_zh = ("its parent or by social partners", "母基金或社会资本") if fund.sub_of else ("", "")
        yield metric(
            fund.about,
            "not_set_up",
            "yes/no",
            "Fund not set up; whether too little was committed in time"
            + (f" by {who}" if who else ", and government's money went back"),
            f"基金未能设立（{who_zh}认缴不足）" if who else "基金未能设立（认缴不足，财政资金退回）",
            happened(equity_record(fund.name, "not_set_up_month")),
            "event headline",
        )
    yield metric(
        fund.about,
        "set_up_month",
        "months",
        "Month in which the fund was set up, counted from 1; missing where it was not",
        "基金设立月份",
        month_number(equity_record(fund.name, "set_up_month")),
    )


def _use(fund: EquityFacts) -> Iterator[Metric]:
    """Yield how much of the money is called, and, but for a sub-fund, what lies idle in custody."""
    if fund.partners:
        called = plus(fund.of("called_social"), fund.of("called_government"))
        committed = plus(fund.of("committed_social"), fund.of("committed_government"))
    else:
        called, committed = fund.of("called_government"), fund.of("committed_government")
    yield metric(
        fund.about,
        "called_share",
        "share",
        "Called share: money paid on calls ÷ commitments; missing where there are none",
        "实缴率（实缴÷认缴）",
        ratio(called, committed),
        "headline",
    )
    if fund.sub_of is not None:
        return
    idle = recorded(party_record(fund.custody, "balance"))
    yield metric(
        fund.about,
        "idle_cash",
        "yuan",
        "Idle cash: government's money in custody at the date, paid and not yet called",
        "闲置资金（托管账户余额）",
        idle,
        "yearly series fan headline",
    )
    yield metric(
        fund.about,
        "idle_share",
        "share",
        "Idle cash ÷ government's planned money",
        "闲置资金占政府计划出资比例",
        divided(idle, fund.planned),
        "series",
    )
    yield metric(
        fund.about,
        "paid_in",
        "yuan",
        "Government's money paid into custody to date, opening money included",
        "政府累计实缴资金（入托管账户）",
        recorded(party_record(fund.custody, "paid_in")),
    )


def _losses(fund: EquityFacts) -> Iterator[Metric]:
    """Yield what deals, or sub-funds, lost of their cost: all together, and those alone that lost."""
    what, what_zh = ("sub-funds", "子基金") if fund.subs else ("deals", "项目")
    yield metric(
        fund.about,
        "loss_ratio",
        "share",
        f"Net loss of the {what} that ended: cost less proceeds ÷ cost, not below 0; missing where none "
        "ended",
        f"已结束{what_zh}净亏损率（成本减回款÷成本）",
        ratio(net_loss(fund), fund.of("realised_cost")),
        "headline",
    )
    yield metric(
        fund.about,
        "loss_ratio_gross",
        "share",
        f"Gross loss: what {what} lost that brought less than their cost ÷ cost of all {what} that ended",
        f"亏损{what_zh}亏损率（亏损{what_zh}损失÷全部已结束{what_zh}成本）",
        ratio(fund.of("lost"), fund.of("realised_cost")),
        "" if fund.subs else "headline",
    )


def net_loss(fund: EquityFacts) -> Formula:
    """Return what the deals that ended lost in all, not below 0."""
    return largest(ZERO, minus(fund.of("realised_cost"), fund.of("proceeds")))


def _costs(fund: EquityFacts) -> Iterator[Metric]:
    """Yield what the manager has, and what the concession costs the public stake."""
    who, whose, who_zh = fund.holder.english, fund.holder.own, fund.holder.chinese
    if fund.carry:
        yield metric(
            fund.about,
            "carry",
            "yuan",
            "Carry of the manager, catch-up included, less what it gave back",
            "管理人业绩报酬（含追补，扣除回拨）",
            minus(plus(fund.of("to_catch_up"), fund.of("to_carry")), fund.of("clawback")),
            "yearly headline",
        )
    if fund.ceding:
        realised = fund.of("ceded")
        value = realised
        if fund.option:
            value = plus(value, fund.of("option_cost"))
            gained = minus(
                fund.of("distributed_to_buyers"), fund.of("called_by_buyers"), fund.of("option_price")
            )
            realised = plus(realised, gained)
        yield metric(
            fund.about,
            "concession_cost",
            "yuan",
            f"Cost of the concession: what {who} ceded, and the value of its stake above the price when it "
            "was sold",
            "让利成本（让出收益，及份额转让时价值超出价款部分）",
            value,
            "yearly headline",
        )
        yield metric(
            fund.about,
            "concession_realised",
            "yuan",
            f"Realised cost of the concession: what {who} ceded, and what the buyers of its stake received "
            "less what they paid",
            "让利实际成本（让出收益，及受让方所得减其支付）",
            realised,
            "",
        )
    if fund.option:
        yield metric(
            fund.about,
            "stake_sold",
            "yes/no",
            f"Sale of {whose} stake; whether social partners bought it by the date",
            f"{who_zh}份额转让",
            happened(equity_record(fund.name, "sold_month")),
            "event headline",
        )
        yield metric(
            fund.about,
            "stake_sold_month",
            "months",
            f"Month in which {whose} stake was sold, counted from 1; missing where it was not",
            f"{who_zh}份额转让月份",
            month_number(equity_record(fund.name, "sold_month")),
        )


def _policy(fund: EquityFacts) -> Iterator[Metric]:
    """Yield whether what policy asks is met: local investment, a tolerated loss."""
    whose, who_zh = fund.holder.own, fund.holder.chinese
    if fund.reinvestment is not None and fund.has_deals:
        local, called = fund.of("invested_local"), fund.of("called_government")
        yield metric(
            fund.about,
            "local_ratio",
            "times",
            f"Invested in local deals ÷ {whose} money called; missing where nothing was called",
            f"返投倍数（本地投资÷{who_zh}实缴）",
            ratio(local, called),
        )
        yield metric(
            fund.about,
            "reinvestment_met",
            "yes/no",
            "Local investment asked for is met; whether it reached the multiple, of the paths with calls",
            "达到返投要求（在有实缴的路径中）",
            product(
                where_positive(plus(minus(local, scaled(called, fund.reinvestment)), HALF), ONE),
                ratio(called, called),
            ),
            "event headline",
        )
    if fund.tolerated_loss is not None and not fund.paced:
        loss = ratio(net_loss(fund), fund.of("realised_cost"), 0.0)
        yield metric(
            fund.about,
            "loss_above_tolerated",
            "yes/no",
            "Loss above the tolerated one; whether the net loss of the deals that ended is larger",
            "组合亏损超过容错率",
            where_positive(minus(loss, number(fund.tolerated_loss)), ONE),
            "event headline",
        )
