"""JSON that carries a digest of its own text, so that no change to it goes unnoticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["json_bytes", "sealed", "unsealed"]

DIGEST = "digest"


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return readable JSON: a line for each entry of a list of objects, indented otherwise.

    Thousands of figures on a line each are ten times as fast to write as indented ones.
    """

    def line(value: Any) -> str:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = (json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in value)
            return "[\n  " + ",\n  ".join(entries) + "\n ]"
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).replace("\n", "\n ")

    entries = (f" {json.dumps(key, ensure_ascii=False)}: {line(value)}" for key, value in data.items())
    return ("{\n" + ",\n".join(entries) + "\n}\n").encode("utf-8")


def sealed(data: Mapping[str, Any]) -> bytes:
    """Return data as JSON with a digest of its text as the last entry."""
    digest = hashlib.sha256(json_bytes(data)).hexdigest()
    return json_bytes({**data, DIGEST: digest})


def unsealed(content: bytes) -> tuple[dict[str, Any] | None, bool]:
    """Return the data of sealed JSON, None if it is no JSON object, and whether it is as it was written."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None, False
    if not isinstance(data, dict):
        return None, False
    data.pop(DIGEST, None)
    try:
        return data, sealed(data) == content
    except (ValueError, RecursionError):  # half of a surrogate pair, or a NaN, that we never write
        return data, False
