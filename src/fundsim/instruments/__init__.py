"""The kinds of instruments: one line each.  A new lending instrument is one file and its line here."""

from types import MappingProxyType

from fundsim.instruments import compensation_pool
from fundsim.instruments.part import CITY, FIRMS, OUTSIDE, Context, Kind, Part

__all__ = ["CITY", "FIRMS", "KINDS", "OUTSIDE", "Context", "Kind", "Part"]

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            compensation_pool.KIND,
        )
    }
)  # fmt: skip
"""Kind name → kind; handed to ``scenario.load`` and to ``lowering.lower``."""
