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
    "counties": "个县区",
    # the table
    "metric": "指标",
    "event": "事件",
    "unit": "单位",
    "mean": "均值",
    "probability": "概率",
    "95 % interval": "95% 置信区间",
    "end of window": "政策期末",
    "end of run-off": "清偿期末",
    "{paths:,} paths, seed {seed}": "{paths:,} 条路径，种子 {seed}",
    "{paths:,} path, seed {seed}": "{paths:,} 条路径，种子 {seed}",
    "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error": (
        "除注明 @window（政策期末）外，各数为清偿期末值；± 为一个蒙特卡洛标准误"
    ),
}


def word(english: str, lang: Language) -> str:
    """Return a text in a language.

    Raises:
        KeyError: The catalogue has no Chinese for it.
    """
    return english if lang == "en" else _CHINESE[english]
