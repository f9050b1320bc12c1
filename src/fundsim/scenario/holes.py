"""What stands in a term for something that could not be read, so that no rule goes on as if it had been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["UNUSABLE", "Incomplete", "Unusable", "has_holes"]


class Unusable:
    """Stands for a value that could not be read; looking into it in any way raises AttributeError.

    A rule that meets one, inside a list for instance, must not go on as if it were some value.
    """

    __slots__ = ()

    def _refuse(self, *_: object) -> Any:
        raise AttributeError("this value could not be read")

    __bool__ = __eq__ = __hash__ = __len__ = __iter__ = _refuse


UNUSABLE = Unusable()


class Incomplete(dict[Any, Any]):
    """A table that may hold more than could be read: only what is known to be in it can be asked for."""

    def _refuse(self, *_: object) -> Any:
        raise AttributeError("this table could not be read whole")

    __iter__ = __len__ = __bool__ = keys = values = items = __eq__ = __missing__ = _refuse
    __hash__ = None

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or bool(self._refuse())

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what a key holds, if that is known."""
        return self[key]


def has_holes(value: Any) -> bool:
    """Return whether something in a value, its lists and tables could not be read."""
    if isinstance(value, Incomplete):
        return True
    if isinstance(value, Mapping):
        return any(has_holes(inner) for inner in value.values())
    if isinstance(value, tuple | list):
        return any(has_holes(inner) for inner in value)
    return value is UNUSABLE
