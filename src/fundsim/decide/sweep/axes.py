"""The keys of a sweep and the values that they take: how they are written, spaced and refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fundsim.arguments import refused
from fundsim.decide.variation import Variation, allowed, varied_number
from fundsim.errors import UsageError
from fundsim.scenario import Scenario
from fundsim.scenario.numbers import NumberAt

__all__ = ["MOST_CELLS", "Axis", "read_axes", "split_vary"]

MOST_CELLS = 400
"""Cells of a sweep: values of the first key times those of the second."""
MOST_KEYS = 2
_COUNT = re.compile(r"[0-9]{1,9}")
_GROUP = re.compile(r"0[0-9]+")
"""What a comma between groups of digits leaves behind it, as in 10,000,000."""
_LIST = re.compile(r"[,、;]")


@dataclass(frozen=True, slots=True)
class Axis:
    """A key of a sweep with its values."""

    vary: Variation
    """The key, and the smallest and largest of its values."""
    values: tuple[float, ...]
    """In the order in which they were given; no two are the same."""

    @property
    def number(self) -> NumberAt:
        """The key."""
        return self.vary.number

    def setting(self, value: float) -> tuple[str, float | int]:
        """Return key and value as a scenario takes them."""
        return self.number.key, int(value) if self.vary.whole else value

    @property
    def present(self) -> int | None:
        """Which of the values is the scenario's own; None if none is."""
        return self.values.index(self.number.value) if self.number.value in self.values else None


def split_vary(text: str) -> tuple[str, str]:
    """Return key and values of a text ``KEY=VALUES``.

    Raises:
        UsageError: there is no sign of equality, no key, or no value.
    """
    key, mark, values = text.replace("＝", "=").partition("=")
    if not mark or not key.strip() or not values.strip():
        raise refused("vary", text, (
            "a key and its values are expected", "write KEY=LO:HI:N, such as pool.multiple=5:15:6, "
            "or KEY=5,8,10",
            "此处应为键及其取值", "请写 键=下限:上限:个数（如 pool.multiple=5:15:6）或 键=5,8,10",
        ))  # fmt: skip
    return key.strip(), values.strip()


def read_axes(scenario: Scenario, vary: Sequence[tuple[str, Any]]) -> tuple[Axis, ...]:
    """Read the keys of a sweep with their values.

    Args:
        scenario: the scenario.
        vary: one key or two, each with ``LO:HI:N``, a text of values between commas, or values.

    Raises:
        ScenarioError: there is no such key, or what it holds is no number.
        UsageError: values can't be read, leave the bounds of the key's term, or are too few or too many.
    """
    if not 1 <= len(vary) <= MOST_KEYS:
        keys = [key for key, _ in vary]
        raise refused("vary", ", ".join(map(str, keys)), (
            f"a sweep has one key or two, not {len(keys)}", "leave the others at their values, or set them",
            f"只能变动一个或两个键，而不是 {len(keys)} 个", "其余的键请保持现值或另行设定",
        ))  # fmt: skip
    axes = tuple(_axis(varied_number(scenario, key), values) for key, values in vary)
    if len({axis.number.key for axis in axes}) < len(axes):
        raise refused("vary", axes[0].number.short, (
            "the same key twice", "name another one, or put all values into one list",
            "同一个键写了两次", "请换一个键，或把取值写在一起",
        ))  # fmt: skip
    cells = math.prod(len(axis.values) for axis in axes)
    if cells > MOST_CELLS:
        by = " × ".join(str(len(axis.values)) for axis in axes)
        by, by_zh = (f"{by} = {cells} cells", f"{by} = {cells} 格") if len(axes) > 1 else (
            f"{cells} values", f"{cells} 个取值")  # fmt: skip
        raise refused("vary", " ".join(axis.number.short for axis in axes), (
            f"{by} are more than {MOST_CELLS}", "take fewer values",
            f"{by_zh}，超过 {MOST_CELLS}", "请减少取值",
        ))  # fmt: skip
    return axes


