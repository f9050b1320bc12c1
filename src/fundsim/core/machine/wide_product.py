"""The 128 bits of a product of two words, which the processor has and numba does not."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

__all__ = ["wide_product"]

MASK = (1 << 64) - 1


@intrinsic
def _wide_product(typing_context, a, b):
    def emit(context, builder, signature, arguments):
        wide = ir.IntType(128)
        word = ir.IntType(64)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, signature.return_type, [high, builder.trunc(product, word)])

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), emit


def wide_product(a, b):
    """Return the upper and the lower 64 bits of the product of two uint64."""
    product = int(a) * int(b)
    return np.uint64(product >> 64), np.uint64(product & MASK)


@overload(wide_product, inline="always")
def _wide_product_compiled(a, b):
    return lambda a, b: _wide_product(a, b)  # noqa: PLW0108 - numba compiles a function, not an intrinsic
