"""Targets such as ``P(pool.depleted) <= 0.05``: how they are written, and what they are measured on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from fundsim.arguments import refused
from fundsim.errors import UsageError
from fundsim.results.plan import Plan, sum_keys
from fundsim.results.selection import Horizon, not_named, split_name
from fundsim.units import COUNT, MONEY, SHARE, Quantity

__all__ = ["Figure", "Target", "read_target", "refuse_contradictions"]

Figure = Literal["probability", "mean", "quantile", "shortfall", "ratio", "unexpected"]

_MEASURED = (
    r"\s*(?:(?P<figure>[A-Za-z]+)(?P<level>[0-9]+(?:\.[0-9]+)?)?\s*\(\s*(?P<of>[^\s()<>=≤≥]+)\s*\)"
    r"|(?P<bare>[^\s()<>=≤≥]+))\s*"
)
_WRITTEN = re.compile(_MEASURED + r"(?P<sign>=>|=<|<=|>=|≤|≥|<|>|==?)\s*(?P<bound>[^\s<>=≤≥].*?)\s*")
_UNFINISHED = re.compile(_MEASURED + r"(?P<sign>=>|=<|<=|>=|≤|≥|<|>|==?)\s*")
_FULL_WIDTH = str.maketrans(
    {"（": "(", "）": ")", "＜": "<", "＞": ">", "＝": "=", "≦": "≤", "≧": "≥", "＠": "@"}
)
"""Signs that a Chinese keyboard writes."""
_TURNED = {"=>": ">=", "=<": "<="}
_FIGURES: dict[str, Figure] = {"p": "probability", "mean": "mean", "q": "quantile", "es": "shortfall"}
_LIMIT = 1e18
PROPORTIONS = frozenset({
    "called_share", "claims_coverage", "claims_coverage_aggregate", "coverage", "default_rate",
    "default_rate_amount", "depleted_by_month", "paid_share", "raised_share", "refused_amount_share",
    "refused_share", "refused_share_aggregate", "social_share",
})  # fmt: skip
"""Metrics in shares that are parts of a whole, by their own names.  Others may exceed 1 or be negative: an
internal rate of return, a loss ratio, capacity used."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of a metric and the bound that it is to keep."""

    figure: Figure
    level: str
    """Level of a quantile or shortfall as a decimal fraction; empty else."""
    name: str
    """Name of the metric, with the policy year if it is one year's."""
    horizon: Horizon
    at_most: bool
    bound: float
    unit: str
    """Unit of the figure."""
    columns: tuple[str, ...]
    """Columns of one value a path that it is taken from: two of a ratio of sums."""
    proportion: bool = False
    """Whether the figure is a part of a whole, 0 … 1."""

    @property
    def measured(self) -> str:
        """The figure as it is written, with its horizon where that is not the end of the run-off."""
        name = self.name if self.horizon == "run_off" else f"{self.name}@{self.horizon}"
        percent = f"{Decimal(self.level) * 100:f}".rstrip("0").rstrip(".") if self.level else ""
        words = {"probability": "P", "mean": "mean", "quantile": f"q{percent}", "shortfall": f"es{percent}"}
        return f"{words[self.figure]}({name})" if self.figure in words else name

    @property
    def text(self) -> str:
        """The target as it is written."""
        return f"{self.measured} {self.sign} {self.bound:.12g}"

    @property
    def sign(self) -> str:
        """``<=`` or ``>=``."""
        return "<=" if self.at_most else ">="

    @property
    def never_sure(self) -> bool:
        """Whether no number of paths can show that it is met: an event of probability 0, or 1."""
        end = 0.0 if self.at_most else 1.0
        return self.figure == "probability" and self.bound == end


def read_target(text: str, plan: Plan) -> Target:
    """Read a target.

    Args:
        text: ``P(event)``, ``mean(m)``, ``q99(m)``, ``es99(m)`` or a metric's name, each with ``@window`` if
            the window's end is meant, then ``<=`` or ``>=`` and a value in the metric's unit, such as 0.05,
            5% or 0.4亿.  A name alone means the figure that the metric is: an event's probability, a
            metric's mean, a ratio of sums, a named figure of a law.
        plan: all that the scenario reports.

    Raises:
        UsageError: it can't be read, or names no metric, or a figure that the metric does not have.
    """
    plain = text.translate(_FULL_WIDTH)
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        unfinished = _UNFINISHED.fullmatch(plain)
        if unfinished:
            raise _refused(text, f"there is no value after {unfinished['sign']}",
                           f"{unfinished['sign']} 之后没有数值")  # fmt: skip
        raise _refused(text, "a target has a figure, <= or >=, and a value",
                       "目标须含指标、<= 或 >= 以及数值")  # fmt: skip
    if found["sign"] in _TURNED:
        meant = _TURNED[found["sign"]]
        raise refused("target", text, (
            f"there is no sign {found['sign']}", f"did you mean {meant}?",
            f"没有 {found['sign']} 这一符号", f"是否想写 {meant}？",
        ))  # fmt: skip
    if found["sign"] not in ("<=", ">=", "≤", "≥"):
        raise refused("target", text, (
            f"{found['sign']} can't be answered with an interval", "write <= or >=",
            f"{found['sign']} 无法给出区间", "请写 <= 或 >=",
        ))  # fmt: skip
    word, level = (found["figure"] or "").lower(), found["level"] or ""
    if found["figure"] and (word not in _FIGURES or bool(level) != (word in ("q", "es"))):
        raise _refused(text, f"there is no figure {found['figure']}{level}",
                       f"没有 {found['figure']}{level} 这一统计量")  # fmt: skip
    figure = _FIGURES[word] if word else None
    share = _level(text, level) if level else ""
    name, horizon = split_name(found["of"] or found["bare"])
    measured = _measured(plan, name, horizon, figure, text)
    bound = _bound(found["bound"], measured, text)
    return replace(measured, level=share, at_most=found["sign"] in ("<=", "≤"), bound=bound)