def _axis(number: NumberAt, given: object) -> Axis:
    if isinstance(given, str):
        text = unicodedata.normalize("NFKC", given)  # signs of a Chinese keyboard
        values = _range(number, text) if ":" in text else _listed(number, text)
    elif isinstance(given, Iterable) and not isinstance(given, bytes | Mapping):
        values = tuple(_value(number, one) for one in given)
    else:
        raise refused("vary", given, (
            f"values of {number.short} are expected", 'write a list such as [5, 8, 10], or "5:15:6"',
            f"此处应为 {number.short} 的取值", '请写列表（如 [5, 8, 10]）或 "5:15:6"',
        ))  # fmt: skip
    values = tuple(dict.fromkeys(values))
    if len(values) < 2:
        raise _refused(number, given, (
            "two different values are needed at least", "name more values, or set a single one with --set",
            "至少需要两个不同的取值", "请多写几个取值；只取一个值时请用 --set",
        ))  # fmt: skip
    return Axis(Variation(number, min(values), max(values)), values)


def _range(number: NumberAt, text: str) -> tuple[float, ...]:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or not all(parts):
        raise _refused(number, text, (
            "a range with its number of values is expected", "write LO:HI:N, such as 5:15:6, or 5,8,10",
            "此处应为范围及取值个数", "请写 下限:上限:个数（如 5:15:6）或 5,8,10",
        ))  # fmt: skip
    low, high = _value(number, parts[0]), _value(number, parts[1])
    if not low < high:
        raise _refused(number, text, (
            "the lower end is not below the upper one", "write LO:HI:N, such as 5:15:6",
            "下限不小于上限", "请写 下限:上限:个数，如 5:15:6",
        ))  # fmt: skip
    if not _COUNT.fullmatch(parts[2]) or not 2 <= int(parts[2]) <= MOST_CELLS:
        raise _refused(number, text, (
            f"the number of values is a whole number from 2 to {MOST_CELLS}", "write LO:HI:N, such as 5:15:6",
            f"取值个数须为 2 至 {MOST_CELLS} 的整数", "请写 下限:上限:个数，如 5:15:6",
        ))  # fmt: skip
    return evenly(Variation(number, low, high), int(parts[2]))


def evenly(vary: Variation, count: int) -> tuple[float, ...]:
    """Return so many values in equal steps, both ends included, rounded to six digits of the larger end.

    Rounded values can be typed again, and are the same on any machine.
    """
    largest = max(abs(vary.low), abs(vary.high))
    digits = 0 if vary.whole else 5 - math.floor(math.log10(largest))
    steps = (vary.low + (vary.high - vary.low) * (i / (count - 1)) for i in range(1, count - 1))
    return vary.low, *(float(round(step, digits)) for step in steps), vary.high


def _listed(number: NumberAt, text: str) -> tuple[float, ...]:
    parts = [part.strip() for part in _LIST.split(text)]
    if any(_GROUP.fullmatch(part) for part in parts[1:]):
        raise _refused(number, text, (
            "commas stand between values, not between groups of digits", "write 10000000 or 1000万",
            "逗号用于分隔取值，不能用作千位分隔", "请写 10000000 或 1000万",
        ))  # fmt: skip
    return tuple(_value(number, part) for part in parts if part)


def _value(number: NumberAt, given: Any) -> float:
    """Return a value in the key's unit, within the bounds of its term."""
    plain = given.item() if getattr(given, "shape", None) == () else given  # NumPy's numbers
    if isinstance(plain, str):
        plain = unicodedata.normalize("NFKC", plain)
    value = allowed(number, plain, ("vary", f"{number.short}={given}"))
    bounds = number.bounds
    if bounds.low_open and bounds.low is not None and value <= bounds.low:
        raise _refused(number, given, (
            f"must be more than {bounds.low:g}", "write a larger number",
            f"须大于 {bounds.low:g}", "请写更大的数",
        ))  # fmt: skip
    if bounds.high_open and bounds.high is not None and value >= bounds.high:
        raise _refused(number, given, (
            f"must be less than {bounds.high:g}", "write a smaller number",
            f"须小于 {bounds.high:g}", "请写更小的数",
        ))  # fmt: skip
    return float(value)


def _refused(number: NumberAt, given: object, message: tuple[str, str, str, str]) -> UsageError:
    said = given if isinstance(given, str | int | float) else list(given)  # type: ignore[call-overload]
    return refused("vary", f"{number.short}={said}", message)
