"""A key that is varied over a range: its values, how they are spaced, and the scenario at each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from fundsim.arguments import refused
from fundsim.errors import UsageError
from fundsim.scenario import Scenario
from fundsim.scenario.numbers import NumberAt, number_at
from fundsim.units import Quantity

__all__ = ["Variation", "allowed", "variation", "varied_number"]

DECADE = 10.0
"""Without a range of its own a value is varied from a tenth to ten times itself."""
WIDE = 4.0
"""From this ratio of the ends on, values are spaced evenly in their logarithm."""
LIMITS = frozenset({"multiple", "leverage", "obligor_share"})
"""Keys that limit what an instrument lends, beside amounts of money."""
INSIDE = 1e-3
"""How near to a bound that itself is not allowed values go, as a part of the range."""


@dataclass(frozen=True, slots=True)
class Variation:
    """A key of a scenario and its range."""

    number: NumberAt
    low: float
    high: float

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return self.number.quantity.integer

    @property
    def lends(self) -> bool:
        """Whether the key is money of an instrument, or a limit of its lending."""
        number = self.number
        limits = not LIMITS.isdisjoint(number.steps)
        return bool(number.instrument) and (number.unit == "yuan" or limits)

    @property
    def leaves_out_now(self) -> bool:
        """Whether the key's present value lies outside the range."""
        return not self.low <= self.number.value <= self.high

    @property
    def meant(self) -> str | None:
        """A range that holds the present value and may be meant by this one: the same numbers in 亿 or 万."""
        if self.number.unit != "yuan" or not self.leaves_out_now:
            return None
        for unit, size in (("亿", 1e8), ("万", 1e4)):
            if self.low * size <= self.number.value <= self.high * size:
                return f"{self.low:g}{unit}:{self.high:g}{unit}"
        return None

    @property
    def least(self) -> float | None:
        """The end of the key's own bounds at the low end of the range, if the range reaches it."""
        low = self.number.quantity.low if self.number.bounds.low is None else self.number.bounds.low
        return low if self.low <= low else None

    @property
    def most(self) -> float | None:
        """The end of the key's own bounds at the high end of the range, if the range reaches it."""
        high = self.number.quantity.high if self.number.bounds.high is None else self.number.bounds.high
        return high if self.high >= high else None

    @property
    def in_logarithms(self) -> bool:
        """Whether values are spaced evenly in their logarithm."""
        return self.low > 0.0 and self.high >= WIDE * self.low

    def place(self, value: float) -> float:
        """Return where a value lies in the range, 0 … 1."""
        if self.in_logarithms:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def at(self, place: float) -> float:
        """Return the value at a place of the range, rounded to five digits, or a whole number.

        Rounded values are the same on any machine and readable in a table.
        """
        if place <= 0.0:
            return self.low
        if place >= 1.0:
            return self.high
        if self.in_logarithms:
            exact = self.low * (self.high / self.low) ** place
        else:
            exact = self.low + (self.high - self.low) * place
        return min(self.high, max(self.low, self.rounded(exact)))

    def rounded(self, value: float) -> float:
        """Return a value as it is tried: a whole number, or six significant digits."""
        if self.whole:
            return float(round(value))
        scale = max(abs(self.low), abs(self.high)) if not self.in_logarithms else abs(value)
        digits = 5 - math.floor(math.log10(scale)) if scale > 0.0 else 5
        return round(value, digits)

    def values(self, count: int) -> tuple[float, ...]:
        """Return so many values over the range, both ends included; fewer where there are no more."""
        return tuple(dict.fromkeys(self.at(i / (count - 1)) for i in range(count)))

    def set(self, scenario: Scenario, value: float) -> Scenario:
        """Return a scenario with the key at a value.

        Raises:
            ScenarioError: the scenario is not sound with it.
        """
        return scenario.set(self.number.key, int(value) if self.whole else value)


