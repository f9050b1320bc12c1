"""The numbers of a scenario that can be varied: what a key's number means, and how far it may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fundsim.errors import ScenarioError
from fundsim.scenario.anatomy import Anatomy, Bounds, FieldOf, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.nodes import Place
from fundsim.scenario.reading import full_path
from fundsim.scenario.scenario import Scenario
from fundsim.scenario.spelling import nearest
from fundsim.scenario.term import Item, Term
from fundsim.units import Quantity

__all__ = ["NumberAt", "number_at"]


@dataclass(frozen=True, slots=True)
class NumberAt:
    """A number of a scenario."""

    key: str
    """Whole dotted key."""
    value: float | int
    """In the quantity's unit."""
    quantity: Quantity
    bounds: Bounds
    """What the term allows."""
    low: float | None
    """What the scenario says of it, if it says so."""
    high: float | None
    meaning: str
    """What the key means, in English."""
    meaning_zh: str

    instrument: str = ""
    """Instrument that it belongs to, if it does."""
    short: str = ""
    """The key as users write it, without ``instruments.`` or ``segments.``."""
    steps: tuple[str, ...] = ()
    """The parts of the key."""

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return self.quantity.unit


def number_at(scenario: Scenario, key: str, *, called: str = "vary") -> NumberAt:
    """Return the number that a key names.

    Args:
        scenario: the scenario.
        key: dotted key, such as ``pool.opening`` or ``demand.yearly.0``; ``instruments.`` and ``segments.``
            may be left out.
        called: what messages call the argument.

    Raises:
        ScenarioError: there is no such key, or what it holds is no number.
    """
    faults = FaultList()
    path = full_path(scenario._material.tree, key, Place(called, 0, 0), faults)
    if path is None:
        raise ScenarioError(faults.sorted())
    try:
        return _found(scenario, tuple(str(step) for step in path))
    except _NoNumber as problem:
        faults.add(Place(called, 0, 0), path, None, problem.message)
        raise ScenarioError(faults.sorted()) from None


class _NoNumber(Exception):  # noqa: N818 - it never reaches a user
    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _found(scenario: Scenario, path: tuple[str, ...]) -> NumberAt:
    value: Any = scenario.terms
    form, field, metadata = Anatomy(terms=(type(value),)), None, ()
    steps: list[str] = []
    for step in path:
        if isinstance(value, Term):
            field = _field(value, step)
            value, form, metadata = getattr(value, field.name), field.anatomy, field.metadata
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
            form, metadata = (anatomy(form.table[1]) if form.table else Anatomy()), ()
        elif isinstance(value, tuple | list):
            position, value = _item(value, step)
            form, metadata = anatomy(form.item), ()
            steps.append(position)
            continue
        else:
            known = list(value) if isinstance(value, Mapping) else []
            raise _NoNumber(_unknown(step, known))
        steps.append(step)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _NoNumber(_not_a_number(value))
    quantity, bounds = _quantity(form, metadata)
    origin = scenario.origins[".".join(steps)]
    meaning, zh = ("", "") if field is None else (field.meaning, field.zh)
    owner = steps[1] if steps[0] == "instruments" else ""
    short = ".".join(steps[1:] if steps[0] in ("instruments", "segments") else steps)
    return NumberAt(
        ".".join(steps),
        value,
        quantity,
        bounds,
        origin.low,
        origin.high,
        meaning,
        zh,
        owner,
        short,
        tuple(steps),
    )


def _field(term: Term, step: str) -> FieldOf:
    fields = {field.key: field for field in fields_of(type(term))}
    if step not in fields:
        raise _NoNumber(_unknown(step, list(fields)))
    return fields[step]


def _item(items: tuple[Any, ...] | list[Any], step: str) -> tuple[str, Any]:
    """Return position and item by its name or its position."""
    names = [item.name if isinstance(item, Item) else None for item in items]
    if step in names:
        return str(names.index(step)), items[names.index(step)]
    if step.isdecimal() and int(step) < len(items):
        return str(int(step)), items[int(step)]
    raise _NoNumber(_unknown(step, [name or str(position) for position, name in enumerate(names)]))


def _unknown(step: str, known: list[str]) -> Message:
    hint = nearest(step, known)
    listed, listed_zh = ", ".join(known) or "none", "、".join(known) or "无"
    return (
        f"there is no {step}", f"did you mean {hint}?" if hint else f"there is: {listed}",
        f"没有 {step}", f"是否想写 {hint}？" if hint else f"现有：{listed_zh}",
    )  # fmt: skip


def _not_a_number(value: Any) -> Message:
    if value is None:
        return (
            "it has no value to start from", "give it one with --set KEY=VALUE",
            "没有可供变动的数值", "请先用 --set 键=值 设定",
        )  # fmt: skip
    if isinstance(value, Term | Mapping):
        known = [f.key for f in fields_of(type(value))] if isinstance(value, Term) else list(map(str, value))
        return (
            "it is a block, not a number", f"name one of its keys: {', '.join(known)}",
            "这是一个块，而不是数值", f"请写其中一个键：{'、'.join(known)}",
        )  # fmt: skip
    if isinstance(value, tuple | list):
        return (
            "it is a list, not a number", "name one of its items, from 0 on",
            "这是一个列表，而不是数值", "请写其中一项（从 0 起编号）",
        )  # fmt: skip
    return (
        "only a number can be varied", "name another key", "只有数值可以变动", "请写其他键",
    )  # fmt: skip


def _quantity(form: Anatomy, metadata: tuple[Any, ...]) -> tuple[Quantity, Bounds]:
    for scalar in form.scalars:
        quantity = quantity_of(scalar, metadata)
        if isinstance(quantity, Quantity):
            return quantity, bounds_of(scalar, metadata)
    raise _NoNumber(_not_a_number(""))
