"""The texts of the tables and pictures of a sweep, in Chinese by their English."""

from __future__ import annotations

__all__ = ["SWEEP_TEXTS"]

SWEEP_TEXTS = {
    # tables
    "difference from {cell}": "与 {cell} 的差异",
    "not sound": "无法运行",
    "frontier": "有效前沿",
    "on the frontier": "在前沿上",
    "dominated by {cell}": "劣于 {cell}",
    "dominated": "劣于他格",
    "undecided": "未能判定",
    "max {figure}": "max {figure}",
    "min {figure}": "min {figure}",
    # sentences
    "{key} is {value} now; {count} values from {low} to {high}": (
        "{key} 现为 {value}；取 {count} 个值，{low} 至 {high}"
    ),
    "{figure}: {meaning}": "{figure}：{meaning}",
    "* the present value": "* 现值",
    "the scenario is not sound in {count} of {cells} cells": "{cells} 格中有 {count} 格情景无法运行",
    "–: no path has a value of the figure": "–：没有路径具有该指标的数值",
    "{count} more faults in JSON": "其余 {count} 条错误见 JSON",
    "at {cells}: {fault}": "{cells}：{fault}",
    "the figures are the same on every path in all cells": "各格的指标在每条路径上都相同",
    "differences are to {cell}, path by path on the same random numbers, those of shares and probabilities "
    "in percentage points": "差异均相对于 {cell}，在相同随机数下逐路径求得，比例和概率的差异以百分点计",
    "± is one Monte Carlo standard error; in brackets stand 95 % intervals": (
        "± 为一个蒙特卡洛标准误；括号内为 95% 置信区间"
    ),
    "{paths:,} paths in each cell, seed {seed}; figures at the end of the run-off unless @window is said": (
        "每格 {paths:,} 条路径，种子 {seed}；除注明 @window（政策期末）外，各数为清算期末值"
    ),
    "{paths:,} path in each cell, seed {seed}; figures at the end of the run-off unless @window is said": (
        "每格 {paths:,} 条路径，种子 {seed}；除注明 @window（政策期末）外，各数为清算期末值"
    ),
    "errors and intervals cover simulation error only, not doubt about the inputs (see {doubt})": (
        "误差和区间只反映模拟误差，不反映输入参数的不确定性（见 {doubt}）"
    ),
    "on the frontier: every other cell is surely worse in one of the two; dominated: another cell is at "
    "least as good in both and surely better in one; surely: by the 95 % interval of the paired difference": (
        "在前沿上：其他各格至少有一个指标确定更差；劣于：另一格两个指标都不差，且至少一个确定更好；"
        "“确定”指配对差异的 95% 区间不含 0"
    ),
    # pictures
    "{figure} by {key} and {other}": "{figure}（按 {key} 与 {other}）",
    "Points and lines: figures and their 95 % intervals; dashed: the present value.": (
        "点与线段：指标及其 95% 区间；虚线：现值。"
    ),
    "Points and lines: figures and their 95 % intervals; the present value is {now}.": (
        "点与线段：指标及其 95% 区间；现值为 {now}。"
    ),
    "Largest 95 % interval: ± {half}.": "最大的 95% 区间半宽：± {half}。",
    "Framed: the scenario as it is.": "加框：情景现状。",
    "Present values: {now}.": "现值：{now}。",
    "Grey: the scenario is not sound there.": "灰色：情景在此无法运行。",
    "Crosses: the scenario is not sound there.": "叉号：情景在此无法运行。",
    "Not sound: {cells}.": "无法运行：{cells}。",
    "Frontier of {first} and {second}": "有效前沿：{first} 与 {second}",
    "better cells lie left and below": "越偏左下越好",
    "better cells lie left and above": "越偏左上越好",
    "better cells lie right and below": "越偏右下越好",
    "better cells lie right and above": "越偏右上越好",
    "Points and lines: figures and their 95 % intervals; ring: the scenario as it is.": (
        "点与线段：指标及其 95% 区间；圆圈：情景现状。"
    ),
    "Labels, where there is room: {keys}.": "标签（有空位处）：{keys}。",
}
