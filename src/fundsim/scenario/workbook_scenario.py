"""Lays the rows of a workbook over the scenario that it names, those that say another thing than it.

A row that says what the base says leaves it as it is, with its own file, source and range.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol

import pydantic

from fundsim.scenario.build import read_value
from fundsim.scenario.check import reads_as
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.nodes import Block, Entry, Hole, Items, Key, Node, Place, Scalar, shown
from fundsim.scenario.python_values import control_character, from_python
from fundsim.scenario.reading import full_path, laid_over
from fundsim.scenario.scalars import resolve
from fundsim.scenario.term import Term
from fundsim.scenario.typed_values import TypedValue, value_at
from fundsim.scenario.workbook_rows import Cell, Row
from fundsim.units import GROUPED_NUMBER, PLAIN_NUMBER

__all__ = ["DEFAULT_SOURCE", "with_rows"]

DEFAULT_SOURCE = MappingProxyType({"en": "default", "zh": "默认值"})
"""What stands for the source of a default."""
_PLAIN = re.compile(f"[-+]?(?:{PLAIN_NUMBER}|{GROUPED_NUMBER})")
_MARKS = str.maketrans({"−": "-", "“": "", "”": ""})
_EMPTY: Message = (
    "is empty, and the base has a value", "write a value, or null for none, or delete the row",
    "为空，而所改情景有值", "请写数值，无值请写 null，或删去该行",
)  # fmt: skip
_NO_VALUE: Message = (
    "low, high, source or note without a value", "write a value, or clear the row",
    "有上下限、来源或备注而没有值", "请写数值，或清空该行",
)  # fmt: skip
_OLD_SOURCE: Message = (
    "the value was changed, and its source is still that of the base", "write where the new value comes from",
    "数值已改，而来源仍是原来的", "请写明新数值的来源",
)  # fmt: skip


class Base(Protocol):
    """The scenario that is changed."""

    @property
    def terms(self) -> Any:
        """The typed whole."""
        ...

    @property
    def kinds(self) -> Mapping[str, str]:
        """Instrument name → kind."""
        ...

    @property
    def origins(self) -> Mapping[str, Any]:
        """Dotted key → where its value came from."""
        ...

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in plain values."""
        ...


def with_rows(tree: Block, rows: list[Row], base: Base, faults: FaultList) -> Block:
    """Return a scenario's tree with the rows of a workbook laid over it."""
    for row in rows:
        path = full_path(tree, row.key, row.place, faults)
        if path is not None:
            tree = _with_row(tree, row, tuple(str(step) for step in path), base, faults)
    return tree


def _with_row(tree: Block, row: Row, path: tuple[str, ...], base: Base, faults: FaultList) -> Block:
    there = value_at(base.terms, path)
    cell = row.cell("value")
    value = _node(cell, row, there, faults)
    if value is None:
        message = _missing(row, there)
        if message is not None:
            faults.add(cell.place, path, None, message)
        return tree
    if isinstance(value, Hole) or _is_kind(path, value, base):
        return tree
    if path != ("name",) and there is not None and _says_the_same(row, value, there, base, faults):
        return tree
    if there is not None:
        tree = _with_list(tree, there.steps, base, faults)
        _warn_of_source(row, value, there, base, faults)
    node = _annotated(row, value, there, base, faults)
    return laid_over(tree, path, node, row.place, faults)


def _missing(row: Row, there: TypedValue | None) -> Message | None:
    """Return what is wrong with a row without a value, None if nothing is."""
    if there is not None and there.value is not None and there.value not in ("", (), {}):
        return _EMPTY
    return _NO_VALUE if any(row.cell(one).text for one in ("low", "high", "note")) else None


def _is_kind(path: tuple[str, ...], value: Node, base: Base) -> bool:
    """Return whether a row repeats the kind of an instrument."""
    is_kind = len(path) == 3 and path[0] == "instruments" and path[2] == "kind"
    return is_kind and isinstance(value, Scalar) and value.value == base.kinds.get(path[1])


def _node(cell: Cell, row: Row, there: TypedValue | None, faults: FaultList) -> Node | None:
    """Return what a cell says as a node, None if it is empty."""
    value, place = cell.value, cell.place
    if isinstance(value, bool):
        return Scalar(place=place, value=value, written=cell.text)
    if isinstance(value, date):
        return _month(value, place)
    return _written(cell, row, there, faults) if cell.text else None


def _written(cell: Cell, row: Row, there: TypedValue | None, faults: FaultList) -> Node:
    """Return a number or a text as a node."""
    value, text, place = cell.value, cell.text, cell.place
    unfit = control_character(text)
    if unfit is not None:
        faults.add(place, row.key, shown(text), unfit)
        return Hole(place=place)
    if isinstance(value, int | float) and not cell.percent and not row.ending:
        # A number in a cell for texts, such as a name, is the text that it shows.
        is_text = there is not None and there.takes_text and there.quantity is None
        return Scalar(place=place, value=text if is_text else resolve(text), written=text)
    if text[0] in "[{":
        return read_value(text, place, faults)
    return _text(text, row.ending, there, place)


