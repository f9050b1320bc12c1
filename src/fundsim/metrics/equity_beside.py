"""Public money beside an equity fund, and all cash that a fund brings back to the treasury."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_facts import EquityFacts, investors
from fundsim.metrics.formulas import ZERO, largest, minus, plus, ratio, recorded, total
from fundsim.metrics.rows import RecordRow
from fundsim.scheme import About, Formula, Line, Metric
from fundsim.scheme.records import party_record

__all__ = ["beside_metrics"]

JOINED = (
    RecordRow(
        "deals",
        "deals",
        "n_joined",
        "Number of deals that government joined",
        "政府跟进项目数",
        "yearly headline",
    ),
    RecordRow(
        "invested", "yuan", "joined", "Co-invested by government", "政府跟进投资额", "yearly series headline"
    ),
    RecordRow(
        "realised_cost",
        "yuan",
        "joint_cost",
        "Cost of the co-investments that ended",
        "已结束跟进投资的成本",
    ),
    RecordRow(
        "proceeds",
        "yuan",
        "joint_proceeds",
        "Proceeds of the co-investments that ended, paid to the treasury",
        "已结束跟进投资的回款（缴入财政）",
        "yearly series",
    ),
    RecordRow(
        "expected_value",
        "yuan",
        "joint_expected",
        "Expected proceeds of the co-investments that have not ended at the date, not discounted",
        "未结束跟进投资预期回款",
        "series",
    ),
)


def beside_metrics(fund: EquityFacts) -> Iterator[Metric]:
    """Yield the figures of co-investments, subsidies and grants, and, but for a sub-fund, of the treasury."""
    accounts = iter(fund.accounts)
    if fund.joint:
        yield from _joined(fund, next(accounts))
    if fund.subsidy:
        yield from _subsidies(fund, next(accounts))
    if fund.protection:
        yield from _grants(fund, next(accounts))
    if fund.sub_of is None:
        yield from _back(fund)


def _joined(fund: EquityFacts, account: str) -> Iterator[Metric]:
    about = About(fund.name, "co_investment")
    for row in JOINED:
        yield row.metric(about, fund.of(row.record))
    yield metric(
        about,
        "multiple",
        "times",
        "Proceeds ÷ cost of the co-investments that ended; missing where none ended",
        "已结束跟进投资回报倍数（回款÷成本）",
        ratio(fund.of("joint_proceeds"), fund.of("joint_cost")),
        "headline",
    )
    yield from _account(about, account, "co-investments", "跟进投资资金")


def _subsidies(fund: EquityFacts, account: str) -> Iterator[Metric]:
    about = About(fund.name, "risk_subsidy")
    paid = fund.of("subsidised")
    yield from _paid(about, "Subsidies for risk", "风险补助", paid, fund.of("subsidy_due"))
    yield metric(
        about,
        "paid_by_invested",
        "share",
        "Subsidies for risk paid ÷ all that the fund invested; missing where nothing was",
        "风险补助占基金投资额比例",
        ratio(paid, fund.of("invested")),
    )
    yield metric(
        about,
        "paid_by_lost",
        "share",
        "Subsidies for risk paid ÷ what deals lost that brought less than their cost; missing where none did",
        "风险补助占亏损项目损失比例",
        ratio(paid, fund.of("lost")),
    )
    yield from _account(about, account, "subsidies for risk", "风险补助资金")


def _grants(fund: EquityFacts, account: str) -> Iterator[Metric]:
    about = About(fund.name, "protection")
    yield from _paid(
        about, "Grants to the fund's firms", "投资保障资助", fund.of("granted"), fund.of("grants_due")
    )
    yield from _account(about, account, "grants to the fund's firms", "投资保障资金")


def _paid(about: About, what: str, what_zh: str, paid: Formula, due: Formula) -> Iterator[Metric]:
    """Yield what was paid and refused of something that fell due."""
    yield metric(about, "paid", "yuan", f"{what} paid", f"已支付的{what_zh}", paid, "yearly series headline")
    yield metric(
        about, "due", "yuan", f"{what} that fell due, paid or refused", f"应付的{what_zh}（含未能支付）", due
    )
    yield metric(
        about,
        "refused",
        "yuan",
        f"{what} refused: they fell due and the account had no money for them",
        f"未能支付的{what_zh}（账户余额不足）",
        largest(ZERO, minus(due, paid)),
        "yearly headline",
    )
    yield metric(
        about,
        "coverage",
        "share",
        f"{what}: paid ÷ due; 1 if none fell due",
        f"{what_zh}支付率（已付÷应付）",
        ratio(paid, due, 1.0),
    )


def _account(about: About, account: str, what: str, what_zh: str) -> Iterator[Metric]:
    """Yield what was paid into an account, and what is left in it."""
    yield metric(
        about,
        "balance",
        "yuan",
        f"Money left for {what} at the date",
        f"{what_zh}余额",
        recorded(party_record(account, "balance")),
        "series",
    )
    yield metric(
        about,
        "paid_in",
        "yuan",
        f"Money paid in for {what} to date, opening money included",
        f"{what_zh}累计实缴额",
        recorded(party_record(account, "paid_in")),
    )


def _back(fund: EquityFacts) -> Iterator[Metric]:
    """Yield all cash that the treasury has back from a fund, and what of it was never used."""
    about = About(fund.name, "treasury")
    returned = [Line(source=fund.custody, target=fund.treasury, kind="equity_custody").record]
    returned += [
        Line(source=account, target=fund.treasury, kind="equity_back").record for account in fund.accounts
    ]
    unused = total(returned)
    joint = [fund.of("joint_proceeds")] if fund.joint else []
    earned = plus(investors(fund)[fund.holder.part].received, *joint)
    of, of_zh = (" and of co-investments", "、跟进投资回款") if fund.joint else ("", "")
    accounts, accounts_zh = (" and accounts beside the fund", "及专项账户") if fund.accounts else ("", "")
    yield metric(
        about,
        "received",
        "yuan",
        f"Cash back to the treasury: what government received of the fund{of}, and money given back unused",
        f"财政收回资金（基金分配{of_zh}及退回的闲置资金）",
        plus(earned, unused),
        "yearly series",
    )
    yield metric(
        about,
        "earned",
        "yuan",
        f"Cash back to the treasury that was invested: what government received of the fund{of}",
        f"财政收回的投资资金（基金分配{of_zh}）",
        earned,
        "yearly back",
    )
    yield metric(
        about,
        "unused",
        "yuan",
        f"Money given back to the treasury unused, from custody{accounts}",
        f"退回财政的闲置资金（托管账户{accounts_zh}）",
        unused,
        "yearly back",
    )
