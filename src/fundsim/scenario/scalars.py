"""Plain scalars by the core schema of YAML 1.2.

``no`` stays text, ``1e6`` is a number, ``2015-01`` stays text, ``0o17`` is octal and ``017`` is 17.
Rules: YAML 1.2.2, section 10.3.2.
"""

from __future__ import annotations

import re

__all__ = ["resolve"]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_LONGEST = 400
"""A number of more characters is beyond every float, and slow to convert."""


def resolve(text: str) -> object:
    """Return the value of a plain scalar: None, bool, int, float or text.

    >>> [resolve(t) for t in ("no", "1e6", "2015-01", "017", "0o17", ".5", "~", "True")]
    ['no', 1000000.0, '2015-01', 17, 15, 0.5, None, True]
    """
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INFINITE.fullmatch(text) or text in _NAN:
        return float(text.replace(".", "", 1))
    return _number(text) if len(text) <= _LONGEST else text


def _number(text: str) -> int | float | str:
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    return float(text) if _FLOAT.fullmatch(text) else text
