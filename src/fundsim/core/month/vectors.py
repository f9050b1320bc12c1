"""Setting and copying whole vectors."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel

__all__ = ["copy", "fill"]


@kernel
def fill(vector, value):
    """Set all of a vector."""
    for j in range(vector.size):
        vector[j] = value


@kernel
def copy(source, target):
    """Copy a vector over another."""
    for j in range(target.size):
        target[j] = source[j]
