"""Formulas as text: infix over names of records, with letters for the parts that are used several times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from string import ascii_lowercase

__all__ = ["text_of"]

_MINUS = "−"
_OPPOSITE = {"add": "subtract", "subtract": "add"}
_SIGNS = {"add": " + ", "subtract": " − ", "multiply": " × ", "divide": " ÷ "}
_LEVELS = {"where_positive": 0, "ratio": 2, "add": 1, "subtract": 1, "multiply": 2, "divide": 2}
"""How strongly an operation binds its operands; what is not in it is an atom."""
_ATOM = 3
_CALLS = {"minimum": "min", "maximum": "max", "finite": "happened"}

_Step = tuple[str, tuple[int, ...], float | None, str | None]


def text_of(steps: Sequence[_Step]) -> str:
    """Return the last of some steps as text.

    >>> steps = [("record", (), None, "paid"), ("number", (), 0.5, None), ("multiply", (1, 0), None, None)]
    >>> text_of(steps)
    '0.5 × paid'
    >>> steps = [("record", (), None, "paid"), ("number", (), -1.0, None), ("multiply", (1, 0), None, None)]
    >>> text_of([*steps, ("subtract", (0, 2), None, None)])
    'paid + paid'
    """
    uses = Counter(operand for _, operands, _, _ in steps for operand in operands)
    letters = _letters()
    texts: list[tuple[str, int]] = []
    shared: list[str] = []
    for position, step in enumerate(steps):
        text, level = _text(step, texts)
        if uses[position] > 1 and step[1]:
            letter = next(letters)
            shared.append(f"{letter} = {text}")
            text, level = letter, _ATOM
        texts.append((text, level))
    where = f", where {'; '.join(shared)}" if shared else ""
    return f"{texts[-1][0]}{where}"


def _text(step: _Step, texts: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """Return the text of a step, and how strongly it binds."""
    operation, operands, number, record = step
    own = [texts[operand] for operand in operands]
    if not operands:
        text = record or _digits(number or 0.0)
        return text, 2 if record is None and text.startswith(_MINUS) else _ATOM
    if operation in _CALLS:
        return f"{_CALLS[operation]}({', '.join(text for text, _ in own)})", _ATOM
    if operation == "where_positive":
        return f"{_bound(own[1], 1)} if {_bound(own[0], 1)} > 0 else 0", 0
    if operation == "ratio":
        return _ratio(own, number)
    return _joined(operation, own)


def _joined(operation: str, own: Sequence[tuple[str, int]]) -> tuple[str, int]:
    level = _LEVELS[operation]
    if operation == "add" and own[0][0] == "0" and len(own) > 1:
        own = own[1:]  # sums that begin with 0
    if len(own) == 1:
        return own[0]
    first, *others = own
    if operation == "multiply" and first[0] == f"{_MINUS}1":
        return f"{_MINUS}{_bound(others[0], _ATOM)}", level
    # A sum in a sum is added before, so that its brackets say something; so do those of a difference.
    text = _bound(first, level)
    for one in others:
        sign, operand = _SIGNS[operation], _bound(one, level + 1)
        if operation in _OPPOSITE and operand.startswith(_MINUS):
            # To add what is below 0 is to subtract it without its sign, to the last bit.
            sign, operand = _SIGNS[_OPPOSITE[operation]], operand.removeprefix(_MINUS)
        text += f"{sign}{operand}"
    return text, level


def _ratio(own: Sequence[tuple[str, int]], empty: float | None) -> tuple[str, int]:
    text = f"{_bound(own[0], 2)} ÷ {_bound(own[1], 3)}"
    return (text, 2) if empty is None or math.isnan(empty) else (f"{text} else {_digits(empty)}", 0)


def _bound(part: tuple[str, int], level: int) -> str:
    text, own = part
    return text if own >= level else f"({text})"


def _digits(number: float) -> str:
    text = repr(number)
    return text.removesuffix(".0").replace("-", _MINUS)


def _letters() -> Iterator[str]:
    """Yield a … z, then a1 … z1, and so on."""
    for turn in count():
        for letter in ascii_lowercase:
            yield letter if turn == 0 else f"{letter}{turn}"
