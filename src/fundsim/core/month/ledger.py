"""The only function that moves money, and what a payer can pay."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["affordable", "payable", "transfer"]


@kernel
def transfer(lines, state, line, amount):
    """Book an amount [yuan] on a line: from its source to its target, remembered by kind."""
    state.flow[line] += amount
    state.parties[lines[line].source].balance -= amount
    state.parties[lines[line].target].balance += amount


@kernel
def payable(lines, state, line, amount):
    """Return an amount, or what the source of a line holds where it is limited and holds less."""
    if lines[line].limited == 1:
        return min(amount, max(0.0, state.parties[lines[line].source].balance))
    return amount


@kernel
def affordable(held, wanted):
    """Return what a budget line that holds so much pays of an amount [yuan].

    Less than half a fen is nothing, and half a fen more or less is the same.
    """
    if held < HALF_A_FEN:
        return 0.0
    return wanted if wanted <= held + HALF_A_FEN else held
