"""The values of a typed scenario, each with what its key means and may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fundsim.scenario.anatomy import Anatomy, FieldOf, anatomy, fields_of, quantity_of
from fundsim.scenario.term import Item, Term
from fundsim.units import Quantity

__all__ = ["TypedValue", "value_at", "values_of"]


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value of a scenario."""

    steps: tuple[str, ...]
    """Keys and positions that lead to it."""
    called: tuple[str, ...]
    """The same, with the items of lists by their names where all of a list have one."""
    value: Any
    form: Anatomy
    metadata: tuple[Any, ...]
    field: FieldOf | None
    """The key that it belongs to, None for the scenario itself."""

    @property
    def quantity(self) -> Quantity | None:
        """What its number means, None if it can hold none."""
        found = (quantity_of(scalar, self.metadata) for scalar in self.form.scalars)
        return next((one for one in found if isinstance(one, Quantity)), None)

    @property
    def takes_text(self) -> bool:
        """Whether any text is a value of it."""
        return str in self.form.scalars

    def inner(self) -> Iterator[TypedValue]:
        """Yield what it holds, if it is a block or a list."""
        value = self.value
        if isinstance(value, Term):
            for item in fields_of(type(value)):
                if not (isinstance(value, Item) and item.key == "name"):
                    yield self._at(item.key, getattr(value, item.name), item.anatomy, item.metadata, item)
        elif isinstance(value, Mapping):
            form = anatomy(self.form.table[1]) if self.form.table else Anatomy()
            for key, inner in value.items():
                yield self._at(str(key), inner, form, (), self.field)
        elif isinstance(value, tuple | list):
            names = _names(value)
            for position, inner in enumerate(value):
                kind = self.form.fixed[position] if self.form.fixed else self.form.item
                one = self._at(str(position), inner, anatomy(kind), (), self.field)
                yield replace(one, called=(*self.called, names[position])) if all(names) else one

    def _at(
        self, step: str, value: Any, form: Anatomy, metadata: tuple[Any, ...], field: FieldOf | None
    ) -> TypedValue:
        return TypedValue((*self.steps, step), (*self.called, step), value, form, metadata, field)


def _names(items: Sequence[Any]) -> list[str]:
    """Return the names of a list's items, empty for those that have none."""
    return [(item.name or "") if isinstance(item, Item) else "" for item in items]


def values_of(whole: Term) -> Iterator[TypedValue]:
    """Yield the values of a scenario that are no block and no list, and the empty ones that are."""
    waiting = [TypedValue((), (), whole, Anatomy(terms=(type(whole),)), (), None)]
    while waiting:
        one = waiting.pop()
        inner = list(one.inner())
        if inner:
            waiting += reversed(inner)
        else:
            yield one


def value_at(whole: Term, path: tuple[str, ...]) -> TypedValue | None:
    """Return what stands at a path, whose items go by name or position; None if there is nothing."""
    one = TypedValue((), (), whole, Anatomy(terms=(type(whole),)), (), None)
    for step in path:
        names = _names(one.value) if isinstance(one.value, tuple | list) else []
        meant = str(names.index(step)) if step in names else step
        found = next((inner for inner in one.inner() if inner.steps[-1] == meant), None)
        if found is None:
            return None
        one = found
    return one
