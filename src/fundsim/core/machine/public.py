"""Kernels by the documented options of numba alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numba

from fundsim.core.machine import compiling
from fundsim.core.machine.cache import CACHE_FOLDER

__all__ = ["make_entry", "make_kernel"]

F = TypeVar("F", bound=Callable[..., Any])


def make_kernel(function: F, **options: Any) -> F:
    """Compile a function that only compiled functions call."""
    compiled: F = numba.njit(nogil=True, error_model="numpy", **options)(function)
    return compiled


def make_entry(function: F) -> F:
    """Compile a function that Python calls."""
    compiled = make_kernel(function, cache=True)

    @wraps(function)
    def reported(*arguments: Any) -> Any:
        # numba does not say when it compiles; an empty folder has nothing to load.
        if not any(file.is_file() for file in CACHE_FOLDER.rglob("*")):
            compiling.begins()
        return compiled(*arguments)

    return cast("F", reported)
