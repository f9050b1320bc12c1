"""What is recorded of an equity fund."""

from __future__ import annotations

import math
from enum import IntEnum

from fundsim.scheme.noun import Nature, Record

__all__ = ["EQUITY_RECORDS", "IrrCase"]


class IrrCase(IntEnum):
    """How an internal rate of return was found, or why there is none."""

    ONE = 0
    """The only root, or the total loss of what was called."""
    AMBIGUOUS = 1
    """More than one root: the one nearest 0 that has the sign of the undiscounted sum."""
    NONE = 2
    """Money came back, and there is no root."""
    CAPPED = 3
    """It lies above 1,000 %, which is what stands here."""
    NOT_CALLED = 4
    """Nothing was called: no rate."""


EQUITY_RECORDS = (
    Record(
        name="committed_social",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="committed by social partners",
        chinese="社会资本认缴额",
    ),
    Record(
        name="committed_government",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="committed by government",
        chinese="政府认缴额",
    ),
    Record(
        name="called_social",
        nature=Nature.FLOW,
        unit="yuan",
        english="paid by social partners on calls, buyers of government's stake included",
        chinese="社会资本实缴额（含受让政府份额者）",
    ),
    Record(
        name="called_government",
        nature=Nature.FLOW,
        unit="yuan",
        english="paid by government on calls",
        chinese="政府实缴额",
    ),
    Record(
        name="failed_calls",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="due by social partners and not paid",
        chinese="社会资本未履行的缴款",
    ),
    Record(
        name="called_by_buyers",
        nature=Nature.FLOW,
        unit="yuan",
        english="paid on calls by the buyers of government's stake",
        chinese="受让方代缴额",
    ),
    Record(
        name="fees",
        nature=Nature.FLOW,
        unit="yuan",
        english="management fees and cost of the fund paid",
        chinese="支付的管理费与运营费用",
    ),
    Record(
        name="fees_asked",
        nature=Nature.FLOW,
        unit="yuan",
        english="management fees and cost of the fund that fell due",
        chinese="应付的管理费与运营费用",
    ),
    Record(name="n_deals", nature=Nature.FLOW, unit="deals", step=7, english="deals", chinese="投资项目数"),
    Record(
        name="invested",
        nature=Nature.FLOW,
        unit="yuan",
        english="invested in deals",
        chinese="投资金额",
    ),
    Record(
        name="invested_social",
        nature=Nature.FLOW,
        unit="yuan",
        english="social partners' part of what was invested",
        chinese="投资金额中的社会资本",
    ),
    Record(
        name="invested_local",
        nature=Nature.FLOW,
        unit="yuan",
        english="invested in local deals",
        chinese="本地投资金额",
    ),
    Record(
        name="recycled",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="proceeds kept for new deals",
        chinese="留作再投资的回款",
    ),
    Record(
        name="n_failed",
        nature=Nature.FLOW,
        unit="deals",
        step=7,
        english="deals that failed",
        chinese="失败项目数",
    ),
    Record(
        name="n_exited",
        nature=Nature.FLOW,
        unit="deals",
        step=7,
        english="deals sold or bought back",
        chinese="退出项目数",
    ),
    Record(
        name="n_liquidated",
        nature=Nature.FLOW,
        unit="deals",
        step=7,
        english="deals sold when the fund ended",
        chinese="清算项目数",
    ),
    Record(
        name="realised_cost",
        nature=Nature.FLOW,
        unit="yuan",
        english="cost of the deals that ended",
        chinese="已结束项目的成本",
    ),
    Record(
        name="proceeds",
        nature=Nature.FLOW,
        unit="yuan",
        english="proceeds of the deals that ended",
        chinese="已结束项目的回款",
    ),
    Record(
        name="lost",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="lost on deals that brought less than their cost",
        chinese="亏损项目的损失",
    ),
    Record(
        name="to_contributions",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="distributed to partners: contributions back",
        chinese="分配：返还出资",
    ),
    Record(
        name="to_hurdle",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="distributed to partners: hurdle",
        chinese="分配：门槛收益",
    ),
    Record(
        name="to_catch_up",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="distributed to the manager: catch-up",
        chinese="分配：管理人追补",
    ),
    Record(
        name="to_carry",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="distributed to the manager: carry after the catch-up",
        chinese="分配：业绩报酬",
    ),
    Record(
        name="to_partners",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="distributed to partners: their part of the rest",
        chinese="分配：剩余收益归出资人",
    ),
    Record(
        name="clawback",
        nature=Nature.FLOW,
        unit="yuan",
        english="carry that the manager gave back",
        chinese="业绩报酬回拨额",
    ),
    Record(
        name="distributed_government",
        nature=Nature.FLOW,
        unit="yuan",
        english="distributed to government, before what it ceded, after a clawback",
        chinese="分配给政府（让利前）",
    ),
    Record(
        name="distributed_social",
        nature=Nature.FLOW,
        unit="yuan",
        english="distributed to social partners, without what government ceded",
        chinese="分配给社会资本（不含政府让利）",
    ),
    Record(
        name="distributed_to_buyers",
        nature=Nature.FLOW,
        unit="yuan",
        english="of it, to the buyers of government's stake",
        chinese="其中分配给受让方",
    ),
    Record(
        name="ceded", nature=Nature.FLOW, unit="yuan", english="ceded by government", chinese="政府让利额"
    ),
    Record(
        name="option_price",
        nature=Nature.FLOW,
        unit="yuan",
        english="price paid for government's stake",
        chinese="政府份额转让价款",
    ),
    Record(
        name="option_cost",
        nature=Nature.FLOW,
        unit="yuan",
        step=7,
        english="value of government's stake less its price when it was sold",
        chinese="政府份额转让时价值与价款之差",
    ),
    Record(
        name="set_up",
        nature=Nature.STOCK,
        unit="yes/no",
        english="1 once the fund is set up",
        chinese="已设立为1",
    ),
    Record(
        name="raised_share",
        nature=Nature.STOCK,
        unit="share",
        english="share of the social target that is raised on the path, known from the start",
        chinese="社会资本募集比例",
    ),
    Record(
        name="hurdle_owed",
        nature=Nature.STOCK,
        unit="yuan",
        english="contributions and hurdle that partners are still owed",
        chinese="尚欠出资人的本金与门槛收益",
    ),
    Record(
        name="n_unsold",
        nature=Nature.STOCK,
        unit="deals",
        english="deals that have not ended",
        chinese="在投项目数",
    ),
    Record(
        name="unsold_cost",
        nature=Nature.STOCK,
        unit="yuan",
        english="cost of the deals that have not ended",
        chinese="在投项目成本",
    ),
    Record(
        name="expected_value",
        nature=Nature.STOCK,
        unit="yuan",
        english="expected proceeds of the deals that have not ended",
        chinese="在投项目预期回款",
    ),
    Record(
        name="nav",
        nature=Nature.STOCK,
        unit="yuan",
        english="net asset value at the stated mark",
        chinese="按约定估值的净资产",
    ),
    Record(
        name="nav_government",
        nature=Nature.STOCK,
        unit="yuan",
        english="government's part of the net asset value, through the waterfall",
        chinese="净资产中归政府部分",
    ),
    Record(
        name="nav_social",
        nature=Nature.STOCK,
        unit="yuan",
        english="social partners' part of the net asset value, through the waterfall",
        chinese="净资产中归社会资本部分",
    ),
    Record(
        name="expected_government",
        nature=Nature.STOCK,
        unit="yuan",
        english="government's part of recycled money and expected proceeds, through the waterfall",
        chinese="预期回款中归政府部分",
    ),
    Record(
        name="set_up_month",
        nature=Nature.MONTH,
        unit="yes/no",
        step=7,
        start=math.inf,
        english="the fund is set up",
        chinese="基金设立月份",
    ),
    Record(
        name="not_set_up_month",
        nature=Nature.MONTH,
        unit="yes/no",
        step=7,
        start=math.inf,
        english="the fund is not set up in time",
        chinese="基金未能如期设立",
    ),
    Record(
        name="sold_month",
        nature=Nature.MONTH,
        unit="yes/no",
        step=7,
        start=math.inf,
        english="government's stake is sold",
        chinese="政府份额转让",
    ),
    Record(
        name="irr_fund",
        nature=Nature.SNAPSHOT,
        unit="share",
        english="internal rate of return a year of all partners",
        chinese="全体出资人年化内部收益率",
    ),
    Record(
        name="irr_fund_case",
        nature=Nature.SNAPSHOT,
        unit="times",
        english="how the internal rate of return of all partners was found: a code of ``IrrCase``",
        chinese="全体出资人内部收益率的情形代码",
    ),
    Record(
        name="irr_government",
        nature=Nature.SNAPSHOT,
        unit="share",
        english="internal rate of return a year of government",
        chinese="政府年化内部收益率",
    ),
    Record(
        name="irr_government_case",
        nature=Nature.SNAPSHOT,
        unit="times",
        english="how the internal rate of return of government was found: a code of ``IrrCase``",
        chinese="政府内部收益率的情形代码",
    ),
    Record(
        name="irr_social",
        nature=Nature.SNAPSHOT,
        unit="share",
        english="internal rate of return a year of social partners",
        chinese="社会资本年化内部收益率",
    ),
    Record(
        name="irr_social_case",
        nature=Nature.SNAPSHOT,
        unit="times",
        english="how the internal rate of return of social partners was found: a code of ``IrrCase``",
        chinese="社会资本内部收益率的情形代码",
    ),
    Record(
        name="irr_treasury",
        nature=Nature.SNAPSHOT,
        unit="share",
        english="internal rate of return a year of government's money in custody",
        chinese="托管口径政府资金年化内部收益率",
    ),
    Record(
        name="irr_treasury_case",
        nature=Nature.SNAPSHOT,
        unit="times",
        english="how the rate of return of government's money in custody was found: a code of ``IrrCase``",
        chinese="托管口径政府资金内部收益率的情形代码",
    ),
)
"""How they come about stands in docs/definitions.md, "Equity funds"."""