def refuse_contradictions(targets: Sequence[Target]) -> None:
    """Refuse two bounds on one figure that no value can keep.

    Raises:
        UsageError: a figure is to be at most one value and at least a larger one.
    """
    for upper in targets:
        for lower in targets:
            same = lower.measured == upper.measured
            if same and upper.at_most and not lower.at_most and lower.bound > upper.bound:
                raise refused("target", upper.text, (
                    f"no value can keep {lower.text} as well", "leave one of them out",
                    f"没有取值能同时满足 {lower.text}", "请去掉其中一个",
                ))  # fmt: skip


def _refused(text: str, problem: str, problem_zh: str) -> UsageError:
    examples = "P(pool.depleted) <= 0.05, mean(pool.claims_paid) <= 0.4亿, q99(pool.claims_due) <= 1亿"
    examples_zh = examples.replace(", ", "、")
    return refused("target", text, (problem, f"write such as {examples} or es99(…)",
                                    problem_zh, f"请写如 {examples_zh} 或 es99(…)"))  # fmt: skip


def _level(text: str, percent: str) -> str:
    level = Decimal(percent) / 100
    if not 0 < level < 1:
        raise _refused(text, "a level lies between 0 and 100 per cent", "水平须在 0 与 100% 之间")
    return f"{level:f}"


def _measured(plan: Plan, name: str, horizon: Horizon, figure: Figure | None, text: str) -> Target:
    """Return the target without its bound: what is measured on which columns."""
    columns = {(c.name, c.horizon): c for c in plan.columns_needed}
    years = [c for c in plan.columns_needed if c.name == name and c.year is not None]
    column = years[0] if years else columns.get((name, horizon))
    if column is not None:
        event = column.metric.event
        own: Figure = "probability" if event else "mean"
        if figure is not None and (figure == "probability") != event:
            raise _misfit(text, name, event)
        unit = "share" if event else column.metric.unit
        part = event or _is_proportion(unit, column.metric.own_name)
        return Target(figure or own, "", name, column.horizon, True, 0.0, unit, (column.key,), part)
    for aggregate, at in plan.aggregates:
        if (aggregate.name, at) == (name, horizon):
            _only_bare(figure, name, text)
            part = _is_proportion(aggregate.unit, aggregate.own_name)
            return Target(
                "ratio", "", name, horizon, True, 0.0, aggregate.unit, sum_keys(name, horizon), part
            )
    for law, of in plan.law_figures:
        if (law.name, of.horizon) == (name, horizon):
            _only_bare(figure, name, text)
            own = "mean" if law.figure == "expected" else "unexpected"
            return Target(own, "", name, horizon, True, 0.0, law.unit, (of.key,))
    raise _no_such(plan, name, horizon)


def _is_proportion(unit: str, own_name: str) -> bool:
    return unit == "share" and own_name in PROPORTIONS


def _misfit(text: str, name: str, event: bool) -> UsageError:
    if event:
        return refused("target", text, (
            f"{name} is an event, which has a probability only", f"write P({name})",
            f"{name} 是事件，只有概率", f"请写 P({name})",
        ))  # fmt: skip
    return refused("target", text, (
        f"{name} is no event, so it has no probability", f"write mean({name}), q99({name}) or es99({name})",
        f"{name} 不是事件，没有概率", f"请写 mean({name})、q99({name}) 或 es99({name})",
    ))  # fmt: skip


def _only_bare(figure: Figure | None, name: str, text: str) -> None:
    if figure is not None:
        raise refused("target", text, (
            f"{name} is one figure of all paths, not a value of each", f"write {name} alone",
            f"{name} 是全部路径的一个数，并非逐路径的数", f"请只写 {name}",
        ))  # fmt: skip


def _no_such(plan: Plan, name: str, horizon: Horizon) -> UsageError:
    names = [c.name for c in plan.columns_needed]
    names += [a.name for a, _ in plan.aggregates] + [law.name for law, _ in plan.law_figures]
    if name in names:
        other = "window" if horizon == "run_off" else "run_off"
        return UsageError(
            f"{name} has no figure at the end of the {horizon.replace('_', '-')}; write {name}@{other}",
            f"{name} 没有该时点的数值；请写 {name}@{other}",
        )
    return not_named([name], list(dict.fromkeys(names)))


def _bound(written: str, measured: Target, text: str) -> float:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415  (the one place that needs it)

    quantity = SHARE if measured.proportion else _quantity(measured.unit)
    try:
        return float(quantity.read(written))
    except PydanticCustomError as error:
        why = error.context or {}
        message = (why["problem"], why["fix"], why["problem_zh"], why["fix_zh"])
        raise refused("target", text, message) from None


def _quantity(unit: str) -> Quantity:
    """Return how a value in a metric's unit is read: amounts and shares may be negative or large."""
    known: Sequence[tuple[str, Quantity]] = (("yuan", MONEY), ("share", SHARE), ("yes/no", SHARE))
    for one, quantity in known:
        if unit == one:
            return replace(quantity, low=-_LIMIT, high=_LIMIT)
    return replace(
        COUNT, low=-_LIMIT, high=_LIMIT, integer=False, article="a number", term_zh="数值",
        example="a number such as 12", example_zh="数字，如 12",
    )  # fmt: skip
