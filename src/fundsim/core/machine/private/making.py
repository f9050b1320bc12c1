"""Kernels by the options of numba that are private.

Why ``_nrt=False``: kernels allocate nothing, and without numba's run-time there is no reference
counting of every array of every tuple at every call, which halves the time of a path.  A test compares it
with the public way.  Kernels have no wrapper for Python, because wrappers take three quarters of the time to
compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

from fundsim.core.machine.private.compilers import EntryCompiler, KernelCompiler, one_for_all_constants

__all__ = ["make_entry", "make_kernel"]

F = TypeVar("F", bound=Callable[..., Any])


def _compile(function: F, **options: Any) -> F:
    njit: Any = numba.njit  # its types know nothing of the private option
    compiled: F = njit(nogil=True, error_model="numpy", _nrt=False, **options)(function)
    return compiled


def make_kernel(function: F, **options: Any) -> F:
    """Compile a function that only compiled functions call."""
    options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return one_for_all_constants(_compile(function, pipeline_class=KernelCompiler, **options))


def make_entry(function: F) -> F:
    """Compile a function that Python calls."""
    return _compile(function, cache=True, pipeline_class=EntryCompiler)
