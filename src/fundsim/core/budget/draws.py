"""What the budget draws, by counter words that the second engine draws too."""

from __future__ import annotations

import numpy as np

from fundsim.core.draws import purposes
from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import unit_interval
from fundsim.core.machine.decorators import kernel

__all__ = ["normal_of", "uniform_of"]

ZERO = np.uint64(0)


@kernel
def uniform_of(key, entity, month):
    """Return the uniform of an entity in a month: word 0 of its draw 0."""
    word, _, _, _ = philox(ZERO, entity, np.uint64(month), purposes.BUDGET, key[0], key[1])
    return unit_interval(word)


@kernel
def normal_of(key, entity, month):
    """Return the same as a standard normal."""
    return normal_quantile(uniform_of(key, entity, month))
