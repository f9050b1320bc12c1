"""The only function that moves money."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel

__all__ = ["transfer"]


@kernel
def transfer(lines, state, line, amount):
    """Book an amount [yuan] on a line: from its source to its target, remembered by kind."""
    state.flow[line] += amount
    state.accounts[lines[line].source].balance -= amount
    state.accounts[lines[line].target].balance += amount
