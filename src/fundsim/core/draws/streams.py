"""Streams of draws: a purpose, an entity and a month each have a stream of their own.

A stream is a row of uint64: words 0–3 hold the block in hand, then the position in it, the number
of the next block, and the entity, month and purpose of the counter.  Nothing is computed before the
first draw is asked for.
"""

from __future__ import annotations

import numpy as np

from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.philox import philox
from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["DRAW", "ENTITY", "MONTH", "ONE", "PURPOSE", "normal", "open_stream", "uniform", "unit_interval"]

BLOCK = 4
"""Words of a block."""
POSITION, DRAW, ENTITY, MONTH, PURPOSE = 4, 5, 6, 7, 8
STREAM_LENGTH = 9
CREDIT, LOSS = 0, 1
"""Two streams are open at once: counts and vintages; losses given default."""

ONE = np.uint64(1)
FOUR = np.uint64(4)
TWELVE = np.uint64(12)


@kernel
def unit_interval(word):
    """Return the middle of the word's cell of (0, 1): never 0, never 1."""
    return (np.int64(word >> TWELVE) + 0.5) * 2.220446049250313e-16


@kernel
def open_stream(stream, entity, month, purpose, first):
    """Point a stream at its counter words; the next draw computes block number ``first``.

    ``entity`` and ``purpose`` (``purposes``) are uint64.
    """
    stream[POSITION] = FOUR
    stream[DRAW] = np.uint64(first)
    stream[ENTITY] = entity
    stream[MONTH] = np.uint64(month)
    stream[PURPOSE] = purpose


@outlined
def next_block(stream, key):
    """Compute the next block of a stream."""
    stream[0], stream[1], stream[2], stream[3] = philox(
        stream[DRAW], stream[ENTITY], stream[MONTH], stream[PURPOSE], key[0], key[1]
    )
    stream[DRAW] += ONE


@kernel
def uniform(stream, key):
    """Return the next uniform of (0, 1)."""
    position = np.int64(stream[POSITION])
    if position == BLOCK:
        next_block(stream, key)
        position = 0
    stream[POSITION] = np.uint64(position + 1)
    return unit_interval(stream[position])


@outlined
def normal(stream, key):
    """Return the next standard normal."""
    return normal_quantile(uniform(stream, key))
