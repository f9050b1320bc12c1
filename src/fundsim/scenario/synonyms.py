"""Other words for keys and choices, as people in the trade say them; the glossary has the right ones.

A word may stand for several keys: the first that its block has is the one that was meant.
"""

from __future__ import annotations

from collections.abc import Container

from fundsim.scenario.spelling import simple

__all__ = ["choice_for", "key_for"]

_KEYS: dict[str, str] = {
    "opening city_money": (
        "资金池规模 资金规模 初始规模 资金池 铺底资金 期初资金 初始资金 启动资金 资金总额 财政资金 "
        "资本金 注册资本 期初资本 初始余额 size pool_size capital initial initial_balance "
        "opening_balance initial_capital balance fund funds fund_size paid_in equity"
    ),
    "injections": "注资计划 追加资金 增资 后续注资 injection top_ups payments additions contributions",
    "top_up": "补足 补充 补充机制 replenish replenishment refill topup",
    "amount": "数额 资金 sum money value_yuan",
    "city_money": "市级资金 市财政资金 专项资金",
    "parent": "母基金名称 上级基金 fund_of_funds parent_fund",
    "commitment": "认缴 认缴额 认缴金额 committed committed_money",
    "pacing": "投资节奏 缴款节奏 pace",
    "co_investment": "跟投 共同投资 coinvestment joint_investment",
    "risk_subsidy": "风险补贴 投资补助 subsidy",
    "investment_protection": "投资保障资助 protection grants",
    "running_cost": "管理费 运营成本 运行成本 cost costs expenses operating_cost",
    "deposit_rate": "存款年利率 存款利息 deposit_interest",
    "multiple leverage": (
        "放大倍数 杠杆倍数 杠杆率 杠杆 放大比例 倍数 放大 担保倍数 leverage leverage_ratio "
        "leverage_multiple gearing multiplier ratio times"
    ),
    "share": (
        "分担比例 代偿比例 风险分担 风险分担率 补偿比例 承担比例 赔付比例 分险比例 责任比例 担保比例 "
        "风险承担比例 sharing risk_share risk_sharing coverage cover cover_ratio coverage_ratio "
        "guarantee_ratio loss_share compensation_ratio part"
    ),
    "caps": "封顶 赔付限额 补偿限额 limits ceilings",
    "breaker": "熔断 熔断线 circuit_breaker stop",
    "trigger": "触发 代偿条件 触发机制 claim_trigger",
    "overdue_days": "逾期 逾期日数 days_overdue days days_past_due dpd",
    "claim_lag lag_months lag": (
        "代偿时滞 审核时滞 拨付时滞 时滞 滞后 delay lag claim_delay payment_lag months_lag"
    ),
    "fee premium": "担保费 保费 保险费 手续费 费用 fees fee_rate premium_rate commission guarantee_fee",
    "counties": "县区 区县 县市区 county districts regions",
    "partners": "合作方 分担方 partner",
    "insurer": "保险人 保险机构 insurance insurance_company",
    "guarantors": "担保方 担保公司 担保机构 guarantor",
    "reguarantee": "再担保机构 reinsurance reguarantor counter_guarantee",
    "demand yearly": (
        "需求 年度投放 投放 投放计划 年投放额 放贷计划 贷款规模 放款 贷款投放 volume lending new_loans "
        "new_lending loans applications annual annual_demand plan"
    ),
    "yearly": "年度 每年 各年 年需求 years annual per_year by_year",
    "schedule": "计划 逐月 月度需求 monthly by_month",
    "hold_outstanding": "维持 余额目标 目标余额 target_outstanding outstanding hold",
    "seasonality": "季节性 季节因子 seasonal",
    "ramp_up_months": "爬坡 爬坡期 ramp_up ramp",
    "opening_stock": (
        "存量 存量贷款 期初贷款 期初存量 stock existing_loans portfolio initial_loans loan_book"
    ),
    "tape": "明细 贷款明细 明细文件 loan_tape loan_file file csv",
    "borrowers segments": "借款人 借款企业 客户 客群 clients customers groups",
    "lender": "银行 贷款银行 放款银行 bank banks lending_bank",
    "recovery": "回收 追偿回收 清收 recoveries collection",
    "write_off_months": "核销 核销期限 write_off writeoff charge_off",
    "pd": (
        "违约率 不良率 违约概率 年违约率 不良贷款率 default_rate default_probability "
        "probability_of_default annual_pd pd_annual npl_rate npl_ratio hazard"
    ),
    "lgd": "损失率 违约损失 违约损失率 loss_given_default loss_rate severity loss",
    "rho correlation": "相关性 相关系数 资产相关性 asset_correlation correlation corr",
    "renew": "续贷 续贷率 续贷概率 转贷 renewal renewal_rate rollover roll_over renewals",
    "short": "缺资金 暂时缺资金 流动性缺口 shortage short_share illiquid liquidity",
    "default_if_unserved": "未获转贷违约率 流动性违约率 default_unserved default_if_refused",
    "private_fee_per_day": "过桥费率 过桥日费率 民间过桥费 bridge_fee private_fee private_rate",
    "serves": "服务对象 服务工具 serve served instruments facilities attached_to",
    "deadline_days": "等待天数 最长等待 patience deadline max_wait waiting_days",
    "days": "使用天数 转贷天数 use_days duration_days bridge_days",
    "longest_days": "最长天数 最长使用 max_days longest",
    "share_financed": "出资比例 转贷比例 financed share_lent",
    "cap_per_firm": "单户上限 单户限额 cap limit per_firm max_per_firm",
    "not_renewed": "未续贷 断贷 断贷率 broken_promises not_relent",
    "evergreening": "借新还旧 掩盖不良 zombie",
    "firms": (
        "户数 企业数 企业户数 家数 企业数量 借款户数 企业家数 n_firms number_of_firms number companies "
        "count enterprises"
    ),
    "population": "企业群体 市场主体 firm_population",
    "sector": "行业 产业 所属行业 industry branch",
    "city_weight": "城市权重 城市因子 weight_of_city",
    "mean": (
        "户均 平均贷款 平均金额 户均金额 贷款金额 单笔金额 户均贷款 均值 平均 average avg mean_size "
        "average_size loan_size size amount principal average_loan"
    ),
    "cv": "离散系数 标准差 波动 std stdev sd volatility dispersion coefficient_of_variation",
    "sd": "标准差 std stdev standard_deviation volatility",
    "cap": "上限 最高额度 最大额度 单户限额 贷款上限 maximum max limit max_loan max_size largest ceiling",
    "term_months months months_left": "期限 贷款期 贷款期限 月数 存续期 term tenor maturity duration length",
    "rate": "利率 年利率 贷款利率 利息 interest interest_rate annual_rate coupon loan_rate",
    "repayment": "还款 还款方式 还本方式 amortisation amortization payment",
    "loan": "贷款 loans loan_terms",
    "start from date": (
        "开始 起始 起始月 开始时间 起始时间 起始日期 开始年月 起始年月 开始日期 begin begins "
        "start_date start_month first_month since from date"
    ),
    "to": "结束 截止 结束时间 截止时间 结束年月 截止年月 end end_date until till last_month through",
    "date paid": "日期 时间 年月 月份 month when time",
    "months": "政策期 月份数 period n_months",
    "run_off": "清算 清算期 runoff tail",
    "stress": "压力 压力测试 冲击 stresses shock shocks stress_test",
    "shift": "平移 move shock",
    "fix": "固定 fixed level",
    "persistence": "持续性 自相关 autocorrelation ar1 phi",
    "t_degrees": "自由度 degrees_of_freedom df nu dof",
    "step": "步长 频率 time_step frequency dt",
    "paths": "路径数 路径 模拟次数 次数 simulations n_paths runs trials iterations samples",
    "seed": "种子 随机种子 random_seed",
    "window": "政策期 期间 窗口 period policy_window horizon",
    "instruments": "工具 政策工具 机制 pools schemes programmes programs tools",
    "segments": "分组 分类 客群 groups categories classes",
    "sources": "来源 资料 references facts",
    "source": "依据 出处 reference",
    "apart": "独立 单独 separate independent alone",
    "note": "备注 说明 注 remark comment notes",
    "title": "名称 名字 name label",
}
_CHOICES: dict[str, str] = {
    "annuity": "等额本息 amortising amortizing equal_payments equal_instalments level",
    "linear": "等额本金 equal_principal straight",
    "bullet": "到期还本 一次还本 到期一次还本 先息后本 balloon interest_only at_maturity",
    "month": "月 按月 每月 月度 monthly months",
    "quarter": "季 季度 按季 每季 quarterly quarters",
    "year": "年 年度 按年 每年 yearly annual annually years",
    "static": "静态 不变 constant fixed",
    "paid_in": "实缴 实缴资金 实到资金 paid",
    "balance": "余额 资金余额",
    "overdue_rate": "逾期率",
    "npl_ratio": "不良率 不良贷款率 npl",
    "compensation_ratio": "代偿率",
    "principal": "本金",
    "principal_and_interest": "本息 本金和利息 interest",
    "lapse": "不补付 作废",
    "carry": "结转 递延",
    "repay": "还款 偿还",
    "gross": "毛额",
    "net": "净额",
}


def _inverted(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meant, words in table.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), *meant.split())
    return found


_KEY_FOR = _inverted(_KEYS)
_CHOICE_FOR = _inverted(_CHOICES)


def key_for(word: str, known: Container[str]) -> str | None:
    """Return the key among those known that a word of the trade stands for.

    >>> key_for("资金池规模", ["opening", "multiple"]), key_for("Default rate", ["rho", "pd"])
    ('opening', 'pd')
    """
    return next((key for key in _KEY_FOR.get(simple(word), ()) if key in known), None)


def choice_for(word: str, known: Container[str]) -> str | None:
    """Return the choice among those known that a word stands for.

    >>> choice_for("等额本息", ["bullet", "annuity", "linear"])
    'annuity'
    """
    return next((choice for choice in _CHOICE_FOR.get(simple(word), ()) if choice in known), None)
