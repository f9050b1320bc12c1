"""Targets of a scenario to targets of its scheme, whose metrics they name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fundsim.lowering.late_payments import left_out_at_window
from fundsim.lowering.refusals import Refusals, Refused
from fundsim.scenario.spelling import nearest
from fundsim.scenario.target_terms import TargetTerms
from fundsim.scheme import Metric, Scheme
from fundsim.scheme.targets import Target

__all__ = ["targets_of"]

_WRITTEN = re.compile(r"(?P<name>[^@]+?)(\.(?P<year>[12][0-9]{3}))?(@(?P<horizon>[^@]*))?")


def targets_of(targets: Mapping[str, TargetTerms], scheme: Scheme, refusals: Refusals) -> tuple[Target, ...]:
    """Return the targets of a scheme; what names no metric is refused at its key."""
    metrics = {one.name: one for one in scheme.metrics if isinstance(one, Metric)}
    others = {one.name for one in scheme.metrics} - metrics.keys()
    found = []
    for name, terms in targets.items():
        with refusals.of("targets", name):
            found.append(_target(name, terms, scheme, metrics, others))
    return tuple(found)


def _target(
    name: str, terms: TargetTerms, scheme: Scheme, metrics: Mapping[str, Metric], others: set[str]
) -> Target:
    written = _WRITTEN.fullmatch(terms.metric)
    if written is None or written["horizon"] not in (None, "window", "run_off"):
        raise _refused(
            "names no metric and date", "write such as pool.lent, pool.lent@window or pool.lent.2016",
            "不是指标名加时点", "请写如 pool.lent、pool.lent@window 或 pool.lent.2016",
        )  # fmt: skip
    metric = metrics.get(written["name"])
    if metric is None:
        raise _unknown(written["name"], metrics, others)
    _check_bound(terms, metric)
    year = None
    if written["year"] is not None:
        year = _year(int(written["year"]), metric, scheme)
    elif metric.after_window and written["horizon"] == "window":
        raise _refused(
            f"{metric.name} is counted after the window", "leave @window out",
            f"{metric.name} 只在政策期后计算", "请删去 @window",
        )  # fmt: skip
    at_end = year is None and written["horizon"] != "window"
    at_window = year is None and not at_end
    return Target(
        name=name,
        metric=metric.name,
        horizon="run_off" if at_end else "window",
        year=year,
        at_least=terms.at_least is not None,
        bound=terms.bound,
        heading=terms.heading,
        left_out=left_out_at_window(metric, scheme) if at_window else (),
    )


def _check_bound(terms: TargetTerms, metric: Metric) -> None:
    """Refuse a bound that can't be meant in the metric's unit: part of a yuan, more than a certain event."""
    key = "at_least" if terms.at_least is not None else "at_most"
    if metric.unit == "yuan" and 0.0 < abs(terms.bound) < 1.0:
        raise Refused(
            f"{terms.bound:g} is less than a yuan, and {metric.name} is an amount",
            "write an amount such as 36.7亿",
            f"{terms.bound:g} 不足一元，而 {metric.name} 为金额", "请写金额，如 36.7亿", at=(key,),
        )  # fmt: skip
    if metric.event and terms.bound not in (0.0, 1.0):
        raise Refused(
            f"{metric.name} happens or does not", "write at_most: 0 or at_least: 1",
            f"{metric.name} 只有发生与不发生", "请写 at_most: 0 或 at_least: 1", at=(key,),
        )  # fmt: skip


def _year(calendar: int, metric: Metric, scheme: Scheme) -> int:
    window = scheme.window
    years = -(-window.total // 12)
    if not metric.yearly:
        raise _refused(
            f"{metric.name} has no values by budget year", "leave the year out",
            f"{metric.name} 没有分年度数值", "请删去年份",
        )  # fmt: skip
    if not 0 <= calendar - window.year < years:
        raise _refused(
            f"{calendar} is no budget year of the scenario",
            f"write a year of {window.year} … {window.year + years - 1}",
            f"{calendar} 不是方案内的预算年度", f"请写 {window.year} 至 {window.year + years - 1} 之间的年份",
        )  # fmt: skip
    return calendar


def _unknown(name: str, metrics: Mapping[str, Metric], others: set[str]) -> Refused:
    if name in others:
        return _refused(
            f"{name} is one figure of all paths, and a target is met or missed on each path",
            "name a metric that has a value on each path",
            f"{name} 是全部路径的一个数，而目标须逐路径判断", "请写逐路径的指标",
        )  # fmt: skip
    hint = nearest(name, metrics)
    fix = f"did you mean {hint}?" if hint else "fundsim list metrics names them all"
    fix_zh = f"是否想写 {hint}？" if hint else "fundsim list metrics 列出全部指标"
    return _refused(f"there is no metric {name}", fix, f"没有名为 {name} 的指标", fix_zh)


def _refused(problem: str, fix: str, problem_zh: str, fix_zh: str) -> Refused:
    return Refused(problem, fix, problem_zh, fix_zh, at=("metric",))
