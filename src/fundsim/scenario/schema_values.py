"""Keywords of a JSON Schema for single values, each for values of one type: they can stand together."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from annotated_types import Len, MaxLen, MinLen

from fundsim.scenario.anatomy import Anatomy, Bounds, anatomy, bounds_of, quantity_of
from fundsim.units import Quantity, YearMonth

__all__ = ["NULL", "PATTERN", "Schema", "choices", "scalars", "sizes"]

Schema = dict[str, Any]
NULL = "null"
PATTERN = ("pattern", "patternErrorMessage")
"""Keywords of a text that is read: what it must look like, and what editors say if it does not."""


def scalars(annotations: tuple[Any, ...], metadata: tuple[Any, ...]) -> Schema:
    """Return the keywords of the single values of a form, with the list of their types."""
    found: Schema = {}
    types: list[str] = []
    for annotation in annotations:
        schema = _scalar(annotation, metadata)
        if set(schema) & set(found):
            raise TypeError(f"{annotations}: two forms of a value that a schema can't distinguish")
        types += schema.pop("type")
        found |= schema
    return {"type": types, **found}


def choices(schema: Schema, form: Anatomy) -> Schema:
    """Return a schema in which values that are no block are among the choices of a form, if it has any."""
    if not form.choices:
        return schema
    words = {"enum": [*form.choices, *([None] if form.optional else [])]}
    # Editors offer examples, and not what stands under `else`.
    return {**schema, "examples": list(form.choices), "if": {"type": "object"}, "else": words}


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> Schema:
    form = anatomy(annotation)
    if form.choices:
        return {"type": ["string"]}
    quantity = quantity_of(annotation, metadata)
    if quantity is YearMonth:
        return {**YearMonth.json_schema(), "type": ["string"], **_said("2015-03")}
    bounds = bounds_of(annotation, metadata)
    if isinstance(quantity, Quantity):
        number = "integer" if quantity.integer else "number"
        text = {"pattern": quantity.pattern, **_said(quantity.example)}
        return {"type": [number, "string"], **_range(bounds), **text}
    bare = get_args(annotation)[0] if get_origin(annotation) is not None else annotation
    if bare in (int, float):
        return {"type": ["integer" if bare is int else "number"], **_range(bounds)}
    if bare is bool:
        return {"type": ["boolean"]}
    return {"type": ["string"], **sizes(metadata, "minLength", "maxLength")}


def _said(example: str) -> Schema:
    """Return what editors say of a text that fits no pattern, in place of the pattern."""
    return {"patternErrorMessage": f"write {example}"}


def sizes(metadata: tuple[Any, ...], least: str, most: str) -> dict[str, int]:
    """Return the bounds of a length under the names that a schema gives them."""
    found: dict[str, int] = {}
    for mark in metadata:
        if isinstance(mark, MinLen | Len) and mark.min_length:
            found[least] = mark.min_length
        if isinstance(mark, MaxLen | Len) and mark.max_length is not None:
            found[most] = mark.max_length
    return found


def _range(bounds: Bounds) -> dict[str, float]:
    found: dict[str, float] = {}
    if bounds.low is not None:
        found["exclusiveMinimum" if bounds.low_open else "minimum"] = bounds.low
    if bounds.high is not None:
        found["exclusiveMaximum" if bounds.high_open else "maximum"] = bounds.high
    return found
