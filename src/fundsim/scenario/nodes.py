"""The tree of a scenario file: every value and every key with its place.

Nodes are plain data.  A tree is made by :mod:`fundsim.scenario.build`, settled and merged by
:mod:`fundsim.scenario.inherit`, and checked against the terms by :mod:`fundsim.scenario.check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = [
    "Amendment",
    "Block",
    "Entry",
    "Hole",
    "Items",
    "Key",
    "Node",
    "Place",
    "Removal",
    "Scalar",
    "key_text",
    "leaves",
    "shown",
    "written",
]

Key = tuple[str | int, ...]
"""Path to a value: keys of mappings and positions in lists."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column count from 1, the column in characters."""

    file: str
    line: int
    column: int


@dataclass(slots=True, kw_only=True)
class Node:
    """What all nodes have: a place, and what the value form ``{value: …, source: …}`` adds."""

    place: Place
    low: Scalar | None = None
    high: Scalar | None = None
    apart: Scalar | None = None
    source: tuple[str, ...] = ()
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class Scalar(Node):
    """One value, resolved by the YAML 1.2 core rules."""

    value: object
    written: str
    """As it stands in the file, quotes included."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A key of a block and what it holds."""

    place: Place
    node: Node
    repaired: bool = False
    """Whether it stands on a line that was repaired to be read: it may belong to another block."""


@dataclass(slots=True, kw_only=True)
class Block(Node):
    """A mapping, in the order of the file."""

    entries: dict[str, Entry] = field(default_factory=dict)
    resembles: str | None = None
    """Of an item that an heir adds, the inherited item whose name is near its own: it may mean that one."""


@dataclass(slots=True, kw_only=True)
class Items(Node):
    """A list."""

    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Amendment(Node):
    """``{low: …, high: …, apart: …, source: …}`` without ``value``: it amends an inherited value."""


@dataclass(slots=True, kw_only=True)
class Removal(Node):
    """``{remove: true}``: takes away what is inherited."""

    name: str | None = None
    """Name of the list item to remove."""


@dataclass(slots=True, kw_only=True)
class Hole(Node):
    """Something unusable that a fault has already reported."""


def shown(text: str, limit: int = 48) -> str:
    """Return text as a message may show it: one line, no control characters, not too long.

    >>> shown("two" + chr(10) + "lines") == "two" + chr(92) + "nlines"
    True
    """
    flat = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: limit + 1])
    return flat if len(text) <= limit else flat[: limit - 1] + "…"


def written(node: Node) -> str | None:
    """Return how a message shows a node's value."""
    match node:
        case Scalar():
            return shown(node.written)
        case Block() | Amendment() | Removal():
            return "{…}"
        case Items():
            return "[…]"
        case _:
            return None


def key_text(path: Key) -> str:
    """Return a path as messages and ``--set`` write it, without ``instruments.`` or ``segments.``.

    >>> key_text(("instruments", "zhubaodai", "multiple"))
    'zhubaodai.multiple'
    """
    if len(path) > 1 and path[0] in ("instruments", "segments"):
        path = path[1:]
    return shown(".".join(str(part) for part in path), 120)


def leaves(node: Node, path: Key = ()) -> Iterator[tuple[Key, Node]]:
    """Yield every node below that is no mapping and no list, with its path."""
    match node:
        case Block():
            for key, entry in node.entries.items():
                yield from leaves(entry.node, (*path, key))
        case Items():
            for index, item in enumerate(node.items):
                yield from leaves(item, (*path, index))
        case _:
            yield path, node
