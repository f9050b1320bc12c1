"""A formula is data: operations on records by name, each shared part standing once.

Formulas that say the same are one object, so that they compare and hash by identity, whatever their size:
what contracts of a chain can be asked for shares parts that would double at each contract, were it a tree.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from fundsim.scheme.formula_text import text_of

__all__ = ["Formula", "Operation", "Step", "formula", "parts_of", "steps_of"]

Operation = Literal[
    "number",  # the number
    "record",  # the record of that name
    "add",  # first + second + … from left to right
    "subtract",  # first − second − … from left to right
    "multiply",
    "divide",
    "ratio",  # first ÷ second, and the number where the second is 0
    "minimum",
    "maximum",
    "where_positive",  # the second where the first is above 0, else 0
    "finite",  # 1 where it is finite, else 0
]
OPERANDS = {
    **dict.fromkeys(("number", "record"), 0),
    "finite": 1,
    **dict.fromkeys(("multiply", "divide", "ratio", "where_positive"), 2),
}
"""Operation → how many operands it has; the others have one or more."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Formula:
    """One operation on the values of other formulas; ``formula`` makes it, or returns the one there is.

    ``str`` gives it as text; it pickles as the flat list of its steps.
    """

    operation: Operation
    operands: tuple[Formula, ...] = ()
    number: float | None = None
    record: str | None = None

    @property
    def records(self) -> tuple[str, ...]:
        """Names of the records that it reads, each once, in the order of reading."""
        return tuple(dict.fromkeys(part.record for part in parts_of([self]) if part.record is not None))

    def __str__(self) -> str:
        """Return it as text; parts that are used several times have letters and stand behind ``where``."""
        return text_of(steps_of([self]))

    def __repr__(self) -> str:
        return f"<Formula {self}>"

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make it again: from its steps, since a deep one would exhaust the recursion."""
        return _from_steps, (steps_of([self]),)


Step = tuple[Operation, tuple[int, ...], float | None, str | None]
"""Operation, positions of its operands among the earlier steps, number, record."""

_Key = tuple[Operation, tuple[Formula, ...], str | None, str | None]
_known: weakref.WeakValueDictionary[_Key, Formula] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def formula(
    operation: Operation,
    operands: Iterable[Formula] = (),
    *,
    number: float | None = None,
    record: str | None = None,
) -> Formula:
    """Return the formula of an operation; there is one object for what says the same.

    >>> formula("record", record="party/pool/balance") is formula("record", record="party/pool/balance")
    True

    Raises:
        ValueError: there is no such operation, or it has another number of operands.
    """
    own = tuple(operands)
    if operation not in get_args(Operation):
        raise ValueError(f"there is no operation {operation}")
    if len(own) != OPERANDS.get(operation, max(1, len(own))):
        raise ValueError(f"{operation} has {len(own)} operands")
    number = None if number is None else float(number)
    # By its digits, so that 0 and −0 are two numbers, and NaN is one.
    key = operation, own, None if number is None else number.hex(), record
    with _lock:
        found = _known.get(key)
        if found is None:
            found = _known[key] = Formula(operation, own, number, record)
        return found


def steps_of(formulas: Iterable[Formula]) -> tuple[Step, ...]:
    """Return the steps by which formulas are worked out one after the other, each shared part once."""
    position: dict[Formula, int] = {}
    steps: list[Step] = []
    for part in parts_of(formulas):
        position[part] = len(steps)
        steps.append((part.operation, tuple(position[o] for o in part.operands), part.number, part.record))
    return tuple(steps)


def parts_of(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Yield every part of formulas once, operands before what they are operands of, without recursion."""
    done: set[Formula] = set()
    for whole in formulas:
        waiting = [(whole, False)]
        while waiting:
            part, ready = waiting.pop()
            if part in done:
                continue
            if ready:
                done.add(part)
                yield part
            else:
                waiting.append((part, True))
                waiting.extend((operand, False) for operand in reversed(part.operands))


def _from_steps(steps: tuple[Step, ...]) -> Formula:
    made: list[Formula] = []
    for operation, operands, number, record in steps:
        made.append(formula(operation, [made[o] for o in operands], number=number, record=record))
    return made[-1]
