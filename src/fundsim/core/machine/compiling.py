"""Reports to people: that kernels begin to be compiled, and how, where that isn't as usual."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["KernelFolderWarning", "UnknownNumbaWarning", "begins", "notice", "reported_to"]

_listeners: list[Callable[[], None]] = []
_readers: list[Callable[[str, str], None]] = []


class UnknownNumbaWarning(UserWarning):
    """This version of numba is not known, so kernels are compiled by its public interface alone."""


class KernelFolderWarning(UserWarning):
    """Compiled kernels are not kept in the folder that was asked for, or not kept at all."""


@contextmanager
def reported_to(listener: Callable[[], None], reader: Callable[[str, str], None]) -> Iterator[None]:
    """Call ``listener`` when kernels begin to be compiled, ``reader`` with a notice in English and Chinese.

    The listener is called once, and not at all if compiled kernels are at hand.
    """
    _listeners.append(listener)
    _readers.append(reader)
    try:
        yield
    finally:
        _readers.remove(reader)
        if listener in _listeners:
            _listeners.remove(listener)


def begins() -> None:
    """Report that the compiler has been called."""
    while _listeners:
        _listeners.pop()()


def notice(english: str, chinese: str, category: type[UserWarning]) -> None:
    """Give a line to the innermost reader; without one it is a warning of Python, of the category."""
    if _readers:
        _readers[-1](english, chinese)
    else:
        warnings.warn(english, category, stacklevel=2)
