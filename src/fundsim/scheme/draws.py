"""Where a random number comes from: the counter words that both engines agree on.

Philox4x64-10 with key ``(seed, path)`` and counter words, least significant first,
``(draw, entity, month, purpose)``.  An entity is a hash of a dotted name and never a position, so
that adding an instrument shifts nobody's numbers.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

__all__ = ["CITY", "MIXING", "Purpose", "entity", "sector_entity"]


class Purpose(IntEnum):
    """The last counter word: what a number is drawn for.  Values are fixed once shipped."""

    FACTOR = 1
    """Innovation of the city factor or of a sector factor; word 0 of draw 0."""
    LIFE = 2
    """Defaults over the life of the loans granted or renewed at a month's end, and their months."""
    MATURITY = 3
    """Default at maturity, renewal, and default when a renewal is forbidden."""
    LGD = 4
    """Loss given default of one defaulted loan."""
    OPENING = 5
    """Defaults over the remaining life of the opening stock, and their months."""
    MIXING = 6
    """The χ² that mixes a Student-t copula in a step; word 0 of draw 0, entity ``economy.mixing``."""
    POPULATION = 7
    """Entries and exits of a segment's firms in a month."""
    DRAWN = 8
    """A multiple drawn once a path; word 0 of draw 0, month 0."""
    TAPE = 9
    """Lives and renewals of the loans of a tape."""
    BRIDGE = 10
    """A request to a bridge fund: its day, size, days of use and fate; or requests given directly."""
    EQUITY = 11
    """Raising, deals and their ends of an equity fund (docs/definitions.md, "Equity funds")."""
    BUDGET = 12
    """Shares of appropriations that are paid, events, growth of a bank's book, moves in a ladder of firms."""


MIXING = "economy.mixing"
"""Name of the mixing variable's entity."""
CITY = "economy.city"
"""Name of the city factor's entity."""


def entity(name: str) -> int:
    """Return the 64-bit entity number of a dotted name.

    >>> entity("economy.city") == entity("economy.city") != entity("economy.sector.trade")
    True
    """
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest(), "little")


def sector_entity(sector: str) -> int:
    """Return the entity number of a sector's factor."""
    return entity(f"economy.sector.{sector}")
