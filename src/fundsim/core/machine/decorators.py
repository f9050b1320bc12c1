"""The decorators that make kernels.

Why ``_nrt=False``: kernels allocate nothing, and without numba's run-time there is no reference
counting of every array of every tuple at every call, which halves the time of a path.  The option is
private to numba; a test compares it with the public way, and the minor version of numba is fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import config as numba_config

from fundsim.core.machine.cache import CACHE_FOLDER
from fundsim.core.machine.compilers import EntryCompiler, KernelCompiler, one_for_all_constants

__all__ = ["entry", "kernel", "outlined", "spliced"]

F = TypeVar("F", bound=Callable[..., Any])


def _compile(function: F, **options: Any) -> F:
    njit: Any = numba.njit  # its types know nothing of the private option
    compiled: F = njit(nogil=True, error_model="numpy", _nrt=False, **options)(function)
    return compiled


def _compile_kernel(function: F, **options: Any) -> F:
    options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return one_for_all_constants(_compile(function, pipeline_class=KernelCompiler, **options))


def kernel(function: F) -> F:
    """Compile a function that is copied into the kernels that call it.

    No GIL, no allocation, IEEE arithmetic.  It has no wrapper for Python, because wrappers take three
    quarters of the time to compile; so only an ``entry`` may be called from Python.  With
    ``NUMBA_DISABLE_JIT=1`` all are plain Python, with the same results bit by bit.
    """
    return _compile_kernel(function, forceinline=True)


def spliced(function: F) -> F:
    """Compile a function as a part of its one caller's text.

    For the few functions on top, which hold all others: compiled on their own they would take the
    compiler through the whole path once for each of them.
    """
    return _compile_kernel(function, inline="always")


def outlined(function: F) -> F:
    """Compile a function that LLVM may call instead of copying it: large or rarely reached."""
    # Not said, forceinline would be inherited from the caller.
    return _compile_kernel(function, forceinline=False)


def entry(function: F) -> F:
    """Compile a function that Python calls; kept for later processes, with all kernels in it."""
    config: Any = numba_config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE_FOLDER)  # read while the cache of this function is set up
    try:
        return _compile(function, cache=True, pipeline_class=EntryCompiler)
    finally:
        config.CACHE_DIR = before
