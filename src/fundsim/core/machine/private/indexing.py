"""Indices without numba's wraparound.

For every index that might be negative numba adds a test and a choice, so that ``a[-1]`` means the
last.  Kernels never count from the end, tables of rows that name rows of other tables are full of such
indices, and leaving the tests out takes a tenth off the time of a path.  numba has no option for it:
so its function that puts them in is exchanged while a kernel is compiled, under numba's own lock, and
nothing else that a user compiles is touched.  A test runs kernels as plain Python on arrays that refuse
negative indices; another compares the two ways of compiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import types
from numba.core.compiler_lock import global_compiler_lock
from numba.np import arrayobj

__all__ = ["no_wraparound"]

_module: Any = arrayobj  # its types know nothing of the function


def _index_as_it_is(context: Any, builder: Any, index_type: Any, index: Any, _size: Any) -> Any:
    word = types.intp if index_type.signed else types.uintp
    return context.cast(builder, index, index_type, word)


@contextmanager
def no_wraparound() -> Iterator[None]:
    """Compile what is compiled meanwhile with indices as they are."""
    with global_compiler_lock:
        before = _module.fix_integer_index
        _module.fix_integer_index = _index_as_it_is
        try:
            yield
        finally:
            _module.fix_integer_index = before