def _text(text: str, ending: str, there: TypedValue | None, place: Place) -> Scalar:
    takes_text = there is not None and there.takes_text
    plain = unicodedata.normalize("NFKC", text).translate(_MARKS).strip()
    if _PLAIN.fullmatch(plain) and ending:
        return Scalar(place=place, value=plain + ending, written=plain + ending)
    if takes_text:
        return Scalar(place=place, value=None if text == "null" else text, written=text)
    if there is not None and there.quantity is not None:
        text = plain
    return Scalar(place=place, value=resolve(text), written=text)


def _month(value: date, place: Place) -> Scalar:
    """Return a date that a spreadsheet made of a month as that month."""
    is_first = value.day == 1 and not (isinstance(value, datetime) and (value.hour or value.minute))
    text = f"{value:%Y-%m}" if is_first else f"{value:%Y-%m-%d}"
    return Scalar(place=place, value=text, written=text)


def _says_the_same(row: Row, value: Node, there: TypedValue, base: Base, faults: FaultList) -> bool:
    """Return whether a row says of a value what the base says of it."""
    if not _is_same(value, there):
        return False
    origin = base.origins.get(".".join(there.steps))
    if origin is None:
        return True
    silent = FaultList()
    bounds = [
        (_node(row.cell(name), row, there, silent), old)
        for name, old in (("low", origin.low), ("high", origin.high))
    ]
    return (
        all(old is None if new is None else _reads_as(new, there, old) for new, old in bounds)
        and _sources(row) == origin.source
        and (row.cell("note").text or None) == (origin.note.strip() if origin.note else None)
    )


def _is_same(value: Node, there: TypedValue) -> bool:
    if isinstance(value, Items | Block):
        held = value.items if isinstance(value, Items) else value.entries
        return not held and there.value in ((), [], {})
    if not isinstance(value, Scalar) or value.value is None:
        return isinstance(value, Scalar) and there.value is None
    if value.value == str(there.value) and not isinstance(there.value, Term):
        return True
    return _reads_as(value, there, there.value)


def _reads_as(node: Node, there: TypedValue, wanted: Any) -> bool:
    """Return whether a key's type reads a node as a value."""
    if not isinstance(node, Scalar) or not there.form.scalars or wanted is None:
        return False
    try:
        return bool(reads_as(there.form, there.metadata, node) == wanted)
    except pydantic.ValidationError:
        return False


def _sources(row: Row) -> tuple[str, ...]:
    text = row.cell("source").text
    if text in DEFAULT_SOURCE.values():
        return ()
    parts = [part.strip() for part in re.split("[;；\n]", text)]
    return tuple("assumption" if part == "假设" else part for part in parts if part)


def _annotated(row: Row, value: Node, there: TypedValue | None, base: Base, faults: FaultList) -> Node:
    """Return a value with what else its row says, as a file has it: ``{value: …, low: …, source: …}``."""
    entries: dict[str, Entry] = {"value": Entry(place=value.place, node=value)}
    for name in ("low", "high"):
        node = _node(row.cell(name), row, there, faults)
        if node is not None:
            entries[name] = Entry(place=node.place, node=node)
    place = row.cell("source").place
    sources: list[Node] = [Scalar(place=place, value=one, written=one) for one in _sources(row)]
    if sources:
        entries["source"] = Entry(place=place, node=Items(place=place, items=sources))
    note = row.cell("note")
    if note.text:
        entries["note"] = Entry(
            place=note.place, node=Scalar(place=note.place, value=note.text, written=note.text)
        )
    origin = None if there is None else base.origins.get(".".join(there.steps))
    if origin is not None and origin.apart and {"low", "high"} <= entries.keys():
        apart = Scalar(place=row.place, value=True, written="true")
        entries["apart"] = Entry(place=row.place, node=apart)
    return value if len(entries) == 1 else Block(place=value.place, entries=entries)


def _warn_of_source(row: Row, value: Node, there: TypedValue, base: Base, faults: FaultList) -> None:
    """Warn of a value that was changed while its source was not."""
    origin = base.origins.get(".".join(there.steps))
    sources = _sources(row)
    if origin is None or not sources or sources == ("assumption",) or sources != origin.source:
        return
    if not _is_same(value, there):
        cell = row.cell("source")
        faults.add(cell.place, there.steps, shown(cell.text), _OLD_SOURCE, warning=True)


def _with_list(tree: Block, steps: tuple[str, ...], base: Base, faults: FaultList) -> Block:
    """Return a tree that holds the list to which a value belongs, also one that is a default."""
    for end, held in _lists(base.resolved(), steps):
        if not _holds_list(tree, steps[:end]):
            place = Place("set", 0, 0)
            tree = laid_over(tree, steps[:end], from_python(held, place), place, faults)
    return tree


def _lists(value: Any, steps: tuple[str, ...]) -> Iterator[tuple[int, list[Any]]]:
    for end, step in enumerate(steps):
        if isinstance(value, list):
            yield end, value
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None


def _holds_list(tree: Block, steps: Key) -> bool:
    node: Node | None = tree
    for step in steps:
        if isinstance(node, Items):
            node = node.items[int(step)] if int(step) < len(node.items) else None
        else:
            entry = node.entries.get(str(step)) if isinstance(node, Block) else None
            node = entry.node if entry else None
    return isinstance(node, Items)
