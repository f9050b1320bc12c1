"""What a report says, before it becomes a file: chapters of sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fundsim.report.sheets import Sheet
from fundsim.report.texts import Language

if TYPE_CHECKING:
    from fundsim.report.canvas import Picture  # (matplotlib)

__all__ = ["Block", "Chapter", "Document", "Drawing", "Paragraphs", "Stored", "Subject", "TableOf"]


class Subject(Protocol):
    """What a report is about: a run or a decision."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What was run, and when."""
        ...


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Sentences, each a paragraph of its own."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table with its title and the notes below it."""

    title: str
    sheet: Sheet
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture that a folder keeps."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture; it has its title, its errors and its source in itself."""

    name: str
    """Unique in the document: letters, digits, dots and underscores."""
    title: str
    """What it shows, for those who can't see it."""
    picture: Picture | Stored
    """Drawn now, or kept in the folder."""


Block = Paragraphs | TableOf | Drawing


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A report."""

    lang: Language
    title: str
    subtitle: str
    """What kind of report it is, of which scenario, and when it was computed."""
    answers: Sequence[str]
    """The first page in words: does it hold, how large, what does it cost, what drives it."""
    sureness: Sequence[str]
    """How sure this is: simulation error and doubt apart."""
    chapters: Sequence[Chapter]
    source: str
    """Where the figures come from: program, scenario, paths, seed."""
