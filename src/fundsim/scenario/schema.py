"""JSON Schema of scenario files, for completion and checks in editors.

Made from the terms, so that it allows what the loader allows as far as a schema can say it: every
value also in the form ``{value: …, low: …, high: …, source: …, note: …}``, every block with
``source`` and ``note``, and ``{remove: true}`` for what is inherited.  Because a file may extend
another, no key is compulsory in the schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from annotated_types import Len, MaxLen, MinLen

from fundsim.scenario.anatomy import Anatomy, Bounds, FieldOf, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.scenario import HasTerms
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms
from fundsim.units import Quantity, YearMonth

__all__ = ["json_schema"]

_SOURCE = {
    "description": 'Where the value comes from: a fact id of `sources`, a document, or "assumption"',
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}
_NOTE = {"description": "A remark for readers", "type": "string"}
_APART = {"$ref": "#/$defs/apart"}
_APART_FORM = {
    "description": "Whether the value is in doubt by itself, and not together with the same key of other "
    "segments or instruments",
    "type": "boolean",
}
_REMOVE = {
    "type": "object",
    "properties": {"remove": {"const": True}, "name": {"type": "string"}},
    "required": ["remove"],
    "additionalProperties": False,
}
_ABOUT = {"source": {"$ref": "#/$defs/source"}, "note": {"$ref": "#/$defs/note"}}
# Written without \w, which means ASCII letters to most editors: names may be Chinese.
_NAME = {"pattern": r"^[^\s!-/:-@\[-^`{-~0-9][^\s!-/:-@\[-^`{-~]{0,63}$"}


def json_schema(kinds: Mapping[str, HasTerms]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario files with the given instrument kinds."""
    writer = _Writer()
    root = writer.block(ScenarioTerms)
    properties: dict[str, Any] = {
        "extends": {
            "type": "string",
            "description": "File beside this one or below, or bundled scenario, that this one changes",
        },
        **root["properties"],
    }
    properties["instruments"] = writer.instruments(kinds)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fundsim scenario",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {
            "source": _SOURCE,
            "note": _NOTE,
            "remove": _REMOVE,
            "apart": _APART_FORM,
            **writer.definitions,
        },
    }


class _Writer:
    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def block(self, cls: type[Term]) -> dict[str, Any]:
        """Return the schema of a term's block."""
        properties: dict[str, Any] = {}
        for field in fields_of(cls):
            schema = {**self.value(field.anatomy, field.metadata), "description": _description(field)}
            if not field.required and isinstance(field.default, int | float | str):
                schema["default"] = field.default
            properties[field.key] = schema
        return {"type": "object", "properties": {**properties, **_ABOUT}, "additionalProperties": False}

    def _reference(self, cls: type[Term]) -> dict[str, Any]:
        name = f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}"
        if name not in self.definitions:
            self.definitions[name] = {}  # a term may hold itself
            self.definitions[name] = self.block(cls)
        return {"$ref": f"#/$defs/{name}"}

    def value(self, form: Anatomy, metadata: tuple[Any, ...]) -> dict[str, Any]:
        """Return the schema of whatever a field may hold, value form and removal included."""
        plain = self._plain(form, metadata)
        one = self._shared(plain[0] if len(plain) == 1 else {"anyOf": plain})
        annotated = {
            "type": "object",
            "properties": {"value": one, "low": one, "high": one, "apart": _APART, **_ABOUT},
            "minProperties": 1,
            "additionalProperties": False,
        }
        return self._shared({"anyOf": [one, annotated, {"$ref": "#/$defs/remove"}]})

    def _shared(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a reference to a schema, written once however often it is used."""
        if set(schema) == {"$ref"}:
            return schema
        content = json.dumps(schema, sort_keys=True, ensure_ascii=False)
        name = self._names.setdefault(content, f"form.{len(self._names) + 1}")
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def _plain(self, form: Anatomy, metadata: tuple[Any, ...]) -> list[dict[str, Any]]:
        found = [_scalar(annotation, metadata) for annotation in form.scalars]
        found += [self._reference(cls) for cls in form.terms]
        if form.table:
            inner = anatomy(form.table[1])
            table = {
                "type": "object",
                "properties": dict(_ABOUT),
                "additionalProperties": self.value(inner, ()),
            }
            found.append({**table, "propertyNames": _NAME} if inner.terms else table)
        if form.item is not None:
            inner = anatomy(form.item)
            # An heir's list of blocks may be shorter or longer than what it makes of the inherited one.
            sizes = {} if inner.terms else _sizes(metadata, "minItems", "maxItems")
            found.append({"type": "array", "items": self.value(inner, ()), **sizes})
        if form.fixed:
            items = [self.value(anatomy(kind), ()) for kind in form.fixed]
            found.append(
                {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
            )
        if form.optional:
            found.append({"type": "null"})
        return found

    def instruments(self, kinds: Mapping[str, HasTerms]) -> dict[str, Any]:
        """Return the schema of the instruments: by ``kind``, a block of that kind's terms."""
        choices: list[dict[str, Any]] = []
        for kind, entry in kinds.items():
            block = self.block(entry.terms)
            block["properties"] = {"kind": {"const": kind}, **block["properties"]}
            self.definitions[f"kind.{kind}"] = block
            test = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
            choices.append({"if": test, "then": {"$ref": f"#/$defs/kind.{kind}"}})
        # An heir need not repeat the kind; its keys are then those of some kind.
        blocks = [{"$ref": f"#/$defs/kind.{kind}"} for kind in kinds]
        choices.append({"if": {"not": {"required": ["kind"]}}, "then": {"anyOf": blocks}})
        one = {
            "type": "object",
            # Without this an editor offers no kind before one is written.
            "properties": {"kind": {"enum": list(kinds), "description": "Kind of instrument"}},
            "allOf": choices,
        }
        return {
            "type": "object",
            "description": "Instruments by name, each with its kind",
            "properties": dict(_ABOUT),
            "propertyNames": _NAME,
            "additionalProperties": {"anyOf": [{"$ref": "#/$defs/remove"}, one]},
        }


def _description(field: FieldOf) -> str:
    unit = field.unit or _unit(field)
    text = f"{field.meaning} [{unit}]" if unit else field.meaning
    return f"{text} · {field.zh}"


def _unit(field: FieldOf) -> str | None:
    for annotation in field.anatomy.scalars:
        quantity = quantity_of(annotation, field.metadata)
        if isinstance(quantity, Quantity):
            return quantity.unit
    return None


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> dict[str, Any]:
    form = anatomy(annotation)
    if form.choices:
        return {"enum": list(form.choices)}
    quantity = quantity_of(annotation, metadata)
    if quantity is YearMonth:
        return YearMonth.json_schema()
    bounds = bounds_of(annotation, metadata)
    if isinstance(quantity, Quantity):
        number = {"type": "integer" if quantity.integer else "number", **_range(bounds)}
        return {"anyOf": [number, {"type": "string", "pattern": quantity.pattern}]}
    bare = get_args(annotation)[0] if get_origin(annotation) is not None else annotation
    if bare in (int, float):
        return {"type": "integer" if bare is int else "number", **_range(bounds)}
    if bare is bool:
        return {"type": "boolean"}
    return {"type": "string", **_sizes(metadata, "minLength", "maxLength")}


def _sizes(metadata: tuple[Any, ...], least: str, most: str) -> dict[str, int]:
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
