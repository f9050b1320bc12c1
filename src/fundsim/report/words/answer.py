"""The sentences that a run's table begins with, in English and Chinese."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ANSWER_TEXTS", "Say"]


class Say(NamedTuple):
    """A text in two languages."""

    en: str
    zh: str


# does it hold
NEVER_DRY = Say(
    "{payer} runs dry on none of the {paths:,} paths (95 % interval of the probability: {interval})",
    "{payer}在全部 {paths:,} 条路径上均未耗尽（耗尽概率的 95% 置信区间 {interval}）",
)
SELDOM_DRY = Say(
    "{payer} seldom runs dry: probability {p} (95 % interval {interval})",
    "{payer}很少耗尽：耗尽概率 {p}（95% 置信区间 {interval}）",
)
MAY_RUN_DRY = Say(
    "{payer} may run dry: probability {p} (95 % interval {interval})",
    "{payer}有可能耗尽：耗尽概率 {p}（95% 置信区间 {interval}）",
)
MOSTLY_DRY = Say(
    "{payer} runs dry more often than not: probability {p} (95 % interval {interval})",
    "{payer}多半会耗尽：耗尽概率 {p}（95% 置信区间 {interval}）",
)
ALWAYS_DRY = Say(
    "{payer} runs dry on all {paths:,} paths (95 % interval of the probability: {interval})",
    "{payer}在全部 {paths:,} 条路径上均耗尽（耗尽概率的 95% 置信区间 {interval}）",
)
NONE_DRY = Say(
    "none of {count} pools, funds and guarantors runs dry on any of the {paths:,} paths (95 % interval of "
    "each probability: {interval})",
    "{count} 个资金池、基金和担保机构在全部 {paths:,} 条路径上均未耗尽"
    "（各自耗尽概率的 95% 置信区间 {interval}）",
)
NO_OTHER_DRY = Say("; none of {count} others does", "；其余 {count} 个均未耗尽")
OTHER_NOT_DRY = Say("; {payer} does not", "；{payer}未耗尽")
OTHERS_DRY = Say(
    "; of {count} others the most likely to do so is {payer}: {p} ({interval})",
    "；其余 {count} 个中最可能耗尽的是{payer}：{p}（{interval}）",
)
OTHER_DRY = Say("; {payer}: {p} ({interval})", "；{payer}：{p}（{interval}）")

# bridge funds
REFUSES_NONE = Say(
    "{fund} refuses no request on any of the {paths:,} paths",
    "{fund}在全部 {paths:,} 条路径上未拒绝任何申请",
)
REFUSES = Say(
    "{fund} refuses {share} of the requests on average; the probability that it refuses any is {p} (95 % "
    "interval {interval})",
    "{fund}平均拒绝 {share} 的申请，出现拒绝的概率为 {p}（95% 置信区间 {interval}）",
)

# equity funds
MONEY_BACK = Say(
    "{fund} returns the {owner}'s money in full with probability {p} (95 % interval {interval})",
    "{fund}全额收回{owner}出资的概率为 {p}（95% 置信区间 {interval}）",
)
MONEY_BACK_OF_SEVERAL = Say(
    "of {count} equity funds, each returns the {owner}'s money in full with probability {low} ({first}) to "
    "{high} ({last})",
    "{count} 只股权基金全额收回{owner}出资的概率为 {low}（{first}）至 {high}（{last}）",
)
GOVERNMENT = Say("government", "政府")
PARENT = Say("parent fund", "母基金")

# what it costs
COSTS_NOTHING = Say("the fiscal cost is zero on every path", "全部路径上财政成本均为零")
COSTS = Say("the fiscal cost is {mean} ± {se} in total", "财政成本合计 {mean} ± {se}")
BRINGS = Say(
    "public money gains {mean} ± {se} in total: the fiscal cost is negative",
    "财政资金合计净收益 {mean} ± {se}（财政成本为负）",
)
WORST_YEAR = Say(
    "; the year with the highest cost in bad times is {year}: {mean} on average, at least {p95} in 1 of 20 "
    "cases (p95) and at least {p99} in 1 of 100 (p99)",
    "；坏年景下成本最高的是 {year} 年：平均 {mean}，每 20 次有 1 次不低于 {p95}（p95），"
    "每 100 次有 1 次不低于 {p99}（p99）",
)

# are targets met
ONE_MET = Say("the target “{target}” is met on every path", "目标“{target}”在全部路径上达成")
ONE_MISSED = Say("the target “{target}” is met on no path", "目标“{target}”在任何路径上均未达成")
ONE_MAY_BE_MET = Say(
    "the target “{target}” is met with probability {p} (95 % interval {interval})",
    "目标“{target}”达成的概率为 {p}（95% 置信区间 {interval}）",
)
ALL_MET = Say("all {count} targets are met on every path", "{count} 项目标在全部路径上同时达成")
ALL_MISSED = Say("the {count} targets are met together on no path", "{count} 项目标在任何路径上均未同时达成")
ALL_MAY_BE_MET = Say(
    "the {count} targets are met together with probability {p} (95 % interval {interval})",
    "{count} 项目标同时达成的概率为 {p}（95% 置信区间 {interval}）",
)
HARDEST = Say("; the least likely is “{target}”: {p}", "；最难达成的是“{target}”：{p}")

ANSWER_TEXTS = {one.en: one.zh for one in tuple(globals().values()) if isinstance(one, Say)}
"""English → Chinese, for the catalogue of all texts."""
