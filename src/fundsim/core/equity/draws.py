"""What a fund draws, by counter words that the second engine draws too."""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.philox import philox
from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.pack.lgd_table import LIMIT

__all__ = ["block_of", "number_of_deals", "score_of", "share_of"]

LARGEST = 1.0 - 2.0**-53
NO_MORE = 1e-18
"""A probability that moves no sum near 1."""


@kernel
def block_of(key, entity, month, number):
    """Return the four words of a block of a fund's month."""
    return philox(np.uint64(number), entity, np.uint64(month), purposes.EQUITY, key[0], key[1])


@kernel
def number_of_deals(u, mean):
    """Return the smallest n with u < P(N ≤ n), N Poisson with this mean of up to about 100."""
    probability = math.exp(-mean)
    total = probability
    n = 0
    while u >= total and (n < mean or probability > NO_MORE):
        n += 1
        probability *= mean / n
        total += probability
    return n


@kernel
def score_of(u):
    """Return Φ⁻¹(u), also where rounding has taken u to 0 or 1."""
    return normal_quantile(min(max(u, 1e-300), LARGEST))


@outlined
def share_of(equities, row, z):
    """Return BetaInv(Φ(z)) of a law of shares, or its fixed value.

    By Hermite's cubic between nodes so dense that the error is below 1e-12, or below 1e-7 for laws with
    nearly all of their mass at 0 and 1.
    """
    law = equities.share_laws[row]
    if law.n_nodes == 0:
        return law.fixed
    step = 2.0 * LIMIT / (law.n_nodes - 1)
    position = (min(max(z, -LIMIT), LIMIT) + LIMIT) / step
    node = min(np.int64(position), law.n_nodes - 2)
    u = position - node
    rest = 1.0 - u
    nodes = equities.share_nodes
    first = law.first_node + node
    value = (
        nodes[first].value * (1.0 + 2.0 * u) * rest * rest
        + nodes[first + 1].value * u * u * (3.0 - 2.0 * u)
        + step * nodes[first].slope * u * rest * rest
        - step * nodes[first + 1].slope * u * u * rest
    )
    return min(max(value, 0.0), 1.0)
