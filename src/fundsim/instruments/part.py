"""What a kind of instrument is, and what lowering one instrument yields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from fundsim.scenario.term import Term
from fundsim.scenario.terms import Window as WindowTerms
from fundsim.scheme import Aggregate, Elements, Facility, Metric, Payment, Segment

__all__ = ["Context", "Kind", "Part", "joined"]


@dataclass(frozen=True, slots=True)
class Context:
    """What an instrument may know of the scenario around it."""

    window: WindowTerms
    segments: Mapping[str, Segment]
    riskier: Callable[[str, float], Segment]
    """(segment, multiple) → the segment with that multiple of its stated PD."""
    regime_year: int | None = None
    """Year whose rules apply; None means today's."""
    liquidity: Mapping[str, float] = field(default_factory=dict)
    """Segment → yearly probability of defaults for lack of a bridge that stated PDs include, if they do."""
    facilities: tuple[Facility, ...] = ()
    """What the instruments that lend have lowered to; only for kinds that are lowered after them."""
    payments: tuple[Payment, ...] = ()
    """What is paid on their loans; for the same kinds."""
    subs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Instrument → those that name it as their parent, in the order of the scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Elements):
    """An instrument in the nouns of a scheme.  Parties of one name in several parts are one party."""

    metrics: tuple[Metric | Aggregate, ...] = ()


def joined(*parts: Part) -> Part:
    """Return several parts as one, field by field in the order given."""
    together: dict[str, Any] = {
        field.name: tuple(item for part in parts for item in getattr(part, field.name))
        for field in fields(Part)
    }
    return Part(**together)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of instrument: one line of the registry."""

    name: str
    meaning: str
    meaning_zh: str
    terms: type[Term]
    lower: Callable[[str, Any, Context], Part]
    """(name of the instrument, its terms, context) → its part of the scheme."""
    after_lending: bool = False
    """Whether it is lowered after the kinds that lend, whose facilities it needs."""
