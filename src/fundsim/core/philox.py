"""Philox4x64-10, the counter-based generator of Salmon et al. (SC 2011), as numpy has it.

``philox(c0, c1, c2, c3, k0, k1)`` is a pure function of counter and key: no state, so path i is the
same path for any number of threads and blocks.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from fundsim.core.compile import kernel

__all__ = ["philox"]

MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)


@intrinsic
def _wide_multiply_high(typing_context, a, b):  # noqa: ARG001 - numba's signature
    def emit(context, builder, signature, arguments):  # noqa: ARG001 - numba's signature
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), emit


def multiply_high(a, b):
    """Return the upper 64 bits of the 128-bit product of two uint64."""
    return np.uint64((int(a) * int(b)) >> 64)


@overload(multiply_high, inline="always")
def _multiply_high_compiled(a, b):  # noqa: ARG001 - numba matches the arguments by name
    return lambda a, b: _wide_multiply_high(a, b)


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four uint64 words of one block.

    Args:
        c0: least significant counter word (uint64), then c1, c2, c3.
        c1: see c0.
        c2: see c0.
        c3: see c0.
        k0: first key word (uint64).
        k1: second key word (uint64).
    """
    for _ in range(10):
        high_0 = multiply_high(MULTIPLIER_0, c0)
        high_1 = multiply_high(MULTIPLIER_1, c2)
        low_0 = MULTIPLIER_0 * c0
        low_1 = MULTIPLIER_1 * c2
        c0 = high_1 ^ c1 ^ k0
        c1 = low_1
        c2 = high_0 ^ c3 ^ k1
        c3 = low_0
        k0 = k0 + WEYL_0
        k1 = k1 + WEYL_1
    return c0, c1, c2, c3
