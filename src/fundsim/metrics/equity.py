"""What an equity fund reports: money mobilised, deals, fees, losses, concession; returns stand beside."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_facts import HALF, EquityFacts
from fundsim.metrics.equity_records import (
    BUYERS,
    CARRY,
    CONCESSION,
    DEALS,
    FEES,
    PARTNERS,
    RECYCLING,
)
from fundsim.metrics.equity_returns import return_metrics
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
    rows = (
        *DEALS,
        *(PARTNERS if fund.partners else ()),
        *(FEES if fund.fees else ()),
        *(CARRY if fund.carry else ()),
        *(RECYCLING if fund.recycling else ()),
        *(CONCESSION if fund.ceding else ()),
        *(BUYERS if fund.option else ()),
    )
    return (
        *(_mobilised(fund) if fund.partners else ()),
        *_set_up(fund),
        *_use(fund),
        *(row.metric(fund.about, fund.of(row.record)) for row in rows),
        *_losses(fund),
        *_costs(fund),
        *return_metrics(fund),
        *_policy(fund),
    )


KINDS_OF_MONEY = (
    ("committed", "committed", "认缴"),
    ("called", "called", "实缴"),
    ("invested", "invested", "投资"),
)
"""Money of which a ratio is reported, in English and Chinese."""


def _parts(fund: EquityFacts, money: str) -> tuple[Formula, Formula]:
    """Return social and government's money of a kind."""
    if money == "invested":
        social = fund.of("invested_social")
        return social, minus(fund.of("invested"), social)
    return fund.of(f"{money}_social"), fund.of(f"{money}_government")


def _mobilised(fund: EquityFacts) -> Iterator[Metric]:
    """Yield social money, and all money, by government's planned money and by its own of that kind."""
    for money, english, chinese in KINDS_OF_MONEY:
        social, government = _parts(fund, money)
        whole = plus(social, government)
        # The bare name is that of the money that came.
        ending = "" if money == "called" else f"_{money}"
        yield metric(
            fund.about,
            f"mobilised_ratio{ending}",
            "times",
            f"Social money {english} ÷ government's planned money",
            f"社会资本{chinese}额÷政府计划出资",
            divided(social, fund.planned),
            "headline mobilised",
        )
        yield metric(
            fund.about,
            f"magnification{ending}",
            "times",
            f"All money {english}, government's included ÷ government's planned money",
            f"{chinese}总额（含政府）÷政府计划出资",
            divided(whole, fund.planned),
        )
        yield metric(
            fund.about,
            f"mobilised_ratio{ending}_own",
            "times",
            f"Social money {english} ÷ government's money {english}; missing where that is 0",
            f"社会资本{chinese}额÷政府{chinese}额",
            ratio(social, government),
        )
        yield metric(
            fund.about,
            f"magnification{ending}_own",
            "times",
            f"All money {english} ÷ government's money {english}; missing where that is 0",
            f"{chinese}总额÷政府{chinese}额",
            ratio(whole, government),
        )


def _set_up(fund: EquityFacts) -> Iterator[Metric]:
    """Yield whether and when the fund is set up."""
    if fund.partners:
        yield metric(
            fund.about,
            "not_set_up",
            "yes/no",
            "Fund not set up; whether too little was committed in time, and government's money went back",
            "基金未能设立（认缴不足，财政资金退回）",
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
    """Yield how much of the money is called, and what lies idle."""
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
    idle = recorded(party_record(fund.custody, "balance"))
    yield metric(
        fund.about,
        "idle_cash",
        "yuan",
        "Idle cash: government's money in custody at the date, paid and not yet called",
        "闲置资金（托管账户余额）",
        idle,
        "yearly series fan",
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
    """Yield what deals lost of their cost: all together, and those alone that lost."""
    yield metric(
        fund.about,
        "loss_ratio",
        "share",
        "Net loss of the deals that ended: cost less proceeds ÷ cost, not below 0; missing where none ended",
        "已结束项目净亏损率（成本减回款÷成本）",
        ratio(_net_loss(fund), fund.of("realised_cost")),
        "headline",
    )
    yield metric(
        fund.about,
        "loss_ratio_gross",
        "share",
        "Gross loss: what deals lost that brought less than their cost ÷ cost of all deals that ended",
        "亏损项目亏损率（亏损项目损失÷全部已结束项目成本）",
        ratio(fund.of("lost"), fund.of("realised_cost")),
        "headline",
    )


def _net_loss(fund: EquityFacts) -> Formula:
    return largest(ZERO, minus(fund.of("realised_cost"), fund.of("proceeds")))


def _costs(fund: EquityFacts) -> Iterator[Metric]:
    """Yield what the manager has, and what the concession costs."""
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
            "Cost of the concession: what government ceded, and the value of its stake above the price when "
            "it was sold",
            "让利成本（让出收益，及份额转让时价值超出价款部分）",
            value,
            "yearly headline",
        )
        yield metric(
            fund.about,
            "concession_realised",
            "yuan",
            "Realised cost of the concession: what government ceded, and what the buyers of its stake "
            "received less what they paid",
            "让利实际成本（让出收益，及受让方所得减其支付）",
            realised,
            "",
        )
    if fund.option:
        yield metric(
            fund.about,
            "stake_sold",
            "yes/no",
            "Sale of government's stake; whether social partners bought it by the date",
            "政府份额转让",
            happened(equity_record(fund.name, "sold_month")),
            "event headline",
        )
        yield metric(
            fund.about,
            "stake_sold_month",
            "months",
            "Month in which government's stake was sold, counted from 1; missing where it was not",
            "政府份额转让月份",
            month_number(equity_record(fund.name, "sold_month")),
        )


def _policy(fund: EquityFacts) -> Iterator[Metric]:
    """Yield whether what policy asks is met: local investment, a tolerated loss."""
    if fund.reinvestment is not None:
        local, called = fund.of("invested_local"), fund.of("called_government")
        yield metric(
            fund.about,
            "local_ratio",
            "times",
            "Invested in local deals ÷ government's money called; missing where nothing was called",
            "返投倍数（本地投资÷政府实缴）",
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
    if fund.tolerated_loss is not None:
        loss = ratio(_net_loss(fund), fund.of("realised_cost"), 0.0)
        yield metric(
            fund.about,
            "loss_above_tolerated",
            "yes/no",
            "Loss above the tolerated one; whether the net loss of the deals that ended is larger",
            "组合亏损超过容错率",
            where_positive(minus(loss, number(fund.tolerated_loss)), ONE),
            "event headline",
        )
