"""Standard exponentials of the tapes' streams, drawn in batches.

One plain loop for the generator and one for the logarithms: the blocks and the logarithms of a batch
overlap in the processor, which those of single draws, each behind a branch that is hard to guess, do not.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import (
    CREDIT,
    DRAW,
    ENTITY,
    LOSS,
    MONTH,
    ONE,
    PURPOSE,
    open_stream,
    unit_interval,
)
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["BATCH", "exponential", "fill_with_uniforms", "open_exponentials"]

BATCH = 16
"""Most that are drawn at once; a stream begins with four and doubles, because most streams give few."""
POSITION, SIZE = 0, 1


@kernel
def open_exponentials(state, entity, month, first):
    """Begin a stream of exponentials; the next draw computes block number ``first``."""
    open_stream(state.stream[CREDIT], entity, month, purposes.TAPE, first)
    state.tape_draws[POSITION] = 2
    state.tape_draws[SIZE] = 2


@kernel
def draw_blocks(stream, key, uniforms, n):
    """Draw n uniforms or up to three more, whole blocks at once."""
    for first in range(0, n, 4):
        a, b, c, d = philox(stream[DRAW], stream[ENTITY], stream[MONTH], stream[PURPOSE], key[0], key[1])
        stream[DRAW] += ONE
        uniforms[first] = unit_interval(a)
        uniforms[first + 1] = unit_interval(b)
        uniforms[first + 2] = unit_interval(c)
        uniforms[first + 3] = unit_interval(d)


@outlined
def refill(stream, key, draws, exponentials):
    """Draw the next batch of a stream."""
    n = min(2 * draws[SIZE], BATCH)
    draw_blocks(stream, key, exponentials, n)
    for j in range(n):
        exponentials[j] = -math.log(exponentials[j])
    draws[SIZE] = n


@kernel
def fill_with_uniforms(state, count):
    """Draw a uniform of the stream of losses for each loan in hand, whole blocks at once."""
    draw_blocks(state.stream[LOSS], state.key, state.tape_uniforms, count)


@kernel
def exponential(state):
    """Return the next standard exponential."""
    position = state.tape_draws[POSITION]
    if position == state.tape_draws[SIZE]:
        refill(state.stream[CREDIT], state.key, state.tape_draws, state.tape_exponentials)
        position = np.int64(0)
    state.tape_draws[POSITION] = position + 1
    return state.tape_exponentials[position]
