"""The texts of tables and pictures, in each language that they can be written in."""

from __future__ import annotations

from typing import Literal

from fundsim.report.words.answer import ANSWER_TEXTS
from fundsim.report.words.decisions import DECISION_TEXTS
from fundsim.report.words.doubt import DOUBT_TEXTS
from fundsim.report.words.excel import EXCEL_TEXTS
from fundsim.report.words.report import REPORT_TEXTS
from fundsim.report.words.size import SIZE_TEXTS
from fundsim.report.words.sweep import SWEEP_TEXTS
from fundsim.report.words.tornado import TORNADO_TEXTS

__all__ = ["HORIZON_WORDS", "Language", "word"]

Language = Literal["en", "zh"]
HORIZON_WORDS = {"window": "end of window", "run_off": "end of run-off"}

_CHINESE = {
    **SIZE_TEXTS,
    **SWEEP_TEXTS,
    **TORNADO_TEXTS,
    **DOUBT_TEXTS,
    **REPORT_TEXTS,
    **EXCEL_TEXTS,
    **ANSWER_TEXTS,
    **DECISION_TEXTS,
    # units
    "yuan": "元",
    "loans": "笔",
    "firms": "户",
    "share": "比例",
    "times": "倍",
    "months": "个月",
    "yes/no": "是否",
    "times a year": "次/年",
    "counties": "个县区",
    "requests": "笔",
    "events": "次",
    "days": "天",
    "yuan-days": "元·天",
    "deals": "个项目",
    "funds": "只",
    # the table
    "instrument": "工具",
    "95 % from": "95% 下限",
    "95 % to": "95% 上限",
    "metric": "指标",
    "event": "事件",
    "unit": "单位",
    "mean": "均值",
    "probability": "概率",
    "95 % interval": "95% 置信区间",
    "all instruments": "全部工具",
    "{count} more headline metrics: --metrics chooses, summary.json has all": (
        "另有 {count} 个主要指标：可用 --metrics 选择，summary.json 中有全部结果"
    ),
    "of the yearly fiscal costs the table has the highest p99; summary.json has {count} more years": (
        "分年度财政成本只列 p99 最高的几年，另有 {count} 年见 summary.json"
    ),
    "end of window": "政策期末",
    "end of run-off": "清算期末",
    "{paths:,} paths, seed {seed}": "{paths:,} 条路径，种子 {seed}",
    "{paths:,} path, seed {seed}": "{paths:,} 条路径，种子 {seed}",
    # pictures
    "Probability of {event}": "{event}的概率",
    "Probability that {event}": "{event}的概率",
    "Probability: {event}": "{event}的概率",
    "Budget": "预算",
    "{mark} not in the document: the plan gives no amount, so read figures per yuan of its money": (
        "{mark} 文件未列明金额：各数仅在每元资金意义上成立"
    ),
    "bad on the same paths: {shown} of {pairs} pairs of figures, summary.json has all": (
        "同时变坏：共 {pairs} 对指标，表中列出 {shown} 对，summary.json 中有全部结果"
    ),
    # the table of sources and uses
    "sources and uses": "资金来源与用途",
    "plan": "计划",
    "paid": "实际",
    "total": "合计",
    "all years": "各年合计",
    "given back unspent": "结余交回",
    "matches {level}": "配套{level}",
    "after acceptance": "验收后拨付",
    "what is paid after acceptance is paid in the next budget year": "验收后拨付的资金在次年支付",
    "what no line is given is not paid": "未分配资金不支付",
    "what is neither spent nor given back stays in the lines (budget.balance)": (
        "未支出也未交回的资金留在预算项目中（budget.balance）"
    ),
    # the table of targets
    "target": "绩效目标",
    "planned": "目标值",
    "expected": "预计值",
    "met": "达成概率",
    "all targets together": "全部目标同时达成",
    "cost": "成本",
    "output": "产出",
    "benefit": "效益",
    "satisfaction": "满意度",
    "{metric}@window leaves out payments after the window ({names}); @run_off has them": (
        "{metric}@window 不含政策期后支付的资金（{names}）；@run_off 已包含"
    ),
    "Cost by budget year": "分预算年度财政成本",
    "Leverage layer by layer": "逐层放大",
    "Refusals by size": "分规模拒贷率",
    "share of the requests refused": "未获批申请占比",
    "no requests": "无申请",
    "Money mobilised": "撬动社会资本",
    "Money mobilised, looking through sub-funds": "撬动社会资本（穿透子基金）",
    "social money by yuan of government's planned money": "社会资本÷政府计划出资",
    "social money by yuan of the parent fund's planned money": "社会资本÷母基金计划出资",
    "looking through sub-funds": "穿透子基金",
    "Blue bars: the fund's own partners; outlines: looking through sub-funds.": (
        "蓝色：本基金社会资本；轮廓线：穿透子基金后。"
    ),
    "plan 1 : {ratio}": "计划 1 : {ratio}",
    "plan looking through 1 : {ratio}": "穿透计划 1 : {ratio}",
    "{name}: mean {mean} ± {se}; the plan is reached on {share} of paths": (
        "{name}：均值 {mean} ± {se}；{share} 的路径达到计划"
    ),
    "Bars: share of paths, each row by itself, bars of a value that many paths share cut; means ± one "
    "standard error.": "条形：路径占比，各行分别缩放，众多路径共有的数值截短；均值 ± 一个标准误。",
    "Cash back to the treasury by year": "分年度收回财政资金",
    "{name}: in all {amount} ± {se}": "{name}：合计 {amount} ± {se}",
    "from the fund": "基金分配",
    "from co-investments": "跟进投资回款",
    "given back unused": "退回的闲置资金",
    "Sources and uses by budget year": "分年度资金来源与用途",
    "Sources": "来源",
    "Uses": "用途",
    "not allocated": "未分配",
    "all others": "其余合计",
    "Bars: sources and uses as planned. Dots: mean of what was paid in the year (± {error} at most), "
    "lines: {low} to {high} of the paths. What is paid after acceptance is paid in the next year; "
    "what no line is given is not paid.": (
        "柱：计划来源与用途；点：当年实际拨付（左）与支付（右）的均值（标准误不超过 {error}），"
        "线：{low} 至 {high}。验收后拨付的资金在次年支付，未分配资金不支付。"
    ),
    "Bars: means; lines: {low} to {high} of the paths. Largest Monte Carlo errors: mean ± {earned} "
    "above, ± {unused} below.": (
        "条形：均值；线段：路径的 {low}至 {high}。最大的蒙特卡洛误差：上图均值 ± {earned}，下图 ± {unused}。"
    ),
    "not drawn: {share} of paths, which have no rate": "未画出：{share} 的路径没有收益率",
    "No change after this.": "此后不再变化。",
    "Bars: means ± one standard error; lines: {low} to {high} of the paths.": (
        "条形：均值 ± 一个标准误；线段：路径的 {low}至 {high}。"
    ),
    "share of paths [%]": "路径占比（%）",
    "share of paths that have a rate [%]": "有收益率路径中的占比（%）",
    "cumulative probability [%]": "累计概率（%）",
    "amount in the year": "当年金额",
    "amount": "金额",
    "budget year": "预算年度",
    "run-off": "清算期",
    "median": "中位数",
    "98 % of paths": "98% 的路径",
    "90 %": "90%",
    "50 %": "50%",
    "p{level}": "{level}% 分位",
    "{amount}: mean": "{amount}：均值",
    "by the end": "至清算期末",
    "by the window's end": "至政策期末",
    "not drawn: {share} of paths, exactly {value}": "未画出：{share} 的路径恰为 {value}",
    "mean at the window's end {mean} ± {se}": "政策期末均值 {mean} ± {se}",
    "Monte Carlo error: mean ± {se} (one standard error)": ("蒙特卡洛误差：均值 ± {se}（一个标准误）"),
    "95 % interval of {level}: {low} to {high}": "{level}的 95% 置信区间：{low} 至 {high}",
    "paths without a value: {share}": "无数值的路径：{share}",
    "paths beyond the axis: {count:,}": "超出坐标轴的路径：{count:,} 条",
    "Band and brackets: pointwise 95 % interval (Clopper–Pearson) of the Monte Carlo estimate.": (
        "阴影与括号：蒙特卡洛估计的逐点 95% 置信区间（Clopper–Pearson）。"
    ),
    "Bands from the first {paths:,} paths: the drawn 5 % line is, with 95 % confidence, "
    "between the true {low:.2f} % and {high:.2f} % lines.": (
        "区间取自前 {paths:,} 条路径：图中 5% 线有 95% 的把握位于真实的 {low:.2f}% 线与 {high:.2f}% 线之间。"
    ),
    "Largest Monte Carlo errors: {errors}": "最大的蒙特卡洛误差：{errors}",
    "{amount} {year}: mean ± {se}, 95 % interval of {level} {low} to {high}": (
        "{amount} {year} 年：均值 ± {se}，{level}的 95% 置信区间 {low} 至 {high}"
    ),
    "Points: means ± one standard error; lines: {low} to {high} of the paths; "
    "multiples: of the first layer's mean.": (
        "圆点：均值 ± 一个标准误；线段：路径的 {low}至 {high}；倍数：相对第一层均值。"
    ),
    "Source: fundsim {version}, scenario {scenario}, {paths:,} paths, seed {seed}, {engine}": (
        "来源：fundsim {version}，情景 {scenario}，{paths:,} 条路径，种子 {seed}，{engine}"
    ),
    "core engine": "编译内核",
    "reference engine": "第二引擎",
    # the table and the pictures of a comparison
    "key": "键",
    "source": "来源",
    "(none)": "（无）",
    "points": "百分点",
    "percentage points": "百分点",
    "; ": "；",
    "difference": "差异",
    "{side}: same inputs": "{side}：输入相同",
    "Differences from {first}": "与 {first} 的差异",
    "Each row has a scale of its own, because they are of very different size.": (
        "各行数值相差悬殊，故分别缩放。"
    ),
    " and {count} more": "等另外 {count} 个",
    "{side} has no {names}": "{side} 没有 {names}",
    "the run {side} did not keep {names}; run it again without --metrics, or with these names": (
        "运行结果 {side} 未保留 {names}；请不用 --metrics 或写明这些指标重新运行"
    ),
    "{side} has no values by path of {names}: no difference; fundsim run --metrics '*' keeps all by path": (
        "{side} 没有 {names} 的逐路径数值，无法求差异；fundsim run --metrics '*' 保留全部"
    ),
    "{side} has {names} in another unit: no difference": "{side} 的 {names} 单位不同，无法求差异",
    "{side} has no target {names}": "{side} 没有绩效目标 {names}",
    "targets met": "目标达成数",
    "mean number, of {count}": "均值（共 {count} 项）",
    "no error is known for a difference of {names}": "{names} 的差异没有可用的误差公式，未列出",
    "differences are taken path by path on the same random numbers, those of shares and probabilities "
    "in percentage points": "差异在相同随机数下逐路径求得，比例和概率的差异以百分点计",
    "errors and intervals cover simulation error only, not doubt about the inputs": (
        "误差和区间只反映模拟误差，不反映输入参数的不确定性"
    ),
    "Points and lines: paired differences and their 95 % intervals; they cover simulation error only.": (
        "点与线段：逐路径配对的差异及其 95% 置信区间，只反映模拟误差。"
    ),
    "More metrics in the table: {count}": "另有 {count} 个指标见表",
    "Source: fundsim {version}, {paths:,} paths, seed {seed}, {engine}": (
        "来源：fundsim {version}，{paths:,} 条路径，种子 {seed}，{engine}"
    ),
    # what is bad on the same paths
    "bad on the same paths": "同时变坏的指标",
    "Bad on the same paths": "同时变坏的指标",
    "correlation between figures by path, at the end of the run-off": (
        "各路径指标之间的相关系数（全部结清时）"
    ),
    "Orange: bad on the same paths; blue: one is bad where the other is good. ± one standard error. "
    "High or low: the bad end of a figure.": (
        "橙色：在同一路径上变坏；蓝色：一个变坏时另一个较好。± 为一倍标准误。偏高或偏低：指标的坏端。"
    ),
    "correlation": "相关系数",
    "both in worst tenth": "同处最差一成的概率",
    "if independent": "若相互独立",
    "high": "偏高为坏",
    "low": "偏低为坏",
    # what decides on new lending
    "new lending": "新增贷款",
    "applied for": "申请额",
    "refused": "未满足",
    "months: demand alone": "月份占比：仅由需求决定",
    "lending limit": "额度",
    "eligible firms": "合格企业",
    "single obligor": "单户限额",
    "breaker": "熔断",
    "no lending limit cut a loan on any path: a larger {keys} would change no loan": (
        "所有路径上额度均未削减贷款：调高 {keys} 不会改变任何贷款"
    ),
    "no breaker fired on any path: a higher {key} would change nothing": (
        "所有路径上均未触发熔断：调高 {key} 不会改变任何结果"
    ),
    "eligible firms never ran short on any path: a larger {keys} would change nothing": (
        "所有路径上合格企业均未不足：调高 {keys} 不会改变任何结果"
    ),
    # the table's note
    "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error": (
        "除注明 @window（政策期末）外，各数为清算期末值；± 为一个蒙特卡洛标准误"
    ),
}


def word(english: str, lang: Language) -> str:
    """Return a text in a language.

    Raises:
        KeyError: The catalogue has no Chinese for it.
    """
    return english if lang == "en" else _CHINESE[english]
