"""What a noun of a scheme declares of itself, once: records, ledger entries, faults, and its life.

A noun is a class whose objects make up a scheme: a contract, a facility, a party.  Everything that
has to know all of them (the row of an engine, the ledger, the trace, the rules) loops over
``nouns.NOUNS`` and reads these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["Entry", "Line", "Nature", "Noun", "Record", "Words"]

Words = tuple[str, str]
"""The same in English and in Chinese."""


class Nature(Enum):
    """How a record comes about."""

    FLOW = "flow"
    """Cumulative since month 0: its difference over a year is that year's amount."""
    STOCK = "stock"
    """The state at the date."""
    MONTH = "month"
    """Number of the first month in which something happened, infinity if it has not."""
    SNAPSHOT = "snapshot"
    """A stock that exists at snapshots only and can't feed a series."""
    PATH_VALUE = "path value"
    """A figure that the engine computes when the path ends: NaN at earlier dates, so it feeds no series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of each object of a noun."""

    name: str
    nature: Nature
    unit: str
    """A unit of ``metrics.Unit``."""
    english: str
    chinese: str
    step: int | None = None
    """Step of the month at which it grows, so that a trace dates it; None: nothing that a trace lists."""
    start: float = 0.0
    """Value before month 0 of every object, unless ``Noun.at_start`` has another."""
    before: frozenset[str] = frozenset()
    """Kinds of the object's payments before which a trace lists it; none: at the beginning of its step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the ledger: every transfer of one kind from one party to another."""

    source: str
    target: str
    kind: str

    @property
    def record(self) -> str:
        """Name of the cumulative record of this line."""
        return f"flow/{self.source}>{self.target}/{self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an object books: on which line, and at which steps of the month.

    Entries of one line share its record.  Where an entry is booked at two steps, ``early`` says what of a
    month's amount belongs to the first: the sum of factor × what the record gained in the month.
    """

    line: Line
    steps: tuple[int, ...]
    early: tuple[tuple[str, float], ...] = ()
    """(record, factor); an entry that has none is booked at its last step."""
    rank: int = 0
    """Place among the entries of one step, lower ones first, so that nobody pays before it is paid."""


class Noun:
    """Base of the nouns of a scheme."""

    __slots__ = ()

    place: ClassVar[str]
    """Field of the scheme that holds the objects."""
    prefix: ClassVar[str] = ""
    """First part of the names of its records: ``prefix/subject/record``."""
    records: ClassVar[tuple[Record, ...]] = ()
    kinds: ClassVar[Mapping[str, Words]] = {}
    """Kinds of ledger entries that its objects may book, with what a trace calls them."""

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return subject → object of this noun, in the order of the row; a nameless one has its number."""
        return {getattr(one, "name", str(j)): one for j, one in enumerate(getattr(scheme, cls.place))}

    @classmethod
    def record(cls, subject: str, what: str) -> str:
        """Return the name of a record of one object."""
        return f"{cls.prefix}/{subject}/{what}"

    @classmethod
    def names(cls, *natures: Nature) -> tuple[str, ...]:
        """Return the names of its records of some natures, in their order."""
        return tuple(record.name for record in cls.records if record.nature in natures)

    def at_start(self) -> Mapping[str, float]:
        """Return record → its value before month 0, where that is not the same for all objects."""
        return {}

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what the object books in the ledger."""
        yield from ()

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield what breaks a rule whatever engine runs the scheme."""
        yield from ()

    def end(self, scheme: Scheme) -> int:
        """Return the last month of its life; after it the object books nothing and its records hold."""
        return scheme.window.lending - 1
