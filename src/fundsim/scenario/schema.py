"""JSON Schema of scenario files, for completion and checks in editors.

Made from the terms, so that it allows what the loader allows as far as a schema can say it: every
value also in the form ``{value: …, low: …, high: …, source: …, note: …}``, every block with
``source`` and ``note``, and ``{remove: true}`` for what is inherited.  Because a file may extend
another, no key is compulsory in the schema, except the kind of an instrument in a file that extends none.

No value has a choice of schemas, so that an error is about what was meant, and not that a value fits none of
twenty schemas: keywords of numbers, texts and lists are for values of that type alone, the forms of a block
are distinguished by their words, which no key of a term may be, and instruments by their kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fundsim.scenario.anatomy import Anatomy, FieldOf, anatomy, fields_of, quantity_of
from fundsim.scenario.scenario import HasTerms
from fundsim.scenario.schema_values import NULL, PATTERN, Schema, choices, scalars, sizes
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms
from fundsim.units import Quantity

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
_ANNOTATED = {"anyOf": [{"required": [word]} for word in ("value", "low", "high", "apart")]}
_REFERENCE_TO_REMOVE = {"$ref": "#/$defs/remove"}
_ABOUT = {"source": {"$ref": "#/$defs/source"}, "note": {"$ref": "#/$defs/note"}}
# Written without \w, which means ASCII letters to most editors: names may be Chinese.
_NAME = {"pattern": r"^[^\s!-/:-@\[-^`{-~0-9][^\s!-/:-@\[-^`{-~]{0,63}$"}

_KINDS_GIVEN = {
    "properties": dict.fromkeys(_ABOUT, True),
    "additionalProperties": {
        "if": {"type": "object", "not": {"required": ["remove"]}},
        "then": {"required": ["kind"]},
    },
}


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
        "if": {"not": {"required": ["extends"]}},
        "then": {"properties": {"instruments": _KINDS_GIVEN}},
        "$defs": {
            "source": _SOURCE,
            "note": _NOTE,
            "remove": _REMOVE,
            "annotated": _ANNOTATED,
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
        one = self._one(form, metadata)
        plain = self._shared(one)
        annotated = {
            "type": "object",
            "properties": {"value": plain, "low": plain, "high": plain, "apart": _APART, **_ABOUT},
            "minProperties": 1,
            "additionalProperties": False,
        }
        block = one.get("then")
        if block is not None:
            annotated = {"if": {"$ref": "#/$defs/annotated"}, "then": annotated, "else": block}
        types = one["type"] if "object" in one["type"] else [*one["type"], "object"]
        form_of_object = {"if": {"required": ["remove"]}, "then": _REFERENCE_TO_REMOVE, "else": annotated}
        return self._shared({**one, "type": types, "if": {"type": "object"}, "then": form_of_object})

    def _one(self, form: Anatomy, metadata: tuple[Any, ...]) -> Schema:
        """Return the schema of a plain value: keywords by type, and under ``then`` those of a block."""
        found = self._with_text_apart(scalars(form.scalars, metadata))
        if form.takes_list:
            found = {**found, **self._list(form, metadata), "type": [*found["type"], "array"]}
        block = self._block_of(form)
        if block is not None:
            found = {
                **found,
                "type": ["object", *found["type"]],
                "if": {"type": "object"},
                "then": block,
            }
        if form.optional:
            found = {**found, "type": [*found["type"], NULL]}
        return choices(found, form)

    def _with_text_apart(self, schema: Schema) -> Schema:
        """Return keywords in which those of a text are a reference: a pattern is long, and many share it."""
        text = {word: schema[word] for word in PATTERN if word in schema}
        rest = {word: schema[word] for word in schema if word not in text}
        return {**rest, **self._shared(text)} if text else rest

    def _block_of(self, form: Anatomy) -> Schema | None:
        """Return the schema of a block or of a table with free keys, if the form has one."""
        if form.table is None:
            return self._reference(form.terms[0]) if form.terms else None
        inner = anatomy(form.table[1])
        table = {
            "type": "object",
            "properties": dict(_ABOUT),
            "additionalProperties": self.value(inner, ()),
        }
        return {**table, "propertyNames": _NAME} if inner.terms else table

    def _list(self, form: Anatomy, metadata: tuple[Any, ...]) -> Schema:
        if form.fixed:
            items = [self.value(anatomy(kind), ()) for kind in form.fixed]
            return {"prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        inner = anatomy(form.item)
        # An heir's list of blocks may be shorter or longer than what it makes of the inherited one.
        lengths = {} if inner.terms else sizes(metadata, "minItems", "maxItems")
        return {"items": self.value(inner, ()), **lengths}

    def _shared(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a reference to a schema, written once however often it is used."""
        if set(schema) == {"$ref"}:
            return schema
        if len(schema.get("type", ())) == 1:
            schema = {**schema, "type": schema["type"][0]}
        content = json.dumps(schema, sort_keys=True, ensure_ascii=False)
        name = self._names.setdefault(content, f"form.{len(self._names) + 1}")
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def instruments(self, kinds: Mapping[str, HasTerms]) -> dict[str, Any]:
        """Return the schema of the instruments: by ``kind``, a block of that kind's terms."""
        forms: list[dict[str, Any]] = []
        for kind, entry in kinds.items():
            block = self.block(entry.terms)
            block["properties"] = {"kind": {"const": kind}, **block["properties"]}
            self.definitions[f"kind.{kind}"] = block
            test = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
            forms.append({"if": test, "then": {"$ref": f"#/$defs/kind.{kind}"}})
        # An heir need not repeat the kind; its keys are then those of some kind.
        forms.append({"if": {"not": {"required": ["kind"]}}, "then": self._of_any(kinds)})
        one = {
            "type": "object",
            # Without this an editor offers no kind before one is written.
            "properties": {"kind": {"enum": list(kinds), "description": "Kind of instrument"}},
            "allOf": forms,
        }
        return {
            "type": "object",
            "description": "Instruments by name, each with its kind",
            "properties": dict(_ABOUT),
            "propertyNames": _NAME,
            "additionalProperties": {
                "if": {"type": "object", "required": ["remove"]},
                "then": _REFERENCE_TO_REMOVE,
                "else": one,
            },
        }

    def _of_any(self, kinds: Mapping[str, HasTerms]) -> Schema:
        """Return the schema of a block whose kind is not known: each key as some kind has it."""
        forms: dict[str, list[Schema]] = {}
        for kind in kinds:
            for key, schema in self.definitions[f"kind.{kind}"]["properties"].items():
                bare = {word: schema[word] for word in schema if word not in ("description", "default")}
                if bare not in forms.setdefault(key, []):
                    forms[key].append(bare)
        del forms["kind"]
        properties = {key: one[0] if len(one) == 1 else {"anyOf": one} for key, one in forms.items()}
        return {"properties": properties, "additionalProperties": False}


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
