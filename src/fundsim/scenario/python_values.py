"""Python values as nodes of a scenario: what ``Scenario.set``, overrides and a run's manifest give."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from typing import Any

from fundsim.scenario.encoding import first_control
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Block, Entry, Items, Key, Node, Place, Scalar, shown

__all__ = ["UnfitValue", "control_character", "from_python"]

DEEPEST = 32
"""Levels of mappings and lists, as in a file."""
MOST_VALUES = 1_000_000
"""A list that contains the same lists again and again must not take all memory."""

_NO_KIND: Message = (
    "a scenario can't hold such a value", "give a number, a text, a list or a mapping",
    "情景不能包含这种值", "请给出数字、文字、列表或键值组",
)  # fmt: skip
_ITSELF: Message = (
    "contains itself",
    "give plain lists and mappings",
    "包含自身",
    "请给出普通的列表和键值组",
)
_TOO_DEEP: Message = (
    f"nested deeper than {DEEPEST} levels", "make it flatter", f"嵌套超过 {DEEPEST} 层", "请减少层数",
)  # fmt: skip
_TOO_MANY: Message = ("too many values", "give fewer", "值过多", "请减少")
_MASKED: Message = (
    "a masked or missing value", "give a value, or None for none",
    "值被屏蔽或缺失", "请给出数值，无值请写 None",
)  # fmt: skip


class UnfitValue(Exception):  # noqa: N818 - reported to the user as a fault
    """A value that no scenario can hold: where in the whole it is, how it is shown, and why."""

    def __init__(self, path: Key, value: object, message: Message) -> None:
        super().__init__(message[0])
        self.path = path
        self.written = _shown(value)
        self.message = message


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview):
        return "[…]"
    return shown(repr(value)[:120], 40)


def control_character(text: str) -> Message | None:
    """Return what to report of a text with a control character, as no scenario file may have."""
    found = first_control(text)
    if found is None:
        return None
    return (f"a control character ({shown(found)})", "delete it",
            f"含有控制字符（{shown(found)}）", "请删除")  # fmt: skip


def from_python(value: Any, place: Place) -> Node:
    """Return a Python value as a node, all of it at one place.

    Raises:
        UnfitValue: if something in it is no number, text, truth value, None, mapping, sequence or calendar
            month, or if it is nested too deep.
    """
    return _Builder(place).node(value, ())


class _Builder:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._around: set[int] = set()
        self._count = 0

    def node(self, value: Any, path: Key) -> Node:
        self._count += 1
        if self._count > MOST_VALUES:
            raise UnfitValue((), value, _TOO_MANY)
        if value is None or isinstance(value, bool | int | float | str):
            return self._scalar(value, path)
        if isinstance(value, Mapping) or _is_sequence(value):
            return self._nested(value, path)
        if hasattr(value, "item") and hasattr(value, "tolist"):  # NumPy's and pandas' scalars, arrays, series
            return self.node(_as_plain(value, path), path)
        if hasattr(value, "months_since"):
            return Scalar(place=self._place, value=str(value), written=str(value))
        raise UnfitValue(path, value, _NO_KIND)

    def _scalar(self, value: object, path: Key) -> Scalar:
        message = control_character(value) if isinstance(value, str) else None
        if message is not None:
            raise UnfitValue(path, value, message)
        return Scalar(place=self._place, value=value, written=_written(value))

    def _nested(self, value: Any, path: Key) -> Node:
        if id(value) in self._around:
            raise UnfitValue((), value, _ITSELF)
        if len(path) >= DEEPEST:
            raise UnfitValue((), value, _TOO_DEEP)
        self._around.add(id(value))
        try:
            if isinstance(value, Mapping):
                return self._block(value, path)
            items = [self.node(item, (*path, index)) for index, item in enumerate(value)]
            return Items(place=self._place, items=items)
        finally:
            self._around.discard(id(value))

    def _block(self, value: Mapping[Any, Any], path: Key) -> Block:
        entries = {}
        for given, item in value.items():
            key = str(given)
            message = control_character(key)
            if message is not None:
                raise UnfitValue(path, key, message)
            entries[key] = Entry(place=self._place, node=self.node(item, (*path, key)))
        return Block(place=self._place, entries=entries)


def _is_sequence(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview)


def _as_plain(value: Any, path: Key) -> Any:
    """Return NumPy's or pandas' values as Python's; what is masked or missing is none."""
    plain = value.tolist()
    kind = getattr(getattr(value, "dtype", None), "kind", "O")
    if kind != "O" and _has_none(plain):
        raise UnfitValue(path, value, _MASKED)
    if not hasattr(plain, "tolist"):
        return plain
    if isinstance(plain, numbers.Real):  # a long double has no equal in Python
        return float(plain)
    raise UnfitValue(path, value, _NO_KIND)


def _has_none(plain: Any) -> bool:
    return any(map(_has_none, plain)) if isinstance(plain, list) else plain is None


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value!r}"
