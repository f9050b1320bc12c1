"""Rules that a scheme keeps whatever engine runs it; what breaks one has no meaning, or more than one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fundsim.scheme.economy import Window
from fundsim.scheme.nouns import NOUNS
from fundsim.scheme.scheme import Scheme

__all__ = ["check_scheme", "with_longest_life"]


def check_scheme(scheme: Scheme) -> None:
    """Refuse a scheme that breaks a rule of one of its nouns; both engines ask before they prepare one.

    Raises:
        ValueError: the faults, one a line.
    """
    if faults := list(dict.fromkeys(_faults(scheme))):
        raise ValueError("\n".join(faults))


def _faults(scheme: Scheme) -> Iterator[str]:
    if scheme.window.waiting > scheme.window.run_off:
        yield f"loans run {scheme.window.waiting} months after the window, the scheme {scheme.window.run_off}"
    for noun in NOUNS:
        for one in noun.all_in(scheme).values():
            yield from one.faults(scheme)
    if (last := _last_month(scheme)) >= scheme.window.total:
        yield f"a noun lives until month {last}, the scheme has {scheme.window.total}"


def with_longest_life(scheme: Scheme) -> Window:
    """Return the window with a run-off in which every noun reaches its end; lending keeps its own."""
    window = scheme.window
    missing = _last_month(scheme) + 1 - window.total
    if missing <= 0:
        return window
    return replace(window, run_off=window.run_off + missing, lending_run_off=window.waiting)


def _last_month(scheme: Scheme) -> int:
    """Return the last month of the longest life in a scheme."""
    ends = (one.end(scheme) for noun in NOUNS for one in noun.all_in(scheme).values())
    return max(ends, default=scheme.window.months - 1)
