"""The one share of money of a budget: what a line that holds so much pays of what is wanted."""

from __future__ import annotations

from fundsim.scheme.money import HALF_A_FEN

__all__ = ["part_paid"]


def part_paid(money: float, wanted: float) -> float:
    """Return the part of what is wanted that is paid, half a fen given both ways.

    Args:
        money: what the line holds [yuan].
        wanted: what is to be paid of it [yuan].

    >>> part_paid(30.0, 40.0), part_paid(39.996, 40.0), part_paid(0.004, 40.0)
    (0.75, 1.0, 0.0)
    """
    if money < HALF_A_FEN:
        return 0.0
    return 1.0 if wanted <= money + HALF_A_FEN else money / wanted
