"""The texts of tables and pictures, in each language that they can be written in."""

from __future__ import annotations

from typing import Literal

__all__ = ["Language", "word"]

Language = Literal["en", "zh"]

_CHINESE = {
    # units
    "yuan": "元",
    "loans": "笔",
    "firms": "户",
    "share": "比例",
    "times": "倍",
    "months": "个月",
    "yes/no": "是否",
    "times a year": "次/年",
    # the table
    "metric": "指标",
    "horizon": "时点",
    "unit": "单位",
    "mean": "均值",
    "error": "标准误",
    "probability": "概率",
    "95 % interval": "95% 置信区间",
    "end of window": "政策期末",
    "end of run-off": "清偿期末",
    "{paths:,} paths, seed {seed}": "{paths:,} 条路径，种子 {seed}",
    "± is one Monte Carlo standard error; p5 to p99 are quantiles over paths": (
        "± 为一个蒙特卡洛标准误；p5 至 p99 为各路径的分位数"
    ),
    "share of paths without a value: {share}": "无取值路径占比：{share}",
}


def word(english: str, lang: Language) -> str:
    """Return a text in a language.

    Raises:
        KeyError: The catalogue has no Chinese for it.
    """
    return english if lang == "en" else _CHINESE[english]
