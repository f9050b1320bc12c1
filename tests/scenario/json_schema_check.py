"""A checker for the part of JSON Schema that the scenario schema uses; it knows nothing of terms."""

from __future__ import annotations

import re
from typing import Any

KNOWN = {
    "$schema", "title", "description", "default", "$defs", "$ref", "type", "properties",
    "additionalProperties", "propertyNames", "required", "minProperties", "anyOf", "allOf", "not", "if",
    "then", "enum", "const", "items", "prefixItems", "minItems", "maxItems", "pattern", "minimum",
    "maximum", "exclusiveMinimum", "exclusiveMaximum",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def accepts(schema: Any, value: Any, root: dict[str, Any]) -> bool:
    """Return whether a schema accepts a value."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    return all(
        (
            "$ref" not in schema or accepts(_referred(schema, root), value, root),
            "type" not in schema or _has_type(schema["type"], value),
            "enum" not in schema or value in schema["enum"],
            "const" not in schema or value == schema["const"],
            "anyOf" not in schema or any(accepts(one, value, root) for one in schema["anyOf"]),
            all(accepts(one, value, root) for one in schema.get("allOf", ())),
            "not" not in schema or not accepts(schema["not"], value, root),
            "if" not in schema
            or not accepts(schema["if"], value, root)
            or accepts(schema["then"], value, root),
            _inside(schema, value, root),
        )
    )


def _referred(schema: Any, root: dict[str, Any]) -> Any:
    return root["$defs"][schema["$ref"].removeprefix("#/$defs/")]


def _inside(schema: Any, value: Any, root: dict[str, Any]) -> bool:
    checks = {dict: _object, list: _array, str: _text, int: _number, float: _number}
    check = checks.get(type(value))
    return check is None or check(schema, value, root)


def _has_type(name: str, value: Any) -> bool:
    return isinstance(value, TYPES[name]) and not (isinstance(value, bool) and name in ("number", "integer"))


def _object(schema: Any, value: dict[str, Any], root: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    if any(key not in value for key in schema.get("required", ())) or len(value) < schema.get(
        "minProperties", 0
    ):
        return False
    for key, item in value.items():
        inner = properties.get(key, schema.get("additionalProperties", True))
        if not accepts(inner, item, root):
            return False
        if "propertyNames" in schema and not accepts(schema["propertyNames"], key, root):
            return False
    return True


def _array(schema: Any, value: list[Any], root: dict[str, Any]) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    prefix = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    return all(accepts(prefix[i] if i < len(prefix) else rest, item, root) for i, item in enumerate(value))


def _text(schema: Any, value: str, root: dict[str, Any]) -> bool:
    return "pattern" not in schema or re.search(schema["pattern"], value) is not None


def _number(schema: Any, value: float, root: dict[str, Any]) -> bool:
    return (
        value >= schema.get("minimum", value)
        and value <= schema.get("maximum", value)
        and not value <= schema.get("exclusiveMinimum", value - 1)
        and not value >= schema.get("exclusiveMaximum", value + 1)
    )
