"""Philox4x64-10, the counter-based generator of Salmon et al. (SC 2011), as numpy has it.

``philox(c0, c1, c2, c3, k0, k1)`` is a pure function of counter and key: no state, so path i is the
same path for any number of threads and blocks.
"""

from __future__ import annotations

from functools import wraps

import numpy as np

from fundsim.core.machine.decorators import kernel
from fundsim.core.machine.mode import MODE
from fundsim.core.machine.wide_product import wide_product

__all__ = ["philox"]

MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
TWO_0, FOUR_0, SIX_0, EIGHT_0 = (np.uint64(int(WEYL_0) * n % 2**64) for n in (2, 4, 6, 8))
TWO_1, FOUR_1, SIX_1, EIGHT_1 = (np.uint64(int(WEYL_1) * n % 2**64) for n in (2, 4, 6, 8))


@kernel
def one_round(c0, c1, c2, c3, k0, k1):
    """Return the counter after one round."""
    high_0, low_0 = wide_product(MULTIPLIER_0, c0)
    high_1, low_1 = wide_product(MULTIPLIER_1, c2)
    return high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0


@kernel
def two_rounds(c0, c1, c2, c3, k0, k1):
    """Return the counter after two rounds, the key stepped in between."""
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    return one_round(c0, c1, c2, c3, k0 + WEYL_0, k1 + WEYL_1)


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
    # Five pairs written out: a loop would keep the processor from overlapping blocks.
    c0, c1, c2, c3 = two_rounds(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3 = two_rounds(c0, c1, c2, c3, k0 + TWO_0, k1 + TWO_1)
    c0, c1, c2, c3 = two_rounds(c0, c1, c2, c3, k0 + FOUR_0, k1 + FOUR_1)
    c0, c1, c2, c3 = two_rounds(c0, c1, c2, c3, k0 + SIX_0, k1 + SIX_1)
    return two_rounds(c0, c1, c2, c3, k0 + EIGHT_0, k1 + EIGHT_1)


if MODE == "plain":
    _in_python = philox

    @wraps(_in_python)
    def philox(*words):
        """Let the key's words overflow as they are meant to: NumPy warns of it, compiled code does not.

        Here, in each call, because a setting of NumPy holds for the thread in which it is made.
        """
        with np.errstate(over="ignore"):
            return _in_python(*words)
