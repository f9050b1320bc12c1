"""The texts of the tables and pictures of a tornado, in Chinese by their English."""

from __future__ import annotations

__all__ = ["TORNADO_TEXTS"]

TORNADO_TEXTS = {
    # headings
    "{figure}: {value} with all assumptions at their values": "{figure}：全部假设取原值时为 {value}",
    "assumption": "假设",
    "low input": "低值",
    "high input": "高值",
    "at low": "取低值时",
    "at high": "取高值时",
    "change": "变动",
    "figures in {unit}, changes in {change}": "数值单位：{unit}，变动单位：{change}",
    "figures and changes in {unit}": "数值和变动的单位：{unit}",
    "all together, by effect on {figure}": "全部假设同取一端（按对 {figure} 的影响）",
    "at their values": "取原值时",
    "at the ends that lower it": "取使其降低的一端",
    "at the ends that raise it": "取使其升高的一端",
    # sentences
    "no effect seen: {count}{bound}: {names}": "未见影响：{count} 项{bound}：{names}",
    ", none beyond {bound} either way": "（变动均不超过 ±{bound}）",
    "no effect of any assumption is seen on these paths": "在这些路径上未见任何假设的影响",
    "ends that can't be run: {count}": "无法运行的取值：{count} 个",
    "{name} at {value}: {fault}": "{name} 取 {value}：{fault}",
    "{name} at {value}, {figures} only: {fault}": "{name} 取 {value}（仅 {figures}）：{fault}",
    "no assumption is seen to move {figure}, so nothing is put together": (
        "未见任何假设影响 {figure}，故不作同取一端的测算"
    ),
    "assumptions without a seen effect on {figure} keep their values there": (
        "未见对 {figure} 有影响的假设在此保持原值"
    ),
    "neither end lowers it, so these keep their values there: {names}": (
        "两端都不使其降低、在此保持原值的假设：{names}"
    ),
    "neither end raises it, so these keep their values there: {names}": (
        "两端都不使其升高、在此保持原值的假设：{names}"
    ),
    "not all go together at the ends that lower it: {fault} Left out: {names}": (
        "全部假设无法同取使其降低的一端：{fault}保持原值的有：{names}"
    ),
    "not all go together at the ends that raise it: {fault} Left out: {names}": (
        "全部假设无法同取使其升高的一端：{fault}保持原值的有：{names}"
    ),
    "{assumptions} assumptions, each alone at its low and its high; {paths:,} paths each, seed {seed}, "
    "on the same random numbers": (
        "共 {assumptions} 项假设，逐项取低值和高值；每次 {paths:,} 条路径，种子 {seed}，随机数相同"
    ),
    "± is one Monte Carlo standard error, brackets are 95 % intervals; figures at the end of the run-off "
    "unless @window is said": (
        "± 为一个蒙特卡洛标准误，括号内为 95% 区间；除注明 @window（政策期末）外，各数为清算期末值"
    ),
    "One assumption at a time hides what they do to each other": "逐项变动看不到各假设之间的相互作用",
    "errors cover simulation error only, not doubt about the inputs: {command}": (
        "误差只反映模拟误差，不反映输入参数的不确定性：见 {command}"
    ),
    # pictures
    "{meaning}, mean": "{meaning}，均值",
    "{meaning}, {level} % quantile": "{meaning}，{level}% 分位数",
    "{meaning}, mean beyond its {level} % quantile": "{meaning}，{level}% 期望损失",
    "Each assumption alone at its low and its high, all others at their values": (
        "逐项取低值和高值，其余假设取原值"
    ),
    "at its low": "取低值",
    "at its high": "取高值",
    "all at their values {value}": "全部取原值：{value}",
    "can't be run": "无法运行",
    "all at the ends that lower it": "全部取使其降低的一端",
    "all at the ends that raise it": "全部取使其升高的一端",
    "all at the ends that lower": "全部取使下列指标降低的一端",
    "all at the ends that raise": "全部取使下列指标升高的一端",
    "All together (own scale)": "全部假设同取一端（另用刻度）",
    "Numbers at the bars: the inputs. Thin lines: 95 % intervals of the changes, simulation error only.": (
        "条形旁的数字：输入值。细线：变动的 95% 区间，仅含模拟误差。"
    ),
    "Not drawn: {hidden} with smaller effects, {unseen} without an effect seen.": (
        "未画出：{hidden} 项影响较小，{unseen} 项未见影响。"
    ),
    "Not drawn: {unseen} without an effect seen.": "未画出：{unseen} 项未见影响。",
    "Not drawn: {hidden} with smaller effects.": "未画出：{hidden} 项影响较小。",
}
"""English text → Chinese."""
