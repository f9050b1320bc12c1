"""The texts of the tables and pictures of a doubt, in Chinese by their English."""

from __future__ import annotations

__all__ = ["DOUBT_TEXTS"]

DOUBT_TEXTS = {
    # headings
    "figure": "统计量",
    "assumptions at their values": "假设取原值",
    "assumptions in doubt": "计入假设不确定性",
    "5 – 95 % of the draws": "各次抽取 5% – 95%",
    "variance from assumptions": "方差中假设所占",
    "what drives {figure}": "{figure} 取决于",
    "value (low – high)": "取值（低 – 高）",
    "explains of the order": "对排序的解释度",
    "of the variance": "对方差的解释度",
    "raises it": "越大越高",
    "lowers it": "越大越低",
    "effect": "方向",
    "assumption": "假设",
    # answers
    "{figure}: {plugged} with all assumptions at their values, {predictive} over all plausible values; nine "
    "draws in ten lie between {low} and {high}": (
        "{figure}：全部假设取原值时为 {plugged}，计入假设的不确定性为 {predictive}；"
        "十次抽取中有九次在 {low} 与 {high} 之间"
    ),
    "{figure}: {plugged} with all assumptions at their values, {predictive} over the plausible values that can "
    "be run ({left} of {draws:,} draws); nine tenths of these lie between {low} and {high}": (
        "{figure}：全部假设取原值时为 {plugged}，在可以运行的取值范围内（{draws:,} 次抽取中的 {left} 次）"
        "计入假设的不确定性为 {predictive}；其中九成在 {low} 与 {high} 之间"
    ),
    "{figure}: {plugged} with all assumptions at their values; it happened on no path of any draw": (
        "{figure}：全部假设取原值时为 {plugged}；在各次抽取的任何路径上均未发生"
    ),
    "; {names} drive it most": "；主要取决于 {names}",
    "; {names} drives it most": "；主要取决于 {names}",
    "; no assumption stands out from the noise of so few draws": "；抽取次数较少，没有任何假设高于偶然水平",
    "{head} and {last}": "{head} 和 {last}",
    # notes
    "{draws:,} draws of {count} assumptions × {paths:,} paths, seed {seed}, every draw on the same paths": (
        "{count} 项假设抽取 {draws:,} 次 × {paths:,} 条路径，种子 {seed}，各次抽取使用相同路径"
    ),
    "assumptions at their values: simulation error only; assumptions in doubt: the figure over the paths of "
    "all draws, ± one standard error of draws and paths together": (
        "“假设取原值”仅含模拟误差；“计入假设不确定性”为全部抽取的全部路径之上的统计量，"
        "± 为抽取与路径合计的一个标准误"
    ),
    "the value of an assumption is its median; one draw in twenty lies below low and one above high, which "
    "are judgements": "假设的取值为其中位数；二十次抽取中各有一次低于 low、高于 high，而二者均为判断",
    "explains of the order, of the variance: what an assumption explains by itself of the figure's rank among "
    "the draws, and of its variance, with a 95 % bootstrap interval; * no more than chance gives": (
        "“对排序的解释度”“对方差的解释度”：单独一项假设对统计量在各次抽取中的名次及方差的解释度，"
        "括号内为 95% 自助法区间；* 表示与偶然无异"
    ),
    "shares overlap, because assumptions go together": "假设之间有关联，各项解释度有重叠",
    "{count} other assumptions: no more than chance ({level})": "另有 {count} 项假设：与偶然无异（{level}）",
    "1 other assumption: no more than chance ({level})": "另有 1 项假设：与偶然无异（{level}）",
    "{count} assumptions: none explains more than chance ({level})": (
        "{count} 项假设：均与偶然无异（{level}）"
    ),
    "with fewer than {fewest} draws that can be run ({left}) nothing is said of single assumptions": (
        "可以运行的抽取少于 {fewest} 次（{left} 次）时，不对单项假设作出结论"
    ),
    "{figure} is the same in all draws": "{figure} 在各次抽取中相同",
    "{count} of {draws:,} draws can't be run and are left out, such as draw {draw}: {fault}": (
        "{draws:,} 次抽取中有 {count} 次无法运行，未计入，例如第 {draw} 次：{fault}"
    ),
    "{share} of the spread of {figure} between draws is the chance of {paths:,} paths: more --paths narrow "
    "its range": (
        "{figure} 在各次抽取间的差异有 {share} 来自 {paths:,} 条路径的偶然性：增加 --paths 可缩小范围"
    ),
    # pictures
    "How sure is {figure}": "有多可靠：{figure}",
    "What drives {figure}": "取决于什么：{figure}",
    "share of draws [%]": "抽取次数占比（%）",
    "Each bar: draws of the assumptions whose {paths:,} paths give this figure.": (
        "各柱：该数值区间的抽取所占比例（每次抽取 {paths:,} 条路径）。"
    ),
    "explains of the order of the draws [%]": "对各次抽取排序的解释度（%）",
    "Bars: what an assumption explains by itself of the order of the draws; ▲ the figure rises with it, ▼ it "
    "falls. Lines: 95 % intervals by bootstrap. Grey, left of the dashed line: no more than chance.": (
        "柱：单独一项假设对各次抽取排序的解释度；▲ 假设越大统计量越高，▼ 越低。横线：95% 自助法区间。"
        "灰色、虚线左侧：与偶然无异。"
    ),
    "Source: fundsim {version}, scenario {scenario}, {draws:,} draws × {paths:,} paths, seed {seed}": (
        "来源：fundsim {version}，情景 {scenario}，{draws:,} 次抽取 × {paths:,} 条路径，种子 {seed}"
    ),
    # the table and the pictures of a run
    "intervals and ± cover simulation error only; fundsim doubt adds doubt about the inputs": (
        "区间和 ± 仅为模拟误差；假设的不确定性可用 fundsim doubt 计入"
    ),
    "intervals and ± cover simulation error only, not doubt about the inputs": (
        "区间和 ± 仅为模拟误差，不含对参数的怀疑"
    ),
    "assumptions in doubt too": "计入假设不确定性",
    "mean or probability": "均值或概率",
    "5 – 95 %": "5% – 95%",
    "assumptions in doubt: {draws:,} draws × {paths:,} paths (fundsim doubt); 5 – 95 % is over the draws; all "
    "other intervals and ± cover simulation error only": (
        "“计入假设不确定性”：假设抽取 {draws:,} 次 × {paths:,} 条路径（fundsim doubt），"
        "5% – 95% 为各次抽取之间；其他区间和 ± 仅为模拟误差"
    ),
    "with assumptions in doubt: {predictive}, 5 – 95 % {range} ({draws:,} draws)": (
        "计入假设不确定性：{predictive}，5% – 95% 为 {range}（{draws:,} 次抽取）"
    ),
}