def variation(scenario: Scenario, key: str, within: str | tuple[float, float] | None = None) -> Variation:
    """Return a key with its range.

    Args:
        scenario: the scenario.
        key: dotted key of a number.
        within: ``LO:HI`` or two numbers; the low and high that the scenario gives of the key, else a tenth to
            ten times its value within the term's bounds, unless given.

    Raises:
        ScenarioError: there is no such key, or what it holds is no number.
        UsageError: the range can't be read, is empty or leaves the term's bounds, or there is none.
    """
    number = varied_number(scenario, key)
    if within is None:
        low, high = _own_range(number)
    else:
        low, high = _given(number, within)
    return Variation(number, low, high)


def varied_number(scenario: Scenario, key: str) -> NumberAt:
    """Return the number that is varied: any but those of ``run``.

    Raises:
        ScenarioError: there is no such key, or what it holds is no number.
        UsageError: it is the number of paths or the seed.
    """
    number = number_at(scenario, key)
    if number.key.startswith("run."):
        raise refused("vary", key, (
            "paths and seed decide the error, not the answer", "name a value of the plan",
            "路径数和种子只影响误差，不影响答案", "请写方案中的数值",
        ))  # fmt: skip
    return number


def _own_range(number: NumberAt) -> tuple[float, float]:
    if number.low is not None and number.high is not None and number.low < number.high:
        return float(number.low), float(number.high)
    if not number.value:
        raise refused("vary", number.key, (
            "its value is 0, so there is no range to look in", "say --within LO:HI",
            "其值为 0，无从确定范围", "请写 --within 下限:上限",
        ))  # fmt: skip
    ends = sorted((number.value / DECADE, number.value * DECADE))
    low, high = (_inside(number, end) for end in ends)
    if number.quantity.integer:
        low, high = float(math.ceil(low)), float(math.floor(high))
    return low, high


def _inside(number: NumberAt, value: float) -> float:
    """Return a value moved into the term's bounds."""
    bounds = number.bounds
    if bounds.high is not None and value >= bounds.high:
        step = INSIDE * abs(bounds.high - number.value) if bounds.high_open else 0.0
        return float(bounds.high - step)
    if bounds.low is not None and value <= bounds.low:
        step = INSIDE * abs(number.value - bounds.low) if bounds.low_open else 0.0
        return float(bounds.low + step)
    return float(value)


def _given(number: NumberAt, within: str | tuple[float, float]) -> tuple[float, float]:
    if isinstance(within, str):
        low_text, mark, high_text = within.replace("：", ":").partition(":")
        if not mark:
            raise _range_expected(within)
        ends: tuple[object, object] = (low_text.strip(), high_text.strip())
    elif isinstance(within, tuple | list) and len(within) == 2:
        ends = (within[0], within[1])
    else:
        raise _range_expected(within)
    low, high = (allowed(number, end, ("within", within)) for end in ends)
    if not low < high:
        raise refused("within", within, (
            "the lower end is not below the upper one", "write LO:HI, such as 0.5亿:5亿",
            "下限不小于上限", "请写 下限:上限，如 0.5亿:5亿",
        ))  # fmt: skip
    return float(low), float(high)


def _bounded(number: NumberAt) -> Quantity:
    """Return the key's quantity with the bounds of its term."""
    bounds, quantity = number.bounds, number.quantity
    low = quantity.low if bounds.low is None else bounds.low
    high = quantity.high if bounds.high is None else bounds.high
    return replace(quantity, low=low, high=high)


def allowed(number: NumberAt, value: object, said: tuple[str, object]) -> float:
    """Return a value of a key, read in the key's own units and within the bounds of its term.

    Args:
        number: the key.
        value: a number, or a text such as ``0.4亿``.
        said: what messages call the argument, and what was written.

    Raises:
        UsageError: it can't be read, or lies outside the bounds; a bound that itself is not allowed is not
            looked at.
    """
    from pydantic_core import PydanticCustomError  # noqa: PLC0415  (the one place that needs it)

    try:
        return _bounded(number).read(value)
    except PydanticCustomError as error:
        why = error.context or {}
        message = (why["problem"], why["fix"], why["problem_zh"], why["fix_zh"])
        raise refused(*said, message) from None


def _range_expected(within: object) -> UsageError:
    return refused("within", within, (
        "a range is expected", "write LO:HI, such as 0.5亿:5亿",
        "此处应为范围", "请写 下限:上限，如 0.5亿:5亿",
    ))  # fmt: skip
