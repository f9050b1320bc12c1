"""The metrics of an equity fund that are records as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.equity_facts import GOVERNMENT, EquityFacts
from fundsim.metrics.rows import RecordRow

__all__ = ["rows_of"]


def rows_of(fund: EquityFacts) -> Iterator[RecordRow]:
    """Yield the rows that a fund has, in words of who holds the public stake in it."""
    parts = (
        COMMITMENTS,
        SUB_FUNDS if fund.subs else PACED if fund.paced else DEALS,
        PARTNERS if fund.partners else (),
        FEES if fund.fees else (),
        CARRY if fund.carry else (),
        (RECYCLED_DOWN if fund.subs else RECYCLING) if fund.recycling else (),
        CONCESSION if fund.ceding else (),
        BUYERS if fund.option else (),
    )
    for row in (row for part in parts for row in part):
        yield row if fund.holder is GOVERNMENT else _of_parent(fund, row)


def _of_parent(fund: EquityFacts, row: RecordRow) -> RecordRow:
    return row._replace(
        own_name=row.own_name.replace(GOVERNMENT.part, fund.holder.part),
        english=row.english.replace(GOVERNMENT.english, fund.holder.english),
        chinese=row.chinese.replace(GOVERNMENT.chinese, fund.holder.chinese),
    )


COMMITMENTS = (
    RecordRow(
        "committed_government", "yuan", "committed_government", "Commitments of government", "政府认缴额"
    ),
)
NET_ASSETS = RecordRow(
    "fund_nav",
    "yuan",
    "nav",
    "Net asset value of the whole fund at the stated mark, the manager's part included",
    "基金净资产（按约定估值，含管理人部分）",
    "series",
)
DEALS = (
    RecordRow("deals", "deals", "n_deals", "Number of deals made", "投资项目数", "yearly headline"),
    RecordRow(
        "invested", "yuan", "invested", "Money invested in deals", "投资金额", "yearly series headline"
    ),
    RecordRow("deals_failed", "deals", "n_failed", "Number of deals that failed", "失败项目数"),
    RecordRow("deals_exited", "deals", "n_exited", "Number of deals sold or bought back", "退出项目数"),
    RecordRow(
        "deals_liquidated",
        "deals",
        "n_liquidated",
        "Number of deals sold when the fund ended",
        "清算项目数",
        "",
    ),
    RecordRow(
        "deals_unsold",
        "deals",
        "n_unsold",
        "Number of deals that have not ended at the date",
        "在投项目数",
        "series",
    ),
    RecordRow(
        "unsold_cost",
        "yuan",
        "unsold_cost",
        "Cost of the deals that have not ended at the date",
        "在投项目成本",
        "series",
    ),
    RecordRow(
        "expected_value",
        "yuan",
        "expected_value",
        "Expected proceeds of the deals that have not ended at the date, not discounted",
        "在投项目预期回款",
        "series",
    ),
    RecordRow(
        "proceeds", "yuan", "proceeds", "Proceeds of the deals that ended", "已结束项目回款", "yearly series"
    ),
    NET_ASSETS,
)
SUB_FUNDS = (
    RecordRow(
        "sub_funds",
        "funds",
        "n_deals",
        "Number of sub-funds that were set up",
        "已设立子基金数",
        "yearly headline",
    ),
    RecordRow(
        "committed_down", "yuan", "committed_down", "Commitments of the fund to sub-funds", "对子基金认缴额"
    ),
    RecordRow(
        "invested",
        "yuan",
        "invested",
        "Money invested in sub-funds: what the fund paid on their calls",
        "对子基金实缴额",
        "yearly series headline",
    ),
    RecordRow("sub_funds_ended", "funds", "n_exited", "Number of sub-funds that ended", "已到期子基金数"),
    RecordRow(
        "sub_funds_living",
        "funds",
        "n_unsold",
        "Number of sub-funds that live at the date",
        "存续子基金数",
        "series",
    ),
    RecordRow(
        "unsold_cost",
        "yuan",
        "unsold_cost",
        "Cost of the sub-funds that live at the date: paid in less received, of each not below 0",
        "存续子基金成本（实缴减收回）",
        "series",
    ),
    RecordRow(
        "expected_value",
        "yuan",
        "expected_value",
        "Expected proceeds of the fund's parts of its sub-funds, not discounted",
        "所持子基金份额预期回款",
        "series",
    ),
    RecordRow(
        "proceeds",
        "yuan",
        "proceeds",
        "Proceeds of the sub-funds that ended: all that they paid to the fund",
        "已到期子基金回款",
        "yearly series",
    ),
    NET_ASSETS,
)
PACED = (
    RecordRow(
        "invested",
        "yuan",
        "invested",
        "Money invested: what came in on calls",
        "投资金额（实缴额）",
        "yearly series headline",
    ),
    RecordRow(
        "proceeds",
        "yuan",
        "proceeds",
        "Money that the fund distributed by its rates, before the waterfall",
        "按分配率分配的金额（分配顺序前）",
        "yearly series",
    ),
    NET_ASSETS,
)
PARTNERS = (
    RecordRow(
        "raised_share",
        "share",
        "raised_share",
        "Share of the social target that is raised on the path, if every closing takes place",
        "社会资本募集比例",
        "headline",
    ),
    RecordRow(
        "committed_social", "yuan", "committed_social", "Commitments of social partners", "社会资本认缴额"
    ),
    RecordRow(
        "failed_calls",
        "yuan",
        "failed_calls",
        "Calls on social partners that were not paid",
        "社会资本未履行的缴款",
    ),
)
FEES = (
    RecordRow(
        "fees",
        "yuan",
        "fees",
        "Management fees and cost of the fund paid",
        "管理费与运营费用",
        "yearly headline",
    ),
    RecordRow(
        "fees_asked",
        "yuan",
        "fees_asked",
        "Management fees and cost of the fund that fell due",
        "应付管理费与运营费用",
    ),
)
CARRY = (
    RecordRow(
        "hurdle_owed",
        "yuan",
        "hurdle_owed",
        "Contributions and hurdle that partners are still owed at the date",
        "尚欠出资人的本金与门槛收益",
        "series",
    ),
    RecordRow("clawback", "yuan", "clawback", "Carry that the manager gave back", "业绩报酬回拨额", ""),
)
RECYCLING = (RecordRow("recycled", "yuan", "recycled", "Proceeds kept for new deals", "留作再投资的回款"),)
RECYCLED_DOWN = (
    RecordRow("recycled", "yuan", "recycled", "Proceeds kept for calls of sub-funds", "留作子基金缴款的回款"),
)
CONCESSION = (
    RecordRow(
        "ceded", "yuan", "ceded", "Distributions that government ceded to social partners", "政府让利额"
    ),
)
BUYERS = (
    RecordRow(
        "option_price", "yuan", "option_price", "Price paid for government's stake", "政府份额转让价款", ""
    ),
    RecordRow(
        "called_by_buyers",
        "yuan",
        "called_by_buyers",
        "Calls that the buyers of government's stake paid",
        "受让方代缴额",
        "",
    ),
    RecordRow(
        "distributed_to_buyers",
        "yuan",
        "distributed_to_buyers",
        "Distributions to the buyers of government's stake",
        "受让方所得分配",
        "",
    ),
)
