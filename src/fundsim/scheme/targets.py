"""A target of a programme: a metric at a date, and the bound that it is to keep on a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be met; docs/definitions.md, "Targets"."""

    name: str
    metric: str
    """Name of a metric, without year and date."""
    horizon: Literal["window", "run_off"]
    year: int | None
    """Calendar year in which the budget year begins, of a target for one year."""
    at_least: bool
    """Whether the bound is the least value that meets it, and not the largest."""
    bound: float
    """In the metric's unit."""
    heading: str
    """Of the performance target table."""
    left_out: tuple[str, ...] = ()
    """Budget lines, or instruments, that pay after the window, too, where the target counts what is paid by
    the window's end only."""
