"""Formulas as a flat program that works each shared part out once for a block of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import Records
from fundsim.scheme.formula import Formula, parts_of

__all__ = ["Program", "evaluate", "safe_ratio"]

Floats = NDArray[np.float64]
_Operation = Callable[[Sequence[Any], float | None], Any]


class _Instruction(NamedTuple):
    """A step of a program; steps count from 0, and operands stand before what they are operands of."""

    operation: str
    operands: tuple[int, ...]
    number: float | None
    record: str | None
    formula: Formula | None
    """The formula whose value it is, if that is wanted."""
    ended: tuple[int, ...]
    """Steps whose values nothing needs after this one."""


class Program:
    """The steps by which formulas are worked out.

    Args:
        formulas: what is wanted; a formula that stands twice is worked out once.
    """

    def __init__(self, formulas: Sequence[Formula]) -> None:
        wanted = set(formulas)
        parts = list(parts_of(formulas))
        position = {part: place for place, part in enumerate(parts)}
        operands = [tuple(position[operand] for operand in part.operands) for part in parts]
        ended = _last_uses(operands)
        self._instructions = [
            _Instruction(
                part.operation,
                operands[place],
                part.number,
                part.record,
                part if part in wanted else None,
                ended[place],
            )
            for place, part in enumerate(parts)
        ]

    def __len__(self) -> int:
        return len(self._instructions)

    @property
    def records(self) -> tuple[str, ...]:
        """Names of the records that the formulas read, each once, in the order of reading."""
        return tuple(step.record for step in self._instructions if step.record is not None)

    def values(self, records: Records) -> Iterator[tuple[Formula, Floats]]:
        """Yield each formula with its value from records as soon as that is known.

        A value may be the record itself; a formula that reads no record has a value without a shape.
        """
        found: list[Any] = [None] * len(self._instructions)
        for place, step in enumerate(self._instructions):
            if step.record is not None:
                value = records[step.record]
            else:
                value = _OPERATIONS[step.operation]([found[o] for o in step.operands], step.number)
            found[place] = value
            if step.formula is not None:
                yield step.formula, np.asarray(value, dtype=np.float64)
            for past in step.ended:
                found[past] = None


def _last_uses(operands: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return for each step the steps whose values nothing needs after it."""
    last = dict(enumerate(range(len(operands))))
    for place, own in enumerate(operands):
        last.update(dict.fromkeys(own, place))
    ended: list[list[int]] = [[] for _ in operands]
    for place, end in last.items():
        ended[end].append(place)
    return [tuple(places) for places in ended]


def evaluate(formula: Formula, records: Records) -> Floats:
    """Return the value of one formula from records."""
    ((_, value),) = Program([formula]).values(records)
    return value


def safe_ratio(numerator: Floats, denominator: Floats, empty: float) -> Floats:
    """Return numerator ÷ denominator, and ``empty`` where the denominator is 0.

    >>> safe_ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]), 1.0)
    array([0.5, 1. ])
    """
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    result = np.full(numerator.shape, empty)
    np.divide(numerator, denominator, out=result, where=denominator != 0.0)
    return result


def _fold(operation: np.ufunc) -> _Operation:
    """Return the operation that works its operands off from left to right."""

    def fold(operands: Sequence[Any], _: float | None) -> Any:
        first, *others = operands
        if not others:
            return first
        value = operation(first, others[0])  # a new array, never an operand's own
        for other in others[1:]:
            in_place = value.ndim and np.ndim(other) <= value.ndim
            value = operation(value, other, out=value) if in_place else operation(value, other)
        return value

    return fold


def _number(_: Sequence[Any], number: float | None) -> Any:
    return np.float64(np.nan if number is None else number)


_OPERATIONS: Mapping[str, _Operation] = {
    "number": _number,
    "add": _fold(np.add),
    "subtract": _fold(np.subtract),
    "multiply": lambda o, _: o[0] * o[1],
    "divide": lambda o, _: o[0] / o[1],
    "ratio": lambda o, number: safe_ratio(o[0], o[1], np.nan if number is None else number),
    "minimum": _fold(np.minimum),
    "maximum": _fold(np.maximum),
    "where_positive": lambda o, _: np.where(o[0] > 0.0, o[1], 0.0),
    "finite": lambda o, _: np.isfinite(o[0]).astype(float),
}
