"""Targets such as ``P(pool.depleted) <= 0.05``: a figure and the bound that it is to keep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from fundsim.arguments import refused
from fundsim.decide.measure import FULL_WIDTH, MEASURED, Measure, measure_of, unreadable
from fundsim.results.plan import Plan
from fundsim.units import COUNT, MONEY, SHARE, Quantity

__all__ = ["Target", "read_target", "refuse_contradictions"]

_WRITTEN = re.compile(MEASURED + r"(?P<sign>=>|=<|<=|>=|≤|≥|<|>|==?)\s*(?P<bound>[^\s<>=≤≥].*?)\s*")
_UNFINISHED = re.compile(MEASURED + r"(?P<sign>=>|=<|<=|>=|≤|≥|<|>|==?)\s*")
_TURNED = {"=>": ">=", "=<": "<="}
_LIMIT = 1e18


@dataclass(frozen=True, slots=True)
class Target(Measure):
    """A figure of a metric and the bound that it is to keep."""

    at_most: bool = True
    bound: float = 0.0

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
    plain = text.translate(FULL_WIDTH)
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        unfinished = _UNFINISHED.fullmatch(plain)
        if unfinished:
            raise unreadable(
                text, f"there is no value after {unfinished['sign']}",
                f"{unfinished['sign']} 之后没有数值", "target",
            )  # fmt: skip
        raise unreadable(
            text, "a target has a figure, <= or >=, and a value",
            "目标须含指标、<= 或 >= 以及数值", "target",
        )  # fmt: skip
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
    measure = measure_of(found, plan, text, "target")
    bound = _bound(found["bound"], measure, text)
    own = {field.name: getattr(measure, field.name) for field in fields(Measure)}
    return Target(**own, at_most=found["sign"] in ("<=", "≤"), bound=bound)


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


def _bound(written: str, measured: Measure, text: str) -> float:
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
