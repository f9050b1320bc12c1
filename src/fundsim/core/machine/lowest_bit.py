"""The position of the lowest bit of a word, which the processor finds at once and numba does not."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

__all__ = ["lowest_bit"]


@intrinsic
def _lowest_bit(typing_context, word):
    def emit(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), emit


def lowest_bit(word):
    """Return the position, from 0, of the lowest bit that is set in a uint64; it is not 0."""
    word = int(word)
    return (word & -word).bit_length() - 1


@overload(lowest_bit, inline="always")
def _lowest_bit_compiled(word):
    return lambda word: _lowest_bit(word)  # noqa: PLW0108 - numba compiles a function, not an intrinsic
