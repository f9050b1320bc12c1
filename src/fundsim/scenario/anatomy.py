"""What a field of a term can hold, read off its annotation.

The checker, the JSON Schema and the reference page all ask here, so that they can't disagree.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from fundsim.scenario.term import Item, Term
from fundsim.units import Quantity, YearMonth

__all__ = ["Anatomy", "Bounds", "FieldOf", "anatomy", "bounds_of", "fields_of", "quantity_of"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Range of a number; None means none."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The forms that a value may take."""

    optional: bool = False
    """Whether null is allowed."""
    terms: tuple[type[Term], ...] = ()
    """Blocks."""
    table: tuple[Any, Any] | None = None
    """Key and value annotation of a mapping with free keys."""
    item: Any = None
    """Annotation of a list's items."""
    fixed: tuple[Any, ...] = ()
    """Annotations of the items of a list of fixed length."""
    as_tuple: bool = False
    scalars: tuple[Any, ...] = ()
    """Annotations of single values, ``Annotated`` kept."""
    choices: tuple[Any, ...] = ()
    """Values of all ``Literal`` annotations."""

    @property
    def takes_list(self) -> bool:
        """Whether a list is allowed."""
        return self.item is not None or bool(self.fixed)


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of a term as users know it."""

    name: str
    key: str
    """The key in the file: the alias where there is one."""
    info: FieldInfo
    anatomy: Anatomy
    meaning: str
    zh: str
    unit: str | None

    @property
    def required(self) -> bool:
        """Whether the key is compulsory."""
        return self.info.is_required()

    @property
    def default(self) -> Any:
        """Value when the key is left out."""
        return self.info.get_default(call_default_factory=True)

    @property
    def metadata(self) -> tuple[Any, ...]:
        """Bounds and validators that pydantic keeps beside the annotation."""
        return tuple(self.info.metadata)


@cache
def fields_of(cls: type[Term]) -> tuple[FieldOf, ...]:
    """Return the fields of a term in the order of its definition."""
    return tuple(_field(name, info) for name, info in cls.model_fields.items())


def _field(name: str, info: FieldInfo) -> FieldOf:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = extra.get("unit")
    return FieldOf(
        name,
        info.alias or name,
        info,
        anatomy(info.annotation),
        str(extra.get("meaning", "")),
        str(extra.get("zh", "")),
        str(unit) if unit else None,
    )


def anatomy(annotation: Any) -> Anatomy:
    """Return the forms of an annotation."""
    return _anatomy(annotation)


@cache
def _anatomy(annotation: Any) -> Anatomy:
    form = Anatomy()
    for member in _members(annotation):
        form = _with_member(form, member)
    return form


def _members(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    return [annotation]


def _with_member(form: Anatomy, member: Any) -> Anatomy:
    """Return the forms with those of one member of the union added."""
    bare = get_args(member)[0] if get_origin(member) is Annotated else member
    origin, args = get_origin(bare), get_args(bare)
    if bare is None or bare is type(None):
        return replace(form, optional=True)
    if isinstance(bare, type) and origin is None and issubclass(bare, Term):
        return replace(form, terms=(*form.terms, bare))
    if origin is Literal:
        return replace(form, scalars=(*form.scalars, member), choices=(*form.choices, *args))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return replace(form, table=(args[0], args[1]))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _with_list(form, origin, args)
    return replace(form, scalars=(*form.scalars, member))


def _with_list(form: Anatomy, origin: type, args: tuple[Any, ...]) -> Anatomy:
    if origin is tuple and args[-1:] != (Ellipsis,):
        return replace(form, fixed=args, as_tuple=True)
    if isinstance(args[0], type) and issubclass(args[0], Term) and not issubclass(args[0], Item):
        raise TypeError(f"{args[0].__name__} stands in a list, so that its base must be Item")
    return replace(form, item=args[0], as_tuple=origin is tuple)


def quantity_of(annotation: Any, metadata: Sequence[Any] = ()) -> Quantity | type[YearMonth] | None:
    """Return the quantity behind a single value, or YearMonth, or None for text and the like."""
    if get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        metadata = [*inner, *metadata]
    if annotation is YearMonth:
        return YearMonth
    return next((m for m in metadata if isinstance(m, Quantity)), None)


def bounds_of(annotation: Any, metadata: Sequence[Any] = ()) -> Bounds:
    """Return the narrowest range that an annotation and its field allow."""
    inner = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None
    for mark in _flat([*inner, *metadata]):
        if isinstance(mark, Quantity):
            low = _narrower(low, mark.low, False, max)
            high = _narrower(high, mark.high, False, min)
        elif isinstance(mark, Gt | Ge):
            low = _narrower(low, mark.gt if isinstance(mark, Gt) else mark.ge, isinstance(mark, Gt), max)
        elif isinstance(mark, Lt | Le):
            high = _narrower(high, mark.lt if isinstance(mark, Lt) else mark.le, isinstance(mark, Lt), min)
    return Bounds(
        low[0] if low else None,
        high[0] if high else None,
        bool(low and low[1]),
        bool(high and high[1]),
    )


def _flat(marks: Sequence[Any]) -> list[Any]:
    return [m for mark in marks for m in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]


def _narrower(
    now: tuple[float, bool] | None, bound: Any, is_open: bool, pick: Any
) -> tuple[float, bool] | None:
    if bound is None:
        return now
    # An integer that no float holds, as the largest seed, stays one.
    exact = bound if isinstance(bound, int) and int(float(bound)) != bound else float(bound)
    if now is None or bound == now[0]:
        return exact, is_open or bool(now and now[1])
    return (exact, is_open) if pick(now[0], bound) == bound else now
