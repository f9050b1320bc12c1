"""The decorators that make kernels.

They are made in one of two ways: ``private`` asks numba for what it does not promise, ``public`` for its
documented options only.  Which one depends on the version of numba (``mode.py``); results are the same bit
by bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

from fundsim.core.machine.cache import CACHE_FOLDER
from fundsim.core.machine.mode import MODE

if MODE == "private":
    from fundsim.core.machine.private.making import make_entry, make_kernel
else:
    from fundsim.core.machine.public import make_entry, make_kernel

__all__ = ["entry", "kernel", "outlined", "spliced"]

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function that is copied into the kernels that call it.

    No GIL, no allocation, IEEE arithmetic.  Only an ``entry`` may be called from Python.  With
    ``NUMBA_DISABLE_JIT=1`` all are plain Python, with the same results bit by bit.
    """
    return make_kernel(function, forceinline=True)


def spliced(function: F) -> F:
    """Compile a function as a part of its one caller's text.

    For the few functions on top, which hold all others: compiled on their own they would take the
    compiler through the whole path once for each of them.
    """
    return make_kernel(function, inline="always")


def outlined(function: F) -> F:
    """Compile a function that LLVM may call instead of copying it: large or rarely reached."""
    # Not said, forceinline would be inherited from the caller.
    return make_kernel(function, forceinline=False)


def entry(function: F) -> F:
    """Compile a function that Python calls; kept for later processes, with all kernels in it."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE_FOLDER)  # read while the cache of this function is set up
    try:
        return make_entry(function)
    finally:
        config.CACHE_DIR = before
