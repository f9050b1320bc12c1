"""Reports that kernels are being compiled: once, when it begins, and never when they are loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["begins", "reported_to"]

_listeners: list[Callable[[], None]] = []


@contextmanager
def reported_to(listener: Callable[[], None]) -> Iterator[None]:
    """Call a listener when kernels begin to be compiled; not at all if compiled ones are at hand."""
    _listeners.append(listener)
    try:
        yield
    finally:
        if listener in _listeners:
            _listeners.remove(listener)


def begins() -> None:
    """Report that the compiler has been called."""
    while _listeners:
        _listeners.pop()()
