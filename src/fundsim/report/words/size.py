"""The texts of the tables and pictures of a size, in Chinese by their English."""

from __future__ import annotations

__all__ = ["SIZE_TEXTS"]

SIZE_TEXTS = {
    # headings and rows
    "answer": "结果",
    "lending follows": "放贷随之变动",
    "lending held": "放贷保持不变",
    "smallest {key}": "最小的 {key}",
    "largest {key}": "最大的 {key}",
    "95 % interval, Monte Carlo error only": "95% 区间（仅蒙特卡洛误差）",
    "{figure} there": "此时 {figure}",
    "on fresh paths, seed {seed}": "以新路径核对（种子 {seed}）",
    "all assumptions at their better ends": "全部假设取有利一端",
    "all assumptions at their worse ends": "全部假设取不利一端",
    "lent": "累计发放贷款",
    "lent at the present value": "取现值时累计发放贷款",
    "months in which a lending limit cut lending": "额度削减放贷的月份占比",
    "refused by lending limits, of what was asked for": "因额度被拒占申请的比例",
    "fiscal cost of one more yuan lent": "每多放贷一元的财政成本",
    "paths for each value": "每个取值的路径数",
    "{low} or less": "{low} 或更小",
    "{low} or more": "{low} 或更大",
    "{high} or less": "{high} 或更小",
    "{high} or more": "{high} 或更大",
    "every value does; the edge is {edge}": "每个取值都满足；范围边缘为 {edge}",
    "no path has a value": "没有路径具有数值",
    "{edge}, the edge of the range": "{edge}（范围边缘）",
    "{value}, undecided": "{value}（未能判定）",
    "the scenario can't be run": "情景无法运行",
    "scan": "扫描",
    # sentences
    "{key} is {value} now; looked for from {low} to {high}": "{key} 现为 {value}；搜索范围 {low} 至 {high}",
    "target: {targets}": "目标：{targets}",
    " and ": " 且 ",
    "lending follows: new loans are what the scheme itself decides on at each value": (
        "放贷随之变动：每个取值下的新增贷款由方案自身决定"
    ),
    "lending held: each path's new loans are those at the present value, loan by loan": (
        "放贷保持不变：每条路径的新增贷款与现值下完全相同，逐笔不变"
    ),
    "lending is the same at every value, so that both readings agree": ("各取值下放贷相同，两种读法结果一致"),
    "both readings give the same figures on these paths": "在这些路径上两种读法的指标相同",
    "lending can't be held, because {key} changes the loans themselves": (
        "{key} 会改变贷款本身，无法保持放贷不变"
    ),
    "every value in the range meets the targets ({reading}): the answer lies beyond {edge}": (
        "范围内每个取值都满足目标（{reading}）：答案在 {edge} 之外"
    ),
    "every value in the range meets the targets ({reading}), and {key} can't be beyond {edge}": (
        "范围内每个取值都满足目标（{reading}），而 {key} 不能超过 {edge} 这一边界"
    ),
    "no path has a value of the figure at any value that was tried ({reading})": (
        "所试的任何取值下，都没有路径具有该指标的数值（{reading}）"
    ),
    "no path has a value of the figure at {values}, which therefore neither meets nor misses the target "
    "({reading})": "取 {values} 时没有路径具有该指标的数值，故既不算满足也不算不满足（{reading}）",
    "{figure} is over the paths that have a value: {n:,} of {paths:,} at {value} ({reading})": (
        "{figure} 只按有数值的路径计算：取 {value} 时为 {paths:,} 条中的 {n:,} 条（{reading}）"
    ),
    "too few paths for the error of {figure}: {needed:,} are needed": (
        "路径太少，无法给出 {figure} 的误差：需要 {needed:,} 条"
    ),
    "too few paths to be sure of {target}: {needed:,} are needed at least": (
        "路径太少，无法断定 {target}：至少需要 {needed:,} 条"
    ),
    "no number of paths can show {target}: more paths never help; ask for a small chance, such as {other}": (
        "再多的路径也无法证明 {target}；请改问很小的概率，如 {other}"
    ),
    "{key} is a whole number: {verdicts} ({reading})": "{key} 是整数：{verdicts}（{reading}）",
    "met at {value}": "取 {value} 时满足",
    "undecided at {value}": "取 {value} 时未能判定",
    "missed at {value}": "取 {value} 时不满足",
    "{option}: {low} to {high} leaves out the present value, {now}": (
        "{option}：{low} 至 {high} 不含现值 {now}"
    ),
    "; did you mean {range}?": "；是否想写 {range}？",
    "error unknown": "误差未知",
    "no value does; nearest at {best}": "没有取值满足；最接近的是 {best}",
    "no value in the range meets the targets ({reading}); the nearest is {best}": (
        "范围内没有取值满足目标（{reading}）；最接近的是 {best}"
    ),
    "the targets are met at the edge {edge} and missed elsewhere ({reading}); --{other} finds where they "
    "begin to be missed": (
        "目标在边缘 {edge} 处满足、在别处不满足（{reading}）；--{other} 可找到开始不满足之处"
    ),
    "the targets are met at the edge {edge} and missed elsewhere ({reading})": (
        "目标在边缘 {edge} 处满足、在别处不满足（{reading}）"
    ),
    "the figure is within its error of the bound everywhere ({reading}): it hardly depends on {key}": (
        "各取值的指标与界限之差均在误差之内（{reading}）：几乎不随 {key} 变化"
    ),
    "{key} changes the figure on no path of the scan ({reading})": (
        "{key} 在扫描的任何路径上都不改变该指标（{reading}）"
    ),
    "not unique: met at every tried value from {again} on; missed e.g. at {missed} ({reading})": (
        "答案不唯一：自 {again} 起所试取值都满足，但如 {missed} 处不满足（{reading}）"
    ),
    "not unique: missed again beyond the answer, e.g. at {missed} ({reading})": (
        "答案不唯一：越过该值后又有取值不满足，如 {missed}（{reading}）"
    ),
    "not monotone: the figure rises in one part of the range and falls in another ({reading})": (
        "不单调：指标在范围内有升有降（{reading}）"
    ),
    "the budget of {paths:,} paths ended before half of the interval was {precision} of the answer "
    "({reading}); --paths allows more": (
        "路径预算 {paths:,} 条用完时，区间半宽仍大于答案的 {precision}（{reading}）；可用 --paths 增加"
    ),
    "fresh paths contradict the answer ({reading}): their interval does not reach the bound": (
        "新路径与答案矛盾（{reading}）：其区间未达到界限"
    ),
    "at {value} the scenario is not sound: {fault}": "取 {value} 时情景不成立：{fault}",
    "assumptions: {moving} move the target; {idle} show no effect on {paths:,} paths and stay as they are; "
    "{refused} can't be moved": (
        "假设：{moving} 项影响目标；{idle} 项在 {paths:,} 条路径上未见影响，保持原值；{refused} 项无法变动"
    ),
    "the scenario states no assumption with low and high": "情景没有给出带上下限的假设",
    "with all assumptions at their {end} ends the scenario is not sound: {fault}": (
        "全部假设取{end}一端时情景不成立：{fault}"
    ),
    "all assumptions can't stand at their {end} ends together: {fault} Left out there, so that the scenario "
    "can be run: {names}": "全部假设无法同取{end}一端：{fault}为使情景可运行，以下假设保持原值：{names}",
    "better": "有利",
    "worse": "不利",
    "marginal cost between {low} and {high}, by scheme.fiscal_cost": (
        "边际成本按 {low} 与 {high} 之间的 scheme.fiscal_cost 计"
    ),
    "{paths:,} paths in all, seed {seed}; figures at the end of the run-off unless @window is said": (
        "共模拟 {paths:,} 条路径，种子 {seed}；除注明 @window（政策期末）外，各数为清算期末值"
    ),
    "intervals cover simulation error only, not doubt about the inputs": (
        "区间只反映模拟误差，不反映输入参数的不确定性"
    ),
    # the picture
    "How large must {key} be": "{key} 需要多大",
    "answer: {answers}": "结果：{answers}",
    "{figure} by {key}": "{figure} 随 {key} 的变化",
    "target {sign} {bound}": "目标 {sign} {bound}",
    "now": "现值",
    "Points and lines: figures and their 95 % intervals; shaded: interval of the answer.": (
        "点与线段：指标及其 95% 置信区间；阴影：答案的区间。"
    ),
    "number": "个",
    "years": "年",
    "sd": "个标准差",
    "Source: fundsim {version}, scenario {scenario}, seed {seed}, {engine}": (
        "来源：fundsim {version}，情景 {scenario}，种子 {seed}，{engine}"
    ),
}
"""English text → Chinese."""
