"""The texts of reports, in Chinese by their English."""

from __future__ import annotations

__all__ = ["REPORT_TEXTS"]

REPORT_TEXTS = {
    "report of a simulation: {scenario}, {date}": "模拟测算报告：{scenario}，{date}",
    "figures": "主要结果",
    "pictures": "图",
    "inputs and their sources": "参数及其来源",
    "assumptions": "假设",
    "what the plan and other sources lay down": "方案及其他资料规定的数值",
    "value of the scenario": "参数",
    "value": "取值",
    "low – high": "低 – 高",
    "source": "来源",
    "note": "备注",
    "answers": "结论",
    "how sure this is": "可靠程度",
}
